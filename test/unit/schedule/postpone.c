// RUN: unit-schedule-postpone

/* Transfers that are made later: the schedule stays legal, no CT moves, no transfer is earlier, and
 * buffers on chip are there when they were, or for a part of that time. */

#include "../../../lib/schedule/postpone.h"
#include "random_instance.h"

#include "stream/check/check.h"
#include "stream/schedule/places.h"

/* Bits on chip times cycles. */
static double held(const random_instance *r, const stream_schedule *s) {
    size_t n;
    double sum = 0;
    const stream_place *places = stream_schedule_places(&r->problem, s, r->arena, &n);
    for (size_t i = 0; i < n; ++i)
        if (places[i].instance != r->acc.offchip_instance)
            sum += (double)places[i].bits * (double)(places[i].until - places[i].from);
    return sum;
}

static int64_t starts(const stream_schedule *s) {
    int64_t sum = 0;
    for (int32_t i = 0; i < s->n_transfers; ++i)
        sum += s->transfers[i].start;
    return sum;
}

static bool same_cts(const random_instance *r, const stream_schedule *a, const stream_schedule *b) {
    return memcmp(a->slots, b->slots, (size_t)r->graph.n_cts * sizeof *a->slots) == 0;
}

/* Transfers stay those that they were: at most as many start by any of the old starts. */
static bool no_earlier(const stream_schedule *a, const stream_schedule *b) {
    bool ok = a->n_transfers == b->n_transfers;
    for (int32_t i = 0; ok && i < a->n_transfers; ++i)
        ok = b->transfers[i].start >= a->transfers[i].start &&
             (i == 0 || b->transfers[i].start >= b->transfers[i - 1].start);
    return ok;
}

static bool no_more(const random_instance *r, const stream_schedule *a, const stream_schedule *b) {
    bool ok = true;
    for (int32_t i = 0; i < r->acc.n_instances; ++i)
        ok &= i == r->acc.offchip_instance || b->summary.peak_bits[i] <= a->summary.peak_bits[i];
    return ok;
}

static bool one(random_instance *r, bool chosen, int32_t *moved) {
    stream_schedule s, later;
    bool *all = STREAM_NEW(r->arena, bool, (size_t)r->acc.n_instances);
    if (stream_schedule_build(&r->problem, STREAM_PRIORITY_LATENCY, r->arena, &r->diag, &s) !=
        STREAM_OK)
        return true;
    for (int32_t i = 0; i < r->acc.n_instances; ++i)
        all[i] = chosen;
    later = s;
    stream_schedule_postpone(&r->problem, all, r->arena, &later);
    bool is_later = starts(&later) > starts(&s);
    *moved += is_later;
    return same_cts(r, &s, &later) && no_earlier(&s, &later) && no_more(r, &s, &later) &&
           held(r, &later) <= held(r, &s) && (chosen || !is_later) &&
           stream_check_schedule(&r->problem, &later, NULL, &r->diag, NULL) == STREAM_OK;
}

int main(int argc, char **argv) {
    unsigned from = argc > 1 ? (unsigned)atoi(argv[1]) : 1;
    unsigned to = argc > 2 ? (unsigned)atoi(argv[2]) : from + 400;
    int32_t moved = 0;
    for (unsigned seed = from; seed < to; ++seed) {
        random_instance r;
        bool ok = random_instance_open(&r, seed) && one(&r, seed % 8 != 0, &moved);
        if (!ok)
            printf("# seed %u: %s\n", seed, r.text);
        CHECK(ok);
        random_instance_close(&r);
    }
    printf("# %d of %u schedules have later transfers\n", moved, to - from);
    CHECK(moved > 100);
    return test_done();
}
