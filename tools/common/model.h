#ifndef STREAM_TOOLS_MODEL_H
#define STREAM_TOOLS_MODEL_H

#include "stream/support/arena.h"
#include "stream/support/diag.h"
#include "stream/support/text.h"

#include "mlir-c/IR.h"

#include <stdbool.h>

/* A context with the dialects of networks and schedules, whose messages go to standard error. The
 * caller destroys it. */
MlirContext model_context(void);

/* Reads a network: .onnx, .mlir, .mlirbc, or - for MLIR on standard input. The caller destroys the
 * module.
 * errs  IO, INVALID, UNSUPPORTED: reported */
STREAM_NODISCARD
stream_status model_read(MlirContext context, const char *path, stream_arena *arena,
                         const stream_diag *diag, MlirModule *out);

/* MLIR text or bytecode; - is standard input. MLIR says what is wrong in it. */
STREAM_NODISCARD
stream_status model_read_mlir(MlirContext context, const char *path, const stream_diag *diag,
                              MlirModule *out);

/* The same of a text that was read from `path`, standard input or a pipe, already. */
STREAM_NODISCARD
stream_status model_parse_mlir(MlirContext context, const char *path, const stream_text *text,
                               MlirModule *out);

/* True if `path` ends in `suffix` and is longer. */
bool model_has_suffix(const char *path, const char *suffix);

#endif
