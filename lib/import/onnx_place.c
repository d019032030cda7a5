/* Operators that decide by position alone: Trilu, EyeLike, OneHot, Compress, ReverseSequence. */

#include "onnx_elementwise.h"
#include "onnx_index.h"
#include "onnx_move.h"

#include <stdio.h>
#include <string.h>

/* A constant integer, or `fallback` when the input is absent. */
static stream_status optional_int(onnx_ctx *c, int32_t input, const char *what, int64_t fallback,
                                  int64_t *out) {
    const int64_t *list = NULL;
    int32_t n = 0;
    *out = fallback;
    if (!stream_onnx_input(c, input))
        return STREAM_OK;
    STREAM_TRY(stream_onnx_const_ints(c, input, what, &list, &n));
    if (n != 1)
        return stream_onnx_error(c, STREAM_INVALID, "%s has %d elements, not 1", what, n);
    *out = list[0];
    return STREAM_OK;
}

/* Constants: elements [.., i, j] with j - i on the wrong side of k become 0. */
static onnx_value *trilu_constant(onnx_ctx *c, const onnx_value *x, bool upper, int64_t k) {
    int64_t n = stream_onnx_elements(x), rows = x->dims[x->rank - 2],
            columns = x->dims[x->rank - 1];
    size_t bytes = stream_onnx_bytes(x->type);
    uint8_t *data = stream_arena_alloc(c->arena, (size_t)n, bytes);
    for (int64_t e = 0; e < n; ++e) {
        int64_t off = e % columns - e / columns % rows;
        if (upper ? off >= k : off <= k)
            memcpy(data + (size_t)e * bytes, x->blob->data + (x->splat ? 0 : (size_t)e * bytes),
                   bytes);
    }
    return stream_onnx_constant_new(c, x->type, x->rank, x->dims, data, false);
}

static stream_status trilu(onnx_ctx *c) {
    onnx_value *x = c->in[0];
    bool upper = true;
    int64_t k = 0;
    STREAM_TRY(stream_onnx_flag(c, "upper", true, &upper));
    STREAM_TRY(optional_int(c, 1, "k", 0, &k));
    if (x->rank < 2)
        return stream_onnx_error(c, STREAM_INVALID, "the input has rank %d, expected 2 or more",
                                 x->rank);
    k = k < -INT32_MAX ? -INT32_MAX : k > INT32_MAX ? INT32_MAX : k;
    if (stream_onnx_foldable(x, x->rank, x->dims)) {
        c->out[0] = trilu_constant(c, x, upper, k);
        return STREAM_OK;
    }
    onnx_scalar v = stream_onnx_map_begin(c, x, x->type);
    onnx_scalar off = stream_onnx_s_arith(c, '-', stream_onnx_s_index(c, x->rank - 1, ONNX_INT64),
                                          stream_onnx_s_index(c, x->rank - 2, ONNX_INT64));
    onnx_scalar kept = stream_onnx_s_compare(c, upper ? "ge" : "le", off,
                                             stream_onnx_s_number(c, ONNX_INT64, (double)k));
    v = stream_onnx_s_select(c, kept, v, stream_onnx_s_number(c, x->type, 0));
    c->out[0] = stream_onnx_g_end(c, v, "");
    return STREAM_OK;
}

/* A constant matrix of the input's shape with ones on diagonal k. */
static stream_status eye_like(onnx_ctx *c) {
    const onnx_value *x = c->in[0];
    int64_t type = 0, k = 0;
    STREAM_TRY(stream_onnx_want_rank(c, 0, 2));
    STREAM_TRY(stream_onnx_int(c, "dtype", (int64_t)x->type, &type));
    STREAM_TRY(stream_onnx_int(c, "k", 0, &k));
    int64_t n = stream_onnx_elements(x), rows = x->dims[0], columns = x->dims[1];
    if (type < 0 || type > 100 || !stream_onnx_type_known((int32_t)type))
        return stream_onnx_error(c, STREAM_UNSUPPORTED, "element type %s is not supported",
                                 stream_onnx_any_type_name(c, type));
    if (n > 1 << 20)
        return stream_onnx_error(c, STREAM_UNSUPPORTED, "a constant of %lld elements",
                                 (long long)n);
    size_t bytes = stream_onnx_bytes((onnx_type)type);
    uint8_t *data = stream_arena_alloc(c->arena, (size_t)n, bytes);
    for (int64_t i = 0; i < rows; ++i)
        if (i + k >= 0 && i + k < columns)
            stream_onnx_store((onnx_type)type, data + (size_t)(i * columns + i + k) * bytes, 1);
    c->out[0] = stream_onnx_constant_new(c, (onnx_type)type, 2, x->dims, data, false);
    return STREAM_OK;
}

