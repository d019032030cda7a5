/* Small machines and networks with valid schedules, made by a scheduler as simple as possible: one
 * transfer at a time, first free address, everything final written back at once. Copies stay at
 * random, so that later CTs find them, copy them from core to core, or fetch again. */
#ifndef CHECK_INSTANCE_H
#define CHECK_INSTANCE_H

#include "stream/hardware/route.h"
#include "stream/schedule/schedule.h"
#include "stream/support/integer.h"
#include "stream/support/vec.h"

#include "test.h"

#include <stdlib.h>
#include <string.h>

#define N_MACHINES 4

typedef struct {
    stream_port ports[6][2];
    stream_memory memories[6];
    stream_core cores[4];
    int32_t link_cores[4][4];
    stream_link links[4];
    int32_t shared[2];
    stream_sharing sharing[1];
    stream_accelerator acc;
} machine;

typedef struct {
    int32_t tensor, writer, instance;
    stream_box box;
    int64_t address, start, complete, last_use;
    int64_t until; /* -1: still held */
    enum {
        IS_RESIDENT,
        IS_TARGET,
        IS_OUTPUT,
        IS_PASSING /* parts of a streamed operand: bits, no data */
    } what;
    int32_t event;
    uint8_t operand;
} placed;

typedef struct {
    unsigned seed;
    stream_arena *arena;
    machine hw;
    stream_routes *routes;
    stream_ct_graph graph;
    stream_schedule_problem problem;
    stream_schedule schedule;
    stream_price_streams prices;
    stream_vec buffers, transfers, residents; /* placed, stream_transfer, stream_resident */
    stream_vec streams;                       /* stream_ct_stream */
    stream_ct_slot *slots;
    int32_t *cores;
    int64_t core_free[4], link_free;
} sample;

static unsigned pick(sample *in, unsigned n) {
    return test_random(&in->seed) % n;
}

/* ---- machines */

static void add_memory(machine *m, int i, const char *name, int64_t bytes, unsigned operands) {
    for (int p = 0; p < 2; ++p) {
        m->ports[i][p] = (stream_port){.name = p ? "w" : "r",
                                       .kind = p ? STREAM_PORT_WRITE : STREAM_PORT_READ,
                                       .bandwidth_min_bits = i % 2 ? 16 : 8,
                                       .bandwidth_max_bits = 32};
        for (int o = 0; o < STREAM_N_OPERANDS; ++o)
            if (operands >> o & 1)
                m->ports[i][p].serves[o] = p ? 1u << STREAM_FROM_HIGH | 1u << STREAM_FROM_LOW
                                             : 1u << STREAM_TO_HIGH | 1u << STREAM_TO_LOW;
    }
    m->memories[i] = (stream_memory){.name = name,
                                     .size_bits = bytes * 8,
                                     .read_pj = 1.5 + i,
                                     .write_pj = 2.25,
                                     .operands = (uint8_t)operands,
                                     .ports = m->ports[i],
                                     .n_ports = 2,
                                     .kind = "sram"};
}

static void add_core(machine *m, int c, const char *name, stream_core_kind kind, int memory,
                     int n) {
    m->cores[c] = (stream_core){.name = name,
                                .type_name = name,
                                .kind = kind,
                                .space = "zigzag",
                                .n_array_dims = 1,
                                .array_sizes = {4},
                                .mac_pj = 0.5,
                                .memories = &m->memories[memory],
                                .n_memories = n,
                                .utilization = 1};
}

static void add_link(machine *m, int l, const char *name, bool bus, int n, const int32_t *cores,
                     int64_t bits, int64_t latency) {
    for (int i = 0; i < n; ++i)
        m->link_cores[l][i] = cores[i];
    m->links[l] = (stream_link){.name = name,
                                .bus = bus,
                                .cores = m->link_cores[l],
                                .n_cores = n,
                                .bandwidth_bits = bits,
                                .pj_per_bit = 0.3 + l,
                                .latency_cycles = latency};
}

