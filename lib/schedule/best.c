/* The best of all policies and of orders near them; see stream/schedule/policy.h.
 *
 *   1  policies, with addresses         the best is built
 *   2  policies, without                what is better gets its addresses last
 *   3  the schedule in the order of its latest starts
 *   4  orders of the compatible mode with varied runtimes, with addresses and without
 *   5  orders near the best, with addresses and without in turn
 *
 * From 4 on, what is found goes through 2 and 3 at once, and is kept if it is better; but
 * after MOST_FAILURES without a layout what a search finds is finished at its end alone. Else
 * nothing depends on how many tries follow, and with more of them no schedule is later. */

#include "attempts.h"
#include "copy.h"
#include "order_search.h"
#include "relax.h"
#include "reorder.h"

#include "stream/schedule/policy.h"
#include "stream/support/integer.h"

/* An attempt with addresses that is later than the schedule by more than one part in so many is
 * not finished, and orders near one are not searched for. */
#define NEAR          256
/* So many attempts in a row that have no layout, and others of the same search are not finished. */
#define MOST_FAILURES 2

typedef struct {
    attempt_context c;
    attempt_list addressed, pooled;
    const stream_schedule_model *model;
    stream_arena *arena;       /* of the schedule */
    stream_schedule *out;      /* the best so far, with its bounds */
    stream_priority *priority; /* that it came from */
} best_search;

static bool is_near(const stream_schedule *s, int64_t cycles) {
    return cycles <= s->summary.latency_cycles + s->summary.latency_cycles / NEAR;
}

static bool meets_bound(const best_search *b) {
    return b->out->summary.latency_cycles <= b->out->summary.lower_bound_cycles;
}

/* ---- the schedule of an attempt */

/* Is it of use to finish it? Without addresses it can but become worse, with them it may become
 * better. */
static bool is_promising(const best_search *b, const attempt_list *list, const attempt *a) {
    stream_schedule_score now = stream_schedule_score_of(b->out);
    return list->without_addresses ? stream_score_is_better(&a->score, &now)
                                   : is_near(b->out, a->score.latency_cycles);
}

/* The attempt with addresses, reordered as long as that is better, in place of the schedule if it
 * is better. False: it has no addresses. */
static bool finish(best_search *b, const attempt_list *list, attempt *a) {
    a->finished = true;
    if (!is_promising(b, list, a))
        return true;
    stream_arena *scratch = stream_arena_create();
    stream_schedule s = *b->out;
    s.summary.latency_cycles =
        1 + stream_max_i64(s.summary.latency_cycles, a->score.latency_cycles);
    stream_priority by;
    stream_schedule_problem p = stream_attempt_problem(&b->c, a, &by);
    bool made = stream_relax_in_order(&p, b->model, by, !list->without_addresses, scratch, &s);
    if (made) {
        (void)stream_relax_reordered(&p, b->model, scratch, &s);
        stream_schedule_score score = stream_schedule_score_of(&s),
                              now = stream_schedule_score_of(b->out);
        if (stream_score_is_better(&score, &now)) {
            stream_schedule_replace(b->c.problem, &s, b->arena, b->out);
            *b->priority = a->priority;
        }
    }
    stream_arena_destroy(scratch);
    return made;
}

/* With addresses the best of them, without all that are better than the schedule, as the best may
 * have no layout. */
static void finish_new(best_search *b, attempt_list *list) {
    for (int32_t i = 0; i < (list->without_addresses ? list->n : stream_min_i64(list->n, 1)); ++i)
        if (!list->of[i].finished)
            (void)finish(b, list, &list->of[i]);
}

/* ---- 1 to 3 */

/* The policies again without addresses: where that is better, fragments have held up the others. */
static void relax(best_search *b, bool *much_slack) {
    attempt_list *list = &b->pooled;
    list->kept_cycles = b->out->summary.latency_cycles;
    stream_attempts_of_policies(list);
    for (int32_t i = 0; i < list->n; ++i) {
        attempt *a = &list->of[i];
        stream_priority by;
        stream_schedule_problem p = stream_attempt_problem(&b->c, a, &by);
        bool better = is_promising(b, list, a);
        a->finished = true;
        if (!better || !stream_relax_in_order(&p, b->model, by, false, b->arena, b->out))
            continue;
        *b->priority = a->priority;
        *much_slack = a->much_slack;
    }
}

