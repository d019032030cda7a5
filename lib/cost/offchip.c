/* Off-chip memory as streams of a core reach it: over its links; see stream/cost/cost.h. */

#include "stream/cost/cost.h"
#include "stream/support/integer.h"

/* Bits per cycle between off-chip and the top memories of operand `o` of cores of the class, on the
 * slowest route there (or back). */
static int64_t slowest(const stream_accelerator *acc, stream_routes *routes, int32_t class,
                       int32_t o, bool back) {
    int64_t least = INT64_MAX;
    for (int32_t c = 0; c < acc->n_cores; ++c) {
        int32_t top = acc->top[c * STREAM_N_OPERANDS + o], offchip = acc->offchip_instance;
        if (acc->class_of[c] != class || top < 0)
            continue;
        const stream_route *r =
            stream_routes_between(routes, back ? top : offchip, back ? offchip : top);
        least = r && r->n_hops > 0 ? stream_min_i64(least, r->bandwidth_bits) : least;
    }
    return least;
}

static void narrow(stream_port *port, int64_t bits) {
    if (bits >= port->bandwidth_max_bits)
        return;
    if (port->energy_word_bits == 0)
        port->energy_word_bits = port->bandwidth_max_bits;
    port->bandwidth_max_bits = bits;
    port->bandwidth_min_bits = stream_min_i64(port->bandwidth_min_bits, bits);
}

bool stream_price_offchip_of(const stream_accelerator *acc, stream_routes *routes, int32_t class,
                             stream_arena *arena, stream_memory *out) {
    const unsigned out_of = 1u << STREAM_TO_LOW | 1u << STREAM_TO_HIGH;
    const unsigned into = 1u << STREAM_FROM_LOW | 1u << STREAM_FROM_HIGH;
    const stream_memory *memory = stream_price_offchip(acc);
    if (!memory)
        return false;
    stream_port *ports = STREAM_NEW(arena, stream_port, (size_t)memory->n_ports);
    for (int32_t i = 0; i < memory->n_ports; ++i) {
        ports[i] = memory->ports[i];
        for (int32_t o = 0; o < STREAM_N_OPERANDS; ++o) {
            if (ports[i].serves[o] & out_of)
                narrow(&ports[i], slowest(acc, routes, class, o, false));
            if (ports[i].serves[o] & into)
                narrow(&ports[i], slowest(acc, routes, class, o, true));
        }
    }
    *out = *memory;
    out->ports = ports;
    return true;
}

/* ---- all streams of a price together */

enum {
    MOST_FLOWS = 2 * STREAM_N_OPERANDS
};

typedef struct {
    const stream_route *routes[MOST_FLOWS];
    int64_t bits[MOST_FLOWS];
    int32_t ports[MOST_FLOWS]; /* of the off-chip memory */
    int32_t n;
} flows;

static void add_flow(const stream_accelerator *acc, stream_routes *routes, int32_t from, int32_t to,
                     int64_t bits, int32_t operand, flows *out) {
    if (bits == 0 || from < 0 || to < 0)
        return;
    const stream_route *r = stream_routes_between(routes, from, to);
    if (!r || r->n_hops == 0)
        return;
    out->routes[out->n] = r;
    out->ports[out->n] = stream_accelerator_port(
        acc, acc->offchip_instance, (stream_operand_class)operand, to == acc->offchip_instance);
    out->bits[out->n++] = bits;
}

static bool uses(const stream_route *r, int32_t resource) {
    for (int32_t i = 0; i < r->n_hops; ++i)
        if (r->resources[i] == resource)
            return true;
    return false;
}

/* Bits per cycle that the flows take of the resource if they last `cycles`. */
static int64_t rate_on(const flows *f, int32_t resource, int64_t cycles) {
    int64_t rate = 0;
    for (int32_t i = 0; i < f->n; ++i)
        rate += uses(f->routes[i], resource) || f->ports[i] == resource
                    ? stream_ceil_div(f->bits[i], cycles)
                    : 0;
    return rate;
}

/* The least number of cycles >= `cycles` in which the resource moves its flows; rates fall with it.
 * At most as many as if every flow took one bit per cycle. */
static int64_t cycles_on(const stream_accelerator *acc, const flows *f, int32_t resource,
                         int64_t cycles) {
    int64_t width = acc->resources[resource].bandwidth_bits, low = cycles, high = cycles;
    if (rate_on(f, resource, cycles) <= width)
        return cycles;
    for (int32_t i = 0; i < f->n; ++i)
        high = stream_max_i64(high, f->bits[i]);
    while (high - low > 1) { /* too fast at low */
        int64_t middle = low + (high - low) / 2;
        *(rate_on(f, resource, middle) <= width ? &high : &low) = middle;
    }
    return high;
}

/* On every core of the class. */
static int64_t cycles_of_core(const stream_accelerator *acc, stream_routes *routes, int32_t core,
                              const stream_kernel_cost *cost) {
    flows f = {.n = 0};
    int64_t cycles = cost->cycles;
    for (int32_t o = 0; o < STREAM_N_OPERANDS; ++o) {
        int32_t top = acc->top[core * STREAM_N_OPERANDS + o];
        add_flow(acc, routes, acc->offchip_instance, top, cost->streams[o].read_bits, o, &f);
        add_flow(acc, routes, top, acc->offchip_instance, cost->streams[o].write_bits, o, &f);
    }
    for (int32_t i = 0; i < f.n; ++i)
        for (int32_t k = 0; k < f.routes[i]->n_hops; ++k)
            cycles = cycles_on(acc, &f, f.routes[i]->resources[k], cycles);
    for (int32_t i = 0; i < f.n; ++i)
        if (f.ports[i] >= 0)
            cycles = cycles_on(acc, &f, f.ports[i], cycles);
    return cycles;
}

void stream_price_fit_links(const stream_accelerator *acc, stream_routes *routes, int32_t class,
                            stream_kernel_cost *cost) {
    int64_t cycles = cost->cycles;
    for (int32_t c = 0; c < acc->n_cores && cost->streamed; ++c)
        if (acc->class_of[c] == class)
            cycles = stream_max_i64(cycles, cycles_of_core(acc, routes, c, cost));
    cost->stall_cycles += cycles - cost->cycles;
    cost->cycles = cycles;
    for (int32_t o = 0; o < STREAM_N_OPERANDS && cost->streamed; ++o) {
        stream_operand_stream *s = &cost->streams[o];
        s->read_bits_per_cycle = stream_ceil_div(s->read_bits, cycles);
        s->write_bits_per_cycle = stream_ceil_div(s->write_bits, cycles);
    }
}
