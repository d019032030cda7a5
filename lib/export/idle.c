/* Why cores are idle; see idle.h. */

#include "idle.h"

#include "queue.h"
#include "stream/support/adjacency.h"
#include "stream/support/integer.h"

#include <stdlib.h>

typedef struct {
    int32_t core, id; /* of the CT, of the transfer that starts it */
    int64_t start, end;
} interval;

static int by_core_and_start(const void *a, const void *b) {
    const interval *x = a, *y = b;
    if (x->core != y->core)
        return x->core < y->core ? -1 : 1;
    if (x->start != y->start)
        return x->start < y->start ? -1 : 1;
    return (x->id > y->id) - (x->id < y->id);
}

/* The cores that have each memory instance on top, once for each operand class. */
static stream_adjacency find_users(const stream_accelerator *acc, stream_arena *arena) {
    int32_t n_tops = acc->n_cores * STREAM_N_OPERANDS;
    stream_adjacency u = stream_adjacency_create(acc->n_instances, arena);
    for (int32_t top = 0; top < n_tops; ++top)
        if (acc->top[top] >= 0)
            stream_adjacency_count(&u, acc->top[top]);
    stream_adjacency_allot(&u, acc->n_instances, arena);
    for (int32_t top = 0; top < n_tops; ++top)
        if (acc->top[top] >= 0)
            stream_adjacency_put(&u, acc->top[top], top / STREAM_N_OPERANDS);
    return u;
}

/* When data is on its way into the memories of each core: disjoint, by core and start. */
static stream_vec find_loads(const stream_export *e) {
    stream_arena *arena = stream_arena_create();
    stream_adjacency u = find_users(e->problem->acc, arena);
    stream_vec all = STREAM_VEC(interval);
    size_t n = 0;
    for (int32_t i = 0; i < e->schedule->n_transfers; ++i) {
        const stream_transfer *t = &e->schedule->transfers[i];
        for (int32_t k = 0; k < t->n_targets; ++k)
            for (int32_t c = u.first[t->targets[k].instance];
                 c < u.first[t->targets[k].instance + 1]; ++c)
                *(interval *)stream_vec_push(&all) = (interval){u.items[c], i, t->start, t->end};
    }
    stream_arena_destroy(arena);
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
        *(interval *)stream_vec_push(&all) = (interval){slot->core, i, slot->start, slot->end};
    }
    if (all.n)
        qsort(all.data, all.n, sizeof(interval), by_core_and_start);
    return all;
}

typedef struct {
    const stream_export *e;
    const stream_curves *rates;
    stream_vec loads; /* of all cores */
    size_t at;        /* the first load that is not behind us */
    stream_vec demands;
} idler;

/* Nothing is on its way to a core in [from, until), and then `demands` is. */
static void wait_for(idler *x, int64_t from, int64_t until, stream_report_core *core) {
    int64_t queued = stream_queued_cycles(x->e, x->rates, &x->demands, from, until);
    core->queued += queued;
    core->waiting += until - from - queued;
}

/* The core of `run` is idle from `time` until it. */
static void explain_gap(idler *x, const interval *run, int64_t time, stream_report_core *core) {
    for (; x->at < x->loads.n; ++x->at) {
        const interval *load = &STREAM_AT(interval, x->loads, x->at);
        if (load->core > run->core || (load->core == run->core && load->start >= run->start))
            break;
        if (load->core < run->core || load->end <= time)
            continue;
        if (load->start > time) {
            x->demands.n = 0;
            stream_demand_of_transfer(x->e->problem->acc, &x->e->schedule->transfers[load->id],
                                      &x->demands);
            wait_for(x, time, load->start, core);
            time = load->start;
        }
        int64_t end = stream_min_i64(load->end, run->start);
        core->loading += end - time;
        time = end;
        if (load->end > run->start)
            break;
    }
    x->demands.n = 0;
    stream_demand_of_ct(x->e->problem->acc, x->e->schedule, run->id, &x->demands);
    wait_for(x, time, run->start, core);
}

static void explain_idle(const stream_export *e, const stream_curves *rates, const stream_vec *runs,
                         stream_report_core *cores) {
    int64_t latency = e->schedule->summary.latency_cycles;
    idler x = {.e = e, .rates = rates, .demands = STREAM_VEC(stream_demand)};
    x.loads = find_loads(e);
    for (int32_t c = 0; c < e->problem->acc->n_cores; ++c)
        cores[c].before = latency;
    for (size_t i = 0; i < runs->n; ++i) {
        const interval *run = &STREAM_AT(interval, *runs, i);
        stream_report_core *core = &cores[run->core];
        if (i == 0 || run[-1].core != run->core)
            core->before = run->start;
        else
            explain_gap(&x, run, run[-1].end, core);
        core->after = latency - run->end;
    }
    stream_vec_free(&x.loads);
    stream_vec_free(&x.demands);
}

static int by_start(const void *a, const void *b) {
    const interval *x = a, *y = b;
    return (x->start > y->start) - (x->start < y->start);
}

/* Sorts the runs by their start. */
static int64_t all_idle(const stream_export *e, stream_vec *runs) {
    int64_t idle = 0, end = 0;
    if (runs->n)
        qsort(runs->data, runs->n, sizeof(interval), by_start);
    for (size_t i = 0; i < runs->n; ++i) {
        const interval *run = &STREAM_AT(interval, *runs, i);
        idle += stream_max_i64(0, run->start - end);
        end = stream_max_i64(end, run->end);
    }
    return idle + e->schedule->summary.latency_cycles - end;
}

int64_t stream_report_idle(const stream_export *e, const stream_curves *rates,
                           stream_report_core *cores) {
    stream_vec runs = runs_by_core(e);
    explain_idle(e, rates, &runs, cores);
    int64_t idle = all_idle(e, &runs);
    stream_vec_free(&runs);
    return idle;
}
