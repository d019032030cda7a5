#ifndef STREAM_LIB_SCHEDULE_BOUND_H
#define STREAM_LIB_SCHEDULE_BOUND_H

#include "bound_needs.h"

#include "stream/schedule/schedule.h"
#include "stream/support/integer.h"

/* Bits per cycle where nothing limits them. */
#define STREAM_BOUND_NO_LIMIT INT64_MAX

/* Cycles that `bits` take at `rate` > 0 bits per cycle, no less. */
static inline int64_t stream_bound_cycles(int64_t bits, int64_t rate) {
    return rate < STREAM_BOUND_NO_LIMIT ? stream_ceil_div(bits, rate) : 0;
}

/* What must cross the boundary of the off-chip memory, and how fast it can.
 *
 *   read             elements of inputs and constants that some CT reads from its core's memory
 *                    wherever it runs: each leaves off-chip at least once, before such a CT runs
 *   write            elements of network outputs that no CT may stream: each enters at least once,
 *                    after its CT
 *   streamed_read,   what CTs stream (R9) wherever they run, while they run
 *   streamed_write
 *
 * A rate is the sum over all ports (links) through which that traffic can go; `both` is the sum
 * over the union. A transfer uses its rate over its whole interval, so it uses at least its bits of
 * capacity * time, and bits <= rate * T. Where a core works in off-chip memory (`shared`) there is
 * no limit, and no bits are counted. */
typedef struct {
    int64_t read_bits, write_bits;
    int64_t streamed_read, streamed_write;
    int64_t port_read, port_write, port_both;
    int64_t link_read, link_write, link_both;
    bool shared;
} offchip_traffic;

/* Its rates, then its bits. */
void stream_bound_rates(const stream_accelerator *acc, stream_arena *arena, offchip_traffic *out);
void stream_bound_sum(const bound_needs *needs, offchip_traffic *out);

/* Of what CT i writes, the bits that must be off-chip at the end. */
int64_t stream_bound_output_bits(const stream_ct_graph *g, int32_t i);

/* The least of any core that CT i may run on. */
typedef struct {
    int64_t read, write, offchip_fj;
} streamed_bits;

/* Operand classes that CT i streams on some core that it may run on, as bits. */
uint8_t stream_bound_may_stream(const stream_schedule_problem *p, int32_t i);
streamed_bits stream_bound_streamed(const stream_schedule_problem *p, int32_t i);

/* True if the kernel has a price on the core and the core is among those allowed (n_allowed 0:
 * all). */
bool stream_bound_may_run(const stream_schedule_problem *p, int32_t kernel, const int32_t *allowed,
                          int32_t n_allowed, int32_t core);

/* CTs that may run on the same cores at the same prices. */
typedef struct {
    int64_t n;
    int64_t head, tail;    /* the least of any of them */
    const int64_t *cycles; /* [n_cores] of one; -1: not there */
} bound_group;

/* A window (h, t) holds the groups with head >= h and tail >= t; all their CTs run in [h, T - t].
 * With x_gc CTs of group g on core c, no latency T is below the optimum of
 *
 *   min T    sum_c x_gc = n_g                            every group g
 *            sum_{g in w} p_gc x_gc <= T - h_w - t_w     every core c and window w that has groups
 *
 * nor, for any integers mu_wc >= 0, not all 0, below what the sum of the rows, each times its mu,
 * says:
 *
 *   T sum mu_wc >= sum_wc mu_wc (h_w + t_w) + sum_g n_g min_c (p_gc sum_{w holds g} mu_wc)
 *
 * This is evaluated in 128-bit integers, for mu made by multiplicative updates: a poor mu only
 * weakens the bound. Gives the best value found; 0: too many groups. Bounded work, the same on
 * every machine. */
int64_t stream_bound_windows(const bound_group *groups, int32_t n_groups, int32_t n_cores,
                             stream_arena *arena);

/* The public bounds from what the CTs of the problem need, which is found once for both: opened
 * for cores as they are given, in `arena`; keeps the problem. */
typedef struct stream_bounds bounds;
bounds *stream_bound_open(const stream_schedule_problem *p, stream_arena *arena);
int64_t stream_bound_latency(bounds *b, stream_arena *arena, stream_bound_kind *out_kind);
/* latency  a lower bound on it */
int64_t stream_bound_energy(const bounds *b, stream_arena *arena, int64_t latency);

/* The same problem; of any cores, unless each CT is given one that exists. */
stream_schedule_problem stream_bound_problem(const stream_schedule_problem *problem);

#endif
