#ifndef STREAM_LIB_SCHEDULE_LAYOUT_STACK_H
#define STREAM_LIB_SCHEDULE_LAYOUT_STACK_H

#include "layout_next.h"
#include "layout_witnesses.h"

/* Layouts without room below an item: each lies at address 0 or on another one. They are made from
 * below; the next item is the one that would lie lowest, of several the one of the highest
 * priority, so that none is ever put below one that lies already:
 *
 *   size |
 *        |        ccc
 *        | bbb dddccc        a (highest priority), b, e, d, c
 *        | bbbaaaaaaeee
 *      0 +------------- time
 *
 * Every moment has a witness: an item that is still to come there, and that would not lie higher
 * than what is still to come leaves room for. An item that would leave a moment without one gives
 * way to the lowest of that moment. If that is of no use either, what is still to come at the
 * moment gets a higher priority, and the next stack begins. */

enum {
    LAYOUT_N_STACKS = 2 /* stacks of different priorities, which take turns */
};

typedef struct {
    layout_moments moments;
    layout_witnesses witnesses;
    layout_next next;
    int64_t unit;    /* bits; what follows counts units */
    int64_t most;    /* that is there at a moment */
    int32_t *sizes;  /* [n] by rank */
    int32_t *held;   /* [n_moments] by all items */
    int32_t *left;   /* [n_moments] by those that are still to come */
    int32_t *lowest; /* [n, in whole blocks] where it would lie; LAYOUT_LIES: it lies */
    int32_t *at;     /* [n] where it lies */
    int32_t *priorities[LAYOUT_N_STACKS]; /* [n, in whole blocks] */
    int32_t n_failed, n_whole; /* stacks that have failed; so many do before parts are stacked */
    uint64_t random;
    int64_t work; /* items and moments looked at */
} layout_stack;

/* items  borrowed while it is open; what they hold at a time adds up to an int64_t
 * size   no layout will be asked for in more */
void stream_layout_stack_open(layout_stack *s, const layout_item *items, int32_t n, int64_t size);
void stream_layout_stack_close(layout_stack *s);

/* How a stack ends that does not fail. */
enum {
    LAYOUT_STACKED = -1,
    LAYOUT_OUT_OF_WORK = -2
};

/* One stack of the k-th priorities in `size` units, which are no less than s->most. Returns the
 * moment at which it fails, where priorities are raised; OUT_OF_WORK: s->work has come to the limit
 * before it did, and nothing has changed. */
int32_t stream_layout_stack_try(layout_stack *s, int32_t k, int32_t size, int64_t limit);

/* Of the last stack, which did not fail. */
static inline int64_t stream_layout_stack_address(const layout_stack *s, int32_t rank) {
    return s->at[rank] * s->unit;
}

#endif
