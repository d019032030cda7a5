#ifndef STREAM_COMPILE_INPUTS_H
#define STREAM_COMPILE_INPUTS_H

#include "options.h"

#include "stream/support/arena.h"
#include "stream/support/diag.h"

#include "mlir-c/IR.h"

/* Reads the model, the accelerator and the mapping into one module. The caller destroys it.
 * errs  IO, INVALID, UNSUPPORTED: reported */
STREAM_NODISCARD
stream_status inputs_load(const compile_options *options, MlirContext context, stream_arena *arena,
                          const stream_diag *diag, MlirModule *out);

#endif
