#ifndef STREAM_WORKLOAD_TRACE_H
#define STREAM_WORKLOAD_TRACE_H

#include "stream/workload/workload.h"

/* How a box of a view is made from boxes of tensors: the view DAG, restricted to the box.
 *
 * A step is one node of that restriction, in the order in which a program would compute it (sources
 * before users). Steps of kind TENSOR are the data that must be read; the others move it:
 *
 *   TENSOR    the part [box] of the tensor
 *   FILL      a scalar of shape box.size
 *   PAD       source step, plus before[d] / after[d] scalars (source -1: nothing but padding)
 *   TRANSPOSE, BROADCAST, COLLAPSE, EXPAND   as in stream_view, on the source step's box.size
 *   SLICE     cut: result[i] = source[before + i * stride], because the source had to be a larger box
 *             (or the view itself is a slice)
 *   CONCAT    source steps in order along `axis`
 *   INSERT    source step 0 written into source step 1 at `before` */
typedef struct {
    stream_view_kind kind;
    int32_t view;       /* the view this step restricts */
    stream_box box;     /* of that view, in its coordinates; size is the step's shape */
    int32_t first_source, n_sources; /* into trace->sources, which holds step indices; -1: none */
    int32_t tensor;     /* TENSOR */
    int64_t before[STREAM_MAX_RANK], after[STREAM_MAX_RANK], stride[STREAM_MAX_RANK];
} stream_trace_step;

typedef struct {
    const stream_trace_step *steps; /* the last one is the box asked for */
    int32_t n_steps;
    const int32_t *sources;
    int32_t n_sources;
} stream_trace;

/* Traces `box` (inside the view's shape). Exact: every element of a TENSOR step's box that is not
 * needed is there only because a box cannot leave it out (a range of a collapsed dimension that
 * is not a multiple of its inner size). Two boxes of equal trace but for tensor boxes' `lo` run the
 * same program. O(steps). In `arena`. */
void stream_trace_box(const stream_workload *w, int32_t view, const stream_box *box,
                      stream_arena *arena, stream_trace *out);

#endif
