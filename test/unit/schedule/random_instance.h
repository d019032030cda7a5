/* Small random scheduling problems for property tests: the same seed gives the same problem.
 *
 *   accelerator  1 to 4 compute cores and an off-chip core; one, two or three top memories per
 * core; point-to-point links, a bus, or both; sometimes two cores share their memories; memories
 * from "a CT just fits" to "everything fits" graph        1 to 5 layers of row and channel tiles:
 * convolutions with halo, stride and weights, split reductions, element-wise layers with one or two
 * inputs; some intermediate tensors are also outputs prices       random, with cores that cannot
 * run a kernel and CTs that may not use every core; of every fourth problem, some stream operands
 *
 *     random_instance r;
 *     random_instance_open(&r, seed);   -> r.problem, ready to schedule, with random cores assigned
 *     random_instance_close(&r);
 */
#ifndef RANDOM_INSTANCE_H
#define RANDOM_INSTANCE_H

#include "stream/schedule/schedule.h"
#include "stream/support/integer.h"
#include "stream/support/vec.h"

#include "test.h"

#include <stdlib.h>
#include <string.h>

#define RANDOM_MAX_CORES 5

typedef struct {
    unsigned state;
    stream_arena *arena;
    stream_diag diag;
    char text[1024]; /* the last message */
    int32_t n_compute;
    int64_t demand; /* bits of the largest CT, generously rounded */
    stream_vec tensors, layers, kernels, cts, reads;
    stream_accelerator acc;
    stream_ct_graph graph;
    int32_t *cores;
    stream_price_streams streams;
    stream_schedule_problem problem;
} random_instance;

static void random_emit(void *user, stream_severity severity, stream_loc loc, const char *text) {
    random_instance *r = user;
    (void)severity;
    (void)loc;
    snprintf(r->text, sizeof r->text, "%s", text);
}

/* Uniform enough in [lo, hi]. */
static int32_t random_in(random_instance *r, int32_t lo, int32_t hi) {
    return lo + (int32_t)(test_random(&r->state) % (unsigned)(hi - lo + 1));
}

static bool random_chance(random_instance *r, int32_t percent) {
    return random_in(r, 1, 100) <= percent;
}

static const char *random_name(random_instance *r, const char *stem, int32_t id) {
    char text[32];
    snprintf(text, sizeof text, "%s%d", stem, id);
    return stream_arena_strdup(r->arena, text);
}

/* ---- graph */

static int32_t random_tensor(random_instance *r, stream_tensor_kind kind, int32_t rank,
                             const int64_t *shape) {
    int32_t id = (int32_t)r->tensors.n;
    stream_tensor *t = stream_vec_push(&r->tensors);
    *t = (stream_tensor){.name = random_name(r, "t", id),
                         .kind = kind,
                         .rank = rank,
                         .element_bits = random_chance(r, 50) ? 8 : random_in(r, 1, 16),
                         .layer = -1};
    memcpy(t->shape, shape, (size_t)rank * sizeof *shape);
    return id;
}

static stream_tensor *random_tensor_at(random_instance *r, int32_t id) {
    return &STREAM_AT(stream_tensor, r->tensors, id);
}

static void random_read(random_instance *r, int32_t tensor, stream_box box, uint8_t operand) {
    stream_ct *ct = &STREAM_AT(stream_ct, r->cts, r->cts.n - 1);
    if (ct->n_reads++ == 0)
        ct->first_read = (int32_t)r->reads.n;
    *(stream_ct_read *)stream_vec_push(&r->reads) =
        (stream_ct_read){.tensor = tensor, .box = box, .operand = operand};
}

typedef struct {
    int32_t inputs[2], n_inputs; /* tensors */
    int32_t weights, output;     /* tensors; weights -1: none */
    int32_t stride, halo, rows, channel_parts, reduction_parts, layer;
} random_layer;

/* Part `i` of `n` of [0, size). */
static void random_part(int32_t size, int32_t n, int32_t i, int32_t *lo, int32_t *length) {
    *lo = (int32_t)((int64_t)size * i / n);
    *length = (int32_t)((int64_t)size * (i + 1) / n) - *lo;
}

