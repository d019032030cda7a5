/* Schedules that get their addresses when all times are known; see stream/schedule/policy.h.
 *
 * A run in which the free bits of a memory are one pool is not held up by fragments, but its
 * buffers may not fit side by side. Of a memory in which no layout is found, transfers are made
 * later (postpone.h), and the next run uses less of it, which may also be better; in the end it has
 * addresses from the beginning. The schedule stays when a run with less does not hold a CT:
 *
 *   run   memory a         memory b
 *    1    100 %: fits      100 %: fits with later transfers     all have addresses: kept
 *    2    100 %: fits       98 %: does not
 *    3    100 %: fits       96 %: fits                          kept if it is better */

#include "relax.h"

#include "copy.h"
#include "engine.h"
#include "lay_out.h"
#include "postpone.h"
#include "reorder.h"

#include "stream/support/integer.h"

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

/* What one layout may take: of the work that is left an equal share of 1 / part, and no more than
 * so much for each item. Nothing is found with less than the least for each item. */
typedef struct {
    int64_t part, per_item;
} effort;

#define LEAST_PER_ITEM 32

static const effort at_first = {2, 1024}, with_later_transfers = {4, 8192};

/* A memory on chip. */
typedef struct {
    int32_t step;    /* of `left`; N_STEPS: it has addresses */
    int32_t n_items; /* of the last layout */
    bool missing;    /* its addresses in the last run */
    bool failed;     /* they were not found at first */
} relaxed_memory;

typedef struct {
    const stream_schedule_problem *problem;
    engine *e;
    stream_schedule_request request;
    memory_limit *limits;        /* [n_instances] */
    relaxed_memory *memories;    /* [n_instances] */
    int32_t n_shares;            /* of the work, in the layouts that are looked for */
    const effort *effort;        /* for one of them */
    bool is_lost;                /* one will not be found, and nothing is of use without it */
    bool is_tired;               /* there is not enough work for that */
    stream_schedule_score first; /* with addresses from the beginning */
    bool done;                   /* the schedule is replaced */
    int64_t work;
} relaxation;

static void set_step(relaxation *r, int32_t instance, int32_t step) {
    const stream_instance *at = &r->problem->acc->instances[instance];
    r->memories[instance].step = step;
    r->limits[instance] =
        step < N_STEPS ? (memory_limit){at->size_bits - at->size_bits / 128 * left[step], false}
                       : (memory_limit){at->size_bits, true};
}

/* Off-chip memory always has addresses. */
static void set_steps(relaxation *r, int32_t step) {
    for (int32_t i = 0; i < r->problem->acc->n_instances; ++i)
        set_step(r, i, i == r->problem->acc->offchip_instance ? N_STEPS : step);
}

static void open(relaxation *r, stream_arena *scratch) {
    size_t n = (size_t)r->problem->acc->n_instances;
    r->limits = STREAM_NEW(scratch, memory_limit, n);
    r->memories = STREAM_NEW(scratch, relaxed_memory, n);
    r->e->limits = r->limits;
    r->e->record = true;
}

/* ---- layouts of a run */

/* Of n_shares layouts, one of n items; 0: too little. */
static int64_t share_of_work(const relaxation *r, const effort *of_each, int32_t n_shares,
                             int32_t n) {
    int64_t share = stream_min_i64(r->work / (of_each->part * n_shares), of_each->per_item * n);
    return share < LEAST_PER_ITEM * (int64_t)n ? 0 : share;
}

/* Is there enough work for all layouts that were not found, once transfers are made later? */
static bool may_try_again(const relaxation *r) {
    int32_t n_failed = 0, most = 0;
    for (int32_t i = 0; i < r->problem->acc->n_instances; ++i) {
        const relaxed_memory *m = &r->memories[i];
        n_failed += m->failed;
        most = m->failed && m->n_items > most ? m->n_items : most;
    }
    return share_of_work(r, &with_later_transfers, n_failed, most) > 0;
}

static bool find(void *user, int32_t instance, layout_item *items, int32_t n) {
    relaxation *r = user;
    relaxed_memory *m = &r->memories[instance];
    if (!m->missing || r->is_lost)
        return false;
    int64_t share = share_of_work(r, r->effort, r->n_shares, n), unused = share;
    m->n_items = n;
    m->missing =
        !stream_layout_find(items, n, r->problem->acc->instances[instance].size_bits, &unused);
    r->work -= share - unused;
    if (m->missing) {
        r->is_lost = m->failed;
        m->failed = true;
        r->is_tired = !may_try_again(r);
        r->is_lost |= r->is_tired;
    }
    return !m->missing;
}

/* With so much effort for each; true: nothing is missing any more. */
static bool find_missing(relaxation *r, const effort *of_each, stream_arena *scratch,
                         stream_schedule *s) {
    bool found = true;
    r->effort = of_each;
    r->n_shares = 0;
    for (int32_t i = 0; i < r->problem->acc->n_instances; ++i)
        r->n_shares += r->memories[i].missing;
    if (r->n_shares > 0)
        stream_schedule_lay_out(r->problem, &(layout_finder){.find = find, .user = r}, scratch, s);
    for (int32_t i = 0; i < r->problem->acc->n_instances; ++i)
        found &= !r->memories[i].missing;
    return found;
}

