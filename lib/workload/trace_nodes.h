#ifndef STREAM_LIB_WORKLOAD_TRACE_NODES_H
#define STREAM_LIB_WORKLOAD_TRACE_NODES_H

#include "stream/workload/trace.h"

/* The queue of a trace: one node per distinct (view, box), in tracer->nodes. */
typedef struct {
    stream_trace_step step; /* what it makes; sources are node ids in tracer->asked */
    stream_box box;         /* what was asked: inside step.box, cut out of it where smaller */
    int32_t alias;          /* >= 0: this node is that node, there is nothing to do */
    int32_t id;
} stream_trace_node;

/* The node of `box` of `view`: an old one or a new one at the end of the queue. */
int32_t stream_trace_ask(stream_tracer *t, int32_t view, const stream_box *box);

/* Fills in the step of queue entry `i` and asks for its sources. */
void stream_trace_restrict(stream_tracer *t, const stream_workload *w, size_t i);

/* The part of a pad's box that lies on its source, in the source's coordinates, and the padding
 * around it; false: there is none. */
bool stream_trace_clip(const stream_workload *w, const stream_view *v, stream_trace_node *n,
                       stream_box *out);

#endif
