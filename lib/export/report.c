/* Figures per core, layer and kind of data; see report.h. */

#include "report.h"

#include "flows.h"
#include "idle.h"
#include "occupied.h"
#include "stream/support/integer.h"

const char *stream_report_kind_name(int kind) {
    static const char *const names[] = {"inputs", "constants", "intermediates", "outputs"};
    return names[kind];
}

static const uint8_t *find_kinds(const stream_ct_graph *g, stream_arena *arena) {
    uint8_t *kinds = STREAM_NEW(arena, uint8_t, (size_t)g->n_tensors);
    for (int32_t t = 0; t < g->n_tensors; ++t)
        switch (g->tensors[t].kind) {
        case STREAM_TENSOR_INPUT:
            kinds[t] = STREAM_REPORT_INPUT;
            break;
        case STREAM_TENSOR_CONSTANT:
            kinds[t] = STREAM_REPORT_CONSTANT;
            break;
        case STREAM_TENSOR_INTERMEDIATE:
            kinds[t] = g->tensors[t].is_output ? STREAM_REPORT_OUTPUT : STREAM_REPORT_INTERMEDIATE;
            break;
        }
    return kinds;
}

static int64_t bits_of(const stream_export *e, const stream_transfer *t) {
    return stream_ct_graph_bits(e->problem->graph, t->tensor, &t->box);
}

/* read [n_tensors] gets what is read from off-chip */
static void count_streams(stream_report *r, stream_report_layer *layers, int64_t *read) {
    const stream_export *e = r->e;
    for (int32_t i = 0; i < e->schedule->n_streams; ++i) {
        const stream_ct_stream *s = &e->schedule->streams[i];
        const stream_price_stream *price = stream_ct_stream_price(e->problem, e->schedule, s);
        int32_t tensor = stream_ct_stream_tensor(e->problem->graph, s);
        stream_report_layer *layer = &layers[e->problem->graph->cts[s->ct].layer];
        stream_report_traffic *traffic = &r->traffic[r->kinds[tensor]];
        traffic->read += price->read_bits;
        traffic->write += price->write_bits;
        if (r->kinds[tensor] == STREAM_REPORT_INTERMEDIATE)
            r->spilled_bits[STREAM_SPILLED_THERE] += price->write_bits;
        layer->offchip_read += price->read_bits;
        layer->offchip_write += price->write_bits;
        read[tensor] += price->read_bits;
    }
}

static void count_spilled(stream_report *r, stream_arena *arena) {
    const stream_export *e = r->e;
    stream_routes *routes = stream_routes_create(e->problem->acc, arena);
    for (int32_t i = 0; i < e->schedule->n_transfers; ++i) {
        const stream_transfer *t = &e->schedule->transfers[i];
        if (r->kinds[t->tensor] == STREAM_REPORT_INTERMEDIATE &&
            stream_transfer_leaves_chip(e->problem->acc, t))
            r->spilled_bits[stream_spilled_cause(e->problem, e->schedule, routes, t)] +=
                bits_of(e, t);
    }
}

static void count_transfers(stream_report *r, stream_report_layer *layers, stream_arena *arena) {
    const stream_export *e = r->e;
    const stream_ct_graph *g = e->problem->graph;
    int32_t n = e->schedule->n_transfers;
    int64_t *read = STREAM_NEW(arena, int64_t, (size_t)g->n_tensors);
    count_streams(r, layers, read);
    for (int32_t i = 0; i < n; ++i) {
        const stream_transfer *t = &e->schedule->transfers[i];
        stream_report_traffic *traffic = &r->traffic[r->kinds[t->tensor]];
        bool in = t->source == e->problem->acc->offchip_instance,
             out = stream_transfer_leaves_chip(e->problem->acc, t);
        int64_t bits = bits_of(e, t);
        traffic->read += in ? bits : 0;
        traffic->write += out ? bits : 0;
        read[t->tensor] += in ? bits : 0;
        int32_t layer = stream_transfer_layer(g, t);
        if (layer < 0)
            continue;
        layers[layer].offchip_read += in ? bits : 0;
        layers[layer].offchip_write += out ? bits : 0;
    }
    for (int32_t t = 0; t < g->n_tensors; ++t) {
        stream_box whole = stream_box_whole(g->tensors[t].rank, g->tensors[t].shape);
        r->traffic[r->kinds[t]].again +=
            stream_max_i64(0, read[t] - stream_ct_graph_bits(g, t, &whole));
    }
}

static void count_cts(const stream_export *e, stream_report_core *cores,
                      stream_report_layer *layers) {
    const stream_schedule_problem *p = e->problem;
    for (int32_t i = 0; i < p->graph->n_cts; ++i) {
        const stream_ct *ct = &p->graph->cts[i];
        const stream_ct_slot *slot = &e->schedule->slots[i];
        stream_report_layer *layer = &layers[ct->layer];
        layer->first = layer->cts == 0 ? slot->start : stream_min_i64(layer->first, slot->start);
        layer->last = stream_max_i64(layer->last, slot->end);
        layer->stack = layer->cts == 0 ? ct->stack : layer->stack;
        layer->cts++;
        layer->cycles += slot->end - slot->start;
        cores[slot->core].cts++;
        cores[slot->core].busy += slot->end - slot->start;
    }
}

void stream_report_build(const stream_export *e, stream_arena *arena, stream_report *out) {
    const stream_ct_graph *g = e->problem->graph;
    stream_report_core *cores =
        STREAM_NEW(arena, stream_report_core, (size_t)e->problem->acc->n_cores);
    stream_report_layer *layers = STREAM_NEW(arena, stream_report_layer, (size_t)g->n_layers);
    *out = (stream_report){.e = e, .cores = cores, .layers = layers};
    out->kinds = find_kinds(g, arena);
    out->readers = stream_flows_readers(e, arena);
    count_cts(e, cores, layers);
    count_transfers(out, layers, arena);
    count_spilled(out, arena);
    stream_energy_build(e->problem, e->schedule, arena, &out->energy);
    stream_curves_rates(e, arena, &out->rates);
    out->idle = stream_report_idle(e, &out->rates, cores);
    stream_curves_occupancy(e, arena, &out->occupancy);
    out->extents = stream_occupied_extents(e, arena);
}

double stream_report_use(const stream_report *r, int32_t resource) {
    int64_t latency = r->e->schedule->summary.latency_cycles;
    double whole = (double)r->e->problem->acc->resources[resource].bandwidth_bits * (double)latency;
    return whole > 0 ? stream_curves_area(&r->rates, resource, 0, latency) / whole : 0;
}

int32_t stream_report_busiest(const stream_report *r, bool links) {
    const stream_accelerator *acc = r->e->problem->acc;
    int32_t best = -1;
    double most = 0;
    for (int32_t i = 0; i < acc->n_resources; ++i) {
        double use = stream_report_use(r, i);
        if ((!links || acc->resources[i].kind == STREAM_RESOURCE_LINK) && use > most) {
            most = use;
            best = i;
        }
    }
    return best;
}