/* Rows of the input that the output rows [lo, lo + size) need, inside the tensor. */
static stream_box random_input_box(random_instance *r, const random_layer *l, int32_t input,
                                   const stream_box *out, int32_t part) {
    const stream_tensor *t = random_tensor_at(r, l->inputs[input]);
    stream_box box = stream_box_whole(t->rank, t->shape);
    int32_t from = out->lo[1] * l->stride - l->halo;
    int32_t to = (out->lo[1] + out->size[1] - 1) * l->stride + l->halo + 1;
    from = from < 0 ? 0 : from;
    to = to > box.size[1] ? box.size[1] : to;
    box.lo[1] = from;
    box.size[1] = to - from;
    if (l->weights < 0) {
        box.lo[0] = out->lo[0];
        box.size[0] = out->size[0];
    } else {
        random_part((int32_t)t->shape[0], l->reduction_parts, part, &box.lo[0], &box.size[0]);
    }
    return box;
}

static void random_ct(random_instance *r, const random_layer *l, const stream_box *out,
                      int32_t part) {
    stream_ct *ct = stream_vec_push(&r->cts);
    int32_t first = (int32_t)r->kernels.n - 1;
    *ct = (stream_ct){.kernel = first > 0 && random_chance(r, 50) ? first - 1 : first,
                      .layer = l->layer,
                      .stack = 0,
                      .tensor = l->output,
                      .box = *out,
                      .accumulates = part > 0};
    for (int32_t i = 0; i < l->n_inputs; ++i)
        random_read(r, l->inputs[i], random_input_box(r, l, i, out, part),
                    i ? STREAM_I2 : STREAM_I1);
    if (l->weights < 0)
        return;
    const stream_tensor *w = random_tensor_at(r, l->weights);
    stream_box box = {.rank = 2, .lo = {out->lo[0]}, .size = {out->size[0]}};
    random_part((int32_t)w->shape[1], l->reduction_parts, part, &box.lo[1], &box.size[1]);
    random_read(r, l->weights, box, STREAM_I2);
}

static void random_cts(random_instance *r, const random_layer *l) {
    const stream_tensor out = *random_tensor_at(r, l->output);
    int32_t height = (int32_t)out.shape[1];
    for (int32_t c = 0; c < l->channel_parts; ++c)
        for (int32_t y = 0; y < height; y += l->rows)
            for (int32_t p = 0; p < l->reduction_parts; ++p) {
                stream_box box = stream_box_whole(out.rank, out.shape);
                random_part((int32_t)out.shape[0], l->channel_parts, c, &box.lo[0], &box.size[0]);
                box.lo[1] = y;
                box.size[1] = y + l->rows > height ? height - y : l->rows;
                random_ct(r, l, &box, p);
            }
}

static void random_add_layer(random_instance *r, int32_t id, int32_t input) {
    stream_tensor in = *random_tensor_at(r, input);
    bool conv = random_chance(r, 65);
    random_layer l = {.inputs = {input, input},
                      .n_inputs = conv || random_chance(r, 50) ? 1 : 2,
                      .weights = -1,
                      .stride = conv ? random_in(r, 1, 2) : 1,
                      .halo = conv ? random_in(r, 0, 2) : 0,
                      .rows = random_in(r, 1, 4),
                      .reduction_parts = conv && random_chance(r, 40) ? random_in(r, 2, 3) : 1,
                      .layer = id};
    int64_t shape[3] = {conv ? random_in(r, 2, 8) : in.shape[0],
                        stream_ceil_div(in.shape[1], l.stride), in.shape[2]};
    if (in.shape[0] < l.reduction_parts)
        l.reduction_parts = 1;
    l.channel_parts = random_in(r, 1, 2);
    if (conv)
        l.weights = random_tensor(r, STREAM_TENSOR_CONSTANT, 2, (int64_t[]){shape[0], in.shape[0]});
    for (int32_t t = 0; l.n_inputs == 2 && t < (int32_t)r->tensors.n; ++t)
        if (random_tensor_at(r, t)->rank == 3 &&
            memcmp(random_tensor_at(r, t)->shape, in.shape, 3 * sizeof(int64_t)) == 0)
            l.inputs[1] = random_chance(r, 70) ? t : l.inputs[1];
    l.output = random_tensor(r, STREAM_TENSOR_INTERMEDIATE, 3, shape);
    random_tensor_at(r, l.output)->layer = id;
    *(stream_ct_layer *)stream_vec_push(&r->layers) =
        (stream_ct_layer){random_name(r, "layer", id), conv ? "Conv" : "Add"};
    for (int32_t k = random_in(r, 1, 2); k > 0; --k)
        *(stream_kernel *)stream_vec_push(&r->kernels) =
            (stream_kernel){.name = random_name(r, "k", (int32_t)r->kernels.n), .layer = id};
    random_cts(r, &l);
}