/* 0: a bus; 1: a chain dram - c0 - c1 - c2; 2: c0 and c1 share a memory; 3: every core has a link
 * to dram, c0 and c1 have one of their own, and c1 has two memories. */
static void make_machine(sample *in, int kind) {
    machine *m = &in->hw;
    add_memory(m, 0, "s0", 40, 7);
    add_memory(m, 1, "s1", 48, 7);
    add_memory(m, 2, "w1", 24, 1u << STREAM_I2);
    add_memory(m, 3, "a1", 40, 1u << STREAM_I1 | 1u << STREAM_O);
    add_memory(m, 4, "s2", 40, 7);
    add_memory(m, 5, "dram", 400, 7);
    add_core(m, 0, "c0", STREAM_CORE_COMPUTE, kind == 2 ? 1 : 0, 1);
    add_core(m, 1, "c1", STREAM_CORE_COMPUTE, kind == 3 ? 2 : 1, kind == 3 ? 2 : 1);
    add_core(m, 2, "c2", STREAM_CORE_COMPUTE, 4, 1);
    add_core(m, 3, "dram", STREAM_CORE_OFFCHIP, 5, 1);
    int n = 1;
    if (kind == 0) {
        add_link(m, 0, "bus", true, 4, (const int32_t[]){0, 1, 2, 3}, 16, 0);
    } else if (kind == 1) {
        add_link(m, 0, "ld", false, 2, (const int32_t[]){3, 0}, 16, 1);
        add_link(m, 1, "l01", false, 2, (const int32_t[]){0, 1}, 8, 0);
        add_link(m, 2, "l12", false, 2, (const int32_t[]){1, 2}, 16, 2);
        n = 3;
    } else {
        add_link(m, 0, "ld0", false, 2, (const int32_t[]){0, 3}, 16, 0);
        add_link(m, 1, "ld1", false, 2, (const int32_t[]){1, 3}, 24, 1);
        add_link(m, 2, "ld2", false, 2, (const int32_t[]){2, 3}, 16, 0);
        add_link(m, 3, "l01", false, 2, (const int32_t[]){0, kind == 2 ? 2 : 1}, 16, 0);
        n = 4;
    }
    m->shared[0] = 0;
    m->shared[1] = 1;
    m->sharing[0] = (stream_sharing){m->shared, 2};
    m->acc = (stream_accelerator){.name = "hw",
                                  .cores = m->cores,
                                  .n_cores = 4,
                                  .offchip_core = 3,
                                  .links = m->links,
                                  .n_links = n,
                                  .sharings = m->sharing,
                                  .n_sharings = kind == 2};
}

/* ---- networks: x, w -> t0 -> t1 (reduction split in two) -> t2 (+ x) */

static stream_box box_of(int64_t row, int64_t rows, int64_t column, int64_t columns) {
    return (stream_box){.rank = 2,
                        .lo = {(int32_t)row, (int32_t)column},
                        .size = {(int32_t)rows, (int32_t)columns}};
}

static void add_ct(stream_vec *cts, stream_vec *reads, int32_t layer, int32_t tensor,
                   stream_box box, bool accumulates, int32_t n, const stream_ct_read *mine) {
    *(stream_ct *)stream_vec_push(cts) = (stream_ct){.kernel = layer,
                                                     .layer = layer,
                                                     .first_read = (int32_t)reads->n,
                                                     .n_reads = n,
                                                     .tensor = tensor,
                                                     .box = box,
                                                     .accumulates = accumulates};
    for (int32_t i = 0; i < n; ++i)
        *(stream_ct_read *)stream_vec_push(reads) = mine[i];
}

/* Rows [row, row + rows) with a halo of one, inside [0, all). */
static stream_box halo(int64_t row, int64_t rows, int64_t all, int64_t column, int64_t columns) {
    int64_t lo = row > 0 ? row - 1 : 0, hi = stream_min_i64(row + rows + 1, all);
    return box_of(lo, hi - lo, column, columns);
}

