#ifndef STREAM_LIB_COST_EXACT_STORE_H
#define STREAM_LIB_COST_EXACT_STORE_H

#include "exact_search.h"

#include "stream/support/vec.h"

/* The labels of one state and key that no other dominates. A scan reads their necessary values, one
 * behind the other, and little else. */
typedef struct {
    stream_vec ids;    /* of int32_t */
    stream_vec values; /* of double, n_necessary per label */
} stream_label_bucket;

/* All labels of a search, their accumulators, and the open ones as a heap. */
typedef struct stream_label_store {
    stream_vec labels;  /* of stream_label */
    stream_vec acc;     /* of double, n_acc per label */
    stream_vec heap;    /* of int32_t */
    stream_vec buckets; /* of stream_label_bucket */
    int32_t *bucket_at; /* [row * n_keys + key], -1: none yet */
    int32_t n_keys, key_factor[STREAM_NEST_MAX_OPERANDS];
} stream_label_store;

/* Tables in `arena`; the store becomes that of `x`. */
void stream_store_open(stream_exact *x, stream_arena *arena, stream_label_store *store);
void stream_store_close(stream_label_store *store);

/* Keeps a label that fits, can beat the incumbent and is not dominated, and opens it. */
void stream_store_insert(stream_exact *x, stream_open_label *label);
/* Bounds all open labels again: bounds have become better. */
void stream_store_bound_again(stream_exact *x);
/* The best open label: least bound first; among equals the deepest, so plateaus are dived through;
 * then the oldest. -1: none is open. */
int32_t stream_store_next(stream_exact *x);
void stream_store_read(const stream_exact *x, int32_t id, stream_open_label *out);
/* Actions from the root to a label, first action first. Returns how many. */
int32_t stream_store_actions(const stream_exact *x, int32_t id, int32_t *actions);

#endif