/* The last run, with addresses; false: not all of it has room. */
static bool lay_out(relaxation *r, stream_arena *scratch, stream_schedule *out) {
    int32_t n = r->problem->acc->n_instances;
    stream_engine_export(r->e, r->problem, scratch, out);
    r->is_lost = false;
    for (int32_t i = 0; i < n; ++i) {
        r->memories[i].missing = !r->limits[i].has_addresses && out->summary.peak_bits[i] > 0;
        r->memories[i].failed = false;
    }
    if (find_missing(r, &at_first, scratch, out) || r->is_lost)
        return !r->is_lost;
    bool *chosen = STREAM_NEW(scratch, bool, (size_t)n);
    for (int32_t i = 0; i < n; ++i)
        chosen[i] = r->memories[i].missing;
    stream_schedule_postpone(r->problem, chosen, scratch, out);
    return find_missing(r, &with_later_transfers, scratch, out);
}

/* Of memories without a layout the next run uses less. False: there is none. */
static bool shrink(relaxation *r) {
    bool some = false;
    for (int32_t i = 0; i < r->problem->acc->n_instances; ++i)
        if (r->memories[i].failed && r->memories[i].step < N_STEPS) {
            set_step(r, i, r->memories[i].step + 1);
            some = true;
        }
    return some;
}

/* ---- the schedule */

static void keep_if_it_fits(relaxation *r, stream_arena *arena, stream_schedule *kept) {
    stream_arena *scratch = stream_arena_create();
    stream_schedule s;
    if (lay_out(r, scratch, &s)) {
        stream_schedule_replace(r->problem, &s, arena, kept);
        r->done = true;
    }
    stream_arena_destroy(scratch);
}

/* One run. True: another one may be better. */
static bool run(relaxation *r, stream_arena *arena, stream_schedule *schedule) {
    const stream_schedule_score kept = stream_schedule_score_of(schedule);
    if (stream_engine_run(r->e, &r->request, NULL) != STREAM_OK || !r->e->score.complete ||
        !stream_score_is_better(&r->e->score, &r->first))
        return false;
    if (stream_score_is_better(&r->e->score, &kept))
        keep_if_it_fits(r, arena, schedule);
    r->work -= CT_IN_RUN * (int64_t)r->problem->graph->n_cts;
    return shrink(r) && !r->is_tired;
}

bool stream_relax_has_long_links(const stream_accelerator *acc) {
    for (int32_t i = 0; i < acc->n_links; ++i)
        if (acc->links[i].latency_cycles > 0)
            return true;
    return false;
}

static relaxation start(const stream_schedule_problem *problem, const stream_schedule_model *m,
                        stream_priority priority, const stream_schedule *schedule) {
    return (relaxation){.problem = problem,
                        .e = stream_schedule_workspace_create(m),
                        .request = {.cores = problem->cores,
                                    .order = problem->order,
                                    .priority = priority,
                                    .cutoff = schedule->summary.latency_cycles,
                                    .without_addresses = true,
                                    .much_slack = problem->much_slack},
                        .work = WORK + WORK_PER_CT * (int64_t)problem->graph->n_cts};
}

/* The first run leaves so much of each memory. */
static void relax_from(relaxation *r, int32_t step, stream_arena *arena,
                       stream_schedule *schedule) {
    set_steps(r, step);
    r->first = stream_schedule_score_of(schedule);
    for (int32_t i = 0; i < MOST_RUNS && run(r, arena, schedule); ++i)
        ;
}

bool stream_relax_in_order(const stream_schedule_problem *problem, const stream_schedule_model *m,
                           stream_priority priority, bool from_the_beginning, stream_arena *arena,
                           stream_schedule *schedule) {
    stream_arena *scratch = stream_arena_create();
    relaxation r = start(problem, m, priority, schedule);
    open(&r, scratch);
    if (from_the_beginning)
        relax_from(&r, N_STEPS, arena, schedule);
    relax_from(&r, 0, arena, schedule);
    stream_schedule_workspace_destroy(r.e);
    stream_arena_destroy(scratch);
    return r.done;
}

bool stream_schedule_relax(const stream_schedule_problem *problem, const stream_schedule_model *m,
                           stream_priority priority, stream_arena *arena,
                           stream_schedule *schedule) {
    stream_schedule_problem slack = *problem;
    slack.much_slack = true;
    bool better = stream_relax_in_order(problem, m, priority, false, arena, schedule);
    bool slack_is_better = !problem->much_slack && stream_relax_has_long_links(problem->acc) &&
                           stream_relax_in_order(&slack, m, priority, true, arena, schedule);
    return stream_relax_reordered(slack_is_better ? &slack : problem, m, arena, schedule) ||
           better || slack_is_better;
}
