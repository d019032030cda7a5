#ifndef STREAM_LIB_SCHEDULE_READY_HEAP_H
#define STREAM_LIB_SCHEDULE_READY_HEAP_H

#include <stdbool.h>
#include <stdint.h>

/* A CT and what it is compared by: 32 bits of rank, then 64 of value, then its number. The smallest
 * comes first. One number, so that no comparison is a branch that may be foreseen wrongly. */
typedef unsigned __int128 ready_key;

static inline ready_key ready_key_of(int32_t rank, int64_t value, int32_t ct) {
    return (ready_key)(uint32_t)rank << 96 | (ready_key)(uint64_t)value << 32 | (uint32_t)ct;
}

static inline int32_t ready_key_ct(ready_key key) {
    return (int32_t)(uint32_t)key;
}

/* CTs by their keys. Many that come at once lie sorted apart, so that the heap stays small: in a
 * layer that reads only inputs every CT is ready from the beginning. */
typedef struct {
    ready_key *items; /* the first n_sorted are a heap, the others not yet */
    int32_t n, n_sorted, capacity;
    ready_key *list; /* ascending; those before `at` are gone */
    int32_t at, n_list, list_capacity;
} ready_heap;

void stream_ready_heap_clear(ready_heap *h); /* keeps the memory */
void stream_ready_heap_free(ready_heap *h);

void stream_ready_heap_push(ready_heap *h, ready_key item);
/* It is not in the heap before its owner pushes it again; see n_sorted. */
void stream_ready_heap_append(ready_heap *h, ready_key item);

/* Into the list, of which nothing is gone yet; then sorts it. */
void stream_ready_heap_enlist(ready_heap *h, ready_key item);
void stream_ready_heap_sort_list(ready_heap *h);

static inline bool stream_ready_heap_is_empty(const ready_heap *h) {
    return h->n == 0 && h->at == h->n_list;
}

/* Is the first one, which there is, in the list? */
static inline bool stream_ready_heap_lists_first(const ready_heap *h) {
    return h->at < h->n_list && (h->n == 0 || h->list[h->at] < h->items[0]);
}

static inline ready_key stream_ready_heap_first(const ready_heap *h) {
    return stream_ready_heap_lists_first(h) ? h->list[h->at] : h->items[0];
}

void stream_ready_heap_remove_first(ready_heap *h);

#endif
