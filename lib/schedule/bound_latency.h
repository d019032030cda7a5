#ifndef STREAM_LIB_SCHEDULE_BOUND_LATENCY_H
#define STREAM_LIB_SCHEDULE_BOUND_LATENCY_H

#include "bound.h"
#include "bound_needs.h"
#include "bound_sets.h"

/* What the files of the latency bound share; notation and proofs in bound.c. */

/* CTs of one kernel that may run on the same cores. */
typedef struct {
    int32_t kernel, n;
    const int32_t *allowed;
    int32_t n_allowed;
    int32_t set;      /* their cores; -1: none, or not kept */
    uint8_t streamed; /* operand classes that some of the cores stream, as bits */
    streamed_bits streams;
    int64_t work;       /* w_i */
    int64_t head, tail; /* the least of them */
} ct_class;

struct stream_bounds {
    const stream_schedule_problem *p;
    const stream_accelerator *acc;
    const stream_ct_graph *graph;
    offchip_traffic traffic;
    bound_sets *sets;
    ct_class *classes;
    int32_t n_classes;
    int32_t *class_of, *set_of;  /* [n_cts] */
    int64_t *work, *head, *tail; /* [n_cts] */
    int64_t *after;  /* [n_cts] CT i reads inputs: what their last bit leaves off-chip before
                        the end; else -1 */
    int64_t *before; /* [n_cts] CT i leaves results: when they enter off-chip memory at the
                        earliest; else -1 */
    const bool *streamed_out; /* [n_tensors] some CT may stream it out */
    bound_needs needs;
    int64_t best;
    stream_bound_kind kind;
};

/* A bound of that kind: kept if it is higher than all before. */
void stream_bound_offer(bounds *b, int64_t value, stream_bound_kind kind);

static inline int64_t stream_bound_price(const bounds *b, int32_t kernel, int32_t core) {
    return b->p->cycles[(int64_t)kernel * b->acc->n_cores + core];
}

/* Classes and sets, and which tensors may be streamed out. */
void stream_bound_find_classes(bounds *b, stream_arena *arena);

/* Does the later CT take over all that the earlier one wrote, and add to it? */
bool stream_bound_takes_over(const stream_ct *later, const stream_ct *earlier);
/* head, tail, after, before; offers the critical path. Needs classes. */
void stream_bound_find_paths(bounds *b, stream_arena *arena);
/* Compute and assignment. Needs paths. */
void stream_bound_loads(bounds *b, stream_arena *arena);
/* What needs say of links and ports. Needs paths. */
void stream_bound_network(bounds *b, stream_arena *arena);

#endif
