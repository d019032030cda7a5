/* Transpose, Concat, Expand, Tile. Small constants are moved at once. */

#include "onnx_move.h"

#include "stream/support/integer.h"

#include <string.h>

enum {
    MAX_FOLDED = 1 << 16
};

bool stream_onnx_foldable(const onnx_value *v, int32_t rank, const int64_t *dims) {
    return v->blob && stream_onnx_count(rank, dims) <= MAX_FOLDED;
}

void stream_onnx_strides(const onnx_value *v, int64_t *out) {
    int64_t step = 1;
    for (int32_t d = v->rank - 1; d >= 0; --d) {
        out[d] = step;
        step *= v->dims[d];
    }
}

onnx_value *stream_onnx_strided(onnx_ctx *c, const onnx_value *v, int32_t rank, const int64_t *dims,
                                int64_t offset, const int64_t *stride) {
    if (v->splat)
        return stream_onnx_constant_new(c, v->type, rank, dims, v->blob->data, true);
    int64_t n = stream_onnx_count(rank, dims);
    size_t bytes = stream_onnx_bytes(v->type);
    uint8_t *data = stream_arena_alloc(c->arena, (size_t)n, bytes);
    for (int64_t i = 0; i < n; ++i) {
        int64_t rest = i, at = offset;
        for (int32_t d = rank - 1; d >= 0; --d) {
            at += rest % dims[d] * stride[d];
            rest /= dims[d];
        }
        memcpy(data + (size_t)i * bytes, v->blob->data + (size_t)at * bytes, bytes);
    }
    return stream_onnx_constant_new(c, v->type, rank, dims, data, false);
}

static stream_status read_permutation(onnx_ctx *c, int32_t rank, int32_t *perm) {
    const int64_t *list = NULL;
    int32_t n = -1;
    bool seen[STREAM_MAX_RANK] = {false};
    STREAM_TRY(stream_onnx_ints(c, "perm", &list, &n));
    if (n >= 0 && n != rank)
        return stream_onnx_error(c, STREAM_INVALID, "'perm' has %d values, the input rank %d", n,
                                 rank);
    for (int32_t d = 0; d < rank; ++d) {
        int64_t from = n < 0 ? rank - 1 - d : list[d];
        if (from < 0 || from >= rank || seen[from])
            return stream_onnx_error(c, STREAM_INVALID, "'perm' is no permutation");
        seen[from] = true;
        perm[d] = (int32_t)from;
    }
    return STREAM_OK;
}

/* Moving only dims of size 1 keeps the row-major order. */
static bool keeps_order(const onnx_value *x, const int32_t *perm) {
    int32_t last = -1;
    for (int32_t d = 0; d < x->rank; ++d) {
        if (x->dims[perm[d]] == 1)
            continue;
        if (perm[d] < last)
            return false;
        last = perm[d];
    }
    return true;
}

static stream_status transpose(onnx_ctx *c) {
    onnx_value *x = c->in[0];
    int32_t perm[STREAM_MAX_RANK];
    int64_t dims[STREAM_MAX_RANK], strides[STREAM_MAX_RANK], moved[STREAM_MAX_RANK];
    STREAM_TRY(read_permutation(c, x->rank, perm));
    stream_onnx_strides(x, strides);
    for (int32_t d = 0; d < x->rank; ++d) {
        dims[d] = x->dims[perm[d]];
        moved[d] = strides[perm[d]];
    }
    if (keeps_order(x, perm))
        c->out[0] = stream_onnx_reshape_to(c, x, x->rank, dims);
    else if (x->splat || stream_onnx_foldable(x, x->rank, dims))
        c->out[0] = stream_onnx_strided(c, x, x->rank, dims, 0, moved);
    else
        c->out[0] = stream_onnx_transpose(c, x, perm, "");
    return STREAM_OK;
}

static stream_status concat_shape(onnx_ctx *c, int32_t axis, int64_t *dims) {
    const onnx_value *first = c->in[0];
    memcpy(dims, first->dims, sizeof first->dims);
    dims[axis] = 0;
    for (int32_t i = 0; i < c->n_in; ++i) {
        const onnx_value *v = c->in[i];
        if (!v || v->rank != first->rank)
            return stream_onnx_error(c, STREAM_INVALID, "input %d has rank %d, input 0 has %d", i,
                                     v ? v->rank : -1, first->rank);
        for (int32_t d = 0; d < v->rank; ++d)
            if (d != axis && v->dims[d] != first->dims[d])
                return stream_onnx_error(c, STREAM_INVALID,
                                         "input %d ('%s') has %lld as dimension %d, input 0 has "
                                         "%lld",
                                         i, v->name, (long long)v->dims[d], d,
                                         (long long)first->dims[d]);
        dims[axis] += v->dims[axis];
    }
    if (stream_onnx_count(first->rank, dims) < 0)
        return stream_onnx_error(c, STREAM_INVALID, "the result has more than 2^40 elements");
    return STREAM_OK;
}

