/* Ports that are never short; see model.h.
 *
 * Each transfer that uses a port of a memory uses, at the same rate and over the same interval, a
 * link or bus of a core that sees the memory, or else a port of another memory of that core. So
 * does what a CT streams (rule R9) for the port of off-chip memory, unless it works there itself.
 * As none of these is ever used beyond its bandwidth, a port is not either if it has their sum:
 *
 *   ample:  bandwidth >= sum of links, buses and siblings   (twice that if it reads and writes)
 */

#include "model.h"

#include "stream/support/integer.h"

/* Bits per cycle that all ports of the memory have. */
static int64_t ports_bandwidth(const stream_accelerator *acc, int32_t instance) {
    const stream_instance *i = &acc->instances[instance];
    int64_t sum = 0;
    for (int32_t p = i->first_port; p < i->first_port + i->n_ports; ++p)
        sum = stream_sum_i64(sum, acc->resources[p].bandwidth_bits);
    return sum;
}

static void raise(int64_t *sum, int64_t part) {
    *sum = stream_sum_i64(*sum, part);
}

/* reach  [n_instances] what comes to each memory at once, at most */
static void add_links(const stream_accelerator *acc, int64_t *reach) {
    int32_t tops[STREAM_N_OPERANDS];
    for (int32_t l = 0; l < acc->n_links; ++l)
        for (int32_t k = 0; k < acc->links[l].n_cores; ++k)
            for (int32_t i = stream_core_tops(acc, acc->links[l].cores[k], tops); i-- > 0;)
                raise(&reach[tops[i]], acc->links[l].bandwidth_bits);
}

/* Between memories of one core nothing but their ports is used. */
static void add_siblings(const stream_accelerator *acc, int64_t *reach) {
    int32_t tops[STREAM_N_OPERANDS];
    for (int32_t c = 0; c < acc->n_cores; ++c) {
        int32_t n = stream_core_tops(acc, c, tops);
        for (int32_t i = 0; i < n; ++i) {
            for (int32_t k = 0; k < n; ++k)
                raise(&reach[tops[i]], k == i ? 0 : ports_bandwidth(acc, tops[k]));
            if (tops[i] == acc->offchip_instance && c != acc->offchip_core)
                reach[tops[i]] = INT64_MAX;
        }
    }
}

/* The directions in which the port is used. */
static int64_t directions(const model *m, int32_t instance, int32_t port) {
    bool used[2] = {false, false};
    for (uint8_t o = 0; o < STREAM_N_OPERANDS; ++o)
        for (int32_t write = 0; write < 2; ++write)
            used[write] |= port_of(m, instance, o, write) == port;
    return used[0] + used[1];
}

const bool *stream_schedule_ample(const model *m, stream_arena *arena) {
    const stream_accelerator *acc = m->acc;
    stream_arena *scratch = stream_arena_create();
    int64_t *reach = STREAM_NEW(scratch, int64_t, (size_t)acc->n_instances);
    bool *is_ample = STREAM_NEW(arena, bool, (size_t)acc->n_resources);
    add_links(acc, reach);
    add_siblings(acc, reach);
    for (int32_t r = 0; r < acc->n_resources; ++r) {
        const stream_resource *port = &acc->resources[r];
        if (port->kind != STREAM_RESOURCE_PORT)
            continue;
        int64_t most = reach[port->instance];
        if (directions(m, port->instance, r) == 2)
            raise(&most, most);
        is_ample[r] = port->bandwidth_bits >= most;
    }
    stream_arena_destroy(scratch);
    return is_ample;
}
