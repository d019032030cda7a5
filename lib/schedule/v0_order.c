/* The order of the compatible mode; see v0_order.h. */

#include "v0_order.h"

#include "stream/support/sort.h"

static bool find(const stream_schedule_problem *problem, stream_priority priority,
                 stream_arena *arena, int32_t *order) {
    size_t n = (size_t)problem->graph->n_cts;
    stream_coala_v0_hardware hardware;
    stream_coala_v0_problem as_v0;
    stream_coala_v0_schedule schedule;
    int32_t *ct_of = STREAM_NEW(arena, int32_t, n);
    if (stream_coala_v0_hardware_build(problem->acc, arena, NULL, &hardware) != STREAM_OK)
        return false;
    stream_v0_problem_of_graph(problem, &hardware, priority, arena, &as_v0, ct_of);
    if (stream_coala_v0_schedule_build(&as_v0, arena, NULL, &schedule) != STREAM_OK)
        return false;
    stream_keyed *keyed = STREAM_NEW(arena, stream_keyed, n);
    for (size_t i = 0; i < n; ++i)
        keyed[i] = (stream_keyed){(uint64_t)schedule.start[i], ct_of[i]};
    stream_sort_keyed(keyed, n, STREAM_NEW(arena, stream_keyed, n));
    for (size_t i = 0; i < n; ++i)
        order[i] = (int32_t)keyed[i].value;
    return true;
}

static bool is_small(const stream_schedule_problem *p) {
    const stream_ct_graph *g = p->graph;
    return g->n_cts <= V0_ORDER_MOST_CTS && g->pred_first[g->n_cts] <= V0_ORDER_MOST_EDGES &&
           p->acc->n_cores <= V0_ORDER_MOST_CORES;
}

bool stream_v0_order(const stream_schedule_problem *problem, stream_priority priority,
                     int32_t *order) {
    if (!is_small(problem))
        return false;
    stream_arena *arena = stream_arena_create();
    bool found = find(problem, priority, arena, order);
    stream_arena_destroy(arena);
    return found;
}
