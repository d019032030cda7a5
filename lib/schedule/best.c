/* The best of all policies; see stream/schedule/policy.h. */

#include "order_search.h"
#include "relax.h"
#include "reorder.h"
#include "v0_order.h"

#include "stream/schedule/policy.h"
#include "stream/support/integer.h"

/* What was run: a policy, or a replay of what it made. */
typedef struct {
    stream_schedule_score score;
    stream_priority priority;
    const int32_t *order; /* [n_cts] a given one; NULL: the policy's own */
    bool much_slack;
} attempt;

/* Orders of the compatible mode, by its two policies. */
static const stream_priority compatible[] = {STREAM_PRIORITY_LATENCY, STREAM_PRIORITY_MEMORY};

enum {
    N_COMPATIBLE = sizeof compatible / sizeof *compatible,
    MOST_VARIATIONS = 8, /* of the runtimes, for one of the policies: */
    TRIES_EACH = 8       /* one for so many tries of orders near the best */
};

typedef struct {
    attempt of[N_COMPATIBLE + MOST_VARIATIONS];
    int32_t n;
} order_list;

/* Every policy, the problem's order and those of the compatible mode, and the best with much slack,
 * each as it is and as its best replay; and what was found near the best. */
#define MOST_ATTEMPTS (2 * (STREAM_N_FREE_PRIORITIES + 1 + N_COMPATIBLE + MOST_VARIATIONS + 1) + 1)

typedef struct {
    const stream_schedule_problem *problem;
    const stream_best_options *options;
    stream_schedule_workspace *w;
    stream_arena *arena;
    order_list compatible, varied;
    bool has_varied; /* they were asked for */
    bool has_long_links;
    bool without_addresses;
    int64_t kept_cycles;             /* of the schedule that is to be improved; 0: none */
    int64_t near;                    /* what is later is not replayed */
    int64_t most_energy_fj;          /* what needs more is not kept */
    attempt attempts[MOST_ATTEMPTS]; /* best first, of equal ones the first */
    int32_t n;
} choice;

/* A policy that is later than the best so far by at most one part in so many is replayed, of many
 * CTs one that is nearer. Others are of no use, but if they are earlier than what is kept: the best
 * without addresses may have no layout. */
#define NEAR         4
#define MANY_NEAR    32
#define MANY         4096
/* Replays of what one policy made. */
#define MOST_REPLAYS 8

static stream_schedule_request request_of(const choice *c, const attempt *a, int64_t cutoff) {
    return (stream_schedule_request){.cores = c->problem->cores,
                                     .order = a->order,
                                     .priority = a->order ? STREAM_PRIORITY_GIVEN : a->priority,
                                     .cutoff = cutoff,
                                     .without_addresses = c->without_addresses,
                                     .much_slack = a->much_slack};
}

static bool run(const choice *c, attempt *a, int64_t cutoff) {
    stream_schedule_request request = request_of(c, a, cutoff);
    return stream_schedule_evaluate(c->w, &request, NULL, &a->score) == STREAM_OK &&
           a->score.complete;
}

static void keep(choice *c, const attempt *a) {
    if (a->score.energy_fj > c->most_energy_fj)
        return;
    int32_t i = c->n++;
    for (; i > 0 && stream_score_is_better(&a->score, &c->attempts[i - 1].score); --i)
        c->attempts[i] = c->attempts[i - 1];
    c->attempts[i] = *a;
    int64_t part = c->problem->graph->n_cts > MANY ? MANY_NEAR : NEAR;
    c->near = stream_min_i64(c->near, a->score.latency_cycles + a->score.latency_cycles / part);
}

static int32_t *new_order(const choice *c) {
    return STREAM_NEW(c->arena, int32_t, (size_t)c->problem->graph->n_cts);
}

