#ifndef STREAM_LIB_HARDWARE_WAYS_H
#define STREAM_LIB_HARDWARE_WAYS_H

#include "stream/hardware/accelerator.h"
#include "stream/hardware/route.h"

#include "stream/support/integer.h"

/* Of one core on the way to a destination. */
typedef struct {
    int32_t resource, core; /* the link to the next core; -1: there is none */
} hop;

/* What ways are compared by. */
typedef struct {
    int64_t cycles;         /* latency, and what the slowest hop takes for STREAM_ROUTE_BITS */
    int64_t bandwidth_bits; /* of the slowest hop */
    int32_t n_hops;
} way_length;

static inline int64_t stream_way_cycles(int64_t bandwidth_bits) {
    return stream_ceil_div(STREAM_ROUTE_BITS, bandwidth_bits);
}

/* Which of two ways is the better one. */
typedef enum {
    WAY_SOONEST,    /* fewer cycles, then fewer hops, then the wider slowest hop */
    WAY_FEWEST_HOPS /* fewer hops, then fewer cycles, then the wider slowest hop */
} way_rule;

/* < 0: the first one is better; 0: they are equal. A longer way is never better than its rest. */
static inline int64_t stream_way_compare(way_rule rule, const way_length *a, const way_length *b) {
    int64_t cycles = a->cycles - b->cycles, hops = (int64_t)a->n_hops - b->n_hops;
    int64_t first = rule == WAY_SOONEST ? cycles : hops;
    int64_t second = rule == WAY_SOONEST ? hops : cycles;
    if (first != 0 || second != 0)
        return first != 0 ? first : second;
    return (a->bandwidth_bits < b->bandwidth_bits) - (a->bandwidth_bits > b->bandwidth_bits);
}

/* Looks for the ways to one core after another. In `arena`; keeps the accelerator.
 * on_chip  only over links and buses that the off-chip core is not at */
typedef struct way_search way_search;
way_search *stream_way_search_create(const stream_accelerator *acc, bool on_chip, way_rule rule,
                                     stream_arena *arena);

/* The next hops to `to` of `from` and of all cores whose ways are found before that (-1: of all
 * cores). The off-chip core is passed through by nobody. out [n_cores]. O(cores + ends of links)
 * where ways become no better by one hop more than another; else a core may pass others in the
 * queue, and a bus may be offered several times. */
void stream_way_search_run(way_search *s, int32_t to, int32_t from, hop *out);

#endif
