#ifndef STREAM_LIB_SCHEDULE_STRETCHES_H
#define STREAM_LIB_SCHEDULE_STRETCHES_H

#include "memory_map.h"

/* The segments of a memory in stretches of at most STRETCH_MOST side by side, each of which knows
 * from when on any of it may be free: a search for what is free in time passes a stretch of later
 * ones at once. */

/* Everything is in one stretch: of the one segment that there is. */
void stream_stretches_reset(memory_map *map);
/* `upper` was cut off `lower` and follows it. */
void stream_stretches_cut(memory_map *map, int32_t lower, int32_t upper);
/* Before the free segment is absorbed by the one before it. */
void stream_stretches_absorb(memory_map *map, int32_t id);
void stream_stretches_take(memory_map *map, int32_t id);
void stream_stretches_release(memory_map *map, int32_t id, int64_t time);

/* The segment is, or is not, in a run. */
void stream_stretches_note_run(memory_map *map, int32_t id, bool is_in_run);

/* The segment behind `id`, which is free only after `time`: the next, or one behind others that are
 * free only after it, too. -1: the end */
int32_t stream_stretches_pass(memory_map *map, int32_t id, int64_t time);

/* The first segment at or behind `id` (-1: the end) that is in a run and free by `time`; -1: none.
 * O(segments / 64 + 64) */
int32_t stream_stretches_next_in_run(memory_map *map, int32_t id, int64_t time);
/* Of all that are in runs the one that is free first; -1: there is none. */
int32_t stream_stretches_soonest_in_run(memory_map *map);

#endif
