/* Moving elements; not installed. */
#ifndef STREAM_IMPORT_ONNX_MOVE_H
#define STREAM_IMPORT_ONNX_MOVE_H

#include "onnx_import.h"

/* Whether a constant may be rearranged here and now: at most 65536 elements in the result. */
bool stream_onnx_foldable(const onnx_value *v, int32_t rank, const int64_t *dims);
/* out[i0, i1, ...] = v_flat[offset + sum_d i_d * stride[d]], a new constant. v foldable. */
onnx_value *stream_onnx_strided(onnx_ctx *c, const onnx_value *v, int32_t rank, const int64_t *dims,
                                int64_t offset, const int64_t *stride);
/* Element strides of v's row-major layout. */
void stream_onnx_strides(const onnx_value *v, int64_t *out);
/* out[.., i, ..] = v[.., index[i], ..] along `axis`; 0 <= index[i] < dims[axis]. */
onnx_value *stream_onnx_take(onnx_ctx *c, onnx_value *v, int32_t axis, const int64_t *index,
                             int64_t n);
/* v broadcast to `dims`, whose shape v broadcasts to. */
onnx_value *stream_onnx_expand_to(onnx_ctx *c, onnx_value *v, int32_t rank, const int64_t *dims);

/* The parts one after the other along `axis`; they agree in type and in the other dims, and are not
 * all empty. */
onnx_value *stream_onnx_concat(onnx_ctx *c, onnx_value *const *parts, int32_t n, int32_t axis);

#endif
