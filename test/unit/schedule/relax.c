// RUN: unit-schedule-relax

/* Schedules whose buffers get their addresses when all times are known: legal, never worse than
 * with addresses from the beginning, of the same CTs on the same cores (in a given order: in the
 * same sequence on each), and sometimes better.
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

/* Each core runs its CTs in the order in which it is given them. */
static bool keeps_sequences(const random_instance *r, const stream_schedule *s) {
    int64_t *end = STREAM_NEW(r->arena, int64_t, (size_t)r->acc.n_cores);
    for (int32_t i = 0; i < r->graph.n_cts; ++i) {
        const stream_ct_slot *slot = &s->slots[r->problem.order[i]];
        if (slot->start < end[slot->core])
            return false;
        end[slot->core] = slot->end;
    }
    return true;
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
    ok &= priority != STREAM_PRIORITY_GIVEN || keeps_sequences(r, &relaxed);
    c->n++;
    c->better += is_worse(&with.summary, &relaxed.summary);
    return ok;
}

/* The CTs are given in the order in which they stand. */
static void keep_program_order(random_instance *r) {
    int32_t *order = STREAM_NEW(r->arena, int32_t, (size_t)r->graph.n_cts);
    for (int32_t i = 0; i < r->graph.n_cts; ++i)
        order[i] = i;
    r->problem.order = order;
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
        if (ok) {
            keep_program_order(&r);
            ok = relax(&r, STREAM_PRIORITY_GIVEN, &c);
        }
        if (!ok)
            printf("# seed %u: %s\n", seed, r.text);
        CHECK(ok);
        random_instance_close(&r);
    }
    printf("# %d of %d schedules are better\n", c.better, c.n);
    CHECK(c.better > 0);
    return test_done();
}
