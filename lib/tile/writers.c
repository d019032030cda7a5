/* The writers of a tensor; see writers.h. */

#include "writers.h"

#include "stream/support/vec.h"

#include <stdlib.h>
#include <string.h>

enum {
    CELLS_PER_BOX = 16,
    LINEAR_LIMIT = 8192
};

static uint64_t hash_box(const stream_box *box) {
    uint64_t h = 1469598103934665603u;
    for (int32_t d = 0; d < box->rank; ++d) {
        h = (h ^ (uint32_t)box->lo[d]) * 1099511628211u;
        h = (h ^ (uint32_t)box->size[d]) * 1099511628211u;
    }
    return h ^ h >> 29;
}

/* Open addressing over the distinct boxes. */
typedef struct {
    const stream_ct_graph *graph;
    int32_t *slots; /* box index or -1 */
    uint64_t mask;
    stream_vec last; /* of int32_t: last writer of each box */
} box_table;

static int32_t *slot_of(const box_table *t, const stream_box *box) {
    uint64_t i = hash_box(box) & t->mask;
    while (t->slots[i] >= 0) {
        int32_t ct = STREAM_AT(int32_t, t->last, t->slots[i]);
        if (stream_box_equal(&t->graph->cts[ct].box, box))
            break;
        i = (i + 1) & t->mask;
    }
    return &t->slots[i];
}

static stream_status twice(const stream_ct_graph *graph, int32_t ct, int32_t before,
                           const stream_diag *diag) {
    const stream_tensor *tensor = &graph->tensors[graph->cts[ct].tensor];
    if (before < 0)
        return stream_error(diag, STREAM_INVALID, graph->cts[ct].loc,
                            "CT %d accumulates onto a part of '%s' that no CT before it wrote", ct,
                            tensor->name);
    return stream_error(
        diag, STREAM_INVALID, graph->cts[ct].loc,
        "CT %d writes a part of '%s' that CT %d wrote already, without accumulating "
        "onto it",
        ct, tensor->name, before);
}

static stream_status find_boxes(box_table *t, int32_t tensor, const stream_diag *diag,
                                int32_t *previous) {
    const stream_ct_graph *graph = t->graph;
    for (int32_t i = graph->writer_first[tensor]; i < graph->writer_first[tensor + 1]; ++i) {
        int32_t ct = graph->writers[i];
        int32_t *slot = slot_of(t, &graph->cts[ct].box);
        int32_t before = *slot < 0 ? -1 : STREAM_AT(int32_t, t->last, *slot);
        if (graph->cts[ct].accumulates != (before >= 0))
            return twice(graph, ct, graph->cts[ct].accumulates ? -1 : before, diag);
        previous[ct] = before;
        if (*slot < 0) {
            *slot = (int32_t)t->last.n;
            stream_vec_push(&t->last);
        }
        STREAM_AT(int32_t, t->last, *slot) = ct;
    }
    return STREAM_OK;
}

static stream_status overlap(const stream_ct_graph *graph, int32_t a, int32_t b,
                             const stream_diag *diag) {
    return stream_error(diag, STREAM_INVALID, graph->cts[b].loc,
                        "CT %d and CT %d write overlapping, unequal parts of '%s'", a, b,
                        graph->tensors[graph->cts[b].tensor].name);
}

static stream_status fill_cells(const stream_ct_graph *graph, stream_arena *arena,
                                const stream_diag *diag, stream_writers *out) {
    size_t n_cells = out->grid.n_cells;
    int32_t *cells = STREAM_NEW(arena, int32_t, n_cells);
    memset(cells, 0xff, n_cells * sizeof *cells);
    for (int32_t i = 0; i < out->n_boxes; ++i) {
        stream_cell_range r;
        int32_t at[STREAM_MAX_RANK];
        if (!stream_grid_range(&out->grid, &graph->cts[out->last[i]].box, &r))
            continue;
        memcpy(at, r.from, sizeof at);
        do {
            int32_t *cell = &cells[stream_grid_cell(&out->grid, at)];
            if (*cell >= 0)
                return overlap(graph, out->last[*cell], out->last[i], diag);
            *cell = i;
        } while (stream_grid_next(&out->grid, &r, at));
    }
    out->cells = cells;
    out->exact = n_cells == (size_t)out->n_boxes;
    for (size_t i = 0; i < n_cells && out->exact; ++i)
        out->exact = cells[i] >= 0;
    return STREAM_OK;
}

