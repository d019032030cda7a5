/* Policies and orders that are tried for the best schedule; see attempts.h. */

#include "attempts.h"

#include "v0_order.h"

#include "stream/support/integer.h"

/* A policy that is later than the best so far by at most one part in so many is replayed, of many
 * CTs one that is nearer. Others are of no use, but if they are earlier than what is kept: the best
 * without addresses may have no layout. */
#define NEAR         4
#define MANY_NEAR    32
#define MANY         4096
/* Replays of what one policy made. */
#define MOST_REPLAYS 8
/* CTs and transfers in all orders with varied runtimes. */
#define VARIED_SIZE  16384

/* The compatible mode has two policies. */
static const stream_priority compatible[MOST_COMPATIBLE_ORDERS] = {STREAM_PRIORITY_LATENCY,
                                                                   STREAM_PRIORITY_MEMORY};

/* ---- one run and its replays */

stream_schedule_request stream_attempt_request(const attempt_list *list, const attempt *a,
                                               int64_t cutoff) {
    return (stream_schedule_request){.cores = list->c->problem->cores,
                                     .order = a->order,
                                     .priority = a->order ? STREAM_PRIORITY_GIVEN : a->priority,
                                     .cutoff = cutoff,
                                     .without_addresses = list->without_addresses,
                                     .much_slack = a->much_slack};
}

stream_schedule_problem stream_attempt_problem(const attempt_context *c, const attempt *a,
                                               stream_priority *out_priority) {
    stream_schedule_problem p = *c->problem;
    *out_priority = a->order ? STREAM_PRIORITY_GIVEN : a->priority;
    if (a->order)
        p.order = a->order;
    p.much_slack = a->much_slack;
    return p;
}

static bool run(const attempt_list *list, attempt *a, int64_t cutoff) {
    stream_schedule_request request = stream_attempt_request(list, a, cutoff);
    return stream_schedule_evaluate(list->c->w, &request, NULL, &a->score) == STREAM_OK &&
           a->score.complete;
}

static void keep(attempt_list *list, const attempt *a) {
    if (a->score.energy_fj > list->most_energy_fj)
        return;
    int32_t i = list->n++;
    for (; i > 0 && stream_score_is_better(&a->score, &list->of[i - 1].score); --i)
        list->of[i] = list->of[i - 1];
    list->of[i] = *a;
    int64_t part = list->c->problem->graph->n_cts > MANY ? MANY_NEAR : NEAR;
    list->near =
        stream_min_i64(list->near, a->score.latency_cycles + a->score.latency_cycles / part);
}

static int32_t *new_order(const attempt_list *list) {
    return STREAM_NEW(list->c->arena, int32_t, (size_t)list->c->problem->graph->n_cts);
}

/* In the given order, if that is better than *best, which it becomes. */
static bool try_order(const attempt_list *list, int32_t *order, attempt *best) {
    attempt next = *best;
    next.order = order;
    if (!run(list, &next, best->score.latency_cycles) ||
        !stream_score_is_better(&next.score, &best->score))
        return false;
    *best = next;
    return true;
}

/* The last run again in the order of its starts, as long as that is better than the run before. */
static void replay(const attempt_list *list, attempt *best) {
    for (int32_t i = 0; i < MOST_REPLAYS; ++i) {
        int32_t *order = new_order(list);
        stream_schedule_by_start(list->c->w, list->c->arena, order);
        if (!try_order(list, order, best))
            return;
    }
}

static void try_with_replays(attempt_list *list, attempt first) {
    if (!run(list, &first, stream_max_i64(list->near, list->kept_cycles)))
        return;
    attempt best = first;
    if (first.score.latency_cycles > list->near) {
        keep(list, &first);
        return;
    }
    int32_t *by_data = new_order(list);
    stream_schedule_by_data(list->c->w, list->c->arena, by_data);
    replay(list, &best);
    if (try_order(list, by_data, &best))
        replay(list, &best);
    keep(list, &first);
    if (best.order != first.order)
        keep(list, &best);
}

/* ---- orders of the compatible mode */

static bool is_wanted(const attempt_context *c, stream_priority priority) {
    return !c->options->only || *c->options->only == priority;
}

void stream_attempts_find_compatible(attempt_context *c) {
    for (int32_t i = 0; i < MOST_COMPATIBLE_ORDERS; ++i) {
        int32_t *order;
        if (is_wanted(c, compatible[i]) &&
            stream_v0_orders(c->problem, compatible[i], true, 0, c->arena, &order) == 1)
            c->compatible.of[c->compatible.n++] =
                (attempt){.priority = compatible[i], .order = order};
    }
}

/* Of `memory` if the best came from it, or from `demand`, which is like it; else of `latency`. */
void stream_attempts_find_varied(attempt_context *c, const attempt *best) {
    bool memory =
        best->priority == STREAM_PRIORITY_MEMORY || best->priority == STREAM_PRIORITY_DEMAND;
    stream_priority by = memory ? STREAM_PRIORITY_MEMORY : STREAM_PRIORITY_LATENCY;
    const stream_priority *only = c->options->only;
    int32_t *orders[1 + MOST_VARIED_ORDERS];
    int64_t size = (int64_t)c->problem->graph->n_cts + best->score.transfers;
    int32_t most = (int32_t)stream_min_i64(MOST_VARIED_ORDERS, VARIED_SIZE / size);
    if (most == 0)
        return;
    int32_t n = stream_v0_orders(c->problem, by, !is_wanted(c, by), most, c->arena, orders);
    for (int32_t k = 0; k < n; ++k)
        c->varied.of[c->varied.n++] = (attempt){.priority = only ? *only : by, .order = orders[k]};
}

/* ---- all of them */

static void try_orders(attempt_list *list, const order_list *orders) {
    for (int32_t i = 0; i < orders->n; ++i)
        try_with_replays(list, orders->of[i]);
}

/* The best once more. */
static void try_much_slack(attempt_list *list) {
    if (list->n == 0 || !list->c->has_long_links || list->of[0].much_slack)
        return;
    attempt again = list->of[0];
    again.much_slack = true;
    again.finished = false;
    try_with_replays(list, again);
}

/* The promising one first, so that others that are much later end soon. */
static void try_policies(attempt_list *list) {
    const stream_priority *first = list->c->options->first;
    if (first && is_wanted(list->c, *first))
        try_with_replays(list, (attempt){.priority = *first});
    for (int32_t i = 0; i < STREAM_N_FREE_PRIORITIES; ++i)
        if (is_wanted(list->c, (stream_priority)i) && !(first && (int32_t)*first == i))
            try_with_replays(list, (attempt){.priority = (stream_priority)i});
}

void stream_attempts_of_policies(attempt_list *list) {
    const attempt_context *c = list->c;
    list->n = 0;
    list->near = list->most_energy_fj = INT64_MAX;
    try_policies(list);
    if (c->problem->order)
        try_with_replays(list,
                         (attempt){.priority = STREAM_PRIORITY_GIVEN, .order = c->problem->order});
    try_orders(list, &c->compatible);
    if (c->options->keeps_energy && list->n > 0)
        list->most_energy_fj = list->of[0].score.energy_fj;
    try_much_slack(list);
}

void stream_attempts_of_variations(attempt_list *list) {
    const int32_t *best = list->n > 0 ? list->of[0].order : NULL;
    try_orders(list, &list->c->varied);
    if (list->n > 0 && list->of[0].order != best)
        try_much_slack(list);
}