static stream_status build_first(best_search *b, const stream_diag *diag) {
    attempt_list *list = &b->addressed;
    stream_attempts_find_compatible(&b->c);
    stream_attempts_of_policies(list);
    /* if all fail, the first one says why */
    const stream_priority *only = b->c.options->only;
    attempt first = {.priority = only ? *only : STREAM_PRIORITY_LATENCY};
    attempt *best = list->n > 0 ? &list->of[0] : &first;
    best->finished = true;
    *b->priority = best->priority;
    stream_priority by;
    stream_schedule_problem chosen = stream_attempt_problem(&b->c, best, &by);
    STREAM_TRY(stream_schedule_build_with(&chosen, b->model, by, b->arena, diag, b->out));
    relax(b, &chosen.much_slack);
    (void)stream_relax_reordered(&chosen, b->model, b->arena, b->out);
    return STREAM_OK;
}

/* ---- 4 */

static void try_variations(best_search *b) {
    const attempt_list *known = b->addressed.n > 0 ? &b->addressed : &b->pooled;
    if (known->n == 0)
        return;
    stream_attempts_find_varied(&b->c, &known->of[0]);
    stream_attempts_of_variations(&b->addressed);
    stream_attempts_of_variations(&b->pooled);
    finish_new(b, &b->addressed);
    finish_new(b, &b->pooled);
}

/* ---- 5 */

typedef struct {
    const attempt_list *list;
    order_search *search; /* NULL: there is none */
    attempt found;        /* the best order */
    int32_t failures;     /* in a row */
} near_search;

static near_search open_search(const best_search *b, const attempt_list *list) {
    near_search s = {.list = list};
    order_search_options options = {.problem = b->c.problem,
                                    .w = b->c.w,
                                    .keeps_energy = b->c.options->keeps_energy,
                                    .tries = b->c.options->order_tries,
                                    .seed = list->without_addresses ? 1 : 0,
                                    .bound_cycles = b->out->summary.lower_bound_cycles};
    if (list->n == 0)
        return s;
    s.found = list->of[0];
    stream_schedule_request from = stream_attempt_request(list, &s.found, INT64_MAX);
    s.search = stream_order_search_open(&options, &from, &s.found.score, b->c.arena);
    return s;
}

static bool goes_on(const best_search *b, const near_search *s) {
    return s->search && is_near(b->out, s->found.score.latency_cycles) &&
           !stream_order_search_is_over(s->search);
}

static void search_on(best_search *b, near_search *s) {
    if (!goes_on(b, s))
        return;
    if (stream_order_search_try(s->search)) {
        s->found.order = stream_order_search_best(s->search, &s->found.score);
        s->found.finished = false;
    }
    if (!s->found.finished && (s->failures < MOST_FAILURES || !goes_on(b, s)))
        s->failures = finish(b, s->list, &s->found) ? 0 : s->failures + 1;
}

static void search_near_best(best_search *b) {
    near_search addressed = open_search(b, &b->addressed), pooled = open_search(b, &b->pooled);
    addressed.found.finished = pooled.found.finished = true;
    while (!meets_bound(b) && (goes_on(b, &addressed) || goes_on(b, &pooled))) {
        search_on(b, &addressed);
        search_on(b, &pooled);
    }
}

/* ---- all */

stream_status stream_schedule_build_best_with(const stream_schedule_problem *problem,
                                              const stream_schedule_model *model,
                                              const stream_best_options *options,
                                              stream_arena *arena, const stream_diag *diag,
                                              stream_schedule *out, stream_priority *out_priority) {
    static const stream_best_options defaults = {.only = NULL};
    best_search b = {.c = {.problem = problem,
                           .options = options ? options : &defaults,
                           .arena = stream_arena_create(),
                           .has_long_links = stream_relax_has_long_links(problem->acc)},
                     .model = model,
                     .arena = arena,
                     .out = out,
                     .priority = out_priority};
    b.c.w = stream_schedule_workspace_create(model);
    b.addressed.c = b.pooled.c = &b.c;
    b.pooled.without_addresses = true;
    stream_status status = build_first(&b, diag);
    if (status == STREAM_OK && b.c.options->order_tries > 0 && !meets_bound(&b)) {
        try_variations(&b);
        search_near_best(&b);
    }
    stream_schedule_workspace_destroy(b.c.w);
    stream_arena_destroy(b.c.arena);
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
