#ifndef STREAM_LIB_SCHEDULE_BOUND_WAYS_H
#define STREAM_LIB_SCHEDULE_BOUND_WAYS_H

#include "bound_flow.h"

#include "stream/hardware/accelerator.h"

/* What links cost data at least, whatever routes it takes and wherever it is kept in between.
 *
 * Cores that see a common memory, directly or by way of others, are one *place*: within it data may
 * move without links. Its latency from place to place is at least the shortest path over the links
 * (a transfer waits for the latencies of the longest way in its tree, a chain of transfers for
 * those of each), the same in both directions, as links have one latency and bandwidth for both.
 *
 * rate: B bits that are off-chip at 0 are not in place k before distance_k + ceil(B / rate_k).
 * Let S be when they are. Take any set C of places without the off-chip core, k in C, and let F be
 * what the links with an end inside and one outside have together (each direction of a link, a bus
 * once), l the least latency of these, a the least distance of a place in C. Each bit has a first
 * transfer from a memory outside C into one inside, which goes over such a link; s is its start, L
 * its latency, n = ceil(its bits / its rate). It cannot leave before the bit is there, nor arrive
 * after what is left of the way:
 *
 *   s + L >= a                                          its target is in C
 *   s + n + L + (distance from there to k) <= S
 *   L + (distance from there to k) >= l                 its source is outside C
 *   s + L + (distance from there to k) >= distance_k
 *
 * Let D = min(distance_k, a + l). Then s + x >= a and s + x + n <= a + S - D for some 0 <= x <= L:
 * the interval [s + x, s + x + n), in which it holds its rate r >= its bits / n, is inside
 * [a, a + S - D). So all bits together are at most F (S - D). Only sets with D = distance_k are
 * used: the off-chip boundary, and for each latency l of a link those that have no place nearer
 * than distance_k - l and no link in the cut that is faster than l. Of these the least F is the
 * most flow from the off-chip core to k where links that are faster, and all places that are
 * nearer, cost nothing; so a rate does not fall when a bandwidth rises. The same backwards in time
 * for data that k has at 0 and that is to be off-chip; and for k alone to and from any other place.
 */
typedef struct {
    int32_t n_places;
    const int32_t *place;     /* [n_cores] */
    const int64_t *links;     /* [n_places] bits per cycle of all links to other places */
    const int64_t *distance;  /* [n_places] cycles of links between it and the off-chip core */
    const int64_t *rate;      /* [n_places] bits per cycle between it and the off-chip core */
    const int64_t *latencies; /* [n_links] */
    const struct bound_ends *ends;
    const stream_accelerator *acc;
    int64_t steps; /* that are left for distances */
} bound_ways;

/* In `arena`; keeps the accelerator. O(places^2 + ends of links), and a flow to each place with
 * compute cores, for up to 8 latencies of links; within bounded work. */
bound_ways *stream_bound_ways_create(const stream_accelerator *acc, stream_arena *arena);

/* The least sum of cost [n_links] over links from one of the places in `from` [n_places] to each.
 * Within bounded work; after that 0. out [n_places] */
void stream_bound_distances(bound_ways *ways, const int64_t *cost, const bool *from,
                            stream_arena *arena, int64_t *out);

/* The links as arcs between places, nodes 0 .. n_places, and two nodes for each bus from first_bus
 * on. What goes one way, or both (directions 2: a link, not a bus, has as much for the way back).
 * Links with less latency than the least have no limit. */
int32_t stream_bound_bus_nodes(const stream_accelerator *acc);
int64_t stream_bound_link_pairs(const stream_accelerator *acc);
void stream_bound_add_links(const bound_ways *ways, int64_t directions, int64_t least_latency,
                            int32_t first_bus, bound_flow *flow);

/* [n_places] `rate`, from the rest of the ways; of places without compute cores `links`. */
const int64_t *stream_bound_cuts(const bound_ways *ways, stream_arena *arena);

#endif
