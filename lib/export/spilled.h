#ifndef STREAM_LIB_EXPORT_SPILLED_H
#define STREAM_LIB_EXPORT_SPILLED_H

#include "stream/hardware/route.h"
#include "stream/schedule/schedule.h"

/* Why an intermediate result is written to off-chip memory. */
typedef enum {
    STREAM_SPILLED_NO_ROOM, /* every CT that reads it could have it on chip */
    STREAM_SPILLED_NO_WAY,  /* no links lead on chip (R5) from where it is written to a memory in
                               which a CT reads it */
    STREAM_SPILLED_THERE,   /* a CT reads or writes it in off-chip memory itself (R9) */
    STREAM_N_SPILLED
} stream_spilled;

/* Of a transfer to off-chip memory of what a CT wrote. The cause that leaves no choice counts: what
 * one CT streams and another one had no room for is streamed. O(successors of the writer) */
stream_spilled stream_spilled_cause(const stream_schedule_problem *p, const stream_schedule *s,
                                    stream_routes *routes, const stream_transfer *t);

#endif
