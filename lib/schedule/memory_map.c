/* Addresses of one memory; see memory_map.h. */

#include "memory_map.h"

#include "hole_tree.h"
#include "stretches.h"

#include "stream/support/alloc.h"

#include <stdlib.h>

/* A segment of less than 1 / SMALL_PARTS of the memory is small: bounds how many lie side by side.
 */
#define SMALL_PARTS 64

static int32_t new_segment(memory_map *map) {
    if (map->spare >= 0) {
        int32_t id = map->spare;
        map->spare = map->segments[id].next;
        --map->n_spare;
        return id;
    }
    if (map->n == map->capacity) {
        map->capacity = map->capacity ? 2 * map->capacity : 64;
        map->segments =
            stream_alloc_grown_lines(map->segments, (size_t)map->n * sizeof *map->segments,
                                     (size_t)map->capacity * sizeof *map->segments);
    }
    map->segments[map->n] = (segment){.next = -1};
    return map->n++;
}

static void clear(memory_map *map, int64_t size, bool pooled) {
    map->n = map->n_spare = map->n_starts = 0;
    map->spare = map->holes = map->head = map->tail = -1;
    map->hand = 0;
    map->sorted = true;
    map->size = size;
    map->floor = map->live = map->released = 0;
    map->pooled = pooled;
    map->n_stretches = map->n_in_runs = 0;
    map->spare_stretch = -1;
}

void stream_memory_map_reset(memory_map *map, int64_t size) {
    clear(map, size, false);
    map->head = map->tail = map->hand = new_segment(map);
    map->segments[map->head] =
        (segment){.size = size, .free_from = 0, .buffer = -1, .prev = -1, .next = -1};
    stream_stretches_reset(map);
    stream_memory_map_settle(map, map->head);
}

void stream_memory_map_reset_pooled(memory_map *map, int64_t size) {
    clear(map, size, true);
    stream_memory_ring_reset(&map->ring);
    stream_memory_pool_reset(&map->pool, size);
}

void stream_memory_map_free(memory_map *map) {
    stream_memory_ring_free(&map->ring);
    free(map->segments);
    free(map->starts);
    free(map->stretches);
    *map = (memory_map){0};
}

/* ---- where segments are found */

static void list_start(memory_map *map, int32_t id) {
    map->sorted = false;
    if (map->segments[id].is_listed)
        return;
    if (map->n_starts == map->starts_capacity) {
        map->starts_capacity = map->starts_capacity ? 2 * map->starts_capacity : 16;
        map->starts =
            stream_alloc_grown(map->starts, (size_t)map->starts_capacity, sizeof *map->starts);
    }
    map->starts[map->n_starts++] = id;
    map->segments[id].is_listed = true;
}

/* Before its size, address or time changes. */
static void lift(memory_map *map, int32_t id) {
    if (!map->segments[id].is_hole)
        return;
    stream_hole_tree_remove(map, id);
    map->segments[id].is_hole = false;
}

void stream_memory_map_settle(memory_map *map, int32_t id) {
    if (id < 0)
        return;
    segment *s = &map->segments[id];
    bool is_hole =
        s->buffer < 0 && !segment_is_free(map, s->prev) && !segment_is_free(map, s->next);
    if (!is_hole)
        lift(map, id);
    else if (!s->is_hole)
        stream_hole_tree_add(map, id);
    s->is_hole = is_hole;
    stream_stretches_note_run(map, id, s->buffer < 0 && !is_hole);
    if (segment_is_start(map, id))
        list_start(map, id);
}

static int64_t address_of(const memory_map *map, int32_t id) {
    return map->segments[id].address;
}

void stream_memory_map_sort_starts(memory_map *map) {
    int32_t n = 0;
    for (int32_t i = 0; i < map->n_starts; ++i) {
        int32_t id = map->starts[i], k = n;
        map->segments[id].is_listed = segment_is_start(map, id);
        if (!map->segments[id].is_listed)
            continue;
        for (; k > 0 && address_of(map, map->starts[k - 1]) > address_of(map, id); --k)
            map->starts[k] = map->starts[k - 1];
        map->starts[k] = id;
        ++n;
    }
    map->n_starts = n;
    map->sorted = true;
}

/* ---- segments */

