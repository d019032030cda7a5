#ifndef STREAM_LIB_SCHEDULE_RESIDENCY_BUFFERS_H
#define STREAM_LIB_SCHEDULE_RESIDENCY_BUFFERS_H

#include "stream/schedule/residency.h"
#include "stream/support/vec.h"

/* The buffers of a schedule as its events come in the order of time, and what of a box is in which
 * of them. */

typedef struct {
    stream_residency_piece at; /* piece unused */
    int32_t writer;
    int64_t complete, until;
    int32_t next; /* next buffer of the same tensor and instance, in order of creation; -1 ends */
} residency_buffer;

typedef struct {
    const stream_schedule_problem *problem;
    const stream_ct_graph *graph;
    stream_vec buffers;          /* residency_buffer */
    int32_t *first, *last;       /* [n_tensors * n_instances] */
    const int32_t *next_version; /* [n_cts] the CT that accumulates onto it, or -1 */
    int64_t *extent_bits;        /* [n_instances] */
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

void stream_residency_add(residency_buffers *f, int32_t tensor, const residency_buffer *b);

/* Unlinks buffers that are dropped at or before `time`: nothing that starts then or later reads
 * them. */
void stream_residency_forget(residency_buffers *f, int32_t tensor, int32_t instance, int64_t time);

/* Appends the pieces of `box`; false: f->open is nowhere. */
bool stream_residency_find(residency_buffers *f, const residency_request *r, const stream_box *box);

/* The buffer that the transfer copies from; false: there is none. */
bool stream_residency_find_source(const residency_buffers *f, const stream_transfer *transfer,
                                  stream_residency_piece *out);

#endif