/* Rows of each input one after the other; `inner` is the row length of an axis step [element]. */
static onnx_value *concat_constants(onnx_ctx *c, int32_t axis, const int64_t *dims) {
    const onnx_value *first = c->in[0];
    size_t bytes = stream_onnx_bytes(first->type);
    int64_t outer = stream_onnx_count(axis, dims);
    int64_t inner = stream_onnx_count(first->rank - axis - 1, dims + axis + 1);
    int64_t n = stream_onnx_count(first->rank, dims);
    uint8_t *data = stream_arena_alloc(c->arena, (size_t)n, bytes), *to = data;
    for (int64_t o = 0; o < outer; ++o)
        for (int32_t i = 0; i < c->n_in; ++i) {
            const onnx_value *v = c->in[i];
            int64_t row = v->dims[axis] * inner;
            for (int64_t e = 0; e < row; ++e, to += bytes)
                memcpy(to, v->blob->data + (v->splat ? 0 : (size_t)(o * row + e) * bytes), bytes);
        }
    return stream_onnx_constant_new(c, first->type, first->rank, dims, data, false);
}

onnx_value *stream_onnx_concat(onnx_ctx *c, onnx_value *const *parts, int32_t n, int32_t axis) {
    const onnx_value *first = NULL;
    int64_t dims[STREAM_MAX_RANK];
    stream_text types = {0}, names = {0};
    memcpy(dims, parts[0]->dims, sizeof dims);
    dims[axis] = 0;
    for (int32_t i = 0; i < n; ++i) {
        dims[axis] += parts[i]->dims[axis];
        if (stream_onnx_elements(parts[i]) == 0)
            continue;
        stream_text_print(&names, "%s%s", first ? ", " : "", stream_onnx_ssa(c, parts[i]));
        stream_text_str(&types, first ? ", " : "");
        stream_onnx_print_type(&types, parts[i]);
        first = parts[i];
    }
    onnx_value *y = stream_onnx_result(c, first->type, first->rank, dims);
    stream_text_print(&c->body, "    %s = tensor.concat dim(%d) %s : (%s) -> ", y->ssa, axis,
                      names.data, types.data);
    stream_onnx_print_type(&c->body, y);
    stream_onnx_print_loc(c, &c->body);
    stream_text_free(&types);
    stream_text_free(&names);
    return y;
}

static stream_status concat(onnx_ctx *c) {
    int64_t axis_given = 0, dims[STREAM_MAX_RANK];
    int32_t axis = 0;
    bool constant = true;
    if (!stream_onnx_attribute(c, "axis"))
        return stream_onnx_error(c, STREAM_INVALID, "attribute 'axis' is missing");
    STREAM_TRY(stream_onnx_int(c, "axis", 1, &axis_given));
    if (c->in[0]->rank == 0)
        return stream_onnx_error(c, STREAM_INVALID, "scalars cannot be concatenated");
    STREAM_TRY(stream_onnx_axis(c, axis_given, c->in[0]->rank, &axis));
    STREAM_TRY(concat_shape(c, axis, dims));
    STREAM_TRY(stream_onnx_same_types(c, 0, c->n_in - 1));
    for (int32_t i = 0; i < c->n_in; ++i)
        constant &= stream_onnx_foldable(c->in[i], c->in[0]->rank, dims);
    int64_t n = stream_onnx_count(c->in[0]->rank, dims);
    if (c->n_in == 1)
        c->out[0] = c->in[0];
    else if (constant)
        c->out[0] = concat_constants(c, axis, dims);
    else if (n == 0)
        return stream_onnx_error(c, STREAM_UNSUPPORTED, "the result has no elements");
    else
        c->out[0] = stream_onnx_concat(c, c->in, c->n_in, axis);
    return STREAM_OK;
}

