// RUN: unit-schedule-room

/* What is remembered of room and bandwidth that were not there: intervals without a start, CTs that
 * were refused; and the ring of buffers from which the evicted ones are taken. */

#include "../../../lib/schedule/engine.h"

#include "random_instance.h"

/* ---- fit_cache.h */

#define CYCLES 200

static void kinds_keep_apart(void) {
    fit_cache c;
    stream_fit_cache_open(&c);
    fit_kind full = {1, 2, 64, 32}, half = {1, 2, 32, 64};
    stream_fit_cache_note(stream_fit_cache_at(&c, &full), 10, 20);
    stream_fit_cache_note(stream_fit_cache_at(&c, &half), 10, 30);
    CHECK_EQ(stream_fit_cache_skip(stream_fit_cache_at(&c, &full), 15), 20);
    CHECK_EQ(stream_fit_cache_skip(stream_fit_cache_at(&c, &half), 15), 30);
    fit_entry *e = stream_fit_cache_at(&c, &full);
    stream_fit_cache_note(e, 100, 105); /* beside the longest */
    CHECK_EQ(stream_fit_cache_skip(e, 10), 20);
    CHECK_EQ(stream_fit_cache_skip(e, 104), 105);
    stream_fit_cache_note(e, 20, 100); /* between the two */
    CHECK_EQ(stream_fit_cache_skip(e, 10), 105);
    stream_fit_cache_close(&c);
}

static fit_kind some_kind(int32_t i) {
    return (fit_kind){i % 64, 64, 1 + i / 64, 7};
}

static void note_kinds(fit_cache *c, int32_t n) {
    stream_fit_cache_open(c);
    for (int32_t i = 0; i < n; ++i) {
        fit_kind kind = some_kind(i);
        stream_fit_cache_note(stream_fit_cache_at(c, &kind), i, i + 9);
    }
}

/* The table grows and forgets nothing as long as it may. */
static void many_kinds_are_known(void) {
    int32_t n = STREAM_FIT_MOST_KINDS / 4, lost = 0;
    fit_cache c;
    note_kinds(&c, n);
    for (int32_t i = 0; i < n; ++i) {
        fit_kind kind = some_kind(i);
        lost += stream_fit_cache_skip(stream_fit_cache_at(&c, &kind), i) != i + 9;
    }
    CHECK_EQ(lost, 0);
    stream_fit_cache_reset(&c);
    CHECK_EQ(stream_fit_cache_skip(stream_fit_cache_at(&c, &(fit_kind){0, 64, 1, 7}), 0), 0);
    stream_fit_cache_close(&c);
}

/* Of more it keeps to its size, and what it still knows is right. */
static void too_many_kinds(void) {
    int32_t n = 3 * STREAM_FIT_MOST_KINDS, wrong = 0;
    fit_cache c;
    note_kinds(&c, n);
    for (int32_t i = 0; i < n; ++i) {
        fit_kind kind = some_kind(i);
        int64_t start = stream_fit_cache_skip(stream_fit_cache_at(&c, &kind), i);
        wrong += start != i && start != i + 9;
    }
    CHECK_EQ(wrong, 0);
    CHECK(c.capacity <= 2 * STREAM_FIT_MOST_KINDS);
    stream_fit_cache_close(&c);
}

/* A kind below takes no more, and at most a quarter less. */
static void kinds_below(void) {
    unsigned seed = 3;
    int wrong = 0;
    for (int i = 0; i < 1000; ++i) {
        fit_kind kind = {1, 2, 1 + test_random(&seed) % 5000, 1 + test_random(&seed)};
        fit_kind below = stream_fit_kind_below(&kind);
        wrong += below.read_port != 1 || below.write_port != 2;
        wrong += below.rate > kind.rate || 8 * below.rate <= 6 * kind.rate;
        wrong += below.duration > kind.duration || 8 * below.duration <= 6 * kind.duration;
    }
    CHECK_EQ(wrong, 0);
}

/* Only cycles of intervals that were noted are skipped. */
static void skips_are_known(void) {
    unsigned seed = 5;
    int wrong = 0, skipped = 0;
    for (int round = 0; round < 200; ++round) {
        bool noted[CYCLES + 1] = {false};
        fit_entry e = {.round = 1};
        for (int step = 0; step < 20; ++step) {
            int64_t from = test_random(&seed) % CYCLES, upto = from + test_random(&seed) % 20;
            upto = upto > CYCLES ? CYCLES : upto;
            stream_fit_cache_note(&e, from, upto);
            for (int64_t t = from; t < upto; ++t)
                noted[t] = true;
            int64_t time = test_random(&seed) % CYCLES, next = stream_fit_cache_skip(&e, time);
            for (int64_t t = time; t < next; ++t)
                wrong += !noted[t];
            skipped += next > time;
        }
    }
    CHECK_EQ(wrong, 0);
    CHECK(skipped > 100);
}

