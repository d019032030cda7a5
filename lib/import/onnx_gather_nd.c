/* GatherElements and GatherND. */

#include "onnx_elementwise.h"
#include "onnx_index.h"

#include <stdio.h>
#include <string.h>

static void append_index(char *list, size_t size, onnx_scalar s) {
    size_t used = strlen(list);
    snprintf(list + used, size - used, "%s%%s%d", used ? ", " : "", s.id);
}

/* y[i...] = x[i... with index[i...] along the axis] */
static stream_status gather_elements(onnx_ctx *c) {
    onnx_value *x = c->in[0], *index = c->in[1];
    int64_t given = 0;
    int32_t axis = 0;
    char list[STREAM_MAX_RANK * 16] = "";
    STREAM_TRY(stream_onnx_int(c, "axis", 0, &given));
    STREAM_TRY(stream_onnx_axis(c, given, x->rank, &axis));
    STREAM_TRY(stream_onnx_want_indices(c, 1));
    STREAM_TRY(stream_onnx_want_rank(c, 1, x->rank));
    for (int32_t d = 0; d < x->rank; ++d)
        if (index->dims[d] < 1 || (d != axis && index->dims[d] > x->dims[d]))
            return stream_onnx_error(c, STREAM_INVALID,
                                     "dimension %d is %lld in the data and %lld in the indices", d,
                                     (long long)x->dims[d], (long long)index->dims[d]);
    onnx_scalar i = stream_onnx_map_in(c, index);
    stream_onnx_map_out(c, x->type, index->rank, index->dims);
    i = stream_onnx_s_to_index(c, stream_onnx_s_from_end(c, i, x->dims[axis]));
    for (int32_t d = 0; d < x->rank; ++d)
        append_index(list, sizeof list, d == axis ? i : stream_onnx_s_loop(c, d));
    c->out[0] = stream_onnx_g_end(c, stream_onnx_s_extract(c, x, list), "");
    return STREAM_OK;
}

/* y[b..., i..., s...] = x[b..., index[b..., i..., 0 .. k-1], s...] */
typedef struct {
    int32_t batch, k, lead, rank; /* lead: dims of the indices without the last one */
    int64_t dims[2 * STREAM_MAX_RANK];
} nd_shape;

static stream_status read_nd(onnx_ctx *c, nd_shape *s) {
    const onnx_value *x = c->in[0], *index = c->in[1];
    int64_t batch = 0;
    STREAM_TRY(stream_onnx_want_indices(c, 1));
    STREAM_TRY(stream_onnx_int(c, "batch_dims", 0, &batch));
    int64_t k = index->rank ? index->dims[index->rank - 1] : 0;
    if (batch < 0 || batch >= index->rank || k < 1 || batch + k > x->rank)
        return stream_onnx_error(c, STREAM_INVALID,
                                 "%lld batch dimensions and indices of %lld elements into rank %d",
                                 (long long)batch, (long long)k, x->rank);
    *s = (nd_shape){.batch = (int32_t)batch, .k = (int32_t)k, .lead = index->rank - 1};
    for (int32_t d = 0; d < s->lead; ++d)
        s->dims[s->rank++] = index->dims[d];
    for (int32_t d = s->batch + s->k; d < x->rank; ++d)
        s->dims[s->rank++] = x->dims[d];
    for (int32_t d = 0; d < s->batch; ++d)
        if (x->dims[d] != index->dims[d])
            return stream_onnx_error(c, STREAM_INVALID, "batch dimension %d is %lld and %lld", d,
                                     (long long)x->dims[d], (long long)index->dims[d]);
    if (s->rank > STREAM_MAX_RANK || stream_onnx_count(s->rank, s->dims) <= 0)
        return stream_onnx_error(c, STREAM_UNSUPPORTED, "a result of rank %d, or without elements",
                                 s->rank);
    return STREAM_OK;
}

static stream_status gather_nd(onnx_ctx *c) {
    onnx_value *x = c->in[0], *index = c->in[1];
    onnx_scalar i[STREAM_MAX_RANK];
    char list[STREAM_MAX_RANK * 16] = "";
    nd_shape s;
    STREAM_TRY(read_nd(c, &s));
    stream_onnx_g_begin(c, stream_onnx_parallel(c, s.rank));
    for (int32_t j = 0; j < s.k; ++j) {
        char column[16];
        snprintf(column, sizeof column, "%d", j);
        i[j] = stream_onnx_g_in(c, index, stream_onnx_replaced_map(c, s.lead + 1, s.lead, column));
    }
    stream_onnx_map_out(c, x->type, s.rank, s.dims);
    for (int32_t d = 0; d < x->rank; ++d) {
        int32_t j = d - s.batch;
        bool indexed = j >= 0 && j < s.k;
        if (indexed)
            i[j] = stream_onnx_s_to_index(c, stream_onnx_s_from_end(c, i[j], x->dims[d]));
        append_index(list, sizeof list,
                     indexed ? i[j] : stream_onnx_s_loop(c, j < 0 ? d : s.lead + j - s.k));
    }
    c->out[0] = stream_onnx_g_end(c, stream_onnx_s_extract(c, x, list), "");
    return STREAM_OK;
}

static const onnx_row rows[] = {
    {"GatherElements", NULL, 11, 2, 2, ONNX_ANY, gather_elements},
    {"GatherND", NULL, 11, 2, 2, ONNX_ANY, gather_nd},
};

ONNX_FAMILY(stream_onnx_gather_nd, rows);