/* The CSR lists that the checker reads; quadratic. */
static void derive(sample *in) {
    stream_ct_graph *g = &in->graph;
    int32_t *reader_first = STREAM_NEW(in->arena, int32_t, (size_t)g->n_tensors + 1);
    int32_t *writer_first = STREAM_NEW(in->arena, int32_t, (size_t)g->n_tensors + 1);
    int32_t *readers = STREAM_NEW(in->arena, int32_t, (size_t)g->n_reads);
    int32_t *writers = STREAM_NEW(in->arena, int32_t, (size_t)g->n_cts);
    for (int32_t t = 0, r = 0, w = 0; t < g->n_tensors; ++t) {
        for (int32_t i = 0; i < g->n_reads; ++i)
            if (g->reads[i].tensor == t)
                readers[r++] = i;
        for (int32_t i = 0; i < g->n_cts; ++i)
            if (g->cts[i].tensor == t)
                writers[w++] = i;
        reader_first[t + 1] = r;
        writer_first[t + 1] = w;
    }
    g->reader_first = reader_first;
    g->readers = readers;
    g->writer_first = writer_first;
    g->writers = writers;
}

static void make_network(sample *in) {
    static const stream_ct_layer layers[] = {{"conv0", "Conv"}, {"conv1", "Conv"}, {"add2", "Add"}};
    static const stream_kernel kernels[] = {{.name = "k0"}, {.name = "k1"}, {.name = "k2"}};
    int64_t rows = 2 + pick(in, 4), step = 1 + pick(in, 2);
    stream_tensor *tensors = STREAM_NEW(in->arena, stream_tensor, 5);
    static const char *const names[] = {"x", "w", "t0", "t1", "t2"};
    for (int t = 0; t < 5; ++t)
        tensors[t] = (stream_tensor){.name = names[t],
                                     .kind = t == 0   ? STREAM_TENSOR_INPUT
                                             : t == 1 ? STREAM_TENSOR_CONSTANT
                                                      : STREAM_TENSOR_INTERMEDIATE,
                                     .rank = 2,
                                     .shape = {t == 1 ? 1 : rows, 2},
                                     .element_bits = 8,
                                     .layer = t - 2,
                                     .is_output = t == 4};
    tensors[2].is_output = pick(in, 3) == 0;
    for (int t = 2; t < 5; t += 2)
        if (pick(in, 3) == 0) {
            tensors[t].output_lo = (int32_t)pick(in, 2);
            tensors[t].output_size = 1;
        }
    stream_vec cts = STREAM_VEC(stream_ct), reads = STREAM_VEC(stream_ct_read);
    for (int64_t r = 0; r < rows; r += step) {
        int64_t n = stream_min_i64(step, rows - r);
        add_ct(&cts, &reads, 0, 2, box_of(r, n, 0, 2), false, 2,
               (const stream_ct_read[]){{0, halo(r, n, rows, 0, 2), STREAM_I1},
                                        {1, box_of(0, 1, 0, 2), STREAM_I2}});
    }
    for (int64_t r = 0; r < rows; ++r)
        for (int k = 0; k < 2; ++k)
            add_ct(&cts, &reads, 1, 3, box_of(r, 1, 0, 2), k > 0, 1,
                   (const stream_ct_read[]){{2, halo(r, 1, rows, k, 1), STREAM_I1}});
    for (int64_t r = 0; r < rows; r += step) {
        int64_t n = stream_min_i64(step, rows - r);
        add_ct(&cts, &reads, 2, 4, box_of(r, n, 0, 2), false, 2,
               (const stream_ct_read[]){{3, box_of(r, n, 0, 2), STREAM_I1},
                                        {0, box_of(r, n, 0, 2), STREAM_I2}});
    }
    in->graph = (stream_ct_graph){.tensors = tensors,
                                  .n_tensors = 5,
                                  .layers = layers,
                                  .n_layers = 3,
                                  .kernels = kernels,
                                  .n_kernels = 3,
                                  .n_cts = (int32_t)cts.n,
                                  .n_reads = (int32_t)reads.n};
    in->graph.cts = stream_vec_freeze(&cts, in->arena);
    in->graph.reads = stream_vec_freeze(&reads, in->arena);
    derive(in);
}

