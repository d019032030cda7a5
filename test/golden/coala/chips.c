/* Problems from tables of layers; see chips.h. */

#include "chips.h"

#include "chip_layers.h"
#include "hardware.h"

#include "stream/support/vec.h"

#include <string.h>

static const chip_layer depfin_fsrcnn[] = {
    {{-1, -1}, 56, 1, 540, 960, 5, 1, 2, {1, 540, 1}, 0, 815, 9698464},
    {{0, -1}, 12, 56, 540, 960, 1, 1, 0, {1, 540, 1}, 0, 461, 4611776},
    {{1, -1}, 12, 12, 540, 960, 3, 1, 1, {1, 540, 1}, 0, 877, 8834592},
    {{2, -1}, 12, 12, 540, 960, 3, 1, 1, {1, 540, 1}, 0, 877, 8834592},
    {{3, -1}, 12, 12, 540, 960, 3, 1, 1, {1, 540, 1}, 0, 877, 8834592},
    {{4, -1}, 12, 12, 540, 960, 3, 1, 1, {1, 540, 1}, 0, 877, 8834592},
    {{5, -1}, 56, 12, 540, 960, 1, 1, 0, {1, 540, 1}, 0, 461, 4810880},
    {{6, -1}, 16, 56, 540, 960, 3, 1, 1, {1, 540, 1}, 0, 4048, 53898144},
};

static const chip_layer diana_resnet18[] = {
    {{-1, -1}, 64, 3, 112, 112, 7, 2, 3, {4, 112, 8}, 0, 152, 247358.71999999997},
    {{0, -1}, 64, 0, 56, 56, 2, 2, 0, {1, 56, 4}, 1, 64, 20160.000000000004},
    {{1, -1}, 64, 64, 56, 56, 3, 1, 1, {1, 56, 1}, 2, 2690, 5328117.760000001},
    {{1, -1}, 64, 64, 56, 56, 1, 1, 0, {1, 56, 1}, 2, 898, 702007.04},
    {{2, -1}, 64, 64, 56, 56, 3, 1, 1, {1, 56, 1}, 2, 2690, 5328117.760000001},
    {{3, 4}, 64, 0, 56, 56, 1, 1, 0, {1, 56, 1}, 3, 1794, 136668.00000000003},
    {{5, -1}, 64, 64, 56, 56, 3, 1, 1, {1, 56, 1}, 2, 2690, 5328117.760000001},
    {{6, -1}, 64, 64, 56, 56, 3, 1, 1, {1, 56, 1}, 2, 2690, 5328117.760000001},
    {{5, 7}, 64, 0, 56, 56, 1, 1, 0, {1, 56, 1}, 3, 1794, 136668.00000000003},
};

static const chip_layer diana_resnet18_rows[] = {
    {{-1, -1}, 64, 3, 112, 112, 7, 2, 3, {1, 112, 1}, 0, 4121, 7821410.24},
    {{0, -1}, 64, 0, 56, 56, 3, 2, 1, {1, 56, 1}, 1, 2046, 398899.2},
    {{1, -1}, 64, 64, 56, 56, 3, 1, 1, {1, 56, 1}, 2, 2690, 5328117.760000001},
    {{2, -1}, 64, 64, 56, 56, 3, 1, 1, {1, 56, 1}, 2, 2690, 5328117.760000001},
    {{1, 3}, 64, 0, 56, 56, 1, 1, 0, {1, 56, 1}, 3, 1794, 136668.00000000003},
    {{4, -1}, 64, 64, 56, 56, 3, 1, 1, {1, 56, 1}, 2, 2690, 5328117.760000001},
    {{5, -1}, 64, 64, 56, 56, 3, 1, 1, {1, 56, 1}, 2, 2690, 5328117.760000001},
    {{4, 6}, 64, 0, 56, 56, 1, 1, 0, {1, 56, 1}, 3, 1794, 136668.00000000003},
};

static const chip_layer aimc_resnet50[] = {
    {{-1, -1}, 64, 256, 56, 56, 1, 1, 0, {1, 56, 28}, 0, 34, 76372.52},
    {{0, -1}, 64, 64, 56, 56, 3, 1, 1, {1, 56, 28}, 1, 38, 169780.91999999995},
    {{1, -1}, 256, 64, 56, 56, 1, 1, 0, {1, 56, 28}, 2, 34, 75950.12000000001},
    {{2, -1}, 64, 256, 56, 56, 1, 1, 0, {1, 56, 28}, 3, 34, 76372.52},
    {{3, -1}, 64, 64, 56, 56, 3, 1, 1, {1, 56, 28}, 4, 38, 169780.91999999995},
};

#define LAYERS(table) table, (int32_t)(sizeof(table) / sizeof *(table))

