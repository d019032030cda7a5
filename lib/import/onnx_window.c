/* Window geometry; see onnx_window.h. */

#include "onnx_window.h"

#include "stream/support/integer.h"

#include <string.h>

stream_status stream_onnx_spatial(onnx_ctx *c, const char *what, int32_t n, int64_t least,
                                  int64_t fallback, int64_t *out) {
    const int64_t *list = NULL;
    int32_t n_list = -1;
    STREAM_TRY(stream_onnx_ints(c, what, &list, &n_list));
    if (n_list >= 0 && n_list != n)
        return stream_onnx_error(c, STREAM_INVALID, "'%s' has %d values, expected %d", what, n_list,
                                 n);
    for (int32_t i = 0; i < n; ++i) {
        out[i] = n_list < 0 ? fallback : list[i];
        if (out[i] < least || out[i] > INT32_MAX)
            return stream_onnx_error(c, STREAM_INVALID, "'%s' has the value %lld", what,
                                     (long long)out[i]);
    }
    return STREAM_OK;
}

static int64_t reach(const onnx_window *w, int32_t d) {
    return (w->kernel[d] - 1) * w->dilation[d] + 1;
}

/* The last window must start inside the input or its begin padding. */
static void explicit_size(onnx_window *w, int32_t d, bool ceil_mode) {
    int64_t room = w->in[d] + w->low[d] + w->high[d] - reach(w, d), s = w->stride[d];
    if (room < 0) {
        w->out[d] = 0;
        return;
    }
    w->out[d] = (ceil_mode ? stream_ceil_div(room, s) : room / s) + 1;
    if (ceil_mode && (w->out[d] - 1) * s >= w->in[d] + w->low[d])
        --w->out[d];
    w->over[d] = stream_max_i64(0, (w->out[d] - 1) * s - room);
}

/* SAME_*: ceil(in / stride) outputs, the odd element of padding at the end (UPPER) or begin. */
static void same_size(onnx_window *w, int32_t d, bool upper) {
    w->out[d] = stream_ceil_div(w->in[d], w->stride[d]);
    int64_t total = (w->out[d] - 1) * w->stride[d] + reach(w, d) - w->in[d];
    total = stream_max_i64(0, total);
    w->low[d] = upper ? total / 2 : total - total / 2;
    w->high[d] = total - w->low[d];
}

static stream_status sizes(onnx_ctx *c, const char *auto_pad, bool ceil_mode, onnx_window *w) {
    bool same = !strncmp(auto_pad, "SAME_", 5), valid = !strcmp(auto_pad, "VALID");
    if (!valid && strcmp(auto_pad, "NOTSET") != 0 && strcmp(auto_pad, "SAME_UPPER") != 0 &&
        strcmp(auto_pad, "SAME_LOWER") != 0)
        return stream_onnx_error(c, STREAM_INVALID, "auto_pad is '%.40s'", auto_pad);
    for (int32_t d = 0; d < w->n; ++d) {
        if (valid)
            w->low[d] = w->high[d] = 0;
        if (same)
            same_size(w, d, !strcmp(auto_pad, "SAME_UPPER"));
        else
            explicit_size(w, d, ceil_mode && !valid);
        if (w->out[d] <= 0)
            return stream_onnx_error(c, STREAM_INVALID,
                                     "a window of %lld does not fit into dimension %d: %lld with "
                                     "padding %lld and %lld",
                                     (long long)reach(w, d), d + 2, (long long)w->in[d],
                                     (long long)w->low[d], (long long)w->high[d]);
        if (w->in[d] + w->low[d] + w->high[d] + w->over[d] > INT32_MAX)
            return stream_onnx_error(c, STREAM_INVALID, "padding of %lld and %lld is too large",
                                     (long long)w->low[d], (long long)(w->high[d] + w->over[d]));
    }
    if (stream_onnx_count(w->n, w->kernel) < 0)
        return stream_onnx_error(c, STREAM_INVALID, "the kernel has more than 2^40 elements");
    return STREAM_OK;
}

static stream_status read_kernel(onnx_ctx *c, const int64_t *kernel, onnx_window *w) {
    if (!kernel && !stream_onnx_attribute(c, "kernel_shape"))
        return stream_onnx_error(c, STREAM_INVALID, "attribute 'kernel_shape' is missing");
    STREAM_TRY(stream_onnx_spatial(c, "kernel_shape", w->n, 1, 1, w->kernel));
    if (!kernel)
        return STREAM_OK;
    bool given = stream_onnx_attribute(c, "kernel_shape") != NULL;
    for (int32_t d = 0; d < w->n; ++d) {
        if (given && w->kernel[d] != kernel[d])
            return stream_onnx_error(c, STREAM_INVALID,
                                     "kernel_shape has %lld where the weights have %lld",
                                     (long long)w->kernel[d], (long long)kernel[d]);
        w->kernel[d] = kernel[d];
    }
    return STREAM_OK;
}

stream_status stream_onnx_window(onnx_ctx *c, int32_t n, const int64_t *in, const int64_t *kernel,
                                 onnx_window *out) {
    *out = (onnx_window){.n = n};
    const char *auto_pad = NULL;
    bool ceil_mode = false;
    int64_t pads[2 * STREAM_MAX_RANK];
    memcpy(out->in, in, (size_t)n * sizeof *in);
    STREAM_TRY(read_kernel(c, kernel, out));
    STREAM_TRY(stream_onnx_spatial(c, "strides", n, 1, 1, out->stride));
    STREAM_TRY(stream_onnx_spatial(c, "dilations", n, 1, 1, out->dilation));
    STREAM_TRY(stream_onnx_spatial(c, "pads", 2 * n, 0, 0, pads));
    STREAM_TRY(stream_onnx_string(c, "auto_pad", "NOTSET", &auto_pad));
    if (!kernel)
        STREAM_TRY(stream_onnx_flag(c, "ceil_mode", false, &ceil_mode));
    memcpy(out->low, pads, (size_t)n * sizeof *pads);
    memcpy(out->high, pads + n, (size_t)n * sizeof *pads);
    return sizes(c, auto_pad, ceil_mode, out);
}

onnx_value *stream_onnx_window_pad(onnx_ctx *c, const onnx_window *w, onnx_value *x, double value) {
    int64_t low[STREAM_MAX_RANK] = {0}, high[STREAM_MAX_RANK] = {0};
    for (int32_t d = 0; d < w->n; ++d) {
        low[d + 2] = w->low[d];
        high[d + 2] = w->high[d] + w->over[d];
    }
    return stream_onnx_pad(c, x, low, high, value);
}

void stream_onnx_print_window(stream_text *text, const onnx_window *w) {
    stream_text_str(text, "dilations = dense<");
    stream_onnx_print_list(text, w->n, w->dilation);
    stream_text_print(text, "> : tensor<%dxi64>, strides = dense<", w->n);
    stream_onnx_print_list(text, w->n, w->stride);
    stream_text_print(text, "> : tensor<%dxi64>", w->n);
}

static void print_term(stream_text *text, int32_t loop, int64_t factor) {
    stream_text_print(text, "d%d", loop);
    if (factor != 1)
        stream_text_print(text, " * %lld", (long long)factor);
}

void stream_onnx_print_window_map(stream_text *text, const onnx_window *w, int32_t first_out,
                                  int32_t first_kernel) {
    for (int32_t d = 0; d < w->n; ++d) {
        stream_text_str(text, ", ");
        print_term(text, first_out + d, w->stride[d]);
        stream_text_str(text, " + ");
        print_term(text, first_kernel + d, w->dilation[d]);
    }
}
