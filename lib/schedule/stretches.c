/* Segments side by side; see stretches.h. */

#include "stretches.h"

#include "stream/support/alloc.h"

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
        map->spare_stretch = map->stretches[id].last;
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
    map->stretches[id] = (stretch){.last = map->head, .n = 1};
    map->segments[map->head].stretch = id;
}

/* Counts what lies in it, from its last segment backwards. */
static void measure(const memory_map *map, stretch *s) {
    s->n_live = 0;
    s->soonest = STREAM_NEVER;
    s->is_stale = false;
    for (int32_t k = 0, i = s->last; k < s->n; ++k, i = map->segments[i].prev) {
        int64_t time = map->segments[i].free_from;
        s->n_live += map->segments[i].buffer >= 0;
        s->soonest = time < s->soonest ? time : s->soonest;
    }
}

/* Its upper part becomes a stretch of its own. */
static void halve(memory_map *map, int32_t id) {
    int32_t upper = new_stretch(map);
    stretch *a = &map->stretches[id], *b = &map->stretches[upper];
    int32_t i = a->last;
    *b = (stretch){.last = i, .n = STRETCH_CUT};
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

void stream_stretches_absorb(memory_map *map, int32_t id) {
    int32_t of = map->segments[id].stretch;
    stretch *s = &map->stretches[of];
    s->is_stale = true;
    if (--s->n == 0) {
        s->last = map->spare_stretch;
        map->spare_stretch = of;
    } else if (s->last == id) {
        s->last = map->segments[id].prev;
    }
}

void stream_stretches_take(memory_map *map, int32_t id) {
    stretch *s = stretch_of(map, id);
    s->n_live++;
    s->is_stale = true;
}

void stream_stretches_release(memory_map *map, int32_t id, int64_t time) {
    stretch *s = stretch_of(map, id);
    s->n_live--;
    s->soonest = time < s->soonest ? time : s->soonest;
}

int32_t stream_stretches_pass(memory_map *map, int32_t id, int64_t time) {
    stretch *s = stretch_of(map, id);
    if (s->n_live > 0 || id == s->last)
        return map->segments[id].next;
    if (s->soonest <= time && s->is_stale)
        measure(map, s);
    return map->segments[s->soonest > time ? s->last : id].next;
}
