#ifndef STREAM_LIB_SCHEDULE_COPY_H
#define STREAM_LIB_SCHEDULE_COPY_H

#include "stream/schedule/schedule.h"

/* `s`, which may die, in place of *kept, which keeps its own bounds. Links are borrowed from the
 * problem's accelerator.
 *
 * arena  keeps the copy */
void stream_schedule_replace(const stream_schedule_problem *problem, const stream_schedule *s,
                             stream_arena *arena, stream_schedule *kept);

/* Of its latency and energy; the rest is 0. */
stream_schedule_score stream_schedule_score_of(const stream_schedule *s);

#endif
