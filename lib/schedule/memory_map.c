/* Addresses of one memory; see memory_map.h. */

#include "memory_map.h"

#include <stdio.h>
#include <stdlib.h>

/* A segment of less than 1 / SMALL_PARTS of the memory is small: bounds how many lie side by side.
 */
#define SMALL_PARTS 64

static int32_t new_segment(memory_map *map) {
    if (map->spare >= 0) {
        int32_t id = map->spare;
        map->spare = map->segments[id].next;
        return id;
    }
    if (map->n == map->capacity) {
        map->capacity = map->capacity ? 2 * map->capacity : 64;
        map->segments = realloc(map->segments, (size_t)map->capacity * sizeof *map->segments);
        if (!map->segments) {
            fputs("stream: out of memory\n", stderr);
            abort();
        }
    }
    return map->n++;
}

void stream_memory_map_reset(memory_map *map, int64_t size) {
    map->n = 0;
    map->spare = -1;
    map->size = size;
    map->floor = map->live = 0;
    map->head = map->tail = map->scan = new_segment(map);
    map->segments[map->head] =
        (segment){.size = size, .free_from = 0, .buffer = -1, .prev = -1, .next = -1};
}

void stream_memory_map_free(memory_map *map) {
    free(map->segments);
    *map = (memory_map){0};
}

/* Unlinks `id`, whose addresses the segment before it takes over. */
static void absorb(memory_map *map, int32_t id) {
    segment *gone = &map->segments[id], *before = &map->segments[gone->prev];
    before->size += gone->size;
    if (gone->free_from > before->free_from)
        before->free_from = gone->free_from;
    before->next = gone->next;
    if (gone->next >= 0)
        map->segments[gone->next].prev = gone->prev;
    else
        map->tail = gone->prev;
    if (map->scan == id)
        map->scan = gone->prev;
    gone->next = map->spare;
    map->spare = id;
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

static void merge_after(memory_map *map, int32_t id) {
    while (map->segments[id].next >= 0 &&
           mergeable(map, &map->segments[id], &map->segments[map->segments[id].next]))
        absorb(map, map->segments[id].next);
}

/* The smallest run of segments free from `want` on that holds `bits`. */
static bool find_in_time(memory_map *map, int64_t bits, int64_t want, memory_fit fit,
                         memory_window *out) {
    int64_t best = STREAM_NEVER;
    for (int32_t i = map->scan; i >= 0;) {
        if (map->segments[i].free_from > want) {
            i = map->segments[i].next;
            continue;
        }
        int32_t first = i;
        int64_t run = 0, latest = 0;
        for (; i >= 0 && map->segments[i].free_from <= want; i = map->segments[i].next) {
            merge_after(map, i);
            run += map->segments[i].size;
            if (map->segments[i].free_from > latest)
                latest = map->segments[i].free_from;
        }
        if (run < bits || run >= best)
            continue;
        best = run;
        *out = (memory_window){first, map->segments[first].address, latest};
        if (fit == MEMORY_FIT_HIGH)
            out->address += run - bits;
        if (run == bits)
            break;
    }
    return best != STREAM_NEVER;
}

/* Segments from `first` on that hold `bits`, all free before `best`. Gives when they are free and
 * the segment that is free last; or false, and the segment that is not free before `best` (-1: the
 * end). */
static bool run_before(const memory_map *map, int32_t first, int64_t bits, int64_t best,
                       int64_t *latest, int32_t *last_free) {
    int64_t run = 0;
    *latest = -1;
    for (int32_t k = first; k >= 0; k = map->segments[k].next) {
        const segment *s = &map->segments[k];
        if (s->free_from > *latest) {
            *latest = s->free_from;
            *last_free = k;
        }
        if (*latest >= best)
            return false;
        run += s->size;
        if (run >= bits)
            return true;
    }
    *last_free = -1;
    return false;
}

/* The window that is free first; of equal ones the lowest. A best one can be moved down to the
 * beginning of a segment without meeting another. A window that begins after one that was looked at
 * ends no earlier, so it cannot be better with the same last segment in it: the next one begins
 * behind that. */
static bool find_earliest(const memory_map *map, int64_t bits, bool lowest, memory_window *out) {
    int64_t best = STREAM_NEVER, latest;
    int32_t last_free;
    for (int32_t i = map->scan; i >= 0;) {
        if (run_before(map, i, bits, best, &latest, &last_free)) {
            best = latest;
            *out = (memory_window){i, map->segments[i].address, latest};
            if (lowest)
                break;
        }
        i = last_free < 0 ? -1 : map->segments[last_free].next;
    }
    return best != STREAM_NEVER;
}

bool stream_memory_map_find(memory_map *map, int64_t bits, int64_t want, memory_fit fit,
                            memory_window *out) {
    const segment *s = &map->segments[map->scan];
    for (; s->buffer >= 0 && s->next >= 0; s = &map->segments[map->scan])
        map->scan = s->next;
    if (fit == MEMORY_FIT_COMPACT)
        return find_earliest(map, bits, true, out);
    return find_in_time(map, bits, want, fit, out) || find_earliest(map, bits, false, out);
}

bool stream_memory_map_append(memory_map *map, int64_t bits, memory_window *out) {
    const segment *last = &map->segments[map->tail];
    if (last->free_from == 0 && last->size >= bits) {
        *out = (memory_window){map->tail, last->address, 0};
        return true;
    }
    return stream_memory_map_find(map, bits, 0, MEMORY_FIT_LOW, out);
}

/* Cuts `id` so that a segment begins at `address`, strictly inside it; returns the new one. */
static int32_t cut(memory_map *map, int32_t id, int64_t address) {
    int32_t upper = new_segment(map);
    segment *a = &map->segments[id], *b = &map->segments[upper];
    *b = *a;
    b->address = address;
    b->size = a->address + a->size - address;
    b->prev = id;
    a->size = address - a->address;
    a->next = upper;
    if (b->next >= 0)
        map->segments[b->next].prev = upper;
    else
        map->tail = upper;
    return upper;
}

int32_t stream_memory_map_take(memory_map *map, const memory_window *window, int64_t bits,
                               int32_t buffer) {
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
    map->segments[id].buffer = buffer;
    map->segments[id].free_from = STREAM_NEVER;
    map->live += bits;
    return id;
}

void stream_memory_map_release(memory_map *map, int32_t id, int64_t time) {
    map->segments[id].buffer = -1;
    map->segments[id].free_from = time;
    map->live -= map->segments[id].size;
    if (map->segments[id].address < map->segments[map->scan].address)
        map->scan = id;
    merge_after(map, id);
    int32_t before = map->segments[id].prev;
    if (before >= 0)
        merge_after(map, before);
}
