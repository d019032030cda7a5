// RUN: unit-cost-simple
/* Hand-worked prices; the first is the example of docs/cost-model.md. */

#include "array_core.h"
#include "stream/cost/cost.h"
#include "test.h"
#include "workload/builder.h"

/* A core with an array of `n` dims and one memory for all operands. */
typedef struct {
    stream_port ports[2];
    stream_memory memory;
    stream_unroll unrolls[2];
    stream_dataflow dataflow;
    stream_core core;
} one_memory;

static void make_core(one_memory *m) {
    memset(m, 0, sizeof *m);
    port_pair(m->ports, 64, 256, STREAM_I1, STREAM_O);
    m->memory = (stream_memory){.name = "sram",
                                .size_bits = 1 << 20,
                                .read_pj = 10,
                                .write_pj = 20,
                                .operands = 7,
                                .ports = m->ports,
                                .n_ports = 2,
                                .served_dims = 3,
                                .kind = "sram"};
    m->unrolls[0] = (stream_unroll){0, "K", 32};
    m->unrolls[1] = (stream_unroll){1, "C", 32};
    m->dataflow = (stream_dataflow){m->unrolls, 2};
    m->core = array_core(32, &m->dataflow, &m->memory, 1);
}

static stream_status price(stream_arena *arena, int64_t k, int64_t c, int64_t columns,
                           const stream_core *core, stream_kernel_cost *out) {
    static heard h;
    stream_diag diag = {hear, &h};
    builder b = builder_create(arena);
    int32_t x = build_input(&b, "x", 4, (int64_t[]){1, c, 1, columns}, 8);
    build_conv(&b, "conv", x, (conv_shape){.channels = k, .kernel = 1});
    stream_workload w = build_finish(&b);
    return stream_cost_simple(&w, &w.layers[0], core, &diag, out);
}

/* 32 x 32 channels, 8 columns: 2048 input, 65536 weight and 2048 output bits.
 * reads (2048 + 65536) / 256 = 264 cycles: 8 + 256 accesses; writes 8 accesses. */
static void worked_example(void) {
    stream_arena *arena = stream_arena_create();
    one_memory m;
    make_core(&m);
    stream_kernel_cost cost;
    CHECK_EQ(price(arena, 32, 32, 8, &m.core, &cost), STREAM_OK);
    CHECK_EQ(cost.compute_cycles, 8);
    CHECK_EQ(cost.stall_cycles, 256);
    CHECK_EQ(cost.onload_cycles, 32);
    CHECK_EQ(cost.offload_cycles, 1);
    CHECK_EQ(cost.cycles, 297);
    CHECK_EQ(cost.mac_energy_fj, 8 * 32 * 32 * 500);
    CHECK_EQ(cost.energy_fj, cost.mac_energy_fj + (8 + 256) * 10000 + 8 * 20000);
    CHECK(cost.utilization == 1.0);
    CHECK(strcmp(cost.model, "simple") == 0);
    stream_arena_destroy(arena);
}

/* Remainders, loops that the dataflow does not name, and no dataflow at all. */
static void compute_table(void) {
    static const struct {
        int64_t k, c, columns;
        int32_t n_dataflows;
        int64_t compute;
    } rows[] = {
        {32, 32, 8, 1, 8}, {33, 32, 8, 1, 16}, {64, 64, 8, 1, 32},
        {1, 1, 5, 1, 5},   {16, 3, 8, 1, 8},   {1, 1, 5, 0, 1},
        {32, 32, 8, 0, 8}, {64, 2, 32, 0, 4},  {100, 1, 100, 0, 16},
    };
    one_memory m;
    make_core(&m);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; ++i) {
        stream_arena *arena = stream_arena_create();
        stream_kernel_cost cost;
        m.core.n_dataflows = rows[i].n_dataflows;
        CHECK_EQ(price(arena, rows[i].k, rows[i].c, rows[i].columns, &m.core, &cost), STREAM_OK);
        CHECK_EQ(cost.compute_cycles, rows[i].compute);
        CHECK(cost.utilization > 0 && cost.utilization <= 1);
        CHECK_EQ(cost.cycles, cost.compute_cycles + cost.stall_cycles + cost.onload_cycles +
                                  cost.offload_cycles);
        stream_arena_destroy(arena);
    }
}

/* A wider port never costs more time; half the utilization is twice the compute time. */
static void monotone(void) {
    stream_arena *arena = stream_arena_create();
    one_memory m;
    stream_kernel_cost narrow, wide, half;
    make_core(&m);
    CHECK_EQ(price(arena, 32, 32, 8, &m.core, &narrow), STREAM_OK);
    m.core.utilization = 0.5;
    CHECK_EQ(price(arena, 32, 32, 8, &m.core, &half), STREAM_OK);
    CHECK_EQ(half.compute_cycles, 2 * narrow.compute_cycles);
    m.core.utilization = 1;
    m.ports[0].bandwidth_max_bits = 1 << 20;
    CHECK_EQ(price(arena, 32, 32, 8, &m.core, &wide), STREAM_OK);
    CHECK_EQ(wide.stall_cycles, 0);
    CHECK_EQ(wide.onload_cycles, 1);
    stream_arena_destroy(arena);
}

/* Two inputs (Add), a window operand (pool), and what is refused. */
static void other_layers(void) {
    stream_arena *arena = stream_arena_create();
    heard h = {0};
    stream_diag diag = {hear, &h};
    one_memory m;
    make_core(&m);
    builder b = builder_create(arena);
    int32_t x = build_input(&b, "x", 4, (int64_t[]){1, 32, 8, 8}, 8);
    int32_t sum = build_add(&b, "sum", x, x);
    build_pool(&b, "pool", sum, (conv_shape){.kernel = 2});
    stream_workload w = build_finish(&b);
    stream_kernel_cost cost;
    CHECK_EQ(stream_cost_simple(&w, &w.layers[0], &m.core, &diag, &cost), STREAM_OK);
    CHECK_EQ(cost.compute_cycles, 64); /* 32 channels side by side */
    /* 2 x 16384 bits read in 128 accesses, 16384 written in 64 */
    CHECK_EQ(cost.stall_cycles, 128 - 64);
    CHECK_EQ(cost.energy_fj, 2048 * 500 + 128 * 10000 + 64 * 20000);
    CHECK_EQ(stream_cost_simple(&w, &w.layers[1], &m.core, &diag, &cost), STREAM_OK);
    CHECK_EQ(cost.compute_cycles, 32 * 7 * 7 * 4); /* the dataflow names no loop of it */
    CHECK_EQ(h.errors, 0);
    m.core.kind = STREAM_CORE_OFFCHIP;
    CHECK_EQ(stream_cost_simple(&w, &w.layers[0], &m.core, &diag, &cost), STREAM_UNSUPPORTED);
    CHECK_EQ(h.errors, 1);
    stream_arena_destroy(arena);
}

int main(void) {
    worked_example();
    compute_table();
    monotone();
    other_layers();
    return test_done();
}
