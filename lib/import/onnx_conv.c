/* Conv and ConvInteger; the convolution itself is shared with QLinearConv (onnx_window.h). */

#include "onnx_contract.h"
#include "onnx_window.h"

#include <string.h>

static stream_status check_channels(onnx_ctx *c, const onnx_convolution *conv) {
    const onnx_value *x = conv->x, *w = conv->w;
    int64_t g = conv->group;
    if (g < 1 || x->dims[1] % g || w->dims[0] % g)
        return stream_onnx_error(c, STREAM_INVALID,
                                 "%lld input and %lld output channels cannot form %lld groups",
                                 (long long)x->dims[1], (long long)w->dims[0], (long long)g);
    if (w->dims[1] != x->dims[1] / g)
        return stream_onnx_error(c, STREAM_INVALID,
                                 "weights for %lld channels per group, the input has %lld",
                                 (long long)w->dims[1], (long long)(x->dims[1] / g));
    return STREAM_OK;
}

stream_status stream_onnx_conv_read(onnx_ctx *c, int32_t x, int32_t w, int32_t bias,
                                    onnx_convolution *out) {
    *out = (onnx_convolution){.x = c->in[x], .w = c->in[w], .bias = stream_onnx_input(c, bias)};
    if (out->x->rank < 3)
        return stream_onnx_error(c, STREAM_INVALID, "the input has rank %d, expected 3 or more",
                                 out->x->rank);
    if (2 * out->x->rank + 1 > 2 * STREAM_MAX_RANK || stream_onnx_elements(out->w) == 0)
        return stream_onnx_error(c, STREAM_UNSUPPORTED, "rank %d, or weights without elements",
                                 out->x->rank);
    STREAM_TRY(stream_onnx_want_rank(c, w, out->x->rank));
    STREAM_TRY(stream_onnx_int(c, "group", 1, &out->group));
    STREAM_TRY(check_channels(c, out));
    if (out->bias)
        STREAM_TRY(stream_onnx_want_vector(c, bias, out->w->dims[0]));
    return stream_onnx_window(c, out->x->rank - 2, out->x->dims + 2, out->w->dims + 2,
                              &out->window);
}

/* [a, b, rest...] -> [a, group, b / group, rest...] if at == 1; at == 0 splits the first dim. */
static onnx_value *split_groups(onnx_ctx *c, onnx_value *v, int64_t group, int32_t at) {
    int64_t dims[STREAM_MAX_RANK + 1];
    for (int32_t d = 0, to = 0; d < v->rank; ++d) {
        if (d == at)
            dims[to++] = group;
        dims[to++] = d == at ? v->dims[d] / group : v->dims[d];
    }
    return stream_onnx_reshape_to(c, v, v->rank + 1, dims);
}

/* Shape of the accumulator: [N, M, out...] or, grouped, [N, G, M / G, out...]. */
static int32_t result_shape(const onnx_convolution *conv, bool grouped, int64_t *dims) {
    int32_t n = 0;
    dims[n++] = conv->x->dims[0];
    if (grouped)
        dims[n++] = conv->group;
    dims[n++] = conv->w->dims[0] / (grouped ? conv->group : 1);
    for (int32_t d = 0; d < conv->window.n; ++d)
        dims[n++] = conv->window.out[d];
    return n;
}

/* Bias in every position, or zero. */
static onnx_value *initial(onnx_ctx *c, const onnx_convolution *conv, bool grouped) {
    int64_t dims[STREAM_MAX_RANK + 1];
    bool kept[STREAM_MAX_RANK + 1] = {false, true, grouped};
    int32_t rank = result_shape(conv, grouped, dims);
    if (!conv->bias)
        return stream_onnx_fill(c, conv->acc, 0, rank, dims);
    if (stream_onnx_is_scalar(conv->bias))
        return stream_onnx_fill(c, conv->acc, stream_onnx_get(conv->bias, 0), rank, dims);
    onnx_value *bias = grouped ? split_groups(c, conv->bias, conv->group, 0) : conv->bias;
    return stream_onnx_broadcast(c, bias, conv->acc, rank, dims, kept);
}

