/* First assignments, then improvement in batches; see stream/allocate/allocate.h.
 *
 * The search is a hill climb: each round draws a fixed number of changed points from the best one,
 * evaluates them all (on any number of threads) and keeps the best by (value, number). */

#include "search.h"

#include "stream/support/integer.h"

#include <string.h>

#define BATCH      STREAM_ALLOCATION_BATCH
#define POLICIES   STREAM_N_FREE_PRIORITIES
/* Moves that are drawn for a point until one changes something. */
#define MOST_DRAWS 8

static bool better(const allocation_search *x, const allocation *a) {
    return a->feasible && (!x->best.feasible || stream_allocation_beats(x, x->options->objective,
                                                                        &a->score, &x->best.score));
}

void stream_allocation_copy_cores(int32_t *to, const allocation *from) {
    memcpy(to, from->core_of, (size_t)from->space->n_groups * sizeof *to);
}

void stream_allocation_keep(const allocation *a, allocation_result *out) {
    stream_allocation_expand(a->space, a->core_of, out->cores);
    out->priority = a->priority;
    out->feasible = a->feasible;
    out->score = a->score;
}

static void replace_best(allocation_search *x, const allocation *a) {
    int32_t *core_of = x->best.core_of;
    stream_allocation_copy_cores(core_of, a);
    x->best = *a;
    x->best.core_of = core_of;
}

bool stream_allocation_try(allocation_search *x, int32_t n) {
    bool found = false;
    const stream_schedule_score *best = x->best.feasible ? &x->best.score : NULL;
    int64_t cutoff = best ? stream_allocation_cutoff(x, best) : INT64_MAX;
    if (x->options->cutoff_cycles > 0)
        cutoff = stream_min_i64(cutoff, x->options->cutoff_cycles);
    allocation_goal goal = {.objective = x->options->objective,
                            .best = best,
                            .without_addresses = !x->with_addresses,
                            .cutoff = cutoff,
                            .gain_cycles = stream_min_i64(x->gain_cycles, cutoff)};
    stream_allocation_evaluate(x->pool, &goal, x->points, n);
    for (int32_t i = 0; i < n; ++i) {
        x->left -= x->points[i].runs > 0 ? x->points[i].runs : 1;
        if (x->points[i].feasible)
            x->gain_cycles = stream_max_i64(x->gain_cycles, x->points[i].gain_cycles);
        if (!better(x, &x->points[i]))
            continue;
        replace_best(x, &x->points[i]);
        found = true;
    }
    return found;
}

/* Nothing better than 0.1 % is left to be found. */
static bool is_done(const allocation_search *x) {
    return x->options->objective == STREAM_OBJECTIVE_LATENCY && x->best.feasible &&
           x->best.score.latency_cycles - x->bound <= x->bound / 1000;
}

/* A change of the best point that is not the same again, if one is found soon. */
static void change(allocation_search *x, allocation *a) {
    const allocation *best = &x->best;
    size_t bytes = (size_t)best->space->n_groups * sizeof *a->core_of;
    a->space = best->space;
    stream_allocation_copy_cores(a->core_of, best);
    a->priority = best->priority;
    if (stream_allocation_random(&x->random, 8) == 0)
        a->priority = (stream_priority)stream_allocation_random(&x->random, POLICIES);
    for (int32_t i = 0; i < MOST_DRAWS; ++i) {
        stream_allocation_move(a->space, &x->random, a->core_of);
        if (a->priority != best->priority || memcmp(a->core_of, best->core_of, bytes) != 0)
            return;
    }
}

/* Until so many evaluations are left, or one that is too few for a point. */
static void improve(allocation_search *x, int32_t left) {
    while (x->left - left >= STREAM_ALLOCATION_RUNS && !is_done(x)) {
        int32_t most = (x->left - left) / STREAM_ALLOCATION_RUNS, n = most < BATCH ? most : BATCH;
        for (int32_t i = 0; i < n; ++i)
            change(x, &x->points[i]);
        (void)stream_allocation_try(x, n);
    }
}

/* The best assignment in the next wider space, if its groups can have the same cores. */
static void widen(allocation_search *x) {
    const allocation_space *from = x->best.space, *to = from->wider;
    allocation *a = &x->points[0];
    a->space = to;
    for (int32_t g = 0; g < to->n_groups; ++g)
        a->core_of[g] = x->best.core_of[from->group_of[to->group_cts[to->groups[g].first_ct]]];
    int32_t *before = STREAM_NEW(x->arena, int32_t, (size_t)x->p->graph->n_cts);
    int32_t *after = STREAM_NEW(x->arena, int32_t, (size_t)x->p->graph->n_cts);
    stream_allocation_expand(from, x->best.core_of, before);
    stream_allocation_expand(to, a->core_of, after);
    if (memcmp(before, after, (size_t)x->p->graph->n_cts * sizeof *before) != 0)
        return;
    x->best.space = to;
    memcpy(x->best.core_of, a->core_of, (size_t)to->n_groups * sizeof *a->core_of);
}

/* From now on with addresses: the best assignment is scheduled again, by every policy. If it cannot
 * be, nothing changes. */
static void take_addresses(allocation_search *x) {
    allocation before = x->best;
    for (int32_t i = 0; i < POLICIES; ++i) {
        x->points[i].space = before.space;
        stream_allocation_copy_cores(x->points[i].core_of, &before);
        x->points[i].priority = (stream_priority)i;
    }
    x->with_addresses = true;
    x->best.feasible = false;
    (void)stream_allocation_try(x, POLICIES);
    x->with_addresses = x->best.feasible;
    if (!x->best.feasible)
        x->best = before;
}

