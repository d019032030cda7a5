/* Boundaries as accumulators, and bounds; reference sections 1, 3.4. */

#include "exact_search.h"
#include "loading.h"

#include <math.h>
#include <string.h>

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
    double allowed = smaller((double)b->allowed, (double)b->period / (double)run);
    for (int32_t i = 0; i < N_MOVES; ++i) {
        if (!b->active[i] || b->count == 1)
            continue;
        int32_t port = x->port_of[o][stream_move_level(k, i)][stream_move_direction(o, i)];
        int32_t shared = x->shared_acc[port];
        double again = stream_move_returns(i) ? (double)b->reads : (double)(b->count - 1);
        double late = larger(0, b->real[i] - allowed) * again;
        if (shared < 0)
            acc[ACC_STALL] = larger(acc[ACC_STALL], late);
        else
            acc[shared + PORT_LATE] += late - larger(0, b->real[i] - (double)b->allowed) * again;
    }
}

/* Does the link of boundary k add to the bound of that number (see tau_acc)? One input and the
 * output load after each other, and so do the links of all inputs whose ports carry several. */
static bool adds_link(const stream_exact *x, int32_t o, int32_t k, int32_t tau) {
    if (o == 0 || tau == o - 1)
        return true;
    return tau == x->problem->n_operands - 1 && x->link[o][k - 1] == LINK_BOTH;
}

/* The port-time bound (tau): all traffic of a port, and links that add up. */
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
        double traffic = b->count > 1 ? b->real[i] * (double)(b->count - 1) : 0;
        if (!x->saturated[port] && b->count > 1)
            traffic = smaller(traffic,
                              (double)b->rate[i] * x->lattice.time / (double)x->port[port]->bw_max);
        double link = b->count > 1 ? larger(up, down) : b->real[i];
        if (again)
            link = b->count > 1 ? 0 : larger(0, link - b->real[MOVE_BELOW]);
        for (int32_t w = 0; w < x->n_tau; ++w)
            acc[x->tau_acc[port] + w] += adds_link(x, o, k, w) ? traffic + link : traffic;
    }
}

/* The same for ports that this boundary does not use: its link takes its time after theirs. */
static void add_other_ports(const stream_exact *x, double *acc, int32_t o, int32_t k, double link) {
    int32_t below =
        x->port_of[o][stream_move_level(k, MOVE_BELOW)][stream_move_direction(o, MOVE_BELOW)];
    int32_t above =
        x->port_of[o][stream_move_level(k, MOVE_ABOVE)][stream_move_direction(o, MOVE_ABOVE)];
    for (int32_t i = 0; i < x->n_shared; ++i) {
        int32_t port = x->shared_port[i];
        for (int32_t w = 0; port != below && port != above && w < x->n_tau; ++w)
            acc[x->tau_acc[port] + w] += adds_link(x, o, k, w) ? link : 0;
    }
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
    return larger(smaller(low, cycles), cycles - x->lattice.time);
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
    add_other_ports(x, acc, o, k, larger(up, down));
    if (b->count > 1 || bound)
        add_link(x, acc, o, k, larger(up, down));
}

static double onload(const stream_exact *x, const double *acc) {
    double both[STREAM_NEST_MAX_OPERANDS], rest[STREAM_NEST_MAX_OPERANDS], total = 0;
    for (int32_t o = 1; o < x->problem->n_operands; ++o) {
        const double *a = &acc[stream_acc_link(o, 0)];
        both[o - 1] = a[LINK_BOTH];
        rest[o - 1] = a[LINK_REST];
        total = larger(total, a[LINK_TOTAL]);
    }
    return larger(total, stream_onload_in_turn(both, rest, x->problem->n_operands - 1));
}

double stream_exact_latency(const stream_exact *x, const double *acc) {
    double stall = acc[ACC_STALL], time = x->lattice.time;
    for (int32_t i = 0; i < x->n_shared; ++i) {
        const double *port = &acc[x->shared_acc[x->shared_port[i]]];
        stall = larger(stall, larger(port[PORT_LATE], port[PORT_BUSY] - time));
    }
    double latency = time + stall + onload(x, acc) + acc[ACC_OFFLOAD];
    for (int32_t i = 0; i < x->n_shared; ++i)
        for (int32_t w = 0; w < x->n_tau; ++w)
            latency = larger(latency, acc[x->tau_acc[x->shared_port[i]] + w]);
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
    double acc[STREAM_EXACT_MAX_ACC], energy = label->acc[ACC_ENERGY];
    for (int32_t o = 0; o < x->problem->n_operands; ++o)
        if (stream_exact_is_dead(x, o, label->at.closed[o], label->at.state))
            return INFINITY;
    size_t at = stream_exact_row(x, label->at.state, x->n_bound);
    for (int32_t o = 0; o < x->problem->n_operands; ++o)
        energy += x->least[o][label->at.closed[o]][at + ACC_ENERGY];
    if (x->n_bound == 1 || energy > x->energy_cap * (1 + 1e-12))
        return stream_exact_value(x, 0, energy);
    memcpy(acc, label->acc, sizeof(double) * (size_t)x->n_bound);
    for (int32_t o = 0; o < x->problem->n_operands; ++o) {
        const double *rest = x->least[o][label->at.closed[o]] + at;
        double stall = larger(acc[ACC_STALL], rest[ACC_STALL]); /* a maximum, not a sum */
        for (int32_t i = 0; i < x->n_bound; ++i)
            acc[i] += rest[i];
        acc[ACC_STALL] = stall;
    }
    return stream_exact_value(x, stream_exact_latency(x, acc), energy);
}
