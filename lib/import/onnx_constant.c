/* Operators whose result is a constant: Constant, ConstantOfShape, Shape, Size, Range. */

#include "onnx_import.h"

#include <math.h>
#include <string.h>

enum {
    MAX_FOLDED = 1 << 16
};

static stream_status from_tensor(onnx_ctx *c, const Onnx__TensorProto *tensor) {
    onnx_value *v = STREAM_NEW(c->arena, onnx_value, 1);
    bool absent = false;
    v->name = "";
    STREAM_TRY(stream_onnx_tensor(c, tensor, "attribute 'value'", v, &absent));
    if (absent)
        return stream_onnx_error(c, STREAM_INVALID, "attribute 'value' has no data");
    c->out[0] = v;
    return STREAM_OK;
}

static stream_status of_floats(onnx_ctx *c, const float *values, size_t n, bool scalar) {
    int64_t dims[1] = {(int64_t)n};
    c->out[0] = stream_onnx_constant_new(c, ONNX_FLOAT, !scalar, dims, values, false);
    return STREAM_OK;
}

static stream_status of_ints(onnx_ctx *c, const int64_t *values, size_t n, bool scalar) {
    int64_t dims[1] = {(int64_t)n};
    c->out[0] = stream_onnx_constant_new(c, ONNX_INT64, !scalar, dims, values, false);
    return STREAM_OK;
}

static stream_status constant(onnx_ctx *c) {
    const Onnx__AttributeProto *a = NULL;
    if ((a = stream_onnx_attribute(c, "value")) && a->t)
        return from_tensor(c, a->t);
    if ((a = stream_onnx_attribute(c, "value_float")) && a->has_f)
        return of_floats(c, &a->f, 1, true);
    if ((a = stream_onnx_attribute(c, "value_floats")))
        return of_floats(c, a->floats, a->n_floats, false);
    if ((a = stream_onnx_attribute(c, "value_int")) && a->has_i)
        return of_ints(c, &a->i, 1, true);
    if ((a = stream_onnx_attribute(c, "value_ints")))
        return of_ints(c, a->ints, a->n_ints, false);
    return stream_onnx_error(c, STREAM_UNSUPPORTED,
                             "only tensor, float and integer values are "
                             "supported");
}

static stream_status check_dims(onnx_ctx *c, const int64_t *dims, int32_t n) {
    if (n > STREAM_MAX_RANK)
        return stream_onnx_error(c, STREAM_UNSUPPORTED, "rank %d, at most %d is supported", n,
                                 STREAM_MAX_RANK);
    if (stream_onnx_count(n, dims) < 0)
        return stream_onnx_error(c, STREAM_INVALID,
                                 "an impossible shape (a negative dimension, or "
                                 "more than 2^40 elements)");
    return STREAM_OK;
}

static stream_status constant_of_shape(onnx_ctx *c) {
    static const float zero = 0;
    const Onnx__AttributeProto *a = stream_onnx_attribute(c, "value");
    const int64_t *dims = NULL;
    int32_t n = 0;
    STREAM_TRY(stream_onnx_const_ints(c, 0, "the shape", &dims, &n));
    STREAM_TRY(check_dims(c, dims, n));
    if (!a || !a->t) {
        c->out[0] = stream_onnx_constant_new(c, ONNX_FLOAT, n, dims, &zero, true);
        return STREAM_OK;
    }
    STREAM_TRY(from_tensor(c, a->t));
    const onnx_value *v = c->out[0];
    if (stream_onnx_elements(v) != 1)
        return stream_onnx_error(c, STREAM_INVALID, "attribute 'value' has %lld elements, not 1",
                                 (long long)stream_onnx_elements(v));
    c->out[0] = stream_onnx_constant_new(c, v->type, n, dims, v->blob->data, true);
    return STREAM_OK;
}

/* Bounds of the slice of the shape, clamped as the standard says. */
static int64_t clamped(int64_t at, int32_t rank) {
    at += at < 0 ? rank : 0;
    return at < 0 ? 0 : at > rank ? rank : at;
}

static stream_status shape(onnx_ctx *c) {
    const onnx_value *x = c->in[0];
    int64_t start = 0, end = 0;
    STREAM_TRY(stream_onnx_int(c, "start", 0, &start));
    STREAM_TRY(stream_onnx_int(c, "end", x->rank, &end));
    start = clamped(start, x->rank);
    end = clamped(end, x->rank);
    size_t n = end > start ? (size_t)(end - start) : 0;
    int64_t *dims = STREAM_NEW(c->arena, int64_t, n);
    if (n)
        memcpy(dims, x->dims + start, n * sizeof *dims);
    return of_ints(c, dims, n, false);
}

static stream_status size(onnx_ctx *c) {
    int64_t *n = STREAM_NEW(c->arena, int64_t, 1);
    *n = stream_onnx_elements(c->in[0]);
    return of_ints(c, n, 1, true);
}

static stream_status range_count(onnx_ctx *c, int64_t *out) {
    double start = stream_onnx_get(c->in[0], 0), limit = stream_onnx_get(c->in[1], 0);
    double delta = stream_onnx_get(c->in[2], 0), n = ceil((limit - start) / delta);
    if (delta == 0 || !(n <= MAX_FOLDED))
        return stream_onnx_error(c, STREAM_INVALID, "from %g to %g by %g", start, limit, delta);
    *out = n > 0 ? (int64_t)n : 0;
    return STREAM_OK;
}

static stream_status range(onnx_ctx *c) {
    STREAM_TRY(stream_onnx_same_types(c, 0, 2));
    for (int32_t i = 0; i < 3; ++i)
        if (!c->in[i]->blob || stream_onnx_elements(c->in[i]) != 1)
            return stream_onnx_error(c, STREAM_UNSUPPORTED, "input '%s' must be a constant scalar",
                                     c->in[i]->name);
    int64_t n = 0;
    STREAM_TRY(range_count(c, &n));
    onnx_type type = c->in[0]->type;
    size_t bytes = stream_onnx_bytes(type);
    uint8_t *data = stream_arena_alloc(c->arena, (size_t)n, bytes);
    for (int64_t i = 0; i < n; ++i) {
        uint8_t *at = data + (size_t)i * bytes;
        if (stream_onnx_is_float(type))
            stream_onnx_store(
                type, at, stream_onnx_get(c->in[0], 0) + (double)i * stream_onnx_get(c->in[2], 0));
        else
            stream_onnx_store_int(
                type, at,
                (int64_t)((uint64_t)stream_onnx_get_int(c->in[0], 0) +
                          (uint64_t)i * (uint64_t)stream_onnx_get_int(c->in[2], 0)));
    }
    c->out[0] = stream_onnx_constant_new(c, type, 1, &n, data, false);
    return STREAM_OK;
}

static const onnx_row rows[] = {
    {"Constant", NULL, 1, 0, 0, ONNX_ANY, constant},
    {"ConstantOfShape", NULL, 9, 1, 1, ONNX_INTEGER, constant_of_shape},
    {"Shape", NULL, 1, 1, 1, ONNX_ANY, shape},
    {"Size", NULL, 1, 1, 1, ONNX_ANY, size},
    {"Range", NULL, 11, 3, 3, ONNX_NUMBER, range},
};

ONNX_FAMILY(stream_onnx_constant, rows);