/* ---- the scheduler */

static placed *buffer_at(sample *in, size_t i) {
    return &STREAM_AT(placed, in->buffers, i);
}

/* Where a CT on `core` finds or leaves an operand. */
static int32_t place_of(const sample *in, int32_t ct, int32_t core, int32_t operand) {
    return stream_schedule_instance(&in->problem, in->graph.cts[ct].kernel, core, operand);
}

static int64_t bits_in(const sample *in, int32_t tensor, const stream_box *box, int32_t where) {
    int64_t bits = in->graph.tensors[tensor].element_bits * stream_box_volume(box);
    return stream_round_up(bits, in->hw.acc.instances[where].word_bits);
}

/* The lowest address that is free from `start` on; drops copies to make room. */
static int64_t allocate(sample *in, int32_t where, int64_t bits, int64_t start) {
    int64_t word = in->hw.acc.instances[where].word_bits;
    for (int64_t a = 0; a + bits <= in->hw.acc.instances[where].size_bits; a += word) {
        bool free = true;
        for (size_t i = 0; i < in->buffers.n && free; ++i) {
            const placed *b = buffer_at(in, i);
            free = b->instance != where || (b->until >= 0 && b->until <= start) ||
                   a >= b->address + bits_in(in, b->tensor, &b->box, where) ||
                   b->address >= a + bits;
        }
        if (free)
            return a;
    }
    return -1;
}

static bool is_final(const sample *in, int32_t writer) {
    return writer + 1 >= in->graph.n_cts || !in->graph.cts[writer + 1].accumulates;
}

/* Ends the life of every copy on chip that is not being used; partial sums stay. */
static int64_t drop_copies(sample *in, int32_t where, const bool *keep) {
    int64_t latest = 0;
    for (size_t i = 0; i < in->buffers.n; ++i) {
        placed *b = buffer_at(in, i);
        if (b->instance != where || b->until >= 0 || where == in->hw.acc.offchip_instance ||
            keep[i] || (b->writer >= 0 && !is_final(in, b->writer)))
            continue;
        b->until = b->last_use;
        latest = stream_max_i64(latest, b->until);
    }
    return latest;
}

static size_t copy(sample *in, size_t from, const stream_box *box, int32_t where, uint8_t operand,
                   int64_t earliest, const bool *keep) {
    placed source = *buffer_at(in, from);
    const stream_route *route = stream_routes_between(in->routes, source.instance, where);
    int64_t bits = in->graph.tensors[source.tensor].element_bits * stream_box_volume(box);
    int64_t rate = stream_min_i64(route->n_hops ? route->bandwidth_bits : 32, 32);
    if (pick(in, 3) == 0)
        rate = stream_max_i64(1, rate / 2);
    int64_t start = stream_max_i64(stream_max_i64(in->link_free, source.complete), earliest);
    int64_t room = bits_in(in, source.tensor, box, where);
    int64_t address = allocate(in, where, room, start);
    if (address < 0) {
        start = stream_max_i64(start, drop_copies(in, where, keep));
        address = allocate(in, where, room, start);
    }
    int64_t end = start + stream_ceil_div(bits, rate) + route->latency_cycles;
    stream_transfer_target *target = STREAM_NEW(in->arena, stream_transfer_target, 1);
    *target = (stream_transfer_target){where, address, -1};
    *(stream_transfer *)stream_vec_push(&in->transfers) =
        (stream_transfer){.tensor = source.tensor,
                          .box = *box,
                          .writer = source.writer,
                          .source = source.instance,
                          .source_address = source.address,
                          .source_operand = source.operand,
                          .target_operand = operand,
                          .targets = target,
                          .n_targets = 1,
                          .resources = route->resources,
                          .n_resources = route->n_hops,
                          .rate_bits = rate,
                          .latency_cycles = route->latency_cycles,
                          .start = start,
                          .end = end};
    in->link_free = end;
    placed *from_buffer = buffer_at(in, from);
    from_buffer->last_use = stream_max_i64(from_buffer->last_use, end);
    *(placed *)stream_vec_push(&in->buffers) = (placed){.tensor = source.tensor,
                                                        .writer = source.writer,
                                                        .instance = where,
                                                        .box = *box,
                                                        .address = address,
                                                        .start = start,
                                                        .complete = end,
                                                        .last_use = end,
                                                        .until = -1,
                                                        .what = IS_TARGET,
                                                        .event = (int32_t)in->transfers.n - 1,
                                                        .operand = operand};
    return in->buffers.n - 1;
}

