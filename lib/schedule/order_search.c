/* Better orders near a given one; see order_search.h. */

#include "order_search.h"

#include "draw.h"
#include "engine.h"

#include "stream/schedule/policy.h"
#include "stream/support/integer.h"
#include "stream/support/sort.h"

#include <string.h>

/* It ends when one in PATIENCE_PART of the tries, but at least PATIENCE, in a row are no better. */
#define PATIENCE_PART 4
#define PATIENCE      32
/* It is not begun with fewer. */
#define FEWEST_TRIES  16

typedef struct {
    const order_search *s;
    stream_schedule_request request; /* of one try */
    stream_schedule_score *best;
    int64_t *start;        /* [n_cts] of the best run */
    int64_t *moved;        /* [n_cts] of this try */
    int32_t *order, *kept; /* [n_cts] of this try; of the best */
    stream_keyed *keyed, *scratch;
    uint64_t state;
} search;

/* ---- one try */

/* Below n, which may be larger than what one draw tells apart. */
static int64_t draw(search *x, int64_t n) {
    int64_t unit = 1 + (n >> 31);
    return (int64_t)stream_draw(&x->state, (uint32_t)(n / unit)) * unit;
}

/* Up to `most` cycles earlier or later. */
static int64_t draw_shift(search *x, int64_t most) {
    return draw(x, 2 * most) - most;
}

/* All CTs of one layer by the same time. */
static void move_layer(search *x, int64_t most) {
    const stream_ct_graph *g = x->s->problem->graph;
    int32_t layer = (int32_t)draw(x, g->n_layers);
    int64_t shift = draw_shift(x, most);
    for (int32_t i = 0; i < g->n_cts; ++i)
        x->moved[i] += g->cts[i].layer == layer ? shift : 0;
}

/* What one core does in a stretch of time, by the same time. */
static void move_stretch(search *x, int64_t most) {
    const stream_schedule_problem *p = x->s->problem;
    int32_t core = p->cores[draw(x, p->graph->n_cts)];
    int64_t begin = draw(x, x->best->latency_cycles), end = begin + 8 * most;
    int64_t shift = draw_shift(x, most);
    for (int32_t i = 0; i < p->graph->n_cts; ++i)
        if (p->cores[i] == core && x->start[i] >= begin && x->start[i] < end)
            x->moved[i] += shift;
}

/* Each CT that starts in a stretch of time by a time of its own. */
static void shuffle_stretch(search *x, int64_t most) {
    int64_t begin = draw(x, x->best->latency_cycles), end = begin + 16 * most;
    for (int32_t i = 0; i < x->s->problem->graph->n_cts; ++i)
        if (x->start[i] >= begin && x->start[i] < end)
            x->moved[i] += draw_shift(x, most);
}

static void move_some(search *x) {
    static void (*const moves[])(search *, int64_t) = {move_layer, move_stretch, shuffle_stretch};
    int64_t most = x->best->latency_cycles >> (3 + stream_draw(&x->state, 9));
    memcpy(x->moved, x->start, (size_t)x->s->problem->graph->n_cts * sizeof *x->moved);
    moves[stream_draw(&x->state, 3)](x, stream_max_i64(most, 1));
}

/* By the moved starts, but none before what it depends on. */
static void sort_by_moved(search *x) {
    const stream_ct_graph *g = x->s->problem->graph;
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

static bool run(search *x, const stream_schedule_request *request, stream_schedule_score *out) {
    return stream_schedule_evaluate(x->s->w, request, NULL, out) == STREAM_OK && out->complete;
}

static void keep_starts(search *x) {
    for (int32_t i = 0; i < x->s->problem->graph->n_cts; ++i)
        x->start[i] = x->s->w->slots[i].start;
}

/* True: it is better. */
static bool try_once(search *x) {
    stream_schedule_score next;
    move_some(x);
    sort_by_moved(x);
    x->request.cutoff = x->best->latency_cycles;
    if (!run(x, &x->request, &next) || !stream_score_is_better(&next, x->best) ||
        (x->s->keeps_energy && next.energy_fj > x->best->energy_fj))
        return false;
    *x->best = next;
    memcpy(x->kept, x->order, (size_t)x->s->problem->graph->n_cts * sizeof *x->order);
    keep_starts(x);
    return true;
}

int64_t stream_order_search_tries(const stream_schedule_problem *problem,
                                  const stream_schedule_score *score, int32_t tries) {
    int64_t size = (int64_t)problem->graph->n_cts + score->transfers;
    return stream_min_i64(tries * (int64_t)ORDER_SEARCH_SIZE / size,
                          ORDER_SEARCH_MOST * (int64_t)tries);
}

static search open(const order_search *s, stream_arena *arena, stream_schedule_score *score,
                   int32_t *order) {
    size_t n = (size_t)s->problem->graph->n_cts;
    return (search){.s = s,
                    .best = score,
                    .start = STREAM_NEW(arena, int64_t, n),
                    .moved = STREAM_NEW(arena, int64_t, n),
                    .order = STREAM_NEW(arena, int32_t, n),
                    .kept = order,
                    .keyed = STREAM_NEW(arena, stream_keyed, n),
                    .scratch = STREAM_NEW(arena, stream_keyed, n),
                    .state = DRAW_SEED};
}

bool stream_order_search(const order_search *s, const stream_schedule_request *first,
                         stream_arena *arena, stream_schedule_score *score, int32_t *order) {
    int64_t tries = stream_order_search_tries(s->problem, score, s->tries);
    int64_t patience = stream_max_i64(PATIENCE, tries / PATIENCE_PART);
    bool found = false;
    stream_schedule_score again;
    if (tries < FEWEST_TRIES || score->latency_cycles <= s->bound_cycles)
        return false;
    search x = open(s, arena, score, order);
    if (!run(&x, first, &again))
        return false;
    keep_starts(&x);
    x.request = *first;
    x.request.order = x.order;
    x.request.priority = STREAM_PRIORITY_GIVEN;
    for (int64_t t = 0, last = 0; t < tries && t - last <= patience; ++t)
        if (try_once(&x)) {
            found = true;
            last = t;
            if (score->latency_cycles <= s->bound_cycles)
                break;
        }
    return found;
}
