/* Data that reads share; see stream/tile/reuse.h. */

#include "stream/tile/reuse.h"

#include "stream/support/grid.h"
#include "stream/support/vec.h"

#include <stdlib.h>
#include <string.h>

enum {
    CELLS_PER_BOX = 64,
    LINEAR_LIMIT = 8192
};

/* A read of the tensor at hand. */
typedef struct {
    int32_t read, place;
} visitor;

typedef struct {
    const stream_ct_graph *graph;
    const int32_t *place; /* [n_cts] */
    int64_t *new_bits;
    int32_t *last_reader;
    const stream_diag *diag;
} finder;

static const stream_box *box_of(const finder *f, const visitor *v) {
    return &f->graph->reads[v->read].box;
}

static int by_place(const void *a, const void *b) {
    const visitor *x = a, *y = b;
    if (x->place != y->place)
        return x->place < y->place ? -1 : 1;
    return (x->read > y->read) - (x->read < y->read);
}

static int64_t cell_volume(const stream_grid *g, const int32_t *at) {
    int64_t volume = 1;
    for (int32_t d = 0; d < g->rank; ++d)
        volume *= g->cuts[d][at[d] + 1] - g->cuts[d][at[d]];
    return volume;
}

/* seen[cell]: 1 + the group of equal places that read it last. */
static int64_t count_new(const stream_grid *g, const stream_box *box, int32_t group,
                         int32_t *seen) {
    stream_cell_range r;
    int32_t at[STREAM_MAX_RANK];
    int64_t volume = 0;
    if (!stream_grid_range(g, box, &r))
        return 0;
    memcpy(at, r.from, sizeof at);
    do {
        int32_t *cell = &seen[stream_grid_cell(g, at)];
        if (*cell != group + 1)
            volume += cell_volume(g, at);
        *cell = group + 1;
    } while (stream_grid_next(g, &r, at));
    return volume;
}

/* Raises every cell of the box to `ct`, or returns the highest of them. */
static int32_t over_cells(const stream_grid *g, const stream_box *box, int32_t ct, int32_t *last) {
    stream_cell_range r;
    int32_t at[STREAM_MAX_RANK], most = ct;
    if (!stream_grid_range(g, box, &r))
        return most;
    memcpy(at, r.from, sizeof at);
    do {
        int32_t *cell = &last[stream_grid_cell(g, at)];
        if (ct > *cell)
            *cell = ct;
        most = *cell > most ? *cell : most;
    } while (stream_grid_next(g, &r, at));
    return most;
}

static void find_on_grid(const finder *f, int32_t tensor, const stream_grid *g, visitor *v,
                         int32_t n, stream_arena *scratch) {
    int32_t *cells = STREAM_NEW(scratch, int32_t, g->n_cells), group = 0;
    for (int32_t i = 0; i < n; ++i)
        (void)over_cells(g, box_of(f, &v[i]), f->graph->read_ct[v[i].read], cells);
    for (int32_t i = 0; i < n; ++i)
        f->last_reader[v[i].read] = over_cells(g, box_of(f, &v[i]), -1, cells);
    memset(cells, 0, g->n_cells * sizeof *cells);
    qsort(v, (size_t)n, sizeof *v, by_place);
    for (int32_t i = 0; i < n; ++i) {
        group += i > 0 && v[i].place != v[i - 1].place;
        f->new_bits[v[i].read] =
            count_new(g, box_of(f, &v[i]), group, cells) * f->graph->tensors[tensor].element_bits;
    }
}

/* ---- without a grid: pairs */

/* Takes `cut` out of every box of `left`. */
static void take_out(stream_vec *left, const stream_box *cut) {
    size_t n = left->n;
    for (size_t i = 0; i < n;) {
        stream_box box = STREAM_AT(stream_box, *left, i), parts[2 * STREAM_MAX_RANK];
        if (!stream_box_overlaps(&box, cut)) {
            ++i;
            continue;
        }
        int32_t m = stream_box_subtract(&box, cut, parts);
        STREAM_AT(stream_box, *left, i) = STREAM_AT(stream_box, *left, n - 1);
        STREAM_AT(stream_box, *left, n - 1) = STREAM_AT(stream_box, *left, left->n - 1);
        left->n--;
        n--;
        for (int32_t k = 0; k < m; ++k)
            *(stream_box *)stream_vec_push(left) = parts[k];
    }
}

static void find_by_pairs(const finder *f, int32_t tensor, const visitor *v, int32_t n) {
    stream_vec left = STREAM_VEC(stream_box);
    for (int32_t i = 0; i < n; ++i) {
        int64_t volume = 0;
        left.n = 0;
        *(stream_box *)stream_vec_push(&left) = *box_of(f, &v[i]);
        for (int32_t k = 0; k < i && left.n > 0; ++k)
            if (v[k].place == v[i].place)
                take_out(&left, box_of(f, &v[k]));
        for (size_t p = 0; p < left.n; ++p)
            volume += stream_box_volume(&STREAM_AT(stream_box, left, p));
        f->new_bits[v[i].read] = volume * f->graph->tensors[tensor].element_bits;
        int32_t last = f->graph->read_ct[v[i].read];
        for (int32_t k = n - 1; k > i && f->graph->read_ct[v[k].read] > last; --k)
            if (stream_box_overlaps(box_of(f, &v[i]), box_of(f, &v[k])))
                last = f->graph->read_ct[v[k].read];
        f->last_reader[v[i].read] = last;
    }
    stream_vec_free(&left);
}

