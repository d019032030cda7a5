/* Accumulators, costs to go and bounds of the exact search; reference sections 1, 3.4. */

#include "exact_search.h"
#include "loading.h"
#include "stream/support/integer.h"

#include <math.h>
#include <string.h>

static void find_links(stream_exact *x) {
    for (int32_t o = 1; o < x->problem->n_operands; ++o)
        for (int32_t l = 0; l + 1 < x->problem->operands[o].n_levels; ++l) {
            bool below = x->port[x->port_of[o][l][STREAM_FROM_HIGH]]->both_inputs;
            bool above = x->port[x->port_of[o][l + 1][STREAM_TO_LOW]]->both_inputs;
            x->link[o][l] = below && above ? LINK_BOTH : LINK_REST;
        }
}

static void find_ports(stream_exact *x) {
    memset(x->port_of, -1, sizeof x->port_of);
    for (int32_t i = 0; i < x->problem->n_memories; ++i)
        for (int32_t p = 0; p < x->problem->memories[i].n_ports; ++p) {
            const stream_map_port *port = &x->problem->memories[i].ports[p];
            for (int32_t f = 0; f < port->n_functions; ++f) {
                const stream_port_function *g = &port->functions[f];
                x->port_of[g->operand][g->level][g->direction] = x->n_ports;
            }
            x->port[x->n_ports++] = port;
        }
}

/* What can be hidden at most on every port: transfers that happen once, at the full state. */
static void find_once(stream_exact *x) {
    int32_t full = stream_lattice_full(&x->lattice);
    for (int32_t o = 0; o < x->problem->n_operands; ++o)
        for (int32_t k = 0; k < x->problem->operands[o].n_levels; ++k) {
            const stream_boundary *b = &x->lattice.boundary[o][k][full];
            for (int32_t i = 0; b->count == 1 && i < N_MOVES; i += 2) {
                if (!b->active[i])
                    continue;
                int32_t port = x->port_of[o][stream_move_level(k, i)][stream_move_direction(o, i)];
                x->once[port] += b->real[i];
                x->once_of[o][x->n_once[o]++] =
                    (stream_once){k, port, x->rate_of[port], b->real[i]};
            }
        }
}

static void find_least_low(stream_exact *x) {
    for (int32_t o = 0; o < x->problem->n_operands; ++o) {
        x->least_low[o] = INFINITY;
        for (int32_t s = 0; s < x->lattice.n_states; ++s)
            x->least_low[o] = fmin(x->least_low[o], x->lattice.boundary[o][1][s].low_bits);
    }
}

static bool energy_only(const stream_exact *x) {
    return x->objective == STREAM_BEST_ENERGY && x->latency_cap == INFINITY;
}

static void find_compared(stream_exact *x) {
    for (int32_t m = 0; m < x->problem->n_memories; ++m)
        if (x->acc_used[m] >= 0)
            x->used[x->n_used++] = x->acc_used[m];
    x->stall[x->n_stall++] = ACC_STALL;
    for (int32_t i = 0; i < x->n_ports; ++i) {
        x->rate_of[i] = x->shared_acc[i] < 0 ? -1 : x->n_rate;
        if (x->shared_acc[i] < 0)
            continue;
        x->stall[x->n_stall++] = x->shared_acc[i] + PORT_LATE;
        x->stall[x->n_stall++] = x->shared_acc[i] + PORT_BUSY;
        x->rate[x->n_rate] = x->shared_acc[i] + PORT_RATE;
        x->rate_cycles[x->n_rate++] = x->lattice.time / (double)x->port[i]->bw_max;
    }
    x->compares_energy = x->objective != STREAM_BEST_LATENCY || x->energy_cap < INFINITY;
    x->compares_latency = !energy_only(x);
    x->n_necessary = x->compares_energy + x->n_used;
    x->n_necessary += x->compares_latency ? x->problem->n_operands - 1 + x->n_stall : 0;
    x->n_necessary = (int32_t)stream_min_i64(x->n_necessary, STREAM_EXACT_MAX_NECESSARY);
}

