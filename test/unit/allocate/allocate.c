// RUN: unit-allocate-allocate

/* Allocation of random problems: legal, no worse than the first assignment, independent of threads.
 */

#include "stream/allocate/allocate.h"
#include "stream/check/check.h"

#include "../schedule/random_instance.h"

static bool is_allowed(const random_instance *r, int32_t ct, int32_t core) {
    const stream_ct *c = &r->graph.cts[ct];
    bool listed = c->n_allowed_cores == 0;
    for (int32_t i = 0; i < c->n_allowed_cores; ++i)
        listed |= c->allowed_cores[i] == core;
    return listed && core >= 0 && core < r->n_compute &&
           r->problem.cycles[c->kernel * r->acc.n_cores + core] > 0;
}

static stream_status allocate(random_instance *r, const int32_t *pinned, int32_t evaluations,
                              int32_t threads, int32_t *cores, stream_priority *priority) {
    stream_allocate_options options = STREAM_ALLOCATE_OPTIONS_DEFAULTS;
    options.evaluations = evaluations;
    options.threads = threads;
    return stream_allocate(&r->problem, pinned, &options, r->arena, &r->diag, cores, priority);
}

/* Latency of the checked schedule; -1 if it breaks a rule or does not exist. */
static int64_t latency(random_instance *r, const int32_t *cores, stream_priority priority) {
    stream_schedule_problem problem = r->problem;
    stream_schedule schedule;
    int32_t violations;
    problem.cores = cores;
    if (stream_schedule_build(&problem, priority, r->arena, &r->diag, &schedule) != STREAM_OK ||
        stream_check_schedule(&problem, &schedule, NULL, &r->diag, &violations) != STREAM_OK)
        return -1;
    return schedule.summary.latency_cycles;
}

static bool allocates(random_instance *r) {
    size_t n = (size_t)r->graph.n_cts;
    int32_t *pinned = STREAM_NEW(r->arena, int32_t, n), *first = STREAM_NEW(r->arena, int32_t, n);
    int32_t *one = STREAM_NEW(r->arena, int32_t, n), *four = STREAM_NEW(r->arena, int32_t, n);
    stream_priority p0, p1, p4;
    for (size_t i = 0; i < n; ++i)
        pinned[i] = random_chance(r, 5) ? r->cores[i] : -1;
    if (allocate(r, pinned, 0, 1, first, &p0) != STREAM_OK ||
        allocate(r, pinned, 60, 1, one, &p1) != STREAM_OK ||
        allocate(r, pinned, 60, 4, four, &p4) != STREAM_OK)
        return false;
    bool ok = p1 == p4 && memcmp(one, four, n * sizeof *one) == 0;
    for (size_t i = 0; i < n; ++i)
        ok &= is_allowed(r, (int32_t)i, one[i]) && (pinned[i] < 0 || pinned[i] == one[i]);
    int64_t before = latency(r, first, p0), after = latency(r, one, p1);
    return ok && before >= 0 && after >= 0 && after <= before;
}

static void check_random(unsigned from, unsigned to) {
    for (unsigned seed = from; seed < to; ++seed) {
        random_instance r;
        bool ok = random_instance_open(&r, seed) && allocates(&r);
        if (!ok)
            printf("# seed %u: %s\n", seed, r.text);
        CHECK(ok);
        random_instance_close(&r);
    }
}

/* A CT that no core may run is refused with its layer. */
static void check_no_core(void) {
    random_instance r;
    CHECK(random_instance_open(&r, 7));
    int64_t *cycles = STREAM_NEW(r.arena, int64_t, (size_t)(r.graph.n_kernels * r.acc.n_cores));
    for (int32_t i = 0; i < r.graph.n_kernels * r.acc.n_cores; ++i)
        cycles[i] = -1;
    r.problem.cycles = cycles;
    stream_priority priority;
    CHECK_EQ(allocate(&r, NULL, 0, 1, r.cores, &priority), STREAM_INFEASIBLE);
    CHECK(strstr(r.text, "no core can run CT 0 of layer 'layer0'") ||
          strstr(r.text, "no allowed core can run CT 0 of layer 'layer0'"));
    random_instance_close(&r);
}

int main(int argc, char **argv) {
    unsigned from = argc > 1 ? (unsigned)atoi(argv[1]) : 1;
    check_no_core();
    check_random(from, argc > 2 ? (unsigned)atoi(argv[2]) : from + 150);
    return test_done();
}