/* Sometimes only a part of the last dimension, as of one of several results. */
static void random_output(random_instance *r, int32_t tensor) {
    stream_tensor *t = random_tensor_at(r, tensor);
    int32_t last = (int32_t)t->shape[t->rank - 1], lo = random_in(r, 0, last - 1);
    bool part = random_chance(r, 25);
    stream_tensor_mark_output(t, part ? lo : 0, part ? random_in(r, 1, last - lo) : 0);
}

static void random_graph(random_instance *r) {
    int64_t shape[3] = {random_in(r, 2, 6), random_in(r, 3, 12), random_in(r, 2, 8)};
    int32_t input = random_tensor(r, STREAM_TENSOR_INPUT, 3, shape);
    int32_t n_layers = random_in(r, 1, 5);
    for (int32_t l = 0; l < n_layers; ++l) {
        random_add_layer(r, l, input);
        int32_t output = STREAM_AT(stream_ct, r->cts, r->cts.n - 1).tensor;
        if (l + 1 == n_layers || random_chance(r, 15))
            random_output(r, output);
        if (random_chance(r, 85))
            input = output;
    }
    if (r->tensors.n % 3 == 0) /* what is given back as it came */
        stream_tensor_mark_output(random_tensor_at(r, 0), 0, 0);
}

/* ---- accelerator */

/* A layer that reads an input of its own: its CTs wait for nothing. */
static void random_add_source(random_instance *r) {
    int64_t shape[3] = {random_in(r, 2, 6), random_in(r, 3, 12), random_in(r, 2, 8)};
    random_add_layer(r, (int32_t)r->layers.n, random_tensor(r, STREAM_TENSOR_INPUT, 3, shape));
    random_output(r, STREAM_AT(stream_ct, r->cts, r->cts.n - 1).tensor);
}

static void random_ports(random_instance *r, stream_memory *memory) {
    int32_t n = random_chance(r, 30) ? 1 : 2;
    stream_port *ports = STREAM_NEW(r->arena, stream_port, (size_t)n);
    int64_t word = 8 << random_in(r, 0, 3);
    for (int32_t p = 0; p < n; ++p) {
        ports[p] = (stream_port){.name = p ? "w" : "r",
                                 .kind = n == 1 ? STREAM_PORT_READ_WRITE
                                         : p    ? STREAM_PORT_WRITE
                                                : STREAM_PORT_READ,
                                 .bandwidth_min_bits = word,
                                 .bandwidth_max_bits = word << random_in(r, 0, 3)};
        for (int32_t o = 0; o < STREAM_N_OPERANDS; ++o)
            if (memory->operands >> o & 1)
                ports[p].serves[o] = (uint8_t)(n == 1 ? 15 : p ? 3 : 12);
    }
    memory->ports = ports;
    memory->n_ports = n;
}

/* A core with 1, 2 or 3 top memories. */
static void random_core(random_instance *r, stream_core *core, int32_t id, stream_core_kind kind,
                        int32_t n_memories, int64_t size_bits) {
    static const uint8_t held[3][3] = {{7, 0, 0}, {2, 5, 0}, {1, 2, 4}};
    stream_memory *memories = STREAM_NEW(r->arena, stream_memory, (size_t)n_memories);
    for (int32_t m = 0; m < n_memories; ++m) {
        memories[m] = (stream_memory){.name = random_name(r, "m", m),
                                      .size_bits = size_bits,
                                      .read_pj = random_in(r, 1, 99) * 0.37,
                                      .write_pj = random_in(r, 1, 99) * 0.41,
                                      .operands = held[n_memories - 1][m],
                                      .kind = "sram"};
        random_ports(r, &memories[m]);
    }
    *core = (stream_core){.name = random_name(r, "c", id),
                          .type_name = random_name(r, "type", id),
                          .kind = kind,
                          .space = "zigzag",
                          .n_array_dims = 1,
                          .array_sizes = {4},
                          .mac_pj = 1,
                          .memories = memories,
                          .n_memories = n_memories,
                          .utilization = 1};
}

