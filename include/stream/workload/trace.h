#ifndef STREAM_WORKLOAD_TRACE_H
#define STREAM_WORKLOAD_TRACE_H

#include "stream/support/vec.h"
#include "stream/workload/workload.h"

#ifdef __cplusplus
extern "C" {
#endif

/* How a box of a view is made from boxes of tensors: the view DAG, restricted to the box.
 *
 * A step is one node of that restriction, in the order in which a program would compute it (sources
 * before users). Steps of kind TENSOR are the data that must be read; the others move it:
 *
 *   TENSOR    the part [box] of the tensor
 *   FILL      a scalar of shape box.size
 *   PAD       source step, plus before[d] / after[d] scalars (no source: nothing but padding, all
 * of box.size, with before and after 0) TRANSPOSE, BROADCAST, COLLAPSE, EXPAND   as in stream_view,
 * on the source step's box.size SLICE     cut: result[i] = source[before + i * stride], because the
 * source had to be a larger box (or the view itself is a slice) CONCAT    source steps in order
 * along `axis` INSERT    source step 0 written into source step 1 at `before`
 *
 * Where a view does nothing to the box (a pad, slice, insert or concat of which only one source is
 * left), there is no step: its user's source is the step of that source, in that view's
 * coordinates. A (view, box) that is needed twice is one step. */
typedef struct {
    stream_view_kind kind;
    int32_t view;   /* the view this step restricts */
    stream_box box; /* of that view, in its coordinates; size is the step's shape */
    int32_t first_source, n_sources; /* into trace->sources (step indices); none: -1, 0 */
    int32_t tensor;                  /* TENSOR; else -1 */
    int32_t before[STREAM_MAX_RANK], after[STREAM_MAX_RANK], stride[STREAM_MAX_RANK];
} stream_trace_step;

typedef struct {
    const stream_trace_step *steps; /* the last one has the box asked for */
    int32_t n_steps;
    const int32_t *sources;
    int32_t n_sources;
} stream_trace;

/* Traces `box` (inside the view's shape). Exact: every element of a TENSOR step's box that is not
 * needed is there only because a box cannot leave it out (a range of a collapsed dimension that
 * is not a multiple of its inner size, the elements skipped by a stride, what an insert
 * overwrites). A RESULT step has nothing to do: its source is that result. Two boxes of equal trace
 * but for steps' box.lo run the same program. No recursion. O(steps^2) in comparisons of view ids,
 * O(steps) in all else. In `arena`. */
void stream_trace_box(const stream_workload *w, int32_t view, const stream_box *box,
                      stream_arena *arena, stream_trace *out);

/* The same for loops over many boxes: memory is reused from box to box. */
typedef struct {
    stream_vec nodes, asked, steps, sources, results;
} stream_tracer;

void stream_tracer_init(stream_tracer *tracer);
void stream_tracer_free(stream_tracer *tracer);
/* `*out` is borrowed from the tracer until its next call. */
void stream_tracer_box(stream_tracer *tracer, const stream_workload *w, int32_t view,
                       const stream_box *box, stream_trace *out);
void stream_trace_copy(const stream_trace *trace, stream_arena *arena, stream_trace *out);

#ifdef __cplusplus
}
#endif

#endif
