// RUN: rm -rf %t.cache && unit-cost-streams %t.cache
/* Prices of kernels whose operands do not fit the core: streamed from and to off-chip (rule R9). */

#include "array_core.h"
#include "stream/cost/cost.h"
#include "stream/cost/kernel.h"
#include "test.h"
#include "workload/builder.h"

typedef struct {
    stream_arena *arena;
    stream_port ports[6];
    stream_memory memories[2], dram;
    stream_unroll unrolls[2];
    stream_dataflow dataflow;
    stream_core core;
    stream_workload w;
    const stream_layer *kernel;
} fixture;

/* 32 x 16 channels, 8 x 8 outputs, 3 x 3 windows: 36,864 bits of weights, 8,192 of inputs, 16,384
 * of outputs (sums of 32 bits). The array is weight stationary; `sram_bits` hold everything else.
 */
static void make(fixture *f, int64_t sram_bits) {
    memset(f, 0, sizeof *f);
    f->arena = stream_arena_create();
    port_pair(f->ports, 8, 8, STREAM_I2, STREAM_I2);
    port_pair(f->ports + 2, 8, 512, STREAM_I1, STREAM_O);
    port_pair(f->ports + 4, 64, 64, STREAM_I1, STREAM_O);
    f->memories[0] = (stream_memory){.name = "rf",
                                     .size_bits = 16,
                                     .read_pj = 0.125,
                                     .write_pj = 0.25,
                                     .operands = 1u << STREAM_I2,
                                     .ports = f->ports,
                                     .n_ports = 2,
                                     .kind = "rf"};
    f->memories[1] = (stream_memory){.name = "sram",
                                     .size_bits = sram_bits,
                                     .read_pj = 10,
                                     .write_pj = 20,
                                     .operands = 7,
                                     .ports = f->ports + 2,
                                     .n_ports = 2,
                                     .served_dims = 3,
                                     .kind = "sram"};
    f->dram = (stream_memory){.name = "dram",
                              .size_bits = INT64_C(1) << 40,
                              .read_pj = 100,
                              .write_pj = 200,
                              .operands = 7,
                              .ports = f->ports + 4,
                              .n_ports = 2,
                              .kind = "dram"};
    f->unrolls[0] = (stream_unroll){0, "K", 16};
    f->unrolls[1] = (stream_unroll){1, "C", 16};
    f->dataflow = (stream_dataflow){f->unrolls, 2};
    f->core = array_core(16, &f->dataflow, f->memories, 2);
    builder b = builder_create(f->arena);
    int32_t x = build_input(&b, "x", 4, (int64_t[]){1, 16, 8, 8}, 8);
    build_conv(&b, "a", x, (conv_shape){.channels = 32, .kernel = 3, .pad = 1});
    f->w = build_finish(&b);
    f->kernel = &f->w.layers[0];
}

static stream_price_job job_of(fixture *f, uint8_t streamed, uint8_t may_stream) {
    return (stream_price_job){.w = &f->w,
                              .kernel = f->kernel,
                              .core = &f->core,
                              .offchip = &f->dram,
                              .streamed = streamed,
                              .may_stream = may_stream};
}

static stream_kernel_cost price(fixture *f, stream_price_model model, const char *cache,
                                uint8_t streamed, uint8_t may_stream) {
    stream_kernel_cost cost;
    stream_price_job job = job_of(f, streamed, may_stream);
    stream_price_options options = {.model = model, .threads = 1, .cache_dir = cache};
    CHECK_EQ(stream_cost_price(&job, 1, &options, f->arena, NULL, &cost), STREAM_OK);
    return cost;
}

static void check_traffic(const stream_kernel_cost *c) {
    int64_t fj = c->mac_energy_fj;
    for (int32_t i = 0; i < c->n_levels; ++i) {
        fj += c->levels[i].fj;
        CHECK(strcmp(c->levels[i].memory, "dram") != 0);
    }
    CHECK_EQ(fj, c->energy_fj);
    CHECK_EQ(c->compute_cycles + c->stall_cycles + c->onload_cycles + c->offload_cycles, c->cycles);
    for (int32_t o = 0; o < STREAM_N_OPERANDS; ++o) {
        const stream_operand_stream *s = &c->streams[o];
        CHECK_EQ(s->read_bits_per_cycle, (s->read_bits + c->cycles - 1) / c->cycles);
        CHECK_EQ(s->write_bits_per_cycle, (s->write_bits + c->cycles - 1) / c->cycles);
        CHECK_EQ((c->streamed >> o & 1) != 0, s->read_bits + s->write_bits > 0);
        CHECK(s->read_bits_per_cycle <= 64 && s->write_bits_per_cycle <= 64);
    }
}

