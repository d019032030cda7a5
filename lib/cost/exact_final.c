/* The price of a label at the full state, where all that happens once can be hidden. */

#include "exact_search.h"
#include "loading.h"

#include <math.h>
#include <string.h>

/* Transfers that happen once, by port, in the order of the port's functions (it decides ties). */
typedef struct {
    int32_t n, function[STREAM_MAP_MAX_FUNCTIONS];
    double cycles[STREAM_MAP_MAX_FUNCTIONS], low[STREAM_MAP_MAX_FUNCTIONS];
} once;

static void collect_once(const stream_exact *x, const double *acc, int32_t port,
                         const int32_t *first, once *out) {
    int32_t full = stream_lattice_full(&x->lattice);
    out->n = 0;
    for (int32_t f = 0; f < x->port[port]->n_functions; ++f) {
        const stream_port_function *g = &x->port[port]->functions[f];
        int32_t o = g->operand;
        bool above = g->direction == stream_move_direction(o, MOVE_ABOVE);
        int32_t k = g->level + above, move = above ? MOVE_ABOVE : MOVE_BELOW;
        if ((!above && g->direction != stream_move_direction(o, MOVE_BELOW)) || k < first[o] ||
            k >= x->problem->operands[o].n_levels)
            continue;
        const stream_boundary *b = &x->lattice.boundary[o][k][full];
        if (!b->active[move] || b->count != 1)
            continue;
        out->function[out->n] = f;
        out->cycles[out->n] = b->real[move];
        out->low[out->n++] = ceil(acc[x->acc_low[o]] / (double)x->port[port]->bw_max);
    }
}

static void hide(const stream_exact *x, const double *acc, const int32_t *first,
                 double (*cycles)[STREAM_MAP_MAX_LEVELS][STREAM_N_DIRECTIONS]) {
    for (int32_t i = 0; i < x->n_ports; ++i) {
        once c;
        collect_once(x, acc, i, first, &c);
        double rate = x->shared_acc[i] >= 0 ? acc[x->shared_acc[i] + PORT_RATE] : 0;
        double width = (double)x->port[i]->bw_max,
               surplus = (width - rate) / width * x->lattice.time;
        stream_hide(false, c.cycles, c.low, c.n, surplus > 0 ? surplus : 0);
        for (int32_t k = 0; k < c.n; ++k) {
            const stream_port_function *g = &x->port[i]->functions[c.function[k]];
            cycles[g->operand][g->level][g->direction] = c.cycles[k];
        }
    }
}

/* Closes every cut that is open at the full state. False: it does not fit. */
static bool close_all(const stream_exact *x, stream_open_label *label, int32_t *first) {
    const stream_mapping_problem *p = x->problem;
    int32_t full = stream_lattice_full(&x->lattice);
    for (int32_t o = 0; o < p->n_operands; ++o) {
        int32_t c = label->at.closed[o], n = p->operands[o].n_levels;
        if (label->at.even.allocated[o] < n && !stream_exact_allocate_cut(x, o, &label->at))
            return false;
        for (int32_t k = c + 1; k <= n; ++k) {
            int32_t m = p->operands[o].memory[k - 1], used = x->acc_used[m];
            bool reduces = o == 0 && label->at.reduces && k == c + 1;
            double bits = x->lattice.boundary[o][k][full].bits[reduces];
            if (bits + (used >= 0 ? label->acc[used] : 0) > (double)p->memories[m].size_bits)
                return false;
            if (used >= 0)
                label->acc[used] += bits;
            if (k == 1)
                label->acc[x->acc_low[o]] = x->lattice.boundary[o][1][full].low_bits;
        }
        first[o] = c == 0 && (o > 0 ? x->lattice.stationary[o][full] : full == 0) ? 0 : c + 1;
        for (int32_t k = o ? first[o] : c + 1; k < n; ++k) /* the root has boundary 0 of O */
            stream_exact_add_boundary(x, label->acc, o, k, full, false);
    }
    return true;
}

double stream_exact_final(const stream_exact *x, const stream_open_label *from) {
    const stream_mapping_problem *p = x->problem;
    int32_t full = stream_lattice_full(&x->lattice), first[STREAM_NEST_MAX_OPERANDS];
    double cycles[STREAM_NEST_MAX_OPERANDS][STREAM_MAP_MAX_LEVELS][STREAM_N_DIRECTIONS] = {{{0}}};
    stream_open_label label;
    label.at = from->at;
    memcpy(label.acc, from->acc, sizeof(double) * (size_t)x->n_acc);
    if (!close_all(x, &label, first))
        return INFINITY;
    if (x->n_bound == 1)
        return stream_exact_value(x, 0, label.acc[ACC_ENERGY]);
    hide(x, label.acc, first, cycles);
    for (int32_t o = 0; o < p->n_operands; ++o)
        for (int32_t k = from->at.closed[o] + 1; k < p->operands[o].n_levels; ++k) {
            if (x->lattice.boundary[o][k][full].count != 1)
                continue;
            double down = cycles[o][k][stream_move_direction(o, MOVE_BELOW)];
            double up = cycles[o][k - 1][stream_move_direction(o, MOVE_ABOVE)];
            double link = larger(down, up);
            if (o == 0)
                label.acc[ACC_OFFLOAD] += link;
            else {
                label.acc[stream_acc_link(o, x->link[o][k - 1])] += link;
                label.acc[stream_acc_link(o, LINK_TOTAL)] += link;
            }
        }
    for (int32_t o = 1; o < p->n_operands; ++o)
        label.acc[stream_acc_link(o, LINK_TOTAL)] = 0; /* the formula decides, not its bound */
    return stream_exact_value(x, stream_exact_latency(x, label.acc), label.acc[ACC_ENERGY]);
}
