#ifndef STREAM_SUPPORT_ADJACENCY_H
#define STREAM_SUPPORT_ADJACENCY_H

#include "stream/support/arena.h"

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Lists of items by owner, in one array: items[first[owner] .. first[owner + 1]).
 *
 *   create --> count every item --> allot --> put every item, in the order of the lists
 *
 * O(n_owners + items), in `arena`. */
typedef struct {
    int32_t *first, *items;
} stream_adjacency;

/* Until all items are put, first[owner + 1] is where the next of the owner goes; the count is
 * taken one place further on. */
static inline stream_adjacency stream_adjacency_create(int32_t n_owners, stream_arena *arena) {
    return (stream_adjacency){STREAM_NEW(arena, int32_t, (size_t)n_owners + 2), NULL};
}

static inline void stream_adjacency_count(stream_adjacency *a, int32_t owner) {
    ++a->first[owner + 2];
}

static inline void stream_adjacency_allot(stream_adjacency *a, int32_t n_owners,
                                          stream_arena *arena) {
    for (int32_t i = 0; i < n_owners; ++i)
        a->first[i + 2] += a->first[i + 1];
    a->items = STREAM_NEW(arena, int32_t, (size_t)a->first[n_owners + 1]);
}

static inline void stream_adjacency_put(stream_adjacency *a, int32_t owner, int32_t item) {
    a->items[a->first[owner + 1]++] = item;
}

#ifdef __cplusplus
}
#endif

#endif
