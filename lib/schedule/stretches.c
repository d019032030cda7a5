/* Segments side by side; see stretches.h. */

#include "stretches.h"

#include "stream/support/alloc.h"
#include "stream/support/integer.h"

enum {
    STRETCH_MOST = 64,
    STRETCH_CUT = 32 /* of a longer one, so many are a stretch of their own */
};

static stretch *stretch_of(const memory_map *map, int32_t id) {
    return &map->stretches[map->segments[id].stretch];
}

static int32_t new_stretch(memory_map *map) {
    int32_t id = map->spare_stretch;
    if (id >= 0) {
        map->spare_stretch = map->stretches[id].next;
        return id;
    }
    if (map->n_stretches == map->stretches_capacity) {
        map->stretches_capacity = map->stretches_capacity ? 2 * map->stretches_capacity : 8;
        map->stretches = stream_alloc_grown(map->stretches, (size_t)map->stretches_capacity,
                                            sizeof *map->stretches);
    }
    return map->n_stretches++;
}

void stream_stretches_reset(memory_map *map) {
    int32_t id = new_stretch(map);
    map->stretches[id] = (stretch){.last = map->head, .n = 1, .next = -1, .prev = -1};
    map->segments[map->head].stretch = id;
}

/* Counts what lies in it, from its last segment backwards. */
static void measure(const memory_map *map, stretch *s) {
    s->n_live = s->n_in_runs = 0;
    s->soonest = s->soonest_in_run = STREAM_NEVER;
    s->is_stale = false;
    for (int32_t k = 0, i = s->last; k < s->n; ++k, i = map->segments[i].prev) {
        const segment *at = &map->segments[i];
        s->n_live += at->buffer >= 0;
        s->soonest = stream_min_i64(s->soonest, at->free_from);
        s->n_in_runs += at->is_in_run;
        s->soonest_in_run =
            stream_min_i64(s->soonest_in_run, at->is_in_run ? at->free_from : STREAM_NEVER);
    }
}

/* Its upper part becomes a stretch of its own. */
static void halve(memory_map *map, int32_t id) {
    int32_t upper = new_stretch(map);
    stretch *a = &map->stretches[id], *b = &map->stretches[upper];
    int32_t i = a->last;
    *b = (stretch){.last = i, .n = STRETCH_CUT, .next = a->next, .prev = id};
    a->next = upper;
    if (b->next >= 0)
        map->stretches[b->next].prev = upper;
    for (int32_t k = 0; k < STRETCH_CUT; ++k, i = map->segments[i].prev)
        map->segments[i].stretch = upper;
    a->last = i;
    a->n -= STRETCH_CUT;
    measure(map, a);
    measure(map, b);
}

void stream_stretches_cut(memory_map *map, int32_t lower, int32_t upper) {
    int32_t id = map->segments[lower].stretch;
    stretch *s = &map->stretches[id];
    map->segments[upper].stretch = id;
    if (s->last == lower)
        s->last = upper;
    if (++s->n > STRETCH_MOST)
        halve(map, id);
}

static void unlink_stretch(memory_map *map, int32_t id) {
    stretch *s = &map->stretches[id];
    if (s->prev >= 0)
        map->stretches[s->prev].next = s->next;
    if (s->next >= 0)
        map->stretches[s->next].prev = s->prev;
    s->next = map->spare_stretch;
    map->spare_stretch = id;
}

void stream_stretches_absorb(memory_map *map, int32_t id) {
    int32_t of = map->segments[id].stretch;
    stretch *s = &map->stretches[of];
    stream_stretches_note_run(map, id, false);
    s->is_stale = true;
    if (--s->n == 0)
        unlink_stretch(map, of);
    else if (s->last == id)
        s->last = map->segments[id].prev;
}

void stream_stretches_take(memory_map *map, int32_t id) {
    stretch *s = stretch_of(map, id);
    s->n_live++;
    s->is_stale = true;
}

void stream_stretches_release(memory_map *map, int32_t id, int64_t time) {
    stretch *s = stretch_of(map, id);
    s->n_live--;
    s->soonest = stream_min_i64(s->soonest, time);
}

void stream_stretches_note_run(memory_map *map, int32_t id, bool is_in_run) {
    segment *at = &map->segments[id];
    stretch *s = stretch_of(map, id);
    s->n_in_runs += is_in_run - at->is_in_run;
    map->n_in_runs += is_in_run - at->is_in_run;
    at->is_in_run = is_in_run;
    if (is_in_run)
        s->soonest_in_run = stream_min_i64(s->soonest_in_run, at->free_from);
}

int32_t stream_stretches_pass(memory_map *map, int32_t id, int64_t time) {
    stretch *s = stretch_of(map, id);
    if (s->n_live > 0 || id == s->last)
        return map->segments[id].next;
    if (s->soonest <= time && s->is_stale)
        measure(map, s);
    return map->segments[s->soonest > time ? s->last : id].next;
}

/* Is any of it that is in a run free by `time`? */
static bool has_in_run(const memory_map *map, stretch *s, int64_t time) {
    if (s->n_in_runs == 0 || s->soonest_in_run > time)
        return false;
    if (s->is_stale)
        measure(map, s);
    return s->soonest_in_run <= time;
}

static int32_t first_segment(const memory_map *map, const stretch *s) {
    return s->prev < 0 ? map->head : map->segments[map->stretches[s->prev].last].next;
}

static int32_t next_in_stretch(const memory_map *map, int32_t id, int64_t time) {
    int32_t end = map->segments[stretch_of(map, id)->last].next;
    while (id != end && !(map->segments[id].is_in_run && map->segments[id].free_from <= time))
        id = map->segments[id].next;
    return id == end ? -1 : id;
}

int32_t stream_stretches_next_in_run(memory_map *map, int32_t id, int64_t time) {
    if (id < 0)
        return -1;
    stretch *s = stretch_of(map, id);
    int32_t found = has_in_run(map, s, time) ? next_in_stretch(map, id, time) : -1;
    for (int32_t k = s->next; found < 0 && k >= 0; k = s->next) {
        s = &map->stretches[k];
        if (has_in_run(map, s, time))
            found = next_in_stretch(map, first_segment(map, s), time);
    }
    return found;
}

int32_t stream_stretches_soonest_in_run(memory_map *map) {
    stretch *best = NULL;
    for (int32_t k = map->segments[map->head].stretch; k >= 0; k = map->stretches[k].next) {
        stretch *s = &map->stretches[k];
        if (has_in_run(map, s, best ? best->soonest_in_run - 1 : STREAM_NEVER - 1))
            best = s;
    }
    return best ? next_in_stretch(map, first_segment(map, best), best->soonest_in_run) : -1;
}