/* ---- the ring of a pooled map */

/* Nodes from head on are linked both ways, hold `n` buffers once each, and the hand is one. */
static bool is_ring(const memory_ring *ring, const bool *live, int32_t n) {
    int32_t seen = 0, before = -1;
    bool hand = n == 0;
    for (int32_t i = ring->head; i >= 0; before = i, i = ring->nodes[i].next, ++seen) {
        const ring_node *s = &ring->nodes[i];
        if (s->prev != before || s->buffer < 0 || !live[s->buffer] || seen == n)
            return false;
        hand |= i == ring->hand;
    }
    return hand && seen == n && ring->tail == before && ring->n_live == n;
}

static void rings_hold_what_is_live(void) {
    unsigned seed = 3;
    int wrong = 0;
    memory_map map = {0};
    for (int round = 0; round < 50; ++round) {
        bool live[64] = {false};
        int32_t at[64], n = 0;
        stream_memory_map_reset_pooled(&map, 640);
        for (int step = 0; step < 200; ++step) {
            int32_t k = (int32_t)(test_random(&seed) % 64);
            memory_window window = {0};
            if (live[k])
                stream_memory_map_release(&map, at[k], step);
            else if (stream_memory_map_find(&map, 10, step, MEMORY_FIT_LOW, &window))
                at[k] = stream_memory_map_take(&map, &window, 10, k);
            n += live[k] ? -1 : 1;
            live[k] = !live[k];
            if (n > 0 && test_random(&seed) % 2) /* as an eviction leaves it */
                map.ring.hand = stream_memory_ring_after(&map.ring, map.ring.hand);
            wrong += !is_ring(&map.ring, live, n);
        }
    }
    stream_memory_map_free(&map);
    CHECK_EQ(wrong, 0);
}

/* ---- refusals.c */

/* A compute core's memory of 100 bits, of which 60 are in use. */
static int32_t fill(engine *e, int32_t core, int32_t *taken) {
    int32_t instance = instance_of(e->m, core, STREAM_O);
    memory_window window;
    stream_memory_map_reset_pooled(&e->maps[instance], 100);
    for (int32_t i = 0; i < 3; ++i) {
        (void)stream_memory_map_find(&e->maps[instance], 20, 0, MEMORY_FIT_LOW, &window);
        taken[i] = stream_memory_map_take(&e->maps[instance], &window, 20, i);
    }
    return instance;
}

static void refused_until_enough_is_released(void) {
    random_instance r;
    random_instance_open(&r, 1);
    const stream_schedule_model *m;
    stream_schedule_score score;
    int32_t taken[3];
    CHECK_EQ(stream_schedule_model_build(&r.problem, r.arena, NULL, &m), STREAM_OK);
    engine *e = stream_engine_create(m, NULL);
    stream_schedule_request request = {
        .cores = r.problem.cores, .cutoff = INT64_MAX, .without_addresses = true};
    CHECK_EQ(stream_schedule_evaluate(e, &request, NULL, &score), STREAM_OK);
    int32_t core = e->cores[0], instance = fill(e, core, taken);
    for (int32_t i = 0; i < STREAM_REFUSALS; ++i)
        e->refusals[core * STREAM_REFUSALS + i].ct = -1;
    memory_map *map = &e->maps[instance];
    CHECK(!stream_engine_was_refused(e, 0));
    e->failure = (placement_failure){.instance = instance, .missing = 40}; /* needs 80 */
    stream_engine_note_refusal(e, 0);
    CHECK(stream_engine_was_refused(e, 0));
    memory_window window = {.free_from = 0};
    int32_t tried = stream_memory_map_take(map, &window, 30, 3);
    stream_memory_map_cancel(map, tried, 0);
    stream_memory_map_release(map, taken[0], 5);
    CHECK(stream_engine_was_refused(e, 0)); /* 60 bits are free */
    stream_memory_map_release(map, taken[1], 5);
    CHECK(!stream_engine_was_refused(e, 0));
    map->pooled = false; /* what is free may lie apart */
    stream_engine_note_refusal(e, 0);
    CHECK(!stream_engine_was_refused(e, 0));
    stream_schedule_workspace_destroy(e);
    random_instance_close(&r);
}

int main(void) {
    kinds_keep_apart();
    many_kinds_are_known();
    too_many_kinds();
    kinds_below();
    skips_are_known();
    rings_hold_what_is_live();
    refused_until_enough_is_released();
    return test_done();
}
