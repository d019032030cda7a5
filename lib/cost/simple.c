/* The simple cost model; see stream/cost/cost.h and docs/cost-model.md. */

#include "simple_spatial.h"
#include "stream/cost/cost.h"
#include "stream/support/integer.h"

#include <math.h>

typedef struct {
    const stream_workload *w;
    const stream_layer *layer;
    const stream_core *core;
    stream_simple_spatial spatial;
    double port_cycles; /* cycles of the busiest port */
    double energy_pj;
    double onload, offload;
} pricing;

/* One operand of the kernel: data, and which loops index it. */
typedef struct {
    uint8_t operand; /* stream_operand_class */
    bool relevant[STREAM_MAX_LOOPS];
    double bits; /* of the whole tile */
    double element_bits;
} data;

static data input_data(const pricing *p, const stream_operand *operand) {
    static const int64_t origin[STREAM_MAX_LOOPS];
    const stream_layer *layer = p->layer;
    data d = {.operand = operand->operand_class};
    stream_box box = stream_operand_box(p->w, operand, layer->n_loops, origin, layer->bounds);
    d.element_bits = stream_view_element_bits(p->w, operand->view);
    d.bits = (double)stream_box_volume(&box) * d.element_bits;
    for (int32_t r = 0; r < p->w->views[operand->view].rank; ++r)
        for (int32_t l = 0; l < layer->n_loops; ++l)
            d.relevant[l] |= operand->index[r].coefficient[l] != 0;
    return d;
}

static data output_data(const pricing *p) {
    static const int64_t origin[STREAM_MAX_LOOPS];
    const stream_layer *layer = p->layer;
    const stream_tensor *tensor = &p->w->tensors[layer->output];
    data d = {.operand = STREAM_O, .element_bits = stream_tensor_point_bits(tensor)};
    stream_box box = stream_output_box(p->w, layer, origin, layer->bounds);
    d.bits = (double)stream_box_volume(&box) * d.element_bits;
    for (int32_t r = 0; r < tensor->rank; ++r)
        if (layer->output_loop[r] >= 0)
            d.relevant[layer->output_loop[r]] = true;
    return d;
}

/* Product of the unrolling over array dims (served by the memory, or not), over loops that index
 * the operand, or not. */
static double unrolling(const pricing *p, const data *d, const stream_memory *memory, bool served,
                        bool relevant) {
    double product = 1;
    for (int32_t x = 0; x < p->core->n_array_dims; ++x)
        for (int32_t l = 0; l < p->layer->n_loops; ++l)
            if ((memory->served_dims >> x & 1) == served && d->relevant[l] == relevant)
                product *= (double)p->spatial.unroll[x][l];
    return product;
}

static bool reduces(const pricing *p) {
    for (int32_t l = 0; l < p->layer->n_loops; ++l)
        if (p->layer->reduction[l] && p->layer->bounds[l] > 1)
            return true;
    return false;
}

/* Traffic of one operand at one level: bits per instance, and instances that exist in all. */
typedef struct {
    double bits[STREAM_N_DIRECTIONS];
    double instances;
} traffic;

static traffic traffic_at(const pricing *p, const data *d, const stream_memory *memory,
                          bool innermost, bool top) {
    traffic t = {{0}, 1};
    double distinct = unrolling(p, d, memory, false, true);
    double copies = unrolling(p, d, memory, false, false);
    double once = d->bits / distinct;
    double array =
        (double)p->spatial.cycles * unrolling(p, d, memory, true, true) * d->element_bits;
    bool output = d->operand == STREAM_O;
    t.instances = distinct * copies;
    t.bits[output ? STREAM_FROM_LOW : STREAM_TO_LOW] = innermost ? array : once;
    if (output && innermost && reduces(p))
        t.bits[STREAM_TO_LOW] =
            fmax(0, array - once); /* partial sums are read back, zeros are not */
    if (!top)
        t.bits[output ? STREAM_TO_HIGH : STREAM_FROM_HIGH] = once;
    return t;
}

static const stream_port *port_of(const stream_memory *memory, uint8_t operand, int32_t direction,
                                  int32_t *out_index) {
    for (int32_t i = memory->n_ports - 1; i >= 0; --i)
        if (memory->ports[i].serves[operand] >> direction & 1) {
            *out_index = i;
            return &memory->ports[i];
        }
    return NULL;
}

/* Adds one operand's traffic to the ports of a memory (bits per port) and to the energy. */
static void add_traffic(pricing *p, const stream_memory *memory, const data *d, const traffic *t,
                        double *port_bits) {
    for (int32_t direction = 0; direction < STREAM_N_DIRECTIONS; ++direction) {
        int32_t index = 0;
        const stream_port *port = port_of(memory, d->operand, direction, &index);
        if (!port || t->bits[direction] == 0)
            continue;
        bool reads = direction == STREAM_TO_LOW || direction == STREAM_TO_HIGH;
        port_bits[index] += t->bits[direction];
        p->energy_pj += ceil(t->bits[direction] / (double)port->bandwidth_max_bits) * t->instances *
                        (reads ? memory->read_pj : memory->write_pj);
    }
}

