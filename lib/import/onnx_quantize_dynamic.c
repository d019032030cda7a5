/* DynamicQuantizeLinear: scale and zero point from the extremes of the tensor.
 *
 *   scale = (max(0, x) - min(0, x)) / 255, zero = saturate(round(-min / scale)), y as
 * QuantizeLinear */

#include "onnx_elementwise.h"
#include "onnx_quantize.h"
#include "onnx_reduce.h"

#include <string.h>

static onnx_value *extreme(onnx_ctx *c, char op, const char *suffix) {
    bool all[STREAM_MAX_RANK];
    memset(all, true, sizeof all);
    onnx_reduction r = {.x = c->in[0], .factor = 1, .mask = all, .op = op, .acc = ONNX_FLOAT};
    return stream_onnx_reduce_emit(c, &r, suffix);
}

/* An elementwise op of rank 0 begins: low and high, each with 0 included. */
static void extremes(onnx_ctx *c, onnx_value *low, onnx_value *high, onnx_type result,
                     onnx_scalar *l, onnx_scalar *h) {
    *l = stream_onnx_map_in(c, low);
    *h = stream_onnx_g_in(c, high, "");
    stream_onnx_map_out(c, result, 0, NULL);
    onnx_scalar zero = stream_onnx_s_number(c, ONNX_FLOAT, 0);
    *l = stream_onnx_s_arith(c, '<', *l, zero);
    *h = stream_onnx_s_arith(c, '>', *h, zero);
}

/* 1 / 255 where all elements are 0 */
static onnx_scalar scale_of(onnx_ctx *c, onnx_scalar l, onnx_scalar h) {
    onnx_scalar one = stream_onnx_s_number(c, ONNX_FLOAT, 1);
    onnx_scalar same = stream_onnx_s_compare(c, "eq", l, h);
    onnx_scalar span = stream_onnx_s_select(c, same, one, stream_onnx_s_arith(c, '-', h, l));
    return stream_onnx_s_arith(c, '/', span, stream_onnx_s_number(c, ONNX_FLOAT, 255));
}

static stream_status dynamic_quantize_linear(onnx_ctx *c) {
    onnx_value *x = c->in[0];
    onnx_scalar l, h;
    if (x->type != ONNX_FLOAT)
        return stream_onnx_error(c, STREAM_INVALID, "the input is %s, expected FLOAT",
                                 stream_onnx_type_name(x->type));
    STREAM_TRY(stream_onnx_want_elements(c));
    onnx_value *low = extreme(c, '<', ".min"), *high = extreme(c, '>', ".max");
    extremes(c, low, high, ONNX_FLOAT, &l, &h);
    onnx_value *scale = stream_onnx_g_end(c, scale_of(c, l, h), ".scale");
    extremes(c, low, high, ONNX_UINT8, &l, &h);
    onnx_scalar zero =
        stream_onnx_s_arith(c, '/', stream_onnx_s_op1(c, "arith.negf", l), scale_of(c, l, h));
    zero = stream_onnx_s_quantize(c, zero, stream_onnx_s_number(c, ONNX_UINT8, 0), ONNX_UINT8);
    onnx_value *point = stream_onnx_g_end(c, zero, ".zero_point");
    onnx_scalar v = stream_onnx_map_in(c, x), s = stream_onnx_g_in(c, scale, "");
    zero = stream_onnx_g_in(c, point, "");
    stream_onnx_map_out(c, ONNX_UINT8, x->rank, x->dims);
    v = stream_onnx_s_quantize(c, stream_onnx_s_arith(c, '/', v, s), zero, ONNX_UINT8);
    c->out[0] = stream_onnx_g_end(c, v, "");
    if (c->node->n_output > 1)
        c->out[1] = scale;
    if (c->node->n_output > 2)
        c->out[2] = point;
    return STREAM_OK;
}

static const onnx_row rows[] = {
    {"DynamicQuantizeLinear", NULL, 11, 1, 1, ONNX_FLOATING, dynamic_quantize_linear},
};

ONNX_FAMILY(stream_onnx_quantize_dynamic, rows);
