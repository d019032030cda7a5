// RUN: unit-support-range_tree

/* The index over ranges against the definition, and its time where ranges come in sorted runs. */

#include "stream/support/range_tree.h"

#include "cpu_time.h"
#include "test.h"

#include <string.h>

enum {
    DIMS = 2,
    FEW = 200,
    MANY = 200000
};

typedef struct {
    bool seen[FEW];
    int twice;
} visits;

static bool visit(void *user, int32_t index) {
    visits *v = user;
    v->twice += v->seen[index];
    v->seen[index] = true;
    return true;
}

static bool overlap(const int64_t *a, const int64_t *b) {
    for (int d = 0; d < 2 * DIMS; d += 2)
        if (a[d] >= b[d + 1] || b[d] >= a[d + 1] || a[d] >= a[d + 1])
            return false;
    return true;
}

static void random_range(unsigned *seed, int64_t *range) {
    for (int d = 0; d < 2 * DIMS; d += 2) {
        range[d] = test_random(seed) % 50;
        range[d + 1] = range[d] + test_random(seed) % 10;
    }
}

static void finds_what_overlaps(void) {
    unsigned seed = 3;
    int wrong = 0, found = 0;
    for (int round = 0; round < 50; ++round) {
        stream_arena *arena = stream_arena_create();
        int64_t ranges[FEW][2 * DIMS], query[2 * DIMS];
        int32_t n = (int32_t)(test_random(&seed) % (FEW + 1));
        stream_range_tree tree;
        for (int32_t i = 0; i < n; ++i)
            random_range(&seed, ranges[i]);
        stream_range_tree_build(DIMS, ranges[0], n, arena, &tree);
        for (int k = 0; k < 20; ++k) {
            visits v = {.twice = 0};
            random_range(&seed, query);
            stream_range_tree_find(&tree, query, visit, &v);
            wrong += v.twice;
            for (int32_t i = 0; i < n; ++i) {
                wrong += v.seen[i] != overlap(ranges[i], query);
                found += v.seen[i];
            }
        }
        stream_arena_destroy(arena);
    }
    CHECK_EQ(wrong, 0);
    CHECK(found > 1000);
}

/* As copies and outputs of a memory are listed: two runs in the order of time. With the middle as
 * the pivot this took seven seconds. */
static void sorted_runs_are_fast(void) {
    stream_arena *arena = stream_arena_create();
    int64_t *ranges = STREAM_NEW(arena, int64_t, (size_t)MANY * 2 * DIMS);
    for (int32_t i = 0; i < MANY; ++i) {
        int64_t time = i % (MANY / 2) * 10;
        int64_t range[2 * DIMS] = {time, time + 10, i % 7, i % 7 + 1};
        memcpy(&ranges[(size_t)i * 2 * DIMS], range, sizeof range);
    }
    stream_range_tree first, again;
    double start = cpu_ms();
    stream_range_tree_build(DIMS, ranges, MANY, arena, &first);
    double spent = cpu_ms() - start;
    stream_range_tree_build(DIMS, ranges, MANY, arena, &again);
    printf("# %d ranges in two runs: %.0f ms\n", MANY, spent);
    CHECK(spent < 3000);
    CHECK(!memcmp(first.items, again.items, MANY * sizeof *first.items));
    stream_arena_destroy(arena);
}

int main(void) {
    finds_what_overlaps();
    sorted_runs_are_fast();
    return test_done();
}
