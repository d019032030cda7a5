#ifndef STREAM_LIB_SCHEDULE_LAY_OUT_H
#define STREAM_LIB_SCHEDULE_LAY_OUT_H

#include "layout.h"

#include "stream/schedule/schedule.h"

/* Looks for addresses of the items of a memory, whose own are in them; false: these stay. */
typedef struct {
    bool offchip; /* of the off-chip memory; else of those on chip */
    bool (*find)(void *user, int32_t instance, layout_item *items, int32_t n);
    void *user;
} layout_finder;

/* Asks for new addresses of the buffers of those memories, one after the other, and gives them to
 * the schedule. What takes over partial sums in place is one item with them. The old addresses may
 * be any numbers that tell buffers of a memory apart which are there at the same time, or are not
 * the same.
 *
 * s  its slots, transfers, streams and residents are replaced by copies in `arena` */
void stream_schedule_lay_out(const stream_schedule_problem *problem, const layout_finder *finder,
                             stream_arena *arena, stream_schedule *s);

#endif
