#ifndef STREAM_LIB_COST_PROBLEM_MEMORIES_H
#define STREAM_LIB_COST_PROBLEM_MEMORIES_H

#include "stream/cost/mapping.h"

/* A problem that is being built. served: bit per array dim that an operand's memory serves. */
typedef struct {
    const stream_loop_nest *nest;
    const stream_diag *diag;
    stream_mapping_problem *problem;
    uint16_t served[STREAM_NEST_MAX_OPERANDS][STREAM_MAP_MAX_LEVELS];
} stream_problem_builder;

/* Adds a memory on top of those that are there, with its ports in the order in which they list
 * their functions. mask: the operands for which it counts (all of its own, but for an added
 * off-chip level). errs  INVALID: a bandwidth below 1, an energy out of range; UNSUPPORTED: too
 * many of something */
STREAM_NODISCARD
stream_status stream_problem_add_memory(stream_problem_builder *b, const stream_memory *memory,
                                        uint8_t mask);

/* Energies that stay finite however often they are added: 2^57 accesses of 1e18 pJ are below 1e36.
 */
STREAM_NODISCARD
stream_status stream_problem_check_energy(const stream_problem_builder *b, stream_loc loc,
                                          const char *what, const char *owner, double pj);

#endif