static void random_link(random_instance *r, stream_vec *links, bool bus, int32_t n,
                        const int32_t *cores) {
    int32_t *ids = STREAM_NEW(r->arena, int32_t, (size_t)n);
    memcpy(ids, cores, (size_t)n * sizeof *ids);
    *(stream_link *)stream_vec_push(links) =
        (stream_link){.name = random_name(r, "l", (int32_t)links->n),
                      .bus = bus,
                      .cores = ids,
                      .n_cores = n,
                      .bandwidth_bits = 4 << random_in(r, 0, 5),
                      .pj_per_bit = random_in(r, 0, 30) * 0.1,
                      .latency_cycles = random_chance(r, 30) ? random_in(r, 1, 9) : 0};
}

static void random_links(random_instance *r, stream_vec *links) {
    int32_t n = r->n_compute + 1, all[RANDOM_MAX_CORES], kind = random_in(r, 0, 2);
    for (int32_t c = 0; c < n; ++c)
        all[c] = c;
    if (kind == 0)
        random_link(r, links, true, n, all);
    for (int32_t c = 0; kind > 0 && c < r->n_compute; ++c)
        random_link(r, links, false, 2, (int32_t[]){c, r->n_compute});
    for (int32_t c = 0; kind > 1 && c + 1 < r->n_compute; ++c)
        random_link(r, links, false, 2, (int32_t[]){c, c + 1});
}

static void random_accelerator(random_instance *r) {
    static const int32_t tenths[] = {10, 11, 13, 20, 50, 400};
    int64_t size = stream_round_up(r->demand * tenths[random_in(r, 0, 5)] / 10, 64);
    int32_t n_memories = random_in(r, 1, 3), n = r->n_compute;
    stream_core *cores = STREAM_NEW(r->arena, stream_core, (size_t)n + 1);
    for (int32_t c = 0; c < n; ++c)
        random_core(r, &cores[c], c, STREAM_CORE_COMPUTE,
                    random_chance(r, 70) ? n_memories : random_in(r, 1, 3), size);
    random_core(r, &cores[n], n, STREAM_CORE_OFFCHIP, 1, (int64_t)1 << 24);
    stream_vec links = STREAM_VEC(stream_link);
    random_links(r, &links);
    int32_t n_links = (int32_t)links.n;
    r->acc = (stream_accelerator){.name = "random",
                                  .cores = cores,
                                  .n_cores = n + 1,
                                  .offchip_core = n,
                                  .links = stream_vec_freeze(&links, r->arena),
                                  .n_links = n_links};
    if (n > 1 && cores[0].n_memories == cores[1].n_memories && random_chance(r, 40)) {
        int32_t *shared = STREAM_NEW(r->arena, int32_t, 2);
        shared[1] = 1;
        stream_sharing *sharing = STREAM_NEW(r->arena, stream_sharing, 1);
        *sharing = (stream_sharing){shared, 2};
        r->acc.sharings = sharing;
        r->acc.n_sharings = 1;
    }
}

/* ---- problem */

/* Bits that a CT may need in one memory: every read by rows, each rounded to the widest word. */
static void random_demand(random_instance *r) {
    r->demand = 64;
    for (int32_t i = 0; i < r->graph.n_cts; ++i) {
        const stream_ct *ct = &r->graph.cts[i];
        int64_t bits = stream_ct_graph_bits(&r->graph, ct->tensor, &ct->box) + 64;
        for (int32_t k = 0; k < ct->n_reads; ++k) {
            const stream_ct_read *read = &r->graph.reads[ct->first_read + k];
            bits += stream_ct_graph_bits(&r->graph, read->tensor, &read->box) +
                    64 * 2 * read->box.size[1];
        }
        r->demand = stream_max_i64(r->demand, bits);
    }
}