static bool connected(const sample *in, int32_t from, int32_t to) {
    return stream_routes_between(in->routes, from, to) != NULL;
}

/* A held buffer of that version that contains the box: in `where`, or (`there` false) from where a
 * route leads to it. */
static int find_copy(sample *in, int32_t tensor, int32_t writer, const stream_box *box,
                     int32_t where, bool there) {
    int found = -1;
    for (size_t i = 0; i < in->buffers.n; ++i) {
        const placed *b = buffer_at(in, i);
        if (b->tensor == tensor && b->writer == writer && b->until < 0 &&
            (there ? b->instance == where : connected(in, b->instance, where)) &&
            stream_box_contains(&b->box, box) && (found < 0 || pick(in, 2)))
            found = (int)i;
    }
    return found;
}

/* Makes the box readable there and marks what holds it. */
static int64_t bring(sample *in, int32_t tensor, int32_t writer, const stream_box *box,
                     int32_t where, uint8_t operand, bool *keep) {
    int have = find_copy(in, tensor, writer, box, where, true);
    if (have < 0) {
        int from = find_copy(in, tensor, writer, box, where, false);
        bool was = keep[from];
        keep[from] = true;
        have = (int)copy(in, (size_t)from, box, where, operand, 0, keep);
        keep[from] = was;
    }
    keep[have] = true;
    return buffer_at(in, (size_t)have)->complete;
}

static int32_t previous_writer(const sample *in, int32_t ct) {
    return in->graph.cts[ct].accumulates ? ct - 1 : -1;
}

static int64_t bring_reads(sample *in, int32_t ct, int32_t core, bool *keep) {
    const stream_ct *c = &in->graph.cts[ct];
    int64_t ready = 0;
    for (int32_t r = c->first_read; r < c->first_read + c->n_reads; ++r) {
        const stream_ct_read *read = &in->graph.reads[r];
        int32_t where = place_of(in, ct, core, read->operand);
        if (in->graph.tensors[read->tensor].kind != STREAM_TENSOR_INTERMEDIATE)
            ready = stream_max_i64(
                ready, bring(in, read->tensor, -1, &read->box, where, read->operand, keep));
        for (int32_t w = 0; w < ct; ++w) {
            stream_box part;
            if (in->graph.cts[w].tensor == read->tensor && is_final(in, w) &&
                stream_box_intersect(&in->graph.cts[w].box, &read->box, &part))
                ready = stream_max_i64(
                    ready, bring(in, read->tensor, w, &part, where, read->operand, keep));
        }
    }
    return ready;
}

/* The core of the partial sums, or they are sent off-chip and fetched back by another. */
static int32_t choose_core(sample *in, int32_t ct, bool *keep) {
    int32_t core = (int32_t)pick(in, 3), before = previous_writer(in, ct);
    if (before < 0)
        return core;
    const stream_box *box = &in->graph.cts[ct].box;
    int32_t old = place_of(in, before, in->cores[before], STREAM_O);
    int32_t new = place_of(in, ct, core, STREAM_O), offchip = in->hw.acc.offchip_instance;
    if (new == old || pick(in, 2)) {
        core = in->cores[before];
        new = place_of(in, ct, core, STREAM_O);
    }
    if (new == old)
        return core;
    int at = find_copy(in, in->graph.cts[ct].tensor, before, box, old, true);
    size_t out =
        old == offchip ? (size_t)at : copy(in, (size_t)at, box, offchip, STREAM_O, 0, keep);
    if (old != offchip)
        buffer_at(in, (size_t)at)->until = buffer_at(in, (size_t)at)->last_use;
    keep[out] = true;
    if (new == offchip)
        return core;
    keep[copy(in, out, box, new, STREAM_O, 0, keep)] = true;
    buffer_at(in, out)->until = buffer_at(in, out)->last_use;
    return core;
}

