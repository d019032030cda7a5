#ifndef STREAM_COST_LOOP_NEST_H
#define STREAM_COST_LOOP_NEST_H

#include "stream/hardware/accelerator.h"
#include "stream/support/arena.h"
#include "stream/support/diag.h"

#ifdef __cplusplus
extern "C" {
#endif

/* One layer (or tile) as the intra-core cost model sees it: a loop nest
 *
 *     O[..] (+)= X[..] * Y[..] ...
 *
 * whose operands are indexed by loop dimensions and by relations between two of them
 * (ix = stride * ox + dilation * fx). The first operand is the output; inputs follow in the order
 * of the equation, which the model depends on. Source: reference/intra-core-cost.md section 1. */

enum {
    STREAM_NEST_MAX_DIMS = 14,
    STREAM_NEST_MAX_OPERANDS = 5, /* the output and up to four inputs */
    STREAM_NEST_MAX_RELATIONS = 4
};

typedef struct {
    const char *name; /* "OX", "K" ... or "D0" */
    int64_t size;     /* iterations, > 0 */
} stream_nest_dim;

/* The data dimension p = a_factor * a + b_factor * b of dims a and b. */
typedef struct {
    const char *name;
    int32_t a, b;
    int64_t a_factor, b_factor; /* > 0 */
    int64_t clip;               /* elements of the tensor along p, padding not counted; > 0 */
} stream_nest_relation;

typedef struct {
    const char *name; /* "O", "W", "I", "A" ... */
    stream_operand_class memory;
    int64_t bits;                        /* of an element; of a partial sum for the output */
    int64_t final_bits;                  /* of a finished output element; = bits for inputs */
    int32_t index[STREAM_NEST_MAX_DIMS]; /* dim id, or ~relation id */
    int32_t n_index;
} stream_nest_operand;

typedef struct {
    stream_nest_dim dims[STREAM_NEST_MAX_DIMS];
    int32_t n_dims;
    stream_nest_relation relations[STREAM_NEST_MAX_RELATIONS];
    int32_t n_relations;
    stream_nest_operand operands[STREAM_NEST_MAX_OPERANDS]; /* [0] is the output */
    int32_t n_operands;
    int64_t cycles_per_op; /* 1, or 4 for an operation that takes four cycles; > 0 */
    stream_loc loc;
} stream_loop_nest;

/* The dim that a dataflow calls `name`, or -1. Case is ignored; the rows of a matrix product are D,
 * as ZigZag has it, or M. */
int32_t stream_nest_dim_named(const stream_loop_nest *nest, const char *name);

/* Distinct values of a_factor * a + b_factor * b for `a` x `b` consecutive iterations, before
 * clipping: U(A, B) = A * B - max(0, B - fa / g) * (A - fb / g),  g = gcd(fa, fb) Only one factor
 * is clamped, as in the reference [Q]; `repaired` clamps both. */
int64_t stream_nest_extent(int64_t a_factor, int64_t a, int64_t b_factor, int64_t b, bool repaired);

/* Checks sizes, ids and that MACs and every tensor size fit 63 bits.
 * errs  INVALID naming the dim or operand */
STREAM_NODISCARD
stream_status stream_loop_nest_check(const stream_loop_nest *nest, const stream_diag *diag);

#ifdef __cplusplus
}
#endif

#endif
