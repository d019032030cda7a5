/* Off-chip traffic that no schedule avoids; see bound.h. */

#include "bound.h"

#include "stream/support/integer.h"

#include <stdlib.h>
#include <string.h>

#define MOST_CELLS ((int64_t)1 << 22)
#define MOST_WORK  ((int64_t)1 << 25)

/* The distinct box ends along one axis, ascending: cells of the union lie between them. */
typedef struct {
    int32_t *at;
    int32_t n;
} cuts;

static int ascending(const void *pa, const void *pb) {
    int32_t a = *(const int32_t *)pa, b = *(const int32_t *)pb;
    return (a > b) - (a < b);
}

/* Sorts the ends by marking them. */
static void mark_ends(cuts *c, int32_t n, int32_t least, int64_t span) {
    stream_arena *scratch = stream_arena_create();
    bool *is_end = STREAM_NEW(scratch, bool, (size_t)span);
    for (int32_t i = 0; i < n; ++i)
        is_end[c->at[i] - least] = true;
    for (int64_t i = 0; i < span; ++i)
        if (is_end[i])
            c->at[c->n++] = least + (int32_t)i;
    stream_arena_destroy(scratch);
}

static cuts find_cuts(const stream_box *const *boxes, int32_t n, int32_t axis,
                      stream_arena *arena) {
    cuts c = {STREAM_NEW(arena, int32_t, 2 * (size_t)n), 0};
    int32_t least = INT32_MAX, most = INT32_MIN;
    for (int32_t i = 0; i < n; ++i) {
        int32_t lo = boxes[i]->lo[axis], end = lo + boxes[i]->size[axis];
        c.at[2 * i] = lo;
        c.at[2 * i + 1] = end;
        least = lo < least ? lo : least;
        most = end > most ? end : most;
    }
    int64_t span = n ? (int64_t)most - least + 1 : 0;
    if (span <= 4 * (int64_t)n) {
        mark_ends(&c, 2 * n, least, span);
        return c;
    }
    qsort(c.at, 2 * (size_t)n, sizeof *c.at, ascending);
    for (int32_t i = 0; i < 2 * n; ++i)
        if (i == 0 || c.at[i] != c.at[c.n - 1])
            c.at[c.n++] = c.at[i];
    return c;
}

static int32_t cell_of(const cuts *c, int32_t at) {
    int32_t lo = 0, hi = c->n;
    while (hi - lo > 1) {
        int32_t mid = lo + (hi - lo) / 2;
        if (c->at[mid] <= at)
            lo = mid;
        else
            hi = mid;
    }
    return lo;
}

typedef struct {
    cuts axes[STREAM_MAX_RANK];
    int32_t rank;
    bool *marked; /* cells, row-major */
    int64_t volume, work;
} cell_grid;

/* Marks the cells of the box from axis `d` on; `index` and `volume` say where it is so far. */
static void mark(cell_grid *g, const stream_box *box, int32_t d, int64_t index, int64_t volume) {
    if (d == g->rank) {
        g->work++;
        g->volume += g->marked[index] ? 0 : volume;
        g->marked[index] = true;
        return;
    }
    const cuts *c = &g->axes[d];
    int32_t end = box->lo[d] + box->size[d];
    for (int32_t i = cell_of(c, box->lo[d]); i + 1 < c->n && c->at[i] < end; ++i)
        mark(g, box, d + 1, index * (c->n - 1) + i, volume * (c->at[i + 1] - c->at[i]));
}

int64_t stream_bound_union(const stream_box *const *boxes, int32_t n, stream_arena *arena) {
    int64_t largest = 0, cells = 1;
    for (int32_t i = 0; i < n; ++i)
        largest = stream_max_i64(largest, stream_box_volume(boxes[i]));
    if (largest == 0)
        return 0;
    cell_grid g = {.rank = boxes[0]->rank};
    for (int32_t d = 0; d < g.rank && cells <= MOST_CELLS; ++d) {
        g.axes[d] = find_cuts(boxes, n, d, arena);
        cells *= g.axes[d].n - 1;
    }
    if (cells > MOST_CELLS)
        return largest;
    g.marked = STREAM_NEW(arena, bool, (size_t)cells);
    for (int32_t i = 0; i < n && g.work < MOST_WORK; ++i)
        if (i == 0 || !stream_box_equal(boxes[i], boxes[i - 1]))
            mark(&g, boxes[i], 0, 0, 1);
    return g.volume;
}

