/* Local search from the best mapping that is known: a loop moves to another place of the order, or
 * a cut of an operand to another place. Where the proof is out of reach, this is most of what the
 * search has to show, and a good mapping prunes what is open. */

#include "exact_search.h"

#include "stream/support/integer.h"

#include <math.h>
#include <string.h>

typedef struct {
    stream_exact *x;
    stream_temporal_mapping best;
    double value, other; /* the objective; the product of both figures decides among equals */
    int64_t evaluations_left;
} climb;

/* Loops of primes: finer moves. */
static stream_temporal_mapping split_loops(const stream_mapping_problem *p,
                                           const stream_temporal_mapping *from) {
    stream_temporal_mapping out = *from;
    int32_t begin[STREAM_MAP_MAX_LOOPS + 1];
    out.n = 0;
    for (int32_t i = 0; i < from->n; ++i) {
        int64_t rest = from->order[i].size;
        begin[i] = out.n;
        for (int64_t q = 2; rest > 1; ++q) {
            q = q > rest / q ? rest : q;
            for (; rest % q == 0; rest /= q) {
                if (out.n == STREAM_MAP_MAX_LOOPS)
                    return *from;
                out.order[out.n++] = (stream_temporal_loop){from->order[i].dim, q};
            }
        }
    }
    begin[from->n] = out.n;
    for (int32_t o = 0; o < p->n_operands; ++o)
        for (int32_t l = 0; l < p->operands[o].n_levels; ++l)
            out.cut[o][l] = begin[from->cut[o][l]];
    return out.n > 0 ? out : *from;
}

static bool consider(climb *c, const stream_temporal_mapping *mapping) {
    stream_mapping_cost cost;
    int32_t memory;
    double bits;
    c->evaluations_left--;
    if (!stream_mapping_fits(c->x->problem, mapping, &memory, &bits))
        return false;
    stream_mapping_evaluate(c->x->problem, mapping, &cost, NULL);
    double value = stream_exact_value(c->x, cost.total2_cycles, cost.energy_pj);
    double other = cost.total2_cycles * cost.energy_pj;
    if (value > c->value || (value == c->value && other >= c->other))
        return false;
    c->best = *mapping;
    c->value = value;
    c->other = other;
    return true;
}

static bool move_loops(climb *c) {
    for (int32_t i = 0; i < c->best.n; ++i)
        for (int32_t to = 0; to < c->best.n; ++to) {
            stream_temporal_mapping m = c->best;
            stream_temporal_loop moving = m.order[i];
            if (i == to || c->evaluations_left <= 0)
                continue;
            memmove(&m.order[i], &m.order[i + 1], sizeof moving * (size_t)(m.n - i - 1));
            memmove(&m.order[to + 1], &m.order[to], sizeof moving * (size_t)(m.n - to - 1));
            m.order[to] = moving;
            if (consider(c, &m))
                return true;
        }
    return false;
}

static bool swap_loops(climb *c) {
    for (int32_t i = 0; i < c->best.n; ++i)
        for (int32_t k = i + 1; k < c->best.n; ++k) {
            stream_temporal_mapping m = c->best;
            if (c->evaluations_left <= 0)
                return false;
            m.order[i] = c->best.order[k];
            m.order[k] = c->best.order[i];
            if (consider(c, &m))
                return true;
        }
    return false;
}

static bool move_cuts(climb *c) {
    const stream_mapping_problem *p = c->x->problem;
    for (int32_t o = 0; o < p->n_operands; ++o)
        for (int32_t l = 0; l + 1 < p->operands[o].n_levels; ++l)
            for (int32_t at = l ? c->best.cut[o][l - 1] : 0; at <= c->best.cut[o][l + 1]; ++at) {
                stream_temporal_mapping m = c->best;
                m.cut[o][l] = at;
                if (at != c->best.cut[o][l] && c->evaluations_left > 0 && consider(c, &m))
                    return true;
            }
    return false;
}

static void to_the_top(climb *c) {
    while (c->evaluations_left > 0 && (move_cuts(c) || move_loops(c) || swap_loops(c)))
        ;
}

static int32_t random_below(uint32_t *seed, int32_t n) {
    *seed = *seed * 1664525u + 1013904223u;
    return (int32_t)((*seed >> 8) % (uint32_t)n);
}

/* Two loops change places, or a cut moves. */
static void disturb(const stream_mapping_problem *p, uint32_t *seed, stream_temporal_mapping *m) {
    int32_t a = random_below(seed, m->n), b = random_below(seed, m->n);
    int32_t o = random_below(seed, p->n_operands), n = p->operands[o].n_levels;
    if (n > 1 && random_below(seed, 2)) {
        int32_t l = random_below(seed, n - 1), from = l ? m->cut[o][l - 1] : 0;
        m->cut[o][l] = from + random_below(seed, m->cut[o][l + 1] - from + 1);
        return;
    }
    stream_temporal_loop moving = m->order[a];
    m->order[a] = m->order[b];
    m->order[b] = moving;
}

/* To a mapping a few random changes away, from the same seed in every search. */
static void kick(climb *c, uint32_t *seed) {
    enum {
        CHANGES = 4
    };
    for (int32_t i = 0; i < CHANGES; ++i) {
        stream_temporal_mapping m = c->best;
        int32_t memory;
        double bits;
        disturb(c->x->problem, seed, &m);
        c->evaluations_left--;
        if (stream_mapping_fits(c->x->problem, &m, &memory, &bits))
            c->best = m;
    }
    c->value = c->other = INFINITY;
}

void stream_exact_climb(stream_exact *x, bool again) {
    const stream_exact_options *o = x->options;
    if (x->tried_value == INFINITY || o->even || o->n_inner > 0 || o->n_outer > 0)
        return;
    int64_t evaluations = stream_max_i64(200, x->labels / 10);
    const stream_mapping_cost *cost = &x->tried_cost;
    climb c = {.x = x,
               .best = split_loops(x->problem, &x->tried),
               .value = x->tried_value,
               .other = cost->total2_cycles * cost->energy_pj,
               .evaluations_left = evaluations};
    climb best = c;
    uint32_t seed = 1;
    to_the_top(&c);
    best = c;
    while (again && c.best.n > 1 && c.evaluations_left > 0) {
        kick(&c, &seed);
        to_the_top(&c);
        if (c.value < best.value || (c.value == best.value && c.other < best.other))
            best = c;
        c.best = best.best;
        c.value = best.value;
        c.other = best.other;
    }
    stream_exact_spend(x, (evaluations - c.evaluations_left) * 2 * STREAM_STEPS_EVALUATION);
    stream_exact_try(x, &best.best);
}
