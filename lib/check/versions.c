/* Which CT's version of a box is the one that a reader must see: the last that wrote it before the
 * reader in program order. Writers of one tensor write disjoint or equal boxes (graph.h), so a
 * tensor falls into cells, each with a chain of writers. */

#include "context.h"

#include <stdlib.h>

typedef struct {
    stream_box box;
    int32_t ct;
} written;

static int by_box(const void *a, const void *b) {
    const written *x = a, *y = b;
    for (int32_t d = 0; d < x->box.rank; ++d) {
        if (x->box.lo[d] != y->box.lo[d])
            return x->box.lo[d] < y->box.lo[d] ? -1 : 1;
        if (x->box.size[d] != y->box.size[d])
            return x->box.size[d] < y->box.size[d] ? -1 : 1;
    }
    return (x->ct > y->ct) - (x->ct < y->ct);
}

/* Most layers write in the order of their boxes. */
static void sort(written *all, int32_t n) {
    int32_t sorted = 1;
    while (sorted < n && by_box(&all[sorted - 1], &all[sorted]) < 0)
        ++sorted;
    if (sorted < n)
        qsort(all, (size_t)n, sizeof *all, by_box);
}

/* Cells of one tensor from its writers sorted by box; their ids go to cell_writers[first ..). */
static void group(check *c, const written *all, int32_t n, int32_t first, int32_t *cell_writers,
                  int32_t *previous, check_cells *out) {
    check_cell *cells = STREAM_NEW(c->arena, check_cell, (size_t)n);
    int32_t n_cells = 0;
    for (int32_t i = 0; i < n; ++i) {
        bool same = i > 0 && stream_box_equal(&all[i].box, &all[i - 1].box);
        if (!same)
            cells[n_cells++] = (check_cell){.box = all[i].box, .first_writer = first + i};
        ++cells[n_cells - 1].n_writers;
        cell_writers[first + i] = all[i].ct;
        previous[all[i].ct] = same ? all[i - 1].ct : -1;
    }
    int32_t rank = n > 0 ? all[0].box.rank : 0;
    int64_t *ranges = STREAM_NEW(c->arena, int64_t, 2 * (size_t)rank * (size_t)n_cells);
    for (int32_t i = 0; i < n_cells; ++i)
        stream_range_of_box(&cells[i].box, ranges + 2 * (size_t)rank * (size_t)i);
    *out = (check_cells){.cells = cells, .n_cells = n_cells};
    stream_range_tree_build(rank, ranges, n_cells, c->arena, &out->tree);
}

void check_versions_build(check *c) {
    const stream_ct_graph *g = c->graph;
    size_t n_cts = (size_t)g->n_cts;
    check_cells *cells = STREAM_NEW(c->arena, check_cells, (size_t)g->n_tensors);
    int32_t *cell_writers = STREAM_NEW(c->arena, int32_t, n_cts);
    int32_t *previous = STREAM_NEW(c->arena, int32_t, n_cts);
    written *all = STREAM_NEW(c->arena, written, n_cts);
    for (int32_t t = 0; t < g->n_tensors; ++t) {
        int32_t first = g->writer_first[t], n = g->writer_first[t + 1] - first;
        for (int32_t i = 0; i < n; ++i) {
            int32_t ct = g->writers[first + i];
            all[i] = (written){.box = g->cts[ct].box, .ct = ct};
        }
        sort(all, n);
        group(c, all, n, first, cell_writers, previous, &cells[t]);
    }
    c->cells = cells;
    c->cell_writers = cell_writers;
    c->previous = previous;
    bool *replaced = STREAM_NEW(c->arena, bool, n_cts);
    for (int32_t i = 0; i < g->n_cts; ++i)
        if (previous[i] >= 0)
            replaced[previous[i]] = true;
    c->replaced = replaced;
}

int32_t check_version_before(const check *c, const check_cell *cell, int32_t ct) {
    const int32_t *writers = c->cell_writers + cell->first_writer;
    int32_t lo = 0, hi = cell->n_writers; /* writers[0 .. lo) are before ct */
    while (lo < hi) {
        int32_t mid = lo + (hi - lo) / 2;
        if (writers[mid] < ct)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo > 0 ? writers[lo - 1] : -1;
}

static bool collect(void *user, int32_t index) {
    *(int32_t *)stream_vec_push(user) = index;
    return true;
}

void check_cells_find(check *c, int32_t tensor, const stream_box *box) {
    int64_t query[2 * STREAM_RANGE_DIMS];
    stream_range_of_box(box, query);
    c->found.n = 0;
    stream_range_tree_find(&c->cells[tensor].tree, query, collect, &c->found);
    stream_sort_i32(c->found.data, c->found.n);
}
