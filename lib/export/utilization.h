#ifndef STREAM_LIB_EXPORT_UTILIZATION_H
#define STREAM_LIB_EXPORT_UTILIZATION_H

#include "stream/export/export.h"

/* How much of its time each core computes, and how much of the bandwidth of each link and port is
 * held, in equal parts of the latency. A transfer holds its rate until its last bits have arrived,
 * so over links with latency more is held than bits are carried. */

enum {
    STREAM_UTILIZATION_PARTS = 48
};

typedef struct {
    double share;                              /* of the latency, or of bandwidth x latency */
    uint8_t percent[STREAM_UTILIZATION_PARTS]; /* of each part, rounded */
} stream_use;

typedef struct {
    const stream_use *cores;     /* [n_cores] */
    const stream_use *resources; /* [n_resources] links and ports */
    int32_t core;                /* the compute core of the largest share; -1: there is none */
    int32_t resource;            /* the same; -1: nothing is moved */
} stream_utilization;

/* O(n log n). In `arena`. */
void stream_utilization_build(const stream_export *e, stream_arena *arena, stream_utilization *out);

#endif
