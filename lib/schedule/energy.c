/* Where the energy of a schedule goes; see stream/schedule/energy.h. */

#include "stream/schedule/energy.h"

#include "stream/support/integer.h"

typedef struct {
    const stream_schedule_problem *problem;
    const stream_accelerator *acc;
    const stream_ct_graph *graph;
    stream_energy *out;
    stream_core_energy *cores;
    int32_t *level_first;
    int64_t *levels, *links, *instances, *transfers, *streams;
    stream_share_energy *layers, *tensors;
} adder;

const char *stream_move_name(stream_move move) {
    static const char *const names[STREAM_N_MOVES] = {"fetch", "onchip", "aside",  "back",
                                                      "spill", "reload", "output", "stream"};
    return names[move];
}

bool stream_move_evicts(stream_move move) {
    return move == STREAM_MOVE_ASIDE || move == STREAM_MOVE_BACK || move == STREAM_MOVE_SPILL ||
           move == STREAM_MOVE_RELOAD;
}

bool stream_transfer_leaves_chip(const stream_accelerator *acc, const stream_transfer *t) {
    for (int32_t k = 0; k < t->n_targets; ++k)
        if (t->targets[k].instance == acc->offchip_instance)
            return true;
    return false;
}

/* Does a later CT accumulate onto what `writer` left? Then it is not yet the result. */
static bool is_partial(const stream_ct_graph *g, int32_t writer) {
    for (int32_t s = g->succ_first[writer]; s < g->succ_first[writer + 1]; ++s) {
        const stream_ct *next = &g->cts[g->succs[s]];
        if (next->accumulates && next->tensor == g->cts[writer].tensor &&
            stream_box_equal(&next->box, &g->cts[writer].box))
            return true;
    }
    return false;
}

/* Does the CT read some of what the transfer moves, in the instance? */
static bool reads_in(const stream_schedule_problem *p, int32_t ct, int32_t core,
                     const stream_transfer *t, int32_t instance) {
    const stream_ct *reader = &p->graph->cts[ct];
    if (reader->accumulates && reader->tensor == t->tensor &&
        stream_box_overlaps(&reader->box, &t->box) &&
        stream_schedule_instance(p, reader->kernel, core, STREAM_O) == instance)
        return true;
    for (int32_t r = reader->first_read; r < reader->first_read + reader->n_reads; ++r) {
        const stream_ct_read *read = &p->graph->reads[r];
        if (read->tensor == t->tensor && stream_box_overlaps(&read->box, &t->box) &&
            stream_schedule_instance(p, reader->kernel, core, read->operand) == instance)
            return true;
    }
    return false;
}

/* Is the instance one in which what the transfer moves is neither written nor read by a CT? */
static bool is_aside(const stream_schedule_problem *p, const stream_schedule *s,
                     const stream_transfer *t, int32_t instance) {
    const stream_ct_graph *g = p->graph;
    if (t->writer < 0 || instance == stream_schedule_instance(p, g->cts[t->writer].kernel,
                                                              s->slots[t->writer].core, STREAM_O))
        return false;
    for (int32_t k = g->succ_first[t->writer]; k < g->succ_first[t->writer + 1]; ++k)
        if (reads_in(p, g->succs[k], s->slots[g->succs[k]].core, t, instance))
            return false;
    return true;
}

static stream_move onchip_move(const stream_schedule_problem *p, const stream_schedule *s,
                               const stream_transfer *t) {
    bool aside = true;
    for (int32_t k = 0; k < t->n_targets && aside; ++k)
        aside = is_aside(p, s, t, t->targets[k].instance);
    return aside                          ? STREAM_MOVE_ASIDE
           : is_aside(p, s, t, t->source) ? STREAM_MOVE_BACK
                                          : STREAM_MOVE_ONCHIP;
}

stream_move stream_transfer_move(const stream_schedule_problem *p, const stream_schedule *s,
                                 const stream_transfer *t) {
    if (t->source == p->acc->offchip_instance)
        return t->writer < 0 ? STREAM_MOVE_FETCH : STREAM_MOVE_RELOAD;
    if (!stream_transfer_leaves_chip(p->acc, t))
        return onchip_move(p, s, t);
    stream_box part;
    bool is_output = t->writer >= 0 && !is_partial(p->graph, t->writer) &&
                     stream_tensor_output_box(&p->graph->tensors[t->tensor], &t->box, &part);
    return is_output ? STREAM_MOVE_OUTPUT : STREAM_MOVE_SPILL;
}

