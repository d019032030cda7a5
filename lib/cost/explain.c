/* What bounds a priced layer; see stream/cost/explain.h. */

#include "stream/cost/explain.h"

const char *stream_layer_bound_name(stream_layer_bound bound) {
    switch (bound) {
    case STREAM_LAYER_COMPUTE:
        return "compute";
    case STREAM_LAYER_ARRAY:
        return "array";
    case STREAM_LAYER_PORT:
        return "port";
    case STREAM_LAYER_LOADING:
        return "loading";
    }
    return "unknown";
}

/* Cycles that the port takes for all that crosses it at its full width. */
static double full_cycles(const stream_cost_result *result, const stream_cost_use *use,
                          const stream_port_use *port) {
    double bits = 0;
    for (int32_t i = port->first_load; i < port->first_load + port->n_loads; ++i)
        bits += (double)use->loads[i].bits * (double)use->loads[i].count;
    return bits / (double)result->problem.memories[port->memory].ports[port->port].bw_max;
}

/* The port that moves its full width in nine tenths of the computation or more; of several the
 * fullest, then the outermost; -1: none. */
static int32_t fullest_port(const stream_cost_result *result, const stream_cost_use *use,
                            double *out_cycles) {
    int32_t fullest = -1;
    *out_cycles = 0;
    double most = 0.9 * (double)result->cost.temporal_cycles;
    for (int32_t i = 0; i < use->n_ports; ++i) {
        double cycles = full_cycles(result, use, &use->ports[i]);
        if (cycles >= most) {
            most = *out_cycles = cycles;
            fullest = i;
        }
    }
    return fullest;
}

static stream_layer_bound bound_of(const stream_cost_result *result, bool port_is_full) {
    const stream_mapping_cost *c = &result->cost;
    double loading = c->onload_cycles + c->offload_cycles + (double)result->problem.drain_cycles;
    if (loading > c->total2_cycles / 2)
        return STREAM_LAYER_LOADING;
    if ((double)c->stall_cycles * 10 > (double)c->temporal_cycles)
        return STREAM_LAYER_PORT;
    if ((double)c->temporal_cycles > 2 * (double)c->ideal_cycles)
        return port_is_full ? STREAM_LAYER_PORT : STREAM_LAYER_ARRAY;
    return STREAM_LAYER_COMPUTE;
}

static int32_t worst_port(const stream_cost_use *use) {
    int32_t worst = -1;
    int64_t most = 0;
    for (int32_t i = 0; i < use->n_ports; ++i)
        if (use->ports[i].stall_cycles > most) {
            most = use->ports[i].stall_cycles;
            worst = i;
        }
    return worst;
}

static int32_t longest_link(const stream_cost_use *use, bool output) {
    int32_t longest = -1;
    double most = 0;
    for (int32_t i = 0; i < use->n_links; ++i)
        if ((use->links[i].operand == 0) == output && use->links[i].cycles > most) {
            most = use->links[i].cycles;
            longest = i;
        }
    return longest;
}

/* Keeps the shares in descending order; equal ones in the order in which they come. */
static void add_share(stream_cost_explanation *out, int32_t operand, int32_t level, double pj,
                      double total_pj) {
    if (!(pj > 0))
        return;
    int32_t k = out->n_shares++;
    for (; k > 0 && out->shares[k - 1].energy_pj < pj; --k)
        out->shares[k] = out->shares[k - 1];
    out->shares[k] = (stream_energy_share){operand, level, pj, 100 * pj / total_pj};
}

static void share_energy(const stream_cost_result *result, stream_cost_explanation *out) {
    const stream_mapping_problem *p = &result->problem;
    add_share(out, -1, -1, result->cost.mac_energy_pj, result->cost.energy_pj);
    for (int32_t o = 0; o < p->n_operands; ++o)
        for (int32_t l = 0; l < p->operands[o].n_levels; ++l)
            add_share(out, o, l, result->accesses.energy_pj[o][l], result->cost.energy_pj);
}

void stream_cost_explain(const stream_cost_result *result, stream_cost_explanation *out) {
    const stream_mapping_cost *c = &result->cost;
    double percent = c->total2_cycles > 0 ? 100 / c->total2_cycles : 0;
    *out = (stream_cost_explanation){.cycles = c->total2_cycles,
                                     .idle_cycles = c->temporal_cycles - c->ideal_cycles,
                                     .drain_cycles = result->problem.drain_cycles};
    out->ideal_percent = (double)c->ideal_cycles * percent;
    out->idle_percent = (double)out->idle_cycles * percent;
    out->stall_percent = (double)c->stall_cycles * percent;
    out->onload_percent = c->onload_cycles * percent;
    out->offload_percent = c->offload_cycles * percent;
    out->drain_percent = (double)out->drain_cycles * percent;
    stream_cost_use_of(result, &out->use);
    double fullest_cycles;
    int32_t fullest = fullest_port(result, &out->use, &fullest_cycles);
    out->bound = bound_of(result, fullest >= 0);
    out->worst_port = worst_port(&out->use);
    if (out->worst_port < 0 && out->bound == STREAM_LAYER_PORT) {
        out->worst_port = fullest;
        out->full_cycles = fullest_cycles;
    }
    out->onload_link = c->onload_cycles > 0 ? longest_link(&out->use, false) : -1;
    out->offload_link = c->offload_cycles > 0 ? longest_link(&out->use, true) : -1;
    share_energy(result, out);
}
