#ifndef STREAM_SCHEDULE_READERS_H
#define STREAM_SCHEDULE_READERS_H

#include "stream/schedule/schedule.h"

#ifdef __cplusplus
extern "C" {
#endif

/* For each target of the transfers, one after the other: the first CT to start after the transfer
 * that reads some of its box there while the copy is there; of several the lowest; -1: none. In
 * `arena`. O((reads + targets) log reads), and the reads in between of other boxes. */
const int32_t *stream_schedule_first_readers(const stream_schedule_problem *problem,
                                             const stream_schedule *schedule, stream_arena *arena);

#ifdef __cplusplus
}
#endif

#endif
