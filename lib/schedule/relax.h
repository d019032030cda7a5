#ifndef STREAM_LIB_SCHEDULE_RELAX_H
#define STREAM_LIB_SCHEDULE_RELAX_H

#include "stream/schedule/policy.h"

/* stream_schedule_relax with the problem's model, which lives as long as the schedule. False: the
 * schedule stays. */
bool stream_schedule_relax_with(const stream_schedule_problem *problem,
                                const stream_schedule_model *model, stream_priority priority,
                                stream_arena *arena, stream_schedule *schedule);

#endif
