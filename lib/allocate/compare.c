/* Which of two scores is better; see search.h. */

#include "search.h"

/* Part of a value by which one is clearly better. */
#define CLEARLY 32

static double value(stream_objective objective, const stream_schedule_score *s) {
    return stream_objective_value(objective, s->latency_cycles, s->energy_fj);
}

static double edp(const stream_schedule_score *s) {
    return value(STREAM_OBJECTIVE_EDP, s);
}

bool stream_allocation_is_better(stream_objective objective, const stream_schedule_score *a,
                                 const stream_schedule_score *b) {
    switch (objective) {
    case STREAM_OBJECTIVE_LATENCY:
        return stream_score_is_better(a, b);
    case STREAM_OBJECTIVE_ENERGY:
        return a->energy_fj != b->energy_fj ? a->energy_fj < b->energy_fj
                                            : a->latency_cycles < b->latency_cycles;
    case STREAM_OBJECTIVE_EDP:
        return edp(a) < edp(b);
    }
    return false;
}

bool stream_allocation_beats(const allocation_search *x, stream_objective objective,
                             const stream_schedule_score *a, const stream_schedule_score *b) {
    double gain = value(objective, b) - value(objective, a);
    return stream_allocation_is_better(objective, a, b) &&
           (!x->fewer_kinds || objective != STREAM_OBJECTIVE_LATENCY || edp(a) <= edp(b) ||
            gain > value(objective, b) / CLEARLY);
}

int64_t stream_allocation_cutoff(const allocation_search *x, const stream_schedule_score *best) {
    if (x->options->objective == STREAM_OBJECTIVE_LATENCY)
        return best->latency_cycles;
    double least = (double)x->energy_bound;
    if (x->options->objective == STREAM_OBJECTIVE_EDP && least > 0 &&
        edp(best) / least < (double)(INT64_MAX / 4))
        return (int64_t)(edp(best) / least) + 1;
    return INT64_MAX;
}
