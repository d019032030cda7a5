#ifndef STREAM_LIB_COST_STALL_H
#define STREAM_LIB_COST_STALL_H

#include "movement.h"

/* Cycles in flight for every movement: what a transfer takes at the port's width. */
typedef struct {
    int64_t real[STREAM_NEST_MAX_OPERANDS][STREAM_MAP_MAX_LEVELS][STREAM_N_DIRECTIONS];
} stream_real_cycles;

/* Which levels may be filled while their old content is in use (5.4): flag[o][l + 1] for memory
 * level l. */
typedef struct {
    bool flag[STREAM_NEST_MAX_OPERANDS][STREAM_MAP_MAX_LEVELS + 1];
} stream_double_buffers;

void stream_double_buffers_of(const stream_mapping_problem *problem, const stream_movements *moves,
                              stream_double_buffers *out);

void stream_real_cycles_of(const stream_mapping_problem *problem, const stream_movements *moves,
                           stream_real_cycles *out);

/* Stall cycles of the worst port (5.5). */
int64_t stream_stall_cycles(const stream_mapping_problem *problem, const stream_movements *moves,
                            const stream_real_cycles *real, const stream_double_buffers *buffers);

#endif
