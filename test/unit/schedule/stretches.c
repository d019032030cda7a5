// RUN: unit-schedule-stretches

/* Buffers come and go in a memory at random: stretches of segments are what they say, and passing
 * them leaves out no segment that is free in time. */

#include "../../../lib/schedule/stretches.h"

#include "test.h"

enum {
    LIVE = 600, /* buffers at most */
    STEPS = 6000
};

static bool is_free(const memory_map *map, int32_t id) {
    return id >= 0 && map->segments[id].buffer < 0;
}

static bool is_in_run(const memory_map *map, int32_t id) {
    const segment *s = &map->segments[id];
    return is_free(map, id) && (is_free(map, s->prev) || is_free(map, s->next));
}

/* Segments that are not where, or not what, their stretch says; the longest stretch. */
static int wrong(const memory_map *map, int32_t *longest) {
    int bad = 0;
    int32_t all = 0, before = -1;
    for (int32_t i = map->head; i >= 0;) {
        const stretch *s = &map->stretches[map->segments[i].stretch];
        int32_t of = map->segments[i].stretch, n = 0, live = 0, last = -1, runs = 0;
        for (; i >= 0 && map->segments[i].stretch == of; i = map->segments[i].next) {
            live += map->segments[i].buffer >= 0;
            bad += map->segments[i].free_from < s->soonest;
            bad += map->segments[i].is_in_run != is_in_run(map, i);
            bad += is_in_run(map, i) && map->segments[i].free_from < s->soonest_in_run;
            runs += is_in_run(map, i);
            last = i;
            ++n;
        }
        bad += n != s->n || live != s->n_live || last != s->last || runs != s->n_in_runs;
        bad += s->prev != before;
        before = of;
        all += runs;
        *longest = n > *longest ? n : *longest;
    }
    return bad + (all != map->n_in_runs);
}

/* Whether what is passed from a free segment on is free only after its time. */
static int passes(memory_map *map, int32_t id, int64_t time) {
    int32_t to = stream_stretches_pass(map, id, time);
    for (int32_t i = id; i != to; i = map->segments[i].next)
        if (i < 0 || map->segments[i].buffer >= 0 || map->segments[i].free_from <= time)
            return 0;
    return 1;
}

/* Whether the next segment of a run is the one that a walk finds. */
static int finds(memory_map *map, int32_t id, int64_t time) {
    int32_t i = id, soonest = -1;
    while (i >= 0 && !(is_in_run(map, i) && map->segments[i].free_from <= time))
        i = map->segments[i].next;
    for (int32_t k = map->head; k >= 0; k = map->segments[k].next)
        if (is_in_run(map, k) &&
            (soonest < 0 || map->segments[k].free_from < map->segments[soonest].free_from))
            soonest = k;
    return stream_stretches_next_in_run(map, id, time) == i &&
           stream_stretches_soonest_in_run(map) == soonest;
}

int main(void) {
    memory_map map = {0};
    int32_t at[LIVE], n = 0, longest = 0, far = 0;
    int bad = 0, failed = 0;
    unsigned seed = 5;
    stream_memory_map_reset(&map, 1 << 14);
    for (int32_t step = 0; step < STEPS; ++step) {
        memory_window window;
        bool give = n < LIVE && (step / 1500 % 2 == 0 || test_random(&seed) % 3 == 0);
        if (give && stream_memory_map_find(&map, 1 + test_random(&seed) % 24, step, MEMORY_FIT_LOW,
                                           &window)) {
            int64_t most = map.segments[window.first].address + map.segments[window.first].size -
                           window.address;
            at[n] = stream_memory_map_take(&map, &window, most < 8 ? most : 8, n);
            ++n;
        } else if (n > 0) {
            int32_t k = (int32_t)(test_random(&seed) % (unsigned)n);
            stream_memory_map_release(&map, at[k], step + (int32_t)(test_random(&seed) % 4000));
            at[k] = at[--n];
        }
        if (step % 50 != 0)
            continue;
        bad += wrong(&map, &longest);
        failed += !finds(&map, map.head, step) || !finds(&map, map.head, step + 1000);
        for (int32_t i = map.head; i >= 0; i = map.segments[i].next)
            if (map.segments[i].buffer < 0 && map.segments[i].free_from > step) {
                failed += !passes(&map, i, step);
                far += stream_stretches_pass(&map, i, step) != map.segments[i].next;
            }
    }
    CHECK_EQ(bad, 0);
    CHECK_EQ(failed, 0);
    CHECK(longest > 32 && longest <= 64);
    printf("# %d passed more than one\n", far);
    CHECK(far > 0);
    stream_memory_map_free(&map);
    return test_done();
}
