#ifndef STREAM_PASSES_CONVERT_ACCELERATOR_H
#define STREAM_PASSES_CONVERT_ACCELERATOR_H

#include "pass.h"

#include "stream/hardware/accelerator.h"

/* stream.accelerator <-> stream_accelerator. */

/* The accelerator of the module, finished. In the pass's arena.
 * errs  INVALID: none, or more than one, or one that stream_accelerator_finish refuses */
STREAM_NODISCARD
stream_status stream_load_accelerator(stream_pass *pass, MlirOperation module,
                                      const stream_accelerator **out);

/* The same of one op, with an arena and a sink of the caller's. */
STREAM_NODISCARD
stream_status stream_read_accelerator(MlirOperation op, stream_arena *arena,
                                      const stream_diag *diag, stream_accelerator *out);

/* Builds the op, detached. Its names are those of `acc`, which must be identifiers. Null, with a
 * diagnostic of MLIR's, if a text in `unmodelled` is no dictionary attribute. */
MlirOperation stream_build_accelerator(MlirContext context, const stream_accelerator *acc);

/* @core::@memory of an instance, as its owner sees it. */
MlirAttribute stream_instance_symbol(MlirContext context, const stream_accelerator *acc,
                                     int32_t instance);
/* The instance behind @core::@memory (any core that sees it), or -1. */
int32_t stream_instance_by_symbol(const stream_accelerator *acc, MlirAttribute symbol);

#endif
