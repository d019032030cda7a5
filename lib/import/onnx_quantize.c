/* QuantizeLinear and DequantizeLinear: per tensor, per axis, or per block along an axis.
 *
 *   real value = (q - zero point) * scale */

#include "onnx_quantize.h"
#include "onnx_elementwise.h"
#include "onnx_index.h"

#include "stream/support/integer.h"

#include <math.h>
#include <stdio.h>

onnx_scalar stream_onnx_s_quantize(onnx_ctx *c, onnx_scalar v, onnx_scalar zero, onnx_type type) {
    bool natural = stream_onnx_is_unsigned(type);
    double top = ldexp(1, (int)(8 * stream_onnx_bytes(type)) - !natural) - 1;
    v = stream_onnx_s_op1(c, "math.roundeven", v);
    v = stream_onnx_s_arith(c, '+', v, stream_onnx_s_cast(c, zero, ONNX_FLOAT));
    v = stream_onnx_s_arith(c, '>', v, stream_onnx_s_number(c, ONNX_FLOAT, natural ? 0 : -top - 1));
    v = stream_onnx_s_arith(c, '<', v, stream_onnx_s_number(c, ONNX_FLOAT, top));
    return stream_onnx_s_cast(c, v, type);
}

stream_status stream_onnx_want_parameters(onnx_ctx *c, int32_t scale, int32_t zero, int64_t n) {
    for (int32_t k = 0; k < 2; ++k) {
        const onnx_value *v = stream_onnx_input(c, k ? zero : scale);
        if (!v || (stream_onnx_elements(v) == 1 && v->rank <= 1))
            continue;
        if (v->rank != 1 || v->dims[0] != n)
            return stream_onnx_error(c, STREAM_UNSUPPORTED,
                                     "'%s' must be a scalar or a vector of %lld elements", v->name,
                                     (long long)n);
    }
    const onnx_value *s = stream_onnx_input(c, scale);
    if (s && !stream_onnx_is_float(s->type))
        return stream_onnx_error(c, STREAM_INVALID, "the scale '%s' is not floating-point",
                                 s->name);
    return STREAM_OK;
}

/* Where scale and zero point of an element are: along an axis, `block` elements sharing one (0:
 * each position of the axis has its own). Scalars have neither. */
typedef struct {
    int32_t axis;
    int64_t block;
} granularity;

/* Parameters of the rank of x, smaller along the axis by the size of a block. */
static stream_status want_blocks(onnx_ctx *c, const granularity *g) {
    const onnx_value *x = c->in[0];
    for (int32_t i = 1; i <= 2; ++i) {
        const onnx_value *v = stream_onnx_input(c, i);
        bool fits = !v || v->rank == x->rank;
        for (int32_t d = 0; v && fits && d < x->rank; ++d)
            fits =
                v->dims[d] == (d == g->axis ? stream_ceil_div(x->dims[d], g->block) : x->dims[d]);
        if (!fits)
            return stream_onnx_error(c, STREAM_INVALID, "'%s' does not fit blocks of %lld elements",
                                     v->name, (long long)g->block);
    }
    if (!stream_onnx_is_float(c->in[1]->type))
        return stream_onnx_error(c, STREAM_INVALID, "the scale '%s' is not floating-point",
                                 c->in[1]->name);
    return STREAM_OK;
}

static stream_status read_granularity(onnx_ctx *c, granularity *g) {
    const onnx_value *x = c->in[0];
    int64_t given = 0;
    *g = (granularity){0, 0};
    STREAM_TRY(stream_onnx_int(c, "axis", 1, &given));
    STREAM_TRY(stream_onnx_int(c, "block_size", 0, &g->block));
    if (g->block < 0 || g->block > INT32_MAX)
        return stream_onnx_error(c, STREAM_INVALID, "block_size is %lld", (long long)g->block);
    STREAM_TRY(stream_onnx_want_elements(c));
    if (g->block || stream_onnx_elements(c->in[1]) != 1)
        STREAM_TRY(stream_onnx_axis(c, given, x->rank, &g->axis));
    return g->block ? want_blocks(c, g)
                    : stream_onnx_want_parameters(c, 1, 2, x->rank ? x->dims[g->axis] : 1);
}

/* A parameter as an operand of the elementwise generic over x. */
static onnx_scalar parameter(onnx_ctx *c, const granularity *g, onnx_value *v) {
    char by[48];
    if (!g->block)
        return stream_onnx_g_in_along(c, v, g->axis);
    snprintf(by, sizeof by, "d%d floordiv %lld", g->axis, (long long)g->block);
    return stream_onnx_g_in(c, v, stream_onnx_replaced_map(c, v->rank, g->axis, by));
}

