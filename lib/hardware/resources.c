/* Links and ports as bandwidth resources, and what a port costs; see stream/hardware/accelerator.h.
 */

#include "internal.h"

#include "stream/support/integer.h"
#include "stream/support/vec.h"

#include <math.h>

static void add_link(stream_vec *resources, int32_t link, bool reversed, int64_t bandwidth_bits) {
    *(stream_resource *)stream_vec_push(resources) =
        (stream_resource){.kind = STREAM_RESOURCE_LINK,
                          .link = link,
                          .reversed = reversed,
                          .instance = -1,
                          .port = -1,
                          .bandwidth_bits = bandwidth_bits};
}

static void add_ports(stream_vec *resources, const stream_memory *memory, int32_t instance) {
    for (int32_t p = 0; p < memory->n_ports; ++p)
        *(stream_resource *)stream_vec_push(resources) =
            (stream_resource){.kind = STREAM_RESOURCE_PORT,
                              .link = -1,
                              .instance = instance,
                              .port = p,
                              .bandwidth_bits = memory->ports[p].bandwidth_max_bits};
}

void stream_hardware_resources(stream_accelerator *acc, stream_arena *arena) {
    stream_vec resources = STREAM_VEC(stream_resource);
    int32_t *first = STREAM_NEW(arena, int32_t, (size_t)acc->n_links);
    for (int32_t l = 0; l < acc->n_links; ++l) {
        const stream_link *link = &acc->links[l];
        first[l] = (int32_t)resources.n;
        add_link(&resources, l, false, link->bandwidth_bits);
        if (!link->bus)
            add_link(&resources, l, true, link->bandwidth_bits);
    }
    stream_instance *instances = STREAM_NEW(arena, stream_instance, (size_t)acc->n_instances);
    for (int32_t i = 0; i < acc->n_instances; ++i) {
        const stream_memory *memory = stream_hardware_memory(acc, i);
        instances[i] = acc->instances[i];
        instances[i].first_port = (int32_t)resources.n;
        instances[i].n_ports = memory->n_ports;
        add_ports(&resources, memory, i);
    }
    acc->link_resource = first;
    acc->instances = instances;
    acc->n_resources = (int32_t)resources.n;
    acc->resources = stream_vec_freeze(&resources, arena);
}

/* The first port of the memory that can do it and, with `directions` != 0, carries the operand in
 * one of them; -1: none. */
static int32_t find_port(const stream_memory *memory, stream_operand_class operand, bool write,
                         uint8_t directions) {
    stream_port_kind other = write ? STREAM_PORT_READ : STREAM_PORT_WRITE;
    for (int32_t p = 0; p < memory->n_ports; ++p)
        if (memory->ports[p].kind != other &&
            (!directions || memory->ports[p].serves[operand] & directions))
            return p;
    return -1;
}

int32_t stream_distinct_ids(const int32_t of_operand[STREAM_N_OPERANDS],
                            int32_t out[STREAM_N_OPERANDS]) {
    int32_t n = 0;
    for (int32_t o = 0; o < STREAM_N_OPERANDS; ++o) {
        bool known = of_operand[o] < 0;
        for (int32_t i = 0; i < n; ++i)
            known |= out[i] == of_operand[o];
        if (!known)
            out[n++] = of_operand[o];
    }
    return n;
}

int32_t stream_core_tops(const stream_accelerator *acc, int32_t core,
                         int32_t out[STREAM_N_OPERANDS]) {
    return stream_distinct_ids(&acc->top[core * STREAM_N_OPERANDS], out);
}

int32_t stream_accelerator_port(const stream_accelerator *acc, int32_t instance,
                                stream_operand_class operand, bool write) {
    const stream_memory *memory = stream_hardware_memory(acc, instance);
    const uint8_t wanted[] = {write ? 1u << STREAM_FROM_HIGH : 1u << STREAM_TO_HIGH,
                              write ? 1u << STREAM_FROM_LOW : 1u << STREAM_TO_LOW, 0};
    for (int32_t i = 0; i < 3; ++i) {
        int32_t port = find_port(memory, operand, write, wanted[i]);
        if (port >= 0)
            return acc->instances[instance].first_port + port;
    }
    return -1;
}

int64_t stream_port_energy_fj(const stream_accelerator *acc, int32_t resource, int64_t bits,
                              bool write) {
    const stream_resource *port = &acc->resources[resource];
    const stream_memory *memory = stream_hardware_memory(acc, port->instance);
    int64_t accesses = stream_ceil_div(bits, port->bandwidth_bits);
    return stream_fj((double)accesses * (write ? memory->write_pj : memory->read_pj));
}

int64_t stream_fj(double pj) {
    double fj = round(pj * 1000);
    return fj >= 9223372036854775807.0 ? INT64_MAX : (int64_t)fj;
}
