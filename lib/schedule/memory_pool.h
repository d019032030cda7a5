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

/* When `bits` are free: at the latest at `want` if that can be, else as soon as possible. False:
 * never, without an eviction. O(parts) as all of these */
bool stream_memory_pool_find(const memory_pool *pool, int64_t bits, int64_t want,
                             int64_t *out_free_from);
/* Takes what `find` found: the latest, so that what is free early stays. */
void stream_memory_pool_take(memory_pool *pool, int64_t bits, int64_t free_from);
void stream_memory_pool_release(memory_pool *pool, int64_t bits, int64_t time);

#endif
