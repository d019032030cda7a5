#ifndef STREAM_LIB_SCHEDULE_RESIDENCY_MEMORIES_H
#define STREAM_LIB_SCHEDULE_RESIDENCY_MEMORIES_H

#include "residency_buffers.h"

/* Which addresses of the memories are left out, when all buffers are added: `memories` and `shifts`
 * of the result. O(n log n) for n buffers */
void stream_residency_shift_all(const residency_buffers *f, const stream_schedule *schedule,
                                stream_residency *out);

#endif
