#ifndef STREAM_LIB_SCHEDULE_MEMORY_RING_H
#define STREAM_LIB_SCHEDULE_MEMORY_RING_H

#include <stdint.h>

/* The live buffers of a memory without addresses, in a ring of no order: a list from head to tail,
 * of which the hand goes round. In place of an address each has its number. Small, unlike a
 * segment, so that those of tens of thousands of buffers stay in a cache. */

typedef struct {
    int64_t bits;
    int32_t buffer;
    int32_t number; /* of those so far */
    int32_t prev, next;
} ring_node;

typedef struct {
    ring_node *nodes;
    int32_t n, capacity; /* of the pool */
    int32_t spare;       /* list of unused pool entries, through next */
    int32_t n_live;
    int32_t head, tail, hand; /* -1: it is empty */
    int32_t n_added;          /* so far */
} memory_ring;

void stream_memory_ring_reset(memory_ring *ring); /* keeps the memory */
void stream_memory_ring_free(memory_ring *ring);

/* One more node of the pool. */
int32_t stream_memory_ring_grow(memory_ring *ring);

/* Just before the hand: behind all that the hand will pass first. Returns its node. */
static inline int32_t stream_memory_ring_add(memory_ring *ring, int64_t bits, int32_t buffer) {
    int32_t id = ring->spare, next = ring->hand;
    if (id >= 0)
        ring->spare = ring->nodes[id].next;
    else
        id = stream_memory_ring_grow(ring);
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

/* The node's id dies. */
static inline void stream_memory_ring_remove(memory_ring *ring, int32_t id) {
    ring_node *gone = &ring->nodes[id];
    *(gone->prev < 0 ? &ring->head : &ring->nodes[gone->prev].next) = gone->next;
    *(gone->next < 0 ? &ring->tail : &ring->nodes[gone->next].prev) = gone->prev;
    if (ring->hand == id)
        ring->hand = gone->next < 0 ? ring->head : gone->next;
    gone->next = ring->spare;
    ring->spare = id;
    --ring->n_live;
}

static inline int32_t stream_memory_ring_after(const memory_ring *ring, int32_t id) {
    int32_t next = ring->nodes[id].next;
    return next < 0 ? ring->head : next;
}

#endif
