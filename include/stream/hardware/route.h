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
    bool at_offchip;        /* one of its links (buses) is also the off-chip core's */
} stream_route;

/* The way that brings so many bits first is the route. */
#define STREAM_ROUTE_BITS INT64_C(1024)

/* The routes of an accelerator: the least latency + STREAM_ROUTE_BITS / bandwidth of the slowest
 * hop, then the fewest hops, then the widest slowest hop. They are found from the destination on:
 * each core's way is its next core's with one hop more, and of equal ones that over the lowest
 * link, and on a bus by the lowest core. Links and buses count alike: between two cores that a link
 * and a bus join, the better one is the route. A route never passes through the off-chip core.
 * Between cores that share a memory no route is needed.
 *
 * They are found when they are asked for, and kept: not by several threads at once. The first two
 * routes to a core cost O(cores + ends of links) each where links are alike (see lib/hardware/
 * ways.h); from then on the next hop of every core is known, and a route costs its hops. */
typedef struct stream_routes stream_routes;

/* O(cores + ends of links). Keeps the accelerator and `arena`, in which all routes are. */
stream_routes *stream_routes_create(const stream_accelerator *acc, stream_arena *arena);

/* The fewest hops come first, and then the rest. */
stream_routes *stream_routes_create_fewest_hops(const stream_accelerator *acc, stream_arena *arena);

/* Routes over links and buses that the off-chip core is not at, as if the others were not there:
 * they leave the way to off-chip memory free. */
stream_routes *stream_routes_create_on_chip(const stream_accelerator *acc, stream_arena *arena);

/* The off-chip core is at the link. O(its cores) */
bool stream_link_is_offchip(const stream_accelerator *acc, int32_t link);

/* A new copy each time. From a core to itself, and where there is none (bandwidth_bits 0), without
 * hops. */
const stream_route *stream_routes_get(stream_routes *routes, int32_t from, int32_t to);

/* The best route between two memory instances: over all cores that see them (as above, then the
 * lower core that it comes from, then goes to). Within one instance it is
 * empty. NULL if there is none. O(1) from the second time on. */
const stream_route *stream_routes_between(stream_routes *routes, int32_t from_instance,
                                          int32_t to_instance);

#ifdef __cplusplus
}
#endif

#endif
