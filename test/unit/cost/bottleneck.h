/* Three layers with different bottlenecks on small cores, worked by hand.
 *
 * All layers are O[K][OX] += I[C][OX] * W[K][C] with 8-bit operands, 16-bit partial sums, K on D1 and C on
 * D2.
 *
 * 1. compute: K 8, C 8, OX 64 on 4 x 4 units; every operand has its own wide port. 4,096 MACs on 16
 *    units: 256 cycles, one transfer per port and cycle. The output passes through a register at every
 *    row (`rf_o`): its last element takes 1 cycle to the SRAM, which nothing hides behind [the movement
 *    repeats]. 257 cycles. Either array dim doubled: 128 + 1 cycles, -49.8 %; ports are not the limit.
 *
 * 2. port: as 1, but the input's read port of the SRAM moves 8 bits per cycle. One transfer is 4
 *    elements (C on D2): 4 cycles. All of I crosses that port: 2 C x 64 OX = 128 transfers at least,
 *    each kept for the 2 iterations of K if K is innermost: every transfer but the first is 4 - 2 = 2
 *    cycles late. Stalls 127 * 2 = 254, in all 256 + 254 + 1 = 511 cycles; the port is busy for
 *    128 * 4 = 512, twice the computation. Port doubled: 2 cycles per transfer, no stall: 257, -49.7 %.
 *    D2 doubled: 64 transfers of 8 cycles, 128 + 63 * 6 + 1 = 507, -0.8 %. D1 doubled: no K is left, 128
 *    transfers, one per cycle: 128 + 127 * 3 + 1 = 510, -0.2 %.
 *
 * 3. loading: a matrix times a vector, K 16, C 16, OX 1 on 16 x 16 units: 1 cycle. 256 weights cross the
 *    only port of the DRAM, 64 bits wide: 32 cycles, of which 1 hides behind the computation (only 8 bits
 *    must be there first). The input takes 2 cycles on the same port, in turn with nothing that
 *    counts: the longer of the two links is charged, 31. The output leaves in 2. 34 cycles. Port
 *    doubled: 16 - 1 + 1 + 1 = 17, -50.0 %.
 *    Energy: MACs 256 * 1 pJ; weights in `rf_w` 256 writes and 256 reads of 1 pJ, in `dram` 32 reads of
 *    100 pJ; `buf` 1 write and 1 read of 10 pJ for input and output each; input and output in `dram` 2
 *    accesses each. 256 + 512 + 3200 + 40 + 400 = 4408 pJ. */
#ifndef BOTTLENECK_H
#define BOTTLENECK_H

#include "stream/cost/explain.h"
#include "test.h"

enum {
    FH = 1 << STREAM_FROM_HIGH,
    FL = 1 << STREAM_FROM_LOW,
    TH = 1 << STREAM_TO_HIGH,
    TL = 1 << STREAM_TO_LOW
};

typedef struct {
    stream_port ports[4][4];
    stream_memory memories[4];
    stream_unroll unrolls[2];
    stream_dataflow dataflow;
    stream_core core;
    stream_loop_nest nest;
} bottleneck;

static inline stream_memory *bottleneck_memory(bottleneck *b, const char *name, uint8_t operands,
                                               int64_t size_bits, double pj, uint16_t served) {
    int32_t m = b->core.n_memories++;
    b->memories[m] = (stream_memory){.name = name,
                                     .size_bits = size_bits,
                                     .operands = operands,
                                     .read_pj = pj,
                                     .write_pj = pj,
                                     .served_dims = served,
                                     .ports = b->ports[m],
                                     .kind = "sram"};
    return &b->memories[m];
}

/* i1, i2, o: directions of each operand. */
static inline void bottleneck_port(bottleneck *b, const char *name, stream_port_kind kind,
                                   int64_t bits, uint8_t i1, uint8_t i2, uint8_t o) {
    int32_t m = b->core.n_memories - 1;
    b->ports[m][b->memories[m].n_ports++] = (stream_port){.name = name,
                                                          .kind = kind,
                                                          .bandwidth_min_bits = bits,
                                                          .bandwidth_max_bits = bits,
                                                          .serves = {i1, i2, o}};
}

