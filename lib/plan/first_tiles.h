#ifndef STREAM_LIB_PLAN_FIRST_TILES_H
#define STREAM_LIB_PLAN_FIRST_TILES_H

#include "stream/plan/plan.h"

/* The tiles (and the split over cores) that a layer would have if every memory were large enough.
 *
 * is_alone  it is the only layer of its stack
 * plan      its cores are known; what it does not say is filled in
 * fixed     [n_loops] written: the user gave the tile of this loop
 * whole     [n_loops] written: the tiles, had none been made smaller only so that the allocation
 * has some to hand out to unequal cores
 *
 * Returns how many are to be handed out; 0: whole[] are the tiles of the plan. */
int64_t stream_first_tiles(const stream_accelerator *acc, const stream_layer *layer, bool is_alone,
                           int64_t rows, stream_layer_plan *plan, bool *fixed, int64_t *whole);

#endif
