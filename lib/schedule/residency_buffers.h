#ifndef STREAM_LIB_SCHEDULE_RESIDENCY_BUFFERS_H
#define STREAM_LIB_SCHEDULE_RESIDENCY_BUFFERS_H

#include "stream/schedule/residency.h"
#include "stream/support/range_tree.h"
#include "stream/support/vec.h"

/* The buffers of a schedule, and what of a box is in which of them at a time. All buffers are added
 * before the first is looked for:
 *
 *   buffers   in order of creation
 *   held      their ids by tensor; where a tensor has many, a tree over box, memory and time */

typedef struct {
    stream_residency_piece at; /* piece unused */
    int32_t tensor, writer;
    int64_t complete, until;
} residency_buffer;

typedef struct {
    const stream_schedule_problem *problem;
    const stream_ct_graph *graph;
    stream_arena *arena;
    stream_vec buffers;               /* residency_buffer */
    const int32_t *held_first, *held; /* [n_tensors + 1] */
    const int32_t *tree_of;           /* [n_tensors] place in `trees`; -1: has few */
    const stream_range_tree *trees;
    const int32_t *next_version; /* [n_cts] the CT that accumulates onto it, or -1 */
    stream_vec pieces;           /* stream_residency_piece: of all reads so far */
    stream_vec open;             /* stream_box: parts of the read that are not found yet */
    stream_vec left, near;       /* scratch: stream_box, const residency_buffer * */
} residency_buffers;

typedef struct {
    int32_t tensor, instance;
    int32_t reader; /* CT id; n_cts: at the end */
    int64_t start, end;
} residency_request;

/* What is kept is in `arena`, or goes with close. */
void stream_residency_open(residency_buffers *f, const stream_schedule_problem *problem,
                           stream_arena *arena);
void stream_residency_close(residency_buffers *f);

void stream_residency_add(residency_buffers *f, const residency_buffer *b);

/* After the last buffer. */
void stream_residency_index(residency_buffers *f);

/* Appends the pieces of `box`; false: f->open is nowhere. */
bool stream_residency_find(residency_buffers *f, const residency_request *r, const stream_box *box);

/* The buffer that the transfer copies from; false: there is none. */
bool stream_residency_find_source(residency_buffers *f, const stream_transfer *transfer,
                                  stream_residency_piece *out);

#endif