static bool holds(const stream_memory *memory, uint8_t operand) {
    return memory->operands >> operand & 1;
}

static void price_memory(pricing *p, int32_t m, const data *all, int32_t n) {
    const stream_memory *memory = &p->core->memories[m];
    double port_bits[64] = {0};
    for (int32_t i = 0; i < n; ++i) {
        if (!holds(memory, all[i].operand))
            continue;
        bool innermost = true, top = true;
        for (int32_t k = 0; k < p->core->n_memories; ++k) {
            innermost &= k >= m || !holds(&p->core->memories[k], all[i].operand);
            top &= k <= m || !holds(&p->core->memories[k], all[i].operand);
        }
        traffic t = traffic_at(p, &all[i], memory, innermost, top);
        add_traffic(p, memory, &all[i], &t, port_bits);
    }
    for (int32_t i = 0; i < memory->n_ports && i < 64; ++i)
        p->port_cycles =
            fmax(p->port_cycles, ceil(port_bits[i] / (double)memory->ports[i].bandwidth_max_bits));
}

/* Cycles to bring the first operands of the array, or take its last results, through the top
 * memory. */
static double first_cycles(const pricing *p, const data *d, int32_t direction) {
    double bits = d->element_bits;
    for (int32_t x = 0; x < p->core->n_array_dims; ++x)
        for (int32_t l = 0; l < p->layer->n_loops; ++l)
            if (d->relevant[l])
                bits *= (double)p->spatial.unroll[x][l];
    for (int32_t m = p->core->n_memories - 1; m >= 0; --m) {
        int32_t index;
        if (!holds(&p->core->memories[m], d->operand))
            continue;
        const stream_port *port = port_of(&p->core->memories[m], d->operand, direction, &index);
        return port ? ceil(bits / (double)port->bandwidth_max_bits) : 0;
    }
    return 0;
}

static void price_operands(pricing *p) {
    data all[64];
    int32_t n = 0;
    for (int32_t i = 0; i < p->layer->n_operands && n < 63; ++i)
        if (!p->layer->operands[i].is_window &&
            !stream_operand_is_fused(p->layer, &p->layer->operands[i])) {
            data d = input_data(p, &p->layer->operands[i]);
            if (d.element_bits == 0) /* a fill: no data */
                continue;
            p->onload = fmax(p->onload, first_cycles(p, &d, STREAM_TO_LOW));
            all[n++] = d;
        }
    all[n++] = output_data(p);
    p->offload = first_cycles(p, &all[n - 1], STREAM_FROM_LOW);
    for (int32_t m = 0; m < p->core->n_memories; ++m)
        price_memory(p, m, all, n);
}

static int64_t mac_units(const stream_core *core) {
    int64_t units = 1;
    for (int32_t x = 0; x < core->n_array_dims; ++x)
        units *= core->array_sizes[x];
    return units;
}

stream_status stream_cost_simple(const stream_workload *w, const stream_layer *kernel,
                                 const stream_core *core, const stream_diag *diag,
                                 stream_kernel_cost *out) {
    if (core->kind != STREAM_CORE_COMPUTE)
        return stream_error(diag, STREAM_UNSUPPORTED, kernel->loc,
                            "core '%s' has no array that could run '%s'", core->name, kernel->name);
    pricing p = {
        .w = w, .layer = kernel, .core = core, .spatial = stream_simple_spatial_best(kernel, core)};
    int64_t macs = stream_layer_macs(kernel);
    double compute = (double)p.spatial.cycles * (double)kernel->macs_per_point / core->utilization;
    price_operands(&p);
    double mac_pj = (double)macs * core->mac_pj, total_pj = p.energy_pj + mac_pj;
    double stall = fmax(0, p.port_cycles - ceil(compute));
    double cycles = ceil(compute) + stall + p.onload + p.offload;
    if (macs < 0 || cycles > 0x1p53 || total_pj > 0x1p53)
        return stream_error(diag, STREAM_INVALID, kernel->loc,
                            "kernel '%s' takes more cycles or energy than 53 bits hold (%g cycles)",
                            kernel->name, cycles);
    *out = (stream_kernel_cost){.compute_cycles = (int64_t)ceil(compute),
                                .stall_cycles = (int64_t)stall,
                                .onload_cycles = (int64_t)p.onload,
                                .offload_cycles = (int64_t)p.offload,
                                .energy_fj = stream_fj(total_pj),
                                .mac_energy_fj = stream_fj(mac_pj),
                                .model = "simple"};
    out->cycles =
        out->compute_cycles + out->stall_cycles + out->onload_cycles + out->offload_cycles;
    out->utilization = (double)macs / (ceil(compute) * (double)mac_units(core));
    return STREAM_OK;
}
