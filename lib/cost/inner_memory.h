#ifndef STREAM_LIB_COST_INNER_MEMORY_H
#define STREAM_LIB_COST_INNER_MEMORY_H

#include "stream/cost/mapping.h"
#include "stream/support/text.h"

/* The memories next to the array: the first of every operand that they hold. Their ports and sizes
 * bound the unrolling (3.1, 3.4). */
typedef struct {
    const stream_loop_nest *nest;
    const stream_core *core;
    stream_cost_model model;
    const stream_memory *memories[STREAM_MAP_MAX_MEMORIES];
    uint8_t operands[STREAM_MAP_MAX_MEMORIES]; /* that count: all, or those of an added off-chip
                                                  level */
    int32_t n;
} stream_inner_memories;

void stream_inner_memories_find(const stream_loop_nest *nest, const stream_core *core,
                                const stream_memory *offchip, uint8_t offchip_operands,
                                stream_cost_model model, stream_inner_memories *out);

/* most[array dim][dim]: the largest unrolling that the ports can feed, 0: none. */
STREAM_NODISCARD
stream_status stream_inner_max_unroll(const stream_inner_memories *inner, const stream_diag *diag,
                                      int64_t (*most)[STREAM_NEST_MAX_DIMS]);

/* Why the largest unrolling of `dim` over array dim x is 0: which element is wider than which port.
 * Appends. */
void stream_inner_explain_port(const stream_inner_memories *inner, int32_t x, int32_t dim,
                               stream_text *out);

/* Shrinks factors until one element per unrolled point fits every inner memory. */
STREAM_NODISCARD
stream_status stream_inner_limit_capacity(const stream_inner_memories *inner,
                                          const stream_diag *diag, stream_spatial_mapping *mapping);

#endif
