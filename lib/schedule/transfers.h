#ifndef STREAM_LIB_SCHEDULE_TRANSFERS_H
#define STREAM_LIB_SCHEDULE_TRANSFERS_H

#include "stream/schedule/schedule.h"

/* Targets of all transfers. */
int32_t stream_transfers_count_targets(const stream_schedule *s);

/* Copies of the transfers and of their targets, one after the other, in `arena`; links are
 * borrowed. */
stream_transfer *stream_transfers_copy(const stream_schedule *s, stream_arena *arena,
                                       stream_transfer_target **out_targets);

/* By their starts; equal ones stay in order. In place. */
void stream_transfers_sort(stream_transfer *transfers, size_t n);

#endif
