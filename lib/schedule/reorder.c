/* Schedules made again in the order of the latest starts of their CTs: what has no slack books
 * links and memory first. See reorder.h. */

#include "reorder.h"

#include "engine.h"
#include "relax.h"

/* Schedules that are each made of the one before. */
#define MOST_ORDERS 4

static bool reorder(const stream_schedule_problem *problem, const stream_schedule_model *m,
                    stream_arena *arena, stream_schedule *schedule) {
    stream_arena *scratch = stream_arena_create();
    stream_schedule_problem p = *problem;
    int32_t *order = STREAM_NEW(scratch, int32_t, (size_t)p.graph->n_cts);
    stream_engine_order_by_latest(&p, schedule, scratch, order);
    p.order = order;
    bool better = stream_relax_in_order(&p, m, STREAM_PRIORITY_GIVEN, true, arena, schedule);
    stream_arena_destroy(scratch);
    return better;
}

bool stream_relax_reordered(const stream_schedule_problem *problem, const stream_schedule_model *m,
                            stream_arena *arena, stream_schedule *schedule) {
    bool better = false;
    for (int32_t i = 0; i < MOST_ORDERS && reorder(problem, m, arena, schedule); ++i)
        better = true;
    return better;
}
