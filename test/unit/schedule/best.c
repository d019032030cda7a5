// RUN: unit-schedule-best

/* The best schedule is legal and no worse than what any policy makes, of all of them or of one; and
 * with orders near it no worse than without or with fewer. */

#include "random_instance.h"

#include "stream/check/check.h"
#include "stream/schedule/policy.h"

static int64_t latency_of(random_instance *r, stream_priority priority) {
    stream_schedule s;
    return stream_schedule_build(&r->problem, priority, r->arena, &r->diag, &s) == STREAM_OK
               ? s.summary.latency_cycles
               : -1;
}

/* Latency of the checked best of all policies or of one; -1: a rule is broken. */
static int64_t best_of(random_instance *r, const stream_priority *only, int32_t order_tries) {
    stream_best_options options = {.only = only, .order_tries = order_tries};
    stream_schedule s;
    stream_priority from;
    int32_t violations;
    if (stream_schedule_build_best(&r->problem, only || order_tries ? &options : NULL, r->arena,
                                   &r->diag, &s, &from) != STREAM_OK ||
        stream_check_schedule(&r->problem, &s, NULL, &r->diag, &violations) != STREAM_OK ||
        (only && from != *only))
        return -1;
    return s.summary.latency_cycles;
}

typedef struct {
    int32_t n, better;      /* than the policy that it came from */
    int32_t faster, slower; /* over long links with much slack */
    int32_t searched;       /* better than the best of all without orders near it */
} counts;

/* An order that is given, too, is one more of those that are tried. */
static bool tries_the_order(random_instance *r, int64_t best) {
    int32_t *order = STREAM_NEW(r->arena, int32_t, (size_t)r->graph.n_cts);
    for (int32_t i = 0; i < r->graph.n_cts; ++i)
        order[i] = i;
    r->problem.order = order;
    int64_t given = latency_of(r, STREAM_PRIORITY_GIVEN), all = best_of(r, NULL, 0);
    r->problem.order = NULL;
    return given >= 0 && all >= 0 && all <= given && all <= best;
}

static bool is_no_later_with_more_tries(random_instance *r, const stream_priority *only,
                                        int64_t without, counts *c) {
    static const int32_t tries[] = {4, 16, 64};
    int64_t least = without;
    for (int32_t i = 0; i < 3; ++i) {
        int64_t now = best_of(r, only, tries[i]);
        if (now < 0 || now > least)
            return false;
        least = now;
    }
    c->searched += least < without;
    return true;
}

/* Without options it is the best of all policies. */
static bool has_defaults(random_instance *r, int64_t best) {
    stream_schedule s;
    stream_priority from;
    return stream_schedule_build_best(&r->problem, NULL, r->arena, &r->diag, &s, &from) ==
               STREAM_OK &&
           s.summary.latency_cycles == best;
}

static void check(unsigned seed, counts *c) {
    random_instance r;
    bool ok = random_instance_open(&r, seed);
    int64_t best = best_of(&r, NULL, 0);
    if (seed % 4 == 0)
        ok &= is_no_later_with_more_tries(&r, NULL, best, c);
    ok &= best >= 0 && tries_the_order(&r, best) && has_defaults(&r, best);
    for (int32_t p = 0; p < STREAM_N_FREE_PRIORITIES; ++p) {
        stream_priority only = (stream_priority)p;
        int64_t plain = latency_of(&r, only), replayed = best_of(&r, &only, 0);
        r.problem.much_slack = true;
        int64_t slow = latency_of(&r, only);
        r.problem.much_slack = false;
        ok &= replayed >= 0 && replayed <= plain && best <= plain && slow >= 0;
        if (seed % 16 == 1)
            ok &= is_no_later_with_more_tries(&r, &only, replayed, c);
        c->faster += slow < plain;
        c->slower += slow > plain;
        c->n++;
        c->better += replayed < plain;
    }
    CHECK(ok);
    if (!ok)
        printf("# seed %u: %s\n", seed, r.text);
    random_instance_close(&r);
}

/* The orders that a run gives, by its starts and by when data exists, are legal. */
static void orders_are_legal(unsigned seed) {
    random_instance r;
    const stream_schedule_model *model;
    stream_schedule_score score;
    bool ok = random_instance_open(&r, seed) &&
              stream_schedule_model_build(&r.problem, r.arena, &r.diag, &model) == STREAM_OK;
    stream_schedule_workspace *w = ok ? stream_schedule_workspace_create(model) : NULL;
    for (int32_t by_data = 0; ok && by_data < 2; ++by_data) {
        int32_t *order = STREAM_NEW(r.arena, int32_t, (size_t)r.graph.n_cts);
        stream_schedule_request request = {
            .cores = r.problem.cores, .priority = STREAM_PRIORITY_MEMORY, .cutoff = INT64_MAX};
        ok = stream_schedule_evaluate(w, &request, &r.diag, &score) == STREAM_OK;
        if (by_data)
            stream_schedule_by_data(w, r.arena, order);
        else
            stream_schedule_by_start(w, r.arena, order);
        request.priority = STREAM_PRIORITY_GIVEN;
        request.order = order;
        ok &= stream_schedule_evaluate(w, &request, &r.diag, &score) == STREAM_OK && score.complete;
    }
    CHECK(ok);
    stream_schedule_workspace_destroy(w);
    random_instance_close(&r);
}

int main(void) {
    counts c = {0};
    for (unsigned seed = 1; seed <= 50; ++seed)
        orders_are_legal(seed);
    for (unsigned seed = 1; seed <= 100; ++seed)
        check(seed, &c);
    printf("# %d schedules, %d better when they were replayed, %d with orders near the best\n", c.n,
           c.better, c.searched);
    printf("# with much slack %d are faster, %d slower\n", c.faster, c.slower);
    CHECK(c.better > 0 && c.searched > 0 && c.faster > 0 && c.slower > 0);
    return test_done();
}
