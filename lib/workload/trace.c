/* Tracing a box of a view to boxes of tensors; see stream/workload/trace.h.
 *
 * Two passes without recursion, so that the depth of the view DAG costs no stack. Restricting: a
 * queue of nodes, one per distinct (view, box), each of which asks for the boxes of its sources.
 * Emitting: nodes by ascending view id, which is program order as sources have smaller ids. */

#include "stream/workload/trace.h"

#include "reshape.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
    stream_trace_step step; /* what it makes; sources are node ids in tracer->asked */
    stream_box box;         /* what was asked: inside step.box, cut out of it where smaller */
    int32_t alias;          /* >= 0: this node is that node, there is nothing to do */
    int32_t id;
} node;

/* The node of `box` of `view`: an old one or a new one at the end of the queue. */
static int32_t ask(stream_tracer *t, int32_t view, const stream_box *box) {
    const node *nodes = t->nodes.data;
    for (size_t i = 0; i < t->nodes.n; ++i)
        if (nodes[i].step.view == view && stream_box_equal(&nodes[i].box, box))
            return (int32_t)i;
    node *n = stream_vec_push(&t->nodes);
    n->step.view = view;
    n->step.box = n->box = *box;
    n->step.tensor = n->step.first_source = n->alias = -1;
    n->id = (int32_t)t->nodes.n - 1;
    return n->id;
}

static void add_source(stream_tracer *t, node *n, int32_t view, const stream_box *box) {
    int32_t source = ask(t, view, box);
    if (n->step.n_sources++ == 0)
        n->step.first_source = (int32_t)t->asked.n;
    *(int32_t *)stream_vec_push(&t->asked) = source;
}

/* The part of a pad's box that lies on its source, in the source's coordinates, and the padding
 * around it; false: there is none. */
static bool clip_to_data(const stream_workload *w, const stream_view *v, node *n, stream_box *out) {
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
                         node *n) {
    stream_box data;
    if (!clip_to_data(w, v, n, &data)) {
        memset(n->step.before, 0, sizeof n->step.before);
        memset(n->step.after, 0, sizeof n->step.after);
        return;
    }
    add_source(t, n, v->sources[0], &data);
    if (memcmp(data.size, n->box.size, sizeof data.size) == 0)
        n->alias = STREAM_AT(int32_t, t->asked, n->step.first_source);
}

static void restrict_permuted(stream_tracer *t, const stream_workload *w, const stream_view *v,
                              node *n) {
    stream_box box = {.rank = w->views[v->sources[0]].rank};
    for (int32_t d = 0; d < v->rank; ++d)
        if (v->map[d] >= 0) {
            box.lo[v->map[d]] = n->box.lo[d];
            box.size[v->map[d]] = n->box.size[d];
        }
    add_source(t, n, v->sources[0], &box);
}

static void restrict_slice(stream_tracer *t, const stream_view *v, node *n) {
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
                            node *n) {
    const stream_view *source = &w->views[v->sources[0]];
    stream_box inserted = stream_box_whole(source->rank, source->shape), common;
    for (int32_t d = 0; d < v->rank; ++d)
        inserted.lo[d] = (int32_t)v->before[d];
    if (!stream_box_intersect(&inserted, &n->box, &common)) {
        n->alias = ask(t, v->sources[1], &n->box);
        return;
    }
    for (int32_t d = 0; d < v->rank; ++d) {
        n->step.before[d] = common.lo[d] - n->box.lo[d];
        common.lo[d] -= (int32_t)v->before[d];
    }
    if (stream_box_contains(&inserted, &n->box)) {
        n->alias = ask(t, v->sources[0], &common);
        return;
    }
    add_source(t, n, v->sources[0], &common);
    add_source(t, n, v->sources[1], &n->box);
}