onnx_value *stream_onnx_expand_to(onnx_ctx *c, onnx_value *v, int32_t rank, const int64_t *dims) {
    int64_t shape[STREAM_MAX_RANK], strides[STREAM_MAX_RANK], own[STREAM_MAX_RANK];
    bool kept[STREAM_MAX_RANK];
    int32_t n = 0, shift = rank - v->rank;
    stream_onnx_strides(v, own);
    for (int32_t d = 0; d < rank; ++d) {
        kept[d] = d >= shift && !(v->dims[d - shift] == 1 && dims[d] != 1);
        strides[d] = kept[d] ? own[d - shift] : 0;
        if (kept[d])
            shape[n++] = dims[d];
    }
    if (v->splat || stream_onnx_foldable(v, rank, dims))
        return stream_onnx_strided(c, v, rank, dims, 0, strides);
    if (stream_onnx_count(rank, dims) == stream_onnx_elements(v))
        return stream_onnx_reshape_to(c, v, rank, dims);
    return stream_onnx_broadcast(c, stream_onnx_reshape_to(c, v, n, shape), v->type, rank, dims,
                                 kept);
}

static stream_status expand(onnx_ctx *c) {
    const int64_t *shape = NULL;
    int64_t dims[STREAM_MAX_RANK];
    int32_t n = 0;
    onnx_value *x = c->in[0];
    STREAM_TRY(stream_onnx_const_ints(c, 1, "the shape", &shape, &n));
    int32_t rank = n > x->rank ? n : x->rank;
    if (rank > STREAM_MAX_RANK)
        return stream_onnx_error(c, STREAM_UNSUPPORTED, "rank %d, at most %d is supported", rank,
                                 STREAM_MAX_RANK);
    for (int32_t d = 0; d < rank; ++d) {
        int64_t want = d < rank - n ? 1 : shape[d - (rank - n)];
        int64_t have = d < rank - x->rank ? 1 : x->dims[d - (rank - x->rank)];
        if (want != have && want != 1 && have != 1)
            return stream_onnx_error(c, STREAM_INVALID, "%lld does not expand to %lld",
                                     (long long)have, (long long)want);
        dims[d] = have == 1 ? want : have;
    }
    int64_t count = stream_onnx_count(rank, dims);
    if (count < 0 || (count == 0 && !x->blob))
        return stream_onnx_error(c, STREAM_UNSUPPORTED, "the result has %s elements",
                                 count ? "more than 2^40" : "no");
    c->out[0] = stream_onnx_expand_to(c, x, rank, dims);
    return STREAM_OK;
}

/* [a, b] repeated [r, s] is [a, b] -> [1, a, 1, b] -> [r, a, s, b] -> [r a, s b]. */
static stream_status tile(onnx_ctx *c) {
    onnx_value *x = c->in[0];
    const int64_t *repeats = NULL;
    int64_t split_dims[2 * STREAM_MAX_RANK], wide[2 * STREAM_MAX_RANK], dims[STREAM_MAX_RANK];
    int32_t n = 0, rank = 0;
    STREAM_TRY(stream_onnx_const_ints(c, 1, "the repeats", &repeats, &n));
    if (n != x->rank)
        return stream_onnx_error(c, STREAM_INVALID, "%d repeats for rank %d", n, x->rank);
    for (int32_t d = 0; d < n; ++d) {
        if (repeats[d] < 1 || repeats[d] > INT32_MAX)
            return stream_onnx_error(c, STREAM_UNSUPPORTED, "dimension %d is repeated %lld times",
                                     d, (long long)repeats[d]);
        dims[d] = x->dims[d] * repeats[d];
        if (repeats[d] > 1) {
            split_dims[rank] = 1;
            wide[rank++] = repeats[d];
        }
        split_dims[rank] = wide[rank] = x->dims[d];
        ++rank;
    }
    if (rank > STREAM_MAX_RANK || stream_onnx_count(x->rank, dims) <= 0)
        return stream_onnx_error(c, STREAM_UNSUPPORTED, "too many or too large repeats");
    onnx_value *y = stream_onnx_reshape_to(c, x, rank, split_dims);
    c->out[0] = stream_onnx_reshape_to(c, stream_onnx_expand_to(c, y, rank, wide), x->rank, dims);
    return STREAM_OK;
}

static const onnx_row rows[] = {
    {"Transpose", NULL, 1, 1, 1, ONNX_ANY, transpose},
    {"Concat", NULL, 4, 1, -1, ONNX_ANY, concat},
    {"Expand", NULL, 8, 2, 2, ONNX_ANY, expand},
    {"Tile", NULL, 6, 2, 2, ONNX_ANY, tile},
};

ONNX_FAMILY(stream_onnx_move, rows);
