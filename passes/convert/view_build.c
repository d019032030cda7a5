/* Views by kind; identities make nothing. Shapes are the caller's promise: MLIR has verified the
 * op. */

#include "builder.h"

#include <string.h>

stream_view *view_new(loader *l, stream_view_kind kind, int32_t rank, const int64_t *shape,
                      int32_t n_sources, const int32_t *sources, stream_view_origin origin) {
    int32_t *copy = STREAM_NEW(l->arena, int32_t, (size_t)n_sources);
    int32_t newest = -1;
    bool constant = true;
    for (int32_t i = 0; i < n_sources; ++i) {
        copy[i] = sources[i];
        int32_t layer = STREAM_AT(int32_t, l->newest, sources[i]);
        newest = layer > newest ? layer : newest;
        constant &= STREAM_AT(bool, l->constants, sources[i]);
    }
    stream_view_origin *kept = STREAM_NEW(l->arena, stream_view_origin, 1);
    *kept = origin;
    *(int32_t *)stream_vec_push(&l->newest) = newest;
    *(bool *)stream_vec_push(&l->constants) = constant;
    stream_view *view = stream_vec_push(&l->views);
    *view = (stream_view){.kind = kind,
                          .rank = rank,
                          .tensor = -1,
                          .sources = copy,
                          .n_sources = n_sources,
                          .axis = -1,
                          .op = kept};
    if (rank)
        memcpy(view->shape, shape, (size_t)rank * sizeof *shape);
    return view;
}

/* A view of one source that keeps its element type. */
static stream_view *derived(loader *l, stream_view_kind kind, int32_t rank, const int64_t *shape,
                            int32_t source) {
    stream_view_origin origin = {.element = origin_of(l, source)->element};
    return view_new(l, kind, rank, shape, 1, &source, origin);
}

int32_t tensor_new(loader *l, const stream_tensor *tensor, MlirValue value, MlirType element) {
    *(stream_tensor *)stream_vec_push(&l->tensors) = *tensor;
    *(MlirValue *)stream_vec_push(&l->tensor_values) = value;
    stream_view_origin origin = {.element = element};
    stream_view *view =
        view_new(l, STREAM_VIEW_TENSOR, tensor->rank, tensor->shape, 0, NULL, origin);
    view->tensor = (int32_t)l->tensors.n - 1;
    STREAM_AT(int32_t, l->newest, last_view(l)) = tensor->layer;
    STREAM_AT(bool, l->constants, last_view(l)) = tensor->kind == STREAM_TENSOR_CONSTANT;
    return last_view(l);
}

int32_t view_fill(loader *l, int32_t rank, const int64_t *shape, stream_view_origin origin) {
    (void)view_new(l, STREAM_VIEW_FILL, rank, shape, 0, NULL, origin);
    return last_view(l);
}

int32_t view_transpose(loader *l, int32_t source, const int32_t *permutation) {
    int32_t rank = view_at(l, source)->rank;
    int64_t shape[STREAM_MAX_RANK];
    bool identity = true;
    for (int32_t d = 0; d < rank; ++d) {
        identity &= permutation[d] == d;
        shape[d] = view_at(l, source)->shape[permutation[d]];
    }
    if (identity)
        return source;
    stream_view *view = derived(l, STREAM_VIEW_TRANSPOSE, rank, shape, source);
    memcpy(view->map, permutation, (size_t)rank * sizeof *permutation);
    return last_view(l);
}

int32_t view_broadcast(loader *l, int32_t source, int32_t rank, const int64_t *shape,
                       const int32_t *map) {
    if (view_at(l, source)->rank == rank)
        return source;
    stream_view *view = derived(l, STREAM_VIEW_BROADCAST, rank, shape, source);
    memcpy(view->map, map, (size_t)rank * sizeof *map);
    return last_view(l);
}

