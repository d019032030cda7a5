/* What CTs need moved, by their sets of cores; see bound_needs.h. */

#include "bound_latency.h"

#include "stream/support/grid.h"
#include "stream/support/integer.h"

#include <stdlib.h>
#include <string.h>

#define MOST_CELLS       ((size_t)1 << 22)
#define MOST_WORK        ((int64_t)1 << 25) /* cells looked at for one tensor */
#define MOST_PAIRED_SETS 512

typedef struct {
    const stream_box *box;
    int32_t set, at; /* at: place in the list before it is sorted */
    uint8_t operand;
} needed_box;

typedef struct {
    int32_t last;   /* set for which it was counted, plus 2 */
    int32_t writer; /* set of its CT; -1: not known */
    bool charged;
} cell;

typedef struct {
    bounds *b;
    const stream_tensor *tensor;
    needed_box *boxes; /* by set */
    int32_t n;
    stream_grid grid;
    cell *cells;
    int64_t work;
    bool is_made; /* by CTs: else an input or constant */
} counter;

static int64_t cell_volume(const stream_grid *g, const int32_t *at) {
    int64_t volume = 1;
    for (int32_t d = 0; d < g->rank; ++d)
        volume *= g->cuts[d][at[d] + 1] - g->cuts[d][at[d]];
    return volume;
}

static set_needs *of_set(bounds *b, int32_t set) {
    return &b->needs.of[set < 0 ? b->needs.n_sets : set];
}

static void add_pair(bound_needs *n, int32_t from, int32_t to, int64_t bits, bool once,
                     bool leaving) {
    int64_t i = (int64_t)from * n->n_sets + to;
    n->read[i] += bits;
    n->once[i] += once ? bits : 0;
    n->leaving[i] += once && leaving ? bits : 0;
}

/* A cell that is new for the set of the box. */
static void add_cell(counter *c, const needed_box *box, cell *of, int64_t bits) {
    if (!c->is_made) {
        set_needs *needs = of_set(c->b, box->set);
        needs->alone += bits;
        needs->in[box->operand] += of->charged ? 0 : bits;
        of->charged = true;
    } else if (stream_bound_apart(c->b->sets, of->writer, box->set)) {
        add_pair(&c->b->needs, of->writer, box->set, bits, !of->charged, !c->tensor->is_output);
        of->charged = true;
    }
}

static void count_box(counter *c, const needed_box *box) {
    stream_cell_range r;
    if (!stream_grid_range(&c->grid, box->box, &r))
        return;
    int32_t at[STREAM_MAX_RANK];
    memcpy(at, r.from, sizeof at);
    do {
        cell *of = &c->cells[stream_grid_cell(&c->grid, at)];
        if (of->last != box->set + 2)
            add_cell(c, box, of, cell_volume(&c->grid, at) * c->tensor->element_bits);
        of->last = box->set + 2;
        ++c->work;
    } while (stream_grid_next(&c->grid, &r, at));
}

static void mark_writer(counter *c, const stream_ct *ct, int32_t set) {
    stream_cell_range r;
    if (!stream_grid_range(&c->grid, &ct->box, &r))
        return;
    int32_t at[STREAM_MAX_RANK];
    memcpy(at, r.from, sizeof at);
    do {
        c->cells[stream_grid_cell(&c->grid, at)].writer = set;
        ++c->work;
    } while (stream_grid_next(&c->grid, &r, at));
}

static int by_set(const void *pa, const void *pb) {
    const needed_box *a = pa, *b = pb;
    return a->set != b->set ? (a->set > b->set) - (a->set < b->set) : a->at - b->at;
}

/* The boxes of the tensor that are read from memories of cores, wherever their CTs run. */
static void find_boxes(counter *c, int32_t tensor, stream_arena *arena) {
    const stream_ct_graph *g = c->b->graph;
    int32_t first = g->reader_first[tensor], n = g->reader_first[tensor + 1] - first;
    bool sorted = true;
    c->boxes = STREAM_NEW(arena, needed_box, (size_t)n);
    for (int32_t i = 0; i < n; ++i) {
        const stream_ct_read *read = &g->reads[g->readers[first + i]];
        int32_t ct = g->read_ct[g->readers[first + i]];
        if (stream_box_is_empty(&read->box) ||
            c->b->classes[c->b->class_of[ct]].streamed >> read->operand & 1)
            continue;
        c->boxes[c->n] = (needed_box){&read->box, c->b->set_of[ct], c->n, read->operand};
        sorted &= c->n == 0 || c->boxes[c->n - 1].set <= c->boxes[c->n].set;
        ++c->n;
    }
    if (!sorted)
        qsort(c->boxes, (size_t)c->n, sizeof *c->boxes, by_set);
}

/* False: more cells than are looked at. */
static bool find_cells(counter *c, int32_t tensor, stream_arena *arena) {
    const stream_ct_graph *g = c->b->graph;
    int32_t first = g->writer_first[tensor], n = c->n;
    int32_t writers = c->is_made ? g->writer_first[tensor + 1] - first : 0;
    const stream_box **all = STREAM_NEW(arena, const stream_box *, (size_t)n + (size_t)writers);
    for (int32_t i = 0; i < n; ++i)
        all[i] = c->boxes[i].box;
    for (int32_t i = 0; i < writers; ++i)
        all[n + i] = &g->cts[g->writers[first + i]].box;
    stream_grid_build(all, n + writers, c->tensor->rank, c->tensor->shape, MOST_CELLS, arena,
                      &c->grid);
    c->cells = STREAM_NEW(arena, cell, c->grid.n_cells);
    for (size_t i = 0; i < c->grid.n_cells && c->is_made; ++i)
        c->cells[i].writer = -1;
    for (int32_t i = 0; i < writers && c->work < MOST_WORK && c->grid.n_cells > 0; ++i)
        mark_writer(c, &g->cts[g->writers[first + i]], c->b->set_of[g->writers[first + i]]);
    return c->grid.n_cells > 0;
}

