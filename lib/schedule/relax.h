#ifndef STREAM_LIB_SCHEDULE_RELAX_H
#define STREAM_LIB_SCHEDULE_RELAX_H

#include "stream/schedule/policy.h"

/* Does `much_slack` change anything: has a link a latency? */
bool stream_relax_has_long_links(const stream_accelerator *acc);

/* stream_schedule_relax in the order of the policy alone.
 *
 * from_the_beginning  a run with addresses from the beginning is tried, too */
bool stream_relax_in_order(const stream_schedule_problem *problem, const stream_schedule_model *m,
                           stream_priority priority, bool from_the_beginning, stream_arena *arena,
                           stream_schedule *schedule);

#endif
