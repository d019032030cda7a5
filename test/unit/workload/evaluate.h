/* Views evaluated element by element: every element of every tensor is a number of its own. */
#ifndef STREAM_TEST_WORKLOAD_EVALUATE_H
#define STREAM_TEST_WORKLOAD_EVALUATE_H

#include "stream/workload/workload.h"

#include <string.h>

#define MAX_ELEMENTS 4096

typedef struct {
    int32_t rank;
    int64_t shape[STREAM_MAX_RANK];
    int32_t *at; /* row-major */
} array;

static inline int64_t volume(int32_t rank, const int64_t *shape) {
    int64_t n = 1;
    for (int32_t d = 0; d < rank; ++d)
        n *= shape[d];
    return n;
}

static inline array new_array(stream_arena *arena, int32_t rank, const int64_t *shape) {
    array a = {.rank = rank};
    memcpy(a.shape, shape, (size_t)rank * sizeof *shape);
    a.at = STREAM_NEW(arena, int32_t, (size_t)volume(rank, shape));
    return a;
}

static inline int64_t linear(const array *a, const int64_t *p) {
    int64_t at = 0;
    for (int32_t d = 0; d < a->rank; ++d)
        at = at * a->shape[d] + p[d];
    return at;
}

static inline void point(const array *a, int64_t i, int64_t *p) {
    for (int32_t d = a->rank - 1; d >= 0; --d) {
        p[d] = i % a->shape[d];
        i /= a->shape[d];
    }
}

/* Positive; the scalars of views are negative. */
static inline int32_t tensor_value(int32_t tensor, int64_t i) {
    return tensor * MAX_ELEMENTS + (int32_t)i + 1;
}

static inline bool inside(const array *a, const int64_t *p) {
    for (int32_t d = 0; d < a->rank; ++d)
        if (p[d] < 0 || p[d] >= a->shape[d])
            return false;
    return true;
}

/* The common meaning of a view and of a step: `before`, `stride` from either, sources evaluated. */
static inline array compute(stream_arena *arena, const stream_view *v, int32_t view,
                            stream_view_kind kind, const int64_t *shape, const int64_t *before,
                            const int64_t *stride, int32_t n_sources, const array *sources) {
    array out = new_array(arena, v->rank, shape);
    for (int64_t i = 0; i < volume(out.rank, out.shape); ++i) {
        int64_t p[STREAM_MAX_RANK] = {0}, q[STREAM_MAX_RANK] = {0};
        point(&out, i, p);
        out.at[i] = -1 - view; /* the scalar of this view */
        if (n_sources == 0)
            continue;
        const array *s = &sources[0];
        switch (kind) {
        case STREAM_VIEW_COLLAPSE:
        case STREAM_VIEW_EXPAND:
            out.at[i] = s->at[i];
            continue;
        case STREAM_VIEW_TRANSPOSE:
        case STREAM_VIEW_BROADCAST:
            for (int32_t d = 0; d < v->rank; ++d)
                if (v->map[d] >= 0)
                    q[v->map[d]] = p[d];
            break;
        case STREAM_VIEW_SLICE:
            for (int32_t d = 0; d < v->rank; ++d)
                q[d] = before[d] + p[d] * stride[d];
            break;
        case STREAM_VIEW_CONCAT:
            memcpy(q, p, sizeof q);
            while (q[v->axis] >= s->shape[v->axis])
                q[v->axis] -= s++->shape[v->axis];
            break;
        default: /* PAD, INSERT */
            for (int32_t d = 0; d < v->rank; ++d)
                q[d] = p[d] - before[d];
        }
        if (inside(s, q))
            out.at[i] = s->at[linear(s, q)];
        else if (kind == STREAM_VIEW_INSERT)
            out.at[i] = sources[1].at[i];
        else if (kind != STREAM_VIEW_PAD)
            out.at[i] = INT32_MIN;
    }
    return out;
}

static inline array *evaluate_views(const stream_workload *w, stream_arena *arena) {
    array *arrays = STREAM_NEW(arena, array, (size_t)w->n_views);
    for (int32_t i = 0; i < w->n_views; ++i) {
        const stream_view *v = &w->views[i];
        array sources[16];
        for (int32_t s = 0; s < v->n_sources; ++s)
            sources[s] = arrays[v->sources[s]];
        arrays[i] =
            compute(arena, v, i, v->kind, v->shape, v->before, v->stride, v->n_sources, sources);
        if (v->kind == STREAM_VIEW_TENSOR)
            for (int64_t k = 0; k < volume(v->rank, v->shape); ++k)
                arrays[i].at[k] = tensor_value(v->tensor, k);
    }
    return arrays;
}

#endif
