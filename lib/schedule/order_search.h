#ifndef STREAM_LIB_SCHEDULE_ORDER_SEARCH_H
#define STREAM_LIB_SCHEDULE_ORDER_SEARCH_H

#include "stream/schedule/schedule.h"

/* Looks for better orders near that of a run: in each try the starts of some of its CTs are moved
 * in time, and the order in which all would start then, and after what they read, is evaluated. It
 * replaces the run if it is better. What so many tries find does not depend on how many follow. */
typedef struct {
    const stream_schedule_problem *problem;
    stream_schedule_workspace *w; /* of the problem's model; others may use it between tries */
    bool keeps_energy;            /* what needs more energy is no better */
    uint32_t seed;                /* of chance */
    int32_t tries;                /* with ORDER_SEARCH_SIZE CTs and transfers */
    int64_t bound_cycles;         /* no schedule is earlier */
} order_search_options;

/* With more CTs and transfers there are fewer tries in the same ratio; with fewer there are more,
 * but no more than ORDER_SEARCH_MOST times as many. */
enum {
    ORDER_SEARCH_SIZE = 4096,
    ORDER_SEARCH_MOST = 16
};

typedef struct order_search order_search;

/* NULL: there is nothing to search, as the size allows too few tries, or the bound is met.
 *
 * run    the request that is to be improved
 * score  what that run made
 * arena  keeps the search, and what it finds */
order_search *stream_order_search_open(const order_search_options *options,
                                       const stream_schedule_request *run,
                                       const stream_schedule_score *score, stream_arena *arena);

/* Are all tries made, too many in a row for nothing, or is the bound met? */
bool stream_order_search_is_over(const order_search *search);

/* One try more, of a search that is not over. True: it is the best so far. The same for the same
 * input. */
bool stream_order_search_try(order_search *search);

/* [n_cts] the best order that a try found, and its score. Dies with the next try. */
const int32_t *stream_order_search_best(const order_search *search, stream_schedule_score *out);

#endif
