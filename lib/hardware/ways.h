#ifndef STREAM_LIB_HARDWARE_WAYS_H
#define STREAM_LIB_HARDWARE_WAYS_H

#include "stream/hardware/accelerator.h"
#include "stream/hardware/route.h"

#include "stream/support/integer.h"

/* Of one core on the way to a destination. */
typedef struct {
    int32_t resource, core; /* the link to the next core; -1: there is none */
} hop;

/* < 0: of two ways with as many hops the first is better, 0: they are equal. Latency [cycles], and
 * bandwidth of the slowest hop [bit/cycle]. */
static inline int64_t stream_way_compare(int64_t latency, int64_t bandwidth, int64_t other_latency,
                                         int64_t other_bandwidth) {
    if (latency != other_latency) {
        int64_t later = latency + stream_ceil_div(STREAM_ROUTE_BITS, bandwidth) - other_latency -
                        stream_ceil_div(STREAM_ROUTE_BITS, other_bandwidth);
        if (later != 0)
            return later;
    }
    return (bandwidth < other_bandwidth) - (bandwidth > other_bandwidth);
}

/* Looks for the ways to one core after another. In `arena`; keeps the accelerator.
 * on_chip  only over links and buses that the off-chip core is not at */
typedef struct way_search way_search;
way_search *stream_way_search_create(const stream_accelerator *acc, bool on_chip,
                                     stream_arena *arena);

/* The next hops to `to` of all cores that are no farther away than `from` (-1: of all cores). The
 * off-chip core is passed through by nobody. out [n_cores]. O(cores + ends of links) */
void stream_way_search_run(way_search *s, int32_t to, int32_t from, hop *out);

#endif