static onnx_value *named(onnx_ctx *c, const onnx_convolution *conv, const char *op, onnx_value *x,
                         onnx_value *w, onnx_value *init) {
    const char *xs = stream_onnx_ssa(c, x), *ws = stream_onnx_ssa(c, w);
    onnx_value *y = stream_onnx_result(c, conv->acc, init->rank, init->dims);
    stream_text_print(&c->body, "    %s = linalg.%s {", y->ssa, op);
    stream_onnx_print_window(&c->body, &conv->window);
    stream_text_str(&c->body, ", ");
    stream_onnx_print_layer(c, &c->body, "");
    stream_text_print(&c->body, "} ins(%s, %s : ", xs, ws);
    stream_onnx_print_type(&c->body, x);
    stream_text_str(&c->body, ", ");
    stream_onnx_print_type(&c->body, w);
    stream_text_print(&c->body, ") outs(%s : ", init->ssa);
    stream_onnx_print_type(&c->body, init);
    stream_text_str(&c->body, ") -> ");
    stream_onnx_print_type(&c->body, y);
    stream_onnx_print_loc(c, &c->body);
    return y;
}

/* Loops of the general form: n, [g], m, out..., c, kernel...; n_parallel counts up to out. */
typedef struct {
    bool grouped;
    int32_t m, out, c, kernel; /* first loop of each */
    char kinds[2 * STREAM_MAX_RANK + 2];
} loops;

static loops general_loops(const onnx_convolution *conv, bool grouped) {
    loops l = {.grouped = grouped, .m = 1 + grouped};
    l.out = l.m + 1;
    l.c = l.out + conv->window.n;
    l.kernel = l.c + 1;
    memset(l.kinds, 'p', (size_t)l.c);
    memset(l.kinds + l.c, 'r', (size_t)conv->window.n + 1);
    return l;
}

static onnx_scalar minus_zero_point(onnx_ctx *c, onnx_scalar v, onnx_scalar zero, bool has_zero,
                                    onnx_type acc) {
    v = stream_onnx_s_cast(c, v, acc);
    return has_zero ? stream_onnx_s_arith(c, '-', v, stream_onnx_s_cast(c, zero, acc)) : v;
}

/* A zero point as an operand: scalar, or one per output channel m. */
static onnx_scalar zero_point(onnx_ctx *c, const onnx_convolution *conv, const loops *l,
                              onnx_value *z) {
    if (!z)
        return (onnx_scalar){0};
    if (stream_onnx_is_scalar(z))
        return stream_onnx_s_constant(c, z);
    if (stream_onnx_elements(z) == 1)
        return stream_onnx_g_in(c, stream_onnx_reshape_to(c, z, 0, NULL), "");
    if (l->grouped)
        return stream_onnx_g_in(c, split_groups(c, z, conv->group, 0), "d1, d2");
    return stream_onnx_g_in(c, z, "d1");
}

static onnx_value *general(onnx_ctx *c, const onnx_convolution *conv, onnx_value *x, onnx_value *w,
                           onnx_value *init) {
    loops l = general_loops(conv, conv->group > 1);
    stream_text map = {0};
    stream_onnx_g_begin(c, l.kinds);
    stream_text_print(&map, "d0%s, d%d", l.grouped ? ", d1" : "", l.c);
    stream_onnx_print_window_map(&map, &conv->window, l.out, l.kernel);
    onnx_scalar a = stream_onnx_g_in(c, x, map.data);
    stream_text_clear(&map);
    stream_text_print(&map, "%sd%d, d%d", l.grouped ? "d1, " : "", l.m, l.c);
    for (int32_t d = 0; d < conv->window.n; ++d)
        stream_text_print(&map, ", d%d", l.kernel + d);
    onnx_scalar b = stream_onnx_g_in(c, w, map.data);
    stream_text_free(&map);
    onnx_scalar zx = zero_point(c, conv, &l, conv->zx), zw = zero_point(c, conv, &l, conv->zw);
    onnx_scalar sum = stream_onnx_g_out(c, init, stream_onnx_dims_map(c, l.c, NULL));
    a = minus_zero_point(c, a, zx, conv->zx != NULL, conv->acc);
    b = minus_zero_point(c, b, zw, conv->zw != NULL, conv->acc);
    sum = stream_onnx_s_arith(c, '+', sum, stream_onnx_s_arith(c, '*', a, b));
    return stream_onnx_g_end(c, sum, "");
}