static stream_status check_pairs(const stream_ct_graph *graph, const stream_diag *diag,
                                 const stream_writers *w) {
    if (w->n_boxes > LINEAR_LIMIT)
        return stream_error(diag, STREAM_LIMIT, graph->cts[w->last[0]].loc,
                            "'%s' is written in %d boxes that do not form a grid; the limit is %d",
                            graph->tensors[w->tensor].name, w->n_boxes, LINEAR_LIMIT);
    for (int32_t i = 0; i < w->n_boxes; ++i)
        for (int32_t k = 0; k < i; ++k)
            if (stream_box_overlaps(&graph->cts[w->last[i]].box, &graph->cts[w->last[k]].box))
                return overlap(graph, w->last[k], w->last[i], diag);
    return STREAM_OK;
}

static stream_status index_boxes(const stream_ct_graph *graph, stream_arena *arena,
                                 const stream_diag *diag, stream_writers *out) {
    const stream_tensor *tensor = &graph->tensors[out->tensor];
    if (out->n_boxes == 0)
        return STREAM_OK;
    const stream_box **boxes = STREAM_NEW(arena, const stream_box *, (size_t)out->n_boxes);
    for (int32_t i = 0; i < out->n_boxes; ++i)
        boxes[i] = &graph->cts[out->last[i]].box;
    stream_grid_build(boxes, out->n_boxes, tensor->rank, tensor->shape,
                      CELLS_PER_BOX * (size_t)out->n_boxes + 1024, arena, &out->grid);
    return out->grid.n_cells > 0 ? fill_cells(graph, arena, diag, out)
                                 : check_pairs(graph, diag, out);
}

stream_status stream_writers_build(const stream_ct_graph *graph, int32_t tensor,
                                   stream_arena *arena, const stream_diag *diag, int32_t *previous,
                                   stream_writers *out) {
    size_t n = (size_t)(graph->writer_first[tensor + 1] - graph->writer_first[tensor]), size = 16;
    while (size < 2 * n)
        size *= 2;
    box_table t = {.graph = graph, .mask = size - 1, .last = STREAM_VEC(int32_t)};
    t.slots = STREAM_NEW(arena, int32_t, size);
    memset(t.slots, 0xff, size * sizeof *t.slots);
    stream_status status = find_boxes(&t, tensor, diag, previous);
    *out = (stream_writers){.tensor = tensor, .n_boxes = (int32_t)t.last.n};
    out->last = stream_vec_freeze(&t.last, arena);
    return status == STREAM_OK ? index_boxes(graph, arena, diag, out) : status;
}

bool stream_writers_take(const stream_writers *writers, const stream_box *box, stream_vec *out) {
    stream_cell_range r;
    int32_t at[STREAM_MAX_RANK], last = writers->grid.rank - 1;
    if (!writers->exact || !stream_grid_spans(&writers->grid, box) ||
        !stream_grid_range(&writers->grid, box, &r))
        return false;
    memcpy(at, r.from, sizeof at);
    do { /* cells along the last dim are neighbours */
        size_t n = last < 0 ? 1 : (size_t)(r.to[last] - r.from[last]) + 1;
        const int32_t *cell = writers->cells + stream_grid_cell(&writers->grid, at);
        int32_t *to = stream_vec_push_n(out, n);
        for (size_t i = 0; i < n; ++i)
            to[i] = writers->last[cell[i]];
        if (last >= 0)
            at[last] = r.to[last];
    } while (stream_grid_next(&writers->grid, &r, at));
    return true;
}

void stream_writers_visit(const stream_ct_graph *graph, const stream_writers *writers,
                          const stream_box *box, int32_t *stamp, int32_t now,
                          void (*visit)(void *user, int32_t ct), void *user) {
    stream_cell_range r;
    int32_t at[STREAM_MAX_RANK];
    if (writers->n_boxes == 0)
        return;
    if (!writers->cells) {
        for (int32_t i = 0; i < writers->n_boxes; ++i)
            if (stream_box_overlaps(box, &graph->cts[writers->last[i]].box))
                visit(user, writers->last[i]);
        return;
    }
    if (!stream_grid_range(&writers->grid, box, &r))
        return;
    memcpy(at, r.from, sizeof at);
    do {
        int32_t cell = writers->cells[stream_grid_cell(&writers->grid, at)];
        if (cell < 0 || stamp[writers->last[cell]] == now)
            continue;
        stamp[writers->last[cell]] = now;
        visit(user, writers->last[cell]);
    } while (stream_grid_next(&writers->grid, &r, at));
}