const chip_run chip_runs[] = {
    {"DepFiN",
     "depfin",
     STREAM_PRIORITY_MEMORY,
     true,
     6.18e6,
     6370024,
     58670622965,
     {{"l1_act", 0, 2150400}, {"l1_w", 0, 127936}},
     LAYERS(depfin_fsrcnn)},
    {"DepFiN, latency first",
     "depfin",
     STREAM_PRIORITY_LATENCY,
     true,
     6.18e6,
     6352363,
     58670622965,
     {{"l1_act", 0, 3471360}},
     LAYERS(depfin_fsrcnn)},
    {"DIANA",
     "diana",
     STREAM_PRIORITY_MEMORY,
     true,
     8.12e5,
     791852,
     2157989254.560082,
     {{"sram_256KB", 0, 917672}, {"l1_w", 2, 1212416}, {"l2", 4, 6255104}},
     LAYERS(diana_resnet18)},
    {"DIANA, latency first",
     "diana",
     STREAM_PRIORITY_LATENCY,
     true,
     8.12e5,
     696770,
     0,
     {{0}},
     LAYERS(diana_resnet18)},
    {"DIANA, whole rows",
     "diana",
     STREAM_PRIORITY_LATENCY,
     false,
     0,
     635531,
     2123593493.9200003,
     {{0}},
     LAYERS(diana_resnet18_rows)},
    {"4x4 AiMC",
     "verma_ocn",
     STREAM_PRIORITY_LATENCY,
     true,
     66302,
     63820,
     900904095.9999256,
     {{"l1_i_o", 0, 131072},
      {"l1_i_o", 1, 62464},
      {"l1_i_o", 2, 9216},
      {"l1_i_o", 3, 38912},
      {"l1_i_o", 4, 62464}},
     LAYERS(aimc_resnet50)},
    {"4x4 AiMC, shared memories",
     "verma",
     STREAM_PRIORITY_LATENCY,
     false,
     0,
     69508,
     0,
     {{0}},
     LAYERS(aimc_resnet50)},
};
const int32_t n_chip_runs = sizeof chip_runs / sizeof *chip_runs;

enum {
    OPERAND_BITS = 8
};

typedef struct {
    const chip_run *run;
    stream_vec cts, constants, edges;
    int32_t *constant_first;
    int32_t first_ct[16]; /* of every layer */
    int32_t n_data;
} chip_builder;

/* Half-open. */
typedef struct {
    int32_t low, high;
} range;

typedef struct {
    range k, y, x;
} box;

static int32_t count(const chip_layer *l) {
    return l->tiles[0] * l->tiles[1] * l->tiles[2];
}

static range part(int32_t size, int32_t tiles, int32_t i) {
    return (range){size / tiles * i, size / tiles * (i + 1)};
}

static box output_of(const chip_layer *l, int32_t tile) {
    int32_t k = tile % l->tiles[0], x = tile / l->tiles[0] % l->tiles[2];
    int32_t y = tile / (l->tiles[0] * l->tiles[2]);
    return (box){part(l->k, l->tiles[0], k), part(l->y, l->tiles[1], y),
                 part(l->x, l->tiles[2], x)};
}

static range window_of(const chip_layer *l, range out) {
    return (range){out.low * l->stride - l->pad, (out.high - 1) * l->stride - l->pad + l->window};
}

/* Padding counts as data. */
static box input_of(const chip_layer *l, const box *out) {
    return (box){l->c ? (range){0, l->c} : out->k, window_of(l, out->y), window_of(l, out->x)};
}

static int64_t bits_of(const box *b) {
    return (int64_t)(b->k.high - b->k.low) * (b->y.high - b->y.low) * (b->x.high - b->x.low) *
           OPERAND_BITS;
}

/* The parts of one loop that a range reaches. */
static range reached(range wanted, int32_t size, int32_t tiles) {
    int32_t span = size / tiles, last = (wanted.high - 1) / span + 1;
    return (range){wanted.low < 0 ? 0 : wanted.low / span, last < tiles ? last : tiles};
}

static void link_producer(chip_builder *b, int32_t producer, const box *input, int32_t ct,
                          uint8_t operand) {
    const chip_layer *p = &b->run->layers[producer];
    range k = reached(input->k, p->k, p->tiles[0]), y = reached(input->y, p->y, p->tiles[1]);
    range x = reached(input->x, p->x, p->tiles[2]);
    for (int32_t i = y.low; i < y.high; ++i)
        for (int32_t j = x.low; j < x.high; ++j)
            for (int32_t m = k.low; m < k.high; ++m) {
                int32_t tile = (i * p->tiles[2] + j) * p->tiles[0] + m;
                *(stream_coala_v0_edge *)stream_vec_push(&b->edges) =
                    (stream_coala_v0_edge){b->first_ct[producer] + tile, ct, operand};
            }
}

/* As the reference counts: behind tiles of channels, rows and columns count down alone. */
static int64_t weight_uses(const chip_layer *l, int32_t position) {
    int32_t y = position / l->tiles[2], x = position % l->tiles[2];
    return l->tiles[1] * l->tiles[2] - (l->tiles[0] > 1 ? y + x : position);
}

