// RUN: unit-schedule-streams

/* Streamed operands (rule R9), hand-worked: two cores with small memories and an off-chip memory on
 * one bus of 64 bits per cycle. Every CT reads x (512 bits), and weights of 32,768 bits that fit no
 * core; outputs have 512 bits. */

#include "stream/check/check.h"
#include "stream/schedule/energy.h"
#include "stream/schedule/residency.h"

#include "plain_core.h"
#include "test.h"

#include <string.h>

enum {
    N_CORES = 3,
    DRAM = 2,
    X = 0,
    W,
    Y0,
    Y1,
    N_TENSORS
};

typedef struct {
    stream_arena *arena;
    char text[1024];
    stream_diag diag;
    stream_port ports[2][2];
    stream_memory memories[2];
    stream_core cores[N_CORES];
    stream_link bus;
    stream_accelerator acc;
    stream_tensor tensors[N_TENSORS];
    stream_ct cts[2];
    stream_ct_read reads[4];
    stream_ct_graph graph;
    int64_t cycles[2 * N_CORES], energy_fj[2 * N_CORES];
    uint8_t operands[2 * N_CORES];
    stream_price_stream of[2 * N_CORES * STREAM_N_OPERANDS];
    stream_price_streams streams;
    stream_schedule_problem problem;
    stream_schedule schedule;
} scene;

static void keep_text(void *user, stream_severity severity, stream_loc loc, const char *text) {
    (void)severity;
    (void)loc;
    snprintf(((scene *)user)->text, sizeof((scene *)user)->text, "%s", text);
}

static void make_memory(scene *s, int i, int64_t bits) {
    plain_ports(s->ports[i], 64);
    s->memories[i] = (stream_memory){.name = i ? "dram" : "m",
                                     .size_bits = bits,
                                     .read_pj = 1,
                                     .write_pj = 2,
                                     .operands = 7,
                                     .ports = s->ports[i],
                                     .n_ports = 2,
                                     .kind = "sram"};
}

static void make_accelerator(scene *s, int64_t core_bits) {
    static const int32_t all[] = {0, 1, 2};
    static const char *const names[] = {"c0", "c1", "dram"};
    make_memory(s, 0, core_bits);
    make_memory(s, 1, 1 << 20);
    for (int c = 0; c < N_CORES; ++c)
        s->cores[c] = plain_core(names[c], c == DRAM, &s->memories[c == DRAM]);
    s->bus = (stream_link){.name = "bus",
                           .bus = true,
                           .cores = all,
                           .n_cores = 3,
                           .bandwidth_bits = 64,
                           .pj_per_bit = 1};
    s->acc = (stream_accelerator){.name = "two",
                                  .cores = s->cores,
                                  .n_cores = N_CORES,
                                  .offchip_core = DRAM,
                                  .links = &s->bus,
                                  .n_links = 1};
}

static stream_box line(int32_t n, int32_t m) {
    return (stream_box){.rank = 2, .size = {n, m}};
}

/* `chained`: CT 1 reads what CT 0 wrote instead of x. */
static void make_graph(scene *s, bool chained) {
    static const stream_ct_layer layers[] = {{"fc0", "MatMul"}, {"fc1", "MatMul"}};
    static const stream_kernel kernels[] = {{.name = "k0"}, {.name = "k1", .layer = 1}};
    static const char *const names[] = {"x", "w", "y0", "y1"};
    for (int t = 0; t < N_TENSORS; ++t)
        s->tensors[t] = (stream_tensor){.name = names[t],
                                        .kind = t == X   ? STREAM_TENSOR_INPUT
                                                : t == W ? STREAM_TENSOR_CONSTANT
                                                         : STREAM_TENSOR_INTERMEDIATE,
                                        .rank = 2,
                                        .shape = {t == W ? 64 : 1, 64},
                                        .element_bits = 8,
                                        .layer = t - Y0,
                                        .is_output = t == Y1 || (t == Y0 && !chained)};
    for (int i = 0; i < 2; ++i) {
        s->reads[2 * i] = (stream_ct_read){chained && i ? Y0 : X, line(1, 64), STREAM_I1};
        s->reads[2 * i + 1] = (stream_ct_read){W, line(64, 64), STREAM_I2};
        s->cts[i] = (stream_ct){.kernel = i,
                                .layer = i,
                                .first_read = 2 * i,
                                .n_reads = 2,
                                .tensor = Y0 + i,
                                .box = line(1, 64)};
    }
    s->graph = (stream_ct_graph){.tensors = s->tensors,
                                 .n_tensors = N_TENSORS,
                                 .layers = layers,
                                 .n_layers = 2,
                                 .kernels = kernels,
                                 .n_kernels = 2,
                                 .cts = s->cts,
                                 .n_cts = 2,
                                 .reads = s->reads,
                                 .n_reads = 4};
}

