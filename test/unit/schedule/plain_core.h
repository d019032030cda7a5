/* Cores of hand-made accelerators: four units and one memory for all operands. */
#ifndef PLAIN_CORE_H
#define PLAIN_CORE_H

#include "stream/hardware/accelerator.h"

/* One to read and one to write all operands, of up to so many bits per cycle. */
static inline void plain_ports(stream_port ports[2], int64_t most_bits) {
    for (int p = 0; p < 2; ++p) {
        ports[p] = (stream_port){.name = p ? "w" : "r",
                                 .kind = p ? STREAM_PORT_WRITE : STREAM_PORT_READ,
                                 .bandwidth_min_bits = 8,
                                 .bandwidth_max_bits = most_bits};
        for (int o = 0; o < STREAM_N_OPERANDS; ++o)
            ports[p].serves[o] = p ? 3 : 12;
    }
}

/* For all operands. pj  of a read or write
 * ports [2]  borrowed */
static inline stream_memory plain_memory(const stream_port *ports, int64_t size_bits, double pj) {
    return (stream_memory){.name = "m",
                           .size_bits = size_bits,
                           .read_pj = pj,
                           .write_pj = pj,
                           .operands = 7,
                           .ports = ports,
                           .n_ports = 2,
                           .kind = "sram"};
}

/* name, memory  borrowed */
static inline stream_core plain_core(const char *name, bool is_offchip,
                                     const stream_memory *memory) {
    return (stream_core){.name = name,
                         .type_name = name,
                         .kind = is_offchip ? STREAM_CORE_OFFCHIP : STREAM_CORE_COMPUTE,
                         .space = "zigzag",
                         .n_array_dims = 1,
                         .array_sizes = {4},
                         .memories = memory,
                         .n_memories = 1,
                         .utilization = 1};
}

#endif
