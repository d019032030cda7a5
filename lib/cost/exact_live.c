/* States, loops and cuts through which no mapping of little enough energy leads.
 *
 * Energy is a sum over operands, so the least energy of a mapping that passes a state with c cuts
 * of operand o placed is at least
 *
 *     from the root to there + cost to go, of o with c cuts, + the least of the same of the others
 *
 * and all operands pass the same states: that of a mapping that takes one loop after a state is at
 * least the sum, over operands, of the least from the root to the state + loop + cost to go from
 * the next. Where that is above the limit, the loop is not taken there; what such loops cut off
 * from the root or from the full state is left out, and the tables of the search become smaller and
 * better. */

#include "exact_search.h"

#include <math.h>
#include <string.h>

typedef struct {
    const stream_lattice *lattice;
    double *from[STREAM_NEST_MAX_OPERANDS][STREAM_MAP_MAX_LEVELS]; /* [state] */
    double limit;
    double others[STREAM_NEST_MAX_OPERANDS]; /* the least energy of all but the operand */
} paths;

static int32_t levels(const stream_lattice *x, int32_t o) {
    return x->problem->operands[o].n_levels;
}

static double energy(const stream_lattice *x, int32_t o, int32_t k, int32_t s) {
    return x->boundary[o][k][s].energy_pj;
}

/* Of the first boundary of an input that is not placed yet: it is where a loop moves the input, or
 * the first cut. */
static double of_first(const stream_lattice *x, int32_t o, int32_t c, int32_t s) {
    return o > 0 && c == 0 && x->stationary[o][s] ? energy(x, o, 0, s) : 0;
}

static bool may_cut(const stream_lattice *x, int32_t o, int32_t c, int32_t s) {
    return c + 1 < levels(x, o) && stream_lattice_fits_alone(x, o, c + 1, s);
}

/* Kinds that leave the operand where it is. */
static uint32_t stationary_kinds(const stream_lattice *x, int32_t o) {
    uint32_t kinds = 0;
    for (int32_t j = 0; j < x->n_kinds; ++j)
        kinds |= stream_kind_stationary(x, o, j) ? 1u << j : 0;
    return kinds;
}

/* up: the same with one more cut. */
static void find_to_go(const stream_lattice *x, int32_t o, int32_t c, const double *up,
                       double *to_go) {
    int32_t full = stream_lattice_full(x);
    uint32_t stays = stationary_kinds(x, o);
    for (int32_t s = full; s >= 0; --s) {
        double first = of_first(x, o, c, s);
        double least = s == full && c + 1 == levels(x, o) ? first : INFINITY;
        for (uint32_t kinds = x->addable[s]; kinds; kinds &= kinds - 1) {
            int32_t j = stream_lowest_bit(kinds);
            least = smaller(least, to_go[s + x->stride[j]] + (stays >> j & 1 ? 0 : first));
        }
        if (may_cut(x, o, c, s))
            least = smaller(least, up[s] + (first + energy(x, o, c + 1, s)));
        to_go[s] = least;
    }
}

void stream_lattice_energy_to_go(stream_lattice *x, stream_arena *arena) {
    for (int32_t o = 0; o < x->problem->n_operands; ++o)
        for (int32_t c = levels(x, o) - 1; c >= 0; --c) {
            x->energy_to_go[o][c] = STREAM_NEW(arena, double, (size_t)x->n_states);
            find_to_go(x, o, c, c + 1 < levels(x, o) ? x->energy_to_go[o][c + 1] : NULL,
                       x->energy_to_go[o][c]);
        }
}

/* `from` of c cuts, complete at s once all states below are done; leads on to c + 1. INFINITY where
 * no mapping of little enough energy leads. */
static void find_from(paths *p, int32_t o, int32_t c) {
    const stream_lattice *x = p->lattice;
    const double *to_go = x->energy_to_go[o][c];
    double *from = p->from[o][c], most = p->limit - p->others[o];
    uint32_t stays = stationary_kinds(x, o);
    for (int32_t s = 0; s < x->n_states; ++s) {
        if (!(from[s] + to_go[s] <= most)) {
            from[s] = INFINITY;
            continue;
        }
        double first = of_first(x, o, c, s);
        for (uint32_t kinds = x->addable[s]; kinds; kinds &= kinds - 1) {
            int32_t j = stream_lowest_bit(kinds);
            double *at = &from[s + x->stride[j]];
            *at = smaller(*at, from[s] + (stays >> j & 1 ? 0 : first));
        }
        if (may_cut(x, o, c, s))
            p->from[o][c + 1][s] = from[s] + (first + energy(x, o, c + 1, s));
    }
}

static void find_paths(paths *p, stream_arena *arena) {
    const stream_lattice *x = p->lattice;
    double root = energy(x, 0, 0, 0), all = x->problem->mac_pj * x->problem->macs + root;
    for (int32_t o = 0; o < x->problem->n_operands; ++o)
        all += x->energy_to_go[o][0][0];
    for (int32_t o = 0; o < x->problem->n_operands; ++o) {
        p->others[o] = all - x->energy_to_go[o][0][0] - (o == 0 ? root : 0);
        for (int32_t c = 0; c < levels(x, o); ++c) {
            p->from[o][c] = STREAM_NEW(arena, double, (size_t)x->n_states);
            for (int32_t s = 0; s < x->n_states; ++s)
                p->from[o][c][s] = INFINITY;
        }
        p->from[o][0][0] = o == 0 ? root : 0;
        for (int32_t c = 0; c < levels(x, o); ++c)
            find_from(p, o, c);
    }
}

