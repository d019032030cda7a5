/* Gather, and elements taken at constant positions of one axis. */

#include "onnx_elementwise.h"
#include "onnx_index.h"
#include "onnx_move.h"

#include "stream/support/integer.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* y[p..., i..., q...] = v[p..., index[i...], q...], p before `axis`. */
onnx_value *stream_onnx_gather_emit(onnx_ctx *c, onnx_value *v, int32_t axis, onnx_value *index,
                                    bool negative, const char *suffix) {
    int64_t dims[STREAM_MAX_RANK];
    bool of_index[STREAM_MAX_RANK] = {false};
    int32_t rank = v->rank - 1 + index->rank;
    for (int32_t d = 0; d < rank; ++d) {
        of_index[d] = d >= axis && d < axis + index->rank;
        dims[d] = d < axis      ? v->dims[d]
                  : of_index[d] ? index->dims[d - axis]
                                : v->dims[d - index->rank + 1];
    }
    onnx_value *empty = stream_onnx_empty(c, v->type, rank, dims);
    stream_onnx_g_begin(c, stream_onnx_parallel(c, rank));
    onnx_scalar i = stream_onnx_g_in(c, index, stream_onnx_dims_map(c, rank, of_index));
    stream_onnx_g_out(c, empty, stream_onnx_dims_map(c, rank, NULL));
    if (negative)
        i = stream_onnx_s_from_end(c, i, v->dims[axis]);
    i = stream_onnx_s_to_index(c, i);
    char list[STREAM_MAX_RANK * 16] = "";
    size_t at = 0;
    for (int32_t d = 0; d < v->rank; ++d) {
        onnx_scalar s = d == axis ? i : stream_onnx_s_loop(c, d < axis ? d : d + index->rank - 1);
        at += (size_t)snprintf(list + at, sizeof list - at, "%s%%s%d", d ? ", " : "", s.id);
    }
    return stream_onnx_g_end(c, stream_onnx_s_extract(c, v, list), suffix);
}

static onnx_value *gather_constants(onnx_ctx *c, const onnx_value *v, int32_t axis,
                                    const int64_t *index, int32_t rank, const int64_t *dims,
                                    int64_t n_index) {
    size_t bytes = stream_onnx_bytes(v->type);
    int64_t outer = stream_onnx_count(axis, v->dims), n = stream_onnx_count(rank, dims);
    int64_t inner = stream_onnx_count(v->rank - axis - 1, v->dims + axis + 1);
    uint8_t *data = stream_arena_alloc(c->arena, (size_t)n, bytes), *to = data;
    for (int64_t o = 0; o < outer; ++o)
        for (int64_t i = 0; i < n_index; ++i)
            for (int64_t e = 0; e < inner; ++e, to += bytes) {
                int64_t from = (o * v->dims[axis] + index[i]) * inner + e;
                memcpy(to, v->blob->data + (v->splat ? 0 : (size_t)from * bytes), bytes);
            }
    return stream_onnx_constant_new(c, v->type, rank, dims, data, false);
}

/* index[i] = index[0] + i * step */
static bool is_progression(const int64_t *index, int64_t n, int64_t *step) {
    *step = n > 1 ? index[1] - index[0] : 1;
    for (int64_t i = 2; i < n; ++i)
        if (index[i] - index[i - 1] != *step)
            return false;
    return *step != 0;
}

/* index[i] = i / factor, every element `factor` times */
static bool is_repetition(const int64_t *index, int64_t n, int64_t dim, int64_t *factor) {
    if (dim < 1)
        return false;
    *factor = n / dim;
    for (int64_t i = 0; i < n; ++i)
        if (n % dim || index[i] != i / *factor)
            return false;
    return true;
}

static onnx_value *forward(onnx_ctx *c, onnx_value *v, int32_t axis, int64_t start, int64_t n,
                           int64_t step) {
    int64_t offset[STREAM_MAX_RANK] = {0}, size[STREAM_MAX_RANK], stride[STREAM_MAX_RANK];
    for (int32_t d = 0; d < v->rank; ++d) {
        size[d] = d == axis ? n : v->dims[d];
        stride[d] = d == axis ? step : 1;
    }
    offset[axis] = start;
    bool all = start == 0 && n == v->dims[axis];
    return all ? v : stream_onnx_slice(c, v, offset, size, stride);
}

static onnx_value *backward(onnx_ctx *c, onnx_value *v, int32_t axis, int64_t start,
                            const int64_t *dims, int64_t step, const char *suffix) {
    char by[64];
    snprintf(by, sizeof by, "d%d * %lld + %lld", axis, (long long)step, (long long)start);
    stream_onnx_g_begin(c, stream_onnx_parallel(c, v->rank));
    onnx_scalar s = stream_onnx_g_in(c, v, stream_onnx_replaced_map(c, v->rank, axis, by));
    stream_onnx_map_out(c, v->type, v->rank, dims);
    return stream_onnx_g_end(c, s, suffix);
}

