/* Why cores are idle; see idle.h. */

#include "idle.h"

#include "stream/support/integer.h"
#include "stream/support/vec.h"

#include <stdlib.h>

typedef struct {
    int32_t core;
    int64_t start, end;
} interval;

static int by_core_and_start(const void *a, const void *b) {
    const interval *x = a, *y = b;
    if (x->core != y->core)
        return x->core < y->core ? -1 : 1;
    return (x->start > y->start) - (x->start < y->start);
}

/* When data is on its way into the memories of each core: disjoint, by core and start. */
static stream_vec find_loads(const stream_export *e) {
    const stream_accelerator *acc = e->problem->acc;
    stream_vec all = STREAM_VEC(interval);
    size_t n = 0;
    for (int32_t i = 0; i < e->schedule->n_transfers; ++i) {
        const stream_transfer *t = &e->schedule->transfers[i];
        for (int32_t k = 0; k < t->n_targets; ++k)
            for (int32_t top = 0; top < acc->n_cores * STREAM_N_OPERANDS; ++top)
                if (acc->top[top] == t->targets[k].instance)
                    *(interval *)stream_vec_push(&all) =
                        (interval){top / STREAM_N_OPERANDS, t->start, t->end};
    }
    if (all.n)
        qsort(all.data, all.n, sizeof(interval), by_core_and_start);
    for (size_t i = 0; i < all.n; ++i) {
        interval *x = &STREAM_AT(interval, all, i);
        interval *last = n ? &STREAM_AT(interval, all, n - 1) : NULL;
        if (last && last->core == x->core && x->start <= last->end)
            last->end = stream_max_i64(last->end, x->end);
        else
            STREAM_AT(interval, all, n++) = *x;
    }
    all.n = n;
    return all;
}

static stream_vec runs_by_core(const stream_export *e) {
    stream_vec all = STREAM_VEC(interval);
    for (int32_t i = 0; i < e->problem->graph->n_cts; ++i) {
        const stream_ct_slot *slot = &e->schedule->slots[i];
        *(interval *)stream_vec_push(&all) = (interval){slot->core, slot->start, slot->end};
    }
    if (all.n)
        qsort(all.data, all.n, sizeof(interval), by_core_and_start);
    return all;
}

/* Cycles of [from, until) in which `core` loads; *at moves on over the loads. */
static int64_t loading_in(const stream_vec *loads, size_t *at, int32_t core, int64_t from,
                          int64_t until) {
    int64_t cycles = 0;
    for (; *at < loads->n; ++*at) {
        const interval *x = &STREAM_AT(interval, *loads, *at);
        if (x->core > core || (x->core == core && x->start >= until))
            break;
        if (x->core == core)
            cycles +=
                stream_max_i64(0, stream_min_i64(until, x->end) - stream_max_i64(from, x->start));
        if (x->core == core && x->end > until)
            break;
    }
    return cycles;
}

static void explain_idle(const stream_export *e, stream_report_core *cores) {
    int64_t latency = e->schedule->summary.latency_cycles;
    stream_vec loads = find_loads(e), runs = runs_by_core(e);
    size_t at = 0;
    for (int32_t c = 0; c < e->problem->acc->n_cores; ++c)
        cores[c].before = latency;
    for (size_t i = 0; i < runs.n; ++i) {
        const interval *run = &STREAM_AT(interval, runs, i);
        stream_report_core *core = &cores[run->core];
        if (i == 0 || run[-1].core != run->core) {
            core->before = run->start;
        } else {
            int64_t loading = loading_in(&loads, &at, run->core, run[-1].end, run->start);
            core->loading += loading;
            core->waiting += run->start - run[-1].end - loading;
        }
        core->after = latency - run->end;
    }
    stream_vec_free(&loads);
    stream_vec_free(&runs);
}

static int by_start(const void *a, const void *b) {
    const interval *x = a, *y = b;
    return (x->start > y->start) - (x->start < y->start);
}

static int64_t all_idle(const stream_export *e) {
    stream_vec runs = runs_by_core(e);
    int64_t idle = 0, end = 0;
    if (runs.n)
        qsort(runs.data, runs.n, sizeof(interval), by_start);
    for (size_t i = 0; i < runs.n; ++i) {
        const interval *run = &STREAM_AT(interval, runs, i);
        idle += stream_max_i64(0, run->start - end);
        end = stream_max_i64(end, run->end);
    }
    stream_vec_free(&runs);
    return idle + e->schedule->summary.latency_cycles - end;
}

int64_t stream_report_idle(const stream_export *e, stream_report_core *cores) {
    explain_idle(e, cores);
    return all_idle(e);
}