stream_status stream_exact_layout(stream_exact *x, const stream_diag *diag) {
    const stream_mapping_problem *p = x->problem;
    find_ports(x);
    int32_t shared = 0, n = ACC_INPUTS + N_LINK * (p->n_operands - 1);
    for (int32_t i = 0; i < x->n_ports; ++i)
        shared += x->port[i]->n_functions > 1;
    if (n + shared * (N_PORT + p->n_operands - 1) + p->n_operands + p->n_memories >
        STREAM_EXACT_MAX_ACC)
        return stream_error(diag, STREAM_UNSUPPORTED, p->nest.loc,
                            "the core has %d shared ports: more than the exact search takes",
                            shared);
    x->most_from = n;
    for (int32_t i = 0; i < x->n_ports; ++i) {
        bool is_shared = x->port[i]->n_functions > 1;
        x->shared_acc[i] = is_shared ? n : -1;
        n += is_shared ? N_PORT : 0;
    }
    x->n_most = energy_only(x) ? 0 : n - x->most_from;
    for (int32_t i = 0; i < x->n_ports; ++i) {
        x->tau_acc[i] = x->shared_acc[i] >= 0 ? n : -1;
        n += x->shared_acc[i] >= 0 ? p->n_operands - 1 : 0;
    }
    x->n_bound = energy_only(x) ? 1 : n;
    for (int32_t o = 0; o < p->n_operands; ++o)
        x->acc_low[o] = n++;
    for (int32_t m = 0; m < p->n_memories; ++m)
        x->acc_used[m] = p->memories[m].n_operands > 1 ? n++ : -1;
    x->n_acc = n;
    find_compared(x);
    find_links(x);
    find_once(x);
    find_least_low(x);
    return STREAM_OK;
}

/* Stalls and hiding room of a boundary whose movements repeat. */
static void add_repeated(const stream_exact *x, double *acc, int32_t o, int32_t k,
                         const stream_boundary *b) {
    for (int32_t i = 0; i < N_MOVES; ++i) {
        if (!b->active[i])
            continue;
        stream_direction direction = stream_move_direction(o, i);
        int32_t port = x->port_of[o][stream_move_level(k, i)][direction];
        int32_t shared = x->shared_acc[port];
        double again = stream_move_returns(i) ? (double)b->reads : (double)(b->count - 1);
        double late = (b->real[i] - (double)b->allowed) * again;
        if (shared < 0) {
            if (late > acc[ACC_STALL])
                acc[ACC_STALL] = late;
            continue;
        }
        if (late > 0)
            acc[shared + PORT_LATE] += late;
        acc[shared + PORT_BUSY] += b->real[i] * again;
        if (o || direction == STREAM_FROM_LOW || direction == STREAM_TO_HIGH)
            acc[shared + PORT_RATE] += (double)b->rate[i];
    }
}

void stream_exact_narrow(const stream_exact *x, double *acc, int32_t o, int32_t k, int32_t state,
                         uint32_t run) {
    const stream_boundary *b = &x->lattice.boundary[o][k][state];
    double allowed = fmin((double)b->allowed, (double)b->period / (double)run);
    for (int32_t i = 0; i < N_MOVES; ++i) {
        if (!b->active[i] || b->count == 1)
            continue;
        int32_t port = x->port_of[o][stream_move_level(k, i)][stream_move_direction(o, i)];
        int32_t shared = x->shared_acc[port];
        double again = stream_move_returns(i) ? (double)b->reads : (double)(b->count - 1);
        double late = fmax(0, b->real[i] - allowed) * again;
        if (shared < 0)
            acc[ACC_STALL] = fmax(acc[ACC_STALL], late);
        else
            acc[shared + PORT_LATE] += late - fmax(0, b->real[i] - (double)b->allowed) * again;
    }
}

/* The port-time bound (tau): all traffic of a port, and the links of one input and the output. */
static void add_port_time(const stream_exact *x, double *acc, int32_t o, int32_t k,
                          const stream_boundary *b) {
    double up = b->real[MOVE_ABOVE], down = b->real[MOVE_BELOW];
    for (int32_t i = 0; i < N_MOVES; i += 2) {
        if (!b->active[i])
            continue;
        int32_t port = x->port_of[o][stream_move_level(k, i)][stream_move_direction(o, i)];
        int32_t lower = x->port_of[o][k][stream_move_direction(o, MOVE_BELOW)];
        bool again = i == MOVE_ABOVE && lower == port && b->active[MOVE_BELOW];
        if (x->tau_acc[port] < 0)
            continue;
        double traffic = b->real[i] * (double)(b->count - 1);
        if (!x->saturated[port])
            traffic =
                fmin(traffic, (double)b->rate[i] * x->lattice.time / (double)x->port[port]->bw_max);
        for (int32_t w = 1; w < x->problem->n_operands; ++w) {
            double time = b->count > 1 ? traffic : 0;
            if (o == 0 || o == w) {
                double link = b->count > 1 ? fmax(up, down) : b->real[i];
                if (again)
                    link = b->count > 1 ? 0 : fmax(0, link - b->real[MOVE_BELOW]);
                time += link;
            }
            acc[x->tau_acc[port] + w - 1] += time;
        }
    }
}

/* The same for ports that this boundary does not use: its link takes its time after theirs. */
static void add_other_ports(const stream_exact *x, double *acc, int32_t o, int32_t k, double link) {
    int32_t below =
        x->port_of[o][stream_move_level(k, MOVE_BELOW)][stream_move_direction(o, MOVE_BELOW)];
    int32_t above =
        x->port_of[o][stream_move_level(k, MOVE_ABOVE)][stream_move_direction(o, MOVE_ABOVE)];
    for (int32_t p = 0; p < x->n_ports; ++p)
        for (int32_t w = 1; x->tau_acc[p] >= 0 && w < x->problem->n_operands; ++w)
            if (p != below && p != above && (o == 0 || o == w))
                acc[x->tau_acc[p] + w - 1] += link;
}