/* The type of the zero point, else of output_dtype, else UINT8. */
static stream_status quantized_type(onnx_ctx *c, onnx_type *out) {
    const onnx_value *zero = stream_onnx_input(c, 2);
    int64_t type = 0;
    STREAM_TRY(stream_onnx_int(c, "output_dtype", 0, &type));
    type = zero ? (int64_t)zero->type : type ? type : (int64_t)ONNX_UINT8;
    if (type != ONNX_UINT8 && type != ONNX_INT8 && type != ONNX_UINT16 && type != ONNX_INT16)
        return stream_onnx_error(c, STREAM_UNSUPPORTED, "quantized type %lld is not supported",
                                 (long long)type);
    *out = (onnx_type)type;
    return STREAM_OK;
}

static stream_status quantize_linear(onnx_ctx *c) {
    onnx_value *x = c->in[0], *zero = stream_onnx_input(c, 2);
    granularity g;
    onnx_type type = ONNX_UINT8;
    int64_t precision = 0;
    STREAM_TRY(read_granularity(c, &g));
    STREAM_TRY(quantized_type(c, &type));
    if (!stream_onnx_is_float(x->type) && x->type != ONNX_INT32)
        return stream_onnx_error(c, STREAM_INVALID, "the input is %s, expected INT32 or a float",
                                 stream_onnx_type_name(x->type));
    STREAM_TRY(stream_onnx_int(c, "precision", 0, &precision));
    stream_onnx_ignore(c, "saturate"); /* concerns 8-bit floats only */
    const char *map = stream_onnx_dims_map(c, x->rank, NULL);
    onnx_value *empty = stream_onnx_empty(c, type, x->rank, x->dims);
    stream_onnx_g_begin(c, stream_onnx_parallel(c, x->rank));
    onnx_scalar v = stream_onnx_g_in(c, x, map);
    onnx_scalar scale = parameter(c, &g, c->in[1]);
    onnx_scalar z = zero ? parameter(c, &g, zero) : stream_onnx_s_number(c, type, 0);
    stream_onnx_g_out(c, empty, map);
    v = stream_onnx_s_cast(c, v, ONNX_FLOAT);
    v = stream_onnx_s_arith(c, '/', v, stream_onnx_s_cast(c, scale, ONNX_FLOAT));
    c->out[0] = stream_onnx_g_end(c, stream_onnx_s_quantize(c, v, z, type), "");
    return STREAM_OK;
}

static stream_status dequantize_linear(onnx_ctx *c) {
    onnx_value *x = c->in[0], *zero = stream_onnx_input(c, 2);
    granularity g;
    STREAM_TRY(read_granularity(c, &g));
    if (zero && zero->type != x->type)
        return stream_onnx_error(c, STREAM_INVALID, "input and zero point differ in type");
    int64_t declared = 0;
    STREAM_TRY(stream_onnx_int(c, "output_dtype", 0, &declared));
    if (declared && declared != (int64_t)c->in[1]->type)
        return stream_onnx_error(c, STREAM_UNSUPPORTED, "output_dtype %lld is not supported",
                                 (long long)declared);
    onnx_type type = c->in[1]->type;
    const char *map = stream_onnx_dims_map(c, x->rank, NULL);
    onnx_value *empty = stream_onnx_empty(c, type, x->rank, x->dims);
    stream_onnx_g_begin(c, stream_onnx_parallel(c, x->rank));
    onnx_scalar v = stream_onnx_g_in(c, x, map), z = {0};
    onnx_scalar scale = parameter(c, &g, c->in[1]);
    if (zero)
        z = parameter(c, &g, zero);
    stream_onnx_g_out(c, empty, map);
    v = stream_onnx_s_cast(c, v, ONNX_INT32);
    if (zero)
        v = stream_onnx_s_arith(c, '-', v, stream_onnx_s_cast(c, z, ONNX_INT32));
    v = stream_onnx_s_cast(c, v, ONNX_FLOAT);
    v = stream_onnx_s_arith(c, '*', v, stream_onnx_s_cast(c, scale, ONNX_FLOAT));
    c->out[0] = stream_onnx_g_end(c, stream_onnx_s_cast(c, v, type), "");
    return STREAM_OK;
}

static const onnx_row rows[] = {
    {"QuantizeLinear", NULL, 10, 2, 3, ONNX_FLOATING | ONNX_SIGNED, quantize_linear},
    {"DequantizeLinear", NULL, 10, 2, 3, ONNX_INTEGER, dequantize_linear},
};

ONNX_FAMILY(stream_onnx_quantize, rows);
