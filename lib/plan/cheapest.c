/* The tile of the least estimated cycles; see cheapest.h. */

#include "cheapest.h"

#include "search.h"
#include "stream/support/integer.h"
#include "way_out.h"

#include <string.h>

/* Parallel loops that are searched, and one reduction loop. */
#define MOST_PARALLEL 3

typedef struct {
    const stream_shrink_task *task;
    const int64_t *most;
    int64_t width;                                   /* bits per cycle to off-chip memory */
    bool reads[STREAM_N_OPERANDS][STREAM_MAX_LOOPS]; /* the loops that index each input */
} estimator;

typedef struct {
    int64_t cycles, cts;
} estimate;

static const estimate NONE = {INT64_MAX / 2, INT64_MAX};

/* Less by more than this part of it is less; otherwise fewer CTs are. */
#define PART 16

static bool is_less(const estimate *a, const estimate *b) {
    if (a->cycles < b->cycles - b->cycles / PART)
        return true;
    return a->cycles <= b->cycles + b->cycles / PART && a->cts < b->cts;
}

static int64_t times(int64_t a, int64_t b) {
    int64_t product;
    return stream_mul_i64(a, b, &product) ? product : INT64_MAX;
}

/* ---- compute */

static int64_t named_unroll(const stream_layer *layer, const struct stream_dataflow *flow,
                            int32_t l) {
    int64_t unroll = 1;
    for (int32_t i = 0; i < flow->n_unrolls; ++i)
        if (!strcmp(flow->unrolls[i].loop, layer->loop_names[l]))
            unroll = times(unroll, flow->unrolls[i].unroll);
    return unroll;
}

static int64_t steps_of_dataflow(const stream_layer *layer, const struct stream_dataflow *flow,
                                 const int64_t *tile) {
    int64_t steps = 1;
    for (int32_t l = 0; l < layer->n_loops; ++l)
        steps = times(steps, stream_ceil_div(tile[l], named_unroll(layer, flow, l)));
    return steps;
}

/* Each dimension of the array takes the loop of which it leaves the fewest steps. */
static int64_t steps_of_array(const stream_layer *layer, const stream_core *core,
                              const int64_t *tile) {
    int64_t left[STREAM_MAX_LOOPS], steps = 1;
    memcpy(left, tile, sizeof(int64_t) * (size_t)layer->n_loops);
    for (int32_t d = 0; d < core->n_array_dims; ++d) {
        int32_t best = 0;
        for (int32_t l = 1; l < layer->n_loops; ++l) {
            int64_t of_l = stream_ceil_div(left[l], core->array_sizes[d]);
            int64_t of_best = stream_ceil_div(left[best], core->array_sizes[d]);
            if (times(of_l, left[best]) < times(of_best, left[l]))
                best = l;
        }
        left[best] = stream_ceil_div(left[best], core->array_sizes[d]);
    }
    for (int32_t l = 0; l < layer->n_loops; ++l)
        steps = times(steps, left[l]);
    return steps;
}

static int64_t steps_of(const stream_layer *layer, const stream_core *core, const int64_t *tile) {
    if (core->n_dataflows == 0)
        return steps_of_array(layer, core, tile);
    int64_t least = INT64_MAX;
    for (int32_t i = 0; i < core->n_dataflows; ++i)
        least = stream_min_i64(least, steps_of_dataflow(layer, &core->dataflows[i], tile));
    return least;
}

/* Cycles in which the top memory gives or takes the operand of a CT. */
static int64_t port_cycles(const stream_accelerator *acc, int32_t core, int32_t operand,
                           int64_t bits) {
    int32_t at = acc->top[core * STREAM_N_OPERANDS + operand];
    if (at < 0)
        return 0;
    const stream_instance *top = &acc->instances[at];
    const stream_memory *memory = &acc->cores[top->core].memories[top->level];
    int64_t width = 1;
    for (int32_t p = 0; p < memory->n_ports; ++p)
        if (memory->ports[p].serves[operand])
            width = stream_max_i64(width, memory->ports[p].bandwidth_max_bits);
    return stream_ceil_div(bits, width);
}

/* Of one CT. Partial sums that it goes on with are read, and written again. */
static int64_t cycles_of_ct(const estimator *e, const int64_t *tile, const int64_t *bits) {
    const stream_accelerator *acc = e->task->fit->acc;
    int32_t core = e->task->cores[0];
    const stream_layer *layer = e->task->layer;
    int64_t cycles = steps_of(layer, &acc->cores[core], tile), sums = 1;
    for (int32_t l = 0; l < layer->n_loops; ++l)
        if (layer->reduction[l] && tile[l] < e->most[l])
            sums = 2;
    for (int32_t o = 0; o < STREAM_N_OPERANDS; ++o)
        cycles = stream_max_i64(
            cycles, port_cycles(acc, core, o, times(bits[o], o == STREAM_O ? sums : 1)));
    return cycles;
}

