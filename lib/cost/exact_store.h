#ifndef STREAM_LIB_COST_EXACT_STORE_H
#define STREAM_LIB_COST_EXACT_STORE_H

#include "exact_search.h"

#include "stream/support/vec.h"

/* All labels of a search, their accumulators, the open ones as a heap, and per (state, key) those
 * that no other dominates. */
typedef struct stream_label_store {
    stream_vec labels; /* of stream_label */
    stream_vec acc;    /* of double, n_acc per label */
    stream_vec heap;   /* of int32_t */
    int32_t *bucket;   /* [state * n_keys + key], first label or -1 */
    int32_t n_keys, key_factor[STREAM_NEST_MAX_OPERANDS];
} stream_label_store;

/* Tables in `arena`; the store becomes that of `x`. */
void stream_store_open(stream_exact *x, stream_arena *arena, stream_label_store *store);
void stream_store_close(stream_label_store *store);

/* Keeps a label that fits, can beat the incumbent and is not dominated, and opens it. */
void stream_store_insert(stream_exact *x, stream_open_label *label);
/* The best open label: least bound first; among equals the deepest, so plateaus are dived through;
 * then the oldest. -1: none is open. */
int32_t stream_store_next(stream_exact *x);
void stream_store_read(const stream_exact *x, int32_t id, stream_open_label *out);
/* Actions from the root to a label, first action first. Returns how many. */
int32_t stream_store_actions(const stream_exact *x, int32_t id, int32_t *actions);

#endif
