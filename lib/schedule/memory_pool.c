/* Free bits of one memory over time; see memory_pool.h. */

#include "memory_pool.h"

#include <string.h>

void stream_memory_pool_reset(memory_pool *pool, int64_t bits) {
    pool->n = 1;
    pool->parts[0] = (pool_part){0, bits};
}

/* The last part that is free at `time`; -1: none. */
static int32_t last_at(const memory_pool *pool, int64_t time) {
    int32_t i = pool->n;
    while (i > 0 && pool->parts[i - 1].free_from > time)
        --i;
    return i - 1;
}

bool stream_memory_pool_find(const memory_pool *pool, int64_t bits, int64_t want,
                             int64_t *out_free_from) {
    int64_t sum = 0;
    int32_t i = 0;
    for (; i < pool->n && (sum += pool->parts[i].bits) < bits; ++i)
        ;
    if (i == pool->n)
        return false;
    int32_t last = last_at(pool, want);
    *out_free_from = pool->parts[last > i ? last : i].free_from;
    return true;
}

static void remove_part(memory_pool *pool, int32_t i) {
    --pool->n;
    memmove(&pool->parts[i], &pool->parts[i + 1], (size_t)(pool->n - i) * sizeof *pool->parts);
}

void stream_memory_pool_take(memory_pool *pool, int64_t bits, int64_t free_from) {
    for (int32_t i = last_at(pool, free_from); bits > 0 && i >= 0; --i) {
        pool_part *part = &pool->parts[i];
        int64_t taken = part->bits < bits ? part->bits : bits;
        bits -= taken;
        part->bits -= taken;
        if (part->bits == 0)
            remove_part(pool, i);
    }
}

/* The smallest part but the last becomes free with the next one. */
static void join_smallest(memory_pool *pool) {
    int32_t smallest = 0;
    for (int32_t i = 1; i + 1 < pool->n; ++i)
        if (pool->parts[i].bits < pool->parts[smallest].bits)
            smallest = i;
    pool->parts[smallest + 1].bits += pool->parts[smallest].bits;
    remove_part(pool, smallest);
}

void stream_memory_pool_release(memory_pool *pool, int64_t bits, int64_t time) {
    if (bits == 0)
        return;
    int32_t at = last_at(pool, time);
    if (at >= 0 && pool->parts[at].free_from == time) {
        pool->parts[at].bits += bits;
        return;
    }
    if (pool->n == POOL_PARTS) {
        join_smallest(pool);
        at = last_at(pool, time);
    }
    memmove(&pool->parts[at + 2], &pool->parts[at + 1],
            (size_t)(pool->n - at - 1) * sizeof *pool->parts);
    pool->parts[at + 1] = (pool_part){time, bits};
    ++pool->n;
}