static stream_price_stream *price(scene *s, int kernel, int core, int operand) {
    s->operands[kernel * N_CORES + core] |= (uint8_t)(1u << operand);
    return &s->of[(kernel * N_CORES + core) * STREAM_N_OPERANDS + operand];
}

/* Each kernel streams its weights, once. */
static void make_prices(scene *s, int64_t cycles) {
    for (int i = 0; i < 2 * N_CORES; ++i) {
        s->cycles[i] = i % N_CORES == DRAM ? -1 : cycles;
        s->energy_fj[i] = i % N_CORES == DRAM ? -1 : 100;
        if (i % N_CORES != DRAM)
            *price(s, i / N_CORES, i % N_CORES, STREAM_I2) =
                (stream_price_stream){.read_bits = 64 * 64 * 8,
                                      .read_rate = (64 * 64 * 8 + cycles - 1) / cycles,
                                      .offchip_fj = 512000};
    }
}

static void open_scene(scene *s, int64_t core_bits, int64_t cycles, bool chained) {
    static const int32_t cores[] = {0, 1};
    memset(s, 0, sizeof *s);
    s->arena = stream_arena_create();
    s->diag = (stream_diag){keep_text, s};
    make_accelerator(s, core_bits);
    make_graph(s, chained);
    make_prices(s, cycles);
    s->streams = (stream_price_streams){s->operands, s->of};
    s->problem = (stream_schedule_problem){.acc = &s->acc,
                                           .graph = &s->graph,
                                           .cycles = s->cycles,
                                           .energy_fj = s->energy_fj,
                                           .cores = cores,
                                           .streams = &s->streams};
    CHECK(stream_accelerator_finish(&s->acc, s->arena, &s->diag) == STREAM_OK &&
          stream_ct_graph_finish(&s->graph, s->arena, &s->diag) == STREAM_OK);
}

static void close_scene(scene *s) {
    stream_arena_destroy(s->arena);
}

static stream_status build(scene *s) {
    return stream_schedule_build(&s->problem, STREAM_PRIORITY_LATENCY, s->arena, &s->diag,
                                 &s->schedule);
}

/* Built, and accepted by the checker. */
static bool is_legal(scene *s) {
    stream_residency residency;
    return build(s) == STREAM_OK &&
           stream_check_schedule(&s->problem, &s->schedule, NULL, &s->diag, NULL) == STREAM_OK &&
           stream_residency_build(&s->problem, &s->schedule, s->arena, &s->diag, &residency) ==
               STREAM_OK &&
           stream_schedule_energy_bound(&s->problem) <= s->schedule.summary.energy_fj;
}

/* 33 bits per cycle each: the bus carries one at a time. */
static void one_after_the_other(void) {
    scene s;
    open_scene(&s, 1024, 1000, false);
    CHECK(is_legal(&s));
    const stream_ct_slot *slots = s.schedule.slots;
    const stream_ct_stream *streams = s.schedule.streams;
    CHECK_EQ(slots[0].start, 8);    /* x: 512 bits at 64 per cycle */
    CHECK_EQ(slots[1].start, 1008); /* the first output, 512 bits, is written behind it */
    CHECK_EQ(s.schedule.n_streams, 2);
    CHECK_EQ(streams[1].ct, 1);
    CHECK_EQ(streams[1].operand, STREAM_I2);
    CHECK_EQ(streams[1].read.rate_bits, 33);
    CHECK_EQ(streams[1].read.n_resources, 1);
    CHECK_EQ(streams[1].write.rate_bits, 0);
    close_scene(&s);
}

