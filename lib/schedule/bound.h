#ifndef STREAM_LIB_SCHEDULE_BOUND_H
#define STREAM_LIB_SCHEDULE_BOUND_H

#include "stream/schedule/schedule.h"

/* What must cross the boundary of the off-chip memory, and how fast it can.
 *
 * read   elements of inputs and constants that some CT reads: each leaves off-chip at least once
 * write  elements of network outputs: each enters at least once
 *
 * A rate is the sum over all ports (links) through which that traffic can go; `both` is the sum
 * over the union. A transfer uses its rate over its whole interval, so it uses at least its bits of
 * capacity * time, and bits <= rate * T. -1: nothing limits it (a core works in off-chip memory).
 */
typedef struct {
    int64_t read_bits, write_bits;
    int64_t port_read, port_write, port_both;
    int64_t link_read, link_write, link_both;
} offchip_traffic;

void stream_bound_traffic(const stream_schedule_problem *p, stream_arena *arena,
                          offchip_traffic *out);

/* Elements in the union of the boxes, or fewer where counting would take too long. */
int64_t stream_bound_union(const stream_box *const *boxes, int32_t n, stream_arena *arena);

#endif