/* Unlinks `id`, whose addresses the segment before it takes over. */
static void absorb(memory_map *map, int32_t id) {
    segment *gone = &map->segments[id], *before = &map->segments[gone->prev];
    lift(map, id);
    lift(map, gone->prev);
    stream_stretches_absorb(map, id);
    before->size += gone->size;
    if (gone->free_from > before->free_from)
        before->free_from = gone->free_from;
    before->next = gone->next;
    if (gone->next >= 0)
        map->segments[gone->next].prev = gone->prev;
    else
        map->tail = gone->prev;
    if (map->hand == id)
        map->hand = gone->prev;
    gone->buffer = 0; /* no start of a run, should it be listed */
    gone->next = map->spare;
    map->spare = id;
    ++map->n_spare;
}

/* Two free segments that need not be told apart: equally old, or both in the past where the older
 * one, which would lose its past, is small. */
static bool mergeable(const memory_map *map, const segment *a, const segment *b) {
    if (a->buffer >= 0 || b->buffer >= 0)
        return false;
    if (a->free_from == b->free_from)
        return true;
    const segment *older = a->free_from < b->free_from ? a : b;
    return a->free_from <= map->floor && b->free_from <= map->floor &&
           older->size <= map->size / SMALL_PARTS;
}

void stream_memory_map_merge(memory_map *map, int32_t id, int64_t limit) {
    for (int32_t next; (next = map->segments[id].next) >= 0;) {
        if (map->segments[next].free_from > limit ||
            !mergeable(map, &map->segments[id], &map->segments[next]))
            return;
        absorb(map, next);
    }
}

/* Cuts `id` so that a segment begins at `address`, strictly inside it; returns the new one. */
static int32_t cut(memory_map *map, int32_t id, int64_t address) {
    lift(map, id);
    int32_t upper = new_segment(map);
    segment *a = &map->segments[id], *b = &map->segments[upper];
    bool is_listed = b->is_listed;
    *b = *a;
    b->is_listed = is_listed;
    b->is_in_run = false;
    b->address = address;
    b->size = a->address + a->size - address;
    b->prev = id;
    a->size = address - a->address;
    a->next = upper;
    if (b->next >= 0)
        map->segments[b->next].prev = upper;
    else
        map->tail = upper;
    stream_stretches_cut(map, id, upper);
    return upper;
}

static void settle_around(memory_map *map, int32_t id) {
    stream_memory_map_settle(map, map->segments[id].prev);
    stream_memory_map_settle(map, id);
    stream_memory_map_settle(map, map->segments[id].next);
}

static int32_t take_pooled(memory_map *map, const memory_window *window, int64_t bits,
                           int32_t buffer) {
    stream_memory_pool_take(&map->pool, bits, window->first);
    map->live += bits;
    return stream_memory_ring_add(&map->ring, bits, buffer);
}

static void release_pooled(memory_map *map, int32_t id, int64_t time) {
    int64_t bits = map->ring.nodes[id].bits;
    stream_memory_pool_release(&map->pool, bits, time);
    map->live -= bits;
    map->released += bits;
    stream_memory_ring_remove(&map->ring, id);
}

int32_t stream_memory_map_take(memory_map *map, const memory_window *window, int64_t bits,
                               int32_t buffer) {
    if (map->pooled)
        return take_pooled(map, window, bits, buffer);
    int32_t id = window->first;
    while (map->segments[id].address + map->segments[id].size <= window->address)
        id = map->segments[id].next;
    if (map->segments[id].address < window->address)
        id = cut(map, id, window->address);
    while (map->segments[id].size < bits) {
        int32_t next = map->segments[id].next;
        int64_t missing = bits - map->segments[id].size;
        if (map->segments[next].size > missing)
            cut(map, next, map->segments[next].address + missing);
        absorb(map, next);
    }
    if (map->segments[id].size > bits)
        cut(map, id, window->address + bits);
    lift(map, id);
    map->segments[id].buffer = buffer;
    map->segments[id].free_from = STREAM_NEVER;
    map->live += bits;
    stream_stretches_take(map, id);
    settle_around(map, id);
    return id;
}

void stream_memory_map_release(memory_map *map, int32_t id, int64_t time) {
    if (map->pooled) {
        release_pooled(map, id, time);
        return;
    }
    map->released += map->segments[id].size;
    map->segments[id].buffer = -1;
    map->segments[id].free_from = time;
    map->live -= map->segments[id].size;
    stream_stretches_release(map, id, time);
    stream_memory_map_merge(map, id, STREAM_NEVER);
    int32_t before = map->segments[id].prev;
    if (before >= 0)
        stream_memory_map_merge(map, before, STREAM_NEVER);
    settle_around(map, before >= 0 && map->segments[before].next != id ? before : id);
}

void stream_memory_map_cancel(memory_map *map, int32_t id, int64_t time) {
    int64_t released = map->released;
    stream_memory_map_release(map, id, time);
    map->released = released;
}
