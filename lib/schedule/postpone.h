#ifndef STREAM_LIB_SCHEDULE_POSTPONE_H
#define STREAM_LIB_SCHEDULE_POSTPONE_H

#include "stream/schedule/schedule.h"

/* What is fetched as early as memory and links allow takes room until it is needed. Transfers that
 * bring data to the chosen memories are made as late as its first reader, its source, links and
 * ports allow, the last ones first:
 *
 *   link    |aa|bb|                     |        |aa|bb|
 *   memory    aaaaaaaaaaaaaaaaAAA  ->   |         aaaaaAAA         capitals: is read
 *                bbbbbbbbbbbbbBBBBBB                 bbBBBBBB
 *
 * No CT moves, and what is off-chip stays there for longer if nothing else is to come to its
 * addresses. So all buffers on chip are there when they were, or for a part of that time.
 *
 * chosen  [n_instances]
 * s       its transfers, residents and peaks are replaced by copies in `arena`; addresses on chip
 *         may be any numbers that tell buffers of a memory apart
 *
 * O((reads + transfers) log, and the steps of bandwidth in use that are passed) */
void stream_schedule_postpone(const stream_schedule_problem *problem, const bool *chosen,
                              stream_arena *arena, stream_schedule *s);

#endif
