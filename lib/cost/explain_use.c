/* What a priced mapping does with ports, links and memories; see stream/cost/explain.h. The figures
 * are the intermediate ones of stream_mapping_evaluate. */

#include "loading.h"
#include "stream/cost/explain.h"

typedef struct {
    const stream_mapping_problem *problem;
    stream_movements fractional, integer; /* equal if the unrolling is integer */
    stream_real_cycles real;
    stream_double_buffers buffers;
    stream_loads loads;
} figures;

static void compute(const stream_cost_result *result, figures *f) {
    stream_temporal_mapping merged = result->mapping;
    f->problem = &result->problem;
    stream_mapping_merge(f->problem, &merged);
    stream_movements_of(f->problem, &merged, 0, &f->fractional);
    stream_movements_of(f->problem, &merged, 1, &f->integer);
    stream_double_buffers_of(f->problem, &f->fractional, &f->buffers);
    stream_real_cycles_of(f->problem, &f->integer, &f->real);
    stream_loads_of(f->problem, &f->integer, &f->real, result->cost.stall_cycles, &f->loads);
}

static void add_load(const figures *f, const stream_port_function *g, const stream_port_activity *a,
                     stream_port_use *port, stream_cost_use *out) {
    const stream_movement *m = &f->integer.at[g->operand][g->level];
    stream_port_load *load = &out->loads[out->n_loads++];
    *load = (stream_port_load){.operand = g->operand,
                               .level = g->level,
                               .direction = g->direction,
                               .bits = m->amount[g->direction] * m->precision[g->direction],
                               .cycles = f->real.real[g->operand][g->level][g->direction],
                               .allowed_cycles = a->allowed,
                               .period_cycles = a->period,
                               .count = m->times[g->direction],
                               .double_buffered = a->buffered};
    port->n_loads++;
    *(load->count > 1 ? &port->busy_cycles : &port->once_cycles) += load->cycles * load->count;
}

static void add_port(const figures *f, int32_t memory, int32_t p, stream_cost_use *out) {
    const stream_map_port *port = &f->problem->memories[memory].ports[p];
    stream_port_activity a[STREAM_MAP_MAX_FUNCTIONS];
    int32_t n = stream_port_activities(f->problem, &f->integer, &f->real, &f->buffers, port, a);
    stream_port_use *use = &out->ports[out->n_ports++];
    *use = (stream_port_use){.memory = memory,
                             .port = p,
                             .stall_cycles = stream_port_stall(a, n),
                             .first_load = out->n_loads};
    for (int32_t i = 0; i < n; ++i)
        add_load(f, &port->functions[a[i].function], &a[i], use, out);
}

static int32_t port_of(const figures *f, int32_t memory, int32_t operand, int32_t level,
                       stream_direction direction) {
    const stream_map_memory *m = &f->problem->memories[memory];
    for (int32_t p = 0; p < m->n_ports; ++p)
        for (int32_t i = 0; i < m->ports[p].n_functions; ++i) {
            const stream_port_function *g = &m->ports[p].functions[i];
            if (g->operand == operand && g->level == level && g->direction == direction)
                return p;
        }
    return -1;
}

static void add_link(const figures *f, int32_t o, int32_t l, stream_cost_use *out) {
    stream_direction low = o ? STREAM_FROM_HIGH : STREAM_TO_HIGH;
    stream_direction high = o ? STREAM_TO_LOW : STREAM_FROM_LOW;
    double below = f->loads.cycles[o][l][low], above = f->loads.cycles[o][l + 1][high];
    int64_t whole_below = f->real.real[o][l][low], whole_above = f->real.real[o][l + 1][high];
    int32_t slower = below >= above ? l : l + 1;
    int32_t memory = f->problem->operands[o].memory[slower];
    out->links[out->n_links++] = (stream_link_use){
        .operand = o,
        .level = l,
        .memory = memory,
        .port = port_of(f, memory, o, slower, slower == l ? low : high),
        .cycles = below >= above ? below : above,
        .transfer_cycles = (double)(whole_below > whole_above ? whole_below : whole_above)};
}

void stream_cost_use_of(const stream_cost_result *result, stream_cost_use *out) {
    figures f;
    compute(result, &f);
    *out = (stream_cost_use){.n_ports = 0};
    for (int32_t m = 0; m < f.problem->n_memories; ++m)
        for (int32_t p = 0; p < f.problem->memories[m].n_ports; ++p)
            add_port(&f, m, p, out);
    for (int32_t o = 0; o < f.problem->n_operands; ++o)
        for (int32_t l = 0; l < f.problem->operands[o].n_levels; ++l) {
            out->content_bits[o][l] = f.fractional.held_bits[o][l + 1];
            out->double_buffered[o][l] = f.buffers.flag[o][l + 1];
            out->second_buffer[o][l] =
                stream_double_buffers_twice(f.problem, &f.fractional, &f.buffers, o, l);
            if (l + 1 < f.problem->operands[o].n_levels)
                add_link(&f, o, l, out);
        }
}
