#ifndef STREAM_LIB_PLAN_SHRINK_H
#define STREAM_LIB_PLAN_SHRINK_H

#include "fit.h"

/* The loops of a layer by the role they play in tiling. */
typedef struct {
    int32_t row;                                  /* -1: none */
    int32_t channel;                              /* output channel, -1: none */
    int32_t other[STREAM_MAX_LOOPS], n_other;     /* other parallel loops, outermost first */
    int32_t reduced[STREAM_MAX_LOOPS], n_reduced; /* reduction loops, outermost first */
} stream_loop_roles;

stream_loop_roles stream_loop_roles_of(const stream_layer *layer);

/* Shrinks `tile` [n_loops] until it fits `fill` of every core in `cores`. fixed[l]: may not change.
 * Returns false, with the tile as small as allowed, if it cannot. */
bool stream_shrink(stream_fit *fit, const stream_layer *layer, const int32_t *cores,
                   int32_t n_cores, double fill, const bool *fixed, bool may_split_reduction,
                   int64_t *tile);

#endif
