#ifndef STREAM_LIB_SCHEDULE_BOUND_NEEDS_H
#define STREAM_LIB_SCHEDULE_BOUND_NEEDS_H

#include "stream/hardware/accelerator.h"

#include <stdbool.h>
#include <stdint.h>

/* Bits that the CTs of one set of cores need moved whatever the schedule. What a CT may stream (R9)
 * is none of them but the last two. */
typedef struct {
    int64_t in[STREAM_N_OPERANDS]; /* inputs and constants that they read as this operand, each
                                      element of one set and operand only */
    int64_t alone;                 /* all that they read, each element once */
    int64_t out;                   /* results that they finish */
    int64_t streamed_in, streamed_out;
} set_needs;

/* A version of a box that a CT of set w wrote and one of set s reads, where no memory is seen by
 * both (stream_bound_apart), leaves the places of w and comes to those of s. [w * n_sets + s] */
typedef struct {
    int32_t n_sets;
    set_needs *of;    /* [n_sets + 1]; the last: CTs of set -1 */
    int64_t *read;    /* each element once for every s; NULL: not known */
    int64_t *once;    /* each element for one s only */
    int64_t *leaving; /* of these what is no result of the network */
} bound_needs;

struct stream_bounds;

/* O((reads + edges of intermediates between such sets) log), and the cells of the boxes. */
void stream_bound_find_needs(struct stream_bounds *b, stream_arena *arena);

#endif
