/* First assignments, then improvement in batches; see stream/allocate/allocate.h.
 *
 * The search is a hill climb: each round draws a fixed number of changed points from the best one,
 * evaluates them all (on any number of threads) and keeps the best by (value, number). */

#include "internal.h"

#include "stream/schedule/policy.h"

#include <string.h>

#define BATCH    8 /* points of a round */
#define POLICIES STREAM_N_FREE_PRIORITIES
#define KINDS    4 /* of first assignments */

typedef struct {
    const allocation_space *s;
    const stream_allocate_options *options;
    stream_allocation_pool *pool;
    allocation points[BATCH]; /* of a round */
    allocation best;
    bool improved; /* the best assignment is none of the first ones */
    int32_t left;  /* evaluations */
    int64_t bound; /* no latency is below it */
    uint32_t random;
} search;

static double edp(const stream_schedule_score *s) {
    return (double)s->latency_cycles * (double)s->energy_fj;
}

/* -1, 0, 1 as a is better than, worth as much as, worse than b. */
static int compare_i64(int64_t a, int64_t b) {
    return (a > b) - (a < b);
}

static bool better(const search *x, const allocation *a, const allocation *b) {
    if (a->feasible != b->feasible || !a->feasible)
        return a->feasible && !b->feasible;
    int latency = compare_i64(a->score.latency_cycles, b->score.latency_cycles);
    int energy = compare_i64(a->score.energy_fj, b->score.energy_fj);
    switch (x->options->objective) {
    case STREAM_OBJECTIVE_LATENCY:
        return latency ? latency < 0 : energy < 0;
    case STREAM_OBJECTIVE_ENERGY:
        return energy ? energy < 0 : latency < 0;
    case STREAM_OBJECTIVE_EDP:
        return edp(&a->score) < edp(&b->score);
    }
    return false;
}

static void copy_cores(const search *x, int32_t *to, const int32_t *from) {
    memcpy(to, from, (size_t)x->s->n_groups * sizeof *to);
}

/* Evaluates the first n points and keeps the best. */
static void try_points(search *x, int32_t n) {
    bool bounded = x->best.feasible && x->options->objective == STREAM_OBJECTIVE_LATENCY;
    stream_allocation_evaluate(x->pool, x->points, n,
                               bounded ? x->best.score.latency_cycles : INT64_MAX);
    x->left -= n;
    for (int32_t i = 0; i < n; ++i)
        if (better(x, &x->points[i], &x->best)) {
            copy_cores(x, x->best.core_of, x->points[i].core_of);
            x->best.priority = x->points[i].priority;
            x->best.feasible = true;
            x->best.score = x->points[i].score;
            x->improved = true;
        }
}

static void assign_first(const search *x, int32_t kind, stream_arena *arena, int32_t *core_of) {
    if (kind == 0)
        stream_allocation_spread(x->s, core_of);
    else if (kind == 1)
        stream_allocation_pipeline(x->s, arena, core_of);
    else
        stream_allocation_balance(x->s, kind == 2, arena, core_of);
}

/* Is the n-th of the assignments one before it, too? */
static bool is_known(const search *x, int32_t *const *assignments, int32_t n) {
    size_t bytes = (size_t)x->s->n_groups * sizeof(int32_t);
    for (int32_t i = 0; i < n; ++i)
        if (memcmp(assignments[i], assignments[n], bytes) == 0)
            return true;
    return false;
}

/* Every first assignment with every policy, but each only once: on one core all are the same. One
 * assignment is a round, so that of the later ones nothing is scheduled to the end that is worse.
 */
static void try_first(search *x, stream_arena *arena) {
    int32_t *assignments[KINDS];
    for (int32_t kind = 0; kind < KINDS; ++kind) {
        assignments[kind] = STREAM_NEW(arena, int32_t, (size_t)x->s->n_groups);
        assign_first(x, kind, arena, assignments[kind]);
        if (kind == 0)
            copy_cores(x, x->best.core_of, assignments[kind]);
        if (is_known(x, assignments, kind))
            continue;
        for (int32_t i = 0; i < POLICIES; ++i) {
            x->points[i].priority = (stream_priority)i;
            copy_cores(x, x->points[i].core_of, assignments[kind]);
        }
        try_points(x, POLICIES);
    }
    x->improved = false;
}

