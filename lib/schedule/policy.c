/* Policies by name, and the best of them; see stream/schedule/policy.h. */

#include "stream/schedule/policy.h"

#include "stream/support/integer.h"

#include <string.h>

const char *stream_priority_name(stream_priority priority) {
    switch (priority) {
#define NAME(value, text)                                                                          \
    case value:                                                                                    \
        return text;
        STREAM_PRIORITIES(NAME)
#undef NAME
    }
    return "?";
}

bool stream_priority_parse(const char *name, stream_priority *out) {
    static const struct {
        stream_priority value;
        const char *text;
    } all[] = {
#define ROW(value, text) {value, text},
        STREAM_PRIORITIES(ROW)
#undef ROW
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; ++i)
        if (strcmp(name, all[i].text) == 0) {
            *out = all[i].value;
            return true;
        }
    return false;
}

/* What was run: a policy, or a replay of what it made. */
typedef struct {
    stream_schedule_score score;
    stream_priority priority;
    int32_t *order; /* [n_cts] the replay's; else NULL */
} attempt;

/* Every policy and the problem's order, each as it is and as its best replay. */
#define MOST_ATTEMPTS (2 * (STREAM_N_FREE_PRIORITIES + 1))

typedef struct {
    const stream_schedule_problem *problem;
    stream_schedule_workspace *w;
    stream_arena *arena;
    bool without_addresses;
    int64_t cutoff;                  /* what is later is not wanted */
    attempt attempts[MOST_ATTEMPTS]; /* best first, of equal ones the first */
    int32_t n;
} choice;

/* A policy that is later than the best so far by at most one part in so many is replayed. */
#define NEAR         32
/* Replays of what one policy made. */
#define MOST_REPLAYS 8

bool stream_score_is_better(const stream_schedule_score *a, const stream_schedule_score *b) {
    if (a->latency_cycles != b->latency_cycles)
        return a->latency_cycles < b->latency_cycles;
    return a->energy_fj < b->energy_fj;
}

static bool run(const choice *c, stream_priority priority, const int32_t *order, int64_t cutoff,
                stream_schedule_score *out) {
    stream_schedule_request request = {.cores = c->problem->cores,
                                       .order = order,
                                       .priority = priority,
                                       .cutoff = cutoff,
                                       .without_addresses = c->without_addresses};
    return stream_schedule_evaluate(c->w, &request, NULL, out) == STREAM_OK && out->complete;
}

static void keep(choice *c, const attempt *a) {
    int64_t cutoff = a->score.latency_cycles + a->score.latency_cycles / NEAR;
    int32_t i = c->n++;
    for (; i > 0 && stream_score_is_better(&a->score, &c->attempts[i - 1].score); --i)
        c->attempts[i] = c->attempts[i - 1];
    c->attempts[i] = *a;
    c->cutoff = stream_min_i64(c->cutoff, cutoff);
}

static int32_t *new_order(const choice *c) {
    return STREAM_NEW(c->arena, int32_t, (size_t)c->problem->graph->n_cts);
}

/* In the given order, if that is better than *best, which it becomes. */
static bool try_order(choice *c, int32_t *order, attempt *best) {
    stream_schedule_score next;
    if (!run(c, STREAM_PRIORITY_GIVEN, order, best->score.latency_cycles, &next) ||
        !stream_score_is_better(&next, &best->score))
        return false;
    best->score = next;
    best->order = order;
    return true;
}

/* The last run again in the order of its starts, as long as that is better than the run before. */
static void replay(choice *c, attempt *best) {
    for (int32_t i = 0; i < MOST_REPLAYS; ++i) {
        int32_t *order = new_order(c);
        stream_schedule_by_start(c->w, c->arena, order);
        if (!try_order(c, order, best))
            return;
    }
}

static void try_policy(choice *c, stream_priority priority) {
    attempt best = {.priority = priority};
    if (!run(c, priority, c->problem->order, c->cutoff, &best.score))
        return;
    attempt first = best;
    int32_t *by_data = new_order(c);
    stream_schedule_by_data(c->w, c->arena, by_data);
    replay(c, &best);
    if (try_order(c, by_data, &best))
        replay(c, &best);
    keep(c, &first);
    if (best.order)
        keep(c, &best);
}

/* All or one, and the problem's order. */
static void try_policies(choice *c, const stream_priority *only) {
    for (int32_t i = 0; i < STREAM_N_FREE_PRIORITIES; ++i)
        if (!only || *only == (stream_priority)i)
            try_policy(c, (stream_priority)i);
    if (c->problem->order)
        try_policy(c, STREAM_PRIORITY_GIVEN);
}

/* The problem in which the attempt is one run of *out_priority. */
static stream_schedule_problem problem_of(const choice *c, const attempt *a,
                                          stream_priority *out_priority) {
    stream_schedule_problem p = *c->problem;
    *out_priority = a->order ? STREAM_PRIORITY_GIVEN : a->priority;
    if (a->order)
        p.order = a->order;
    return p;
}

/* The policies again without addresses: where that is better, fragments have held up the others. */
static void relax(choice *c, const stream_priority *only, const stream_schedule_model *model,
                  stream_arena *arena, stream_schedule *out, stream_priority *priority) {
    c->without_addresses = true;
    c->n = 0;
    c->cutoff = INT64_MAX;
    try_policies(c, only);
    for (int32_t i = 0; i < c->n; ++i) {
        stream_schedule_score kept = {.latency_cycles = out->summary.latency_cycles,
                                      .energy_fj = out->summary.energy_fj};
        stream_priority by;
        stream_schedule_problem p = problem_of(c, &c->attempts[i], &by);
        if (stream_score_is_better(&c->attempts[i].score, &kept) &&
            stream_schedule_relax(&p, model, by, arena, out))
            *priority = c->attempts[i].priority;
    }
}

stream_status stream_schedule_build_best_with(const stream_schedule_problem *problem,
                                              const stream_schedule_model *model,
                                              const stream_priority *only, stream_arena *arena,
                                              const stream_diag *diag, stream_schedule *out,
                                              stream_priority *out_priority) {
    choice c = {.problem = problem, .arena = stream_arena_create(), .cutoff = INT64_MAX};
    c.w = stream_schedule_workspace_create(model);
    try_policies(&c, only);
    /* if all fail, the first one says why */
    attempt first = {.priority = only ? *only : STREAM_PRIORITY_LATENCY};
    const attempt *best = c.n > 0 ? &c.attempts[0] : &first;
    *out_priority = best->priority;
    stream_priority by;
    stream_schedule_problem chosen = problem_of(&c, best, &by);
    stream_status status = stream_schedule_build_with(&chosen, model, by, arena, diag, out);
    if (status == STREAM_OK)
        relax(&c, only, model, arena, out, out_priority);
    stream_schedule_workspace_destroy(c.w);
    stream_arena_destroy(c.arena);
    return status;
}

stream_status stream_schedule_build_best(const stream_schedule_problem *problem,
                                         const stream_priority *only, stream_arena *arena,
                                         const stream_diag *diag, stream_schedule *out,
                                         stream_priority *out_priority) {
    const stream_schedule_model *model;
    STREAM_TRY(stream_schedule_model_build(problem, arena, diag, &model));
    return stream_schedule_build_best_with(problem, model, only, arena, diag, out, out_priority);
}
