#ifndef STREAM_HARDWARE_ROUTE_H
#define STREAM_HARDWARE_ROUTE_H

#include "stream/hardware/accelerator.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The links from one core to another, as resource ids in hop order. */
typedef struct {
    const int32_t *resources;
    int32_t n_hops;
    int64_t bandwidth_bits; /* of the slowest hop; INT64_MAX from a core to itself */
    int64_t latency_cycles; /* sum over the hops */
    double pj_per_bit;      /* sum over the hops */
} stream_route;

/* All routes of an accelerator: the fewest hops, then the widest slowest hop; each core's next hop
 * is the lowest link, and on a bus the lowest core, among those that give it both. Links and buses
 * count alike: between two cores that a link and a bus join, the wider one is the route. A route
 * never passes through the off-chip core. Between cores that share a memory no route is needed.
 *
 * O(n_cores * (n_cores + ends of links)) once, and the hops of the routes that are no part of
 * another. In `arena`. */
typedef struct {
    int32_t n_cores;
    const stream_route *routes; /* [to * n_cores + from]; n_hops == 0 and from != to: none */
    int32_t n_instances;
    const int32_t *between; /* [from * n_instances + to] index into routes, or -1: none */
} stream_routes;

/* errs  LIMIT: more than 2^25 hops in all routes together */
STREAM_NODISCARD
stream_status stream_routes_build(const stream_accelerator *acc, stream_arena *arena,
                                  const stream_diag *diag, stream_routes *out);

const stream_route *stream_routes_get(const stream_routes *routes, int32_t from, int32_t to);

/* The cheapest route between two memory instances: over all cores that see them (fewest hops, then
 * bandwidth, then ids). Within one instance it is empty. NULL if there is none. O(1). */
const stream_route *stream_routes_between(const stream_accelerator *acc,
                                          const stream_routes *routes, int32_t from_instance,
                                          int32_t to_instance);

#ifdef __cplusplus
}
#endif

#endif