static void use_all(sample *in, const bool *keep, int64_t end) {
    for (size_t i = 0; i < in->buffers.n; ++i) {
        placed *b = buffer_at(in, i);
        if (!keep[i])
            continue;
        b->last_use = stream_max_i64(b->last_use, end);
        if (b->until < 0 && b->instance != in->hw.acc.offchip_instance && pick(in, 2))
            b->until = b->last_use;
    }
}

static stream_flow flow_between(const sample *in, int32_t from, int32_t to, int64_t rate) {
    const stream_route *route = stream_routes_between(in->routes, from, to);
    if (rate == 0 || from == to)
        return (stream_flow){.rate_bits = rate};
    return (stream_flow){route->resources, route->n_hops, rate};
}

static uint8_t streamed_by(const sample *in, int32_t ct, int32_t core) {
    return stream_schedule_streamed(&in->problem, in->graph.cts[ct].kernel, core);
}

/* The streams of a CT over [start, its end): one operand class at a time. Links are its own. */
static void stream_operands(sample *in, int32_t ct, int32_t core, int64_t start, int64_t end) {
    int32_t kernel = in->graph.cts[ct].kernel, offchip = in->hw.acc.offchip_instance;
    const stream_price_stream *prices =
        &in->prices.of[(kernel * in->hw.acc.n_cores + core) * STREAM_N_OPERANDS];
    for (uint8_t o = 0; o < STREAM_N_OPERANDS; ++o) {
        int32_t top = in->hw.acc.top[core * STREAM_N_OPERANDS + o];
        if (!(streamed_by(in, ct, core) >> o & 1))
            continue;
        stream_ct_stream *s = stream_vec_push(&in->streams);
        *s = (stream_ct_stream){.ct = ct, .operand = o};
        s->read = flow_between(in, offchip, top, prices[o].read_rate);
        s->write = flow_between(in, top, offchip, prices[o].write_rate);
        in->link_free = stream_max_i64(in->link_free, end);
        if (prices[o].buffer_bits == 0)
            continue;
        stream_box box = box_of(0, 1, 0, prices[o].buffer_bits / 8);
        s->address = allocate(in, top, bits_in(in, 0, &box, top), start);
        *(placed *)stream_vec_push(&in->buffers) = (placed){.tensor = 0,
                                                            .writer = -2,
                                                            .instance = top,
                                                            .box = box,
                                                            .address = s->address,
                                                            .start = start,
                                                            .complete = end,
                                                            .last_use = end,
                                                            .until = end,
                                                            .what = IS_PASSING,
                                                            .event = ct,
                                                            .operand = o};
    }
}

/* Everything on the core's memories goes, so that what is streamed finds room to pass. */
static int64_t make_way(sample *in, int32_t core, const bool *keep) {
    int64_t latest = 0;
    for (int32_t o = 0; o < STREAM_N_OPERANDS; ++o)
        latest = stream_max_i64(
            latest, drop_copies(in, in->hw.acc.top[core * STREAM_N_OPERANDS + o], keep));
    return latest;
}

/* Sends off-chip what a CT wrote, or, where nothing reads it, only what must be there. */
static void leave(sample *in, size_t from, const bool *keep) {
    int32_t tensor = buffer_at(in, from)->tensor;
    stream_box box = buffer_at(in, from)->box;
    if (tensor == 4 && pick(in, 3))
        (void)stream_tensor_output_box(&in->graph.tensors[tensor], &box, &box);
    copy(in, from, &box, in->hw.acc.offchip_instance, STREAM_O, 0, keep);
}

