/* Networks and accelerators of the benchmarks, as lib/ structs; all 8-bit. */
#ifndef STREAM_BENCH_NETWORKS_H
#define STREAM_BENCH_NETWORKS_H

#include "stream/hardware/accelerator.h"

#include "workload/builder.h"

/* conv 3x3, 16 channels, then conv 3x3, 32 channels, on 32x32 pixels. */
static inline stream_workload bench_two_conv(stream_arena *arena) {
    builder b = builder_create(arena);
    int32_t x = build_input(&b, "x", 4, (int64_t[]){1, 8, 32, 32}, 8);
    int32_t c1 = build_conv(&b, "conv1", x, (conv_shape){.channels = 16, .kernel = 3, .pad = 1});
    int32_t c2 = build_conv(&b, "conv2", c1, (conv_shape){.channels = 32, .kernel = 3, .pad = 1});
    build_output(&b, c2);
    return build_finish(&b);
}

/* Two 3x3 convolutions beside an identity (or a strided 1x1 convolution). */
static inline int32_t bench_residual(builder *b, int32_t stage, int32_t block, int32_t x,
                                     int64_t channels, int64_t stride) {
    char name[4][32];
    static const char *const parts[4] = {"conv1", "conv2", "down", "add"};
    for (int32_t i = 0; i < 4; ++i)
        snprintf(name[i], sizeof name[i], "s%db%d_%s", stage, block, parts[i]);
    int32_t c1 = build_conv(
        b, name[0], x, (conv_shape){.channels = channels, .kernel = 3, .pad = 1, .stride = stride});
    int32_t c2 =
        build_conv(b, name[1], c1, (conv_shape){.channels = channels, .kernel = 3, .pad = 1});
    int32_t side = stride == 1
                       ? x
                       : build_conv(b, name[2], x,
                                    (conv_shape){.channels = channels, .kernel = 1, .stride = 2});
    return build_add(b, name[3], c2, side);
}

/* ResNet-18 on 224x224 pixels. */
static inline stream_workload bench_resnet18(stream_arena *arena) {
    builder b = builder_create(arena);
    int32_t x = build_input(&b, "x", 4, (int64_t[]){1, 3, 224, 224}, 8);
    x = build_conv(&b, "conv1", x,
                   (conv_shape){.channels = 64, .kernel = 7, .pad = 3, .stride = 2});
    x = build_pool(&b, "pool1", x, (conv_shape){.kernel = 3, .pad = 1, .stride = 2});
    for (int32_t stage = 0; stage < 4; ++stage)
        for (int32_t block = 0; block < 2; ++block)
            x = bench_residual(&b, stage, block, x, 64 << stage, stage && !block ? 2 : 1);
    x = build_pool(&b, "pool2", x, (conv_shape){.kernel = 7});
    int32_t flat = build_view(&b, STREAM_VIEW_COLLAPSE, 2, (int64_t[]){1, 512}, 1, &x);
    memcpy(build_view_at(&b, flat)->map, (int32_t[]){0, 1, 1, 1}, 4 * sizeof(int32_t));
    int32_t w = build_constant(&b, "fc.w", 2, (int64_t[]){512, 1000}, 8);
    build_output(&b, build_matmul(&b, "fc", flat, w));
    return build_finish(&b);
}

/* FSRCNN (56, 12, 4) on 540x960 pixels, the deconvolution as a convolution to scale^2 channels: 8
 * layers of 540 rows. */
static inline stream_workload bench_fsrcnn(stream_arena *arena) {
    builder b = builder_create(arena);
    int32_t x = build_input(&b, "x", 4, (int64_t[]){1, 1, 540, 960}, 8);
    x = build_conv(&b, "feature", x, (conv_shape){.channels = 56, .kernel = 5, .pad = 2});
    x = build_conv(&b, "shrink", x, (conv_shape){.channels = 12, .kernel = 1});
    for (int32_t i = 0; i < 4; ++i) {
        char name[32];
        snprintf(name, sizeof name, "map%d", i);
        x = build_conv(&b, name, x, (conv_shape){.channels = 12, .kernel = 3, .pad = 1});
    }
    x = build_conv(&b, "expand", x, (conv_shape){.channels = 56, .kernel = 1});
    x = build_conv(&b, "deconv", x, (conv_shape){.channels = 4, .kernel = 9, .pad = 4});
    build_output(&b, x);
    return build_finish(&b);
}

