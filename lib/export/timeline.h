#ifndef STREAM_LIB_EXPORT_TIMELINE_H
#define STREAM_LIB_EXPORT_TIMELINE_H

#include "stream/export/export.h"
#include "stream/support/vec.h"

/* Lanes of every link resource: transfers that overlap in time lie in different lanes. */
typedef struct {
    const int32_t *lane;    /* [sum of n_resources over transfers], by transfer, then hop */
    const int32_t *n_lanes; /* [n_resources] */
} stream_lanes;

/* Greedy by start, which uses the fewest lanes. O(n log n). In `arena`. */
void stream_lanes_assign(const stream_export *e, stream_arena *arena, stream_lanes *out);

/* A change of the occupied bits of a memory. */
typedef struct {
    int64_t time, bits; /* bits: after all changes at `time` */
} stream_occupancy_step;

/* Occupied bits of one instance over time, one step per time of change. Elements of
 * stream_occupancy_step; the caller frees. */
stream_vec stream_occupancy(const stream_export *e, int32_t instance);

#endif