static void charge_largest(counter *c) {
    const needed_box *largest = &c->boxes[0];
    for (int32_t i = 1; i < c->n; ++i)
        if (stream_box_volume(c->boxes[i].box) > stream_box_volume(largest->box))
            largest = &c->boxes[i];
    int64_t bits = stream_box_volume(largest->box) * c->tensor->element_bits;
    of_set(c->b, largest->set)->alone += bits;
    of_set(c->b, largest->set)->in[largest->operand] += bits;
}

static void count_tensor(bounds *b, int32_t tensor, stream_arena *arena) {
    counter c = {.b = b, .tensor = &b->graph->tensors[tensor]};
    c.is_made = c.tensor->kind == STREAM_TENSOR_INTERMEDIATE;
    find_boxes(&c, tensor, arena);
    if (c.n == 0)
        return;
    if (!find_cells(&c, tensor, arena)) {
        if (!c.is_made)
            charge_largest(&c);
        return;
    }
    for (int32_t i = 0; i < c.n && c.work < MOST_WORK; ++i)
        if (i == 0 || c.boxes[i].set != c.boxes[i - 1].set ||
            !stream_box_equal(c.boxes[i].box, c.boxes[i - 1].box))
            count_box(&c, &c.boxes[i]);
}

/* Is some of the tensor written and read by CTs of sets that are apart? */
static bool may_cross(bounds *b, int32_t tensor, int32_t *seen, int32_t *sets) {
    const stream_ct_graph *g = b->graph;
    int32_t n = 0;
    for (int32_t i = g->writer_first[tensor]; i < g->writer_first[tensor + 1]; ++i) {
        int32_t set = b->set_of[g->writers[i]];
        if (set >= 0 && seen[set] != tensor + 1)
            sets[n++] = set;
        if (set >= 0)
            seen[set] = tensor + 1;
    }
    int32_t last = -1;
    for (int32_t i = g->reader_first[tensor]; i < g->reader_first[tensor + 1]; ++i) {
        int32_t set = b->set_of[g->read_ct[g->readers[i]]];
        for (int32_t k = 0; k < n && set != last; ++k)
            if (stream_bound_apart(b->sets, sets[k], set))
                return true;
        last = set;
    }
    return false;
}

static bool streams_output(const bounds *b, int32_t ct) {
    return b->classes[b->class_of[ct]].streamed >> STREAM_O & 1;
}

/* Partial sums that the CT takes over from one whose cores are apart. */
static void count_partial(bounds *b, int32_t ct) {
    const stream_ct_graph *g = b->graph;
    for (int32_t k = g->pred_first[ct]; k < g->pred_first[ct + 1]; ++k) {
        int32_t p = g->preds[k];
        if (stream_bound_takes_over(&g->cts[ct], &g->cts[p]) && !streams_output(b, p) &&
            !streams_output(b, ct) && stream_bound_apart(b->sets, b->set_of[p], b->set_of[ct]))
            add_pair(&b->needs, b->set_of[p], b->set_of[ct],
                     stream_ct_graph_bits(g, g->cts[p].tensor, &g->cts[p].box), true, true);
    }
}

static void count_result(bounds *b, int32_t ct) {
    const stream_ct_graph *g = b->graph;
    int64_t bits = b->streamed_out[g->cts[ct].tensor] ? 0 : stream_bound_output_bits(g, ct);
    for (int32_t k = g->succ_first[ct]; k < g->succ_first[ct + 1] && bits > 0; ++k)
        if (stream_bound_takes_over(&g->cts[g->succs[k]], &g->cts[ct]))
            bits = 0;
    of_set(b, b->set_of[ct])->out += bits;
}

void stream_bound_find_needs(bounds *b, stream_arena *arena) {
    const stream_ct_graph *g = b->graph;
    size_t n = (size_t)stream_bound_n_sets(b->sets), pairs = n <= MOST_PAIRED_SETS ? n * n : 0;
    int32_t *seen = STREAM_NEW(arena, int32_t, n), *sets = STREAM_NEW(arena, int32_t, n);
    b->needs = (bound_needs){.n_sets = (int32_t)n,
                             .of = STREAM_NEW(arena, set_needs, n + 1),
                             .read = pairs ? STREAM_NEW(arena, int64_t, pairs) : NULL,
                             .once = STREAM_NEW(arena, int64_t, pairs),
                             .leaving = STREAM_NEW(arena, int64_t, pairs)};
    for (int32_t t = 0; t < g->n_tensors; ++t)
        if (g->tensors[t].kind != STREAM_TENSOR_INTERMEDIATE ||
            (pairs && !b->streamed_out[t] && may_cross(b, t, seen, sets)))
            count_tensor(b, t, arena);
    for (int32_t i = 0; i < g->n_cts; ++i) {
        if (g->cts[i].accumulates && pairs)
            count_partial(b, i);
        if (g->tensors[g->cts[i].tensor].is_output)
            count_result(b, i);
    }
    for (int32_t k = 0; k < b->n_classes && b->p->streams; ++k) {
        set_needs *needs = of_set(b, b->classes[k].set);
        needs->streamed_in += b->classes[k].streams.read * b->classes[k].n;
        needs->streamed_out += b->classes[k].streams.write * b->classes[k].n;
    }
}
