#ifndef STREAM_LIB_COST_LOADING_H
#define STREAM_LIB_COST_LOADING_H

#include "stall.h"

/* Every transfer through every port, after hiding what happens once; shared: its port carries both
 * inputs. Movements that load nothing (partial sums coming back, what never moves) are 0. */
typedef struct {
    double cycles[STREAM_NEST_MAX_OPERANDS][STREAM_MAP_MAX_LEVELS][STREAM_N_DIRECTIONS];
    bool shared[STREAM_NEST_MAX_OPERANDS][STREAM_MAP_MAX_LEVELS][STREAM_N_DIRECTIONS];
    bool below_bound;
} stream_loads;

void stream_loads_of(const stream_mapping_problem *problem, const stream_movements *moves,
                     const stream_real_cycles *real, int64_t stall_cycles, stream_loads *out);

/* Cycles of filling the levels before the first operation and of draining the last results (5.6),
 * after hiding what happens once behind the computation. *out_below_bound: as below_bound of
 * stream_mapping_cost. */
void stream_loading_cycles(const stream_mapping_problem *problem, const stream_movements *moves,
                           const stream_real_cycles *real, int64_t stall_cycles, double *out_onload,
                           double *out_offload, bool *out_below_bound);

/* On-loading of n inputs, each `both` cycles on ports that carry several inputs, one input after
 * the other, and `rest` cycles beside them: in the best order, the longest rest first. For two
 * inputs the formula of 5.6. */
double stream_onload_in_turn(const double *both, const double *rest, int32_t n);

/* Shortens the transfers c[0..n) of one port, none below low[i], by up to `surplus` cycles in all,
 * the largest first, or with STREAM_QUIRK_HIDE_PAST_BOUNDS in equal shares and past the bounds.
 */
void stream_hide(bool past_bounds, double *c, const double *low, int32_t n, double surplus);

#endif
