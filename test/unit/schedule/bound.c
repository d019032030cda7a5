// RUN: unit-schedule-bound

/* The bound of the assignment program: worked by hand, and against the best of all assignments. */

#include "../../../lib/schedule/bound.h"

#include "random_instance.h"

#include <stdlib.h>

static int64_t bound_of(const bound_group *groups, int32_t n, int32_t n_cores) {
    stream_arena *arena = stream_arena_create();
    int64_t bound = stream_bound_windows(groups, n, n_cores, arena);
    stream_arena_destroy(arena);
    return bound;
}

/* Four CTs that cannot end later than 100 before the end, five that cannot start before 100, of 10
 * cycles: all of them together are 90 cycles of work, but the five alone end at 100 + 50, or on two
 * cores at 125. */
static void check_by_hand(void) {
    const int64_t one[] = {10}, two[] = {10, 10}, other[] = {-1, 10};
    bound_group on_one[] = {{4, 0, 100, one}, {5, 100, 0, one}};
    CHECK_EQ(bound_of(on_one, 2, 1), 150);
    bound_group on_two[] = {{4, 0, 100, two}, {5, 100, 0, two}};
    int64_t bound = bound_of(on_two, 2, 2);
    CHECK(bound >= 124 && bound <= 125);
    bound_group tied[] = {{4, 0, 100, two}, {5, 100, 0, other}};
    bound = bound_of(tied, 2, 2);
    CHECK(bound >= 149 && bound <= 150);
    CHECK_EQ(bound_of(NULL, 0, 2), 0);
}

enum {
    GROUPS = 3,
    CORES = 3
};

/* Latency that the rows of the program leave for CTs on given cores: over cores and windows. */
static int64_t rows(const bound_group *groups, int32_t n_cores, int64_t x[GROUPS][CORES]) {
    int64_t latency = 0;
    for (int32_t h = 0; h < GROUPS; ++h)
        for (int32_t t = 0; t < GROUPS; ++t)
            for (int32_t c = 0; c < n_cores; ++c) {
                int64_t work = 0, head = groups[h].head, tail = groups[t].tail;
                bool empty = true;
                for (int32_t g = 0; g < GROUPS; ++g)
                    if (groups[g].head >= head && groups[g].tail >= tail) {
                        work += x[g][c] * groups[g].cycles[c];
                        empty = false;
                    }
                if (!empty && head + tail + work > latency)
                    latency = head + tail + work;
            }
    return latency;
}

/* The least of `rows` over all ways to split groups g.. over the cores. */
static int64_t best_split(const bound_group *groups, int32_t n_cores, int32_t g,
                          int64_t x[GROUPS][CORES]) {
    if (g == GROUPS)
        return rows(groups, n_cores, x);
    int64_t best = INT64_MAX, n = groups[g].n;
    for (x[g][0] = 0; x[g][0] <= n; ++x[g][0])
        for (x[g][1] = 0; x[g][0] + x[g][1] <= n; ++x[g][1]) {
            int64_t value;
            x[g][2] = n - x[g][0] - x[g][1];
            if (n_cores == 2 && x[g][2] > 0)
                continue;
            value = best_split(groups, n_cores, g + 1, x);
            best = value < best ? value : best;
        }
    return best;
}

static void check_random(unsigned seeds) {
    double gap = 0;
    for (unsigned seed = 1; seed <= seeds; ++seed) {
        unsigned state = seed * 2654435761u;
        int64_t cycles[GROUPS][CORES], x[GROUPS][CORES];
        bound_group groups[GROUPS];
        int32_t n_cores = 2 + (int32_t)(test_random(&state) % 2);
        for (int32_t g = 0; g < GROUPS; ++g) {
            for (int32_t c = 0; c < CORES; ++c)
                cycles[g][c] = 1 + test_random(&state) % 50;
            groups[g] = (bound_group){1 + test_random(&state) % 4, test_random(&state) % 100,
                                      test_random(&state) % 100, cycles[g]};
        }
        int64_t bound = bound_of(groups, GROUPS, n_cores);
        int64_t best = best_split(groups, n_cores, 0, x);
        CHECK(bound <= best);
        gap += (double)(best - bound) / (double)best;
    }
    printf("# mean distance to the best whole split: %.2f %%\n", 100 * gap / seeds);
    CHECK(gap / seeds < 0.08);
}

typedef struct {
    int lower, beaten, higher;
} tally;

static void compare_given(unsigned seed, tally *t) {
    random_instance r;
    stream_schedule schedule;
    stream_bound_kind kind;
    random_instance_open(&r, seed);
    stream_schedule_problem any = r.problem;
    any.cores = NULL;
    int64_t given = stream_schedule_lower_bound(&r.problem, &kind);
    int64_t free = stream_schedule_lower_bound(&any, &kind);
    int64_t energy = stream_schedule_energy_bound(&r.problem);
    t->lower += given < free || energy < stream_schedule_energy_bound(&any);
    t->higher += given > free;
    t->beaten += stream_schedule_build(&r.problem, STREAM_PRIORITY_LATENCY, r.arena, &r.diag,
                                       &schedule) == STREAM_OK &&
                 (schedule.summary.latency_cycles < given || schedule.summary.energy_fj < energy);
    random_instance_close(&r);
}

/* A given assignment has no lower bounds than all of them together, and no higher ones than its
 * schedule. */
static void check_given(unsigned seeds) {
    tally t = {0};
    for (unsigned seed = 1; seed <= seeds; ++seed)
        compare_given(seed, &t);
    compare_given(3592, &t); /* of two readers of some data the first has a cheaper way to it */
    CHECK_EQ(t.lower, 0);
    CHECK_EQ(t.beaten, 0);
    CHECK(t.higher > 0);
}

int main(void) {
    check_by_hand();
    check_random(200);
    check_given(200);
    return test_done();
}
