// RUN: unit-schedule-schedule

/* Properties of schedules of random problems, each checked by lib/check. */

#include "stream/check/check.h"

#include "random_instance.h"

static bool equal_scores(const stream_schedule_score *a, const stream_schedule_summary *b) {
    return a->complete && a->latency_cycles == b->latency_cycles && a->energy_fj == b->energy_fj &&
           a->offchip_read_bits == b->offchip_read_bits &&
           a->offchip_write_bits == b->offchip_write_bits;
}

/* The schedule breaks no rule, its evaluation is the same, and the bound holds. */
static bool holds(random_instance *r, stream_priority priority) {
    stream_schedule schedule;
    r->text[0] = 0;
    if (stream_schedule_build(&r->problem, priority, r->arena, &r->diag, &schedule) != STREAM_OK)
        return false;
    int32_t violations = 0;
    if (stream_check_schedule(&r->problem, &schedule, NULL, &r->diag, &violations) != STREAM_OK)
        return false;
    const stream_schedule_model *model;
    if (stream_schedule_model_build(&r->problem, r->arena, &r->diag, &model) != STREAM_OK)
        return false;
    stream_schedule_workspace *w = stream_schedule_workspace_create(model);
    stream_schedule_score first, second;
    bool same = true;
    stream_schedule_request request = {
        .cores = r->cores, .priority = priority, .cutoff = INT64_MAX};
    same &= stream_schedule_evaluate(w, &request, NULL, &first) == STREAM_OK;
    same &= stream_schedule_evaluate(w, &request, NULL, &second) == STREAM_OK;
    stream_schedule_workspace_destroy(w);
    return same && equal_scores(&first, &schedule.summary) &&
           equal_scores(&second, &schedule.summary) &&
           schedule.summary.lower_bound_cycles <= schedule.summary.latency_cycles;
}

static void check_random(unsigned from, unsigned to) {
    for (unsigned seed = from; seed < to; ++seed) {
        random_instance r;
        bool ok = random_instance_open(&r, seed);
        if (seed % 9 == 0 && r.acc.n_cores > 2)
            ok = ok && random_put_offchip(&r);
        ok = ok && holds(&r, STREAM_PRIORITY_LATENCY) && holds(&r, STREAM_PRIORITY_MEMORY) &&
             holds(&r, STREAM_PRIORITY_AHEAD) && holds(&r, STREAM_PRIORITY_DEMAND);
        if (!ok)
            printf("# seed %u: %s\n", seed, r.text);
        CHECK(ok);
        random_instance_close(&r);
    }
}

int main(int argc, char **argv) {
    unsigned from = argc > 1 ? (unsigned)atoi(argv[1]) : 1;
    check_random(from, argc > 2 ? (unsigned)atoi(argv[2]) : from + 400);
    return test_done();
}