/* Nothing is streamed that fits; the price is the same as without an off-chip memory. */
static void everything_fits(void) {
    fixture f;
    make(&f, 1 << 22);
    stream_kernel_cost with = price(&f, STREAM_PRICE_EXACT, NULL, 0, 7);
    CHECK_EQ(with.streamed, 0);
    CHECK_EQ(with.streams[STREAM_I2].read_bits, 0);
    stream_price_job plain = {.w = &f.w, .kernel = f.kernel, .core = &f.core};
    stream_price_options options = {.threads = 1};
    stream_kernel_cost without;
    CHECK_EQ(stream_cost_price(&plain, 1, &options, f.arena, NULL, &without), STREAM_OK);
    CHECK_EQ(with.cycles, without.cycles);
    CHECK_EQ(with.energy_fj, without.energy_fj);
    stream_arena_destroy(f.arena);
}

/* 50,000 bits hold inputs and sums (8,192 + 32,768 at most), and weights with one of them only.
 * Each weight comes once: it stays in its register for all outputs. */
static void weights_are_streamed(const char *cache) {
    fixture f;
    make(&f, 100000);
    for (int model = STREAM_PRICE_EXACT; model <= STREAM_PRICE_ZIGZAG_3_9_1; ++model) {
        stream_kernel_cost c = price(&f, (stream_price_model)model, cache, 0, 1u << STREAM_I2);
        CHECK_EQ(c.streamed, 1u << STREAM_I2);
        check_traffic(&c);
        CHECK_EQ(c.streams[STREAM_I2].read_bits, 36864);
        CHECK_EQ(c.streams[STREAM_I2].write_bits, 0);
        CHECK_EQ(c.streams[STREAM_I2].offchip_fj, 36864 / 64 * INT64_C(100000));
        CHECK(c.cycles >= 2 * 64 * 9);
        stream_kernel_cost again = price(&f, (stream_price_model)model, cache, 0, 1u << STREAM_I2);
        CHECK_EQ(again.cycles, c.cycles);
        CHECK_EQ(again.streams[STREAM_I2].read_bits, 36864);
        check_traffic(&again);
    }
    stream_arena_destroy(f.arena);
}

/* Of all sets of one operand the best one: as good as each that is asked for. */
static void best_set(void) {
    fixture f;
    make(&f, 100000);
    stream_kernel_cost any = price(&f, STREAM_PRICE_EXACT, NULL, 0, 7);
    check_traffic(&any);
    CHECK(any.streamed == 1 || any.streamed == 2 || any.streamed == 4);
    for (int32_t o = 0; o < STREAM_N_OPERANDS; ++o) {
        stream_kernel_cost one = price(&f, STREAM_PRICE_EXACT, NULL, (uint8_t)(1u << o), 0);
        CHECK(strcmp(one.model, "simple") == 0 || one.cycles >= any.cycles);
    }
    stream_arena_destroy(f.arena);
}

/* Outputs go straight to off-chip; their finished bits are 16,384. */
static void streamed_in_any_case(void) {
    fixture f;
    make(&f, 1 << 22);
    stream_kernel_cost c = price(&f, STREAM_PRICE_EXACT, NULL, 1u << STREAM_O, 0);
    CHECK_EQ(c.streamed, 1u << STREAM_O);
    check_traffic(&c);
    CHECK(c.streams[STREAM_O].write_bits >= 16384);
    stream_arena_destroy(f.arena);
}

