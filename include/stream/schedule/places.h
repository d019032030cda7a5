#ifndef STREAM_SCHEDULE_PLACES_H
#define STREAM_SCHEDULE_PLACES_H

#include "stream/schedule/schedule.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Which of the schedule's records names the address. */
typedef enum {
    STREAM_PLACE_RESIDENT, /* id: in residents */
    STREAM_PLACE_TARGET,   /* id: counted over the targets of all transfers */
    STREAM_PLACE_SLOT,     /* id: CT */
    STREAM_PLACE_STREAM /* id: in streams: for the parts of an operand that pass while a CT runs */
} stream_place_kind;

/* Addresses [address, address + bits) of a memory over [from, until): in whole words, never empty.
 */
typedef struct {
    int64_t address, bits;
    int64_t from, until;
    int32_t instance;
    stream_place_kind kind;
    int32_t id;
} stream_place;

/* All buffers of the schedule, kind by kind. *out_n of them, in `arena`. O(n) */
stream_place *stream_schedule_places(const stream_schedule_problem *problem,
                                     const stream_schedule *schedule, stream_arena *arena,
                                     size_t *out_n);

/* The most that buffers hold at once in each memory [bit], [n_instances], in `arena`. O(n) */
const int64_t *stream_schedule_peaks(const stream_schedule_problem *problem,
                                     const stream_schedule *schedule, stream_arena *arena);

/* By instance, address, start. */
void stream_places_sort(stream_place *places, size_t n);
/* Of sorted places the one at that address that began last by `time`; NULL: none. O(log n) */
stream_place *stream_places_find(stream_place *places, size_t n, int32_t instance, int64_t address,
                                 int64_t time);

#ifdef __cplusplus
}
#endif

#endif
