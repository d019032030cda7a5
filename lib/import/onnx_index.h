/* Index arithmetic in the body of the open generic; not installed. */
#ifndef STREAM_IMPORT_ONNX_INDEX_H
#define STREAM_IMPORT_ONNX_INDEX_H

#include "onnx_import.h"

/* The counter of `loop`, and an integer scalar, as an index for stream_onnx_s_extract. */
onnx_scalar stream_onnx_s_loop(onnx_ctx *c, int32_t loop);
onnx_scalar stream_onnx_s_to_index(onnx_ctx *c, onnx_scalar v);
/* i < 0 ? i + dim : i */
onnx_scalar stream_onnx_s_from_end(onnx_ctx *c, onnx_scalar i, int64_t dim);
/* "d0, d1, d4" of the first n loops with loop `at` replaced by `by` (a loop, or any map result). */
const char *stream_onnx_replaced_map(onnx_ctx *c, int32_t n, int32_t at, const char *by);
/* v[rows..., index] along `axis`, shapes as in Gather; `negative`: indices may count from the end.
 * suffix as in stream_onnx_g_end. */
onnx_value *stream_onnx_gather_emit(onnx_ctx *c, onnx_value *v, int32_t axis, onnx_value *index,
                                    bool negative, const char *suffix);
/* Input i is a vector or tensor of INT32 or INT64. */
stream_status stream_onnx_want_indices(onnx_ctx *c, int32_t i);

#endif