static void add(int64_t *sum, int64_t fj) {
    if (!stream_add_i64(*sum, fj, sum))
        *sum = INT64_MAX;
}

/* ---- CTs */

/* The parts that are known, and what they leave of the price. */
static void add_parts(adder *a, int32_t kernel, int32_t core, int64_t fj) {
    const stream_price_parts *parts = a->problem->parts;
    int64_t rest = fj;
    if (parts) {
        int64_t mac = parts->mac_fj[(int64_t)kernel * a->acc->n_cores + core];
        const int64_t *levels =
            &parts->levels_fj[(int64_t)kernel * parts->level_first[a->acc->n_cores]];
        add(&a->cores[core].mac_fj, mac);
        rest -= mac;
        for (int32_t l = parts->level_first[core]; l < parts->level_first[core + 1]; ++l) {
            add(&a->levels[l], levels[l]);
            rest -= levels[l];
        }
    }
    add(&a->cores[core].opaque_fj, rest);
}

static void add_cts(adder *a, const stream_schedule *s) {
    for (int32_t i = 0; i < a->graph->n_cts; ++i) {
        const stream_ct *ct = &a->graph->cts[i];
        int32_t core = s->slots[i].core;
        int64_t fj = a->problem->energy_fj[(int64_t)ct->kernel * a->acc->n_cores + core];
        add_parts(a, ct->kernel, core, fj);
        add(&a->out->compute_fj, fj);
        add(&a->layers[ct->layer].compute_fj, fj);
        add(&a->tensors[ct->tensor].compute_fj, fj);
    }
}

/* ---- transfers */

static int64_t add_links(adder *a, const int32_t *resources, int32_t n, int64_t bits) {
    int64_t sum = 0;
    for (int32_t k = 0; k < n; ++k) {
        int32_t link = a->acc->resources[resources[k]].link;
        int64_t fj = stream_fj((double)bits * a->acc->links[link].pj_per_bit);
        add(&a->links[link], fj);
        add(&sum, fj);
    }
    return sum;
}

static int64_t add_access(adder *a, int32_t instance, uint8_t operand, bool write, int64_t bits) {
    int32_t port = stream_accelerator_port(a->acc, instance, (stream_operand_class)operand, write);
    int64_t fj = stream_port_energy_fj(a->acc, port, bits, write);
    add(&a->instances[instance], fj);
    return fj;
}

int32_t stream_transfer_layer(const stream_ct_graph *g, const stream_transfer *t) {
    if (t->writer >= 0)
        return g->cts[t->writer].layer;
    int32_t first = g->reader_first[t->tensor];
    if (first == g->reader_first[t->tensor + 1])
        return -1;
    return g->cts[g->read_ct[g->readers[first]]].layer;
}

static void add_share(stream_share_energy *share, int64_t fj, int64_t bits) {
    add(&share->move_fj, fj);
    add(&share->moved_bits, bits);
}

static void add_transfers(adder *a, const stream_schedule *s) {
    for (int32_t i = 0; i < s->n_transfers; ++i) {
        const stream_transfer *t = &s->transfers[i];
        int64_t bits = stream_ct_graph_bits(a->graph, t->tensor, &t->box);
        int64_t fj = add_links(a, t->resources, t->n_resources, bits);
        add(&fj, add_access(a, t->source, t->source_operand, false, bits));
        for (int32_t k = 0; k < t->n_targets; ++k)
            add(&fj, add_access(a, t->targets[k].instance, t->target_operand, true, bits));
        stream_move move = stream_transfer_move(a->problem, s, t);
        int32_t layer = stream_transfer_layer(a->graph, t);
        a->transfers[i] = fj;
        add(&a->out->moves_fj[move], fj);
        add(&a->out->moves_bits[move], bits);
        add_share(&a->tensors[t->tensor], fj, bits);
        if (layer >= 0)
            add_share(&a->layers[layer], fj, bits);
    }
}

/* ---- streams of CTs */

