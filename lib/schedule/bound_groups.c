/* Groups of sets of cores in the network; see bound_network.c. */

#include "bound_network.h"

#include "stream/support/integer.h"

#include <string.h>

#define MOST_GROUPS     64 /* of layers */
#define MOST_LAYER_SETS ((int64_t)1 << 24)

static bool is_apart(bound_network *n, const bound_set_group *g, int32_t set) {
    for (int32_t i = 0; i < g->n; ++i) {
        --n->flow->steps;
        if (!stream_bound_apart(n->b->sets, set, g->sets[i]))
            return false;
    }
    return true;
}

/* Data that goes between the group and sets outside, whose places become sources. */
static int64_t count_pairs(bound_network *n, const bound_set_group *g, const int64_t *in,
                           const int64_t *out) {
    int64_t sum = 0, n_sets = n->n_sets;
    const int32_t *place = stream_bound_sets_ways(n->b->sets)->place;
    for (int32_t w = 0; w < n->n_sets; ++w) {
        int64_t bits = 0;
        for (int32_t i = 0; i < g->n; ++i) {
            bits += n->direction != STREAM_BOUND_OUT ? in[w * n_sets + g->sets[i]] : 0;
            bits += n->direction != STREAM_BOUND_IN ? out[g->sets[i] * n_sets + w] : 0;
        }
        n->flow->steps -= g->n;
        if (bits == 0 || g->holds[w] || !is_apart(n, g, w))
            continue;
        sum += bits;
        const bool *cores = stream_bound_set_cores(n->b->sets, w);
        for (int32_t c = 0; c < n->b->acc->n_cores; ++c)
            if (cores[c])
                n->flow->capacity[n->start[place[c]]] = STREAM_FLOW_NO_LIMIT;
    }
    return sum;
}

static void clear_sources(bound_network *n) {
    for (int32_t k = 0; k < stream_bound_sets_ways(n->b->sets)->n_places; ++k)
        n->flow->capacity[n->start[k]] = 0;
    n->flow->capacity[n->start[n->source]] = STREAM_FLOW_NO_LIMIT;
}

/* A group of one: all that it reads, each element once. */
static int64_t count_one(bound_network *n, const bound_set_group *g) {
    const set_needs *of = &n->b->needs.of[g->sets[0]];
    const bound_needs *needs = &n->b->needs;
    int64_t bits = (n->direction != STREAM_BOUND_OUT ? of->alone : 0) +
                   (n->direction != STREAM_BOUND_IN ? of->out : 0);
    return bits + (needs->read ? count_pairs(n, g, needs->read, needs->leaving) : 0);
}

static int64_t count_group(bound_network *n, const bound_set_group *g) {
    const bound_needs *needs = &n->b->needs;
    int64_t bits = 0;
    for (int32_t i = 0; i < g->n; ++i)
        for (int32_t k = 0; k < STREAM_N_OPERANDS; ++k)
            bits += stream_bound_need(n, g->sets[i], k, false);
    return bits + (needs->read ? count_pairs(n, g, needs->once, needs->leaving) : 0);
}

void stream_bound_group(bound_network *n, const bound_set_group *g) {
    int64_t rest = n->direction == STREAM_BOUND_BOTH ? 0 : INT64_MAX;
    bound_flow *f = n->flow;
    clear_sources(n);
    int64_t bits = g->n == 1 ? count_one(n, g) : count_group(n, g);
    for (int32_t s = 0; s < n->n_sets; ++s)
        for (int32_t k = 0; k < STREAM_BOUND_NODES; ++k)
            f->capacity[n->to_sink[s * STREAM_BOUND_NODES + k]] =
                g->holds[s] && (k == STREAM_O || (k < STREAM_O && n->direction != STREAM_BOUND_OUT))
                    ? STREAM_FLOW_NO_LIMIT
                    : 0;
    for (int32_t i = 0; i < g->n && n->direction != STREAM_BOUND_BOTH; ++i)
        rest = stream_min_i64(rest,
                              (n->direction == STREAM_BOUND_IN ? n->after : n->before)[g->sets[i]]);
    int64_t best = n->b->best;
    if (bits == 0 || rest >= STREAM_FLOW_NO_LIMIT)
        return;
    /* Where so much flows the bound is no better. */
    int64_t enough = best > rest ? stream_ceil_div(bits, best - rest) : bits;
    f->capacity[n->start[stream_bound_sets_ways(n->b->sets)->n_places]] = enough;
    int64_t flow = stream_flow_run(f, n->sink - 1, n->sink, 1);
    if (flow > 0 && flow < enough)
        stream_bound_offer(n->b, rest + stream_ceil_div(bits, flow), STREAM_BOUND_NETWORK);
}

/* [n_layers * n_sets] the sets of the CTs of each layer; NULL: too many to look at. */
static const bool *sets_of_layers(const bounds *b, stream_arena *arena) {
    const stream_ct_graph *g = b->graph;
    int64_t n_sets = b->needs.n_sets, n = g->n_layers * n_sets;
    if (n > MOST_LAYER_SETS)
        return NULL;
    bool *holds = STREAM_NEW(arena, bool, (size_t)n);
    for (int32_t i = 0; i < g->n_cts; ++i)
        if (b->set_of[i] >= 0)
            holds[g->cts[i].layer * n_sets + b->set_of[i]] = true;
    return holds;
}

/* groups [n]: is one of them the same? */
static bool is_known(const bound_set_group *groups, int32_t n, const bound_set_group *g,
                     int32_t n_sets) {
    for (int32_t i = 0; i < n; ++i)
        if (groups[i].n == g->n &&
            memcmp(groups[i].holds, g->holds, (size_t)n_sets * sizeof *g->holds) == 0)
            return true;
    return false;
}

static bound_set_group group_of(const bool *holds, int32_t n_sets, stream_arena *arena) {
    int32_t *sets = STREAM_NEW(arena, int32_t, (size_t)n_sets), n = 0;
    for (int32_t s = 0; s < n_sets; ++s)
        if (holds[s])
            sets[n++] = s;
    return (bound_set_group){holds, sets, n};
}

const bound_set_group *stream_bound_groups(const bounds *b, stream_arena *arena, int32_t *out_n) {
    int32_t n_sets = b->needs.n_sets, n = 0;
    bound_set_group *out = STREAM_NEW(arena, bound_set_group, (size_t)n_sets + MOST_GROUPS);
    const bool *layers = sets_of_layers(b, arena);
    for (; n < n_sets; ++n) {
        bool *holds = STREAM_NEW(arena, bool, (size_t)n_sets);
        holds[n] = true;
        out[n] = group_of(holds, n_sets, arena);
    }
    for (int32_t l = 0; l < b->graph->n_layers && layers && n - n_sets < MOST_GROUPS; ++l) {
        bound_set_group g = group_of(&layers[(int64_t)l * n_sets], n_sets, arena);
        if (g.n > 1 && !is_known(out + n_sets, n - n_sets, &g, n_sets))
            out[n++] = g;
    }
    *out_n = n;
    return out;
}