/* y[.., j, ..] = values[indices[..] == j ? 1 : 0]; indices count from the end when negative. */
static stream_status one_hot(onnx_ctx *c) {
    onnx_value *index = c->in[0], *values = c->in[2];
    int64_t given = 0, depth = 0, dims[STREAM_MAX_RANK + 1];
    bool of_index[STREAM_MAX_RANK + 1];
    int32_t axis = 0, rank = index->rank + 1;
    STREAM_TRY(stream_onnx_int(c, "axis", -1, &given));
    STREAM_TRY(stream_onnx_want_elements(c));
    if (!c->in[1]->blob || stream_onnx_elements(c->in[1]) != 1)
        return stream_onnx_error(c, STREAM_UNSUPPORTED,
                                 "the depth ('%s') must be a constant scalar", c->in[1]->name);
    depth = stream_onnx_get_int(c->in[1], 0);
    if (depth < 1 || depth > INT32_MAX || rank > STREAM_MAX_RANK)
        return stream_onnx_error(c, STREAM_INVALID, "depth %lld, rank %d", (long long)depth, rank);
    STREAM_TRY(stream_onnx_axis(c, given, rank, &axis));
    STREAM_TRY(stream_onnx_want_vector(c, 2, 2));
    for (int32_t d = 0; d < rank; ++d) {
        of_index[d] = d != axis;
        dims[d] = d == axis ? depth : index->dims[d < axis ? d : d - 1];
    }
    if (stream_onnx_count(rank, dims) < 0)
        return stream_onnx_error(c, STREAM_UNSUPPORTED, "more than 2^40 elements");
    stream_onnx_g_begin(c, stream_onnx_parallel(c, rank));
    onnx_scalar i = stream_onnx_g_in(c, index, stream_onnx_dims_map(c, rank, of_index));
    onnx_scalar off = stream_onnx_g_in(c, values, "0"), on = stream_onnx_g_in(c, values, "1");
    stream_onnx_map_out(c, values->type, rank, dims);
    i = stream_onnx_s_from_end(c, stream_onnx_s_cast(c, i, ONNX_INT64), depth);
    onnx_scalar hit = stream_onnx_s_compare(c, "eq", i, stream_onnx_s_index(c, axis, ONNX_INT64));
    c->out[0] = stream_onnx_g_end(c, stream_onnx_s_select(c, hit, on, off), "");
    return STREAM_OK;
}

/* The slices along the axis (or elements, without one) whose constant condition holds. */
static stream_status compress(onnx_ctx *c) {
    onnx_value *x = c->in[0];
    const onnx_value *condition = c->in[1];
    int64_t given = 0, n = 0, flat = stream_onnx_elements(x), dims[STREAM_MAX_RANK];
    int32_t axis = 0;
    if (!condition->blob || condition->type != ONNX_BOOL || condition->rank != 1)
        return stream_onnx_error(c, STREAM_UNSUPPORTED,
                                 "the condition ('%s') must be a constant vector of BOOL",
                                 condition->name);
    if (!stream_onnx_attribute(c, "axis"))
        x = stream_onnx_reshape_to(c, x, 1, &flat);
    STREAM_TRY(stream_onnx_int(c, "axis", 0, &given));
    STREAM_TRY(stream_onnx_axis(c, given, x->rank, &axis));
    int64_t length = condition->dims[0] < x->dims[axis] ? condition->dims[0] : x->dims[axis];
    int64_t *index = STREAM_NEW(c->arena, int64_t, (size_t)length);
    for (int64_t i = 0; i < length; ++i)
        if (stream_onnx_get_int(condition, i))
            index[n++] = i;
    memcpy(dims, x->dims, sizeof dims);
    dims[axis] = n;
    c->out[0] =
        n ? stream_onnx_take(c, x, axis, index, n) : stream_onnx_nothing(c, x->type, x->rank, dims);
    return STREAM_OK;
}

/* Along the time axis, the first lengths[batch] elements backwards. */
static stream_status reverse_sequence(onnx_ctx *c) {
    onnx_value *x = c->in[0];
    int64_t batch = 0, time = 0;
    char list[STREAM_MAX_RANK * 16] = "", map[16];
    size_t at = 0;
    STREAM_TRY(stream_onnx_int(c, "batch_axis", 1, &batch));
    STREAM_TRY(stream_onnx_int(c, "time_axis", 0, &time));
    if (x->rank < 2 || !((batch == 0 && time == 1) || (batch == 1 && time == 0)))
        return stream_onnx_error(c, STREAM_INVALID, "batch axis %lld, time axis %lld, rank %d",
                                 (long long)batch, (long long)time, x->rank);
    STREAM_TRY(stream_onnx_want_indices(c, 1));
    STREAM_TRY(stream_onnx_want_vector(c, 1, x->dims[batch]));
    STREAM_TRY(stream_onnx_want_elements(c));
    snprintf(map, sizeof map, "d%d", (int)batch);
    stream_onnx_g_begin(c, stream_onnx_parallel(c, x->rank));
    onnx_scalar length = stream_onnx_g_in(c, c->in[1], map);
    stream_onnx_map_out(c, x->type, x->rank, x->dims);
    onnx_scalar t = stream_onnx_s_index(c, (int32_t)time, length.type);
    onnx_scalar back = stream_onnx_s_arith(c, '-', length, t);
    back = stream_onnx_s_arith(c, '-', back, stream_onnx_s_number(c, length.type, 1));
    onnx_scalar inside = stream_onnx_s_compare(c, "lt", t, length);
    t = stream_onnx_s_to_index(c, stream_onnx_s_select(c, inside, back, t));
    for (int32_t d = 0; d < x->rank; ++d) {
        onnx_scalar s = d == time ? t : stream_onnx_s_loop(c, d);
        at += (size_t)snprintf(list + at, sizeof list - at, "%s%%s%d", d ? ", " : "", s.id);
    }
    c->out[0] = stream_onnx_g_end(c, stream_onnx_s_extract(c, x, list), "");
    return STREAM_OK;
}

static const onnx_row rows[] = {
    {"Trilu", NULL, 14, 1, 2, ONNX_ANY, trilu},
    {"EyeLike", NULL, 9, 1, 1, ONNX_ANY, eye_like},
    {"OneHot", NULL, 9, 3, 3, ONNX_NUMBER, one_hot},
    {"Compress", NULL, 9, 2, 2, ONNX_ANY, compress},
    {"ReverseSequence", NULL, 10, 2, 2, ONNX_ANY, reverse_sequence},
};

ONNX_FAMILY(stream_onnx_place, rows);
