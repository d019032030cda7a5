#ifndef STREAM_SCHEDULE_PACK_H
#define STREAM_SCHEDULE_PACK_H

#include "stream/schedule/schedule.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The same schedule with other addresses, where they then need a smaller memory: while it
 * is made, the scheduler takes any space that is free in time; afterwards all times are known, and
 * the buffers of a memory are laid out again, by stacks and by guided ejection. A memory whose
 * addresses end within 1/64 of its capacity beyond the most that it holds at once keeps them, and
 * so does one where no layout is better within bounded work, but one stack. For memories of up to
 * 2^14 buffers that use more even then, transfers are made as late as what reads their data allows,
 * if layouts are better with that. Off-chip memory comes last, by layouts alone. Latency, energy
 * and bits stay.
 *
 * schedule  its slots, transfers, streams, residents and peaks are replaced by copies in `arena`.
 * O(n x buffers at a time) */
void stream_schedule_pack(const stream_schedule_problem *problem, stream_arena *arena,
                          stream_schedule *schedule);

#ifdef __cplusplus
}
#endif

#endif