/* Can a mapping of little enough energy take the loop after state s? */
static bool can_take(const paths *p, int32_t s, int32_t kind) {
    const stream_lattice *x = p->lattice;
    double sum = x->problem->mac_pj * x->problem->macs;
    for (int32_t o = 0; o < x->problem->n_operands && sum <= p->limit; ++o) {
        double least = INFINITY;
        bool stays = stream_kind_stationary(x, o, kind);
        for (int32_t c = 0; c < levels(x, o); ++c)
            least = smaller(least, p->from[o][c][s] + (stays ? 0 : of_first(x, o, c, s)) +
                                       x->energy_to_go[o][c][s + x->stride[kind]]);
        sum += least;
    }
    return sum <= p->limit;
}

/* Loops that such a mapping may take, [state]: none where none comes from the root or none leads to
 * the full state. */
static uint32_t *find_loops(const paths *p, stream_arena *arena) {
    const stream_lattice *x = p->lattice;
    int32_t full = stream_lattice_full(x);
    uint32_t *loops = STREAM_NEW(arena, uint32_t, (size_t)x->n_states);
    uint8_t *passed = STREAM_NEW(arena, uint8_t, (size_t)x->n_states);
    passed[0] = 1;
    for (int32_t s = 0; s < full; ++s)
        for (uint32_t kinds = passed[s] ? x->addable[s] : 0; kinds; kinds &= kinds - 1) {
            int32_t j = stream_lowest_bit(kinds);
            if (!can_take(p, s, j))
                continue;
            loops[s] |= 1u << j;
            passed[s + x->stride[j]] = 1;
        }
    for (int32_t s = full - 1; s >= 0; --s)
        for (uint32_t kinds = loops[s]; kinds; kinds &= kinds - 1) {
            int32_t j = stream_lowest_bit(kinds), to = s + x->stride[j];
            if (to != full && loops[to] == 0)
                loops[s] &= ~(1u << j);
        }
    return loops;
}

static void mark_dead(const paths *p, stream_exact *x, int32_t s) {
    const stream_lattice *lattice = p->lattice;
    double least[STREAM_NEST_MAX_OPERANDS], sum = x->problem->mac_pj * x->problem->macs;
    for (int32_t o = 0; o < x->problem->n_operands; ++o) {
        least[o] = INFINITY;
        for (int32_t c = 0; c < levels(lattice, o); ++c)
            least[o] = smaller(least[o], p->from[o][c][s] + lattice->energy_to_go[o][c][s]);
        sum += least[o];
    }
    for (int32_t o = 0; o < x->problem->n_operands; ++o)
        for (int32_t c = 0; c < levels(lattice, o); ++c)
            x->dead[o][c][s] =
                !(sum - least[o] + p->from[o][c][s] + lattice->energy_to_go[o][c][s] <= p->limit);
}

void stream_exact_find_dead(stream_exact *x, stream_arena *arena, double limit) {
    paths p = {.lattice = &x->lattice, .limit = limit};
    int32_t full = stream_lattice_full(&x->lattice);
    find_paths(&p, arena);
    uint32_t *loops = find_loops(&p, arena);
    for (int32_t o = 0; o < x->problem->n_operands; ++o)
        for (int32_t c = 0; c < levels(&x->lattice, o); ++c) {
            x->dead[o][c] = STREAM_NEW(arena, uint8_t, (size_t)x->lattice.n_states);
            memset(x->dead[o][c], 1, (size_t)x->lattice.n_states);
        }
    for (int32_t s = 0; s <= full; ++s)
        if (loops[s] || s == full)
            mark_dead(&p, x, s);
    x->lattice.addable = loops;
}

bool stream_exact_limit_energy(stream_exact *x, stream_arena *arena,
                               const stream_open_label *root) {
    static const double worth = 0.98;
    double energy = root->acc[ACC_ENERGY];
    for (int32_t o = 0; o < x->problem->n_operands; ++o)
        energy += x->least[o][0][ACC_ENERGY];
    double limit = x->incumbent * energy / stream_exact_bound(x, root);
    if (!(limit < x->energy_limit * worth))
        return false;
    x->energy_limit = limit;
    stream_lattice_energy_to_go(&x->lattice, arena);
    stream_exact_find_dead(x, arena, limit * (1 + 1e-9));
    stream_exact_cost_to_go(x, arena);
    return true;
}

void stream_exact_number_rows(stream_exact *x, stream_arena *arena) {
    x->row = STREAM_NEW(arena, int32_t, (size_t)x->lattice.n_states);
    for (int32_t s = 0; s < x->lattice.n_states; ++s) {
        bool live = true; /* the root's is always asked for */
        for (int32_t o = 0; s > 0 && x->n_bound > 1 && live && o < x->problem->n_operands; ++o) {
            live = false;
            for (int32_t c = 0; c < levels(&x->lattice, o); ++c)
                live |= !stream_exact_is_dead(x, o, c, s);
        }
        x->row[s] = live ? x->n_rows++ : -1;
    }
}
