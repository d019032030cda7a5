#ifndef STREAM_LIB_SCHEDULE_MEMORY_MAP_H
#define STREAM_LIB_SCHEDULE_MEMORY_MAP_H

#include "memory_pool.h"
#include "memory_ring.h"

#include <stdbool.h>
#include <stdint.h>

/* Who holds which addresses of one memory instance, and from when each address is free.
 *
 *   address 0                                                  size
 *          | b3: live | free from 40 | b7: live | free from 0 | free from 9 ....|
 *                      hole                       start of a run
 *
 * Segments cover [0, size) in address order, as a linked list in a pool. A live segment belongs to
 * a buffer whose end is not known yet; a free one may be used by whatever starts at or after its
 * time. Nothing is ever placed before that, so the past need not be kept.
 *
 * A free segment between live ones is a hole: holes are found by size and time in a tree. Free
 * segments side by side, which were left at different times, are a run, and few: their starts are
 * listed.
 *
 * A pooled map has no addresses: windows are of any free bits together, and in place of segments
 * are nodes of its ring. */

#define STREAM_NEVER INT64_MAX /* free_from of a live segment */

typedef struct {
    int64_t address, size, free_from;
    int32_t buffer; /* -1: free */
    int32_t prev, next;
    int32_t left, right, soonest; /* of a hole: hole_tree.h */
    int64_t cost;                 /* of the caller */
    int32_t stretch;              /* stretches.h */
    bool is_hole;                 /* in the tree */
    bool is_listed;               /* in `starts` */
    bool is_in_run;               /* free, beside another free one */
} segment;

typedef struct {
    int64_t soonest;           /* no free segment of it is free before, */
    int64_t soonest_in_run;    /* and none that is in a run */
    int32_t last, n;           /* segments */
    int32_t n_live, n_in_runs; /* of them */
    int32_t next, prev; /* by address; -1: none. `next` of an unused one: the next unused one */
    bool is_stale;      /* they may be too early */
} stretch;

typedef struct {
    segment *segments;
    int32_t n, capacity; /* of the pool */
    int32_t spare;       /* list of unused pool entries, through next */
    int32_t n_spare;
    int32_t head, tail;
    int32_t hand;    /* any segment: of the caller */
    int32_t holes;   /* root of the tree; -1: empty */
    int32_t *starts; /* every start of a run, and segments that were one */
    int32_t n_starts, starts_capacity;
    bool sorted; /* `starts` are in the order of addresses */
    stretch *stretches;
    int32_t n_stretches, stretches_capacity, spare_stretch;
    int32_t n_in_runs; /* segments */
    int64_t size;
    int64_t live;     /* bits of live segments */
    int64_t released; /* bits so far, but of what was cancelled */
    int64_t floor;    /* small free segments up to this time are merged with their neighbours */
    bool pooled;
    memory_pool pool; /* of a pooled one, what is free, */
    memory_ring ring; /* and what is not */
} memory_map;

/* A place for a buffer: `address` is in segment `first`, or in one of its run. In a pooled map
 * `first` is a part of the pool. */
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
void stream_memory_map_reset_pooled(memory_map *map, int64_t size);
void stream_memory_map_free(memory_map *map);

/* A place of `bits` that is free from `want` on; if there is none, one that is free earliest. It
 * must be taken before anything else changes. False: too little contiguous space will be free
 * without an eviction. O(log holes + segments in runs that are free in time + the smaller of
 * segments in runs and segments / 32); COMPACT: O(segments). */
bool stream_memory_map_find(memory_map *map, int64_t bits, int64_t want, memory_fit fit,
                            memory_window *out);

/* The same in O(1) at the end of the map if that is free: for off-chip memory, where space is not
 * short; else as `find`. */
bool stream_memory_map_append(memory_map *map, int64_t bits, memory_window *out);

/* Gives [window.address, + bits) to `buffer`; returns its segment. */
int32_t stream_memory_map_take(memory_map *map, const memory_window *window, int64_t bits,
                               int32_t buffer);

/* Its address; in a pooled map its number. */
static inline int64_t stream_memory_map_address(const memory_map *map, int32_t id) {
    return map->pooled ? map->ring.nodes[id].number : map->segments[id].address;
}

/* It will be released: asks for its record. */
static inline void stream_memory_map_ahead(const memory_map *map, int32_t id) {
    if (map->pooled)
        __builtin_prefetch(&map->ring.nodes[id], 1);
    else
        __builtin_prefetch(&map->segments[id], 1);
}

/* Another buffer has it from now on. */
static inline void stream_memory_map_hand_over(memory_map *map, int32_t id, int32_t buffer) {
    *(map->pooled ? &map->ring.nodes[id].buffer : &map->segments[id].buffer) = buffer;
}

/* The segment is free from `time` on. Its id dies. */
void stream_memory_map_release(memory_map *map, int32_t id, int64_t time);
/* The same of one that was taken for nothing. */
void stream_memory_map_cancel(memory_map *map, int32_t id, int64_t time);

/* ---- for memory_find.c */

static inline bool segment_is_free(const memory_map *map, int32_t id) {
    return id >= 0 && map->segments[id].buffer < 0;
}

/* The first of several free segments side by side? */
static inline bool segment_is_start(const memory_map *map, int32_t id) {
    const segment *s = &map->segments[id];
    return s->buffer < 0 && !segment_is_free(map, s->prev) && segment_is_free(map, s->next);
}

/* Merges `id` with what follows it, as far as that need not be told apart and is free by `limit`.
 */
void stream_memory_map_merge(memory_map *map, int32_t id, int64_t limit);
/* Puts a segment (or -1) where it belongs, in the tree or the list, after it or a neighbour
 * changed. */
void stream_memory_map_settle(memory_map *map, int32_t id);
/* `starts` are all starts of runs and nothing else, by address. */
void stream_memory_map_sort_starts(memory_map *map);

#endif
