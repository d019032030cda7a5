/* BatchNormalization, LRN and LpNormalization. */

#include "onnx_elementwise.h"
#include "onnx_reduce.h"

#include <math.h>
#include <string.h>

enum {
    MAX_FOLDED_CHANNELS = 1 << 20
};

/* y = x * a[channel] + b[channel], a = scale / sqrt(var + eps), b = bias - mean * a, in double. */
static void fold_channels(onnx_ctx *c, double epsilon, onnx_type acc, onnx_value **a,
                          onnx_value **b) {
    bool splat = true;
    int64_t n = c->in[1]->dims[0];
    for (int32_t i = 1; i <= 4; ++i)
        splat &= stream_onnx_is_scalar(c->in[i]);
    size_t bytes = stream_onnx_bytes(acc), count = splat ? 1 : (size_t)n;
    uint8_t *as = stream_arena_alloc(c->arena, count, bytes);
    uint8_t *bs = stream_arena_alloc(c->arena, count, bytes);
    for (size_t i = 0; i < count; ++i) {
        int64_t at = (int64_t)i;
        double factor =
            stream_onnx_get(c->in[1], at) / sqrt(stream_onnx_get(c->in[4], at) + epsilon);
        stream_onnx_store(acc, as + i * bytes, factor);
        stream_onnx_store(acc, bs + i * bytes,
                          stream_onnx_get(c->in[2], at) - stream_onnx_get(c->in[3], at) * factor);
    }
    *a = stream_onnx_constant_new(c, acc, 1, &n, as, splat);
    *b = stream_onnx_constant_new(c, acc, 1, &n, bs, splat);
}

static onnx_value *channel_affine(onnx_ctx *c, double epsilon, onnx_type acc) {
    onnx_value *x = c->in[0], *a = NULL, *b = NULL;
    const char *map = stream_onnx_dims_map(c, x->rank, NULL);
    fold_channels(c, epsilon, acc, &a, &b);
    onnx_value *empty = stream_onnx_empty(c, x->type, x->rank, x->dims);
    stream_onnx_g_begin(c, stream_onnx_parallel(c, x->rank));
    onnx_scalar v = stream_onnx_g_in(c, x, map);
    onnx_scalar sa = stream_onnx_g_in_along(c, a, 1);
    onnx_scalar sb = stream_onnx_g_in_along(c, b, 1);
    stream_onnx_g_out(c, empty, map);
    v = stream_onnx_s_arith(c, '*', stream_onnx_s_cast(c, v, acc), sa);
    v = stream_onnx_s_arith(c, '+', v, sb);
    return stream_onnx_g_end(c, stream_onnx_s_cast(c, v, x->type), "");
}

/* (x - mean) / sqrt(var + eps) * scale + bias with all four at run time. */
static onnx_value *channel_general(onnx_ctx *c, double epsilon, onnx_type acc) {
    onnx_value *x = c->in[0];
    const char *map = stream_onnx_dims_map(c, x->rank, NULL);
    onnx_scalar s[5];
    onnx_value *empty = stream_onnx_empty(c, x->type, x->rank, x->dims);
    stream_onnx_g_begin(c, stream_onnx_parallel(c, x->rank));
    s[0] = stream_onnx_g_in(c, x, map);
    for (int32_t i = 1; i <= 4; ++i)
        s[i] = stream_onnx_g_in_along(c, c->in[i], 1);
    stream_onnx_g_out(c, empty, map);
    for (int32_t i = 0; i <= 4; ++i)
        s[i] = stream_onnx_s_cast(c, s[i], acc);
    onnx_scalar spread = stream_onnx_s_arith(c, '+', s[4], stream_onnx_s_number(c, acc, epsilon));
    spread = stream_onnx_s_op1(c, "math.sqrt", spread);
    onnx_scalar y = stream_onnx_s_arith(c, '/', stream_onnx_s_arith(c, '-', s[0], s[3]), spread);
    y = stream_onnx_s_arith(c, '+', stream_onnx_s_arith(c, '*', y, s[1]), s[2]);
    return stream_onnx_g_end(c, stream_onnx_s_cast(c, y, x->type), "");
}

static stream_status batch_normalization(onnx_ctx *c) {
    double epsilon = 0;
    bool training = false, spatial = true, constant = true;
    const onnx_value *x = c->in[0];
    STREAM_TRY(stream_onnx_float(c, "epsilon", 1e-5f, &epsilon));
    STREAM_TRY(stream_onnx_flag(c, "training_mode", false, &training));
    if (c->opset < 9)
        STREAM_TRY(stream_onnx_flag(c, "spatial", true, &spatial));
    stream_onnx_ignore(c, "momentum");
    if (training || !spatial)
        return stream_onnx_error(c, STREAM_UNSUPPORTED, "%s is not supported",
                                 training ? "training_mode = 1" : "spatial = 0");
    if (x->rank < 2)
        return stream_onnx_error(c, STREAM_INVALID, "the input has rank %d, expected 2 or more",
                                 x->rank);
    for (int32_t i = 1; i <= 4; ++i) {
        STREAM_TRY(stream_onnx_want_vector(c, i, x->dims[1]));
        if (!stream_onnx_is_float(c->in[i]->type))
            return stream_onnx_error(c, STREAM_INVALID, "input %d is not floating-point", i);
        constant &= c->in[i]->blob != NULL;
    }
    onnx_type acc = stream_onnx_accumulator(x->type);
    c->out[0] = constant && x->dims[1] <= MAX_FOLDED_CHANNELS ? channel_affine(c, epsilon, acc)
                                                              : channel_general(c, epsilon, acc);
    return STREAM_OK;
}

static onnx_scalar times(onnx_ctx *c, onnx_scalar v, double factor) {
    return stream_onnx_s_arith(c, '*', v, stream_onnx_s_number(c, v.type, factor));
}

