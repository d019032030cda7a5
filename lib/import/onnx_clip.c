/* Clip, PRelu, Cast, CastLike. */

#include "onnx_elementwise.h"

#include <math.h>

enum {
    MAX_FOLDED = 1 << 16
};

/* x < 0 ? slope * x : x, slope broadcast to x. */
static stream_status prelu(onnx_ctx *c) {
    int32_t rank = 0;
    int64_t dims[STREAM_MAX_RANK];
    onnx_value *x = c->in[0];
    STREAM_TRY(stream_onnx_same_types(c, 0, 1));
    STREAM_TRY(stream_onnx_broadcast_shape(c, 0, 1, &rank, dims));
    if (rank != x->rank || stream_onnx_count(rank, dims) != stream_onnx_elements(x))
        return stream_onnx_error(c, STREAM_INVALID, "the slope does not broadcast to the input");
    onnx_scalar v = stream_onnx_map_in(c, x);
    onnx_scalar slope = stream_onnx_g_in_broadcast(c, c->in[1], rank, dims);
    stream_onnx_map_out(c, x->type, rank, dims);
    v = stream_onnx_s_cast(c, v, stream_onnx_computing(x->type));
    slope = stream_onnx_s_cast(c, slope, v.type);
    onnx_scalar below = stream_onnx_s_compare(c, "lt", v, stream_onnx_s_number(c, v.type, 0));
    v = stream_onnx_s_select(c, below, stream_onnx_s_arith(c, '*', slope, v), v);
    c->out[0] = stream_onnx_g_end(c, stream_onnx_s_cast(c, v, x->type), "");
    return STREAM_OK;
}

/* A bound of Clip: an operand or a constant in the body. */
static stream_status want_scalar_bound(onnx_ctx *c, int32_t i) {
    const onnx_value *v = stream_onnx_input(c, i);
    if (v && stream_onnx_elements(v) != 1)
        return stream_onnx_error(c, STREAM_INVALID, "bound '%s' is not a scalar", v->name);
    return STREAM_OK;
}

/* min(max(x, low), high) */
static stream_status clip(onnx_ctx *c) {
    onnx_value *x = c->in[0];
    onnx_scalar bound[3] = {{0}};
    STREAM_TRY(stream_onnx_same_types(c, 0, 2));
    STREAM_TRY(stream_onnx_want_elements(c));
    STREAM_TRY(want_scalar_bound(c, 1));
    STREAM_TRY(want_scalar_bound(c, 2));
    onnx_scalar v = stream_onnx_map_in(c, x);
    for (int32_t i = 1; i <= 2; ++i)
        if (stream_onnx_input(c, i))
            bound[i] = stream_onnx_g_in_broadcast(c, stream_onnx_reshape_to(c, c->in[i], 0, NULL),
                                                  x->rank, x->dims);
    stream_onnx_map_out(c, x->type, x->rank, x->dims);
    if (stream_onnx_input(c, 1))
        v = stream_onnx_s_arith(c, '>', v, bound[1]);
    if (stream_onnx_input(c, 2))
        v = stream_onnx_s_arith(c, '<', v, bound[2]);
    c->out[0] = stream_onnx_g_end(c, v, "");
    return STREAM_OK;
}

static stream_status clip_attributes(onnx_ctx *c) {
    onnx_value *x = c->in[0];
    double low = 0, high = 0;
    STREAM_TRY(stream_onnx_float(c, "min", -(double)INFINITY, &low));
    STREAM_TRY(stream_onnx_float(c, "max", (double)INFINITY, &high));
    STREAM_TRY(stream_onnx_want_elements(c));
    onnx_scalar v = stream_onnx_map_begin(c, x, x->type);
    if (stream_onnx_attribute(c, "min"))
        v = stream_onnx_s_arith(c, '>', v, stream_onnx_s_number(c, x->type, low));
    if (stream_onnx_attribute(c, "max"))
        v = stream_onnx_s_arith(c, '<', v, stream_onnx_s_number(c, x->type, high));
    c->out[0] = stream_onnx_g_end(c, v, "");
    return STREAM_OK;
}

/* A constant converted here and now; integers exactly. */
static onnx_value *convert_constant(onnx_ctx *c, const onnx_value *x, onnx_type to) {
    int64_t n = x->splat ? 1 : stream_onnx_elements(x);
    size_t bytes = stream_onnx_bytes(to);
    uint8_t *data = stream_arena_alloc(c->arena, (size_t)n, bytes);
    for (int64_t i = 0; i < n; ++i) {
        uint8_t *at = data + (size_t)i * bytes;
        if (to == ONNX_BOOL)
            *at = stream_onnx_get(x, i) != 0; /* NaN is true */
        else if (stream_onnx_is_float(to) || stream_onnx_is_float(x->type))
            stream_onnx_store(to, at, stream_onnx_get(x, i));
        else
            stream_onnx_store_int(to, at, stream_onnx_get_int(x, i));
    }
    return stream_onnx_constant_new(c, to, x->rank, x->dims, data, x->splat);
}

/* From a float to unsigned 64 bits, only the compiled code knows the upper half. */
static bool folds(const onnx_value *x, onnx_type to) {
    return x->blob && (x->splat || stream_onnx_elements(x) <= MAX_FOLDED) &&
           !(to == ONNX_UINT64 && stream_onnx_is_float(x->type));
}

static stream_status convert(onnx_ctx *c, onnx_type to) {
    onnx_value *x = c->in[0];
    if (folds(x, to)) {
        c->out[0] = to == x->type ? x : convert_constant(c, x, to);
        return STREAM_OK;
    }
    if (to == x->type) {
        c->out[0] = x;
        return STREAM_OK;
    }
    STREAM_TRY(stream_onnx_want_elements(c));
    onnx_scalar v = stream_onnx_map_begin(c, x, to);
    c->out[0] = stream_onnx_g_end(c, stream_onnx_s_cast(c, v, to), "");
    return STREAM_OK;
}

static stream_status cast(onnx_ctx *c) {
    int64_t to = 0;
    STREAM_TRY(stream_onnx_int(c, "to", 0, &to));
    stream_onnx_ignore(c, "saturate"); /* concerns 8-bit floats only */
    stream_onnx_ignore(c, "round_mode");
    if (to < 0 || to > 100 || !stream_onnx_type_known((int32_t)to))
        return stream_onnx_error(c, STREAM_UNSUPPORTED, "element type %s is not supported",
                                 stream_onnx_any_type_name(c, to));
    return convert(c, (onnx_type)to);
}

static stream_status cast_like(onnx_ctx *c) {
    stream_onnx_ignore(c, "saturate");
    stream_onnx_ignore(c, "round_mode");
    return convert(c, c->in[1]->type);
}

static const onnx_row rows[] = {
    {"Cast", NULL, 6, 1, 1, ONNX_ANY, cast},
    {"CastLike", NULL, 15, 2, 2, ONNX_ANY, cast_like},
    {"PRelu", NULL, 7, 2, 2, ONNX_NUMBER, prelu},
    {"Clip", NULL, 6, 1, 1, ONNX_FLOATING, clip_attributes},
    {"Clip", NULL, 11, 1, 3, ONNX_NUMBER, clip},
};

ONNX_FAMILY(stream_onnx_clip, rows);
