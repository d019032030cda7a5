#include "schedule_versions.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
    stream_box box;
    int32_t at, ct; /* at: lo along the axis */
} written;

static int by_place(const void *a, const void *b) {
    const written *x = a, *y = b;
    if (x->at != y->at)
        return x->at < y->at ? -1 : 1;
    int order = memcmp(&x->box, &y->box, sizeof x->box);
    return order ? order : (x->ct > y->ct) - (x->ct < y->ct);
}

static int32_t longest_along(const stream_ct_graph *g, const int32_t *cts, int32_t n, int32_t d) {
    int32_t most = 1;
    for (int32_t i = 0; i < n; ++i)
        most = g->cts[cts[i]].box.size[d] > most ? g->cts[cts[i]].box.size[d] : most;
    return most;
}

/* The axis with the most tiles. */
static void choose_axis(const stream_ct_graph *g, const stream_tensor *tensor, const int32_t *cts,
                        int32_t n, stream_version_cells *out) {
    int64_t most = 0;
    for (int32_t d = 0; d < tensor->rank; ++d) {
        int32_t longest = longest_along(g, cts, n, d);
        if (tensor->shape[d] / longest > most) {
            most = tensor->shape[d] / longest;
            out->axis = d;
            out->longest = longest;
        }
    }
}

static void make_cells(const stream_ct_graph *g, int32_t tensor, written *all, stream_versions *v,
                       stream_arena *arena) {
    stream_version_cells *out = &v->tensors[tensor];
    const int32_t *cts = g->writers + g->writer_first[tensor];
    int32_t n = g->writer_first[tensor + 1] - g->writer_first[tensor];
    choose_axis(g, &g->tensors[tensor], cts, n, out);
    for (int32_t i = 0; i < n; ++i) {
        const stream_box *box = &g->cts[cts[i]].box;
        all[i] = (written){*box, box->lo[out->axis], cts[i]};
    }
    qsort(all, (size_t)n, sizeof *all, by_place);
    out->cells = STREAM_NEW(arena, stream_version_cell, (size_t)n);
    for (int32_t i = 0; i < n; ++i) {
        if (i == 0 || !stream_box_equal(&all[i].box, &all[i - 1].box))
            out->cells[out->n++] = (stream_version_cell){all[i].box, -1};
        v->cell_of[all[i].ct] = out->n - 1;
    }
}

void stream_versions_begin(const stream_ct_graph *graph, stream_arena *arena,
                           stream_versions *out) {
    out->tensors = STREAM_NEW(arena, stream_version_cells, (size_t)graph->n_tensors);
    out->cell_of = STREAM_NEW(arena, int32_t, (size_t)graph->n_cts);
    written *all = STREAM_NEW(arena, written, (size_t)graph->n_cts);
    for (int32_t t = 0; t < graph->n_tensors; ++t)
        make_cells(graph, t, all, out, arena);
}

void stream_versions_write(stream_versions *v, const stream_ct_graph *graph, int32_t ct) {
    v->tensors[graph->cts[ct].tensor].cells[v->cell_of[ct]].last = ct;
}

int32_t stream_versions_last(const stream_versions *v, int32_t tensor, const stream_box *box) {
    const stream_version_cells *c = &v->tensors[tensor];
    int64_t from =
        (int64_t)box->lo[c->axis] - c->longest; /* cells that begin there are too short */
    int64_t to = (int64_t)box->lo[c->axis] + box->size[c->axis];
    int32_t lo = 0, hi = c->n, last = -1;
    while (lo < hi) {
        int32_t mid = lo + (hi - lo) / 2;
        if (c->cells[mid].box.lo[c->axis] <= from)
            lo = mid + 1;
        else
            hi = mid;
    }
    if (box->rank == 0)
        return c->n > 0 ? c->cells[0].last : -1;
    for (; lo < c->n && c->cells[lo].box.lo[c->axis] < to; ++lo)
        if (c->cells[lo].last > last && stream_box_overlaps(&c->cells[lo].box, box))
            last = c->cells[lo].last;
    return last;
}
