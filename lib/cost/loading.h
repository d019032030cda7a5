#ifndef STREAM_LIB_COST_LOADING_H
#define STREAM_LIB_COST_LOADING_H

#include "stall.h"

/* Cycles of filling the levels before the first operation and of draining the last results (5.6),
 * after hiding what happens once behind the computation. *out_below_bound: as below_bound of
 * stream_mapping_cost. */
void stream_loading_cycles(const stream_mapping_problem *problem, const stream_movements *moves,
                           const stream_real_cycles *real, int64_t stall_cycles, double *out_onload,
                           double *out_offload, bool *out_below_bound);

/* Shortens the transfers c[0..n) of one port, none below low[i], by up to `surplus` cycles in all,
 * as the model does it: 3.8.5 in equal shares (and past the bounds [Q]), the others largest first.
 */
void stream_hide(stream_cost_model model, double *c, const double *low, int32_t n, double surplus);

#endif
