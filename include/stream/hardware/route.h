#ifndef STREAM_HARDWARE_ROUTE_H
#define STREAM_HARDWARE_ROUTE_H

#include "stream/hardware/accelerator.h"

/* The links from one core to another, as resource ids in hop order. */
typedef struct {
    const int32_t *resources;
    int32_t n_hops;
    int64_t bandwidth_bits; /* of the slowest hop */
    int64_t latency_cycles; /* sum over the hops */
    double pj_per_bit;      /* sum over the hops */
} stream_route;

/* All routes of an accelerator: the fewest hops, then the widest slowest hop, then the lowest link
 * ids. A route between on-chip cores never passes through the off-chip core. Between cores that
 * share a memory no route is needed.
 *
 * O(n_cores^2 * n_links) once. In `arena`. */
typedef struct {
    int32_t n_cores;
    const stream_route *routes; /* [from * n_cores + to]; n_hops == 0 and from != to: none */
} stream_routes;

STREAM_NODISCARD
stream_status stream_routes_build(const stream_accelerator *acc, stream_arena *arena,
                                  const stream_diag *diag, stream_routes *out);

const stream_route *stream_routes_get(const stream_routes *routes, int32_t from, int32_t to);

/* The cheapest route between two memory instances: over all cores that see them (fewest hops, then
 * bandwidth, then ids). NULL if there is none. */
const stream_route *stream_routes_between(const stream_accelerator *acc,
                                          const stream_routes *routes, int32_t from_instance,
                                          int32_t to_instance);

#endif
