/* Gather and Pad. */

#include "onnx_move.h"

#include "stream/support/integer.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static onnx_scalar index_of(onnx_ctx *c, int32_t loop) {
    onnx_scalar s = {c->generic.n_scalars++, ONNX_INT64};
    stream_text_print(&c->generic.body, "      %%s%d = linalg.index %d : index\n", s.id, loop);
    return s;
}

static onnx_scalar to_index(onnx_ctx *c, onnx_scalar v) {
    onnx_scalar s = {c->generic.n_scalars++, ONNX_INT64};
    stream_text_print(&c->generic.body, "      %%s%d = arith.index_cast %%s%d : %s to index\n",
                      s.id, v.id, stream_onnx_mlir(v.type));
    return s;
}

static char *kinds_of(onnx_ctx *c, int32_t n) {
    char *kinds = stream_arena_alloc(c->arena, (size_t)n + 1, 1);
    memset(kinds, 'p', (size_t)n);
    return kinds;
}

/* i < 0 ? i + dim : i */
static onnx_scalar from_end(onnx_ctx *c, onnx_scalar i, int64_t dim) {
    onnx_scalar negative = stream_onnx_s_compare(c, "lt", i, stream_onnx_s_number(c, i.type, 0));
    onnx_scalar wrapped =
        stream_onnx_s_arith(c, '+', i, stream_onnx_s_number(c, i.type, (double)dim));
    return stream_onnx_s_select(c, negative, wrapped, i);
}