/* Weights are the same for all parts of y and x, the network's input for all parts of k. */
static void add_constants(chip_builder *b, const chip_layer *l, int32_t tile, int32_t first_data) {
    box out = output_of(l, tile), in = input_of(l, &out);
    int32_t k = tile % l->tiles[0], position = tile / l->tiles[0];
    if (l->from[1] < 0)
        *(stream_coala_v0_constant *)stream_vec_push(&b->constants) = (stream_coala_v0_constant){
            .data = first_data + k,
            .bits = (int64_t)(out.k.high - out.k.low) * l->c * l->window * l->window * OPERAND_BITS,
            .uses = weight_uses(l, position),
            .operand = STREAM_I2,
            .rank = 1,
            .prefetch = b->run->prefetch};
    if (l->from[0] < 0)
        *(stream_coala_v0_constant *)stream_vec_push(&b->constants) =
            (stream_coala_v0_constant){.data = first_data + l->tiles[0] + position,
                                       .bits = bits_of(&in),
                                       .uses = l->tiles[0] - k,
                                       .operand = STREAM_I1};
}

static void add_layer(chip_builder *b, int32_t layer) {
    const chip_layer *l = &b->run->layers[layer];
    int32_t first_data = b->n_data;
    b->n_data += l->tiles[0] + l->tiles[1] * l->tiles[2];
    b->first_ct[layer] = (int32_t)b->cts.n;
    for (int32_t tile = 0; tile < count(l); ++tile) {
        int32_t ct = (int32_t)b->cts.n;
        box out = output_of(l, tile), in = input_of(l, &out);
        *(stream_coala_v0_ct *)stream_vec_push(&b->cts) =
            (stream_coala_v0_ct){.layer = layer,
                                 .core = l->core,
                                 .cycles = l->cycles,
                                 .energy_pj = l->energy_pj,
                                 .output_bits = bits_of(&out),
                                 .output_data = b->n_data++,
                                 .final = true};
        add_constants(b, l, tile, first_data);
        b->constant_first[ct + 1] = (int32_t)b->constants.n;
        if (tile > 0)
            *(stream_coala_v0_edge *)stream_vec_push(&b->edges) =
                (stream_coala_v0_edge){ct - 1, ct, 0};
        bool sum = l->from[1] >= 0;
        if (l->from[0] >= 0)
            link_producer(b, l->from[0], &in, ct, sum ? STREAM_I2 : STREAM_I1);
        if (sum)
            link_producer(b, l->from[1], &in, ct, STREAM_I1);
    }
}

bool chip_problem(const chip_run *run, stream_arena *arena, stream_coala_v0_hardware *hardware,
                  stream_coala_v0_problem *out) {
    if (!hardware_named(run->hardware, arena, hardware))
        return false;
    int32_t cts = 0;
    for (int32_t l = 0; l < run->n_layers; ++l)
        cts += count(&run->layers[l]);
    chip_builder b = {.run = run,
                      .cts = STREAM_VEC(stream_coala_v0_ct),
                      .constants = STREAM_VEC(stream_coala_v0_constant),
                      .edges = STREAM_VEC(stream_coala_v0_edge),
                      .constant_first = STREAM_NEW(arena, int32_t, (size_t)cts + 1)};
    for (int32_t l = 0; l < run->n_layers; ++l)
        add_layer(&b, l);
    *out = (stream_coala_v0_problem){.hardware = hardware,
                                     .n_cts = (int32_t)b.cts.n,
                                     .constant_first = b.constant_first,
                                     .n_edges = (int32_t)b.edges.n,
                                     .n_data = b.n_data,
                                     .priority = run->priority,
                                     .just_in_time = true};
    out->cts = stream_vec_freeze(&b.cts, arena);
    out->constants = stream_vec_freeze(&b.constants, arena);
    out->edges = stream_vec_freeze(&b.edges, arena);
    return true;
}

int64_t chip_peak_bits(const stream_coala_v0_hardware *hw, const stream_coala_v0_schedule *s,
                       const chip_peak *peak) {
    int64_t most = -1;
    for (int32_t o = 0; o < STREAM_N_OPERANDS; ++o) {
        int32_t m = hw->memory_of[peak->core * STREAM_N_OPERANDS + o];
        if (strcmp(hw->memories[m].name, peak->memory) != 0)
            continue;
        for (int32_t i = s->step_first[m]; i < s->step_first[m + 1]; ++i)
            most = s->steps[i].bits > most ? s->steps[i].bits : most;
    }
    return most;
}

double chip_layer_cycles(const chip_run *run, int32_t layer) {
    return run->layers[layer].cycles;
}

double chip_layer_energy_pj(const chip_run *run, int32_t layer) {
    return run->layers[layer].energy_pj;
}
