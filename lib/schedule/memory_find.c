/* Places for buffers: holes from a tree, runs of free segments one after the other; see
 * memory_map.h. */

#include "hole_tree.h"
#include "stretches.h"

/* A free place that is larger than the buffer. */
typedef struct {
    memory_window window;
    int64_t size; /* STREAM_NEVER: there is none */
} place;

static const segment *at(const memory_map *map, int32_t id) {
    return &map->segments[id];
}

/* ---- in time */

/* The smallest part of the run that is free from `want` on and holds `bits`, if it is smaller than
 * *best. True: it is exactly as large. *end: what follows on what was looked at. */
static bool search_run(memory_map *map, int32_t start, int64_t bits, int64_t want, place *best,
                       int32_t *end) {
    int32_t i = start;
    bool exact = false;
    while (!exact && segment_is_free(map, i)) {
        if (at(map, i)->free_from > want) {
            i = stream_stretches_pass(map, i, want);
            continue;
        }
        int32_t first = i;
        int64_t size = 0, latest = 0;
        for (; i >= 0 && at(map, i)->free_from <= want; i = at(map, i)->next) {
            stream_memory_map_merge(map, i, want);
            size += at(map, i)->size;
            if (at(map, i)->free_from > latest)
                latest = at(map, i)->free_from;
        }
        if (size >= bits && size < best->size)
            *best = (place){{first, at(map, first)->address, latest}, size};
        exact = size == bits;
    }
    *end = i;
    return exact;
}

/* Where more segments are in runs than stretches are quickly asked, runs are not looked at one
 * after the other, but found by what is free in time. */
#define FEW_IN_RUNS 128

static bool has_many(const memory_map *map) {
    return map->n_in_runs > map->n_stretches + FEW_IN_RUNS;
}

static void search_many_runs(memory_map *map, int64_t bits, int64_t want, int64_t end,
                             place *best) {
    bool found = false;
    for (int32_t i = map->head; !found && i >= 0;) {
        int32_t start = stream_stretches_next_in_run(map, i, want);
        if (start < 0 || at(map, start)->address > end)
            return;
        found = search_run(map, start, bits, want, best, &i);
        stream_memory_map_settle(map, start);
    }
}

/* The smallest part of all runs, of equal ones the lowest. Runs behind `end` do not matter. */
static void search_runs(memory_map *map, int64_t bits, int64_t want, int64_t end, place *best) {
    if (!map->sorted)
        stream_memory_map_sort_starts(map);
    bool found = false;
    for (int32_t i = 0, behind; i < map->n_starts && !found; ++i) {
        int32_t start = map->starts[i];
        if (!segment_is_start(map, start))
            continue; /* it was one */
        if (at(map, start)->address > end)
            return;
        found = search_run(map, start, bits, want, best, &behind);
        stream_memory_map_settle(map, start);
    }
}

static bool find_in_time(memory_map *map, int64_t bits, int64_t want, memory_fit fit,
                         memory_window *out) {
    int32_t hole = stream_hole_tree_fit(map, bits, want);
    place best = {.size = STREAM_NEVER};
    bool exact = hole >= 0 && at(map, hole)->size == bits;
    (has_many(map) ? search_many_runs : search_runs)(
        map, bits, want, exact ? at(map, hole)->address : INT64_MAX, &best);
    if (hole >= 0 &&
        (at(map, hole)->size < best.size ||
         (at(map, hole)->size == best.size && at(map, hole)->address < best.window.address)))
        best =
            (place){{hole, at(map, hole)->address, at(map, hole)->free_from}, at(map, hole)->size};
    if (best.size == STREAM_NEVER)
        return false;
    *out = best.window;
    if (fit == MEMORY_FIT_HIGH)
        out->address += best.size - bits;
    return true;
}

/* ---- as soon as possible */

/* Segments from `first` on that hold `bits`, all free before `best`. Gives when they are free and
 * the segment that is free last; or false, and the segment that is not free before `best` (-1: the
 * end). */
static bool run_before(const memory_map *map, int32_t first, int64_t bits, int64_t best,
                       int64_t *latest, int32_t *last_free) {
    int64_t size = 0;
    *latest = -1;
    *last_free = -1;
    for (int32_t k = first; k >= 0; k = at(map, k)->next) {
        const segment *s = at(map, k);
        if (s->free_from > *latest) {
            *latest = s->free_from;
            *last_free = k;
        }
        if (*latest >= best)
            return false;
        size += s->size;
        if (size >= bits)
            return true;
    }
    *last_free = -1;
    return false;
}

