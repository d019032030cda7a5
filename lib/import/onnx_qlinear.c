/* ConvInteger, QLinearConv, MatMulInteger, QLinearMatMul, and
 * com.microsoft.QLinearGlobalAveragePool. */

#include "onnx_contract.h"
#include "onnx_elementwise.h"
#include "onnx_quantize.h"
#include "onnx_reduce.h"
#include "onnx_window.h"

#include <string.h>

static stream_status want_byte(onnx_ctx *c, int32_t i) {
    onnx_type type = c->in[i]->type;
    if (type != ONNX_INT8 && type != ONNX_UINT8)
        return stream_onnx_error(c, STREAM_INVALID, "input %d ('%s') is %s, expected INT8 or UINT8",
                                 i, c->in[i]->name, stream_onnx_type_name(type));
    return STREAM_OK;
}

/* A known zero point of 0 drops out. */
static onnx_value *unless_zero(onnx_value *z) {
    return z && stream_onnx_is_scalar(z) && stream_onnx_get_int(z, 0) == 0 ? NULL : z;
}

static stream_status conv_parameters(onnx_ctx *c, int32_t zx, int32_t zw, onnx_convolution *conv) {
    STREAM_TRY(stream_onnx_want_parameters(c, -1, zx, 1));
    STREAM_TRY(stream_onnx_want_parameters(c, -1, zw, conv->w->dims[0]));
    conv->zx = unless_zero(stream_onnx_input(c, zx));
    conv->zw = unless_zero(stream_onnx_input(c, zw));
    conv->acc = ONNX_INT32;
    bool padded = false;
    for (int32_t d = 0; d < conv->window.n; ++d)
        padded |= conv->window.low[d] || conv->window.high[d];
    if (padded && conv->zx && !conv->zx->blob)
        return stream_onnx_error(c, STREAM_UNSUPPORTED,
                                 "padding with the zero point '%s', which "
                                 "is not a constant",
                                 conv->zx->name);
    if ((conv->zx && conv->zx->type != conv->x->type) ||
        (conv->zw && conv->zw->type != conv->w->type))
        return stream_onnx_error(c, STREAM_INVALID, "a zero point differs in type from its tensor");
    return STREAM_OK;
}

static stream_status conv_integer(onnx_ctx *c) {
    onnx_convolution conv;
    STREAM_TRY(want_byte(c, 0));
    STREAM_TRY(want_byte(c, 1));
    STREAM_TRY(stream_onnx_conv_read(c, 0, 1, -1, &conv));
    STREAM_TRY(conv_parameters(c, 2, 3, &conv));
    c->out[0] = stream_onnx_conv_emit(c, &conv);
    return STREAM_OK;
}

/* y = quantize(acc * (s1 * s2 / sy)): inputs s1, s2, sy, zy of the node by index; s1 is along
 * axis1, s2 along axis2 of acc. */
static onnx_value *requantize(onnx_ctx *c, onnx_value *acc, int32_t s1, int32_t axis1, int32_t s2,
                              int32_t axis2, int32_t sy, int32_t zy) {
    onnx_type type = c->in[zy]->type;
    const char *map = stream_onnx_dims_map(c, acc->rank, NULL);
    onnx_value *empty = stream_onnx_empty(c, type, acc->rank, acc->dims);
    stream_onnx_g_begin(c, stream_onnx_parallel(c, acc->rank));
    onnx_scalar v = stream_onnx_g_in(c, acc, map);
    onnx_scalar a = stream_onnx_g_in_along(c, c->in[s1], axis1);
    onnx_scalar b = stream_onnx_g_in_along(c, c->in[s2], axis2);
    onnx_scalar y = stream_onnx_g_in_along(c, c->in[sy], 0);
    onnx_scalar z = stream_onnx_g_in_along(c, c->in[zy], 0);
    stream_onnx_g_out(c, empty, map);
    a = stream_onnx_s_arith(c, '*', stream_onnx_s_cast(c, a, ONNX_FLOAT),
                            stream_onnx_s_cast(c, b, ONNX_FLOAT));
    a = stream_onnx_s_arith(c, '/', a, stream_onnx_s_cast(c, y, ONNX_FLOAT));
    v = stream_onnx_s_arith(c, '*', stream_onnx_s_cast(c, v, ONNX_FLOAT), a);
    return stream_onnx_g_end(c, stream_onnx_s_quantize(c, v, z, type), ".requantize");
}

