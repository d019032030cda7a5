/* Which accumulators a search has, and which of them dominance compares. */

#include "exact_search.h"
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

/* Of the states where the innermost memory can hold the operand. */
static void find_least_low(stream_exact *x) {
    for (int32_t o = 0; o < x->problem->n_operands; ++o) {
        x->least_low[o] = INFINITY;
        for (int32_t s = 0; s < x->lattice.n_states; ++s)
            if (stream_lattice_fits_alone(&x->lattice, o, 1, s))
                x->least_low[o] = smaller(x->least_low[o], x->lattice.boundary[o][1][s].low_bits);
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
    x->n_tau = p->n_operands - 1 + (p->n_operands > 2);
    if (n + shared * (N_PORT + x->n_tau) + p->n_operands + p->n_memories > STREAM_EXACT_MAX_ACC)
        return stream_error(diag, STREAM_UNSUPPORTED, p->nest.loc,
                            "the core has %d shared ports: more than the exact search takes",
                            shared);
    x->most_from = n;
    for (int32_t i = 0; i < x->n_ports; ++i) {
        bool is_shared = x->port[i]->n_functions > 1;
        x->shared_acc[i] = is_shared ? n : -1;
        if (is_shared)
            x->shared_port[x->n_shared++] = i;
        n += is_shared ? N_PORT : 0;
    }
    x->n_most = energy_only(x) ? 0 : n - x->most_from;
    for (int32_t i = 0; i < x->n_ports; ++i) {
        x->tau_acc[i] = x->shared_acc[i] >= 0 ? n : -1;
        n += x->shared_acc[i] >= 0 ? x->n_tau : 0;
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
