#ifndef STREAM_LIB_PLAN_SHRINK_H
#define STREAM_LIB_PLAN_SHRINK_H

#include "fit.h"
#include "roles.h"

/* What tiles of a layer must satisfy. */
typedef struct {
    stream_fit *fit;
    const stream_layer *layer;
    const int64_t *split; /* [n_loops] */
    const int32_t *cores; /* [n_cores] tiles fit `fill` of all of them */
    int32_t n_cores;
    double fill;
    const bool *fixed; /* [n_loops] may not change */
    bool may_split_reduction;
    bool cheapest; /* where something must shrink, by an estimate of cycles (cheapest.h) */
    bool may_grow; /* if the shape of a tile turns out to be bad, loops that are not fixed may
                      exceed what they began with */
} stream_shrink_task;

/* A reduction is split for its own sake where that makes the CTs so many times fewer. */
#define STREAM_SHRINK_FEWER 4

/* Shrinks `tile` [n_loops] until it fits, by the rules of stream_plan_complete. Returns false, with
 * the tile as small as allowed, if it cannot. */
bool stream_shrink(const stream_shrink_task *task, int64_t *tile);

/* Tiles of the size `tile` in the whole layer (in one part of its split): INT64_MAX on overflow. */
int64_t stream_shrink_count(const stream_layer *layer, const int64_t *whole, const int64_t *tile);

#endif