static void random_prices(random_instance *r) {
    int32_t n = r->acc.n_cores, n_kernels = r->graph.n_kernels;
    int64_t *cycles = STREAM_NEW(r->arena, int64_t, (size_t)(n_kernels * n));
    int64_t *energy = STREAM_NEW(r->arena, int64_t, (size_t)(n_kernels * n));
    for (int32_t k = 0; k < n_kernels; ++k)
        for (int32_t c = 0; c < n; ++c) {
            bool runs = c == k % r->n_compute || (c < r->n_compute && random_chance(r, 75));
            cycles[k * n + c] = runs ? random_in(r, 1, 300) : -1;
            energy[k * n + c] = runs ? random_in(r, 0, 100000) : -1;
        }
    r->problem.cycles = cycles;
    r->problem.energy_fj = energy;
}

/* Allowed cores of some CTs, and a core for each. */
static void random_assign(random_instance *r) {
    r->cores = STREAM_NEW(r->arena, int32_t, (size_t)r->graph.n_cts);
    stream_ct *cts = r->cts.data;
    for (int32_t i = 0; i < r->graph.n_cts; ++i) {
        int32_t n = 0, able[RANDOM_MAX_CORES];
        for (int32_t c = 0; c < r->n_compute; ++c)
            if (r->problem.cycles[cts[i].kernel * r->acc.n_cores + c] >= 0)
                able[n++] = c;
        if (random_chance(r, 10)) {
            int32_t *allowed = STREAM_NEW(r->arena, int32_t, (size_t)n);
            memcpy(allowed, able, (size_t)n * sizeof *able);
            n = random_in(r, 1, n);
            cts[i].allowed_cores = allowed;
            cts[i].n_allowed_cores = n;
        }
        r->cores[i] = able[random_in(r, 0, n - 1)];
    }
}

/* The slowest link or off-chip port. */
static int64_t random_slowest(const random_instance *r) {
    int64_t least = INT64_MAX;
    for (int32_t i = 0; i < r->acc.n_resources; ++i)
        if (r->acc.resources[i].kind == STREAM_RESOURCE_LINK ||
            r->acc.resources[i].instance == r->acc.offchip_instance)
            least = stream_min_i64(least, r->acc.resources[i].bandwidth_bits);
    return least;
}

static void random_flow(random_instance *r, int64_t cycles, int64_t *bits, int64_t *rate) {
    *rate = random_in(r, 1, (int32_t)random_slowest(r) / 4);
    *bits = random_in(r, 1, (int32_t)(*rate * cycles));
}

/* Streams of half of the prices; all of a price fit every link and port together. */
static void random_streams(random_instance *r) {
    size_t n = (size_t)r->graph.n_kernels * (size_t)r->acc.n_cores;
    uint8_t *operands = STREAM_NEW(r->arena, uint8_t, n);
    stream_price_stream *of = STREAM_NEW(r->arena, stream_price_stream, n * STREAM_N_OPERANDS);
    for (size_t i = 0; i < n; ++i) {
        int64_t cycles = r->problem.cycles[i];
        operands[i] = cycles > 0 && random_chance(r, 50) ? (uint8_t)random_in(r, 1, 7) : 0;
        for (size_t o = 0; o < STREAM_N_OPERANDS; ++o) {
            stream_price_stream *s = &of[i * STREAM_N_OPERANDS + o];
            if (!(operands[i] >> o & 1))
                continue;
            if (o != STREAM_O || random_chance(r, 30))
                random_flow(r, cycles, &s->read_bits, &s->read_rate);
            if (o == STREAM_O)
                random_flow(r, cycles, &s->write_bits, &s->write_rate);
            s->offchip_fj = random_in(r, 0, 5000);
            s->buffer_bits = o != STREAM_I2 && random_chance(r, 50) ? random_in(r, 1, 64) : 0;
        }
    }
    r->streams = (stream_price_streams){operands, of};
    r->problem.streams = &r->streams;
}

static void random_instance_close(random_instance *r) {
    stream_vec_free(&r->tensors);
    stream_vec_free(&r->layers);
    stream_vec_free(&r->kernels);
    stream_vec_free(&r->cts);
    stream_vec_free(&r->reads);
    stream_arena_destroy(r->arena);
}