static void restrict_concat(stream_tracer *t, const stream_workload *w, const stream_view *v,
                            node *n) {
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
static void restrict_result(stream_tracer *t, const stream_view *v, node *n) {
    stream_box box = n->box;
    box.lo[box.rank] = (int32_t)v->before[0];
    box.size[box.rank++] = (int32_t)v->stride[0];
    add_source(t, n, v->sources[0], &box);
}

static void restrict_reshaped(stream_tracer *t, const stream_workload *w, const stream_view *v,
                              node *n) {
    const stream_view *source = &w->views[v->sources[0]];
    stream_box box = v->kind == STREAM_VIEW_COLLAPSE
                         ? stream_collapse_source(source, v, &n->box, &n->step.box)
                         : stream_expand_source(source, v, &n->box, &n->step.box);
    add_source(t, n, v->sources[0], &box);
}

/* Fills in the step of queue entry `i` and asks for its sources. */
static void restrict_node(stream_tracer *t, const stream_workload *w, size_t i) {
    node n = STREAM_AT(node, t->nodes, i);
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
    STREAM_AT(node, t->nodes, i) = n;
}

static int by_view(const void *a, const void *b) {
    const node *x = a, *y = b;
    if (x->step.view != y->step.view)
        return x->step.view < y->step.view ? -1 : 1;
    return x->id < y->id ? -1 : x->id > y->id;
}

static void emit_cut(stream_tracer *t, const node *n) {
    stream_trace_step *cut = stream_vec_push(&t->steps);
    cut->kind = STREAM_VIEW_SLICE;
    cut->view = n->step.view;
    cut->box = n->box;
    cut->tensor = -1;
    cut->first_source = (int32_t)t->sources.n;
    cut->n_sources = 1;
    for (int32_t d = 0; d < n->box.rank; ++d) {
        cut->before[d] = n->box.lo[d] - n->step.box.lo[d];
        cut->stride[d] = 1;
    }
    *(int32_t *)stream_vec_push(&t->sources) = (int32_t)t->steps.n - 2;
}

static void emit(stream_tracer *t, node *n) {
    int32_t *result = t->results.data;
    if (n->alias >= 0) {
        result[n->id] = result[n->alias];
        return;
    }
    stream_trace_step *step = stream_vec_push(&t->steps);
    *step = n->step;
    if (step->n_sources)
        step->first_source = (int32_t)t->sources.n;
    for (int32_t s = 0; s < step->n_sources; ++s)
        *(int32_t *)stream_vec_push(&t->sources) =
            result[STREAM_AT(int32_t, t->asked, n->step.first_source + s)];
    if (!stream_box_equal(&n->box, &n->step.box))
        emit_cut(t, n);
    result[n->id] = (int32_t)t->steps.n - 1;
}

void stream_tracer_init(stream_tracer *t) {
    *t = (stream_tracer){STREAM_VEC(node), STREAM_VEC(int32_t), STREAM_VEC(stream_trace_step),
                         STREAM_VEC(int32_t), STREAM_VEC(int32_t)};
}

void stream_tracer_free(stream_tracer *t) {
    stream_vec_free(&t->nodes);
    stream_vec_free(&t->asked);
    stream_vec_free(&t->steps);
    stream_vec_free(&t->sources);
    stream_vec_free(&t->results);
}

/* ---- the common cases without a queue: a tensor, or a pad of one */

static stream_trace_step *push_step(stream_tracer *t, stream_view_kind kind, int32_t view,
                                    const stream_box *box) {
    stream_trace_step *step = stream_vec_push(&t->steps);
    step->kind = kind;
    step->view = view;
    step->box = *box;
    step->tensor = step->first_source = -1;
    return step;
}

static void trace_padded(stream_tracer *t, const stream_workload *w, int32_t view,
                         const stream_box *box) {
    const stream_view *v = &w->views[view];
    node n = {.box = *box};
    stream_box data;
    if (!clip_to_data(w, v, &n, &data)) {
        push_step(t, STREAM_VIEW_PAD, view, box);
        return;
    }
    push_step(t, STREAM_VIEW_TENSOR, v->sources[0], &data)->tensor = w->views[v->sources[0]].tensor;
    if (memcmp(data.size, box->size, sizeof data.size) == 0)
        return;
    stream_trace_step *pad = push_step(t, STREAM_VIEW_PAD, view, box);
    memcpy(pad->before, n.step.before, sizeof pad->before);
    memcpy(pad->after, n.step.after, sizeof pad->after);
    pad->first_source = 0;
    pad->n_sources = 1;
    *(int32_t *)stream_vec_push(&t->sources) = 0;
}

static bool trace_simply(stream_tracer *t, const stream_workload *w, int32_t view,
                         const stream_box *box) {
    const stream_view *v = &w->views[view];
    if (v->kind == STREAM_VIEW_TENSOR)
        push_step(t, STREAM_VIEW_TENSOR, view, box)->tensor = v->tensor;
    else if (v->kind == STREAM_VIEW_PAD && w->views[v->sources[0]].kind == STREAM_VIEW_TENSOR)
        trace_padded(t, w, view, box);
    else
        return false;
    return true;
}

static void trace_generally(stream_tracer *t, const stream_workload *w, int32_t view,
                            const stream_box *box) {
    t->nodes.n = t->asked.n = t->results.n = 0;
    (void)ask(t, view, box);
    for (size_t i = 0; i < t->nodes.n; ++i)
        restrict_node(t, w, i);
    node *nodes = t->nodes.data;
    if (t->nodes.n > 1)
        qsort(nodes, t->nodes.n, sizeof *nodes, by_view);
    (void)stream_vec_push_n(&t->results, t->nodes.n);
    for (size_t i = 0; i < t->nodes.n; ++i)
        emit(t, &nodes[i]);
}

void stream_tracer_box(stream_tracer *t, const stream_workload *w, int32_t view,
                       const stream_box *box, stream_trace *out) {
    t->steps.n = t->sources.n = 0;
    if (!trace_simply(t, w, view, box))
        trace_generally(t, w, view, box);
    *out =
        (stream_trace){t->steps.data, (int32_t)t->steps.n, t->sources.data, (int32_t)t->sources.n};
}

void stream_trace_copy(const stream_trace *trace, stream_arena *arena, stream_trace *out) {
    stream_trace_step *steps = STREAM_NEW(arena, stream_trace_step, (size_t)trace->n_steps);
    int32_t *sources = STREAM_NEW(arena, int32_t, (size_t)trace->n_sources);
    memcpy(steps, trace->steps, (size_t)trace->n_steps * sizeof *steps);
    if (trace->n_sources)
        memcpy(sources, trace->sources, (size_t)trace->n_sources * sizeof *sources);
    *out = (stream_trace){steps, trace->n_steps, sources, trace->n_sources};
}

void stream_trace_box(const stream_workload *w, int32_t view, const stream_box *box,
                      stream_arena *arena, stream_trace *out) {
    stream_tracer t;
    stream_trace borrowed;
    stream_tracer_init(&t);
    stream_tracer_box(&t, w, view, box, &borrowed);
    stream_trace_copy(&borrowed, arena, out);
    stream_tracer_free(&t);
}
