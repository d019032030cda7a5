/* States and cuts through which no mapping of little enough energy leads.
 *
 * Energy is a sum over operands, so the least energy of a mapping that passes a state with c cuts
 * of operand o placed is at most
 *
 *     from the root to there + cost to go, of o with c cuts, + the least of the same of the others
 *
 * and where that is above the limit, the tables of the search need no entry: they become smaller
 * and better. */

#include "exact_search.h"

#include <math.h>

typedef struct {
    stream_exact *x;
    stream_arena *arena;
    double *from[STREAM_NEST_MAX_OPERANDS][STREAM_MAP_MAX_LEVELS]; /* [state] */
    double *to_go[STREAM_NEST_MAX_OPERANDS][STREAM_MAP_MAX_LEVELS];
} paths;

static double energy(const stream_exact *x, int32_t o, int32_t k, int32_t s) {
    return x->lattice.boundary[o][k][s].energy_pj;
}

/* The first boundary of an input is not placed yet: it is where a loop moves the input, or the
 * first cut. */
static bool begins(const stream_exact *x, int32_t o, int32_t c, int32_t s) {
    return o > 0 && c == 0 && x->lattice.stationary[o][s];
}

static double of_loop(const stream_exact *x, int32_t o, int32_t c, int32_t s, int32_t kind) {
    bool moves = begins(x, o, c, s) && !stream_kind_stationary(&x->lattice, o, kind);
    return moves ? energy(x, o, 0, s) : 0;
}

static double of_cut(const stream_exact *x, int32_t o, int32_t c, int32_t s) {
    double first = begins(x, o, c, s) ? energy(x, o, 0, s) : 0;
    return first + energy(x, o, c + 1, s);
}

static bool may_cut(const stream_exact *x, int32_t o, int32_t c, int32_t s) {
    return c + 1 < x->problem->operands[o].n_levels && stream_exact_fits_alone(x, o, c + 1, s);
}

/* up: the same with one more cut. */
static void find_to_go(const stream_exact *x, int32_t o, int32_t c, const double *up,
                       double *to_go) {
    const stream_lattice *lattice = &x->lattice;
    int32_t full = stream_lattice_full(lattice);
    for (int32_t s = full; s >= 0; --s) {
        to_go[s] = INFINITY;
        if (s == full && c + 1 == x->problem->operands[o].n_levels)
            to_go[s] = begins(x, o, c, s) ? energy(x, o, 0, s) : 0;
        for (int32_t j = 0; j < lattice->n_kinds; ++j)
            if (stream_lattice_can_add(lattice, s, j))
                to_go[s] =
                    smaller(to_go[s], to_go[s + lattice->stride[j]] + of_loop(x, o, c, s, j));
        if (may_cut(x, o, c, s))
            to_go[s] = smaller(to_go[s], up[s] + of_cut(x, o, c, s));
    }
}

/* `from` of c cuts, complete at s once all states below are done; leads on to c + 1. */
static void find_from(paths *p, int32_t o, int32_t c) {
    const stream_exact *x = p->x;
    const stream_lattice *lattice = &x->lattice;
    double *from = p->from[o][c];
    for (int32_t s = 0; s < lattice->n_states; ++s) {
        for (int32_t j = 0; j < lattice->n_kinds; ++j)
            if (stream_lattice_can_add(lattice, s, j)) {
                double *at = &from[s + lattice->stride[j]];
                *at = smaller(*at, from[s] + of_loop(x, o, c, s, j));
            }
        if (may_cut(x, o, c, s))
            p->from[o][c + 1][s] = from[s] + of_cut(x, o, c, s);
    }
}

static void find_paths(paths *p, int32_t o) {
    const stream_exact *x = p->x;
    int32_t n = x->problem->operands[o].n_levels;
    size_t states = (size_t)x->lattice.n_states;
    for (int32_t c = n - 1; c >= 0; --c) {
        p->to_go[o][c] = STREAM_NEW(p->arena, double, states);
        p->from[o][c] = STREAM_NEW(p->arena, double, states);
        for (size_t s = 0; s < states; ++s)
            p->from[o][c][s] = INFINITY;
        find_to_go(x, o, c, c + 1 < n ? p->to_go[o][c + 1] : NULL, p->to_go[o][c]);
    }
    p->from[o][0][0] = o == 0 ? energy(x, 0, 0, 0) : 0;
    for (int32_t c = 0; c < n; ++c)
        find_from(p, o, c);
}

static double least_of(const paths *p, int32_t o, int32_t s) {
    double least = INFINITY;
    for (int32_t c = 0; c < p->x->problem->operands[o].n_levels; ++c)
        least = smaller(least, p->from[o][c][s] + p->to_go[o][c][s]);
    return least;
}

static void mark_dead(const paths *p, int32_t s, double limit) {
    const stream_exact *x = p->x;
    double least[STREAM_NEST_MAX_OPERANDS];
    for (int32_t o = 0; o < x->problem->n_operands; ++o)
        least[o] = least_of(p, o, s);
    for (int32_t o = 0; o < x->problem->n_operands; ++o) {
        double others = x->problem->mac_pj * x->problem->macs;
        for (int32_t q = 0; q < x->problem->n_operands; ++q)
            others += q == o ? 0 : least[q];
        for (int32_t c = 0; c < x->problem->operands[o].n_levels; ++c)
            x->dead[o][c][s] = p->from[o][c][s] + p->to_go[o][c][s] + others > limit;
    }
}

void stream_exact_find_dead(stream_exact *x, stream_arena *arena, double limit) {
    paths p = {.x = x, .arena = arena};
    for (int32_t o = 0; o < x->problem->n_operands; ++o) {
        find_paths(&p, o);
        for (int32_t c = 0; c < x->problem->operands[o].n_levels; ++c)
            x->dead[o][c] = STREAM_NEW(arena, uint8_t, (size_t)x->lattice.n_states);
    }
    for (int32_t s = 0; s < x->lattice.n_states; ++s)
        mark_dead(&p, s, limit);
}

void stream_exact_energy_to_go(stream_exact *x, stream_arena *arena) {
    for (int32_t o = 0; o < x->problem->n_operands; ++o) {
        int32_t n = x->problem->operands[o].n_levels;
        for (int32_t c = n - 1; c >= 0; --c) {
            x->least[o][c] = STREAM_NEW(arena, double, (size_t)x->lattice.n_states);
            find_to_go(x, o, c, c + 1 < n ? x->least[o][c + 1] : NULL, x->least[o][c]);
        }
    }
}
