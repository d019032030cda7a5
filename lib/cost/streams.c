/* Streamed operands: their off-chip level and their traffic; see price.h and rule R9. */

#include "price.h"

#include "stream/cost/explain.h"
#include "stream/support/integer.h"

#include <math.h>

const stream_memory *stream_price_offchip(const stream_accelerator *acc) {
    if (acc->offchip_core < 0 || acc->offchip_core >= acc->n_cores)
        return NULL;
    const stream_core *core = &acc->cores[acc->offchip_core];
    return core->n_memories > 0 ? &core->memories[core->n_memories - 1] : NULL;
}

/* Those of `mask` that the off-chip memory holds. */
static uint8_t held_offchip(const stream_price_job *job, uint8_t mask) {
    return job->offchip ? mask & job->offchip->operands : 0;
}

uint8_t stream_price_must_stream(const stream_price_job *job) {
    return held_offchip(job, job->streamed);
}

uint8_t stream_price_may_stream(const stream_price_job *job) {
    return (uint8_t)(held_offchip(job, job->may_stream) & ~job->streamed);
}

stream_memory stream_price_offchip_level(const stream_price_job *job) {
    stream_memory level = *job->offchip;
    for (int32_t x = 0; x < job->core->n_array_dims; ++x)
        level.served_dims |= (uint16_t)(1u << x);
    return level;
}

static void set_rates(stream_kernel_cost *out) {
    for (int32_t o = 0; o < STREAM_N_OPERANDS; ++o) {
        stream_operand_stream *s = &out->streams[o];
        s->read_bits_per_cycle = stream_ceil_div(s->read_bits, out->cycles);
        s->write_bits_per_cycle = stream_ceil_div(s->write_bits, out->cycles);
    }
}

/* ---- of a mapping */

static void add_load(const stream_mapping_problem *p, const stream_port_load *load,
                     stream_kernel_cost *out) {
    stream_operand_stream *s = &out->streams[p->nest.operands[load->operand].memory];
    bool reads = load->direction == STREAM_TO_LOW || load->direction == STREAM_TO_HIGH;
    *(reads ? &s->read_bits : &s->write_bits) += load->bits * load->count;
}

/* Of the off-chip level and of the one below it, the top one of the core. */
static void add_levels(const stream_cost_result *result, const stream_cost_use *use, int32_t o,
                       stream_operand_stream *s) {
    const stream_map_operand *operand = &result->problem.operands[o];
    int32_t offchip = operand->n_levels - 1;
    s->offchip_fj += stream_fj(result->accesses.energy_pj[o][offchip]);
    if (offchip == 0)
        return;
    const stream_map_memory *top = &result->problem.memories[operand->memory[offchip - 1]];
    bool twice = use->second_buffer[o][offchip - 1] || top->double_buffered;
    s->buffer_bits += use->content_bits[o][offchip - 1] * (twice ? 2 : 1);
}

void stream_price_streams_of_result(const stream_cost_result *result, const stream_core *core,
                                    uint8_t streamed, stream_kernel_cost *out) {
    const stream_mapping_problem *p = &result->problem;
    stream_cost_use use;
    out->streamed = streamed;
    if (!streamed)
        return;
    stream_cost_use_of(result, &use);
    for (int32_t i = 0; i < use.n_ports; ++i)
        for (int32_t k = 0; use.ports[i].memory >= core->n_memories && k < use.ports[i].n_loads;
             ++k)
            add_load(p, &use.loads[use.ports[i].first_load + k], out);
    for (int32_t o = 0; o < p->n_operands; ++o)
        if (streamed >> p->nest.operands[o].memory & 1)
            add_levels(result, &use, o, &out->streams[p->nest.operands[o].memory]);
    set_rates(out);
}

/* ---- every operand once */

static int64_t operand_bits(const stream_price_job *job, const stream_operand *operand) {
    static const int64_t origin[STREAM_MAX_LOOPS];
    stream_box box =
        stream_operand_box(job->w, operand, job->kernel->n_loops, origin, job->kernel->bounds);
    return stream_box_volume(&box) * stream_view_element_bits(job->w, operand->view);
}

static int64_t output_bits(const stream_price_job *job) {
    static const int64_t origin[STREAM_MAX_LOOPS];
    stream_box box = stream_output_box(job->w, job->kernel, origin, job->kernel->bounds);
    return stream_box_volume(&box) * job->w->tensors[job->kernel->output].element_bits;
}

/* The port that serves a direction: the last that lists it, as everywhere. */
static const stream_port *port_of(const stream_memory *memory, int32_t class,
                                  stream_direction direction) {
    for (int32_t i = memory->n_ports - 1; i >= 0; --i)
        if (memory->ports[i].serves[class] >> direction & 1)
            return &memory->ports[i];
    return NULL;
}

static void cross_once(const stream_price_job *job, int32_t class, int64_t bits, int64_t *port_bits,
                       stream_kernel_cost *out) {
    const stream_memory *memory = job->offchip;
    stream_direction direction = class == STREAM_O ? STREAM_FROM_LOW : STREAM_TO_LOW;
    const stream_port *port = port_of(memory, class, direction);
    stream_operand_stream *s = &out->streams[class];
    *(class == STREAM_O ? &s->write_bits : &s->read_bits) += bits;
    if (!port)
        return;
    port_bits[port - memory->ports] += bits;
    int64_t words = stream_ceil_div(bits, port->energy_word_bits ? port->energy_word_bits
                                                                 : port->bandwidth_max_bits);
    s->offchip_fj +=
        stream_fj((double)words * (class == STREAM_O ? memory->write_pj : memory->read_pj));
}

void stream_price_streams_once(const stream_price_job *job, stream_kernel_cost *out) {
    int64_t port_bits[STREAM_MAP_MAX_PORTS] = {0}, longest = 0;
    uint8_t streamed = stream_price_must_stream(job);
    if (!streamed || job->offchip->n_ports > STREAM_MAP_MAX_PORTS)
        return;
    out->streamed = streamed;
    for (int32_t i = 0; i < job->kernel->n_operands; ++i) {
        const stream_operand *operand = &job->kernel->operands[i];
        if (!operand->is_window && streamed >> operand->operand_class & 1)
            cross_once(job, operand->operand_class, operand_bits(job, operand), port_bits, out);
    }
    if (streamed >> STREAM_O & 1)
        cross_once(job, STREAM_O, output_bits(job), port_bits, out);
    for (int32_t i = 0; i < job->offchip->n_ports; ++i)
        longest = stream_max_i64(
            longest, stream_ceil_div(port_bits[i], job->offchip->ports[i].bandwidth_max_bits));
    int64_t stall = stream_max_i64(0, longest - out->cycles);
    out->stall_cycles += stall;
    out->cycles += stall;
    set_rates(out);
}

void stream_price_streams_fused(const stream_price_job *job, int32_t class, int64_t bits,
                                stream_kernel_cost *out) {
    int64_t port_bits[STREAM_MAP_MAX_PORTS] = {0};
    if (!out->mapping || !job->offchip || job->offchip->n_ports > STREAM_MAP_MAX_PORTS)
        return;
    cross_once(job, class, bits, port_bits, out);
    const stream_port *port = port_of(job->offchip, class, STREAM_TO_LOW);
    int64_t least =
        port ? stream_ceil_div(out->streams[class].read_bits, port->bandwidth_max_bits) : 0;
    int64_t stall = stream_max_i64(0, least - out->cycles);
    out->stall_cycles += stall;
    out->cycles += stall;
    set_rates(out);
}