/* 32 bits per cycle each: both at a time, and nothing else. */
static void beside_each_other(void) {
    scene s;
    open_scene(&s, 1024, 1024, false);
    CHECK(is_legal(&s));
    CHECK_EQ(s.schedule.slots[0].start, 8);
    CHECK_EQ(s.schedule.slots[1].start, 8); /* x is sent to both at once */
    CHECK_EQ(s.schedule.summary.latency_cycles, 8 + 1024 + 8 + 8);
    const stream_schedule_summary *sum = &s.schedule.summary;
    CHECK_EQ(sum->offchip_read_bits, 512 + 2 * 32768);
    CHECK_EQ(sum->offchip_write_bits, 2 * 512);
    CHECK_EQ(sum->compute_energy_fj, 200);
    CHECK_EQ(sum->link_energy_fj, 1000 * (512 + 2 * 32768 + 2 * 512));
    /* x: 8 words out of off-chip, into two memories; outputs: 8 words each out and in */
    CHECK_EQ(sum->memory_energy_fj, 8000 + 2 * 16000 + 2 * (8000 + 16000) + 2 * 512000);
    CHECK_EQ(sum->offchip_energy_fj, 8000 + 2 * 16000 + 2 * 512000);
    stream_energy energy;
    stream_energy_build(&s.problem, &s.schedule, s.arena, &energy);
    CHECK_EQ(energy.moves_fj[STREAM_MOVE_STREAM], 2 * (512000 + 32768000));
    CHECK_EQ(energy.moves_bits[STREAM_MOVE_STREAM], 2 * 32768);
    CHECK_EQ(energy.tensors[W].move_fj, 2 * (512000 + 32768000));
    CHECK_EQ(energy.total_fj, sum->energy_fj);
    close_scene(&s);
}

/* The weights would cross the bus before; streamed, they cross while CTs run. */
static void bounds_hold(void) {
    scene s;
    stream_bound_kind kind;
    open_scene(&s, 1024, 1024, false);
    CHECK(is_legal(&s));
    int64_t streamed = stream_schedule_lower_bound(&s.problem, &kind);
    CHECK_EQ(streamed, (512 + 2 * 32768 + 2 * 512 + 63) / 64);
    CHECK(kind == STREAM_BOUND_OFFCHIP || kind == STREAM_BOUND_LINK);
    close_scene(&s);
}

/* Parts pass through memory of the core, which must have it. */
static void passing_buffers(void) {
    scene s;
    open_scene(&s, 1024 + 64, 1024, false);
    for (int i = 0; i < 2; ++i)
        price(&s, i, i, STREAM_I2)->buffer_bits = 60;
    CHECK(is_legal(&s));
    CHECK_EQ(s.schedule.summary.peak_bits[s.acc.top[0]], 1024 + 64);
    close_scene(&s);
    open_scene(&s, 1024, 1024, false);
    price(&s, 1, 1, STREAM_I2)->buffer_bits = 8;
    CHECK_EQ(build(&s), STREAM_INFEASIBLE);
    CHECK(strstr(s.text, "parts of streamed operands 8") != NULL);
    CHECK(strstr(s.text, "8 bits short") != NULL);
    close_scene(&s);
}

/* An intermediate result is written back before the CT that streams it, and an output of the
 * network that is streamed needs no transfer. */
static void intermediate_results(void) {
    scene s;
    open_scene(&s, 1024, 1024, true);
    *price(&s, 1, 1, STREAM_I1) =
        (stream_price_stream){.read_bits = 512, .read_rate = 1, .offchip_fj = 8000};
    *price(&s, 1, 1, STREAM_O) =
        (stream_price_stream){.write_bits = 512, .write_rate = 1, .offchip_fj = 16000};
    CHECK(is_legal(&s));
    CHECK_EQ(s.schedule.slots[1].start, 8 + 1024 + 8);
    CHECK_EQ(s.schedule.summary.latency_cycles, s.schedule.slots[1].end);
    CHECK_EQ(s.schedule.n_transfers, 2); /* x in, y0 back */
    CHECK_EQ(s.schedule.n_streams, 4);
    CHECK_EQ(s.schedule.streams[3].operand, STREAM_O);
    CHECK_EQ(s.schedule.streams[3].write.rate_bits, 1);
    close_scene(&s);
}

