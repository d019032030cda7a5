#ifndef STREAM_LIB_SCHEDULE_ORDER_SEARCH_H
#define STREAM_LIB_SCHEDULE_ORDER_SEARCH_H

#include "stream/schedule/schedule.h"

/* Looks for a better order near that of a run: in each try the starts of some of its CTs are moved
 * in time, and the order in which all would start then, and after what they read, is evaluated. It
 * replaces the run if it is better. */
typedef struct {
    const stream_schedule_problem *problem;
    stream_schedule_workspace *w; /* of the problem's model */
    bool keeps_energy;            /* what needs more energy is no better */
    int32_t tries;                /* with ORDER_SEARCH_SIZE CTs and transfers */
    int64_t bound_cycles;         /* no schedule is earlier */
} order_search;

/* With more CTs and transfers there are fewer tries in the same ratio; with fewer there are more,
 * but no more than ORDER_SEARCH_MOST times as many. */
enum {
    ORDER_SEARCH_SIZE = 4096,
    ORDER_SEARCH_MOST = 4
};

/* Of `tries`, those that are made after a run with this score. */
int64_t stream_order_search_tries(const stream_schedule_problem *problem,
                                  const stream_schedule_score *score, int32_t tries);

/* run    the request that is to be improved
 * score  what that run made; becomes that of the best order
 * order  [n_cts] the best order
 * Returns false, and leaves both, if there is no better one. The same for the same input. */
bool stream_order_search(const order_search *search, const stream_schedule_request *run,
                         stream_arena *arena, stream_schedule_score *score, int32_t *order);

#endif
