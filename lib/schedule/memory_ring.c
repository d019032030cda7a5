/* Buffers of a memory without addresses; see memory_ring.h. */

#include "memory_ring.h"

#include "stream/support/alloc.h"

#include <stdlib.h>

void stream_memory_ring_reset(memory_ring *ring) {
    ring->n = ring->n_live = ring->n_added = 0;
    ring->spare = ring->head = ring->tail = ring->hand = -1;
}

void stream_memory_ring_free(memory_ring *ring) {
    free(ring->nodes);
    *ring = (memory_ring){0};
}

int32_t stream_memory_ring_grow(memory_ring *ring) {
    if (ring->n == ring->capacity) {
        ring->capacity = ring->capacity ? 2 * ring->capacity : 64;
        ring->nodes = stream_alloc_grown(ring->nodes, (size_t)ring->capacity, sizeof *ring->nodes);
    }
    return ring->n++;
}
