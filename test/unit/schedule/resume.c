// RUN: unit-schedule-resume

/* Evaluations that go on from the last one, in a workspace that was used before, and on several
 * threads, give what one from scratch gives, bit for bit. */

#include "random_instance.h"

#include "stream/schedule/policy.h"
#include "stream/support/parallel.h"

enum {
    STEPS = 24,
    ASSIGNMENTS = 16,
    REFUSED = 20, /* a seed: some of its cores cannot stream what they are to */
    SPILLS_OF_TWO_PORTS = 596
};

typedef struct {
    random_instance *r;
    const stream_schedule_model *model;
    stream_schedule_workspace *resuming, *fresh;
    int32_t *cores, *order;
    int64_t last_latency;
    int32_t resumed; /* CTs, in all */
    bool without_addresses;
} comparison;

static int32_t some_core(random_instance *r, int32_t ct) {
    for (;;) {
        int32_t core = random_in(r, 0, r->n_compute - 1);
        if (r->problem.cycles[r->graph.cts[ct].kernel * r->acc.n_cores + core] > 0)
            return core;
    }
}

static bool depends(const random_instance *r, int32_t ct, int32_t on) {
    for (int32_t p = r->graph.pred_first[ct]; p < r->graph.pred_first[ct + 1]; ++p)
        if (r->graph.preds[p] == on)
            return true;
    return false;
}

/* Another core for a few CTs, mostly late ones, or two neighbours of the order change places. */
static void change(comparison *c) {
    random_instance *r = c->r;
    int32_t n = r->graph.n_cts;
    for (int32_t k = random_in(r, 0, 3); k > 0; --k) {
        int32_t ct = random_chance(r, 70) ? random_in(r, n * 3 / 4, n - 1) : random_in(r, 0, n - 1);
        c->cores[ct] = some_core(r, ct);
    }
    int32_t at = random_in(r, 0, n - 1);
    if (random_chance(r, 50) && at + 1 < n && !depends(r, c->order[at + 1], c->order[at])) {
        int32_t ct = c->order[at];
        c->order[at] = c->order[at + 1];
        c->order[at + 1] = ct;
    }
}

static bool same_placed(const comparison *c) {
    int32_t n, m;
    const int32_t *a = stream_schedule_placed(c->resuming, &n);
    const int32_t *b = stream_schedule_placed(c->fresh, &m);
    return n == m && memcmp(a, b, (size_t)n * sizeof *a) == 0;
}

static bool step(comparison *c, stream_priority priority) {
    stream_schedule_score a, b;
    stream_schedule_request request = {.cores = c->cores,
                                       .order = c->order,
                                       .priority = priority,
                                       .without_addresses = c->without_addresses,
                                       .cutoff =
                                           random_chance(c->r, 30) ? c->last_latency : INT64_MAX};
    stream_status fresh = stream_schedule_evaluate(c->fresh, &request, NULL, &b);
    request.resume = true;
    stream_status resumed = stream_schedule_evaluate(c->resuming, &request, NULL, &a);
    c->resumed += stream_schedule_resumed(c->resuming);
    c->last_latency = b.latency_cycles;
    return fresh == resumed && memcmp(&a, &b, sizeof a) == 0 && same_placed(c);
}

static bool compare(random_instance *r, int32_t *resumed) {
    comparison c = {.r = r, .cores = r->cores, .last_latency = INT64_MAX};
    if (stream_schedule_model_build(&r->problem, r->arena, &r->diag, &c.model) != STREAM_OK)
        return false;
    c.order = STREAM_NEW(r->arena, int32_t, (size_t)r->graph.n_cts);
    for (int32_t i = 0; i < r->graph.n_cts; ++i)
        c.order[i] = i;
    c.resuming = stream_schedule_workspace_create(c.model);
    c.fresh = stream_schedule_workspace_create(c.model);
    stream_priority priority = (stream_priority)random_in(r, 0, 3);
    bool ok = true;
    for (int32_t i = 0; i < STEPS; ++i) {
        if (random_chance(r, 5))
            priority = (stream_priority)random_in(r, 0, 3);
        if (random_chance(r, 5))
            c.without_addresses = !c.without_addresses;
        ok &= step(&c, priority);
        change(&c);
    }
    stream_schedule_workspace_destroy(c.resuming);
    stream_schedule_workspace_destroy(c.fresh);
    *resumed += c.resumed;
    return ok;
}

static void check_resume(unsigned from, unsigned to) {
    int32_t resumed = 0, streaming = 0, offchip = 0;
    for (unsigned seed = from; seed < to; ++seed) {
        random_instance r;
        bool open = random_instance_open_with(&r, seed, (int32_t)(seed % 3));
        bool outside = seed % 5 == 0 && r.acc.n_cores > 2;
        int32_t *count = r.problem.streams ? &streaming : outside ? &offchip : &resumed;
        bool ok = open && (!outside || random_put_offchip(&r)) && compare(&r, count);
        if (!ok)
            printf("# seed %u: %s\n", seed, r.text);
        CHECK(ok);
        random_instance_close(&r);
    }
    printf("# CTs taken from the run before: %d; where some stream: %d; where a core works in "
           "off-chip memory: %d\n",
           resumed, streaming, offchip);
    CHECK(resumed > 0 && streaming > 0 && offchip > 0);
}

