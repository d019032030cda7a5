#ifndef STREAM_LIB_SCHEDULE_BOUND_FLOW_H
#define STREAM_LIB_SCHEDULE_BOUND_FLOW_H

#include "stream/support/arena.h"

#include <stdbool.h>
#include <stdint.h>

/* Carried without a limit: more than all that flows. */
#define STREAM_FLOW_NO_LIMIT (INT64_MAX / 4)

/* Most flow from one node of a directed graph to another (Dinic). Arcs 2i and 2i + 1 are one in
 * both directions. */
typedef struct {
    int32_t n_nodes, n_arcs;
    int32_t *last;     /* [n_nodes] arc that leaves it, -1: none */
    int32_t *next;     /* [n_arcs] another arc that leaves the same node, -1 */
    int32_t *to;       /* [n_arcs] */
    int64_t *capacity; /* [n_arcs] in all, or per cycle; the caller may change it between runs */
    bool *per_cycle;   /* [n_arcs] */
    int64_t *left;     /* [n_arcs] of the last run */
    int32_t *level;    /* [n_nodes] arcs from the source after it, -1: behind the least cut */
    int32_t *at, *way; /* [n_nodes] scratch */
    int64_t steps;     /* arcs that may still be looked at */
} bound_flow;

/* In `arena`. For up to most_pairs pairs of arcs. */
bound_flow *stream_flow_create(int32_t n_nodes, int64_t most_pairs, int64_t steps,
                               stream_arena *arena);
/* Returns the arc; the one back is the next. */
int32_t stream_flow_add(bound_flow *f, int32_t from, int32_t to, int64_t capacity, int64_t back,
                        bool per_cycle);

/* What flows in so many cycles from one node to another: less than STREAM_FLOW_NO_LIMIT can leave
 * `from`, or enter `to`. -1: steps are used up. */
int64_t stream_flow_run(bound_flow *f, int32_t from, int32_t to, int64_t cycles);

#endif
