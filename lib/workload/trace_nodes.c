/* Restricting views to boxes; see trace_nodes.h. */

#include "trace_nodes.h"

#include "reshape.h"

#include <string.h>

int32_t stream_trace_ask(stream_tracer *t, int32_t view, const stream_box *box) {
    const stream_trace_node *nodes = t->nodes.data;
    for (size_t i = 0; i < t->nodes.n; ++i)
        if (nodes[i].step.view == view && stream_box_equal(&nodes[i].box, box))
            return (int32_t)i;
    stream_trace_node *n = stream_vec_push(&t->nodes);
    n->step.view = view;
    n->step.box = n->box = *box;
    n->step.tensor = n->step.first_source = n->alias = -1;
    n->id = (int32_t)t->nodes.n - 1;
    return n->id;
}

static void add_source(stream_tracer *t, stream_trace_node *n, int32_t view,
                       const stream_box *box) {
    int32_t source = stream_trace_ask(t, view, box);
    if (n->step.n_sources++ == 0)
        n->step.first_source = (int32_t)t->asked.n;
    *(int32_t *)stream_vec_push(&t->asked) = source;
}

bool stream_trace_clip(const stream_workload *w, const stream_view *v, stream_trace_node *n,
                       stream_box *out) {
    const stream_view *source = &w->views[v->sources[0]];
    *out = n->box;
    for (int32_t d = 0; d < v->rank; ++d) {
        int64_t lo = v->before[d], hi = lo + source->shape[d];
        int64_t from = n->box.lo[d], to = from + n->box.size[d];
        int64_t first = from > lo ? from : lo, last = to < hi ? to : hi;
        if (first >= last)
            return false;
        n->step.before[d] = (int32_t)(first - from);
        n->step.after[d] = (int32_t)(to - last);
        out->lo[d] = (int32_t)(first - lo);
        out->size[d] = (int32_t)(last - first);
    }
    return true;
}

static void restrict_pad(stream_tracer *t, const stream_workload *w, const stream_view *v,
                         stream_trace_node *n) {
    stream_box data;
    if (!stream_trace_clip(w, v, n, &data)) {
        memset(n->step.before, 0, sizeof n->step.before);
        memset(n->step.after, 0, sizeof n->step.after);
        return;
    }
    add_source(t, n, v->sources[0], &data);
    if (memcmp(data.size, n->box.size, sizeof data.size) == 0)
        n->alias = STREAM_AT(int32_t, t->asked, n->step.first_source);
}

static void restrict_permuted(stream_tracer *t, const stream_workload *w, const stream_view *v,
                              stream_trace_node *n) {
    stream_box box = {.rank = w->views[v->sources[0]].rank};
    for (int32_t d = 0; d < v->rank; ++d)
        if (v->map[d] >= 0) {
            box.lo[v->map[d]] = n->box.lo[d];
            box.size[v->map[d]] = n->box.size[d];
        }
    add_source(t, n, v->sources[0], &box);
}

static void restrict_slice(stream_tracer *t, const stream_view *v, stream_trace_node *n) {
    stream_box box = n->box;
    for (int32_t d = 0; d < v->rank; ++d) {
        box.lo[d] = (int32_t)(v->before[d] + n->box.lo[d] * v->stride[d]);
        box.size[d] = (int32_t)((n->box.size[d] - 1) * v->stride[d] + 1);
        n->step.stride[d] = n->box.size[d] == 1 ? 1 : (int32_t)v->stride[d];
    }
    add_source(t, n, v->sources[0], &box);
    if (memcmp(box.size, n->box.size, sizeof box.size) == 0)
        n->alias = STREAM_AT(int32_t, t->asked, n->step.first_source);
}

static void restrict_insert(stream_tracer *t, const stream_workload *w, const stream_view *v,
                            stream_trace_node *n) {
    const stream_view *source = &w->views[v->sources[0]];
    stream_box inserted = stream_box_whole(source->rank, source->shape), common;
    for (int32_t d = 0; d < v->rank; ++d)
        inserted.lo[d] = (int32_t)v->before[d];
    if (!stream_box_intersect(&inserted, &n->box, &common)) {
        n->alias = stream_trace_ask(t, v->sources[1], &n->box);
        return;
    }
    for (int32_t d = 0; d < v->rank; ++d) {
        n->step.before[d] = common.lo[d] - n->box.lo[d];
        common.lo[d] -= (int32_t)v->before[d];
    }
    if (stream_box_contains(&inserted, &n->box)) {
        n->alias = stream_trace_ask(t, v->sources[0], &common);
        return;
    }
    add_source(t, n, v->sources[0], &common);
    add_source(t, n, v->sources[1], &n->box);
}

static void restrict_concat(stream_tracer *t, const stream_workload *w, const stream_view *v,
                            stream_trace_node *n) {
    int32_t axis = v->axis, at = 0;
    int32_t lo = n->box.lo[axis], hi = lo + n->box.size[axis];
    for (int32_t i = 0; i < v->n_sources && at < hi; ++i) {
        int32_t end = at + (int32_t)w->views[v->sources[i]].shape[axis];
        if (end > lo) {
            stream_box box = n->box;
            int32_t from = at > lo ? at : lo, to = end < hi ? end : hi;
            box.lo[axis] = from - at;
            box.size[axis] = to - from;
            add_source(t, n, v->sources[i], &box);
        }
        at = end;
    }
    if (n->step.n_sources == 1)
        n->alias = STREAM_AT(int32_t, t->asked, n->step.first_source);
}

/* The lanes of a result are all that its steps need: it is the box of its source. */
static void restrict_result(stream_tracer *t, const stream_view *v, stream_trace_node *n) {
    stream_box box = n->box;
    box.lo[box.rank] = (int32_t)v->before[0];
    box.size[box.rank++] = (int32_t)v->stride[0];
    add_source(t, n, v->sources[0], &box);
}

static void restrict_reshaped(stream_tracer *t, const stream_workload *w, const stream_view *v,
                              stream_trace_node *n) {
    const stream_view *source = &w->views[v->sources[0]];
    stream_box box = v->kind == STREAM_VIEW_COLLAPSE
                         ? stream_collapse_source(source, v, &n->box, &n->step.box)
                         : stream_expand_source(source, v, &n->box, &n->step.box);
    add_source(t, n, v->sources[0], &box);
}

void stream_trace_restrict(stream_tracer *t, const stream_workload *w, size_t i) {
    stream_trace_node n = STREAM_AT(stream_trace_node, t->nodes, i);
    const stream_view *v = &w->views[n.step.view];
    n.step.kind = v->kind;
    switch (v->kind) {
    case STREAM_VIEW_TENSOR:
        n.step.tensor = v->tensor;
        break;
    case STREAM_VIEW_FILL:
        break;
    case STREAM_VIEW_PAD:
        restrict_pad(t, w, v, &n);
        break;
    case STREAM_VIEW_TRANSPOSE:
    case STREAM_VIEW_BROADCAST:
        restrict_permuted(t, w, v, &n);
        break;
    case STREAM_VIEW_COLLAPSE:
    case STREAM_VIEW_EXPAND:
        restrict_reshaped(t, w, v, &n);
        break;
    case STREAM_VIEW_SLICE:
        restrict_slice(t, v, &n);
        break;
    case STREAM_VIEW_INSERT:
        restrict_insert(t, w, v, &n);
        break;
    case STREAM_VIEW_CONCAT:
        restrict_concat(t, w, v, &n);
        break;
    case STREAM_VIEW_RESULT:
        restrict_result(t, v, &n);
        break;
    }
    STREAM_AT(stream_trace_node, t->nodes, i) = n;
}
