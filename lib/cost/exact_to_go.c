/* Costs to go, per operand and accumulator, ignoring the other operands; reference section 3.4. */

#include "exact_search.h"

#include <math.h>
#include <string.h>

static bool fits_alone(const stream_exact *x, int32_t o, int32_t k, int32_t state) {
    const stream_mapping_problem *p = x->problem;
    const stream_boundary *b = &x->lattice.boundary[o][k][state];
    return !b->no_port && b->bits[0] <= (double)p->memories[p->operands[o].memory[k - 1]].size_bits;
}

/* One step of the backward recursion for accumulators from..from+n: at[] keeps the least, or the
 * most, of what it holds and of base + rest; base NULL: nothing is added. */
static void keep_least(double *at, const double *base, const double *rest, int32_t n) {
    for (int32_t i = 0; i < n; ++i) {
        double value = base ? base[i] + rest[i] : rest[i];
        at[i] = value < at[i] ? value : at[i];
    }
}

static void keep_most(double *at, const double *base, const double *rest, int32_t n) {
    for (int32_t i = 0; i < n; ++i) {
        double value = base ? base[i] + rest[i] : rest[i];
        at[i] = value > at[i] ? value : at[i];
    }
}

/* A cost to go: all accumulators at their least, or those of ports at their most. */
typedef struct {
    bool most;
    int32_t from, n;
} part;

static void relax(part p, double *at, const double *base, const double *rest) {
    const double *added = base ? base + p.from : NULL;
    if (p.most) {
        keep_most(at, added, rest, p.n);
        return;
    }
    double stall = p.n > ACC_STALL ? at[ACC_STALL] : 0;
    keep_least(at, added, rest, p.n);
    if (p.n > ACC_STALL) /* a maximum, not a sum */
        at[ACC_STALL] =
            fmin(stall, base ? fmax(base[ACC_STALL], rest[ACC_STALL]) : rest[ACC_STALL]);
}

/* Cost to go of operand o with c cuts closed, from every state; `up` is the same with c + 1, or
 * NULL if cut c + 1 is the top memory, which takes the rest. */
static void go_one(const stream_exact *x, int32_t o, int32_t c, const double *up, part p,
                   double *table) {
    const stream_lattice *lattice = &x->lattice;
    size_t stride = (size_t)p.n;
    for (int32_t s = lattice->n_states - 1; s >= 0; --s) {
        double *at = table + (size_t)s * stride, base[STREAM_EXACT_MAX_ACC];
        bool open0 = o > 0 && c == 0 && lattice->stationary[o][s];
        memset(base, 0, sizeof(double) * (size_t)x->n_bound);
        for (int32_t i = 0; i < p.n; ++i)
            at[i] = p.most ? -INFINITY : INFINITY;
        if (open0)
            stream_exact_add_boundary(x, base, o, 0, s, true);
        if (s == lattice->n_states - 1 && !up) {
            memcpy(at, base + p.from, sizeof(double) * stride);
            continue;
        }
        for (int32_t j = 0; j < lattice->n_kinds; ++j)
            if (stream_lattice_can_add(lattice, s, j)) {
                int32_t t = s + lattice->stride[j];
                bool leaves = open0 && !lattice->stationary[o][t];
                relax(p, at, leaves ? base : NULL, table + (size_t)t * stride);
            }
        if (up && fits_alone(x, o, c + 1, s)) {
            stream_exact_add_boundary(x, base, o, c + 1, s, true);
            relax(p, at, base, up + (size_t)s * stride);
        }
    }
}

static void go(stream_exact *x, stream_arena *arena, part p,
               double *table[STREAM_NEST_MAX_OPERANDS][STREAM_MAP_MAX_LEVELS]) {
    size_t cells = (size_t)x->lattice.n_states * (size_t)p.n;
    for (int32_t o = 0; o < x->problem->n_operands; ++o) {
        int32_t n = x->problem->operands[o].n_levels;
        for (int32_t c = n - 1; c >= 0; --c) {
            if (!table[o][c])
                table[o][c] = STREAM_NEW(arena, double, cells);
            go_one(x, o, c, c + 1 < n ? table[o][c + 1] : NULL, p, table[o][c]);
        }
    }
}

/* Ports whose repeated transfers fill them in every mapping: nothing can hide there. */
static bool find_saturated(stream_exact *x) {
    bool any = false;
    for (int32_t i = 0; x->n_bound > 1 && i < x->n_ports; ++i) {
        double rate = 0;
        for (int32_t o = 0; x->shared_acc[i] >= 0 && o < x->problem->n_operands; ++o)
            rate += x->least[o][0][x->shared_acc[i] + PORT_RATE];
        x->saturated[i] = rate >= (double)x->port[i]->bw_max;
        any |= x->saturated[i];
    }
    return any;
}

void stream_exact_cost_to_go(stream_exact *x, stream_arena *arena) {
    part least = {false, 0, x->n_bound}, most = {true, x->most_from, x->n_most};
    go(x, arena, least, x->least);
    if (find_saturated(x))
        go(x, arena, least, x->least);
    if (x->n_most > 0)
        go(x, arena, most, x->most);
}
