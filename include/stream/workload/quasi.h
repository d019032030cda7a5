#ifndef STREAM_WORKLOAD_QUASI_H
#define STREAM_WORKLOAD_QUASI_H

#include "stream/support/status.h"

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A quasi-affine index of a layer: what divisions and remainders by constants make of its loops, as
 * in the im2col map (d1 mod 9) floordiv 3 + d2 * 2, and clamped indices of a resize.
 *
 * Nodes in postfix order, each working on the results of those before it. */
typedef enum {
    STREAM_QUASI_CONSTANT, /* `value` */
    STREAM_QUASI_LOOP,     /* loop number `value` */
    STREAM_QUASI_ADD,      /* the two before */
    STREAM_QUASI_SCALE,    /* the one before, times `value` */
    STREAM_QUASI_FLOOR,    /* the one before over `value` > 0, rounded down */
    STREAM_QUASI_MOD,      /* the one before modulo `value` > 0: 0 to value - 1 */
    STREAM_QUASI_MIN,      /* the smaller of the two before */
    STREAM_QUASI_MAX,      /* the larger of the two before */
    STREAM_QUASI_EITHER    /* one of the two before; which, the data decides */
} stream_quasi_kind;

typedef struct {
    stream_quasi_kind kind;
    int64_t value;
} stream_quasi_node;

#define STREAM_QUASI_MAX_NODES 64

typedef struct {
    const stream_quasi_node *nodes;
    int32_t n_nodes; /* at most STREAM_QUASI_MAX_NODES */
} stream_quasi;

/* Every node has what it works on, one result is left, loops exist, divisors are positive, and no
 * value over all points [0, bounds) leaves 64 bits. */
bool stream_quasi_ok(const stream_quasi *q, int32_t n_loops, const int64_t *bounds);

/* Least and greatest value over the loop box [lo, lo + size). Exact where intervals are (no two
 * parts of a sum share a loop, remainders are of consecutive values), and otherwise where the loops
 * that occur have at most 4096 points; else an interval that holds every value. `q` is ok. */
void stream_quasi_range(const stream_quasi *q, const int64_t *lo, const int64_t *size,
                        int64_t *out_min, int64_t *out_max);

/* How the form looks from the origin `lo`: form(lo + x) = local(x) + offset, where local depends on
 * the phases alone. Writes one phase per FLOOR, MOD, MIN and MAX to `phases`
 * [STREAM_QUASI_MAX_NODES]; returns how many. */
int32_t stream_quasi_phases(const stream_quasi *q, const int64_t *lo, int64_t *phases,
                            int64_t *out_offset);

/* Value at one point of the loops. EITHER takes the first. */
int64_t stream_quasi_value(const stream_quasi *q, const int64_t *point);

/* Bit l: loop l occurs. */
uint32_t stream_quasi_loops(const stream_quasi *q);

#ifdef __cplusplus
}
#endif

#endif
