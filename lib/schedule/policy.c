/* Policies by name, and the best of them; see stream/schedule/policy.h. */

#include "stream/schedule/policy.h"

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

typedef struct {
    const stream_schedule_problem *problem;
    stream_schedule_workspace *w;
    stream_arena *arena;
    bool without_addresses;
    int64_t cutoff; /* what is later is not wanted */
    /* the best so far */
    bool found;
    stream_schedule_score score;
    stream_priority priority;
    int32_t *order; /* [n_cts] a replay's; else NULL */
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

static void keep(choice *c, const stream_schedule_score *score, stream_priority priority,
                 int32_t *order) {
    if (c->found && !stream_score_is_better(score, &c->score))
        return;
    c->found = true;
    c->cutoff = score->latency_cycles + score->latency_cycles / NEAR;
    c->score = *score;
    c->priority = priority;
    c->order = order;
}

static int32_t *new_order(const choice *c) {
    return STREAM_NEW(c->arena, int32_t, (size_t)c->problem->graph->n_cts);
}

/* In the given order, if that is better than *score, which it becomes. */
static bool try_order(choice *c, int32_t *order, stream_priority priority,
                      stream_schedule_score *score) {
    stream_schedule_score next;
    if (!run(c, STREAM_PRIORITY_GIVEN, order, score->latency_cycles, &next) ||
        !stream_score_is_better(&next, score))
        return false;
    keep(c, &next, priority, order);
    *score = next;
    return true;
}

/* The last run again in the order of its starts, as long as that is better than the run before. */
static void replay(choice *c, stream_schedule_score score, stream_priority priority) {
    for (int32_t i = 0; i < MOST_REPLAYS; ++i) {
        int32_t *order = new_order(c);
        stream_schedule_by_start(c->w, c->arena, order);
        if (!try_order(c, order, priority, &score))
            return;
    }
}

static void try_policy(choice *c, stream_priority priority) {
    stream_schedule_score score;
    if (!run(c, priority, NULL, c->cutoff, &score))
        return;
    keep(c, &score, priority, NULL);
    int32_t *by_data = new_order(c);
    stream_schedule_by_data(c->w, c->arena, by_data);
    replay(c, score, priority);
    if (try_order(c, by_data, priority, &score))
        replay(c, score, priority);
}

static void try_policies(choice *c, const stream_priority *only) {
    for (int32_t i = 0; i < STREAM_N_FREE_PRIORITIES; ++i)
        if (!only || *only == (stream_priority)i)
            try_policy(c, (stream_priority)i);
}

/* The policies again without addresses: where that is better, fragments have held up the others. */
static void relax(choice *c, const stream_priority *only, const stream_schedule_model *model,
                  stream_arena *arena, stream_schedule *out, stream_priority *priority) {
    stream_schedule_score fragmented = c->score;
    c->without_addresses = true;
    c->found = false;
    c->cutoff = INT64_MAX;
    try_policies(c, only);
    if (!c->found || !stream_score_is_better(&c->score, &fragmented))
        return;
    stream_schedule_problem replayed = *c->problem;
    replayed.order = c->order;
    if ((c->order && stream_schedule_relax(&replayed, model, STREAM_PRIORITY_GIVEN, arena, out)) ||
        stream_schedule_relax(c->problem, model, c->priority, arena, out))
        *priority = c->priority;
}

stream_status stream_schedule_build_best(const stream_schedule_problem *problem,
                                         const stream_priority *only, stream_arena *arena,
                                         const stream_diag *diag, stream_schedule *out,
                                         stream_priority *out_priority) {
    const stream_schedule_model *model;
    STREAM_TRY(stream_schedule_model_build(problem, arena, diag, &model));
    choice c = {.problem = problem,
                .arena = stream_arena_create(),
                .cutoff = INT64_MAX,
                .priority = STREAM_PRIORITY_LATENCY};
    c.w = stream_schedule_workspace_create(model);
    try_policies(&c, only);
    *out_priority = c.found || !only ? c.priority : *only; /* the first one says why it failed */
    stream_schedule_problem chosen = *problem;
    chosen.order = c.order;
    stream_status status = stream_schedule_build_with(
        &chosen, model, c.order ? STREAM_PRIORITY_GIVEN : *out_priority, arena, diag, out);
    if (status == STREAM_OK)
        relax(&c, only, model, arena, out, out_priority);
    stream_schedule_workspace_destroy(c.w);
    stream_arena_destroy(c.arena);
    return status;
}
