/* The orders of the compatible mode; see v0_order.h. */

#include "v0_order.h"

#include "draw.h"
#include "engine.h"

/* By how much of itself a CT's runtime grows at most in a variation, in parts of 1,000; in turn. */
static const uint32_t most_more[] = {200, 1000, 8000};

enum {
    N_KINDS = sizeof most_more / sizeof *most_more
};

/* Runtimes of all CTs of a layer grow by the same part. */
static void vary(const stream_coala_v0_ct *base, int32_t n, uint32_t most, uint64_t *state,
                 stream_coala_v0_ct *cts) {
    int64_t more = 0;
    for (int32_t i = 0; i < n; ++i) {
        if (i == 0 || base[i].layer != base[i - 1].layer)
            more = stream_draw(state, most + 1);
        cts[i].cycles = base[i].cycles + (double)((__int128)base[i].cycles * more / 1000);
    }
}

/* False: it schedules nothing. */
static bool run(const stream_coala_v0_problem *p, const int32_t *ct_of, int32_t *order) {
    stream_arena *arena = stream_arena_create();
    stream_coala_v0_schedule schedule;
    size_t n = (size_t)p->n_cts;
    bool found = stream_coala_v0_schedule_build(p, arena, NULL, &schedule) == STREAM_OK;
    if (found) {
        stream_keyed *keyed = STREAM_NEW(arena, stream_keyed, n);
        for (size_t i = 0; i < n; ++i)
            keyed[i] = (stream_keyed){(uint64_t)schedule.start[i], ct_of[i]};
        stream_engine_order_by_key(keyed, n, STREAM_NEW(arena, stream_keyed, n), order);
    }
    stream_arena_destroy(arena);
    return found;
}

static bool is_small(const stream_schedule_problem *p) {
    const stream_ct_graph *g = p->graph;
    return g->n_cts <= V0_ORDER_MOST_CTS && g->pred_first[g->n_cts] <= V0_ORDER_MOST_EDGES &&
           p->acc->n_cores <= V0_ORDER_MOST_CORES;
}

int32_t stream_v0_orders(const stream_schedule_problem *problem, stream_priority priority,
                         bool plain, int32_t n_varied, stream_arena *arena, int32_t **orders) {
    size_t n_cts = (size_t)problem->graph->n_cts;
    stream_coala_v0_hardware hardware;
    stream_coala_v0_problem as_v0;
    uint64_t state = DRAW_SEED;
    int32_t found = 0;
    if (!is_small(problem))
        return 0;
    stream_arena *scratch = stream_arena_create();
    if (stream_coala_v0_hardware_build(problem->acc, scratch, NULL, &hardware) == STREAM_OK) {
        int32_t *ct_of = STREAM_NEW(scratch, int32_t, n_cts);
        stream_v0_problem_of_graph(problem, &hardware, priority, scratch, &as_v0, ct_of);
        const stream_coala_v0_ct *base = as_v0.cts;
        stream_coala_v0_ct *cts = stream_arena_copy(scratch, base, n_cts, sizeof *base);
        as_v0.cts = cts;
        for (int32_t i = plain ? 0 : 1; i <= n_varied; ++i) {
            int32_t *order = STREAM_NEW(arena, int32_t, n_cts);
            if (i > 0)
                vary(base, (int32_t)n_cts, most_more[i % N_KINDS], &state, cts);
            if (run(&as_v0, ct_of, order))
                orders[found++] = order;
        }
    }
    stream_arena_destroy(scratch);
    return found;
}
