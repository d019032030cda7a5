#ifndef STREAM_IMPORT_ONNX_H
#define STREAM_IMPORT_ONNX_H

#include "stream/support/arena.h"
#include "stream/support/diag.h"
#include "stream/support/text.h"

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Translates an ONNX model into MLIR text: one module with `func.func @main` over static-shape
 * tensors, in upstream linalg, tensor, arith and math, that computes what the ONNX standard says.
 *
 *   arguments  graph inputs without initializer, in order; then every initializer that carries no
 *              data (none stored, or its external file does not exist: that is a warning)
 *   results    the graph outputs, in order
 *   attributes `stream.name` on arguments and results (ONNX value name); `stream.layer` (unique)
 *              and `stream.operator` (ONNX op type) on every op that computes
 *   types      signed and unsigned integers of a width share the signless MLIR type; the ops carry
 *              the signedness. f16 and bf16 contractions and sums accumulate in f32
 *
 * Opsets 1 to 24 of the default domain, as far as their operators are supported. The same bytes
 * give the same text. `mlir-opt` needs
 * --allow-unregistered-dialect for the attributes unless the stream dialect is loaded.
 *
 * path   where the model comes from: messages, and the directory of external data. NULL: messages
 *        have no file, and external data counts as absent
 * bytes  [n_bytes], borrowed
 * arena  scratch; what is left in it is not needed after the call
 * out_mlir  appended to on success, untouched on failure; the caller frees it
 * errs   INVALID: malformed or inconsistent model; UNSUPPORTED: operator, type, opset or dynamic
 *        shape outside the importer; IO: external data cannot be read */
STREAM_NODISCARD
stream_status stream_onnx_import(const char *path, const void *bytes, size_t n_bytes,
                                 stream_arena *arena, const stream_diag *diag,
                                 stream_text *out_mlir);

#ifdef __cplusplus
}
#endif

#endif
