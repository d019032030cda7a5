/* Loop orders that are given in part: which loops may follow a state, and which of them then lie
 * where a pin wants them; see exact_lattice.h.
 *
 * A pin with a size is one loop. A pin without is a run of one or more loops of its dim: how a dim
 * is split into primes is no business of the user's. What is pinned is a function of the state as
 * long as no dim comes twice among the pins from the first run on (inner), or up to the last
 * (outer). */

#include "exact_lattice.h"

#include <string.h>

/* Pins that name a size, counted from the innermost (inner) or outermost (outer) position. */
static int32_t sized(const stream_loop_pin *pins, int32_t n, bool from_end) {
    int32_t k = 0;
    while (k < n && pins[from_end ? n - 1 - k : k].size > 1)
        ++k;
    return k;
}

static stream_status check_runs(const stream_lattice *x, const stream_loop_pin *pins, int32_t n,
                                const stream_diag *diag) {
    for (int32_t i = 0; i < n; ++i)
        for (int32_t k = 0; k < i; ++k)
            if (pins[i].dim == pins[k].dim)
                return stream_error(diag, STREAM_UNSUPPORTED, x->problem->nest.loc,
                                    "the order pins '%s' twice, once without a size: the exact "
                                    "search takes that once",
                                    x->problem->nest.dims[pins[i].dim].name);
    return STREAM_OK;
}

static stream_status check_present(const stream_lattice *x, const stream_loop_pin *pins, int32_t n,
                                   const stream_diag *diag) {
    for (int32_t i = 0; i < n; ++i) {
        int32_t j = 0;
        while (j < x->n_kinds && x->dim[j] != pins[i].dim)
            ++j;
        if (j == x->n_kinds)
            return stream_error(diag, STREAM_INVALID, x->problem->nest.loc,
                                "the order pins '%s', of which nothing is left for time",
                                x->problem->nest.dims[pins[i].dim].name);
    }
    return STREAM_OK;
}

stream_status stream_lattice_check_pins(stream_lattice *x, const stream_diag *diag) {
    const stream_exact_options *o = x->options;
    x->inner_sized = sized(o->inner, o->n_inner, false);
    x->outer_sized = sized(o->outer, o->n_outer, true);
    STREAM_TRY(check_present(x, o->inner, o->n_inner, diag));
    STREAM_TRY(check_present(x, o->outer, o->n_outer, diag));
    if (o->n_inner > x->inner_sized)
        STREAM_TRY(check_runs(x, o->inner + x->inner_sized, o->n_inner - x->inner_sized, diag));
    return check_runs(x, o->outer, o->n_outer - x->outer_sized, diag);
}

static bool is_loop_of(const stream_lattice *x, const stream_loop_pin *pin, int32_t kind) {
    return pin->dim == x->dim[kind] && (pin->size <= 1 || pin->size == x->prime[kind]);
}

static void count_dims(const stream_lattice *x, const int32_t *count, int32_t *dims) {
    memset(dims, 0, sizeof(int32_t) * STREAM_NEST_MAX_DIMS);
    for (int32_t j = 0; j < x->n_kinds; ++j)
        dims[x->dim[j]] += count[j];
}

/* May a loop of `kind` follow the loops in `count` [kind]? *fixed: a pin wants it there. */
static bool follows_inner(const stream_lattice *x, const int32_t *count, int32_t n, int32_t kind,
                          bool *fixed) {
    const stream_loop_pin *pins = x->options->inner;
    int32_t dims[STREAM_NEST_MAX_DIMS], i = x->inner_sized;
    *fixed = true;
    if (n < i)
        return is_loop_of(x, &pins[n], kind);
    count_dims(x, count, dims);
    for (int32_t k = 0; k < i; ++k)
        dims[pins[k].dim]--;
    while (i < x->options->n_inner && dims[pins[i].dim] > 0)
        ++i;
    if (i < x->options->n_inner)
        return is_loop_of(x, &pins[i], kind) ||
               (i > x->inner_sized && pins[i - 1].size <= 1 && pins[i - 1].dim == x->dim[kind]);
    *fixed = false;
    return true;
}

/* The same from the outside: `left` [kind] are the loops that remain above the new one. */
static bool precedes_outer(const stream_lattice *x, const int32_t *left, int32_t n, int32_t kind,
                           bool *fixed) {
    const stream_loop_pin *pins = x->options->outer;
    int32_t dims[STREAM_NEST_MAX_DIMS], runs = x->options->n_outer - x->outer_sized, begun = 0;
    *fixed = true;
    if (n < x->outer_sized)
        return is_loop_of(x, &pins[x->options->n_outer - 1 - n], kind);
    count_dims(x, left, dims);
    for (int32_t k = runs; k < x->options->n_outer; ++k)
        dims[pins[k].dim]--;
    while (begun < runs && dims[pins[begun].dim] <= 0)
        ++begun;
    int32_t wanted = 0;
    for (int32_t k = begun; k < runs; ++k) {
        if (dims[pins[k].dim] <= 0)
            return false;
        wanted += dims[pins[k].dim];
    }
    *fixed = begun > 0;
    if (begun == 0)
        return true;
    return wanted == n - x->outer_sized &&
           (is_loop_of(x, &pins[begun - 1], kind) ||
            (begun < runs && pins[begun].size <= 1 && pins[begun].dim == x->dim[kind]));
}

void stream_lattice_pins(const stream_lattice *x, int32_t s, uint32_t *addable, uint32_t *fixed) {
    int32_t count[STREAM_EXACT_MAX_KINDS], left[STREAM_EXACT_MAX_KINDS], n = 0;
    bool pinned = x->options->n_inner > 0 || x->options->n_outer > 0;
    *addable = *fixed = 0;
    for (int32_t j = 0; j < x->n_kinds; ++j) {
        count[j] = x->count[s * x->n_kinds + j];
        left[j] = x->multiplicity[j] - count[j];
        n += count[j];
    }
    for (int32_t j = 0; j < x->n_kinds; ++j) {
        bool inner, outer;
        if (left[j] == 0)
            continue;
        *addable |= pinned ? 0 : 1u << j;
        if (!pinned)
            continue;
        left[j]--;
        if (follows_inner(x, count, n, j, &inner) &&
            precedes_outer(x, left, x->n_loops - n - 1, j, &outer)) {
            *addable |= 1u << j;
            *fixed |= inner || outer ? 1u << j : 0;
        }
        left[j]++;
    }
}
