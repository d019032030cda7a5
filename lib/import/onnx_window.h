/* Sliding windows over the spatial dims, and the convolution built on them; not installed. */
#ifndef STREAM_IMPORT_ONNX_WINDOW_H
#define STREAM_IMPORT_ONNX_WINDOW_H

#include "onnx_import.h"

/* Per spatial dim d in [0, n):
 *   out[d] = (in[d] + low[d] + high[d] - reach[d]) / stride[d] + 1,  rounded as asked
 *   reach[d] = (kernel[d] - 1) * dilation[d] + 1
 * `high` is what the standard calls the end padding; windows that ceil_mode lets run past it read
 * `over[d]` more elements. */
typedef struct {
    int32_t n;
    int64_t in[STREAM_MAX_RANK], kernel[STREAM_MAX_RANK], stride[STREAM_MAX_RANK];
    int64_t dilation[STREAM_MAX_RANK], low[STREAM_MAX_RANK], high[STREAM_MAX_RANK];
    int64_t over[STREAM_MAX_RANK], out[STREAM_MAX_RANK];
} onnx_window;

/* Reads kernel_shape, strides, dilations, pads, auto_pad and (pooling only) ceil_mode of the node.
 * kernel: the spatial dims of the weights, or NULL for pooling. */
stream_status stream_onnx_window(onnx_ctx *c, int32_t n, const int64_t *in, const int64_t *kernel,
                                 onnx_window *out);
/* The spatial lists alone, checked: `what` has n values, each at least `least`. */
stream_status stream_onnx_spatial(onnx_ctx *c, const char *what, int32_t n, int64_t least,
                                  int64_t fallback, int64_t *out);
/* x [batch, channel, in...] with its borders (over included) set to `value`. */
onnx_value *stream_onnx_window_pad(onnx_ctx *c, const onnx_window *w, onnx_value *x, double value);
/* strides and dilations as attributes of a named op. */
void stream_onnx_print_window(stream_text *text, const onnx_window *w);
/* "d2 * 2 + d5 * 3" for loops `first_out`, `first_kernel`, appended for each dim to `text`. */
void stream_onnx_print_window_map(stream_text *text, const onnx_window *w, int32_t first_out,
                                  int32_t first_kernel);

/* y[n, m, o] = bias[m] + sum_{c, k} (x[n, c, o * s + k * d] - zx) * (w[m, c, k] - zw[m])
 *
 * x   [N, C, in...]; w [M, C / group, kernel...]; bias [M] or NULL
 * zx  scalar or NULL; zw scalar, [M] or NULL; both of the type of their tensor
 * acc the element type of y */
typedef struct {
    onnx_value *x, *w, *bias, *zx, *zw;
    int64_t group;
    onnx_type acc;
    onnx_window window;
} onnx_convolution;

/* Reads attributes and checks shapes of inputs x, w, bias (index, -1: none) of the node. */
stream_status stream_onnx_conv_read(onnx_ctx *c, int32_t x, int32_t w, int32_t bias,
                                    onnx_convolution *out);
onnx_value *stream_onnx_conv_emit(onnx_ctx *c, const onnx_convolution *conv);

#endif
