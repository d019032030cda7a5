#ifndef STREAM_COST_LOMA_H
#define STREAM_COST_LOMA_H

#include "stream/cost/mapping.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Loop-order-based memory allocation: every order of the loop prime factors (merged until there are
 * no more than a limit), each cut by stream_mapping_allocate, the best by objective, the first
 * among equals in the reference's order of visit. Source: reference/intra-core-cost.md 4.2, 4.5, 6.
 */

typedef enum {
    STREAM_BEST_LATENCY, /* total2, then energy */
    STREAM_BEST_ENERGY,  /* energy, then total2 */
    STREAM_BEST_EDP
} stream_mapping_objective;

/* A position of the order that only loops of `dim` (and, if size > 0, of that size) may take. */
typedef struct {
    int32_t dim;
    int64_t size; /* 0: any */
} stream_loop_pin;

typedef struct {
    stream_mapping_objective objective;
    int32_t lpf_limit;  /* 6 in the reference's programs; at least the number of dims is used */
    int64_t max_orders; /* the search ends after so many; 0: it looks at all */
    bool even;
    const stream_loop_pin *inner; /* positions 0, 1, ... from the innermost */
    int32_t n_inner;
    const stream_loop_pin *outer; /* outer[n_outer - 1] is the outermost */
    int32_t n_outer;
} stream_loma_options;

#define STREAM_LOMA_OPTIONS_DEFAULTS                                                               \
    ((stream_loma_options){.objective = STREAM_BEST_LATENCY, .lpf_limit = 6})

typedef struct {
    bool found;    /* some order fits */
    bool asserted; /* 3.9.1: some order has below_bound set; that version stops there with no result
                    */
    int64_t orders, valid_orders;    /* looked at; that fit */
    stream_temporal_mapping mapping; /* as allocated, before the stationarity merge */
    stream_mapping_cost cost;
} stream_loma_result;

/* If `inner` names every loop with its size and their product per dim is what is left for time,
 * that one order is evaluated. Orders: n! over the factorials of equal loops, at most lpf_limit!.
 */
void stream_loma_search(const stream_mapping_problem *problem, const stream_loma_options *options,
                        stream_loma_result *out);

/* How many orders there are, up to INT64_MAX. */
int64_t stream_loma_orders(const stream_mapping_problem *problem,
                           const stream_loma_options *options);

/* True if a is strictly better than b. */
bool stream_mapping_better(stream_mapping_objective objective, const stream_mapping_cost *a,
                           const stream_mapping_cost *b);

#ifdef __cplusplus
}
#endif

#endif