static int64_t tensor_read_bits(const stream_schedule_problem *p, int32_t tensor,
                                stream_arena *arena) {
    const stream_ct_graph *g = p->graph;
    int32_t first = g->reader_first[tensor], n = g->reader_first[tensor + 1] - first, used = 0;
    const stream_box **boxes = STREAM_NEW(arena, const stream_box *, (size_t)n);
    for (int32_t i = 0; i < n; ++i) {
        int32_t r = g->readers[first + i];
        uint8_t streamed = p->streams ? stream_bound_may_stream(p, g->read_ct[r]) : 0;
        if (!stream_box_is_empty(&g->reads[r].box) && !(streamed >> g->reads[r].operand & 1))
            boxes[used++] = &g->reads[r].box;
    }
    return stream_bound_union(boxes, used, arena) * g->tensors[tensor].element_bits;
}

int64_t stream_bound_output_bits(const stream_ct_graph *g, int32_t ct) {
    int32_t tensor = g->cts[ct].tensor;
    stream_box part;
    bool leaves = stream_tensor_output_box(&g->tensors[tensor], &g->cts[ct].box, &part);
    return leaves ? stream_ct_graph_bits(g, tensor, &part) : 0;
}

/* A box that is accumulated onto is written by several CTs, but leaves the chip once. */
static void sum_bits(const stream_schedule_problem *p, stream_arena *arena, offchip_traffic *out) {
    const stream_ct_graph *g = p->graph;
    const bool *streamed = stream_bound_leaving_by_stream(p, arena);
    for (int32_t t = 0; t < g->n_tensors; ++t)
        if (g->tensors[t].kind != STREAM_TENSOR_INTERMEDIATE)
            out->read_bits += tensor_read_bits(p, t, arena);
    for (int32_t i = 0; i < g->n_cts; ++i)
        if (!g->cts[i].accumulates && !streamed[g->cts[i].tensor])
            out->write_bits += stream_bound_output_bits(g, i);
    for (int32_t i = 0; p->streams && i < g->n_cts; ++i) {
        streamed_bits bits = stream_bound_streamed(p, i);
        out->streamed_read += bits.read;
        out->streamed_write += bits.write;
    }
}

static int64_t sum_rates(const stream_accelerator *acc, const bool *a, const bool *b) {
    int64_t sum = 0;
    for (int32_t r = 0; r < acc->n_resources; ++r)
        if ((a[r] || b[r]) && !stream_add_i64(sum, acc->resources[r].bandwidth_bits, &sum))
            return INT64_MAX;
    return sum;
}

static void port_rates(const stream_accelerator *acc, bool *in, bool *out, offchip_traffic *t) {
    for (int32_t o = 0; o < STREAM_N_OPERANDS; ++o) {
        out[stream_accelerator_port(acc, acc->offchip_instance, (stream_operand_class)o, false)] =
            true;
        in[stream_accelerator_port(acc, acc->offchip_instance, (stream_operand_class)o, true)] =
            true;
    }
    t->port_read = sum_rates(acc, out, out);
    t->port_write = sum_rates(acc, in, in);
    t->port_both = sum_rates(acc, in, out);
}

/* Links that leave (enter) the off-chip core: all its traffic is on one of them. */
static void link_rates(const stream_accelerator *acc, bool *in, bool *out, offchip_traffic *t) {
    for (int32_t r = 0; r < acc->n_resources; ++r) {
        const stream_resource *resource = &acc->resources[r];
        if (resource->kind != STREAM_RESOURCE_LINK)
            continue;
        const stream_link *link = &acc->links[resource->link];
        for (int32_t c = 0; c < link->n_cores; ++c)
            if (link->cores[c] == acc->offchip_core) {
                out[r] = link->bus || (c == 0) == !resource->reversed;
                in[r] = link->bus || !out[r];
            }
    }
    t->link_read = sum_rates(acc, out, out);
    t->link_write = sum_rates(acc, in, in);
    t->link_both = sum_rates(acc, in, out);
}

/* Does another core see the off-chip memory as its own? Then its data needs no transfer, or a
 * transfer may begin at that core. */
static bool is_shared(const stream_accelerator *acc) {
    for (int32_t c = 0; c < acc->n_cores; ++c)
        for (int32_t o = 0; o < STREAM_N_OPERANDS; ++o)
            if (c != acc->offchip_core &&
                acc->top[c * STREAM_N_OPERANDS + o] == acc->offchip_instance)
                return true;
    return false;
}

void stream_bound_traffic(const stream_schedule_problem *p, stream_arena *arena,
                          offchip_traffic *out) {
    size_t n = (size_t)p->acc->n_resources;
    bool *flags = STREAM_NEW(arena, bool, 4 * n);
    *out = (offchip_traffic){0};
    if (is_shared(p->acc)) {
        *out = (offchip_traffic){0, 0, 0, 0, -1, -1, -1, -1, -1, -1};
        return;
    }
    sum_bits(p, arena, out);
    port_rates(p->acc, flags, flags + n, out);
    link_rates(p->acc, flags + 2 * n, flags + 3 * n, out);
}
