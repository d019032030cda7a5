#ifndef STREAM_LIB_PLAN_CHEAPEST_H
#define STREAM_LIB_PLAN_CHEAPEST_H

#include "shrink.h"

/* Of tiles that fit, those of which an estimate of the layer's cycles is the least:
 *
 *   compute   iterations of all tiles, divided by what the array of a core unrolls of them: a tile
 * of 1 channel leaves an array of 16 channels to 1/16 of it. Over the cores traffic   bits of
 * inputs and weights over the way to off-chip memory. A tile's operand is kept while the tiles that
 * follow, row-major with reductions innermost, read the same box
 *
 * The larger of the two counts; of equal ones the least sum, then the fewest CTs. Sums stay in
 * their order: reduction loops are divided from the outermost, each to 1 before the next.
 *
 * most  [n_loops] the largest tile
 * tile  [n_loops] fits; replaced by one that is cheaper, if there is one */
void stream_search_cheapest(const stream_shrink_task *task, const stream_loop_roles *roles,
                            const int64_t *most, int64_t *tile);

#endif
