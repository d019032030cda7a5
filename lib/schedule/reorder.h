#ifndef STREAM_LIB_SCHEDULE_REORDER_H
#define STREAM_LIB_SCHEDULE_REORDER_H

#include "stream/schedule/schedule.h"

/* The schedule made again in the order of the latest starts of its CTs, with addresses from the
 * beginning and last, as long as that is better. False: it stays as it is. */
bool stream_relax_reordered(const stream_schedule_problem *problem, const stream_schedule_model *m,
                            stream_arena *arena, stream_schedule *schedule);

#endif
