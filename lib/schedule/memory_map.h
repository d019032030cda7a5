#ifndef STREAM_LIB_SCHEDULE_MEMORY_MAP_H
#define STREAM_LIB_SCHEDULE_MEMORY_MAP_H

#include <stdbool.h>
#include <stdint.h>

/* Who holds which addresses of one memory instance, and from when each address is free.
 *
 *   address 0                                                  size
 *          | b3: live | free from 40 | b7: live | free from 0 ....|
 *
 * Segments cover [0, size) in address order, as a linked list in a pool. A live segment belongs to
 * a buffer whose end is not known yet; a free one may be used by whatever starts at or after its
 * time. Nothing is ever placed before that, so the past need not be kept. */

#define STREAM_NEVER INT64_MAX /* free_from of a live segment */

typedef struct {
    int64_t address, size, free_from;
    int32_t buffer; /* -1: free */
    int32_t prev, next;
} segment;

typedef struct {
    segment *segments;
    int32_t n, capacity; /* of the pool */
    int32_t spare;       /* list of unused pool entries, through next */
    int32_t head, tail;
    int32_t scan; /* no segment before it is free: where searches begin */
    int64_t size;
    int64_t live; /* bits of live segments */
    int64_t floor; /* small free segments up to this time are merged with their neighbours */
} memory_map;

/* A place for a buffer: `address` is in segment `first`. */
typedef struct {
    int32_t first;
    int64_t address, free_from;
} memory_window;

typedef enum {
    MEMORY_FIT_LOW,    /* the smallest hole that is free in time, at its low end */
    MEMORY_FIT_HIGH,   /* the same, at its high end: for data that stays */
    MEMORY_FIT_COMPACT /* the lowest address, whenever it is free */
} memory_fit;

void stream_memory_map_reset(memory_map *map, int64_t size); /* keeps the memory */
void stream_memory_map_free(memory_map *map);

/* A place of `bits` that is free from `want` on; if there is none, one that is free earliest.
 * False: too little contiguous space will be free without an eviction. O(segments). */
bool stream_memory_map_find(memory_map *map, int64_t bits, int64_t want, memory_fit fit,
                            memory_window *out);

/* The same in O(1) at the end of the map if that is free: for off-chip memory, where space is not
 * short; else as `find`. */
bool stream_memory_map_append(memory_map *map, int64_t bits, memory_window *out);

/* Gives [window.address, + bits) to `buffer`; returns its segment. */
int32_t stream_memory_map_take(memory_map *map, const memory_window *window, int64_t bits,
                               int32_t buffer);

/* The segment is free from `time` on. Its id dies. */
void stream_memory_map_release(memory_map *map, int32_t id, int64_t time);

#endif
