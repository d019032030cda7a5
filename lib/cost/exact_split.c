/* Bounds by which transfers happen once.
 *
 * The last cut of an operand lies at the full state, and then its transfer from and to the top
 * memory happens once and may hide behind the computation; or it lies below, and then the transfer
 * repeats and takes from the time in which others can hide. A cost to go that takes the better of
 * both for every accumulator lets all of them hide for nothing. Here a bound is taken for each
 * combination, and the least of them counts: in each, what happens once is known, and as a port
 * hides the largest first, what is left of it at least is, too. */

#include "exact_search.h"

#include <math.h>
#include <string.h>

/* The combination: bit per operand, its last cut lies at the full state. */
typedef struct {
    const stream_exact *x;
    const stream_open_label *label;
    uint32_t at_full;
    int32_t outermost; /* kind of loop, -1: any */
    double low[STREAM_NEST_MAX_OPERANDS],
        high[STREAM_NEST_MAX_OPERANDS]; /* bits, bound of hiding */
} choice;

static bool is_last(const stream_exact *x, int32_t o, int32_t boundary) {
    return boundary + 1 == x->problem->operands[o].n_levels;
}

static bool is_open(const stream_exact *x, const stream_label *at, int32_t o) {
    return at->closed[o] + 1 < x->problem->operands[o].n_levels;
}

/* What is known of the content of the innermost memories: more loops below a cut, more content. */
static void find_lows(choice *c) {
    const stream_exact *x = c->x;
    const stream_label *at = &c->label->at;
    for (int32_t o = 0; o < x->problem->n_operands; ++o) {
        const stream_boundary *first = x->lattice.boundary[o][1];
        c->low[o] = larger(x->least_low[o], o > 0 ? first[at->state].low_bits : 0);
        c->high[o] = x->most_low[o];
        if (at->closed[o] > 0)
            c->low[o] = c->high[o] = c->label->acc[x->acc_low[o]];
        else if (x->problem->operands[o].n_levels == 2 && (c->at_full >> o & 1))
            c->low[o] = c->high[o] = first[stream_lattice_full(&x->lattice)].low_bits;
    }
}

/* The transfers of a port that happen once. left: the least that is left of each; taken: the time
 * that it takes at least from those behind it, if there is that much. */
typedef struct {
    int32_t n, operand[STREAM_MAP_MAX_FUNCTIONS];
    double cycles[STREAM_MAP_MAX_FUNCTIONS], left[STREAM_MAP_MAX_FUNCTIONS];
    double taken[STREAM_MAP_MAX_FUNCTIONS], surplus;
} once;

static double surplus_of(const stream_exact *x, int32_t port, const double *acc) {
    double width = (double)x->port[port]->bw_max;
    double rate = x->shared_acc[port] >= 0 ? acc[x->shared_acc[port] + PORT_RATE] : 0;
    return larger(0, (width - rate) / width * x->lattice.time);
}

/* Time to hide in that the longer ones leave to one of that length. */
static double left_to(const once *all, double cycles) {
    double surplus = all->surplus;
    for (int32_t i = 0; i < all->n; ++i)
        if (all->cycles[i] > cycles)
            surplus -= all->taken[i];
    return larger(0, surplus);
}

static void hide(const choice *c, int32_t port, const double *acc, once *all) {
    double width = (double)c->x->port[port]->bw_max;
    all->surplus = surplus_of(c->x, port, acc);
    for (int32_t i = 0; i < all->n; ++i)
        all->taken[i] = larger(0, all->cycles[i] - ceil(c->high[all->operand[i]] / width));
    for (int32_t i = 0; i < all->n; ++i) {
        double low = smaller(ceil(c->low[all->operand[i]] / width), all->cycles[i]);
        all->left[i] = larger(low, all->cycles[i] - left_to(all, all->cycles[i]));
    }
}

