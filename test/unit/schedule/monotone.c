// RUN: unit-schedule-monotone

/* More hardware: the same CTs on the same cores in the same order, with a bandwidth or a capacity
 * doubled. A schedule that ends later then is an anomaly; list schedulers have them.
 *
 *     unit-schedule-monotone [FROM [TO]]     seeds FROM .. TO - 1; prints the rate */

#include "doubled.h"
#include "random_instance.h"

typedef struct {
    int32_t cases[N_DOUBLINGS], later[N_DOUBLINGS];
    double most[N_DOUBLINGS]; /* percent */
} anomalies;

static int64_t replay(const stream_schedule_problem *problem, const int32_t *order,
                      stream_arena *arena) {
    const stream_schedule_model *model;
    stream_schedule_score score;
    stream_schedule_request request = {.cores = problem->cores,
                                       .order = order,
                                       .priority = STREAM_PRIORITY_GIVEN,
                                       .cutoff = INT64_MAX};
    if (stream_schedule_model_build(problem, arena, NULL, &model) != STREAM_OK)
        return -1;
    stream_schedule_workspace *w = stream_schedule_workspace_create(model);
    bool ok = stream_schedule_evaluate(w, &request, NULL, &score) == STREAM_OK;
    stream_schedule_workspace_destroy(w);
    return ok ? score.latency_cycles : -1;
}

/* The order in which a policy places the CTs; NULL: it cannot. */
static const int32_t *order_of(random_instance *r, stream_priority priority) {
    const stream_schedule_model *model;
    stream_schedule_score score;
    stream_schedule_request request = {
        .cores = r->cores, .priority = priority, .cutoff = INT64_MAX};
    if (stream_schedule_model_build(&r->problem, r->arena, NULL, &model) != STREAM_OK)
        return NULL;
    stream_schedule_workspace *w = stream_schedule_workspace_create(model);
    int32_t n, *order = NULL;
    if (stream_schedule_evaluate(w, &request, NULL, &score) == STREAM_OK) {
        const int32_t *placed = stream_schedule_placed(w, &n);
        order = STREAM_NEW(r->arena, int32_t, (size_t)n);
        memcpy(order, placed, (size_t)n * sizeof *order);
    }
    stream_schedule_workspace_destroy(w);
    return order;
}

static bool try_doubling(random_instance *r, const int32_t *order, int64_t before, doubled_thing d,
                         anomalies *out) {
    stream_accelerator acc;
    if (!make_doubled(&r->acc, d, r->arena, &acc))
        return true;
    stream_schedule_problem problem = r->problem;
    problem.acc = &acc;
    int64_t after = replay(&problem, order, r->arena);
    if (after < 0)
        return false;
    out->cases[d.what]++;
    if (after > before) {
        double percent = 100.0 * (double)(after - before) / (double)before;
        out->later[d.what]++;
        out->most[d.what] = percent > out->most[d.what] ? percent : out->most[d.what];
    }
    return true;
}

/* All of a kind doubled, and one of it. */
static bool try_all(random_instance *r, anomalies *out) {
    const int32_t *order = order_of(r, (stream_priority)random_in(r, 0, 2));
    int64_t before = order ? replay(&r->problem, order, r->arena) : -1;
    if (before < 0)
        return false;
    bool ok = true;
    for (int32_t what = 0; what < N_DOUBLINGS; ++what) {
        int32_t n = what == DOUBLE_LINK ? r->acc.n_links : r->acc.n_cores;
        ok &= try_doubling(r, order, before, (doubled_thing){(doubling)what, -1}, out);
        ok &= try_doubling(r, order, before,
                           (doubled_thing){(doubling)what, random_in(r, 0, n - 1)}, out);
    }
    return ok;
}

int main(int argc, char **argv) {
    static const char *const names[N_DOUBLINGS] = {"links", "ports", "capacity"};
    unsigned from = argc > 1 ? (unsigned)atoi(argv[1]) : 1;
    unsigned to = argc > 2 ? (unsigned)atoi(argv[2]) : from + 300;
    anomalies sum = {0};
    for (unsigned seed = from; seed < to; ++seed) {
        random_instance r;
        bool ok = random_instance_open(&r, seed) && try_all(&r, &sum);
        if (!ok)
            printf("# seed %u: %s\n", seed, r.text);
        CHECK(ok);
        random_instance_close(&r);
    }
    int32_t cases = 0, later = 0;
    for (int32_t i = 0; i < N_DOUBLINGS; ++i) {
        printf("# %s: %d of %d later, by at most %.2f %%\n", names[i], sum.later[i], sum.cases[i],
               sum.most[i]);
        cases += sum.cases[i];
        later += sum.later[i];
    }
    printf("# together: %d of %d, %.2f %%\n", later, cases, 100.0 * later / cases);
    CHECK(later * 100 < cases);
    return test_done();
}
