#ifndef STREAM_LIB_SCHEDULE_V0_CURVE_H
#define STREAM_LIB_SCHEDULE_V0_CURVE_H

#include "stream/schedule/coala_v0.h"
#include "stream/support/vec.h"

/* How many bits of one memory are in use over time, as a step function that is changed from a time
 * on for ever after. A B+ tree over the times of the steps:
 *
 *   inner   [ first time, sum, peak, child ] x n     sum:  of the deltas below the child
 *   leaf    [ time, delta ] x n                      peak: largest sum of their first 1, 2 ...
 * deltas
 *
 * A step stays where it is when its delta becomes zero. Every operation is O(log steps), and cheap
 * at the end of the curve, where nearly all of them are. */

enum {
    V0_CURVE_FANOUT = 16
};

/* A leaf, and what an inner node has in common with it. */
typedef struct {
    int32_t n;
    double time[V0_CURVE_FANOUT];
    int64_t sum[V0_CURVE_FANOUT];
} v0_curve_leaf;

typedef struct {
    v0_curve_leaf entries;
    int64_t peak[V0_CURVE_FANOUT];
    int32_t child[V0_CURVE_FANOUT]; /* ids among leaves or inner nodes */
} v0_curve_inner;

/* The nodes of all curves of a run. */
typedef struct {
    stream_vec leaves, inners;
} v0_curve_pool;

typedef struct {
    v0_curve_pool *pool;
    int32_t root, inner_levels; /* none: the root is a leaf */
    int32_t n_steps;
    int64_t total; /* after the last step */
    double last;   /* time of the last step */
} v0_curve;

void stream_v0_curve_pool_open(v0_curve_pool *pool);
void stream_v0_curve_pool_close(v0_curve_pool *pool); /* ends its curves */

/* One step: nothing, from time 0. Keeps the pool. */
void stream_v0_curve_open(v0_curve *c, v0_curve_pool *pool);

/* `delta` bits more from `time` >= 0 on; a step begins there, even if delta is 0. */
void stream_v0_curve_add(v0_curve *c, double time, int64_t delta);

/* True, and the time of the first step from which on never more than `limit` bits are in use (0 if
 * that is so from the beginning); false if the last step uses more. */
bool stream_v0_curve_room(const v0_curve *c, int64_t limit, double *out_time);

/* All steps by time. out [n_steps] */
void stream_v0_curve_steps(const v0_curve *c, stream_coala_v0_step *out);

#endif
