/* Reshapes as tensor.collapse_shape and tensor.expand_shape; see stream_onnx_reshape_to. */

#include "onnx_import.h"

/* The common coarsening of two shapes of equal volume: group g covers a[a_end[g-1], a_end[g]) and
 * b[b_end[g-1], b_end[g]), and the products agree. */
typedef struct {
    int32_t n;
    int32_t a_end[STREAM_MAX_RANK], b_end[STREAM_MAX_RANK];
    int64_t size[STREAM_MAX_RANK];
} grouping;

static void add_group(grouping *g, int32_t i, int32_t j, int64_t size) {
    g->a_end[g->n] = i;
    g->b_end[g->n] = j;
    g->size[g->n++] = size;
}

/* Both ranks at least 1. Dims of size 1 at the end join the last group. */
static grouping common_groups(int32_t na, const int64_t *a, int32_t nb, const int64_t *b) {
    grouping g = {0};
    int32_t i = 0, j = 0;
    while (i < na && j < nb) {
        int64_t pa = a[i++], pb = b[j++];
        while (pa != pb && (pa < pb ? i < na : j < nb)) {
            if (pa < pb)
                pa *= a[i++];
            else
                pb *= b[j++];
        }
        add_group(&g, i, j, pa);
    }
    g.a_end[g.n - 1] = na;
    g.b_end[g.n - 1] = nb;
    return g;
}

/* [[0, 1], [2]] for group ends {2, 3}. */
static void print_reassociation(stream_text *text, int32_t n, const int32_t *end) {
    stream_text_str(text, "[");
    for (int32_t g = 0, d = 0; g < n; ++g) {
        stream_text_str(text, g ? ", [" : "[");
        for (int32_t first = d; d < end[g]; ++d)
            stream_text_print(text, "%s%d", d > first ? ", " : "", d);
        stream_text_str(text, "]");
    }
    stream_text_str(text, "]");
}

static onnx_value *emit(onnx_ctx *c, onnx_value *v, bool expand, int32_t rank, const int64_t *dims,
                        int32_t n_groups, const int32_t *end) {
    const char *source = stream_onnx_ssa(c, v);
    onnx_value *out = stream_onnx_result(c, v->type, rank, dims);
    stream_text_print(&c->body, "    %s = tensor.%s_shape %s ", out->ssa,
                      expand ? "expand" : "collapse", source);
    print_reassociation(&c->body, n_groups, end);
    if (expand) {
        stream_text_str(&c->body, " output_shape ");
        stream_onnx_print_list(&c->body, rank, dims);
    }
    stream_text_str(&c->body, " : ");
    stream_onnx_print_type(&c->body, v);
    stream_text_str(&c->body, " into ");
    stream_onnx_print_type(&c->body, out);
    if (c->node)
        stream_onnx_print_loc(c, &c->body);
    return out;
}

static bool same_shape(const onnx_value *v, int32_t rank, const int64_t *dims) {
    bool same = v->rank == rank;
    for (int32_t d = 0; same && d < rank; ++d)
        same = v->dims[d] == dims[d];
    return same;
}

static onnx_value *view_constant(onnx_ctx *c, const onnx_value *v, int32_t rank,
                                 const int64_t *dims) {
    onnx_value *out = stream_onnx_new(c, v->type, rank, dims);
    out->blob = v->blob;
    out->splat = v->splat;
    return out;
}

onnx_value *stream_onnx_reshape_to(onnx_ctx *c, onnx_value *v, int32_t rank, const int64_t *dims) {
    if (same_shape(v, rank, dims))
        return v;
    if (v->blob)
        return view_constant(c, v, rank, dims);
    if (rank == 0 || v->rank == 0)
        return emit(c, v, v->rank == 0, rank, dims, 0, NULL);
    grouping g = common_groups(v->rank, v->dims, rank, dims);
    if (g.n < v->rank)
        v = emit(c, v, false, g.n, g.size, g.n, g.a_end);
    if (g.n < rank)
        v = emit(c, v, true, rank, dims, g.n, g.b_end);
    return v;
}
