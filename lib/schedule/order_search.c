/* Better orders near a given one; see order_search.h. */

#include "order_search.h"

#include "draw.h"
#include "engine.h"

#include "stream/schedule/policy.h"
#include "stream/support/integer.h"
#include "stream/support/sort.h"

#include <string.h>

/* It ends when so many tries in a row are no better: a part of all, but no fewer than LEAST, and
 * more than MOST only as a smaller part. */
#define PATIENCE_PART      4
#define LONG_PATIENCE_PART 16
#define LEAST_PATIENCE     32
#define MOST_PATIENCE      64
/* It is not begun with fewer. */
#define FEWEST_TRIES       16

struct order_search {
    order_search_options options;
    stream_schedule_request request; /* of one try */
    stream_schedule_score best;
    int64_t most, patience; /* tries in all, and in a row for nothing */
    int64_t tried, found;   /* how many were, and when one was the best */
    int64_t *start;         /* [n_cts] of the best run */
    int64_t *moved;         /* [n_cts] of this try */
    int32_t *order, *kept;  /* [n_cts] of this try; of the best */
    stream_keyed *keyed, *scratch;
    uint64_t state;
};

/* ---- one try */

/* Below n, which may be larger than what one draw tells apart. */
static int64_t draw(order_search *x, int64_t n) {
    int64_t unit = 1 + (n >> 31);
    return (int64_t)stream_draw(&x->state, (uint32_t)(n / unit)) * unit;
}

/* Up to `most` cycles earlier or later. */
static int64_t draw_shift(order_search *x, int64_t most) {
    return draw(x, 2 * most) - most;
}

/* All CTs of one layer by the same time. */
static void move_layer(order_search *x, int64_t most) {
    const stream_ct_graph *g = x->options.problem->graph;
    int32_t layer = (int32_t)draw(x, g->n_layers);
    int64_t shift = draw_shift(x, most);
    for (int32_t i = 0; i < g->n_cts; ++i)
        x->moved[i] += g->cts[i].layer == layer ? shift : 0;
}

/* What one core does in a stretch of time, by the same time. */
static void move_stretch(order_search *x, int64_t most) {
    const stream_schedule_problem *p = x->options.problem;
    int32_t core = p->cores[draw(x, p->graph->n_cts)];
    int64_t begin = draw(x, x->best.latency_cycles), end = begin + 8 * most;
    int64_t shift = draw_shift(x, most);
    for (int32_t i = 0; i < p->graph->n_cts; ++i)
        if (p->cores[i] == core && x->start[i] >= begin && x->start[i] < end)
            x->moved[i] += shift;
}

/* Each CT that starts in a stretch of time by a time of its own. */
static void shuffle_stretch(order_search *x, int64_t most) {
    int64_t begin = draw(x, x->best.latency_cycles), end = begin + 16 * most;
    for (int32_t i = 0; i < x->options.problem->graph->n_cts; ++i)
        if (x->start[i] >= begin && x->start[i] < end)
            x->moved[i] += draw_shift(x, most);
}

static void move_some(order_search *x) {
    static void (*const moves[])(order_search *, int64_t) = {move_layer, move_stretch,
                                                             shuffle_stretch};
    int64_t most = x->best.latency_cycles >> (1 + stream_draw(&x->state, 11));
    memcpy(x->moved, x->start, (size_t)x->options.problem->graph->n_cts * sizeof *x->moved);
    moves[stream_draw(&x->state, 3)](x, stream_max_i64(most, 1));
}

/* By the moved starts, but none before what it depends on. */
static void sort_by_moved(order_search *x) {
    const stream_ct_graph *g = x->options.problem->graph;
    for (int32_t i = 0; i < g->n_cts; ++i) {
        int64_t at = stream_max_i64(x->moved[i], 0);
        for (int32_t k = g->pred_first[i]; k < g->pred_first[i + 1]; ++k)
            at = stream_max_i64(at, x->moved[g->preds[k]]);
        x->moved[i] = at;
        x->keyed[i] = (stream_keyed){(uint64_t)at, i};
    }
    stream_engine_order_by_key(x->keyed, (size_t)g->n_cts, x->scratch, x->order);
}

/* ---- the search */

static bool run(order_search *x, const stream_schedule_request *request,
                stream_schedule_score *out) {
    return stream_schedule_evaluate(x->options.w, request, NULL, out) == STREAM_OK && out->complete;
}

static void keep_starts(order_search *x) {
    for (int32_t i = 0; i < x->options.problem->graph->n_cts; ++i)
        x->start[i] = x->options.w->starts[i];
}

bool stream_order_search_try(order_search *x) {
    stream_schedule_score next;
    ++x->tried;
    move_some(x);
    sort_by_moved(x);
    x->request.cutoff = x->best.latency_cycles;
    if (!run(x, &x->request, &next) || !stream_score_is_better(&next, &x->best) ||
        (x->options.keeps_energy && next.energy_fj > x->best.energy_fj))
        return false;
    x->best = next;
    x->found = x->tried;
    memcpy(x->kept, x->order, (size_t)x->options.problem->graph->n_cts * sizeof *x->order);
    keep_starts(x);
    return true;
}

bool stream_order_search_is_over(const order_search *x) {
    return x->tried >= x->most || x->tried - x->found > x->patience ||
           x->best.latency_cycles <= x->options.bound_cycles;
}

const int32_t *stream_order_search_best(const order_search *x, stream_schedule_score *out) {
    *out = x->best;
    return x->kept;
}

static int64_t most_tries(const order_search_options *options, const stream_schedule_score *score) {
    int64_t size = (int64_t)options->problem->graph->n_cts + score->transfers;
    return stream_min_i64(options->tries * (int64_t)ORDER_SEARCH_SIZE / size,
                          ORDER_SEARCH_MOST * (int64_t)options->tries);
}

static int64_t patience_of(int64_t tries) {
    int64_t some = stream_min_i64(tries / PATIENCE_PART, MOST_PATIENCE);
    return stream_max_i64(LEAST_PATIENCE, stream_max_i64(some, tries / LONG_PATIENCE_PART));
}

order_search *stream_order_search_open(const order_search_options *options,
                                       const stream_schedule_request *first,
                                       const stream_schedule_score *score, stream_arena *arena) {
    size_t n = (size_t)options->problem->graph->n_cts;
    int64_t most = most_tries(options, score);
    stream_schedule_score again;
    if (most < FEWEST_TRIES || score->latency_cycles <= options->bound_cycles)
        return NULL;
    order_search *x = STREAM_NEW(arena, order_search, 1);
    *x = (order_search){.options = *options,
                        .request = *first,
                        .best = *score,
                        .most = most,
                        .patience = patience_of(most),
                        .start = STREAM_NEW(arena, int64_t, n),
                        .moved = STREAM_NEW(arena, int64_t, n),
                        .order = STREAM_NEW(arena, int32_t, n),
                        .kept = STREAM_NEW(arena, int32_t, n),
                        .keyed = STREAM_NEW(arena, stream_keyed, n),
                        .scratch = STREAM_NEW(arena, stream_keyed, n),
                        .state = DRAW_SEED + options->seed};
    if (!run(x, first, &again))
        return NULL;
    keep_starts(x);
    x->request.order = x->order;
    x->request.priority = STREAM_PRIORITY_GIVEN;
    return x;
}