static void run_ct(sample *in, int32_t ct) {
    bool keep[1000] = {false};
    const stream_ct *c = &in->graph.cts[ct];
    int32_t core = choose_core(in, ct, keep), before = previous_writer(in, ct);
    int64_t ready = stream_max_i64(in->core_free[core], bring_reads(in, ct, core, keep));
    int32_t where = place_of(in, ct, core, STREAM_O), offchip = in->hw.acc.offchip_instance;
    int64_t address, start = ready + pick(in, 2);
    if (streamed_by(in, ct, core))
        start = stream_max_i64(stream_max_i64(start, in->link_free), make_way(in, core, keep));
    if (before >= 0) {
        placed *sums =
            buffer_at(in, (size_t)find_copy(in, c->tensor, before, &c->box, where, true));
        start = stream_max_i64(start, stream_max_i64(sums->complete, sums->last_use));
        sums->until = start;
        address = sums->address;
        keep[sums - buffer_at(in, 0)] = false;
    } else {
        int64_t bits = bits_in(in, c->tensor, &c->box, where);
        address = allocate(in, where, bits, start);
        if (address < 0) {
            start = stream_max_i64(start, drop_copies(in, where, keep));
            address = allocate(in, where, bits, start);
        }
    }
    int64_t end = start + in->problem.cycles[c->kernel * in->hw.acc.n_cores + core];
    in->cores[ct] = core;
    in->core_free[core] = end;
    in->slots[ct] = (stream_ct_slot){core, start, end, address, -1};
    use_all(in, keep, end);
    *(placed *)stream_vec_push(&in->buffers) = (placed){.tensor = c->tensor,
                                                        .writer = ct,
                                                        .instance = where,
                                                        .box = c->box,
                                                        .address = address,
                                                        .start = start,
                                                        .complete = end,
                                                        .last_use = end,
                                                        .until = -1,
                                                        .what = IS_OUTPUT,
                                                        .event = ct,
                                                        .operand = STREAM_O};
    if (is_final(in, ct) && where != offchip)
        leave(in, in->buffers.n - 1, keep);
    if (streamed_by(in, ct, core))
        stream_operands(in, ct, core, start, end);
}

static void place_inputs(sample *in) {
    for (int32_t t = 0; t < 2; ++t) {
        const stream_tensor *tensor = &in->graph.tensors[t];
        stream_box whole = stream_box_whole(tensor->rank, tensor->shape);
        int32_t where = in->hw.acc.offchip_instance;
        int64_t address = allocate(in, where, bits_in(in, t, &whole, where), 0);
        *(stream_resident *)stream_vec_push(&in->residents) = (stream_resident){t, address, -1};
        *(placed *)stream_vec_push(&in->buffers) = (placed){.tensor = t,
                                                            .writer = -1,
                                                            .instance = where,
                                                            .box = whole,
                                                            .address = address,
                                                            .until = -1,
                                                            .what = IS_RESIDENT,
                                                            .event = t,
                                                            .operand = STREAM_I1};
    }
}

/* What is still held stays to the end. Times are moved to where they are looked for. */
static void finish(sample *in) {
    int64_t latency = 0;
    for (int32_t i = 0; i < in->graph.n_cts; ++i)
        latency = stream_max_i64(latency, in->slots[i].end);
    for (size_t i = 0; i < in->transfers.n; ++i)
        latency = stream_max_i64(latency, STREAM_AT(stream_transfer, in->transfers, i).end);
    for (size_t i = 0; i < in->buffers.n; ++i) {
        placed *b = buffer_at(in, i);
        int64_t until = b->until < 0 ? latency : b->until;
        if (b->what == IS_OUTPUT)
            in->slots[b->event].until = until;
        else if (b->what == IS_PASSING)
            continue;
        else if (b->what == IS_RESIDENT)
            STREAM_AT(stream_resident, in->residents, b->event).until = until;
        else {
            stream_transfer *t = &STREAM_AT(stream_transfer, in->transfers, b->event);
            stream_transfer_target *target = STREAM_NEW(in->arena, stream_transfer_target, 1);
            *target = t->targets[0];
            target->until = until;
            t->targets = target;
        }
    }
    in->schedule.slots = in->slots;
    in->schedule.n_transfers = (int32_t)in->transfers.n;
    in->schedule.n_residents = (int32_t)in->residents.n;
    in->schedule.n_streams = (int32_t)in->streams.n;
    in->schedule.streams = stream_vec_freeze(&in->streams, in->arena);
    in->schedule.transfers = stream_vec_freeze(&in->transfers, in->arena);
    in->schedule.residents = stream_vec_freeze(&in->residents, in->arena);
    in->schedule.summary.latency_cycles = latency;
    stream_vec_free(&in->buffers);
}