/* What is left of the transfers of an input and the output together, whichever of them hides. */
static double left_together(const once *all, int32_t input) {
    double sum = 0, longest = 0;
    for (int32_t i = 0; i < all->n; ++i)
        if (all->operand[i] == 0 || all->operand[i] == input) {
            sum += all->cycles[i];
            longest = larger(longest, all->cycles[i]);
        }
    return sum - left_to(all, longest);
}

static void find_once(const choice *c, int32_t port, once *out) {
    const stream_exact *x = c->x;
    out->n = 0;
    for (int32_t o = 0; o < x->problem->n_operands; ++o)
        for (int32_t i = 0; (c->at_full >> o & 1) && i < x->n_once[o]; ++i) {
            const stream_once *t = &x->once_of[o][i];
            if (t->port != port || !is_last(x, o, t->boundary))
                continue;
            out->operand[out->n] = o;
            out->cycles[out->n++] = t->cycles;
        }
}

static void add_links(const choice *c, double *acc) {
    const stream_exact *x = c->x;
    double link[STREAM_NEST_MAX_OPERANDS] = {0}, together[STREAM_NEST_MAX_OPERANDS] = {0};
    for (int32_t i = 0; i < x->n_last; ++i) {
        once all;
        find_once(c, x->last_port[i], &all);
        if (all.n == 0)
            continue;
        hide(c, x->last_port[i], acc, &all);
        for (int32_t k = 0; k < all.n; ++k)
            link[all.operand[k]] = larger(link[all.operand[k]], all.left[k]);
        for (int32_t w = 1; w < x->problem->n_operands; ++w)
            together[w] = larger(together[w], left_together(&all, w));
    }
    acc[ACC_OFFLOAD] += link[0];
    for (int32_t o = 1; o < x->problem->n_operands; ++o) {
        if (c->at_full >> o & 1)
            acc[stream_acc_link(o, x->link[o][x->problem->operands[o].n_levels - 2])] += link[o];
        acc[stream_acc_link(o, LINK_TOTAL)] += larger(link[o], together[o] - link[0]);
    }
}

/* False: the label cannot end so. */
static bool add_to_go(const choice *c, double *acc) {
    const stream_exact *x = c->x;
    memcpy(acc, c->label->acc, sizeof(double) * (size_t)x->n_bound);
    for (int32_t o = 0; o < x->problem->n_operands; ++o) {
        stream_last_cut last = c->at_full >> o & 1 ? STREAM_LAST_FULL : STREAM_LAST_BELOW;
        const double *rest = c->outermost >= 0 && last == STREAM_LAST_BELOW
                                 ? x->under[c->outermost][o][c->label->at.closed[o]]
                                 : x->split[last][o][c->label->at.closed[o]];
        rest += stream_exact_row(x, c->label->at.state, x->n_bound);
        double stall = larger(acc[ACC_STALL], rest[ACC_STALL]);
        if (rest[ACC_ENERGY] == INFINITY)
            return false;
        for (int32_t i = 0; i < x->n_bound; ++i)
            acc[i] += rest[i];
        acc[ACC_STALL] = stall;
    }
    return true;
}

static double bound_of(stream_exact *x, choice *c) {
    double acc[STREAM_EXACT_MAX_ACC];
    stream_exact_spend(x, STREAM_STEPS_COMBINATION);
    if (!add_to_go(c, acc))
        return INFINITY;
    find_lows(c);
    add_links(c, acc);
    return stream_exact_value(c->x, stream_exact_latency(c->x, acc), acc[ACC_ENERGY]);
}

/* The least over the kinds of the outermost loop, which all operands have in common. */
static double bound_by_loop(stream_exact *x, choice *c) {
    double least = INFINITY;
    for (int32_t j = 0; j < x->lattice.n_kinds; ++j)
        if (x->under[j][0][0] && stream_lattice_has(&x->lattice, c->label->at.state, j)) {
            c->outermost = j;
            least = smaller(least, bound_of(x, c));
        }
    c->outermost = -1;
    return least;
}

