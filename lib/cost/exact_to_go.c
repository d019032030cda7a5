/* Costs to go, per operand and accumulator, ignoring the other operands; reference section 3.4. */

#include "exact_search.h"

#include <math.h>
#include <string.h>

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

/* A cost to go: all accumulators at their least, or those of ports at their most; where the last
 * cut lies. */
typedef struct {
    bool most;
    int32_t from, n;
    stream_last_cut last;
    int32_t outermost; /* kind of loop, -1: any */
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
            smaller(stall, base ? larger(base[ACC_STALL], rest[ACC_STALL]) : rest[ACC_STALL]);
}

/* Cost to go of operand o with c cuts closed, [row]; `up` is the same with c + 1, or NULL if cut
 * c + 1 is the top memory, which takes the rest. */
typedef struct {
    int32_t o, c;
    const double *up;
    double *table;
} cuts;

/* May a loop of the kind lead to state `to`? */
static bool may_add(const stream_exact *x, const cuts *t, part p, int32_t to, int32_t kind) {
    bool outermost = to == stream_lattice_full(&x->lattice);
    return !stream_exact_is_dead(x, t->o, t->c, to) &&
           (!outermost || p.outermost < 0 || p.outermost == kind);
}

/* The next cut is the last one, and the table says where it lies. */
static bool is_apart(const stream_exact *x, const cuts *t, part p) {
    return p.last != STREAM_LAST_ANYWHERE && t->c + 2 == x->problem->operands[t->o].n_levels;
}

static bool may_close(const stream_exact *x, const cuts *t, part p, int32_t s) {
    bool full = s == stream_lattice_full(&x->lattice);
    return t->up && !stream_exact_is_dead(x, t->o, t->c + 1, s) &&
           (!is_apart(x, t, p) || full == (p.last == STREAM_LAST_FULL)) &&
           stream_lattice_fits_alone(&x->lattice, t->o, t->c + 1, s);
}

static void go_from(const stream_exact *x, const cuts *t, part p, int32_t s) {
    const stream_lattice *lattice = &x->lattice;
    double *at = t->table + stream_exact_row(x, s, p.n), base[STREAM_EXACT_MAX_ACC];
    bool first = t->o > 0 && t->c == 0 && lattice->stationary[t->o][s];
    bool ends = s == stream_lattice_full(lattice) && !t->up, closes = may_close(x, t, p, s);
    if (first || ends || closes)
        memset(base, 0, sizeof(double) * (size_t)x->n_bound);
    if (first)
        stream_exact_add_boundary(x, base, t->o, 0, s, true);
    if (ends) {
        memcpy(at, base + p.from, sizeof(double) * (size_t)p.n);
        return;
    }
    for (int32_t i = 0; i < p.n; ++i)
        at[i] = p.most ? -INFINITY : INFINITY;
    for (uint32_t kinds = lattice->addable[s]; kinds; kinds &= kinds - 1) {
        int32_t j = stream_lowest_bit(kinds), to = s + lattice->stride[j];
        if (!may_add(x, t, p, to, j))
            continue;
        bool leaves = first && !lattice->stationary[t->o][to];
        relax(p, at, leaves ? base : NULL, t->table + stream_exact_row(x, to, p.n));
    }
    if (closes) {
        stream_exact_add_boundary(x, base, t->o, t->c + 1, s, !is_apart(x, t, p));
        relax(p, at, base, t->up + stream_exact_row(x, s, p.n));
    }
}

static void go_one(const stream_exact *x, int32_t o, int32_t c, const double *up, part p,
                   double *table) {
    cuts t = {o, c, up, table};
    for (int32_t s = stream_lattice_full(&x->lattice); s >= 0; --s)
        if (!stream_exact_is_dead(x, o, c, s))
            go_from(x, &t, p, s);
}

static void go(stream_exact *x, stream_arena *arena, part p,
               double *table[STREAM_NEST_MAX_OPERANDS][STREAM_MAP_MAX_LEVELS]) {
    size_t cells = (size_t)x->n_rows * (size_t)p.n;
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
    for (int32_t i = 0; i < x->n_ports; ++i) {
        double rate = 0;
        for (int32_t o = 0; x->shared_acc[i] >= 0 && o < x->problem->n_operands; ++o)
            rate += x->least[o][0][x->shared_acc[i] + PORT_RATE];
        x->saturated[i] = rate >= (double)x->port[i]->bw_max;
        any |= x->saturated[i];
    }
    return any;
}

void stream_exact_cost_to_go(stream_exact *x, stream_arena *arena) {
    part least = {false, 0, x->n_bound, STREAM_LAST_ANYWHERE, -1};
    part most = {true, x->most_from, x->n_most, STREAM_LAST_ANYWHERE, -1};
    if (x->n_bound == 1) {
        memcpy(x->least, x->lattice.energy_to_go, sizeof x->least);
        return;
    }
    go(x, arena, least, x->least);
    if (find_saturated(x))
        go(x, arena, least, x->least);
    if (x->n_most > 0)
        go(x, arena, most, x->most);
}

void stream_exact_cost_to_last(stream_exact *x, stream_arena *arena, int32_t o,
                               stream_last_cut last, int32_t outermost, double **table) {
    part p = {false, 0, x->n_bound, last, outermost};
    size_t cells = (size_t)x->n_rows * (size_t)p.n;
    int32_t n = x->problem->operands[o].n_levels;
    table[n - 1] = outermost < 0 ? x->least[o][n - 1] : NULL;
    for (int32_t c = n - 1; c >= 0; --c) {
        if (table[c])
            continue;
        table[c] = STREAM_NEW(arena, double, cells);
        go_one(x, o, c, c + 1 < n ? table[c + 1] : NULL, p, table[c]);
    }
}