/* The window from `start` to the next live segment that is free first, if that is before *best; of
 * equal ones the lowest. A best one can be moved down to the beginning of a segment without meeting
 * another. A window that begins after one that was looked at ends no earlier, so it cannot be
 * better with the same last segment in it: the next one begins behind that. */
static bool soonest_in_run(memory_map *map, int32_t start, int64_t bits, int64_t *best,
                           memory_window *out, int32_t *end) {
    int64_t latest;
    int32_t last_free, i = start;
    bool found = false;
    while (segment_is_free(map, i)) {
        if (at(map, i)->free_from >= *best) {
            i = stream_stretches_pass(map, i, *best - 1);
            continue;
        }
        if (run_before(map, i, bits, *best, &latest, &last_free)) {
            *best = latest;
            *out = (memory_window){i, at(map, i)->address, latest};
            found = true;
        }
        i = last_free < 0 ? -1 : at(map, last_free)->next;
        if (last_free >= 0 && !segment_is_free(map, last_free))
            break;
    }
    *end = i;
    return found;
}

/* A window that begins where something is free first says how late the best one is at most. */
static bool soonest_of_many(memory_map *map, int64_t bits, int64_t *best, memory_window *out) {
    int64_t latest;
    int32_t last_free, first = stream_stretches_soonest_in_run(map);
    bool found = false;
    if (first >= 0 && run_before(map, first, bits, *best, &latest, &last_free))
        *best = latest + 1;
    for (int32_t i = map->head; i >= 0;) {
        int32_t start = stream_stretches_next_in_run(map, i, *best - 1);
        if (start < 0)
            break;
        found |= soonest_in_run(map, start, bits, best, out, &i);
    }
    return found;
}

static bool soonest_of_few(memory_map *map, int64_t bits, int64_t *best, memory_window *out) {
    bool found = false;
    if (!map->sorted)
        stream_memory_map_sort_starts(map);
    for (int32_t i = 0, end; i < map->n_starts; ++i)
        found |= segment_is_start(map, map->starts[i]) &&
                 soonest_in_run(map, map->starts[i], bits, best, out, &end);
    return found;
}

static bool find_earliest(memory_map *map, int64_t bits, memory_window *out) {
    int32_t hole = stream_hole_tree_soonest(map, bits);
    int64_t best = hole >= 0 ? at(map, hole)->free_from + 1 : STREAM_NEVER;
    bool in_run = (has_many(map) ? soonest_of_many : soonest_of_few)(map, bits, &best, out);
    bool hole_first =
        hole >= 0 &&
        (!in_run || at(map, hole)->free_from < out->free_from ||
         (at(map, hole)->free_from == out->free_from && at(map, hole)->address < out->address));
    if (hole_first)
        *out = (memory_window){hole, at(map, hole)->address, at(map, hole)->free_from};
    return hole_first || in_run;
}

/* The lowest window, whenever it is free. */
static bool find_lowest(const memory_map *map, int64_t bits, memory_window *out) {
    int64_t latest;
    int32_t last_free;
    for (int32_t i = map->head; i >= 0;) {
        if (run_before(map, i, bits, STREAM_NEVER, &latest, &last_free)) {
            *out = (memory_window){i, at(map, i)->address, latest};
            return true;
        }
        i = last_free < 0 ? -1 : at(map, last_free)->next;
    }
    return false;
}

static bool find_pooled(const memory_map *map, int64_t bits, int64_t want, memory_window *out) {
    int32_t part = stream_memory_pool_find(&map->pool, bits, want);
    if (part < 0)
        return false;
    *out = (memory_window){.first = part, .free_from = map->pool.parts[part].free_from};
    return true;
}

bool stream_memory_map_find(memory_map *map, int64_t bits, int64_t want, memory_fit fit,
                            memory_window *out) {
    if (map->pooled)
        return find_pooled(map, bits, want, out);
    if (fit == MEMORY_FIT_COMPACT)
        return find_lowest(map, bits, out);
    return find_in_time(map, bits, want, fit, out) || find_earliest(map, bits, out);
}

bool stream_memory_map_append(memory_map *map, int64_t bits, memory_window *out) {
    if (map->pooled)
        return stream_memory_map_find(map, bits, 0, MEMORY_FIT_LOW, out);
    const segment *last = at(map, map->tail);
    if (last->free_from == 0 && last->size >= bits) {
        *out = (memory_window){map->tail, last->address, 0};
        return true;
    }
    return stream_memory_map_find(map, bits, 0, MEMORY_FIT_LOW, out);
}
