/* Quantisation: a step of a body, and its parameters; not installed. */
#ifndef STREAM_IMPORT_ONNX_QUANTIZE_H
#define STREAM_IMPORT_ONNX_QUANTIZE_H

#include "onnx_import.h"

/* saturate(round_half_even(v) + zero), v an f32 scalar, zero one of `type`. */
onnx_scalar stream_onnx_s_quantize(onnx_ctx *c, onnx_scalar v, onnx_scalar zero, onnx_type type);
/* Inputs `scale` and `zero`, where present (-1: none), are scalars or vectors of n. */
stream_status stream_onnx_want_parameters(onnx_ctx *c, int32_t scale, int32_t zero, int64_t n);

#endif
