#ifndef STREAM_LIB_EXPORT_TIMELINE_H
#define STREAM_LIB_EXPORT_TIMELINE_H

#include "stream/export/export.h"
#include "stream/support/vec.h"

/* A transfer, or what a CT streams one way, on one track. Tracks are the link resources, and for
 * each core one more, n_resources + core, for copies between the memories of that core, which use
 * no link. */
typedef struct {
    int32_t transfer; /* -1: a stream */
    int32_t stream;   /* index into the schedule's streams; -1: a transfer */
    bool write;       /* of a stream: to off-chip */
    int32_t track;
    int32_t lane;     /* what overlaps in time lies in different lanes */
    bool first, last; /* of the tracks of the transfer */
    int64_t start, end;
} stream_track_use;

typedef struct {
    const stream_track_use *uses; /* by transfer, then hop; then by stream, reads first, hop */
    int32_t n_uses;
    const int32_t *n_lanes; /* [n_resources + n_cores] */
} stream_lanes;

/* Greedy by start, which uses the fewest lanes. O(n log n). In `arena`. */
void stream_lanes_assign(const stream_export *e, stream_arena *arena, stream_lanes *out);

#endif
