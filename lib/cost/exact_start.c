/* A mapping to begin with: a bound prunes nothing while there is no incumbent, and a search that
 * ends early must have something to show. Three sources, cheap ones first: greedy dives by bound,
 * the mapping that holds the least, and the orders that ZigZag would try. */

#include "exact_store.h"

#include <math.h>

/* The successor of least bound; false if none can beat the incumbent. */
static bool best_successor(stream_exact *x, const stream_open_label *from, stream_open_label *out) {
    stream_open_label label;
    out->at.bound = INFINITY;
    for (int32_t o = 0; o < x->problem->n_operands; ++o)
        if (stream_exact_close(x, from, o, &label) && stream_exact_room(x, &label)) {
            label.at.bound = stream_exact_best_bound(x, &label);
            stream_exact_spend(x, STREAM_STEPS_LABEL);
            if (label.at.bound <= out->at.bound)
                *out = label;
        }
    for (int32_t j = 0; j < x->lattice.n_kinds; ++j)
        if (stream_lattice_can_add(&x->lattice, from->at.state, j)) {
            if (!stream_exact_add(x, from, j, &label) || !stream_exact_room(x, &label))
                continue;
            label.at.bound = stream_exact_best_bound(x, &label);
            stream_exact_spend(x, STREAM_STEPS_LABEL);
            if (label.at.bound < out->at.bound)
                *out = label;
        }
    return out->at.bound < x->incumbent * x->near;
}

/* A mapping proves nothing: what its order does not attain must not count as unrealised. */
static void realise(stream_exact *x, const stream_open_label *label, const int32_t *actions,
                    int32_t n) {
    double value = stream_exact_final(x, label), unrealised = x->unrealised;
    if (value < x->incumbent * x->near)
        stream_exact_realise(x, actions, n, value);
    x->unrealised = unrealised;
}

void stream_exact_dive(stream_exact *x, int32_t id) {
    int32_t actions[STREAM_EXACT_MAX_STEPS], n = stream_store_actions(x, id, actions);
    stream_open_label label, next;
    stream_store_read(x, id, &label);
    while (label.at.state != stream_lattice_full(&x->lattice)) {
        if (!best_successor(x, &label, &next))
            return;
        actions[n++] = next.at.action;
        label = next;
    }
    realise(x, &label, actions, n);
}

/* ---- the mapping that holds the least: every cut as far inside as it can be, loops that
 * accumulate first, because finished outputs are smaller and need no way back; depth first */

typedef struct {
    stream_exact *x;
    int32_t actions[STREAM_EXACT_MAX_STEPS];
    int32_t nodes;
    bool done;
} descent;

static void descend(descent *d, const stream_open_label *label, int32_t n, int32_t operand);

static void step(descent *d, const stream_open_label *next, int32_t n, int32_t operand) {
    if (d->done || d->nodes-- <= 0 || !stream_exact_room(d->x, next))
        return;
    stream_exact_spend(d->x, STREAM_STEPS_LABEL);
    d->actions[n] = next->at.action;
    descend(d, next, n + 1, operand);
}

static void add_loops(descent *d, const stream_open_label *label, int32_t n, bool accumulating) {
    const stream_lattice *lattice = &d->x->lattice;
    stream_open_label next;
    for (int32_t j = 0; j < lattice->n_kinds && !d->done; ++j)
        if (stream_lattice_can_add(lattice, label->at.state, j) &&
            stream_kind_accumulates(lattice, j) == accumulating &&
            stream_exact_add(d->x, label, j, &next))
            step(d, &next, n, 0);
}

/* Cuts at one state in operand order, from `operand` on. */
static void descend(descent *d, const stream_open_label *label, int32_t n, int32_t operand) {
    stream_open_label next;
    if (label->at.state == stream_lattice_full(&d->x->lattice)) {
        realise(d->x, label, d->actions, n);
        d->done = d->x->result->found;
        return;
    }
    for (int32_t o = operand; o < d->x->problem->n_operands && !d->done; ++o)
        if (stream_exact_close(d->x, label, o, &next))
            step(d, &next, n, o);
    add_loops(d, label, n, true);
    add_loops(d, label, n, false);
}

void stream_exact_descend(stream_exact *x, const stream_open_label *root) {
    enum {
        NODES = 4000
    };
    descent d = {.x = x, .nodes = NODES};
    if (stream_exact_room(x, root))
        descend(&d, root, 0, 0);
}

/* ---- LOMA */

void stream_exact_try_loma(stream_exact *x) {
    enum {
        LOOPS = 6,
        ORDERS = 1000
    };
    const stream_exact_options *o = x->options;
    stream_loma_options options = {.objective = x->objective,
                                   .lpf_limit = LOOPS,
                                   .max_orders = ORDERS,
                                   .even = o->even,
                                   .inner = o->inner,
                                   .n_inner = o->n_inner,
                                   .outer = o->outer,
                                   .n_outer = o->n_outer};
    stream_loma_result found;
    bool capped = x->latency_cap < INFINITY || x->energy_cap < INFINITY;
    if (x->tried_loma)
        return;
    x->tried_loma = true;
    if (!capped) { /* its best keeps to no cap; a tie-break has a mapping to begin with */
        stream_loma_search(x->problem, &options, &found);
        stream_exact_spend(x, found.orders * 2 * STREAM_STEPS_EVALUATION);
        if (found.found)
            stream_exact_try(x, &found.mapping);
    }
    stream_exact_climb(x, false);
}
