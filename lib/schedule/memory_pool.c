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

static void remove_part(memory_pool *pool, int32_t i) {
    --pool->n;
    memmove(&pool->parts[i], &pool->parts[i + 1], (size_t)(pool->n - i) * sizeof *pool->parts);
}

void stream_memory_pool_take(memory_pool *pool, int64_t bits, int32_t part) {
    for (; bits > 0; --part) {
        int64_t there = pool->parts[part].bits;
        if (there > bits) {
            pool->parts[part].bits -= bits;
            return;
        }
        bits -= there;
        remove_part(pool, part);
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