static onnx_value *repeated(onnx_ctx *c, onnx_value *v, int32_t axis, int64_t factor,
                            const int64_t *dims) {
    int64_t narrow[STREAM_MAX_RANK + 1], wide[STREAM_MAX_RANK + 1];
    int32_t rank = 0;
    for (int32_t d = 0; d < v->rank; ++d) {
        narrow[rank] = wide[rank] = v->dims[d];
        ++rank;
        if (d != axis)
            continue;
        narrow[rank] = 1;
        wide[rank++] = factor;
    }
    v = stream_onnx_reshape_to(c, v, rank, narrow);
    return stream_onnx_reshape_to(c, stream_onnx_expand_to(c, v, rank, wide), rank - 1, dims);
}

onnx_value *stream_onnx_take(onnx_ctx *c, onnx_value *v, int32_t axis, const int64_t *index,
                             int64_t n) {
    int64_t dims[STREAM_MAX_RANK], step = 0, factor = 0;
    char suffix[16];
    memcpy(dims, v->dims, sizeof dims);
    dims[axis] = n;
    snprintf(suffix, sizeof suffix, ".axis%d", axis);
    if (stream_onnx_foldable(v, v->rank, dims))
        return gather_constants(c, v, axis, index, v->rank, dims, n);
    if (is_progression(index, n, &step))
        return step > 0 ? forward(c, v, axis, index[0], n, step)
                        : backward(c, v, axis, index[0], dims, step, suffix);
    if (v->rank < STREAM_MAX_RANK && is_repetition(index, n, v->dims[axis], &factor))
        return repeated(c, v, axis, factor, dims);
    onnx_value *list = stream_onnx_constant_new(c, ONNX_INT64, 1, &n, index, false);
    return stream_onnx_gather_emit(c, v, axis, list, false, suffix);
}

/* Constant indices, normalised to [0, dim). */
static stream_status constant_indices(onnx_ctx *c, const onnx_value *index, int64_t dim,
                                      int64_t **out) {
    int64_t n = stream_onnx_elements(index);
    *out = STREAM_NEW(c->arena, int64_t, (size_t)n);
    for (int64_t i = 0; i < n; ++i) {
        int64_t at = stream_onnx_get_int(index, i);
        if (at < -dim || at >= dim)
            return stream_onnx_error(c, STREAM_INVALID, "index %lld is outside [%lld, %lld]",
                                     (long long)at, (long long)-dim, (long long)dim - 1);
        (*out)[i] = at < 0 ? at + dim : at;
    }
    return STREAM_OK;
}

static onnx_value *take_one(onnx_ctx *c, onnx_value *v, int32_t axis, int64_t at, int32_t rank,
                            const int64_t *dims) {
    int64_t start[STREAM_MAX_RANK] = {0}, size[STREAM_MAX_RANK], one[STREAM_MAX_RANK];
    for (int32_t d = 0; d < v->rank; ++d) {
        size[d] = d == axis ? 1 : v->dims[d];
        one[d] = 1;
    }
    start[axis] = at;
    return stream_onnx_reshape_to(c, stream_onnx_slice(c, v, start, size, one), rank, dims);
}

static stream_status gather(onnx_ctx *c) {
    onnx_value *v = c->in[0], *index = c->in[1];
    int64_t axis_given = 0, dims[2 * STREAM_MAX_RANK], *at = NULL;
    int32_t axis = 0, rank = 0;
    STREAM_TRY(stream_onnx_int(c, "axis", 0, &axis_given));
    STREAM_TRY(stream_onnx_axis(c, axis_given, v->rank, &axis));
    STREAM_TRY(stream_onnx_want_indices(c, 1));
    for (int32_t d = 0; d < v->rank; ++d) {
        for (int32_t i = 0; d == axis && i < index->rank; ++i)
            dims[rank++] = index->dims[i];
        if (d != axis)
            dims[rank++] = v->dims[d];
    }
    if (rank > STREAM_MAX_RANK || stream_onnx_count(rank, dims) < 0)
        return stream_onnx_error(c, STREAM_UNSUPPORTED,
                                 "the result has rank %d or more than 2^40 "
                                 "elements",
                                 rank);
    bool known = index->blob && stream_onnx_elements(index) <= 1 << 16;
    if (known)
        STREAM_TRY(constant_indices(c, index, v->dims[axis], &at));
    if (known && stream_onnx_foldable(v, rank, dims)) {
        c->out[0] = gather_constants(c, v, axis, at, rank, dims, stream_onnx_elements(index));
        return STREAM_OK;
    }
    if (stream_onnx_count(rank, dims) == 0)
        return stream_onnx_error(c, STREAM_UNSUPPORTED, "the result has no elements");
    c->out[0] = known && stream_onnx_elements(index) == 1
                    ? take_one(c, v, axis, at[0], rank, dims)
                    : stream_onnx_gather_emit(c, v, axis, index, true, "");
    return STREAM_OK;
}

static const onnx_row rows[] = {
    {"Gather", NULL, 1, 2, 2, ONNX_ANY, gather},
};

ONNX_FAMILY(stream_onnx_gather, rows);