/* Of every third sample, half of the prices stream something, slowly enough for every link. */
static void make_streams(sample *in) {
    uint8_t *operands = STREAM_NEW(in->arena, uint8_t, 12);
    stream_price_stream *of = STREAM_NEW(in->arena, stream_price_stream, 12 * STREAM_N_OPERANDS);
    for (int i = 0; i < 12; ++i) {
        operands[i] = i % 4 != 3 && pick(in, 2) ? (uint8_t)(1 + pick(in, 7)) : 0;
        for (int o = 0; o < STREAM_N_OPERANDS; ++o) {
            int64_t rate = 1 + pick(in, 2), bits = 1 + (int64_t)pick(in, (unsigned)rate);
            bool in_too = o != STREAM_O || pick(in, 2);
            of[i * STREAM_N_OPERANDS + o] =
                (stream_price_stream){.read_bits = in_too ? bits : 0,
                                      .read_rate = in_too ? rate : 0,
                                      .write_bits = o == STREAM_O ? bits : 0,
                                      .write_rate = o == STREAM_O ? rate : 0,
                                      .offchip_fj = pick(in, 100),
                                      .buffer_bits = o == STREAM_I2 ? 0 : 8 * pick(in, 2)};
        }
    }
    in->prices = (stream_price_streams){operands, of};
    in->problem.streams = &in->prices;
}

/* A valid schedule but for its summary; false if the machine was refused. */
static bool instance_open(sample *in, unsigned seed, int kind) {
    memset(in, 0, sizeof *in);
    in->seed = seed * 2654435761u + 12345u;
    in->arena = stream_arena_create();
    make_machine(in, kind);
    if (stream_accelerator_finish(&in->hw.acc, in->arena, NULL) != STREAM_OK)
        return false;
    in->routes = stream_routes_create(&in->hw.acc, in->arena);
    make_network(in);
    int64_t *cycles = STREAM_NEW(in->arena, int64_t, 12),
            *energy = STREAM_NEW(in->arena, int64_t, 12);
    for (int i = 0; i < 12; ++i) {
        cycles[i] = i % 4 == 3 ? -1 : 1 + (int64_t)pick(in, 6);
        energy[i] = i % 4 == 3 ? -1 : (int64_t)pick(in, 1000);
    }
    in->cores = STREAM_NEW(in->arena, int32_t, (size_t)in->graph.n_cts);
    in->slots = STREAM_NEW(in->arena, stream_ct_slot, (size_t)in->graph.n_cts);
    in->problem = (stream_schedule_problem){&in->hw.acc, &in->graph, cycles, energy, NULL};
    if (seed % 3 == 0)
        make_streams(in);
    in->streams = STREAM_VEC(stream_ct_stream);
    in->buffers = STREAM_VEC(placed);
    in->transfers = STREAM_VEC(stream_transfer);
    in->residents = STREAM_VEC(stream_resident);
    place_inputs(in);
    for (int32_t i = 0; i < in->graph.n_cts; ++i)
        run_ct(in, i);
    finish(in);
    return true;
}

static void instance_close(sample *in) {
    stream_arena_destroy(in->arena);
}

#endif