/* The simple model moves every streamed operand once, no faster than the off-chip port. */
static void simple(void) {
    fixture f;
    make(&f, 1 << 22);
    stream_kernel_cost c = price(&f, STREAM_PRICE_SIMPLE, NULL, 7, 0);
    CHECK_EQ(c.streamed, 7);
    CHECK_EQ(c.streams[STREAM_I2].read_bits, 36864);
    CHECK_EQ(c.streams[STREAM_O].write_bits, 16384);
    CHECK(c.streams[STREAM_I2].read_bits_per_cycle <= 64);
    CHECK_EQ(c.compute_cycles + c.stall_cycles + c.onload_cycles + c.offload_cycles, c.cycles);
    stream_arena_destroy(f.arena);
}

/* ---- links */

/* The core, and one like it, behind a bus of 48 bits per cycle. */
static void make_machine(fixture *f, stream_core *cores, stream_link *bus,
                         stream_accelerator *acc) {
    static const int32_t all[] = {0, 1, 2};
    cores[0] = cores[1] = f->core;
    cores[0].name = "c0";
    cores[1].name = "c1";
    cores[2] = (stream_core){.name = "dram",
                             .type_name = "dram",
                             .kind = STREAM_CORE_OFFCHIP,
                             .space = "zigzag",
                             .memories = &f->dram,
                             .n_memories = 1,
                             .utilization = 1};
    *bus =
        (stream_link){.name = "bus", .bus = true, .cores = all, .n_cores = 3, .bandwidth_bits = 48};
    *acc = (stream_accelerator){
        .name = "two", .cores = cores, .n_cores = 3, .offchip_core = 2, .links = bus, .n_links = 1};
}

/* Ports are no faster than the bus, at the same energy per bit; and reads and writes that share it
 * take longer. */
static void over_links(void) {
    fixture f;
    stream_core cores[3];
    stream_link bus;
    stream_accelerator acc;
    stream_memory seen;
    make(&f, 1 << 22);
    make_machine(&f, cores, &bus, &acc);
    CHECK_EQ(stream_accelerator_finish(&acc, f.arena, NULL), STREAM_OK);
    stream_routes *routes = stream_routes_create(&acc, f.arena);
    CHECK(stream_price_offchip_of(&acc, routes, 0, f.arena, &seen));
    for (int32_t i = 0; i < 2; ++i) {
        CHECK_EQ(seen.ports[i].bandwidth_max_bits, 48);
        CHECK_EQ(seen.ports[i].bandwidth_min_bits, 48);
        CHECK_EQ(seen.ports[i].energy_word_bits, 64);
        CHECK_EQ(f.dram.ports[i].bandwidth_max_bits, 64);
    }
    stream_price_job job = job_of(&f, 7, 0);
    job.offchip = &seen;
    stream_price_options options = {.model = STREAM_PRICE_SIMPLE, .threads = 1};
    stream_kernel_cost c;
    CHECK_EQ(stream_cost_price(&job, 1, &options, f.arena, NULL, &c), STREAM_OK);
    CHECK_EQ(c.streams[STREAM_I2].offchip_fj, 36864 / 64 * INT64_C(100000));
    int64_t bits = c.streams[STREAM_I1].read_bits + c.streams[STREAM_I2].read_bits +
                   c.streams[STREAM_O].write_bits;
    c.cycles = c.compute_cycles = 500; /* 74 bits of weights per cycle */
    c.stall_cycles = c.onload_cycles = c.offload_cycles = 0;
    stream_price_fit_links(&acc, routes, 0, &c);
    CHECK(c.cycles >= bits / 48 && c.cycles <= bits / 48 + 64);
    CHECK_EQ(c.stall_cycles, c.cycles - 500);
    int64_t rate = 0, less = 0;
    for (int32_t o = 0; o < STREAM_N_OPERANDS; ++o) {
        const stream_operand_stream *s = &c.streams[o];
        rate += s->read_bits_per_cycle + s->write_bits_per_cycle;
        less += (s->read_bits + c.cycles - 2) / (c.cycles - 1) +
                (s->write_bits + c.cycles - 2) / (c.cycles - 1);
    }
    CHECK(rate <= 48 && less > 48);
    stream_arena_destroy(f.arena);
}

int main(int argc, char **argv) {
    over_links();
    everything_fits();
    weights_are_streamed(argc > 1 ? argv[1] : NULL);
    best_set();
    streamed_in_any_case();
    simple();
    return test_done();
}