/* Nothing better than 0.1 % is left to be found. */
static bool is_done(const search *x) {
    return x->options->objective == STREAM_OBJECTIVE_LATENCY && x->best.feasible &&
           x->best.score.latency_cycles - x->bound <= x->bound / 1000;
}

static void improve(search *x) {
    while (x->left > 0 && !is_done(x)) {
        int32_t n = x->left < BATCH ? x->left : BATCH;
        for (int32_t i = 0; i < n; ++i) {
            copy_cores(x, x->points[i].core_of, x->best.core_of);
            x->points[i].priority = x->best.priority;
            if (stream_allocation_random(&x->random, 16) == 0)
                x->points[i].priority =
                    (stream_priority)stream_allocation_random(&x->random, POLICIES);
            stream_allocation_move(x->s, &x->random, x->points[i].core_of);
        }
        try_points(x, n);
    }
}

/* So that the search of a large network ends soon: at most this many CTs and transfers are
 * scheduled, unless fewer than LEAST_EVALUATIONS schedules were. */
#define MOST_SCHEDULED    300000
#define LEAST_EVALUATIONS 4

static int32_t budget(const search *x) {
    int32_t events = x->s->p->graph->n_cts + x->best.score.transfers;
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

/* The best assignment with every policy, unless that was done. */
static void try_policies(search *x) {
    if (!x->improved)
        return;
    for (int32_t i = 0; i < POLICIES; ++i) {
        copy_cores(x, x->points[i].core_of, x->best.core_of);
        x->points[i].priority = (stream_priority)i;
    }
    try_points(x, POLICIES);
}

static void run_search(search *x, stream_arena *arena) {
    try_first(x, arena);
    x->left = has_choice(x->s) ? budget(x) : 0;
    improve(x);
    try_policies(x);
}

static void open_points(search *x, stream_arena *arena) {
    size_t n = (size_t)x->s->n_groups;
    x->best.core_of = STREAM_NEW(arena, int32_t, n);
    for (int32_t i = 0; i < BATCH; ++i)
        x->points[i].core_of = STREAM_NEW(arena, int32_t, n);
}

/* No assignment tried can be scheduled: says why for the first one. */
static stream_status explain(const search *x, const stream_schedule_model *model,
                             const int32_t *cores, const stream_diag *diag) {
    stream_schedule_workspace *w = stream_schedule_workspace_create(model);
    stream_schedule_score score;
    stream_schedule_request request = {
        .cores = cores, .priority = x->best.priority, .cutoff = INT64_MAX};
    stream_status status = stream_schedule_evaluate(w, &request, diag, &score);
    stream_schedule_workspace_destroy(w);
    return status;
}

stream_status stream_allocate(const stream_schedule_problem *problem, const int32_t *pinned,
                              const stream_allocate_options *options, stream_arena *arena,
                              const stream_diag *diag, int32_t *out_cores,
                              stream_priority *out_priority) {
    allocation_space space = {.p = problem, .pinned = pinned};
    const stream_schedule_model *model;
    STREAM_TRY(stream_schedule_model_build(problem, arena, diag, &model)); /* checks the prices */
    STREAM_TRY(stream_allocation_find_allowed(&space, arena, diag));
    stream_allocation_find_groups(&space, arena);
    search x = {.s = &space, .options = options, .random = options->seed};
    stream_bound_kind kind;
    stream_schedule_problem any_cores = *problem;
    any_cores.cores = NULL;
    x.bound = stream_schedule_lower_bound(&any_cores, &kind);
    open_points(&x, arena);
    x.pool = stream_allocation_pool_create(&space, model, options->threads);
    run_search(&x, arena);
    stream_allocation_pool_destroy(x.pool);
    stream_allocation_expand(&space, x.best.core_of, out_cores);
    *out_priority = x.best.priority;
    return x.best.feasible ? STREAM_OK : explain(&x, model, out_cores, diag);
}