static stream_status qlinear_conv(onnx_ctx *c) {
    onnx_convolution conv;
    STREAM_TRY(want_byte(c, 0));
    STREAM_TRY(want_byte(c, 3));
    STREAM_TRY(want_byte(c, 7));
    STREAM_TRY(stream_onnx_conv_read(c, 0, 3, 8, &conv));
    STREAM_TRY(conv_parameters(c, 2, 5, &conv));
    STREAM_TRY(stream_onnx_want_parameters(c, 1, 2, 1));
    STREAM_TRY(stream_onnx_want_parameters(c, 4, 5, conv.w->dims[0]));
    STREAM_TRY(stream_onnx_want_parameters(c, 6, 7, 1));
    if (conv.bias && conv.bias->type != ONNX_INT32)
        return stream_onnx_error(c, STREAM_INVALID, "the bias is %s, expected INT32",
                                 stream_onnx_type_name(conv.bias->type));
    onnx_value *acc = stream_onnx_conv_emit(c, &conv);
    c->out[0] = requantize(c, acc, 1, 0, 4, 1, 6, 7);
    return STREAM_OK;
}

/* Operands at inputs a and b, zero points at za and zb; per row and per column if vectors. */
static stream_status integer_product(onnx_ctx *c, int32_t a, int32_t b, int32_t za, int32_t zb,
                                     onnx_value **out) {
    onnx_value *x = c->in[a], *y = c->in[b];
    onnx_value *zx = stream_onnx_input(c, za), *zy = stream_onnx_input(c, zb);
    STREAM_TRY(want_byte(c, a));
    STREAM_TRY(want_byte(c, b));
    STREAM_TRY(stream_onnx_matmul_read(c, x, y));
    STREAM_TRY(stream_onnx_want_parameters(c, -1, za, x->rank < 2 ? 1 : x->dims[x->rank - 2]));
    STREAM_TRY(stream_onnx_want_parameters(c, -1, zb, y->rank < 2 ? 1 : y->dims[y->rank - 1]));
    if ((zx && zx->type != x->type) || (zy && zy->type != y->type))
        return stream_onnx_error(c, STREAM_INVALID, "a zero point differs in type from its tensor");
    *out = stream_onnx_matmul_emit(c, x, y, unless_zero(zx), unless_zero(zy), ONNX_INT32);
    return STREAM_OK;
}

static stream_status matmul_integer(onnx_ctx *c) {
    return integer_product(c, 0, 1, 2, 3, &c->out[0]);
}

static stream_status qlinear_matmul(onnx_ctx *c) {
    onnx_value *acc = NULL;
    const onnx_value *a = c->in[0], *b = c->in[3];
    STREAM_TRY(want_byte(c, 7));
    STREAM_TRY(stream_onnx_want_parameters(c, 1, 2, a->rank < 2 ? 1 : a->dims[a->rank - 2]));
    STREAM_TRY(stream_onnx_want_parameters(c, 4, 5, b->rank < 2 ? 1 : b->dims[b->rank - 1]));
    STREAM_TRY(stream_onnx_want_parameters(c, 6, 7, 1));
    STREAM_TRY(integer_product(c, 0, 3, 2, 5, &acc));
    c->out[0] = requantize(c, acc, 1, acc->rank - 2, 4, acc->rank - 1, 6, 7);
    return STREAM_OK;
}

