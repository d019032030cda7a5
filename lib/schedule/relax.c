/* Schedules that get their addresses when all times are known; see stream/schedule/policy.h.
 *
 * A run in which the free bits of a memory are one pool is not held up by fragments, but its
 * buffers may not fit side by side. Of a memory in which no layout is found the next run uses less,
 * and in the end it has addresses from the beginning. The schedule stays when a run with less does
 * not hold a CT:
 *
 *   run   memory a         memory b
 *    1    100 %: fits      100 %: does not
 *    2    100 %: fits       98 %: does not
 *    3    100 %: fits       96 %: fits          all have addresses */

#include "stream/schedule/policy.h"

#include "engine.h"
#include "lay_out.h"

/* What a run leaves of a memory, in 128ths, one after the other. */
static const int32_t left[] = {0, 2, 5, 8, 12, 18, 26};

enum {
    N_STEPS = sizeof left / sizeof *left,
    MOST_RUNS = 16
};

/* Of all runs and layouts together, in items looked at, and more for each CT; and what one CT in
 * one run is. */
#define WORK        ((int64_t)1 << 24)
#define WORK_PER_CT 256
#define CT_IN_RUN   64

typedef struct {
    const stream_schedule_problem *problem;
    engine *e;
    stream_schedule_request request;
    memory_limit *limits; /* [n_instances] */
    int32_t *steps;       /* [n_instances] of `left`; N_STEPS: the memory has addresses */
    bool fits;
    bool done; /* the schedule is replaced */
    int64_t work;
} relaxation;

static void set_limit(relaxation *r, int32_t instance, int32_t step) {
    const stream_instance *at = &r->problem->acc->instances[instance];
    r->steps[instance] = step;
    r->limits[instance] =
        step < N_STEPS ? (memory_limit){at->size_bits - at->size_bits / 128 * left[step], false}
                       : (memory_limit){at->size_bits, true};
}

static void open(relaxation *r, stream_arena *scratch) {
    int32_t n = r->problem->acc->n_instances;
    r->limits = STREAM_NEW(scratch, memory_limit, (size_t)n);
    r->steps = STREAM_NEW(scratch, int32_t, (size_t)n);
    for (int32_t i = 0; i < n; ++i)
        set_limit(r, i, i == r->problem->acc->offchip_instance ? N_STEPS : 0);
    r->e->limits = r->limits;
    r->e->record = true;
}

/* Of the work that is left half is for this run, the same for each memory that is a pool. */
static int64_t share_of_work(const relaxation *r) {
    int64_t n_pools = 0;
    for (int32_t i = 0; i < r->problem->acc->n_instances; ++i)
        n_pools += !r->limits[i].has_addresses;
    return r->work / (2 * n_pools);
}

static bool find(void *user, int32_t instance, layout_item *items, int32_t n) {
    relaxation *r = user;
    if (r->limits[instance].has_addresses)
        return false;
    int64_t share = share_of_work(r), unused = share;
    bool found =
        stream_layout_find(items, n, r->problem->acc->instances[instance].size_bits, &unused);
    r->work -= share - unused;
    if (!found) {
        r->fits = false;
        set_limit(r, instance, r->steps[instance] + 1);
    }
    return found;
}

/* The last run, with addresses; false: not all of it has room. */
static bool lay_out(relaxation *r, stream_arena *scratch, stream_schedule *out) {
    stream_engine_export(r->e, r->problem, scratch, out);
    r->fits = true;
    stream_schedule_lay_out(r->problem, &(layout_finder){find, r}, scratch, out);
    return r->fits;
}

static const stream_transfer *copy_transfers(const stream_schedule *s, stream_arena *arena) {
    stream_transfer *transfers =
        stream_arena_copy(arena, s->transfers, (size_t)s->n_transfers, sizeof *s->transfers);
    for (int32_t i = 0; i < s->n_transfers; ++i) {
        stream_transfer *t = &transfers[i];
        t->targets = stream_arena_copy(arena, t->targets, (size_t)t->n_targets, sizeof *t->targets);
        t->resources =
            stream_arena_copy(arena, t->resources, (size_t)t->n_resources, sizeof *t->resources);
    }
    return transfers;
}

/* `s`, which dies with its arena, in place of *kept, but for the bounds. */
static void replace(const relaxation *r, const stream_schedule *s, stream_arena *arena,
                    stream_schedule *kept) {
    const stream_accelerator *acc = r->problem->acc;
    stream_schedule_summary bounds = kept->summary;
    size_t n_cts = (size_t)r->problem->graph->n_cts;
    *kept = *s;
    kept->slots = stream_arena_copy(arena, s->slots, n_cts, sizeof *s->slots);
    kept->transfers = copy_transfers(s, arena);
    kept->streams = stream_arena_copy(arena, s->streams, (size_t)s->n_streams, sizeof *s->streams);
    kept->residents =
        stream_arena_copy(arena, s->residents, (size_t)s->n_residents, sizeof *s->residents);
    kept->summary.busy_cycles =
        stream_arena_copy(arena, s->summary.busy_cycles, (size_t)acc->n_cores, sizeof(int64_t));
    kept->summary.peak_bits =
        stream_arena_copy(arena, s->summary.peak_bits, (size_t)acc->n_instances, sizeof(int64_t));
    kept->summary.lower_bound_cycles = bounds.lower_bound_cycles;
    kept->summary.bound_kind = bounds.bound_kind;
    kept->summary.energy_bound_fj = bounds.energy_bound_fj;
}

/* One run. True: another one may do what this one did not. */
static bool run(relaxation *r, stream_arena *arena, stream_schedule *schedule) {
    stream_schedule s;
    const stream_schedule_score kept = {.latency_cycles = schedule->summary.latency_cycles,
                                        .energy_fj = schedule->summary.energy_fj};
    if (stream_engine_run(r->e, &r->request, NULL) != STREAM_OK || !r->e->score.complete ||
        !stream_score_is_better(&r->e->score, &kept))
        return false;
    stream_arena *scratch = stream_arena_create();
    bool fits = lay_out(r, scratch, &s);
    if (fits)
        replace(r, &s, arena, schedule);
    r->done = fits;
    stream_arena_destroy(scratch);
    r->work -= CT_IN_RUN * (int64_t)r->problem->graph->n_cts;
    return !fits && r->work > 0;
}

bool stream_schedule_relax(const stream_schedule_problem *problem, const stream_schedule_model *m,
                           stream_priority priority, stream_arena *arena,
                           stream_schedule *schedule) {
    stream_arena *scratch = stream_arena_create();
    relaxation r = {.problem = problem,
                    .e = stream_schedule_workspace_create(m),
                    .request = {.cores = problem->cores,
                                .order = problem->order,
                                .priority = priority,
                                .cutoff = schedule->summary.latency_cycles,
                                .without_addresses = true},
                    .work = WORK + WORK_PER_CT * (int64_t)problem->graph->n_cts};
    open(&r, scratch);
    for (int32_t i = 0; i < MOST_RUNS && run(&r, arena, schedule); ++i)
        ;
    stream_schedule_workspace_destroy(r.e);
    stream_arena_destroy(scratch);
    return r.done;
}
