/* Best-first search over labels. */

#include "exact_store.h"

#include <math.h>
#include <string.h>

enum {
    DIVE_EVERY = 256, /* expansions */
    HARD_AFTER = 1024,
    HARDER_AFTER = 8192
};

/* Costs to go are a row of accumulators per state, operand and level, each the least of what the
 * kinds lead to. */
static int64_t table_values(const stream_exact *x, int64_t values) {
    int64_t rows = 0;
    for (int32_t o = 0; o < x->problem->n_operands; ++o)
        rows += (int64_t)x->lattice.n_states * x->problem->operands[o].n_levels;
    return rows * values;
}

int64_t stream_exact_table_steps(const stream_exact *x, int64_t values) {
    return table_values(x, values) * (x->lattice.n_kinds + 1) / 16;
}

/* Better bounds are worth their tables, `times` those of the search, once it has taken longer. */
static bool pays(stream_exact *x, stream_exact_use *use, int64_t times) {
    enum {
        MOST_VALUES = 1 << 24,
        LONGER = 4
    };
    int64_t spent = x->labels * STREAM_STEPS_PER_LABEL - x->steps_left;
    int64_t steps = times * stream_exact_table_steps(x, x->n_bound);
    if (x->n_bound == 1 || use->built || spent < LONGER * steps ||
        times * table_values(x, x->n_bound) > MOST_VALUES)
        return false;
    stream_exact_spend(x, steps);
    return true;
}

/* EDP: leaves out what takes too much energy; the less is left, the better are the bounds. */
static void limit_energy(stream_exact *x, stream_arena *arena, const stream_open_label *root) {
    enum {
        ROUNDS = 3
    };
    int64_t steps = stream_exact_table_steps(x, x->n_bound + x->n_most);
    bool any = false;
    for (int32_t i = 0; i < ROUNDS && stream_exact_limit_energy(x, arena, root); ++i) {
        stream_exact_spend(x, steps);
        any = true;
    }
    if (any)
        stream_store_bound_again(x);
}

static void split_bounds(stream_exact *x, stream_arena *arena, const stream_open_label *root) {
    if (x->objective == STREAM_BEST_EDP && x->incumbent < INFINITY && pays(x, &x->by_energy, 1)) {
        x->by_energy.built = true;
        limit_energy(x, arena, root);
    }
    if (pays(x, &x->by_cuts, STREAM_N_LAST)) {
        stream_exact_split_by_cuts(x, arena);
        stream_store_bound_again(x);
    }
    if (x->by_cuts.used && pays(x, &x->by_loop, x->lattice.n_kinds)) {
        stream_exact_split_by_loop(x, arena);
        stream_store_bound_again(x);
    }
}

static void finish(stream_exact *x, int32_t id, const stream_open_label *label) {
    int32_t actions[STREAM_EXACT_MAX_STEPS];
    double value = stream_exact_final(x, label);
    if (value < x->incumbent * x->near)
        stream_exact_realise(x, actions, stream_store_actions(x, id, actions), value);
}

static void expand(stream_exact *x, int32_t id, const stream_open_label *from) {
    stream_open_label label;
    for (int32_t o = 0; x->options->even && o < x->problem->n_operands; ++o)
        if (stream_exact_allocate(x, from, o, &label)) {
            label.at.parent = id;
            stream_store_insert(x, &label);
        }
    for (int32_t o = 0; o < x->problem->n_operands; ++o)
        if (stream_exact_close(x, from, o, &label)) {
            label.at.parent = id;
            stream_store_insert(x, &label);
        }
    for (int32_t j = 0; j < x->lattice.n_kinds; ++j)
        if (stream_lattice_can_add(&x->lattice, from->at.state, j) &&
            stream_exact_add(x, from, j, &label)) {
            label.at.parent = id;
            stream_store_insert(x, &label);
        }
}

/* Returns the least bound of what is still open: INFINITY when all is searched. */
static double search_labels(stream_exact *x, stream_arena *arena, const stream_open_label *root) {
    stream_open_label label;
    int64_t popped = 0;
    for (int32_t id; (id = stream_store_next(x)) >= 0;) {
        stream_store_read(x, id, &label);
        if (label.at.bound >= x->incumbent * x->near)
            return INFINITY;
        if (x->stop)
            return label.at.bound;
        if (popped++ % DIVE_EVERY == 0)
            stream_exact_dive(x, id);
        split_bounds(x, arena, root);
        if (popped == 1 && x->incumbent == INFINITY)
            stream_exact_descend(x, &label);
        if (popped == HARD_AFTER)
            stream_exact_try_loma(x);
        if (popped == HARDER_AFTER) {
            stream_exact_climb(x, true);
            if (x->by_energy.built)
                limit_energy(x, arena, root);
        }
        if (label.at.state == stream_lattice_full(&x->lattice))
            finish(x, id, &label);
        else
            expand(x, id, &label);
    }
    return INFINITY;
}

/* Best-first search from the root. Returns the least bound that is left: of what is still open, or
 * of what no order attained; INFINITY if nothing is. */
double stream_exact_best_first(stream_exact *x, stream_arena *arena,
                               const stream_open_label *root) {
    stream_label_store store;
    stream_open_label start = *root;
    stream_store_open(x, arena, &store);
    x->unrealised = INFINITY;
    stream_store_insert(x, &start);
    double open = search_labels(x, arena, root);
    stream_store_close(&store);
    return smaller(open, x->unrealised);
}
