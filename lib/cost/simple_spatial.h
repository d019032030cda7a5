#ifndef STREAM_LIB_COST_SIMPLE_SPATIAL_H
#define STREAM_LIB_COST_SIMPLE_SPATIAL_H

#include "stream/hardware/accelerator.h"
#include "stream/workload/workload.h"

/* One loop per array dim at most per entry: unroll[x][l] iterations of loop l run side by side on
 * dim x. */
typedef struct {
    int64_t unroll[STREAM_MAX_ARRAY_DIMS][STREAM_MAX_LOOPS]; /* >= 1 */
    int64_t cycles; /* product over loops of ceil(bound / unrolling) */
} stream_simple_spatial;

/* The user's dataflow with the fewest cycles; without dataflows, the assignment of one loop to each
 * array dim with the fewest cycles (all assignments up to 4 array dims, greedy above). Ties: the
 * first found, loops in order. */
stream_simple_spatial stream_simple_spatial_best(const stream_layer *layer,
                                                 const stream_core *core);

#endif