/* In the given order, if that is better than *best, which it becomes. */
static bool try_order(choice *c, int32_t *order, attempt *best) {
    attempt next = *best;
    next.order = order;
    if (!run(c, &next, best->score.latency_cycles) ||
        !stream_score_is_better(&next.score, &best->score))
        return false;
    *best = next;
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

static void try_with_replays(choice *c, attempt first) {
    if (!run(c, &first, stream_max_i64(c->near, c->kept_cycles)))
        return;
    attempt best = first;
    if (first.score.latency_cycles > c->near) {
        keep(c, &first);
        return;
    }
    int32_t *by_data = new_order(c);
    stream_schedule_by_data(c->w, c->arena, by_data);
    replay(c, &best);
    if (try_order(c, by_data, &best))
        replay(c, &best);
    keep(c, &first);
    if (best.order != first.order)
        keep(c, &best);
}

/* A policy, or a given order, and its replays. */
static void try_policy(choice *c, stream_priority priority, const int32_t *order) {
    try_with_replays(c, (attempt){.priority = priority, .order = order});
}

static bool is_wanted(const choice *c, stream_priority priority) {
    return !c->options->only || *c->options->only == priority;
}

/* The best once more. */
static void try_much_slack(choice *c) {
    if (c->n == 0 || !c->has_long_links)
        return;
    attempt again = c->attempts[0];
    again.much_slack = true;
    try_with_replays(c, again);
}

/* Nothing is changed for `bound_cycles`: no schedule is earlier. */
static void search_near_best(choice *c, int64_t bound_cycles) {
    const attempt *from = &c->attempts[0];
    if (c->n == 0)
        return;
    attempt found = *from;
    int32_t *order = new_order(c);
    order_search search = {.problem = c->problem,
                           .w = c->w,
                           .keeps_energy = c->options->keeps_energy,
                           .tries = c->options->order_tries,
                           .bound_cycles = bound_cycles};
    stream_schedule_request first = request_of(c, from, INT64_MAX);
    if (!stream_order_search(&search, &first, c->arena, &found.score, order))
        return;
    found.order = order;
    keep(c, &found);
}

static void try_orders(choice *c, const order_list *orders) {
    for (int32_t i = 0; i < orders->n; ++i)
        try_policy(c, orders->of[i].priority, orders->of[i].order);
}

static void find_compatible(choice *c) {
    for (int32_t i = 0; i < N_COMPATIBLE; ++i) {
        int32_t *order;
        if (is_wanted(c, compatible[i]) &&
            stream_v0_orders(c->problem, compatible[i], true, 0, c->arena, &order) == 1)
            c->compatible.of[c->compatible.n++] =
                (attempt){.priority = compatible[i], .order = order};
    }
}

/* As many as the size of the best schedule allows; of `latency`, or of `memory` if it alone is
 * wanted. */
static void find_varied(choice *c) {
    const stream_priority *only = c->options->only;
    stream_priority by =
        only && *only == STREAM_PRIORITY_MEMORY ? STREAM_PRIORITY_MEMORY : STREAM_PRIORITY_LATENCY;
    int32_t *orders[1 + MOST_VARIATIONS];
    c->has_varied = true;
    if (c->n == 0)
        return;
    int64_t tries =
        stream_order_search_tries(c->problem, &c->attempts[0].score, c->options->order_tries);
    int32_t most = (int32_t)stream_min_i64(MOST_VARIATIONS, tries / TRIES_EACH);
    if (most == 0)
        return;
    int32_t n = stream_v0_orders(c->problem, by, !is_wanted(c, by), most, c->arena, orders);
    for (int32_t k = 0; k < n; ++k)
        c->varied.of[c->varied.n++] = (attempt){.priority = only ? *only : by, .order = orders[k]};
}

/* All or one, the problem's order and those of the compatible mode; then what may be better still.
 */
static void try_policies(choice *c, int64_t bound_cycles) {
    c->n = 0;
    c->near = c->most_energy_fj = INT64_MAX;
    for (int32_t i = 0; i < STREAM_N_FREE_PRIORITIES; ++i)
        if (is_wanted(c, (stream_priority)i))
            try_policy(c, (stream_priority)i, NULL);
    if (c->problem->order)
        try_policy(c, STREAM_PRIORITY_GIVEN, c->problem->order);
    try_orders(c, &c->compatible);
    if (c->options->keeps_energy && c->n > 0)
        c->most_energy_fj = c->attempts[0].score.energy_fj;
    if (!c->has_varied)
        find_varied(c);
    try_orders(c, &c->varied);
    try_much_slack(c);
    search_near_best(c, bound_cycles);
}

/* The problem in which the attempt is one run of *out_priority. */
static stream_schedule_problem problem_of(const choice *c, const attempt *a,
                                          stream_priority *out_priority) {
    stream_schedule_problem p = *c->problem;
    *out_priority = a->order ? STREAM_PRIORITY_GIVEN : a->priority;
    if (a->order)
        p.order = a->order;
    p.much_slack = a->much_slack;
    return p;
}

/* The policies again without addresses: where that is better, fragments have held up the others. */
static void relax(choice *c, const stream_schedule_model *model, stream_arena *arena,
                  stream_schedule *out, stream_priority *priority, bool *much_slack) {
    c->without_addresses = true;
    c->kept_cycles = out->summary.latency_cycles;
    try_policies(c, out->summary.lower_bound_cycles);
    for (int32_t i = 0; i < c->n; ++i) {
        stream_schedule_score kept = {.latency_cycles = out->summary.latency_cycles,
                                      .energy_fj = out->summary.energy_fj};
        stream_priority by;
        stream_schedule_problem p = problem_of(c, &c->attempts[i], &by);
        if (!stream_score_is_better(&c->attempts[i].score, &kept) ||
            !stream_relax_in_order(&p, model, by, false, arena, out))
            continue;
        *priority = c->attempts[i].priority;
        *much_slack = c->attempts[i].much_slack;
    }
}

stream_status stream_schedule_build_best_with(const stream_schedule_problem *problem,
                                              const stream_schedule_model *model,
                                              const stream_best_options *options,
                                              stream_arena *arena, const stream_diag *diag,
                                              stream_schedule *out, stream_priority *out_priority) {
    choice c = {.problem = problem, .options = options, .arena = stream_arena_create()};
    c.w = stream_schedule_workspace_create(model);
    c.has_long_links = stream_relax_has_long_links(problem->acc);
    find_compatible(&c);
    try_policies(&c, 0);
    /* if all fail, the first one says why */
    attempt first = {.priority = options->only ? *options->only : STREAM_PRIORITY_LATENCY};
    const attempt *best = c.n > 0 ? &c.attempts[0] : &first;
    *out_priority = best->priority;
    stream_priority by;
    stream_schedule_problem chosen = problem_of(&c, best, &by);
    stream_status status = stream_schedule_build_with(&chosen, model, by, arena, diag, out);
    if (status == STREAM_OK) {
        relax(&c, model, arena, out, out_priority, &chosen.much_slack);
        (void)stream_relax_reordered(&chosen, model, arena, out);
    }
    stream_schedule_workspace_destroy(c.w);
    stream_arena_destroy(c.arena);
    return status;
}

stream_status stream_schedule_build_best(const stream_schedule_problem *problem,
                                         const stream_best_options *options, stream_arena *arena,
                                         const stream_diag *diag, stream_schedule *out,
                                         stream_priority *out_priority) {
    const stream_schedule_model *model;
    STREAM_TRY(stream_schedule_model_build(problem, arena, diag, &model));
    return stream_schedule_build_best_with(problem, model, options, arena, diag, out, out_priority);
}
