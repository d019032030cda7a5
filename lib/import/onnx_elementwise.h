/* Elementwise building blocks; not installed. */
#ifndef STREAM_IMPORT_ONNX_ELEMENTWISE_H
#define STREAM_IMPORT_ONNX_ELEMENTWISE_H

#include "onnx_import.h"

/* numpy's broadcast shape of the present inputs first..last; refuses empty results. */
stream_status stream_onnx_broadcast_shape(onnx_ctx *c, int32_t first, int32_t last, int32_t *rank,
                                          int64_t *dims);
/* The type that half precision is computed in, f32, rounded once at the end; others as they are. */
onnx_type stream_onnx_computing(onnx_type type);
/* Refuses an input 0 without elements. */
stream_status stream_onnx_want_elements(onnx_ctx *c);
/* An elementwise generic: begins it with x as its first input; then the output, a new tensor. */
onnx_scalar stream_onnx_map_in(onnx_ctx *c, onnx_value *x);
void stream_onnx_map_out(onnx_ctx *c, onnx_type type, int32_t rank, const int64_t *dims);
/* Both, for operators of one input; the caller ends the generic. */
onnx_scalar stream_onnx_map_begin(onnx_ctx *c, onnx_value *x, onnx_type result);
/* "pp...p", in the arena. */
const char *stream_onnx_parallel(onnx_ctx *c, int32_t rank);

#endif