/* out[b, t, n] += x[b, t, k] * y; y is [k, n] (weights), [b, n, k] (transposed) or [b, k, n]. */
static inline int32_t bench_product(builder *b, const char *name, int32_t x, int32_t y, int64_t n,
                                    bool transposed) {
    static const char *const names[] = {"H", "B", "K", "C"};
    static const bool reduction[] = {false, false, false, true};
    const int64_t *shape = build_view_at(b, x)->shape;
    int64_t bounds[] = {shape[0], shape[1], n, shape[2]};
    bool weights = build_view_at(b, y)->rank == 2;
    build_layer(b, name, "MatMul", 4, names, bounds, reduction);
    stream_operand *i1 = build_operand(b, x, 0);
    i1->index[0].coefficient[0] = 1;
    i1->index[1].coefficient[1] = 1;
    i1->index[2].coefficient[3] = 1;
    stream_operand *i2 = build_operand(b, y, 1);
    if (!weights)
        i2->index[0].coefficient[0] = 1;
    i2->index[weights ? 0 : 1].coefficient[transposed ? 2 : 3] = 1;
    i2->index[weights ? 1 : 2].coefficient[transposed ? 3 : 2] = 1;
    return build_result(b, 3, (int32_t[]){0, 1, 2});
}

static inline int32_t bench_sum(builder *b, const char *name, int32_t x, int32_t y) {
    static const char *const names[] = {"H", "B", "K"};
    static const bool reduction[3] = {false};
    build_layer(b, name, "Add", 3, names, build_view_at(b, x)->shape, reduction);
    for (uint8_t o = 0; o < 2; ++o) {
        stream_operand *operand = build_operand(b, o ? y : x, o);
        for (int32_t d = 0; d < 3; ++d)
            operand->index[d].coefficient[d] = 1;
    }
    return build_result(b, 3, (int32_t[]){0, 1, 2});
}

/* Decoder blocks (one head, width 256) on `sequences` sequences of 16 tokens. */
static inline stream_workload bench_transformer(stream_arena *arena, int32_t blocks,
                                                int64_t sequences) {
    enum {
        WIDTH = 256
    };
    builder b = builder_create(arena);
    int32_t x = build_input(&b, "x", 3, (int64_t[]){sequences, 16, WIDTH}, 8);
    for (int32_t i = 0; i < blocks; ++i) {
        static const char *const parts[] = {"q",   "k",  "v",  "scores", "mix",
                                            "out", "r1", "up", "down",   "r2"};
        char name[10][32];
        int32_t w[6];
        for (int32_t p = 0; p < 10; ++p)
            snprintf(name[p], sizeof name[p], "b%d_%s", i, parts[p]);
        for (int32_t p = 0; p < 6; ++p) {
            char weight[32];
            snprintf(weight, sizeof weight, "b%d_w%d", i, p);
            w[p] = build_constant(
                &b, weight, 2, (int64_t[]){p == 5 ? 4 * WIDTH : WIDTH, p == 4 ? 4 * WIDTH : WIDTH},
                8);
        }
        int32_t q = bench_product(&b, name[0], x, w[0], WIDTH, false);
        int32_t k = bench_product(&b, name[1], x, w[1], WIDTH, false);
        int32_t v = bench_product(&b, name[2], x, w[2], WIDTH, false);
        int32_t scores = bench_product(&b, name[3], q, k, 16, true);
        int32_t mix = bench_product(&b, name[4], scores, v, WIDTH, false);
        int32_t r1 = bench_sum(&b, name[6], x, bench_product(&b, name[5], mix, w[3], WIDTH, false));
        int32_t up = bench_product(&b, name[7], r1, w[4], 4 * WIDTH, false);
        x = bench_sum(&b, name[9], r1, bench_product(&b, name[8], up, w[5], WIDTH, false));
    }
    build_output(&b, x);
    return build_finish(&b);
}

