#ifndef STREAM_LIB_SCHEDULE_V0_ORDER_H
#define STREAM_LIB_SCHEDULE_V0_ORDER_H

#include "stream/schedule/coala_v0.h"

/* The CTs of a problem as the compatible mode sees them, and the order in which it would run them:
 * its transfers come one after the other, first come, first served, which sometimes makes a better
 * order than the policies do. */

/* A problem of the compatible mode: CTs are numbered by layer, then by the place of their output,
 * channels fastest, and those of a layer and core run in that order. Data are whole outputs of CTs,
 * and boxes of inputs and constants; sums begin from nothing.
 *
 * hardware   of problem->acc; borrowed
 * out_ct_of  [n_cts] of each of its CTs, the problem's
 * arena      keeps it */
void stream_v0_problem_of_graph(const stream_schedule_problem *problem,
                                const stream_coala_v0_hardware *hardware, stream_priority priority,
                                stream_arena *arena, stream_coala_v0_problem *out,
                                int32_t *out_ct_of);

/* The compatible mode looks at all that a memory holds when it evicts, and at the routes between
 * all cores, so it is asked for small problems alone. */
enum {
    V0_ORDER_MOST_CTS = 1 << 14,
    V0_ORDER_MOST_EDGES = 1 << 18,
    V0_ORDER_MOST_CORES = 64
};

/* All CTs by their starts, equal ones as they are numbered.
 *
 * plain     with the runtimes that they have, too, then first
 * n_varied  with the runtimes of each layer by a fixed random part longer: for a greedy scheduler
 *           one is as good as the other
 * orders    [plain + n_varied], each [n_cts]
 * arena     keeps them
 *
 * Returns how many there are: 0 if the problem is too large, fewer than asked for where the
 * compatible mode does not schedule it. Cost of each: stream_coala_v0_schedule_build. */
int32_t stream_v0_orders(const stream_schedule_problem *problem, stream_priority priority,
                         bool plain, int32_t n_varied, stream_arena *arena, int32_t **orders);

#endif
