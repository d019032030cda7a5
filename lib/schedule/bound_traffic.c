/* Off-chip traffic that no schedule avoids; see bound.h. */

#include "bound.h"

#include "stream/support/grid.h"
#include "stream/support/integer.h"

#include <string.h>

#define MOST_CELLS ((size_t)1 << 22)
#define MOST_WORK  ((int64_t)1 << 25)

static int64_t cell_volume(const stream_grid *g, const int32_t *at) {
    int64_t volume = 1;
    for (int32_t d = 0; d < g->rank; ++d)
        volume *= g->cuts[d][at[d] + 1] - g->cuts[d][at[d]];
    return volume;
}

/* Elements of the box in cells that are not marked yet; marks them. */
static int64_t mark(const stream_grid *g, const stream_box *box, bool *marked, int64_t *work) {
    int64_t volume = 0;
    stream_cell_range r;
    if (!stream_grid_range(g, box, &r))
        return 0;
    int32_t at[STREAM_MAX_RANK];
    memcpy(at, r.from, sizeof at);
    do {
        bool *cell = &marked[stream_grid_cell(g, at)];
        volume += *cell ? 0 : cell_volume(g, at);
        *cell = true;
        ++*work;
    } while (stream_grid_next(g, &r, at));
    return volume;
}

/* Elements of the tensor in the union of the boxes, or fewer where counting would take too long. */
static int64_t union_of(const stream_box *const *boxes, int32_t n, const stream_tensor *tensor,
                        stream_arena *arena) {
    int64_t largest = 0, volume = 0, work = 0;
    for (int32_t i = 0; i < n; ++i)
        largest = stream_max_i64(largest, stream_box_volume(boxes[i]));
    if (largest == 0)
        return 0;
    stream_grid grid;
    stream_grid_build(boxes, n, tensor->rank, tensor->shape, MOST_CELLS, arena, &grid);
    if (grid.n_cells == 0)
        return largest;
    bool *marked = STREAM_NEW(arena, bool, grid.n_cells);
    for (int32_t i = 0; i < n && work < MOST_WORK; ++i)
        if (i == 0 || !stream_box_equal(boxes[i], boxes[i - 1]))
            volume += mark(&grid, boxes[i], marked, &work);
    return volume;
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
    const stream_tensor *t = &g->tensors[tensor];
    return union_of(boxes, used, t, arena) * t->element_bits;
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

/* Without any, nothing can cross, and nothing is said about it. */
static int64_t sum_rates(const stream_accelerator *acc, const bool *a, const bool *b) {
    int64_t sum = 0;
    for (int32_t r = 0; r < acc->n_resources; ++r)
        if ((a[r] || b[r]) && !stream_add_i64(sum, acc->resources[r].bandwidth_bits, &sum))
            return STREAM_BOUND_NO_LIMIT;
    return sum > 0 ? sum : STREAM_BOUND_NO_LIMIT;
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
        int64_t *const rates[] = {&out->port_read, &out->port_write, &out->port_both,
                                  &out->link_read, &out->link_write, &out->link_both};
        for (size_t i = 0; i < sizeof rates / sizeof *rates; ++i)
            *rates[i] = STREAM_BOUND_NO_LIMIT;
        return;
    }
    sum_bits(p, arena, out);
    port_rates(p->acc, flags, flags + n, out);
    link_rates(p->acc, flags + 2 * n, flags + 3 * n, out);
}
