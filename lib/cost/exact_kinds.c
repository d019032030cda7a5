/* The loops of the exact search: pinned ones as they are asked for, the rest at full prime
 * factorisation. Where that makes more states than tables can hold, loops of the dim with most
 * states are merged in pairs, the smallest first, until it does not: the search is then one over
 * some of the orders. */

#include "exact_lattice.h"

#include "stream/support/integer.h"

#include <string.h>

enum {
    MAX_CELLS = 1 << 25 /* states times keys of labels */
};

/* What the loops of one dim are, apart from pinned ones; ascending. */
typedef struct {
    int32_t n;
    int64_t size[64];
} loops;

static void factorise(int64_t rest, loops *out) {
    out->n = 0;
    for (int64_t q = 2; rest > 1; ++q) {
        if (q > rest / q)
            q = rest;
        for (; rest % q == 0; rest /= q)
            out->size[out->n++] = q;
    }
}

/* Two and two neighbours become one loop; an odd one stays. */
static void merge_pairs(loops *l) {
    int32_t n = 0;
    for (int32_t i = 0; i + 1 < l->n; i += 2)
        l->size[n++] = l->size[i] * l->size[i + 1];
    if (l->n % 2)
        l->size[n++] = l->size[l->n - 1];
    for (int32_t i = 1; i < n; ++i) {
        int64_t moving = l->size[i];
        int32_t k = i;
        for (; k > 0 && l->size[k - 1] > moving; --k)
            l->size[k] = l->size[k - 1];
        l->size[k] = moving;
    }
    l->n = n;
}

/* Multisets of its loops. */
static int64_t states_of(const loops *l) {
    int64_t states = 1, equal = 0;
    for (int32_t i = 0; i < l->n; ++i) {
        equal++;
        if (i + 1 < l->n && l->size[i + 1] == l->size[i])
            continue;
        states *= equal + 1;
        equal = 0;
    }
    return states;
}

static bool merge(loops *of, int32_t n_dims) {
    int32_t most = 0;
    for (int32_t d = 1; d < n_dims; ++d)
        most = states_of(&of[d]) > states_of(&of[most]) ? d : most;
    if (of[most].n < 2)
        return false;
    merge_pairs(&of[most]);
    return true;
}

/* Takes the loops that pins ask for out of what is left per dim. */
static stream_status take_pinned(const stream_lattice *x, const stream_loop_pin *pins, int32_t n,
                                 int64_t *rest, const stream_diag *diag) {
    for (int32_t i = 0; i < n; ++i) {
        int64_t size = pins[i].size;
        if (size > 1 && rest[pins[i].dim] % size != 0)
            return stream_error(diag, STREAM_INVALID, x->problem->nest.loc,
                                "the order asks for a loop of %lld iterations of '%s', but %lld "
                                "iterations are left for time",
                                (long long)size, x->problem->nest.dims[pins[i].dim].name,
                                (long long)rest[pins[i].dim]);
        if (size > 1)
            rest[pins[i].dim] /= size;
    }
    return STREAM_OK;
}

/* False: there are too many kinds. */
static bool add_kind(stream_lattice *x, int32_t dim, int64_t size) {
    int32_t j = 0;
    while (j < x->n_kinds && (x->dim[j] != dim || x->prime[j] != size))
        ++j;
    if (j == STREAM_EXACT_MAX_KINDS)
        return false;
    if (j == x->n_kinds) {
        x->dim[j] = dim;
        x->prime[j] = size;
        x->multiplicity[j] = 0;
        x->n_kinds++;
    }
    x->multiplicity[j]++;
    x->n_loops++;
    return true;
}

static bool add_pinned(stream_lattice *x, const stream_loop_pin *pins, int32_t n) {
    bool room = true;
    for (int32_t i = 0; i < n; ++i)
        if (pins[i].size > 1)
            room = room && add_kind(x, pins[i].dim, pins[i].size);
    return room;
}

static int64_t most_states(const stream_mapping_problem *p) {
    int64_t keys = 2;
    for (int32_t o = 0; o < p->n_operands; ++o)
        keys *= p->operands[o].n_levels;
    return stream_min_i64(STREAM_EXACT_MAX_STATES, MAX_CELLS / keys);
}

/* Kinds, strides and states; false: there are too many. */
static bool add_all(stream_lattice *x, const loops *of) {
    const stream_mapping_problem *p = x->problem;
    int64_t states = 1;
    x->n_kinds = x->n_loops = 0;
    bool room = add_pinned(x, x->options->inner, x->options->n_inner) &&
                add_pinned(x, x->options->outer, x->options->n_outer);
    for (int32_t i = 0; i < p->n_loops; ++i)
        for (int32_t k = 0; k < of[p->loops[i].dim].n; ++k)
            room = room && add_kind(x, p->loops[i].dim, of[p->loops[i].dim].size[k]);
    for (int32_t j = 0; room && j < x->n_kinds; ++j) {
        x->stride[j] = (int32_t)states;
        states *= x->multiplicity[j] + 1;
        room = states <= most_states(p);
    }
    x->n_states = (int32_t)states;
    return room && x->n_loops <= STREAM_MAP_MAX_LOOPS;
}

stream_status stream_lattice_find_kinds(stream_lattice *x, const stream_diag *diag) {
    const stream_mapping_problem *p = x->problem;
    int64_t left[STREAM_NEST_MAX_DIMS];
    loops of[STREAM_NEST_MAX_DIMS];
    x->cycles = 1;
    for (int32_t d = 0; d < p->nest.n_dims; ++d)
        left[d] = 1;
    for (int32_t i = 0; i < p->n_loops; ++i) {
        left[p->loops[i].dim] = p->loops[i].size;
        x->cycles *= p->loops[i].size;
    }
    STREAM_TRY(take_pinned(x, x->options->inner, x->options->n_inner, left, diag));
    STREAM_TRY(take_pinned(x, x->options->outer, x->options->n_outer, left, diag));
    for (int32_t d = 0; d < p->nest.n_dims; ++d)
        factorise(left[d], &of[d]);
    while (!add_all(x, of)) {
        x->merged = true;
        if (!merge(of, p->nest.n_dims))
            return stream_error(diag, STREAM_UNSUPPORTED, p->nest.loc,
                                "the loops and the order that is asked for have more than %lld "
                                "combinations: more than the exact search takes",
                                (long long)most_states(p));
    }
    x->time = (double)(x->cycles * p->nest.cycles_per_op);
    return stream_lattice_check_pins(x, diag);
}
