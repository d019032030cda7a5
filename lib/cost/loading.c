/* On- and off-loading; reference sections 5.6 and 11.1. */

#include "loading.h"

#include <math.h>

/* Indices of c, largest first, stable. */
static void rank(const double *c, int32_t n, int32_t *index) {
    for (int32_t i = 0; i < n; ++i) {
        int32_t k = i;
        for (; k > 0 && c[index[k - 1]] < c[i]; --k)
            index[k] = index[k - 1];
        index[k] = i;
    }
}

static void hide_largest_first(double *c, const double *low, int32_t n, const int32_t *index,
                               double surplus) {
    for (int32_t i = 0; i < n && surplus > 0; ++i) {
        double cut = c[index[i]] - low[index[i]];
        cut = cut < 0 ? 0 : cut > surplus ? surplus : cut;
        c[index[i]] -= cut;
        surplus -= cut;
    }
}

/* [Q] Later steps push the earlier, already reduced transfers below their bounds. */
static void hide_balanced(double *c, const double *low, int32_t n, const int32_t *index,
                          double surplus) {
    double sorted[STREAM_MAP_MAX_FUNCTIONS];
    for (int32_t i = 0; i < n; ++i)
        sorted[i] = c[index[i]];
    for (int32_t i = 0; i < n; ++i) {
        double most = (sorted[i] - low[index[i]]) * (i + 1);
        bool full = surplus >= most;
        double cut = full ? sorted[i] - low[index[i]] : surplus / (i + 1);
        for (int32_t k = 0; k <= i; ++k)
            sorted[k] -= cut;
        if (!full)
            break;
        surplus -= most;
    }
    for (int32_t i = 0; i < n; ++i)
        c[index[i]] = sorted[i];
}

void stream_hide(bool past_bounds, double *c, const double *low, int32_t n, double surplus) {
    int32_t index[STREAM_MAP_MAX_FUNCTIONS];
    if (surplus <= 0 || n < 1)
        return;
    rank(c, n, index);
    if (past_bounds)
        hide_balanced(c, low, n, index, surplus);
    else
        hide_largest_first(c, low, n, index, surplus);
}

static bool loads_nothing(const stream_port_function *f) {
    return f->operand == 0 && (f->direction == STREAM_TO_LOW || f->direction == STREAM_FROM_HIGH);
}

static void load_port(const stream_mapping_problem *problem, const stream_movements *moves,
                      const stream_real_cycles *real, const stream_map_port *port, double time,
                      stream_loads *out) {
    double c[STREAM_MAP_MAX_FUNCTIONS], low[STREAM_MAP_MAX_FUNCTIONS];
    int32_t at[STREAM_MAP_MAX_FUNCTIONS], n = 0;
    int64_t busy = 0, cpo = problem->nest.cycles_per_op;
    for (int32_t i = 0; i < port->n_functions; ++i) {
        const stream_port_function *f = &port->functions[i];
        const stream_movement *m = &moves->at[f->operand][f->level];
        if (loads_nothing(f) || m->count[f->direction] == 0)
            continue;
        double cycles = (double)real->real[f->operand][f->level][f->direction];
        out->shared[f->operand][f->level][f->direction] = port->both_inputs;
        out->cycles[f->operand][f->level][f->direction] = cycles;
        if (m->count[f->direction] == 1) {
            c[n] = cycles;
            low[n] = ceil((double)moves->bits[f->operand][1] / (double)port->bw_max);
            at[n++] = i;
        } else {
            busy += (m->rate[f->direction] + cpo - 1) / cpo;
        }
    }
    double surplus = (double)(port->bw_max - busy) / (double)port->bw_max * time;
    stream_hide(problem->quirks & STREAM_QUIRK_HIDE_PAST_BOUNDS, c, low, n,
                surplus > 0 ? surplus : 0);
    for (int32_t i = 0; i < n; ++i) {
        const stream_port_function *f = &port->functions[at[i]];
        out->cycles[f->operand][f->level][f->direction] = c[i];
        out->below_bound |= surplus > 0 && c[i] < low[i];
    }
}

