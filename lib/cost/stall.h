#ifndef STREAM_LIB_COST_STALL_H
#define STREAM_LIB_COST_STALL_H

#include "movement.h"

/* Cycles in flight for every movement: what a transfer takes at the port's width. */
typedef struct {
    int64_t real[STREAM_NEST_MAX_OPERANDS][STREAM_MAP_MAX_LEVELS][STREAM_N_DIRECTIONS];
} stream_real_cycles;

/* Which levels may be filled while their old content is in use (5.4): flag[o][l + 1] for memory
 * level l. In the exact model copies of what is exchanged at once fit beside all contents, and of
 * all sets that fit the one with the fewest stalls is taken. */
typedef struct {
    bool flag[STREAM_NEST_MAX_OPERANDS][STREAM_MAP_MAX_LEVELS + 1];
} stream_double_buffers;

void stream_double_buffers_of(const stream_mapping_problem *problem, const stream_movements *moves,
                              stream_double_buffers *out);
/* Is there a second copy of what memory level l of o holds? */
bool stream_double_buffers_twice(const stream_mapping_problem *problem,
                                 const stream_movements *moves,
                                 const stream_double_buffers *buffers, int32_t o, int32_t l);

void stream_real_cycles_of(const stream_mapping_problem *problem, const stream_movements *moves,
                           stream_real_cycles *out);

/* One user of a port, its function `function`: `allowed` cycles of every `period`, `count` times;
 * after the first time, `slack` cycles too many (below 0: to spare) of `window` allowed ones. */
typedef struct {
    int32_t function;
    bool buffered;
    int64_t period, allowed, count, slack, window;
} stream_port_activity;

/* out [STREAM_MAP_MAX_FUNCTIONS]; returns how many functions of the port move something. */
int32_t stream_port_activities(const stream_mapping_problem *problem, const stream_movements *moves,
                               const stream_real_cycles *real, const stream_double_buffers *buffers,
                               const stream_map_port *port, stream_port_activity *out);

/* Stall cycles of a port with n users; negative: time to spare. */
int64_t stream_port_stall(const stream_port_activity *a, int32_t n);

/* Stall cycles of the worst port (5.5). */
int64_t stream_stall_cycles(const stream_mapping_problem *problem, const stream_movements *moves,
                            const stream_real_cycles *real, const stream_double_buffers *buffers);

#endif