/* Where what leaves a memory goes to depends on the port that carries it. */
static bool compare_with_new(random_instance *r, stream_schedule_workspace *used,
                             const stream_schedule_model *model) {
    stream_schedule_score a, b;
    stream_schedule_workspace *fresh = stream_schedule_workspace_create(model);
    stream_schedule_request request = {
        .cores = r->cores,
        .priority = (stream_priority)random_in(r, 0, STREAM_N_FREE_PRIORITIES - 1),
        .cutoff = INT64_MAX};
    stream_status expected = stream_schedule_evaluate(fresh, &request, NULL, &a);
    request.resume = true;
    stream_status status = stream_schedule_evaluate(used, &request, NULL, &b);
    stream_schedule_workspace_destroy(fresh);
    return status == expected && memcmp(&a, &b, sizeof a) == 0;
}

static void check_used(unsigned from, unsigned to) {
    for (unsigned seed = from; seed < to; ++seed) {
        random_instance r;
        const stream_schedule_model *model = NULL;
        bool ok = random_instance_open_with(&r, seed, 2) && random_split_ports(&r) &&
                  stream_schedule_model_build(&r.problem, r.arena, &r.diag, &model) == STREAM_OK;
        stream_schedule_workspace *used = ok ? stream_schedule_workspace_create(model) : NULL;
        for (int32_t i = 0; ok && i < STEPS; ++i) {
            ok = compare_with_new(&r, used, model);
            for (int32_t ct = 0; ct < r.graph.n_cts; ++ct)
                if (random_chance(&r, 20))
                    r.cores[ct] = some_core(&r, ct);
        }
        if (!ok)
            printf("# seed %u: %s\n", seed, r.text);
        CHECK(ok);
        stream_schedule_workspace_destroy(used);
        random_instance_close(&r);
    }
}

typedef struct {
    const random_instance *r;
    stream_schedule_workspace *workspaces[4];
    int32_t *cores[ASSIGNMENTS];
    stream_schedule_score scores[ASSIGNMENTS];
} crowd;

static void evaluate(void *user, int32_t worker, int32_t item) {
    crowd *c = user;
    stream_schedule_request request = {.cores = c->cores[item],
                                       .priority =
                                           (stream_priority)(item % STREAM_N_FREE_PRIORITIES),
                                       .cutoff = INT64_MAX,
                                       .resume = item % 2};
    if (stream_schedule_evaluate(c->workspaces[worker], &request, NULL, &c->scores[item]) !=
        STREAM_OK)
        c->scores[item].latency_cycles = -1;
}

static void check_threads(unsigned seed) {
    random_instance r;
    const stream_schedule_model *model;
    stream_schedule_score alone[ASSIGNMENTS];
    CHECK(random_instance_open(&r, seed));
    CHECK_EQ(stream_schedule_model_build(&r.problem, r.arena, &r.diag, &model), STREAM_OK);
    crowd c = {.r = &r};
    for (int32_t i = 0; i < 4; ++i)
        c.workspaces[i] = stream_schedule_workspace_create(model);
    for (int32_t i = 0; i < ASSIGNMENTS; ++i) {
        c.cores[i] = STREAM_NEW(r.arena, int32_t, (size_t)r.graph.n_cts);
        for (int32_t ct = 0; ct < r.graph.n_cts; ++ct)
            c.cores[i][ct] = some_core(&r, ct);
    }
    stream_parallel(1, ASSIGNMENTS, evaluate, &c);
    memcpy(alone, c.scores, sizeof alone);
    memset(c.scores, 0, sizeof c.scores);
    stream_parallel(4, ASSIGNMENTS, evaluate, &c);
    CHECK(memcmp(alone, c.scores, sizeof alone) == 0);
    for (int32_t i = 0; i < 4; ++i)
        stream_schedule_workspace_destroy(c.workspaces[i]);
    random_instance_close(&r);
}

int main(int argc, char **argv) {
    unsigned from = argc > 1 ? (unsigned)atoi(argv[1]) : 1;
    check_resume(from, argc > 2 ? (unsigned)atoi(argv[2]) : from + 200);
    check_used(from, argc > 2 ? (unsigned)atoi(argv[2]) : from + 10);
    check_used(REFUSED, REFUSED + 1);
    check_used(SPILLS_OF_TWO_PORTS, SPILLS_OF_TWO_PORTS + 1);
    for (unsigned seed = from; seed < from + 10; ++seed)
        check_threads(seed);
    return test_done();
}