static void refused(void) {
    scene s;
    open_scene(&s, 1024, 1024, false);
    price(&s, 1, 1, STREAM_I2)->read_rate = 65;
    CHECK_EQ(build(&s), STREAM_INFEASIBLE);
    CHECK(strstr(s.text, "CT 1 streams 65 bits per cycle over link 'bus', which has 64") != NULL);
    CHECK(strstr(s.text, "takes at least 1040 cycles, not 1024") != NULL);
    close_scene(&s);
    open_scene(&s, 1024, 1024, false);
    price(&s, 0, 0, STREAM_I2)->read_rate = 31;
    CHECK_EQ(build(&s), STREAM_INVALID);
    CHECK(strstr(s.text, "kernel 'k0' on core 'c0' streams I2: 32768 bits in at 31") != NULL);
    close_scene(&s);
    open_scene(&s, 1016, 1024, false);
    CHECK_EQ(build(&s), STREAM_INFEASIBLE);
    CHECK(strstr(s.text, "1024 together, in a capacity of 1016, 8 bits short") != NULL);
    CHECK(strstr(s.text, "tiles of 99 % of these bits; a price that streams I1 or O") != NULL);
    close_scene(&s);
}

/* CT 1 streams nothing, and reads x and, once more, half of it. */
static void reads_twice(scene *s, int64_t core_bits) {
    open_scene(s, core_bits, 1024, false);
    s->reads[3] = (stream_ct_read){X, line(1, 32), STREAM_I2};
    s->operands[N_CORES] = s->operands[N_CORES + 1] = 0;
    CHECK_EQ(stream_ct_graph_finish(&s->graph, s->arena, &s->diag), STREAM_OK);
}

/* What is said to be missing is, and no more. */
static void overlapping_boxes(void) {
    scene s;
    reads_twice(&s, 1024);
    CHECK_EQ(build(&s), STREAM_OK);
    close_scene(&s);
    reads_twice(&s, 1016);
    static const int32_t on_one[] = {1, 1};
    s.problem.cores = on_one;
    s.cts[0].box = line(1, 1); /* CT 0 fits */
    CHECK_EQ(build(&s), STREAM_INFEASIBLE);
    CHECK(strstr(s.text, "CT 1 of layer 'fc1'") != NULL);
    CHECK(strstr(s.text, "its inputs take 512 bits and its output 512, 1024 together") != NULL);
    CHECK(strstr(s.text, "8 bits short: 'x' 512, 'y1' 512 (written) bits") != NULL);
    CHECK(strstr(s.text, "a memory of 1024 bits (8 more)") != NULL);
    CHECK(strstr(s.text, "a price that streams I1 or O") != NULL);
    close_scene(&s);
}

/* The core that is named has room, and the CT may run there. */
static void named_cores(void) {
    static const int32_t one[] = {1};
    for (int restricted = 0; restricted < 2; ++restricted) {
        scene s;
        open_scene(&s, 1016, 1024, false);
        stream_memory larger = s.memories[0];
        larger.size_bits = 4096;
        s.cores[0].memories = &larger;
        s.cts[1].allowed_cores = one;
        s.cts[1].n_allowed_cores = restricted;
        CHECK_EQ(stream_accelerator_finish(&s.acc, s.arena, &s.diag), STREAM_OK);
        CHECK_EQ(build(&s), STREAM_INFEASIBLE);
        CHECK_EQ(strstr(s.text, "; core 'c0'") != NULL, !restricted);
        close_scene(&s);
    }
}

static void absurd_buffers(void) {
    scene s;
    open_scene(&s, 1024 + 64, 1024, false);
    price(&s, 1, 1, STREAM_I2)->buffer_bits = INT64_MAX;
    CHECK_EQ(build(&s), STREAM_INVALID);
    CHECK(strstr(s.text, "streams I2 through 9223372036854775807 bits of its memory; it must be 0 "
                         "to 1152921504606846976") != NULL);
    price(&s, 1, 1, STREAM_I2)->buffer_bits = 64;
    CHECK(is_legal(&s));
    price(&s, 1, 1, STREAM_I2)->buffer_bits = INT64_MAX;
    CHECK_EQ(stream_check_schedule(&s.problem, &s.schedule, NULL, &s.diag, NULL), STREAM_INVALID);
    close_scene(&s);
}

int main(void) {
    one_after_the_other();
    beside_each_other();
    bounds_hold();
    passing_buffers();
    intermediate_results();
    refused();
    overlapping_boxes();
    named_cores();
    absurd_buffers();
    return test_done();
}
