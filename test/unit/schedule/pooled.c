// RUN: unit-schedule-pooled

/* Scores without addresses: the pools of free bits by themselves; the same score as with addresses
 * where memories hold everything; and how far from it they are where memories are scarce.
 *
 *     unit-schedule-pooled [FROM [TO]]     seeds FROM .. TO - 1 */

#include "../../../lib/schedule/memory_pool.h"

#include "doubled.h"
#include "random_instance.h"

#define BITS 200

/* When `bits` are free at the earliest; -1: never. free_from [BITS] */
static int64_t slow_earliest(const int64_t *free_from, int64_t bits, int64_t latest) {
    for (int64_t time = 0; time <= latest; ++time) {
        int64_t n = 0;
        for (int32_t i = 0; i < BITS; ++i)
            n += free_from[i] >= 0 && free_from[i] <= time;
        if (n >= bits)
            return time;
    }
    return -1;
}

/* Takes the latest bits that are free by then, as the pool does. */
static void slow_take(int64_t *free_from, int64_t bits, int64_t by) {
    for (int64_t time = by; time >= 0 && bits > 0; --time)
        for (int32_t i = 0; i < BITS && bits > 0; ++i)
            if (free_from[i] == time) {
                free_from[i] = -1;
                --bits;
            }
}

static int64_t sum_of(const memory_pool *pool) {
    int64_t sum = 0;
    for (int32_t i = 0; i < pool->n; ++i)
        sum += pool->parts[i].bits;
    return sum;
}

/* Exact as long as there are few times; with more of them nothing is free too early, and nothing is
 * lost. */
static int pool_round(unsigned *seed, bool few_times) {
    int64_t free_from[BITS] = {0}, live[BITS], used = 0;
    int n = 0, wrong = 0;
    memory_pool pool;
    stream_memory_pool_reset(&pool, BITS);
    for (int64_t step = 1; step < 200; ++step) {
        int64_t now = few_times ? step / 10 : step;
        int64_t bits = 1 + test_random(seed) % 20, want = now - test_random(seed) % (now + 1);
        int64_t earliest = slow_earliest(free_from, bits, now);
        int32_t part = stream_memory_pool_find(&pool, bits, want);
        bool found = part >= 0;
        int64_t time = found ? pool.parts[part].free_from : 0;
        wrong += found != (earliest >= 0);
        wrong += found && few_times && time > (want > earliest ? want : earliest);
        wrong += found && time < earliest;
        if (found) {
            stream_memory_pool_take(&pool, bits, part);
            slow_take(free_from, bits, time);
            used += live[n++] = bits;
        }
        if (n && (!found || test_random(seed) % 3 == 0)) {
            int k = (int)(test_random(seed) % (unsigned)n);
            int64_t rest = live[k];
            stream_memory_pool_release(&pool, rest, now);
            used -= rest;
            for (int32_t i = 0; i < BITS && rest > 0; ++i)
                if (free_from[i] < 0) {
                    free_from[i] = now;
                    --rest;
                }
            live[k] = live[--n];
        }
        wrong += sum_of(&pool) != BITS - used || pool.n > POOL_PARTS;
    }
    return wrong;
}

static void check_pools(void) {
    unsigned seed = 7;
    int wrong = 0;
    for (int round = 0; round < 200; ++round)
        wrong += pool_round(&seed, round % 2);
    CHECK_EQ(wrong, 0);
}

/* ---- whole schedules */

typedef struct {
    int32_t cases, equal;
    double least, most; /* latency without addresses by that with them */
} distances;

/* Both scores, twice each in one workspace. */
static bool score(const stream_schedule_problem *problem, stream_priority priority,
                  stream_arena *arena, stream_schedule_score *with,
                  stream_schedule_score *without) {
    const stream_schedule_model *model;
    stream_schedule_score again;
    if (stream_schedule_model_build(problem, arena, NULL, &model) != STREAM_OK)
        return false;
    stream_schedule_workspace *w = stream_schedule_workspace_create(model);
    bool ok = true;
    for (int32_t i = 0; i < 4; ++i) {
        stream_schedule_request request = {.cores = problem->cores,
                                           .priority = priority,
                                           .cutoff = INT64_MAX,
                                           .without_addresses = i % 2};
        stream_schedule_score *first = i % 2 ? without : with;
        ok &= stream_schedule_evaluate(w, &request, NULL, i < 2 ? first : &again) == STREAM_OK;
        ok &= i < 2 || memcmp(first, &again, sizeof again) == 0;
    }
    stream_schedule_workspace_destroy(w);
    return ok;
}

static void measure(const stream_schedule_score *with, const stream_schedule_score *without,
                    distances *out) {
    double ratio = (double)without->latency_cycles / (double)with->latency_cycles;
    out->least = out->cases == 0 || ratio < out->least ? ratio : out->least;
    out->most = out->cases == 0 || ratio > out->most ? ratio : out->most;
    out->cases++;
    out->equal += memcmp(with, without, sizeof *with) == 0;
}

/* Memories 2^20 times as large. */
static bool make_ample(random_instance *r, stream_accelerator *acc) {
    *acc = r->acc;
    for (int32_t i = 0; i < 20; ++i) {
        stream_accelerator from = *acc;
        if (!make_doubled(&from, (doubled_thing){DOUBLE_SIZE, -1}, r->arena, acc))
            return false;
    }
    return true;
}

static bool compare(random_instance *r, distances *ample, distances *scarce) {
    stream_schedule_score with, without;
    stream_accelerator acc;
    stream_priority priority = (stream_priority)random_in(r, 0, 3);
    if (!score(&r->problem, priority, r->arena, &with, &without))
        return false;
    measure(&with, &without, scarce);
    stream_schedule_problem problem = r->problem;
    if (!make_ample(r, &acc))
        return false;
    problem.acc = &acc;
    if (!score(&problem, priority, r->arena, &with, &without))
        return false;
    measure(&with, &without, ample);
    return true;
}

static void print(const char *name, const distances *d) {
    printf("# %s: %d of %d equal, latency %.3f to %.3f times that with addresses\n", name, d->equal,
           d->cases, d->least, d->most);
}

int main(int argc, char **argv) {
    unsigned from = argc > 1 ? (unsigned)atoi(argv[1]) : 1;
    unsigned to = argc > 2 ? (unsigned)atoi(argv[2]) : from + 300;
    distances ample = {0}, scarce = {0};
    check_pools();
    for (unsigned seed = from; seed < to; ++seed) {
        random_instance r;
        bool ok = random_instance_open(&r, seed) && compare(&r, &ample, &scarce);
        if (!ok)
            printf("# seed %u: %s\n", seed, r.text);
        CHECK(ok);
        random_instance_close(&r);
    }
    print("ample memories", &ample);
    print("memories as they are", &scarce);
    CHECK_EQ(ample.equal, ample.cases);
    return test_done();
}
