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

static int32_t new_node(memory_ring *ring) {
    int32_t id = ring->spare;
    if (id >= 0) {
        ring->spare = ring->nodes[id].next;
        return id;
    }
    if (ring->n == ring->capacity) {
        ring->capacity = ring->capacity ? 2 * ring->capacity : 64;
        ring->nodes = stream_alloc_grown(ring->nodes, (size_t)ring->capacity, sizeof *ring->nodes);
    }
    return ring->n++;
}

int32_t stream_memory_ring_add(memory_ring *ring, int64_t bits, int32_t buffer) {
    int32_t id = new_node(ring), next = ring->hand;
    int32_t prev = next < 0 ? ring->tail : ring->nodes[next].prev;
    ring->nodes[id] = (ring_node){
        .bits = bits, .buffer = buffer, .number = ring->n_added++, .prev = prev, .next = next};
    *(prev < 0 ? &ring->head : &ring->nodes[prev].next) = id;
    *(next < 0 ? &ring->tail : &ring->nodes[next].prev) = id;
    if (next < 0)
        ring->hand = id;
    ++ring->n_live;
    return id;
}

void stream_memory_ring_remove(memory_ring *ring, int32_t id) {
    ring_node *gone = &ring->nodes[id];
    *(gone->prev < 0 ? &ring->head : &ring->nodes[gone->prev].next) = gone->next;
    *(gone->next < 0 ? &ring->tail : &ring->nodes[gone->next].prev) = gone->prev;
    if (ring->hand == id)
        ring->hand = gone->next < 0 ? ring->head : gone->next;
    gone->next = ring->spare;
    ring->spare = id;
    --ring->n_live;
}