static inline void bench_port(stream_port *port, const char *name, stream_port_kind kind,
                              int64_t min, int64_t max, unsigned operands) {
    *port = (stream_port){
        .name = name, .kind = kind, .bandwidth_min_bits = min, .bandwidth_max_bits = max};
    for (int32_t o = 0; o < STREAM_N_OPERANDS; ++o)
        if (operands >> o & 1)
            port->serves[o] = (uint8_t)(kind == STREAM_PORT_READ    ? 12
                                        : kind == STREAM_PORT_WRITE ? 3
                                                                    : 15);
}

static inline void bench_memory(stream_arena *arena, stream_memory *m, const char *name,
                                int64_t bits, double pj, int64_t min, int64_t max,
                                unsigned operands, unsigned served) {
    stream_port *ports = STREAM_NEW(arena, stream_port, 2);
    bench_port(&ports[0], "r", STREAM_PORT_READ, min, max, operands);
    bench_port(&ports[1], "w", STREAM_PORT_WRITE, min, max, operands);
    *m = (stream_memory){.name = name,
                         .size_bits = bits,
                         .read_pj = pj,
                         .write_pj = pj,
                         .operands = (uint8_t)operands,
                         .ports = ports,
                         .n_ports = 2,
                         .served_dims = (uint16_t)served,
                         .kind = "sram"};
}

/* Four cores of 32x32 MACs with 2 MiB each, a mesh of 32 bit/cycle, and a bus of 128 to off-chip:
 * the compute part of Stream's tpu_like_quad_core. */
static inline stream_accelerator bench_quad_core(stream_arena *arena) {
    static const char *const names[] = {"c0", "c1", "c2", "c3", "dram"};
    static const int32_t mesh[4][2] = {{0, 1}, {1, 2}, {2, 3}, {3, 0}}, all[] = {0, 1, 2, 3, 4};
    stream_core *cores = STREAM_NEW(arena, stream_core, 5);
    stream_link *links = STREAM_NEW(arena, stream_link, 5);
    for (int32_t c = 0; c < 5; ++c) {
        stream_memory *memories = STREAM_NEW(arena, stream_memory, 3);
        int32_t n = 0;
        if (c < 4) {
            bench_memory(arena, &memories[n++], "rf_w", 1024, 0.095, 8, 8, 1u << STREAM_I2, 0);
            bench_memory(arena, &memories[n++], "rf_o", 16, 0.021, 16, 16, 1u << STREAM_O, 2);
            bench_memory(arena, &memories[n++], "sram", 16777216, 400, 64, 2048, 7, 3);
        } else {
            bench_memory(arena, &memories[n++], "dram", (int64_t)1 << 33, 1000, 64, 64, 7, 3);
        }
        cores[c] = (stream_core){.name = names[c],
                                 .type_name = c < 4 ? "tpu" : "dram",
                                 .kind = c < 4 ? STREAM_CORE_COMPUTE : STREAM_CORE_OFFCHIP,
                                 .space = "zigzag",
                                 .n_array_dims = c < 4 ? 2 : 0,
                                 .array_sizes = {32, 32},
                                 .mac_pj = 0.04,
                                 .memories = memories,
                                 .n_memories = n,
                                 .utilization = 1};
        links[c] = c < 4 ? (stream_link){.name = stream_arena_strdup(
                                             arena, (char[]){'l', (char)('0' + c), 0}),
                                         .cores = mesh[c],
                                         .n_cores = 2,
                                         .bandwidth_bits = 32}
                         : (stream_link){.name = "bus",
                                         .bus = true,
                                         .cores = all,
                                         .n_cores = 5,
                                         .bandwidth_bits = 128};
    }
    return (stream_accelerator){.name = "quad",
                                .cores = cores,
                                .n_cores = 5,
                                .offchip_core = 4,
                                .links = links,
                                .n_links = 5};
}

#endif
