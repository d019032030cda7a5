/* Tracing a box of a view to boxes of tensors; see stream/workload/trace.h.
 *
 * Two passes without recursion, so that the depth of the view DAG costs no stack. Restricting: a
 * queue of nodes, one per distinct (view, box), each of which asks for the boxes of its sources.
 * Emitting: nodes by ascending view id, which is program order as sources have smaller ids. */

#include "stream/workload/trace.h"

#include "trace_nodes.h"

#include <stdlib.h>
#include <string.h>

static int by_view(const void *a, const void *b) {
    const stream_trace_node *x = a, *y = b;
    if (x->step.view != y->step.view)
        return x->step.view < y->step.view ? -1 : 1;
    return x->id < y->id ? -1 : x->id > y->id;
}

static void emit_cut(stream_tracer *t, const stream_trace_node *n) {
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

static void emit(stream_tracer *t, stream_trace_node *n) {
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
    *t = (stream_tracer){STREAM_VEC(stream_trace_node), STREAM_VEC(int32_t),
                         STREAM_VEC(stream_trace_step), STREAM_VEC(int32_t), STREAM_VEC(int32_t)};
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
    stream_trace_node n = {.box = *box};
    stream_box data;
    if (!stream_trace_clip(w, v, &n, &data)) {
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
    (void)stream_trace_ask(t, view, box);
    for (size_t i = 0; i < t->nodes.n; ++i)
        stream_trace_restrict(t, w, i);
    stream_trace_node *nodes = t->nodes.data;
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
