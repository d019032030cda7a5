/* Softmax as a building block; not installed. */
#ifndef STREAM_IMPORT_ONNX_SOFTMAX_H
#define STREAM_IMPORT_ONNX_SOFTMAX_H

#include "onnx_import.h"

/* exp(x - max) / sum exp(x - max), or its logarithm, over the dims in `mask`; the type of x.
 * suffix: of the last layer, as in stream_onnx_g_end. */
onnx_value *stream_onnx_softmax_emit(onnx_ctx *c, onnx_value *x, const bool *mask, bool logarithmic,
                                     const char *suffix);

#endif