static stream_status find_in_tensor(const finder *f, int32_t tensor) {
    const stream_ct_graph *graph = f->graph;
    const stream_tensor *t = &graph->tensors[tensor];
    int32_t first = graph->reader_first[tensor], n = graph->reader_first[tensor + 1] - first;
    stream_status status = STREAM_OK;
    if (n == 0)
        return status;
    stream_arena *scratch = stream_arena_create();
    visitor *v = STREAM_NEW(scratch, visitor, (size_t)n);
    const stream_box **boxes = STREAM_NEW(scratch, const stream_box *, (size_t)n);
    for (int32_t i = 0; i < n; ++i) {
        int32_t read = graph->readers[first + i];
        v[i] = (visitor){read, f->place[graph->read_ct[read]]};
        boxes[i] = &graph->reads[read].box;
    }
    stream_grid grid;
    stream_grid_build(boxes, n, t->rank, t->shape, CELLS_PER_BOX * (size_t)n + 4096, scratch,
                      &grid);
    if (grid.n_cells > 0)
        find_on_grid(f, tensor, &grid, v, n, scratch);
    else if (n <= LINEAR_LIMIT)
        find_by_pairs(f, tensor, v, n);
    else
        status = stream_error(f->diag, STREAM_LIMIT, t->loc,
                              "'%s' is read in %d boxes whose borders form no grid; the limit is "
                              "%d",
                              t->name, n, LINEAR_LIMIT);
    stream_arena_destroy(scratch);
    return status;
}

/* A number for every split part of every layer. */
static int32_t *default_places(const stream_ct_graph *graph, stream_arena *arena) {
    int32_t *place = STREAM_NEW(arena, int32_t, (size_t)graph->n_cts), now = -1;
    for (int32_t i = 0; i < graph->n_cts; ++i) {
        const stream_ct *ct = &graph->cts[i], *before = i > 0 ? ct - 1 : NULL;
        now += !before || before->layer != ct->layer || before->split != ct->split;
        place[i] = now;
    }
    return place;
}

stream_status stream_reuse_find(const stream_ct_graph *graph, const int32_t *place,
                                stream_arena *arena, const stream_diag *diag, stream_reuse *out) {
    stream_arena *scratch = stream_arena_create();
    finder f = {.graph = graph,
                .place = place ? place : default_places(graph, scratch),
                .new_bits = STREAM_NEW(arena, int64_t, (size_t)graph->n_reads),
                .last_reader = STREAM_NEW(arena, int32_t, (size_t)graph->n_reads),
                .diag = diag};
    stream_status status = STREAM_OK;
    for (int32_t t = 0; t < graph->n_tensors && status == STREAM_OK; ++t)
        status = find_in_tensor(&f, t);
    stream_arena_destroy(scratch);
    *out = (stream_reuse){f.new_bits, f.last_reader};
    return status;
}

/* ---- layers */

static void count_layers(const stream_ct_graph *graph, stream_layer_tiling *out) {
    for (int32_t i = 0; i < graph->n_cts; ++i) {
        const stream_ct *ct = &graph->cts[i];
        stream_layer_tiling *layer = &out[ct->layer];
        layer->n_cts++;
        layer->n_edges += graph->pred_first[i + 1] - graph->pred_first[i];
        layer->written_bits += stream_ct_graph_bits(graph, ct->tensor, &ct->box);
        for (int32_t r = ct->first_read; r < ct->first_read + ct->n_reads; ++r)
            layer->read_bits +=
                stream_ct_graph_bits(graph, graph->reads[r].tensor, &graph->reads[r].box);
    }
    for (int32_t k = 0; k < graph->n_kernels; ++k)
        if (graph->kernels[k].layer >= 0)
            out[graph->kernels[k].layer].n_kernels++;
}

stream_status stream_layer_tilings(const stream_ct_graph *graph, const stream_reuse *reuse,
                                   const stream_diag *diag, stream_layer_tiling *out) {
    stream_arena *scratch = stream_arena_create();
    int32_t *layers = STREAM_NEW(scratch, int32_t, (size_t)graph->n_cts);
    stream_reuse anywhere;
    memset(out, 0, (size_t)graph->n_layers * sizeof *out);
    count_layers(graph, out);
    for (int32_t i = 0; i < graph->n_cts; ++i)
        layers[i] = graph->cts[i].layer;
    stream_status status = stream_reuse_find(graph, layers, scratch, diag, &anywhere);
    for (int32_t r = 0; r < graph->n_reads && status == STREAM_OK; ++r) {
        stream_layer_tiling *layer = &out[graph->cts[graph->read_ct[r]].layer];
        layer->new_bits += reuse->new_bits[r];
        layer->distinct_bits += anywhere.new_bits[r];
    }
    stream_arena_destroy(scratch);
    return status;
}
