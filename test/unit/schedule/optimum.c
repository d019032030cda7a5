// RUN: unit-schedule-optimum

/* Random problems x policies x orders: every schedule is accepted by the checker, is not below the
 * bound, and is not below the optimum of small problems by enumeration (brute_force.h).
 *
 *     unit-schedule-optimum [FROM [TO [report]]]     seeds FROM .. TO - 1
 *
 * With `report`: how far the schedules of problems of up to 6 CTs are above the optimum. */

#include "brute_force.h"

#include "stream/check/check.h"
#include "stream/schedule/policy.h"

/* A column for each policy, the best of them, the best of all orders that are tried, and the best
 * over all orders and assignments. */
enum {
    BEST = STREAM_N_FREE_PRIORITIES,
    TRIED,
    SEARCHED,
    N_COLUMNS
};

typedef struct {
    int32_t problems, cases, small;
    int32_t optimal[N_COLUMNS]; /* proven: latency == bound of some kind */
    double above[N_COLUMNS], worst[N_COLUMNS];
} report;

/* A random order that obeys the dependencies. */
static int32_t *random_order(random_instance *r) {
    const stream_ct_graph *g = &r->graph;
    int32_t *order = STREAM_NEW(r->arena, int32_t, (size_t)g->n_cts);
    int32_t *missing = STREAM_NEW(r->arena, int32_t, (size_t)g->n_cts);
    int32_t *ready = STREAM_NEW(r->arena, int32_t, (size_t)g->n_cts), n_ready = 0;
    for (int32_t i = 0; i < g->n_cts; ++i)
        if ((missing[i] = g->pred_first[i + 1] - g->pred_first[i]) == 0)
            ready[n_ready++] = i;
    for (int32_t i = 0; n_ready > 0; ++i) {
        int32_t at = random_in(r, 0, n_ready - 1), ct = ready[at];
        ready[at] = ready[--n_ready];
        order[i] = ct;
        for (int32_t s = g->succ_first[ct]; s < g->succ_first[ct + 1]; ++s)
            if (--missing[g->succs[s]] == 0)
                ready[n_ready++] = g->succs[s];
    }
    return order;
}

/* Of the problem's assignment. */
typedef struct {
    int64_t latency, energy;
} lower_bounds;

static lower_bounds bounds_of(const stream_schedule_problem *problem) {
    stream_bound_kind kind;
    return (lower_bounds){stream_schedule_lower_bound(problem, &kind),
                          stream_schedule_energy_bound(problem)};
}

/* Its latency, -1 if a rule is broken. */
static int64_t checked_latency(random_instance *r, const stream_schedule_problem *problem,
                               lower_bounds bounds, const stream_schedule *schedule) {
    const stream_schedule_summary *s = &schedule->summary;
    int32_t violations = 0;
    bool ok = stream_check_schedule(problem, schedule, NULL, &r->diag, &violations) == STREAM_OK &&
              s->lower_bound_cycles <= bounds.latency && bounds.latency <= s->latency_cycles &&
              bounds.energy <= s->energy_fj;
    return ok ? s->latency_cycles : -1;
}

static int64_t policy_latency(random_instance *r, const stream_schedule_problem *problem,
                              lower_bounds bounds, stream_priority priority) {
    stream_schedule schedule;
    if (stream_schedule_build(problem, priority, r->arena, &r->diag, &schedule) != STREAM_OK)
        return -1;
    return checked_latency(r, problem, bounds, &schedule);
}

static int64_t tried_latency(random_instance *r, lower_bounds bounds) {
    stream_schedule schedule;
    stream_priority priority;
    const stream_best_options options = {.order_tries = 64};
    if (stream_schedule_build_best(&r->problem, &options, r->arena, &r->diag, &schedule,
                                   &priority) != STREAM_OK)
        return -1;
    return checked_latency(r, &r->problem, bounds, &schedule);
}

static void count(report *out, int32_t column, int64_t latency, int64_t optimum) {
    double above = 100.0 * (double)(latency - optimum) / (double)optimum;
    out->optimal[column] += latency == optimum;
    out->above[column] += above;
    out->worst[column] = above > out->worst[column] ? above : out->worst[column];
}

/* The least latency over every assignment and order, each scheduled by the rules. */
typedef struct {
    random_instance *r;
    stream_schedule_workspace *w;
    int32_t order[BRUTE_MAX_CTS], cores[BRUTE_MAX_CTS];
    unsigned done; /* CTs that have a place in the order, as bits */
    int64_t best;
} order_search;

static void search_orders(order_search *s, int32_t n) {
    if (n == s->r->graph.n_cts) {
        stream_schedule_score score;
        stream_schedule_request request = {.cores = s->cores,
                                           .order = s->order,
                                           .priority = STREAM_PRIORITY_GIVEN,
                                           .cutoff = s->best};
        if (stream_schedule_evaluate(s->w, &request, NULL, &score) == STREAM_OK && score.complete)
            s->best = stream_min_i64(s->best, score.latency_cycles);
        return;
    }
    for (int32_t ct = 0; ct < s->r->graph.n_cts; ++ct)
        for (int32_t core = 0; core < s->r->n_compute && brute_can_run(&s->r->graph, ct, s->done);
             ++core) {
            if (!brute_allowed(s->r, ct, core))
                continue;
            s->order[n] = ct;
            s->cores[ct] = core;
            s->done |= 1u << ct;
            search_orders(s, n + 1);
            s->done &= ~(1u << ct);
        }
}

static int64_t searched_latency(random_instance *r) {
    const stream_schedule_model *model;
    if (stream_schedule_model_build(&r->problem, r->arena, &r->diag, &model) != STREAM_OK)
        return -1;
    order_search s = {.r = r, .w = stream_schedule_workspace_create(model), .best = INT64_MAX};
    search_orders(&s, 0);
    stream_schedule_workspace_destroy(s.w);
    return s.best;
}