static inline void bottleneck_start(bottleneck *b, const char *name, int64_t side, int64_t k,
                                    int64_t c, int64_t ox) {
    *b = (bottleneck){
        .unrolls = {{0, "K", side}, {1, "C", side}},
        .core = {.name = name, .n_array_dims = 2, .array_sizes = {side, side}, .mac_pj = 1},
        .nest = {.dims = {{"K", k}, {"C", c}, {"OX", ox}},
                 .n_dims = 3,
                 .operands = {{"O", STREAM_O, 16, 8, {0, 2}, 2},
                              {"I", STREAM_I1, 8, 8, {1, 2}, 2},
                              {"W", STREAM_I2, 8, 8, {0, 1}, 2}},
                 .n_operands = 3,
                 .cycles_per_op = 1}};
    b->dataflow = (stream_dataflow){b->unrolls, 2};
    b->core.dataflows = &b->dataflow;
    b->core.n_dataflows = 1;
    b->core.memories = b->memories;
    b->core.utilization = 1;
}

/* 1 and 2: `input_bits` is the width of the input's read port. */
static inline void bottleneck_array(bottleneck *b, int64_t input_bits) {
    enum {
        I = 1 << STREAM_I1,
        W = 1 << STREAM_I2,
        O = 1 << STREAM_O
    };
    bottleneck_start(b, "small", 4, 8, 8, 64);
    bottleneck_memory(b, "rf_o", O, 16, 0.1, 1 << 1);
    bottleneck_port(b, "w_low", STREAM_PORT_WRITE, 16, 0, 0, FL);
    bottleneck_port(b, "r_low", STREAM_PORT_READ, 16, 0, 0, TL);
    bottleneck_port(b, "w_high", STREAM_PORT_WRITE, 16, 0, 0, FH);
    bottleneck_port(b, "r_high", STREAM_PORT_READ, 16, 0, 0, TH);
    bottleneck_memory(b, "sram", I | W | O, 1 << 20, 10, 3);
    bottleneck_port(b, "r_i", STREAM_PORT_READ, input_bits, TL, 0, 0);
    bottleneck_port(b, "r_w", STREAM_PORT_READ, 1024, 0, TL, 0);
    bottleneck_port(b, "r_o", STREAM_PORT_READ, 1024, 0, 0, TL);
    bottleneck_port(b, "w_o", STREAM_PORT_WRITE, 1024, 0, 0, FL);
}

static inline void bottleneck_compute(bottleneck *b) {
    bottleneck_array(b, 1024);
}

static inline void bottleneck_narrow_port(bottleneck *b) {
    bottleneck_array(b, 8);
}

static inline void bottleneck_loading(bottleneck *b) {
    enum {
        I = 1 << STREAM_I1,
        W = 1 << STREAM_I2,
        O = 1 << STREAM_O
    };
    bottleneck_start(b, "vector", 16, 16, 16, 1);
    bottleneck_memory(b, "rf_w", W, 8, 1, 0);
    bottleneck_port(b, "r", STREAM_PORT_READ, 8, 0, TL, 0);
    bottleneck_port(b, "w", STREAM_PORT_WRITE, 8, 0, FH, 0);
    bottleneck_memory(b, "buf", I | O, 4096, 10, 3);
    bottleneck_port(b, "r", STREAM_PORT_READ, 128, TL, 0, TH | TL);
    bottleneck_port(b, "w", STREAM_PORT_WRITE, 256, FH, 0, FH | FL);
    bottleneck_memory(b, "dram", I | W | O, 1 << 20, 100, 3);
    bottleneck_port(b, "rw", STREAM_PORT_READ_WRITE, 64, FH | TL, FH | TL, FH | FL | TH | TL);
}

#endif