static void add_link(const stream_exact *x, double *acc, int32_t o, int32_t k, double cycles) {
    if (o == 0) {
        acc[ACC_OFFLOAD] += cycles;
        return;
    }
    acc[stream_acc_link(o, x->link[o][k - 1])] += cycles;
    acc[stream_acc_link(o, LINK_TOTAL)] += cycles;
}

/* The least that is left of a transfer that happens once: it hides behind no more than all cycles,
 * and not below the bound of its operand, which is at least the smallest content of its first
 * memory. */
static double hidden(const stream_exact *x, int32_t o, int32_t k, int32_t move, double cycles) {
    int32_t port = x->port_of[o][stream_move_level(k, move)][stream_move_direction(o, move)];
    double low = ceil(x->least_low[o] / (double)x->port[port]->bw_max);
    if (x->saturated[port])
        return cycles;
    return fmax(fmin(low, cycles), cycles - x->lattice.time);
}

void stream_exact_add_boundary(const stream_exact *x, double *acc, int32_t o, int32_t k,
                               int32_t state, bool bound) {
    const stream_boundary *b = &x->lattice.boundary[o][k][state];
    acc[ACC_ENERGY] += b->energy_pj;
    if (x->n_bound == 1)
        return;
    if (b->count > 1)
        add_repeated(x, acc, o, k, b);
    if (k == 0)
        return;
    double up = b->real[MOVE_ABOVE], down = b->real[MOVE_BELOW];
    if (b->count == 1) {
        up = hidden(x, o, k, MOVE_ABOVE, up);
        down = hidden(x, o, k, MOVE_BELOW, down);
    }
    add_port_time(x, acc, o, k, b);
    add_other_ports(x, acc, o, k, fmax(up, down));
    if (b->count > 1 || bound)
        add_link(x, acc, o, k, fmax(up, down));
}

static double onload(const stream_exact *x, const double *acc) {
    double both[STREAM_NEST_MAX_OPERANDS], rest[STREAM_NEST_MAX_OPERANDS], total = 0;
    for (int32_t o = 1; o < x->problem->n_operands; ++o) {
        const double *a = &acc[stream_acc_link(o, 0)];
        both[o - 1] = a[LINK_BOTH];
        rest[o - 1] = a[LINK_REST];
        total = fmax(total, a[LINK_TOTAL]);
    }
    return fmax(total, stream_onload_in_turn(both, rest, x->problem->n_operands - 1));
}

double stream_exact_latency(const stream_exact *x, const double *acc) {
    double stall = acc[ACC_STALL], time = x->lattice.time;
    for (int32_t i = 0; i < x->n_ports; ++i)
        if (x->shared_acc[i] >= 0) {
            const double *port = &acc[x->shared_acc[i]];
            stall = fmax(stall, fmax(port[PORT_LATE], port[PORT_BUSY] - time));
        }
    double latency = time + stall + onload(x, acc) + acc[ACC_OFFLOAD];
    for (int32_t i = 0; i < x->n_ports; ++i)
        for (int32_t w = 0; x->tau_acc[i] >= 0 && w < x->problem->n_operands - 1; ++w)
            latency = fmax(latency, acc[x->tau_acc[i] + w]);
    return latency + (double)x->problem->drain_cycles;
}

double stream_exact_value(const stream_exact *x, double latency, double energy) {
    if (latency > x->latency_cap * (1 + 1e-12) || energy > x->energy_cap * (1 + 1e-12))
        return INFINITY;
    switch (x->objective) {
    case STREAM_BEST_LATENCY:
        return latency;
    case STREAM_BEST_ENERGY:
        return energy;
    case STREAM_BEST_EDP:
        return latency * energy;
    }
    return INFINITY;
}

double stream_exact_bound(const stream_exact *x, const stream_open_label *label) {
    double acc[STREAM_EXACT_MAX_ACC];
    memcpy(acc, label->acc, sizeof(double) * (size_t)x->n_bound);
    for (int32_t o = 0; o < x->problem->n_operands; ++o) {
        const double *rest =
            x->least[o][label->at.closed[o]] + (size_t)label->at.state * (size_t)x->n_bound;
        for (int32_t i = 0; i < x->n_bound; ++i)
            if (i == ACC_STALL)
                acc[i] = fmax(acc[i], rest[i]);
            else
                acc[i] += rest[i];
    }
    double latency = x->n_bound == 1 ? 0 : stream_exact_latency(x, acc);
    return stream_exact_value(x, latency, acc[ACC_ENERGY]);
}

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