/* Latencies of all policies, and of two given orders. */
static bool check_policies(random_instance *r, lower_bounds bounds, report *out, int64_t *latency) {
    bool ok = true;
    latency[BEST] = INT64_MAX;
    for (int32_t p = 0; p < STREAM_N_FREE_PRIORITIES; ++p) {
        latency[p] = policy_latency(r, &r->problem, bounds, (stream_priority)p);
        latency[BEST] = stream_min_i64(latency[BEST], latency[p]);
        ok &= latency[p] >= 0;
    }
    for (int32_t k = 0; k < 2; ++k) {
        stream_schedule_problem given = r->problem;
        given.order = random_order(r);
        ok &= policy_latency(r, &given, bounds, STREAM_PRIORITY_GIVEN) >= 0;
    }
    out->cases += STREAM_N_FREE_PRIORITIES + 2;
    return ok;
}

static bool check_small(random_instance *r, lower_bounds bounds, report *out, bool full,
                        int64_t *latency) {
    int64_t fixed = brute_force_latency(r, r->cores, latency[BEST] + 1);
    int64_t any = brute_force_latency(r, NULL, fixed + 1);
    bool ok = any <= fixed;
    out->small++;
    latency[TRIED] = full ? tried_latency(r, bounds) : latency[BEST];
    for (int32_t c = 0; c < SEARCHED; ++c) {
        ok &= latency[c] >= fixed;
        count(out, c, latency[c], stream_max_i64(fixed, bounds.latency));
    }
    if (!full)
        return ok;
    stream_schedule_problem any_cores = r->problem;
    any_cores.cores = NULL;
    int64_t optimum = stream_max_i64(any, bounds_of(&any_cores).latency);
    int64_t searched = searched_latency(r);
    count(out, SEARCHED, searched, optimum);
    return ok && searched >= optimum;
}

static bool check_problem(random_instance *r, report *out, bool full) {
    int64_t latency[N_COLUMNS];
    lower_bounds bounds = bounds_of(&r->problem);
    out->problems++;
    bool ok = check_policies(r, bounds, out, latency);
    return ok && (r->graph.n_cts > BRUTE_MAX_CTS || check_small(r, bounds, out, full, latency));
}

static void print_report(const report *out) {
    static const char *const names[N_COLUMNS] = {"latency",
                                                 "memory",
                                                 "ahead",
                                                 "demand",
                                                 "best policy",
                                                 "best of all tried",
                                                 "best assignment and order"};
    printf("# %d problems, %d schedules, %d problems of up to %d CTs\n", out->problems, out->cases,
           out->small, BRUTE_MAX_CTS);
    for (int32_t c = 0; c < N_COLUMNS; ++c)
        printf("# %-26s at the optimum %5.1f %%   above it: mean %5.2f %%, most %6.1f %%\n",
               names[c], 100.0 * out->optimal[c] / out->small, out->above[c] / out->small,
               out->worst[c]);
}

/* A third of the problems are small enough to enumerate. */
static void check_random(unsigned from, unsigned to, bool full, report *out) {
    int32_t bad = 0;
    for (unsigned seed = from; seed < to; ++seed) {
        random_instance r;
        bool ok = seed % 3 ? random_instance_open(&r, seed) : random_instance_open_small(&r, seed);
        ok = ok && check_problem(&r, out, full);
        if (!ok)
            printf("# seed %u: %s\n", seed, r.text);
        bad += !ok;
        random_instance_close(&r);
    }
    CHECK_EQ(bad, 0);
}

/* Orders that are none are refused, naming CT and place. */
static void check_refused(void) {
    random_instance r;
    CHECK(random_instance_open(&r, 5));
    int32_t n = r.graph.n_cts, *order = random_order(&r), last = order[n - 1];
    stream_schedule_problem given = r.problem;
    stream_schedule schedule;
    given.order = NULL;
    CHECK_EQ(stream_schedule_build(&given, STREAM_PRIORITY_GIVEN, r.arena, &r.diag, &schedule),
             STREAM_INVALID);
    given.order = order;
    CHECK_EQ(stream_schedule_build(&given, STREAM_PRIORITY_GIVEN, r.arena, &r.diag, &schedule),
             STREAM_OK);
    order[n - 1] = order[0];
    CHECK_EQ(stream_schedule_build(&given, STREAM_PRIORITY_GIVEN, r.arena, &r.diag, &schedule),
             STREAM_INVALID);
    CHECK(strstr(r.text, "stands twice in the given order") != NULL);
    order[n - 1] = n;
    CHECK_EQ(stream_schedule_build(&given, STREAM_PRIORITY_GIVEN, r.arena, &r.diag, &schedule),
             STREAM_INVALID);
    CHECK(strstr(r.text, "holds CT") != NULL);
    memmove(order + 1, order, (size_t)(n - 1) * sizeof *order);
    order[0] = last;
    CHECK_EQ(stream_schedule_build(&given, STREAM_PRIORITY_GIVEN, r.arena, &r.diag, &schedule),
             STREAM_INVALID);
    CHECK(strstr(r.text, "stands at place 0 of the given order, before CT") != NULL);
    random_instance_close(&r);
}

int main(int argc, char **argv) {
    unsigned from = argc > 1 ? (unsigned)atoi(argv[1]) : 1;
    unsigned to = argc > 2 ? (unsigned)atoi(argv[2]) : from + 300;
    report out = {0};
    check_random(from, to, argc > 3, &out);
    if (argc > 3)
        print_report(&out);
    check_refused();
    return test_done();
}
