#ifndef STREAM_LIB_SCHEDULE_MEMORY_POOL_H
#define STREAM_LIB_SCHEDULE_MEMORY_POOL_H

#include <stdbool.h>
#include <stdint.h>

/* How much of one memory is free from when, wherever it lies: for a score without addresses.
 *
 *   parts:  { 96 bits from 0 }  { 32 bits from 40 }  { 64 bits from 75 }
 *
 * Parts are in the order of time. There are few: where there would be more, the smallest is counted
 * as free when the next one is, so that nothing is ever free too early. */

enum {
    POOL_PARTS = 32
};

typedef struct {
    int64_t free_from, bits;
} pool_part;

typedef struct {
    pool_part parts[POOL_PARTS];
    int32_t n;
} memory_pool;

void stream_memory_pool_reset(memory_pool *pool, int64_t bits);

/* The part with which `bits` are free: at the latest at `want` if that can be, else as soon as
 * possible. -1: never, without an eviction. O(parts) as all of these */
static inline int32_t stream_memory_pool_find(const memory_pool *pool, int64_t bits, int64_t want) {
    int64_t sum = 0;
    int32_t i = 0, last = pool->n - 1;
    for (; i <= last && (sum += pool->parts[i].bits) < bits; ++i)
        ;
    if (i > last)
        return -1;
    while (last > i && pool->parts[last].free_from > want)
        --last;
    return last;
}
/* Takes what `find` found: the latest, so that what is free early stays. */
void stream_memory_pool_take(memory_pool *pool, int64_t bits, int32_t part);
void stream_memory_pool_release(memory_pool *pool, int64_t bits, int64_t time);

#endif