int32_t view_collapse(loader *l, int32_t source, int32_t rank, const int32_t *map) {
    int32_t source_rank = view_at(l, source)->rank;
    if (source_rank == rank)
        return source;
    int64_t shape[STREAM_MAX_RANK];
    for (int32_t d = 0; d < rank; ++d)
        shape[d] = 1;
    for (int32_t s = 0; s < source_rank; ++s)
        if (map[s] >= 0)
            shape[map[s]] *= view_at(l, source)->shape[s];
    stream_view *view = derived(l, STREAM_VIEW_COLLAPSE, rank, shape, source);
    memcpy(view->map, map, (size_t)source_rank * sizeof *map);
    return last_view(l);
}

int32_t view_expand(loader *l, int32_t source, int32_t rank, const int64_t *shape,
                    const int32_t *map) {
    if (view_at(l, source)->rank == rank)
        return source;
    stream_view *view = derived(l, STREAM_VIEW_EXPAND, rank, shape, source);
    memcpy(view->map, map, (size_t)rank * sizeof *map);
    return last_view(l);
}

int32_t view_slice(loader *l, int32_t source, const int64_t *shape, const int64_t *before,
                   const int64_t *stride) {
    int32_t rank = view_at(l, source)->rank;
    if (memcmp(shape, view_at(l, source)->shape, (size_t)rank * sizeof *shape) == 0)
        return source;
    stream_view *view = derived(l, STREAM_VIEW_SLICE, rank, shape, source);
    for (int32_t d = 0; d < rank; ++d) {
        view->before[d] = before[d];
        view->stride[d] = stride ? stride[d] : 1;
    }
    return last_view(l);
}

int32_t view_pad(loader *l, int32_t source, const int64_t *low, const int64_t *high,
                 stream_view_origin origin) {
    int32_t rank = view_at(l, source)->rank;
    int64_t shape[STREAM_MAX_RANK];
    bool identity = true;
    for (int32_t d = 0; d < rank; ++d) {
        identity &= low[d] == 0 && high[d] == 0;
        shape[d] = low[d] + view_at(l, source)->shape[d] + high[d];
    }
    if (identity)
        return source;
    stream_view *view = view_new(l, STREAM_VIEW_PAD, rank, shape, 1, &source, origin);
    memcpy(view->before, low, (size_t)rank * sizeof *low);
    return last_view(l);
}

int32_t view_insert(loader *l, int32_t source, int32_t into, const int64_t *before) {
    const stream_view *a = view_at(l, source), *b = view_at(l, into);
    if (memcmp(a->shape, b->shape, sizeof a->shape) == 0)
        return source;
    int32_t sources[2] = {source, into};
    int64_t shape[STREAM_MAX_RANK];
    memcpy(shape, b->shape, sizeof shape);
    stream_view *view = view_new(l, STREAM_VIEW_INSERT, b->rank, shape, 2, sources,
                                 (stream_view_origin){.element = origin_of(l, into)->element});
    memcpy(view->before, before, (size_t)view->rank * sizeof *before);
    return last_view(l);
}

int32_t view_concat(loader *l, int32_t n, const int32_t *sources, int32_t axis) {
    if (n == 1)
        return sources[0];
    const stream_view *first = view_at(l, sources[0]);
    int32_t rank = first->rank;
    int64_t shape[STREAM_MAX_RANK];
    memcpy(shape, first->shape, sizeof shape);
    for (int32_t i = 1; i < n; ++i)
        shape[axis] += view_at(l, sources[i])->shape[axis];
    stream_view *view =
        view_new(l, STREAM_VIEW_CONCAT, rank, shape, n, sources,
                 (stream_view_origin){.element = origin_of(l, sources[0])->element});
    view->axis = axis;
    return last_view(l);
}

int32_t view_result(loader *l, int32_t source, int32_t lane, int32_t lanes, MlirType element) {
    int64_t shape[STREAM_MAX_RANK];
    int32_t rank = view_at(l, source)->rank - 1;
    memcpy(shape, view_at(l, source)->shape, sizeof shape);
    stream_view *view = view_new(l, STREAM_VIEW_RESULT, rank, shape, 1, &source,
                                 (stream_view_origin){.element = element});
    view->before[0] = lane;
    view->stride[0] = lanes;
    return last_view(l);
}
