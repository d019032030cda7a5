/* A small accelerator that the hardware tests change one thing of:
 *
 *   core 0 'a'  (one memory 1024 b, word 64)   ──link 0: 32──  core 1 'b' (W and A memories)
 *      │                                          │
 *      └──────────────── bus 1: 128 ──────────────┴── core 2 'dram' (65536 b) */
#ifndef FIXTURE_H
#define FIXTURE_H

#include "stream/hardware/route.h"

#include "test.h"

#include <string.h>

typedef struct {
    stream_port ports[4][2];
    stream_memory memories[4];
    stream_core cores[4];
    stream_link links[4];
    int32_t link_cores[4][4];
    int32_t sharing_cores[2];
    stream_sharing sharings[1];
    stream_accelerator acc;
    stream_arena *arena;
    stream_diag diag;
    char text[1024];
    int errors;
} fixture;

static void fixture_emit(void *user, stream_severity severity, stream_loc loc, const char *text) {
    fixture *f = user;
    (void)loc;
    f->errors += severity == STREAM_ERROR;
    snprintf(f->text, sizeof f->text, "%s", text);
}

static void fixture_memory(fixture *f, int m, const char *name, int64_t bits, unsigned operands) {
    for (int p = 0; p < 2; ++p) {
        f->ports[m][p] = (stream_port){.name = p ? "w" : "r",
                                       .kind = p ? STREAM_PORT_WRITE : STREAM_PORT_READ,
                                       .bandwidth_min_bits = 64,
                                       .bandwidth_max_bits = p ? 256 : 512};
        for (int o = 0; o < STREAM_N_OPERANDS; ++o)
            if (operands >> o & 1)
                f->ports[m][p].serves[o] = p ? 1u << STREAM_FROM_HIGH | 1u << STREAM_FROM_LOW
                                             : 1u << STREAM_TO_HIGH | 1u << STREAM_TO_LOW;
    }
    f->memories[m] = (stream_memory){.name = name,
                                     .size_bits = bits,
                                     .read_pj = 10,
                                     .write_pj = 20.5,
                                     .operands = (uint8_t)operands,
                                     .ports = f->ports[m],
                                     .n_ports = 2,
                                     .kind = "sram"};
}

static void fixture_core(fixture *f, int c, const char *name, stream_core_kind kind, int memory,
                         int n_memories) {
    f->cores[c] = (stream_core){.name = name,
                                .type_name = name,
                                .kind = kind,
                                .space = "zigzag",
                                .n_array_dims = 1,
                                .array_sizes = {16},
                                .mac_pj = 0.5,
                                .memories = &f->memories[memory],
                                .n_memories = n_memories,
                                .utilization = 1};
}

static void fixture_open(fixture *f) {
    memset(f, 0, sizeof *f);
    fixture_memory(f, 0, "sram", 1024, 7);
    fixture_memory(f, 1, "w", 2048, 1u << STREAM_I2);
    fixture_memory(f, 2, "act", 4096, 1u << STREAM_I1 | 1u << STREAM_O);
    fixture_memory(f, 3, "dram", 65536, 7);
    fixture_core(f, 0, "a", STREAM_CORE_COMPUTE, 0, 1);
    fixture_core(f, 1, "b", STREAM_CORE_COMPUTE, 1, 2);
    fixture_core(f, 2, "dram", STREAM_CORE_OFFCHIP, 3, 1);
    memcpy(f->link_cores, (int32_t[4][4]){{0, 1}, {0, 1, 2}}, sizeof f->link_cores);
    f->links[0] = (stream_link){.name = "l",
                                .cores = f->link_cores[0],
                                .n_cores = 2,
                                .bandwidth_bits = 32,
                                .pj_per_bit = 0.25,
                                .latency_cycles = 3};
    f->links[1] = (stream_link){.name = "bus",
                                .bus = true,
                                .cores = f->link_cores[1],
                                .n_cores = 3,
                                .bandwidth_bits = 128,
                                .pj_per_bit = 1,
                                .latency_cycles = 1};
    f->acc = (stream_accelerator){.name = "acc",
                                  .cores = f->cores,
                                  .n_cores = 3,
                                  .offchip_core = 2,
                                  .links = f->links,
                                  .n_links = 2};
    f->arena = stream_arena_create();
    f->diag = (stream_diag){fixture_emit, f};
}

static stream_status fixture_finish(fixture *f) {
    return stream_accelerator_finish(&f->acc, f->arena, &f->diag);
}

static void fixture_close(fixture *f) {
    stream_arena_destroy(f->arena);
}

#endif