/* Counts whether the second of two bounds was worth it: it prunes, or comes a good deal nearer. */
static void count(stream_exact_use *use, double first, double second) {
    enum {
        TRIES = 1024,
        LEAST = TRIES / 8
    };
    use->helped += second > first * (1 + 1e-9);
    if (++use->tried < TRIES)
        return;
    use->used &= use->helped >= LEAST;
    use->tried = use->helped = 0;
}

static double bound_of_cuts(stream_exact *x, choice *c, uint32_t open) {
    double bound = bound_of(x, c);
    if (!x->by_loop.used || c->at_full == open || bound >= x->incumbent * x->near)
        return bound;
    double better = bound_by_loop(x, c);
    count(&x->by_loop, bound, better);
    return larger(bound, better);
}

/* The least over all combinations; `enough` or less if it is no larger. */
static double bound_by_cuts(stream_exact *x, const stream_open_label *label, double enough) {
    uint32_t open = 0;
    for (int32_t o = 0; o < x->problem->n_operands; ++o)
        open |= is_open(x, &label->at, o) ? 1u << o : 0;
    choice c = {.x = x, .label = label, .at_full = x->likely & open, .outermost = -1};
    uint32_t first = c.at_full;
    double least = bound_of_cuts(x, &c, open);
    for (uint32_t rest = open;; rest = (rest - 1) & open) {
        c.at_full = rest;
        double bound = rest == first ? INFINITY : bound_of_cuts(x, &c, open);
        if (bound < least) {
            least = bound;
            x->likely = rest;
        }
        if (rest == 0 || least <= enough)
            return least;
    }
}

double stream_exact_better_bound(stream_exact *x, const stream_open_label *label, double bound) {
    if (!x->by_cuts.used || bound >= x->incumbent * x->near)
        return bound;
    double better = bound_by_cuts(x, label, bound);
    count(&x->by_cuts, bound, better);
    return larger(bound, better);
}

double stream_exact_best_bound(stream_exact *x, const stream_open_label *label) {
    return stream_exact_better_bound(x, label, stream_exact_bound(x, label));
}

static void find_most_low(stream_exact *x, int32_t o) {
    x->most_low[o] = 0;
    for (int32_t s = 0; s < x->lattice.n_states; ++s)
        if (stream_lattice_fits_alone(&x->lattice, o, 1, s))
            x->most_low[o] = larger(x->most_low[o], x->lattice.boundary[o][1][s].low_bits);
}

static void find_last_ports(stream_exact *x) {
    bool found[STREAM_EXACT_MAX_PORTS] = {false};
    for (int32_t o = 0; o < x->problem->n_operands; ++o)
        for (int32_t i = 0; i < x->n_once[o]; ++i)
            found[x->once_of[o][i].port] |= is_last(x, o, x->once_of[o][i].boundary);
    for (int32_t p = 0; p < x->n_ports; ++p)
        if (found[p])
            x->last_port[x->n_last++] = p;
}

void stream_exact_split_by_cuts(stream_exact *x, stream_arena *arena) {
    for (int32_t o = 0; o < x->problem->n_operands; ++o) {
        find_most_low(x, o);
        for (int32_t last = 0; last < STREAM_N_LAST; ++last)
            stream_exact_cost_to_last(x, arena, o, (stream_last_cut)last, -1, x->split[last][o]);
    }
    find_last_ports(x);
    x->by_cuts.built = x->by_cuts.used = true;
}

void stream_exact_split_by_loop(stream_exact *x, stream_arena *arena) {
    int32_t full = stream_lattice_full(&x->lattice);
    for (int32_t j = 0; j < x->lattice.n_kinds; ++j)
        for (int32_t o = 0; o < x->problem->n_operands; ++o)
            if (stream_lattice_can_add(&x->lattice, full - x->lattice.stride[j], j))
                stream_exact_cost_to_last(x, arena, o, STREAM_LAST_BELOW, j, x->under[j][o]);
    x->by_loop.built = x->by_loop.used = true;
}