/* Link cycles of one input by how many of the two ports carry both inputs. */
typedef struct {
    double none, half, both;
} links;

static links input_links(const stream_mapping_problem *problem, const stream_loads *load,
                         int32_t o) {
    links sum = {0};
    for (int32_t l = 0; l + 1 < problem->operands[o].n_levels; ++l) {
        double below = load->cycles[o][l][STREAM_FROM_HIGH];
        double above = load->cycles[o][l + 1][STREAM_TO_LOW];
        double cycles = below > above ? below : above;
        bool a = load->shared[o][l][STREAM_FROM_HIGH], b = load->shared[o][l + 1][STREAM_TO_LOW];
        if (a && b)
            sum.both += cycles;
        else if (!a && !b)
            sum.none += cycles;
        else /* [Q] the last one wins in the reference */
            sum.half = problem->quirks & STREAM_QUIRK_LAST_LINK ? cycles : sum.half + cycles;
    }
    return sum;
}

static double larger(double a, double b) {
    return a > b ? a : b;
}

/* Input `a` first on the ports that both use, the other after it. */
static double in_turn(const links *a, const links *b) {
    return a->both + larger(b->both + b->half + b->none, a->half + a->none);
}

double stream_onload_in_turn(const double *both, const double *rest, int32_t n) {
    int32_t index[STREAM_NEST_MAX_OPERANDS];
    double cycles = 0, start = 0;
    rank(rest, n, index);
    for (int32_t i = 0; i < n; ++i) {
        start += both[index[i]];
        cycles = larger(cycles, start + rest[index[i]]);
    }
    return cycles;
}

static double onload_repaired(const stream_mapping_problem *problem, const stream_loads *load) {
    double both[STREAM_NEST_MAX_OPERANDS], rest[STREAM_NEST_MAX_OPERANDS];
    for (int32_t o = 1; o < problem->n_operands; ++o) {
        links sum = input_links(problem, load, o);
        both[o - 1] = sum.both;
        rest[o - 1] = sum.half + sum.none;
    }
    return stream_onload_in_turn(both, rest, problem->n_operands - 1);
}

static double onload(const stream_mapping_problem *problem, const stream_loads *load) {
    if (!(problem->quirks & STREAM_QUIRK_LAST_LINK))
        return onload_repaired(problem, load);
    links a = input_links(problem, load, 1);
    if (problem->n_operands == 2) /* [Q] */
        return a.none;
    links b = input_links(problem, load, 2);
    double ab = in_turn(&a, &b), ba = in_turn(&b, &a);
    return ab < ba ? ab : ba;
}

void stream_loads_of(const stream_mapping_problem *problem, const stream_movements *moves,
                     const stream_real_cycles *real, int64_t stall_cycles, stream_loads *out) {
    double time = (double)(moves->cycles * problem->nest.cycles_per_op);
    if (problem->quirks & STREAM_QUIRK_HIDE_BEHIND_STALLS)
        time += (double)stall_cycles;
    *out = (stream_loads){.below_bound = false};
    for (int32_t i = 0; i < problem->n_memories; ++i)
        for (int32_t p = 0; p < problem->memories[i].n_ports; ++p)
            load_port(problem, moves, real, &problem->memories[i].ports[p], time, out);
}

void stream_loading_cycles(const stream_mapping_problem *problem, const stream_movements *moves,
                           const stream_real_cycles *real, int64_t stall_cycles, double *out_onload,
                           double *out_offload, bool *out_below_bound) {
    stream_loads load;
    stream_loads_of(problem, moves, real, stall_cycles, &load);
    *out_onload = onload(problem, &load);
    *out_below_bound = load.below_bound && problem->model == STREAM_MODEL_ZIGZAG_3_9_1;
    *out_offload = 0;
    for (int32_t l = 0; l + 1 < problem->operands[0].n_levels; ++l)
        *out_offload +=
            larger(load.cycles[0][l][STREAM_TO_HIGH], load.cycles[0][l + 1][STREAM_FROM_LOW]);
}