int32_t stream_ct_stream_tensor(const stream_ct_graph *g, const stream_ct_stream *s) {
    const stream_ct *ct = &g->cts[s->ct];
    for (int32_t r = ct->first_read; s->operand != STREAM_O && r < ct->first_read + ct->n_reads;
         ++r)
        if (g->reads[r].operand == s->operand)
            return g->reads[r].tensor;
    return ct->tensor;
}

const stream_price_stream *stream_ct_stream_price(const stream_schedule_problem *p,
                                                  const stream_schedule *schedule,
                                                  const stream_ct_stream *s) {
    int64_t row =
        (int64_t)p->graph->cts[s->ct].kernel * p->acc->n_cores + schedule->slots[s->ct].core;
    return &p->streams->of[row * STREAM_N_OPERANDS + s->operand];
}

static void add_streams(adder *a, const stream_schedule *schedule) {
    for (int32_t i = 0; i < schedule->n_streams; ++i) {
        const stream_ct_stream *s = &schedule->streams[i];
        const stream_price_stream *price = stream_ct_stream_price(a->problem, schedule, s);
        int64_t fj = add_links(a, s->read.resources, s->read.n_resources, price->read_bits);
        int64_t bits = price->read_bits + price->write_bits;
        add(&fj, add_links(a, s->write.resources, s->write.n_resources, price->write_bits));
        add(&fj, price->offchip_fj);
        add(&a->instances[a->acc->offchip_instance], price->offchip_fj);
        add(&a->streams[i], fj);
        add(&a->out->moves_fj[STREAM_MOVE_STREAM], fj);
        add(&a->out->moves_bits[STREAM_MOVE_STREAM], bits);
        add_share(&a->tensors[stream_ct_stream_tensor(a->graph, s)], fj, bits);
        add_share(&a->layers[a->graph->cts[s->ct].layer], fj, bits);
    }
}

/* ---- all of it */

static void add_static(adder *a, int64_t latency) {
    for (int32_t c = 0; c < a->acc->n_cores; ++c) {
        a->cores[c].leak_fj = stream_fj(a->acc->cores[c].static_pj * (double)latency);
        add(&a->out->leak_fj, a->cores[c].leak_fj);
    }
}

static void prepare(adder *a, const stream_schedule *schedule, stream_arena *arena) {
    const stream_accelerator *acc = a->acc;
    a->cores = STREAM_NEW(arena, stream_core_energy, (size_t)acc->n_cores);
    a->level_first = STREAM_NEW(arena, int32_t, (size_t)acc->n_cores + 1);
    for (int32_t c = 0; c < acc->n_cores; ++c)
        a->level_first[c + 1] = a->level_first[c] + acc->cores[c].n_memories;
    a->levels = STREAM_NEW(arena, int64_t, (size_t)a->level_first[acc->n_cores]);
    a->links = STREAM_NEW(arena, int64_t, (size_t)acc->n_links);
    a->instances = STREAM_NEW(arena, int64_t, (size_t)acc->n_instances);
    a->transfers = STREAM_NEW(arena, int64_t, (size_t)schedule->n_transfers);
    a->streams = STREAM_NEW(arena, int64_t, (size_t)schedule->n_streams);
    a->layers = STREAM_NEW(arena, stream_share_energy, (size_t)a->graph->n_layers);
    a->tensors = STREAM_NEW(arena, stream_share_energy, (size_t)a->graph->n_tensors);
}

void stream_energy_build(const stream_schedule_problem *problem, const stream_schedule *schedule,
                         stream_arena *arena, stream_energy *out) {
    *out = (stream_energy){0};
    adder a = {.problem = problem, .acc = problem->acc, .graph = problem->graph, .out = out};
    prepare(&a, schedule, arena);
    add_cts(&a, schedule);
    add_transfers(&a, schedule);
    add_streams(&a, schedule);
    add_static(&a, schedule->summary.latency_cycles);
    out->total_fj = out->compute_fj;
    for (int32_t m = 0; m < STREAM_N_MOVES; ++m)
        add(&out->total_fj, out->moves_fj[m]);
    add(&out->total_fj, out->leak_fj);
    out->cores = a.cores;
    out->level_first = a.level_first;
    out->levels_fj = a.levels;
    out->links_fj = a.links;
    out->instances_fj = a.instances;
    out->transfers_fj = a.transfers;
    out->streams_fj = a.streams;
    out->layers = a.layers;
    out->tensors = a.tensors;
}
