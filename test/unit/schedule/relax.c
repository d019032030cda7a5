// RUN: unit-schedule-relax

/* Schedules whose buffers get their addresses when all times are known: legal, never worse than
 * with addresses from the beginning, of the same CTs on the same cores, and sometimes better.
 *
 *     unit-schedule-relax [FROM [TO]]     seeds FROM .. TO - 1 */

#include "random_instance.h"

#include "stream/check/check.h"
#include "stream/schedule/policy.h"

typedef struct {
    int32_t n, better;
} counts;

static bool is_worse(const stream_schedule_summary *a, const stream_schedule_summary *b) {
    if (a->latency_cycles != b->latency_cycles)
        return a->latency_cycles > b->latency_cycles;
    return a->energy_fj > b->energy_fj;
}

static bool relax(random_instance *r, stream_priority priority, counts *c) {
    stream_schedule with, relaxed;
    const stream_schedule_model *model;
    int32_t violations;
    if (stream_schedule_model_build(&r->problem, r->arena, &r->diag, &model) != STREAM_OK ||
        stream_schedule_build_with(&r->problem, model, priority, r->arena, &r->diag, &with) !=
            STREAM_OK)
        return false;
    relaxed = with;
    bool replaced = stream_schedule_relax(&r->problem, model, priority, r->arena, &relaxed);
    bool ok =
        replaced == is_worse(&with.summary, &relaxed.summary) &&
        stream_check_schedule(&r->problem, &relaxed, NULL, &r->diag, &violations) == STREAM_OK &&
        !is_worse(&relaxed.summary, &with.summary);
    for (int32_t i = 0; i < r->graph.n_cts; ++i)
        ok &= relaxed.slots[i].core == with.slots[i].core;
    c->n++;
    c->better += is_worse(&with.summary, &relaxed.summary);
    return ok;
}

int main(int argc, char **argv) {
    unsigned from = argc > 1 ? (unsigned)atoi(argv[1]) : 1;
    unsigned to = argc > 2 ? (unsigned)atoi(argv[2]) : from + 300;
    counts c = {0, 0};
    for (unsigned seed = from; seed < to; ++seed) {
        random_instance r;
        bool ok = random_instance_open(&r, seed);
        for (int32_t p = 0; ok && p < STREAM_N_FREE_PRIORITIES; ++p)
            ok = relax(&r, (stream_priority)p, &c);
        if (!ok)
            printf("# seed %u: %s\n", seed, r.text);
        CHECK(ok);
        random_instance_close(&r);
    }
    printf("# %d of %d schedules are better\n", c.better, c.n);
    CHECK(c.better > 0);
    return test_done();
}