/* Half of the evaluations among the cores of the best first assignment, and without addresses: the
 * final schedule has them last. Half in the next wider space, and with addresses, which that falls
 * back to where memories are full of fragments. */
static void climb(allocation_search *x) {
    improve(x, x->left / 2);
    stream_allocation_keep(&x->best, &x->results[STREAM_ALLOCATION_HALF]);
    if (x->best.space->wider)
        widen(x);
    if (x->best.feasible && x->left > 0)
        take_addresses(x);
    improve(x, 0);
}

static bool has_all_kinds(const allocation_search *x) {
    for (int32_t l = 0; l < x->n_levels; ++l)
        if (x->best.space == &x->levels[l])
            return true;
    return false;
}

/* A third of the evaluations for the best first assignment to all kinds of cores, where one to
 * fewer is better at first; the search goes on from the better one. */
static void climb_from_all_kinds(allocation_search *x) {
    allocation fewer = x->best;
    fewer.core_of = STREAM_NEW(x->arena, int32_t, (size_t)fewer.space->n_groups);
    stream_allocation_copy_cores(fewer.core_of, &x->best);
    replace_best(x, &x->all_kinds);
    int32_t sixth = x->left / 6, left = x->left - 2 * sixth;
    improve(x, left + sixth);
    if (x->best.space->wider)
        widen(x);
    improve(x, left);
    stream_allocation_keep(&x->best, &x->results[STREAM_ALLOCATION_ALL_KINDS]);
    if (better(x, &fewer))
        replace_best(x, &fewer);
}

/* So that the search of a large network ends soon: at most this many CTs and transfers are
 * scheduled, unless fewer than LEAST_EVALUATIONS schedules were. */
#define MOST_SCHEDULED    300000
#define LEAST_EVALUATIONS 4

static int32_t budget(const allocation_search *x) {
    int32_t events = x->p->graph->n_cts + x->best.score.transfers;
    int32_t most = events > 0 ? MOST_SCHEDULED / events : 0;
    if (most < LEAST_EVALUATIONS)
        most = LEAST_EVALUATIONS;
    return x->options->evaluations < most ? x->options->evaluations : most;
}

/* Is there anything to choose? */
static bool has_choice(const allocation_space *s) {
    for (int32_t l = 0; l < s->p->graph->n_layers; ++l)
        if (s->layers[l].n_cores > 1)
            return true;
    return false;
}

static void run_search(allocation_search *x) {
    stream_allocation_try_first(x);
    x->left = has_choice(&x->levels[0]) ? budget(x) : 0;
    if (x->all_kinds.feasible && !has_all_kinds(x))
        climb_from_all_kinds(x);
    climb(x);
    stream_allocation_keep(&x->best, &x->results[STREAM_ALLOCATION_FOUND]);
}

static void open_points(allocation_search *x) {
    size_t most = stream_allocation_most_groups(x->p);
    x->best.core_of = STREAM_NEW(x->arena, int32_t, most);
    x->best.space = &x->levels[0]; /* what cannot be scheduled is explained with it */
    stream_allocation_spread(x->best.space, x->best.core_of);
    for (int32_t i = 0; i < BATCH; ++i)
        x->points[i].core_of = STREAM_NEW(x->arena, int32_t, most);
    for (int32_t i = 0; i < STREAM_ALLOCATION_RESULTS; ++i)
        x->results[i].cores = STREAM_NEW(x->arena, int32_t, (size_t)x->p->graph->n_cts);
}

/* No assignment tried can be scheduled: says why for the first one. */
static stream_status explain(const allocation_search *x, const int32_t *cores,
                             const stream_diag *diag) {
    stream_schedule_workspace *w = stream_schedule_workspace_create(x->model);
    stream_schedule_score score;
    stream_schedule_request request = {
        .cores = cores, .priority = STREAM_PRIORITY_LATENCY, .cutoff = INT64_MAX};
    stream_status status = stream_schedule_evaluate(w, &request, diag, &score);
    stream_schedule_workspace_destroy(w);
    return status;
}

stream_status stream_allocate(const stream_schedule_problem *problem, const int32_t *pinned,
                              const stream_allocate_options *options, stream_arena *arena,
                              const stream_diag *diag, int32_t *out_cores,
                              stream_priority *out_priority) {
    stream_schedule_problem any_cores = *problem;
    any_cores.cores = NULL;
    allocation_search x = {
        .p = &any_cores, .options = options, .arena = arena, .random = options->seed};
    stream_bound_kind kind;
    STREAM_TRY(stream_schedule_model_build(problem, arena, diag, &x.model)); /* checks the prices */
    allocation_space all = {.p = &any_cores, .pinned = pinned};
    STREAM_TRY(stream_allocation_find_allowed(&all, arena, diag));
    stream_core_kinds_find(problem->acc, arena, &x.kinds);
    x.levels = stream_allocation_find_levels(&all, &x.kinds, arena, &x.n_levels);
    x.bound = stream_schedule_lower_bound(&any_cores, &kind);
    x.energy_bound = stream_schedule_energy_bound(&any_cores);
    open_points(&x);
    x.pool = stream_allocation_pool_create(&any_cores, x.model, options->threads);
    run_search(&x);
    stream_allocation_pool_destroy(x.pool);
    if (!x.best.feasible && options->cutoff_cycles > 0)
        return STREAM_LIMIT;
    allocation_result last = x.results[STREAM_ALLOCATION_FOUND];
    stream_allocation_finish(&x, &last);
    memcpy(out_cores, last.cores, (size_t)problem->graph->n_cts * sizeof *out_cores);
    *out_priority = last.priority;
    return last.feasible ? STREAM_OK : explain(&x, out_cores, diag);
}
