/* Cores of two square array dims, for prices. */
#ifndef ARRAY_CORE_H
#define ARRAY_CORE_H

#include "stream/hardware/accelerator.h"

/* A read and a write port for operands first .. last, in all directions. */
static inline void port_pair(stream_port *ports, int64_t min_bits, int64_t max_bits, int first,
                             int last) {
    for (int p = 0; p < 2; ++p) {
        ports[p] = (stream_port){.name = p ? "w" : "r",
                                 .kind = p ? STREAM_PORT_WRITE : STREAM_PORT_READ,
                                 .bandwidth_min_bits = min_bits,
                                 .bandwidth_max_bits = max_bits};
        for (int o = first; o <= last; ++o)
            ports[p].serves[o] = p ? 1u << STREAM_FROM_HIGH | 1u << STREAM_FROM_LOW
                                   : 1u << STREAM_TO_HIGH | 1u << STREAM_TO_LOW;
    }
}

/* side x side units of 0.5 pJ; innermost memory first. */
static inline stream_core array_core(int64_t side, const stream_dataflow *dataflow,
                                     const stream_memory *memories, int32_t n_memories) {
    return (stream_core){.name = "c",
                         .type_name = "c",
                         .kind = STREAM_CORE_COMPUTE,
                         .space = "zigzag",
                         .n_array_dims = 2,
                         .array_sizes = {side, side},
                         .mac_pj = 0.5,
                         .dataflows = dataflow,
                         .n_dataflows = 1,
                         .memories = memories,
                         .n_memories = n_memories,
                         .utilization = 1};
}

#endif