/* y = quantize((sum - n * zx) * (sx / (sy * n))), the sum over all spatial dims. */
static onnx_value *quantized_mean(onnx_ctx *c, onnx_value *sum, double n, int32_t rank,
                                  const int64_t *dims) {
    onnx_type type = c->in[4]->type;
    const char *map = stream_onnx_dims_map(c, rank, NULL);
    onnx_value *empty = stream_onnx_empty(c, type, rank, dims);
    onnx_scalar p[5];
    stream_onnx_g_begin(c, stream_onnx_parallel(c, rank));
    onnx_scalar v = stream_onnx_g_in(c, sum, map);
    for (int32_t i = 1; i <= 4; ++i)
        p[i] = stream_onnx_g_in_along(c, c->in[i], 0);
    stream_onnx_g_out(c, empty, map);
    onnx_scalar zero = stream_onnx_s_arith(c, '*', stream_onnx_s_cast(c, p[2], ONNX_INT32),
                                           stream_onnx_s_number(c, ONNX_INT32, n));
    v = stream_onnx_s_cast(c, stream_onnx_s_arith(c, '-', v, zero), ONNX_FLOAT);
    onnx_scalar factor = stream_onnx_s_arith(c, '*', stream_onnx_s_cast(c, p[3], ONNX_FLOAT),
                                             stream_onnx_s_number(c, ONNX_FLOAT, n));
    factor = stream_onnx_s_arith(c, '/', stream_onnx_s_cast(c, p[1], ONNX_FLOAT), factor);
    v = stream_onnx_s_arith(c, '*', v, factor);
    return stream_onnx_g_end(c, stream_onnx_s_quantize(c, v, p[4], type), ".requantize");
}

static stream_status qlinear_global_average_pool(onnx_ctx *c) {
    onnx_value *x = c->in[0];
    bool last = false, mask[STREAM_MAX_RANK] = {false};
    int64_t dims[STREAM_MAX_RANK];
    STREAM_TRY(stream_onnx_flag(c, "channels_last", false, &last));
    STREAM_TRY(want_byte(c, 0));
    STREAM_TRY(want_byte(c, 4));
    STREAM_TRY(stream_onnx_want_parameters(c, 1, 2, 1));
    STREAM_TRY(stream_onnx_want_parameters(c, 3, 4, 1));
    if (x->rank < 3)
        return stream_onnx_error(c, STREAM_INVALID, "the input has rank %d, expected 3 or more",
                                 x->rank);
    for (int32_t d = 0; d < x->rank; ++d) {
        mask[d] = last ? d > 0 && d < x->rank - 1 : d > 1;
        dims[d] = mask[d] ? 1 : x->dims[d];
    }
    int64_t n = stream_onnx_reduced(x, mask);
    if (n > 1 << 23)
        return stream_onnx_error(c, STREAM_UNSUPPORTED, "a sum of %lld bytes may overflow 32 bits",
                                 (long long)n);
    onnx_reduction r = {.x = x, .factor = 1, .mask = mask, .op = '+', .acc = ONNX_INT32};
    onnx_value *sum = stream_onnx_reduce_emit(c, &r, "");
    sum = quantized_mean(c, sum, (double)n, sum->rank, sum->dims);
    c->out[0] = stream_onnx_reshape_to(c, sum, x->rank, dims);
    return STREAM_OK;
}

static const onnx_row rows[] = {
    {"ConvInteger", NULL, 10, 2, 4, ONNX_INTEGER, conv_integer},
    {"QLinearConv", NULL, 10, 8, 9, ONNX_INTEGER, qlinear_conv},
    {"MatMulInteger", NULL, 10, 2, 4, ONNX_INTEGER, matmul_integer},
    {"QLinearMatMul", NULL, 10, 8, 8, ONNX_INTEGER, qlinear_matmul},
    {"QLinearGlobalAveragePool", "com.microsoft", 1, 5, 5, ONNX_INTEGER,
     qlinear_global_average_pool},
};

ONNX_FAMILY(stream_onnx_qlinear, rows);