/* Named ops exist for signed or floating operands of one type, without zero points. */
static bool has_named(const onnx_convolution *conv) {
    return conv->x->type == conv->w->type && !stream_onnx_is_unsigned(conv->x->type) && !conv->zx &&
           !conv->zw;
}

static onnx_value *depthwise(onnx_ctx *c, const onnx_convolution *conv, onnx_value *x) {
    const onnx_value *w = conv->w;
    int64_t dims[STREAM_MAX_RANK] = {w->dims[0]};
    for (int32_t d = 2; d < w->rank; ++d)
        dims[d - 1] = w->dims[d];
    onnx_value *init = initial(c, conv, false);
    return named(c, conv, "depthwise_conv_2d_nchw_chw", x,
                 stream_onnx_reshape_to(c, conv->w, w->rank - 1, dims), init);
}

static onnx_value *merge_groups(onnx_ctx *c, const onnx_convolution *conv, onnx_value *y) {
    int64_t dims[STREAM_MAX_RANK + 1];
    int32_t rank = result_shape(conv, false, dims);
    return stream_onnx_reshape_to(c, y, rank, dims);
}

static onnx_value *grouped(onnx_ctx *c, const onnx_convolution *conv, onnx_value *x) {
    x = split_groups(c, x, conv->group, 1);
    onnx_value *w = split_groups(c, conv->w, conv->group, 0), *init = initial(c, conv, true);
    onnx_value *y = has_named(conv) && conv->window.n == 2
                        ? named(c, conv, "conv_2d_ngchw_gfchw", x, w, init)
                        : general(c, conv, x, w, init);
    return merge_groups(c, conv, y);
}

/* The padding reads as the zero point: (x - zx) is 0 there. */
static onnx_value *padded(onnx_ctx *c, const onnx_convolution *conv) {
    double zero = conv->zx && conv->zx->blob ? stream_onnx_get(conv->zx, 0) : 0;
    return stream_onnx_window_pad(c, &conv->window, conv->x, zero);
}

onnx_value *stream_onnx_conv_emit(onnx_ctx *c, const onnx_convolution *conv) {
    static const char *const ops[] = {"conv_1d_ncw_fcw", "conv_2d_nchw_fchw",
                                      "conv_3d_ncdhw_fcdhw"};
    onnx_value *x = padded(c, conv);
    bool each = conv->group > 1 && conv->w->dims[0] == conv->group && conv->w->dims[1] == 1;
    if (each && conv->window.n == 2 && has_named(conv))
        return depthwise(c, conv, x);
    if (conv->group > 1)
        return grouped(c, conv, x);
    onnx_value *init = initial(c, conv, false);
    if (has_named(conv) && conv->window.n <= 3)
        return named(c, conv, ops[conv->window.n - 1], x, conv->w, init);
    return general(c, conv, x, conv->w, init);
}

static stream_status conv(onnx_ctx *c) {
    onnx_convolution conv;
    STREAM_TRY(stream_onnx_same_types(c, 0, 2));
    STREAM_TRY(stream_onnx_conv_read(c, 0, 1, 2, &conv));
    conv.acc = stream_onnx_accumulator(conv.x->type);
    c->out[0] = stream_onnx_narrow(c, stream_onnx_conv_emit(c, &conv), conv.x->type);
    return STREAM_OK;
}

static const onnx_row rows[] = {
    {"Conv", NULL, 1, 2, 3, ONNX_NUMBER, conv},
};

ONNX_FAMILY(stream_onnx_conv, rows);