/* ---- traffic */

static void find_reads(estimator *e) {
    const stream_layer *layer = e->task->layer;
    for (int32_t i = 0; i < layer->n_operands; ++i) {
        const stream_operand *operand = &layer->operands[i];
        const stream_view *view = &e->task->fit->w->views[operand->view];
        for (int32_t d = 0; d < view->rank; ++d)
            for (int32_t l = 0; l < layer->n_loops; ++l)
                e->reads[operand->operand_class][l] |= operand->index[d].coefficient[l] != 0;
    }
}

/* How often CTs in their order find another box of the operand than the one before. */
static int64_t fetches_of(const estimator *e, int32_t operand, const int64_t *tile) {
    const stream_layer *layer = e->task->layer;
    int64_t all = 1, fetches = 1;
    for (int pass = 0; pass < 2; ++pass)
        for (int32_t l = 0; l < layer->n_loops; ++l) {
            int64_t tiles = stream_ceil_div(e->most[l], tile[l]);
            if (layer->reduction[l] != (pass == 1) || tiles == 1)
                continue;
            all = times(all, tiles);
            if (e->reads[operand][l])
                fetches = all;
        }
    return fetches;
}

static estimate estimate_of(const estimator *e, const int64_t *tile) {
    const stream_shrink_task *task = e->task;
    int64_t bits[STREAM_N_OPERANDS], traffic = 0;
    int64_t cts = stream_shrink_count(task->layer, e->most, tile);
    stream_cutting cutting = {task->layer, task->split, tile};
    stream_fit_bits(task->fit, &cutting, task->cores[0], bits);
    for (int32_t o = STREAM_I1; o <= STREAM_I2; ++o) {
        int64_t moved = times(bits[o], fetches_of(e, o, tile));
        traffic = stream_min_i64(INT64_MAX / 4, traffic + stream_min_i64(moved, INT64_MAX / 4));
    }
    traffic /= e->width;
    int64_t compute = stream_min_i64(times(cts, cycles_of_ct(e, tile, bits)), INT64_MAX / 4);
    return (estimate){stream_max_i64(compute, traffic), cts};
}

/* ---- the search */

static int32_t add_free(const estimator *e, int32_t l, int32_t *loops, int32_t n) {
    if (l >= 0 && !e->task->fixed[l] && e->most[l] > 1 && n < MOST_PARALLEL)
        loops[n++] = l;
    return n;
}

static void search_loops(const estimator *e, const int32_t *loops, int32_t n, const int64_t *from,
                         estimate *best, int64_t *tile) {
    stream_odometer o = stream_odometer_begin(e->task->layer, loops, n, e->most, from);
    do {
        estimate now = estimate_of(e, o.tile);
        if (!is_less(&now, best) || !stream_search_fits(e->task, o.tile))
            continue;
        *best = now;
        memcpy(tile, o.tile, sizeof(int64_t) * (size_t)e->task->layer->n_loops);
    } while (stream_odometer_step(&o));
}

void stream_search_cheapest(const stream_shrink_task *task, const stream_loop_roles *roles,
                            const int64_t *most, int64_t *tile) {
    estimator e = {task, most, stream_way_out(task->fit->acc, task->cores[0]), {{false}}};
    int32_t loops[MOST_PARALLEL + 1];
    int64_t from[STREAM_MAX_LOOPS];
    estimate best = NONE;
    find_reads(&e);
    memcpy(from, most, sizeof(int64_t) * (size_t)task->layer->n_loops);
    int32_t n = add_free(&e, roles->channel, loops, 0);
    n = add_free(&e, roles->row, loops, n);
    for (int32_t i = roles->n_other - 1; i >= 0; --i)
        n = add_free(&e, roles->other[i], loops, n);
    search_loops(&e, loops, n, from, &best, tile);
    for (int32_t i = 0; i < roles->n_reduced && task->may_split_reduction; ++i) {
        int32_t l = roles->reduced[i];
        if (task->fixed[l] || most[l] == 1)
            continue;
        loops[n] = l;
        search_loops(&e, loops, n + 1, from, &best, tile);
        from[l] = 1;
    }
}
