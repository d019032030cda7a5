#ifndef STREAM_LIB_SCHEDULE_BOUND_NETWORK_H
#define STREAM_LIB_SCHEDULE_BOUND_NETWORK_H

#include "bound_latency.h"

/* The network of bound_network.c, for what goes to cores, from them, or both. */
typedef enum {
    STREAM_BOUND_IN,
    STREAM_BOUND_OUT,
    STREAM_BOUND_BOTH
} bound_direction;

/* Nodes of a set: one for each operand, one for what is streamed. */
#define STREAM_BOUND_STREAMED (STREAM_N_OPERANDS)
#define STREAM_BOUND_NODES    (STREAM_N_OPERANDS + 1)

typedef struct {
    bounds *b;
    bound_direction direction;
    int32_t n_sets, first_set, source, sink;
    bound_flow *flow;
    const int32_t *to_sink; /* [n_sets * STREAM_BOUND_NODES] arcs */
    const int32_t
        *start; /* [n_places] arcs from another source to each place; then the arc to it */
    const int64_t *before, *after; /* [n_sets] least head_i + w_i, and w_i + tail_i, of their CTs */
} bound_network;

/* Sets of cores that are looked at together. */
typedef struct {
    const bool *holds;   /* [n_sets] */
    const int32_t *sets; /* [n] */
    int32_t n;
} bound_set_group;

/* Bits that the set needs at (has from) one of its nodes, each element of one set and node only. */
int64_t stream_bound_need(const bound_network *n, int32_t set, int32_t node, bool streamed);

/* Each set, and the sets of the CTs of each layer that has several. In `arena`. */
const bound_set_group *stream_bound_groups(const bounds *b, stream_arena *arena, int32_t *out_n);
/* What the links and ports around the group say. */
void stream_bound_group(bound_network *n, const bound_set_group *g);

#endif