/* With `more` layers behind the others that need nothing of them. */
static bool random_instance_open_with(random_instance *r, unsigned seed, int32_t more) {
    *r = (random_instance){.state = seed * 2654435761u + 12345u,
                           .arena = stream_arena_create(),
                           .tensors = STREAM_VEC(stream_tensor),
                           .layers = STREAM_VEC(stream_ct_layer),
                           .kernels = STREAM_VEC(stream_kernel),
                           .cts = STREAM_VEC(stream_ct),
                           .reads = STREAM_VEC(stream_ct_read)};
    r->state |= r->state == 0;
    r->diag = (stream_diag){random_emit, r};
    for (int32_t i = 0; i < 8; ++i)
        test_random(&r->state);
    r->n_compute = random_in(r, 1, RANDOM_MAX_CORES - 1);
    random_graph(r);
    for (int32_t i = 0; i < more; ++i)
        random_add_source(r);
    r->graph = (stream_ct_graph){.tensors = r->tensors.data,
                                 .n_tensors = (int32_t)r->tensors.n,
                                 .layers = r->layers.data,
                                 .n_layers = (int32_t)r->layers.n,
                                 .kernels = r->kernels.data,
                                 .n_kernels = (int32_t)r->kernels.n,
                                 .cts = r->cts.data,
                                 .n_cts = (int32_t)r->cts.n,
                                 .reads = r->reads.data,
                                 .n_reads = (int32_t)r->reads.n};
    random_demand(r);
    random_accelerator(r);
    random_prices(r);
    random_assign(r);
    r->problem.acc = &r->acc;
    r->problem.graph = &r->graph;
    r->problem.cores = r->cores;
    bool ok = stream_ct_graph_finish(&r->graph, r->arena, &r->diag) == STREAM_OK &&
              stream_accelerator_finish(&r->acc, r->arena, &r->diag) == STREAM_OK;
    if (ok && seed % 4 == 0)
        random_streams(r);
    return ok;
}

static bool random_instance_open(random_instance *r, unsigned seed) {
    return random_instance_open_with(r, seed, 0);
}

static void random_split_memory(random_instance *r, stream_memory *memory) {
    stream_vec ports = STREAM_VEC(stream_port);
    for (int32_t o = 0; o < STREAM_N_OPERANDS; ++o) {
        stream_memory part = {.operands = memory->operands & (uint8_t)(1 << o)};
        random_ports(r, &part);
        for (int32_t p = 0; part.operands && p < part.n_ports; ++p)
            *(stream_port *)stream_vec_push(&ports) = part.ports[p];
    }
    memory->n_ports = (int32_t)ports.n;
    memory->ports = stream_vec_freeze(&ports, r->arena);
}

/* Operand classes no longer share ports. */
__attribute__((unused)) static bool random_split_ports(random_instance *r) {
    size_t n = (size_t)r->acc.n_cores;
    stream_core *cores = stream_arena_copy(r->arena, r->acc.cores, n, sizeof *cores);
    for (size_t c = 0; c < n; ++c) {
        stream_memory *memories = stream_arena_copy(r->arena, cores[c].memories,
                                                    (size_t)cores[c].n_memories, sizeof *memories);
        for (int32_t m = 0; m < cores[c].n_memories; ++m)
            random_split_memory(r, &memories[m]);
        cores[c].memories = memories;
    }
    r->acc.cores = cores;
    return stream_accelerator_finish(&r->acc, r->arena, &r->diag) == STREAM_OK;
}

/* The first core now works in off-chip memory, as far as it does not stream anyway. */
__attribute__((unused)) static bool random_put_offchip(random_instance *r) {
    size_t n = (size_t)r->acc.n_cores;
    stream_core *cores = stream_arena_copy(r->arena, r->acc.cores, n, sizeof *cores);
    int32_t *shared = STREAM_NEW(r->arena, int32_t, 2);
    stream_sharing *sharing = STREAM_NEW(r->arena, stream_sharing, 1);
    cores[0].memories = cores[n - 1].memories;
    cores[0].n_memories = cores[n - 1].n_memories;
    shared[1] = (int32_t)n - 1;
    *sharing = (stream_sharing){shared, 2};
    r->acc.cores = cores;
    r->acc.sharings = sharing;
    r->acc.n_sharings = 1;
    return stream_accelerator_finish(&r->acc, r->arena, &r->diag) == STREAM_OK;
}

#endif