/* x / norm along the axis; 0 / 0 is NaN, as recorded by the tests of the standard. */
static stream_status lp_normalization(onnx_ctx *c) {
    bool mask[STREAM_MAX_RANK] = {false};
    onnx_value *x = c->in[0];
    int64_t given = 0, p = 0;
    int32_t axis = 0;
    onnx_type acc = stream_onnx_accumulator(x->type);
    STREAM_TRY(stream_onnx_int(c, "axis", -1, &given));
    STREAM_TRY(stream_onnx_int(c, "p", 2, &p));
    STREAM_TRY(stream_onnx_axis(c, given, x->rank, &axis));
    STREAM_TRY(stream_onnx_want_elements(c));
    if (p != 1 && p != 2)
        return stream_onnx_error(c, STREAM_INVALID, "p is %lld, not 1 or 2", (long long)p);
    mask[axis] = true;
    onnx_reduction r = {.x = x, .factor = 1, .mask = mask, .op = '+', .acc = acc};
    r.before = p == 1 ? ONNX_ABSOLUTE : ONNX_SQUARE;
    onnx_value *sum = stream_onnx_reduce_emit(c, &r, ".norm");
    onnx_scalar v = stream_onnx_map_in(c, x);
    onnx_scalar norm = stream_onnx_g_in(c, sum, stream_onnx_kept_map(c, x->rank, mask));
    stream_onnx_map_out(c, x->type, x->rank, x->dims);
    if (p == 2)
        norm = stream_onnx_s_op1(c, "math.sqrt", norm);
    v = stream_onnx_s_arith(c, '/', stream_onnx_s_cast(c, v, acc), norm);
    c->out[0] = stream_onnx_g_end(c, stream_onnx_s_cast(c, v, x->type), "");
    return STREAM_OK;
}

/* sum over the channel window of x^2: loops n, c, rest..., k. */
static onnx_value *square_window(onnx_ctx *c, int64_t size, onnx_type acc) {
    onnx_value *x = c->in[0];
    int64_t low[STREAM_MAX_RANK] = {0, (size - 1) / 2}, high[STREAM_MAX_RANK] = {0, size / 2};
    char kinds[STREAM_MAX_RANK + 2] = {0};
    stream_text map = {0};
    memset(kinds, 'p', (size_t)x->rank);
    kinds[x->rank] = 'r';
    onnx_value *padded = stream_onnx_pad(c, x, low, high, 0);
    onnx_value *window = stream_onnx_empty(c, x->type, 1, &size);
    onnx_value *init = stream_onnx_fill(c, acc, 0, x->rank, x->dims);
    stream_onnx_g_begin(c, kinds);
    stream_text_print(&map, "d0, d1 + d%d", x->rank);
    for (int32_t d = 2; d < x->rank; ++d)
        stream_text_print(&map, ", d%d", d);
    onnx_scalar v = stream_onnx_g_in(c, padded, map.data);
    stream_text_clear(&map);
    stream_text_print(&map, "d%d", x->rank);
    stream_onnx_g_in(c, window, map.data);
    stream_text_free(&map);
    onnx_scalar out = stream_onnx_g_out(c, init, stream_onnx_dims_map(c, x->rank, NULL));
    v = stream_onnx_s_cast(c, v, acc);
    v = stream_onnx_s_arith(c, '+', out, stream_onnx_s_arith(c, '*', v, v));
    return stream_onnx_g_end(c, v, ".square_sum");
}

/* y = x / (bias + alpha / size * square_sum) ^ beta */
static stream_status lrn(onnx_ctx *c) {
    onnx_value *x = c->in[0];
    double alpha = 0, beta = 0, bias = 0;
    int64_t size = 0;
    STREAM_TRY(stream_onnx_float(c, "alpha", 1e-4f, &alpha));
    STREAM_TRY(stream_onnx_float(c, "beta", 0.75, &beta));
    STREAM_TRY(stream_onnx_float(c, "bias", 1, &bias));
    STREAM_TRY(stream_onnx_int(c, "size", 0, &size));
    if (size < 1 || size > 1 << 20 || x->rank < 2)
        return stream_onnx_error(c, STREAM_INVALID, "size %lld, rank %d", (long long)size, x->rank);
    onnx_type acc = stream_onnx_accumulator(x->type);
    onnx_value *sum = square_window(c, size, acc);
    const char *map = stream_onnx_dims_map(c, x->rank, NULL);
    onnx_value *empty = stream_onnx_empty(c, x->type, x->rank, x->dims);
    stream_onnx_g_begin(c, stream_onnx_parallel(c, x->rank));
    onnx_scalar v = stream_onnx_g_in(c, x, map), s = stream_onnx_g_in(c, sum, map);
    stream_onnx_g_out(c, empty, map);
    s = stream_onnx_s_arith(c, '+', times(c, s, alpha / (double)size),
                            stream_onnx_s_number(c, acc, bias));
    s = stream_onnx_s_op2(c, "math.powf", s, stream_onnx_s_number(c, acc, beta));
    v = stream_onnx_s_arith(c, '/', stream_onnx_s_cast(c, v, acc), s);
    c->out[0] = stream_onnx_g_end(c, stream_onnx_s_cast(c, v, x->type), "");
    return STREAM_OK;
}

static const onnx_row rows[] = {
    {"BatchNormalization", NULL, 7, 5, 5, ONNX_FLOATING, batch_normalization},
    {"LRN", NULL, 1, 1, 1, ONNX_FLOATING, lrn},
    {"LpNormalization", NULL, 1, 1, 1, ONNX_FLOATING, lp_normalization},
};

ONNX_FAMILY(stream_onnx_batch_norm, rows);