/* y[p..., i..., q...] = v[p..., index[i...], q...], p before `axis`. */
static onnx_value *emit_gather(onnx_ctx *c, onnx_value *v, int32_t axis, onnx_value *index,
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
    stream_onnx_g_begin(c, kinds_of(c, rank));
    onnx_scalar i = stream_onnx_g_in(c, index, stream_onnx_dims_map(c, rank, of_index));
    stream_onnx_g_out(c, empty, stream_onnx_dims_map(c, rank, NULL));
    if (negative)
        i = from_end(c, i, v->dims[axis]);
    i = to_index(c, i);
    char list[STREAM_MAX_RANK * 16] = "";
    size_t at = 0;
    for (int32_t d = 0; d < v->rank; ++d) {
        onnx_scalar s = d == axis ? i : index_of(c, d < axis ? d : d + index->rank - 1);
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

onnx_value *stream_onnx_take(onnx_ctx *c, onnx_value *v, int32_t axis, const int64_t *index,
                             int64_t n) {
    int64_t dims[STREAM_MAX_RANK];
    char suffix[16];
    memcpy(dims, v->dims, sizeof dims);
    dims[axis] = n;
    if (stream_onnx_foldable(v, v->rank, dims))
        return gather_constants(c, v, axis, index, v->rank, dims, n);
    onnx_value *list = stream_onnx_constant_new(c, ONNX_INT64, 1, &n, index, false);
    snprintf(suffix, sizeof suffix, ".axis%d", axis);
    return emit_gather(c, v, axis, list, false, suffix);
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
    if (index->type != ONNX_INT32 && index->type != ONNX_INT64)
        return stream_onnx_error(c, STREAM_INVALID, "the indices are %s",
                                 stream_onnx_type_name(index->type));
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
                    : emit_gather(c, v, axis, index, true, "");
    return STREAM_OK;
}

/* Border widths per dim; negative ones crop. */
typedef struct {
    int64_t low[STREAM_MAX_RANK], high[STREAM_MAX_RANK];
} border;

static stream_status read_border(onnx_ctx *c, border *b) {
    const int64_t *pads = NULL;
    const onnx_value *x = c->in[0];
    int32_t n = -1;
    bool mask[STREAM_MAX_RANK], partial = false;
    if (c->opset < 11)
        STREAM_TRY(stream_onnx_ints(c, "pads", &pads, &n));
    else
        STREAM_TRY(stream_onnx_const_ints(c, 1, "the pads", &pads, &n));
    STREAM_TRY(stream_onnx_axes(c, NULL, 3, x->rank, mask, &partial));
    const int64_t *axes = NULL;
    int32_t n_axes = x->rank;
    if (partial)
        STREAM_TRY(stream_onnx_const_ints(c, 3, "the axes", &axes, &n_axes));
    if (n != 2 * n_axes)
        return stream_onnx_error(c, STREAM_INVALID, "%d pads for %d dimensions", n, n_axes);
    for (int32_t i = 0; i < n_axes; ++i) {
        int64_t low = pads[i], high = pads[n_axes + i], d = axes ? axes[i] : i;
        d += d < 0 ? x->rank : 0;
        if (low < -INT32_MAX || low > INT32_MAX || high < -INT32_MAX || high > INT32_MAX ||
            x->dims[d] + low + high <= 0 || x->dims[d] + low <= 0 || x->dims[d] + high <= 0 ||
            x->dims[d] + low + high > INT32_MAX)
            return stream_onnx_error(
                c, STREAM_INVALID, "dimension %lld of %lld cannot be padded by %lld and %lld",
                (long long)d, (long long)x->dims[d], (long long)low, (long long)high);
        b->low[d] = low;
        b->high[d] = high;
    }
    return STREAM_OK;
}

static onnx_value *crop(onnx_ctx *c, onnx_value *x, const border *b) {
    int64_t start[STREAM_MAX_RANK], size[STREAM_MAX_RANK], one[STREAM_MAX_RANK];
    bool any = false;
    for (int32_t d = 0; d < x->rank; ++d) {
        start[d] = stream_max_i64(0, -b->low[d]);
        size[d] = x->dims[d] - start[d] - stream_max_i64(0, -b->high[d]);
        one[d] = 1;
        any |= size[d] != x->dims[d];
    }
    return any ? stream_onnx_slice(c, x, start, size, one) : x;
}

static stream_status pad_value(onnx_ctx *c, double *out) {
    *out = 0;
    if (c->opset < 11)
        return stream_onnx_float(c, "value", 0, out);
    const onnx_value *v = stream_onnx_input(c, 2);
    if (!v)
        return STREAM_OK;
    if (!stream_onnx_is_scalar(v) || v->type != c->in[0]->type)
        return stream_onnx_error(c, STREAM_UNSUPPORTED,
                                 "the padding value ('%s') must be a "
                                 "constant scalar of the input's type",
                                 v->name);
    *out = stream_onnx_get(v, 0);
    return STREAM_OK;
}

static stream_status pad_constant(onnx_ctx *c, const border *b) {
    int64_t low[STREAM_MAX_RANK], high[STREAM_MAX_RANK];
    double value = 0;
    STREAM_TRY(pad_value(c, &value));
    for (int32_t d = 0; d < c->in[0]->rank; ++d) {
        low[d] = stream_max_i64(0, b->low[d]);
        high[d] = stream_max_i64(0, b->high[d]);
    }
    c->out[0] = stream_onnx_pad(c, crop(c, c->in[0], b), low, high, value);
    return STREAM_OK;
}

/* Where element i of a padded dim comes from: mirrored without the edge, the edge, or around. */
static int64_t border_source(int64_t i, int64_t dim, char mode) {
    if (mode == 'e')
        return i < 0 ? 0 : i >= dim ? dim - 1 : i;
    int64_t period = mode == 'w' ? dim : stream_max_i64(1, 2 * (dim - 1));
    i = (i % period + period) % period;
    return mode == 'w' || i < dim ? i : period - i;
}

/* One gather per padded dim. */
static stream_status pad_copied(onnx_ctx *c, const border *b, char mode) {
    onnx_value *x = c->in[0];
    for (int32_t d = 0; d < x->rank; ++d) {
        int64_t n = x->dims[d] + b->low[d] + b->high[d];
        if (!b->low[d] && !b->high[d])
            continue;
        if (n > 1 << 20)
            return stream_onnx_error(c, STREAM_UNSUPPORTED, "dimension %d grows to %lld", d,
                                     (long long)n);
        int64_t *index = STREAM_NEW(c->arena, int64_t, (size_t)n);
        for (int64_t i = 0; i < n; ++i)
            index[i] = border_source(i - b->low[d], x->dims[d], mode);
        x = stream_onnx_take(c, x, d, index, n);
    }
    c->out[0] = x;
    return STREAM_OK;
}

static stream_status pad(onnx_ctx *c) {
    const char *mode = NULL;
    border b = {{0}, {0}};
    STREAM_TRY(stream_onnx_string(c, "mode", "constant", &mode));
    STREAM_TRY(read_border(c, &b));
    if (!strcmp(mode, "constant"))
        return pad_constant(c, &b);
    if (!strcmp(mode, "edge") || !strcmp(mode, "reflect") || !strcmp(mode, "wrap"))
        return pad_copied(c, &b, mode[0]);
    return stream_onnx_error(c, STREAM_UNSUPPORTED, "mode '%.40s' is not supported", mode);
}

static const onnx_row rows[] = {
    {"Gather", NULL, 1, 2, 2, ONNX_ANY, gather},
    {"Pad", NULL, 2, 1, 1, ONNX_FLOATING, pad},
    {"Pad", NULL, 11, 2, 3, ONNX_ANY, pad},
    {"Pad", NULL, 18, 2, 4, ONNX_ANY, pad},
};

ONNX_FAMILY(stream_onnx_gather, rows);
