/* Small random loop nests on small random cores, for property tests of the cost model. */
#ifndef RANDOM_PROBLEM_H
#define RANDOM_PROBLEM_H

#include "stream/cost/mapping.h"
#include "test.h"

#include <string.h>

typedef struct {
    stream_port ports[8][2];
    stream_memory memories[8];
    stream_core core;
    stream_loop_nest nest;
    stream_spatial_mapping spatial;
} random_problem;

static inline int64_t pick(unsigned *seed, const int64_t *values, unsigned n) {
    return values[test_random(seed) % n];
}
#define PICK(seed, ...)                                                                            \
    pick(seed, (const int64_t[]){__VA_ARGS__},                                                     \
         sizeof((const int64_t[]){__VA_ARGS__}) / sizeof(int64_t))

/* Beyond three operands: inputs indexed by some of the dims, in the places of I1 and I2. */
static inline void random_inputs(unsigned *seed, stream_loop_nest *nest) {
    while (nest->n_operands < STREAM_NEST_MAX_OPERANDS && test_random(seed) % 3 == 0) {
        stream_nest_operand *o = &nest->operands[nest->n_operands++];
        *o = (stream_nest_operand){nest->n_operands == 4 ? "B" : "D",
                                   test_random(seed) % 2 ? STREAM_I1 : STREAM_I2,
                                   8,
                                   8,
                                   {0},
                                   0};
        for (int32_t d = 0; d < 4; ++d)
            if (test_random(seed) % 2)
                o->index[o->n_index++] = d;
    }
}

/* K C OX FX, a convolution along one axis (or a matrix product when FX is 1); seldom a pooling, a
 * transposed convolution (the output is indexed by the sum), or more inputs. */
static inline void random_nest(unsigned *seed, stream_loop_nest *nest) {
    static const char *const names[] = {"K", "C", "OX", "FX"};
    *nest = (stream_loop_nest){.n_dims = 4, .n_operands = 3, .cycles_per_op = 1};
    for (int32_t d = 0; d < 4; ++d)
        nest->dims[d] = (stream_nest_dim){names[d], PICK(seed, 1, 2, 2, 3, 4)};
    int64_t stride = PICK(seed, 1, 1, 2);
    nest->n_relations = 1;
    nest->relations[0] = (stream_nest_relation){"IX", 2, 3, stride, 1, 0};
    nest->relations[0].clip =
        stream_nest_extent(stride, nest->dims[2].size, 1, nest->dims[3].size, true);
    int64_t bits = PICK(seed, 4, 8), sum = PICK(seed, 8, 16), final = PICK(seed, 8, 8, 4);
    nest->operands[0] = (stream_nest_operand){"O", STREAM_O, sum, final, {0, 2}, 2};
    nest->operands[1] = (stream_nest_operand){"I", STREAM_I1, bits, bits, {1, ~0}, 2};
    nest->operands[2] = (stream_nest_operand){"W", STREAM_I2, 8, 8, {0, 1, 3}, 3};
    if (test_random(seed) % 8 == 0)
        nest->n_operands = 2;
    else
        random_inputs(seed, nest);
    if (test_random(seed) % 6 == 0) {
        nest->operands[0].index[1] = ~0;
        nest->operands[1].index[1] = 2;
    }
    if (test_random(seed) % 8 == 0)
        nest->cycles_per_op = 4;
}

static inline void random_memory(unsigned *seed, random_problem *p, const char *name,
                                 uint8_t operands, int64_t size_bits, uint16_t served) {
    stream_memory *m = &p->memories[p->core.n_memories];
    stream_port *ports = p->ports[p->core.n_memories++];
    int one = test_random(seed) % 3 == 0;
    *m = (stream_memory){.name = name,
                         .size_bits = size_bits,
                         .operands = operands,
                         .read_pj = (double)PICK(seed, 1, 2, 5),
                         .write_pj = (double)PICK(seed, 1, 3),
                         .served_dims = served,
                         .ports = ports,
                         .n_ports = one ? 1 : 2,
                         .force_double_buffering = test_random(seed) % 10 == 0,
                         .kind = "sram"};
    for (int i = 0; i < m->n_ports; ++i) {
        int64_t width = PICK(seed, 8, 16, 32);
        ports[i] = (stream_port){.name = "port",
                                 .bandwidth_min_bits = 8,
                                 .bandwidth_max_bits = width,
                                 .kind = one ? STREAM_PORT_READ_WRITE
                                         : i ? STREAM_PORT_WRITE
                                             : STREAM_PORT_READ};
        for (int o = 0; o < STREAM_N_OPERANDS; ++o)
            if (operands >> o & 1)
                ports[i].serves[o] = (uint8_t)(one ? 15
                                               : i ? 1u << STREAM_FROM_HIGH | 1u << STREAM_FROM_LOW
                                                   : 1u << STREAM_TO_HIGH | 1u << STREAM_TO_LOW);
        if (!one && i == 1 && test_random(seed) % 20 == 0) /* no way back for partial sums */
            ports[i].serves[STREAM_O] &= (uint8_t) ~(1u << STREAM_FROM_HIGH);
        if (!one && i == 0 && test_random(seed) % 40 == 0)
            ports[i].serves[STREAM_O] &= (uint8_t) ~(1u << STREAM_TO_LOW);
    }
}

static inline void random_problem_make(unsigned *seed, random_problem *p) {
    enum {
        I1 = 1 << STREAM_I1,
        I2 = 1 << STREAM_I2,
        O = 1 << STREAM_O
    };
    memset(p, 0, sizeof *p);
    random_nest(seed, &p->nest);
    p->core = (stream_core){.name = "core",
                            .n_array_dims = 2,
                            .array_sizes = {2, 2},
                            .mac_pj = 1,
                            .memories = p->memories,
                            .utilization = 1};
    if (test_random(seed) % 2)
        random_memory(seed, p, "rf_w", I2, PICK(seed, 16, 32, 64), 0);
    random_memory(seed, p, "rf_o", O, PICK(seed, 16, 32, 64), (uint16_t)PICK(seed, 0, 2));
    if (test_random(seed) % 2)
        random_memory(seed, p, "buf_a", test_random(seed) % 2 ? I1 : I1 | O,
                      PICK(seed, 64, 128, 256), 3);
    random_memory(seed, p, "sram", I1 | I2 | O, PICK(seed, 512, 1024, 4096), 3);
    p->spatial.n_array_dims = 2;
    for (int32_t x = 0; x < 2; ++x) {
        p->spatial.used[x] = test_random(seed) % 2;
        if (p->spatial.used[x])
            p->spatial.array_dims[x] = (stream_unrolled_level){.n = 1, .at = {{x, 2}}};
    }
}

#endif
