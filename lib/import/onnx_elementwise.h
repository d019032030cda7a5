/* Elementwise building blocks; not installed. */
#ifndef STREAM_IMPORT_ONNX_ELEMENTWISE_H
#define STREAM_IMPORT_ONNX_ELEMENTWISE_H

#include "onnx_import.h"

/* numpy's broadcast shape of the present inputs first..last; refuses empty results. */
stream_status stream_onnx_broadcast_shape(onnx_ctx *c, int32_t first, int32_t last, int32_t *rank,
                                          int64_t *dims);
/* "pp...p", in the arena. */
const char *stream_onnx_parallel(onnx_ctx *c, int32_t rank);

#endif
