/* Shape rules of the view kinds; see stream_view_kind. */

#include "check.h"

#include "stream/support/integer.h"

static const char *kind_name(stream_view_kind kind) {
    switch (kind) {
    case STREAM_VIEW_TENSOR:
        return "tensor";
    case STREAM_VIEW_FILL:
        return "fill";
    case STREAM_VIEW_PAD:
        return "pad";
    case STREAM_VIEW_TRANSPOSE:
        return "transpose";
    case STREAM_VIEW_BROADCAST:
        return "broadcast";
    case STREAM_VIEW_COLLAPSE:
        return "collapse";
    case STREAM_VIEW_EXPAND:
        return "expand";
    case STREAM_VIEW_SLICE:
        return "slice";
    case STREAM_VIEW_INSERT:
        return "insert";
    case STREAM_VIEW_CONCAT:
        return "concat";
    case STREAM_VIEW_RESULT:
        return "result";
    }
    return NULL;
}

static bool same_shape(int32_t rank, const int64_t *a, const int64_t *b) {
    for (int32_t d = 0; d < rank; ++d)
        if (a[d] != b[d])
            return false;
    return true;
}

/* `inner` at `before` is inside `outer`. */
static bool fits_inside(int32_t rank, const int64_t *inner, const int64_t *before,
                        const int64_t *outer) {
    for (int32_t d = 0; d < rank; ++d)
        if (before[d] < 0 || before[d] > outer[d] - inner[d])
            return false;
    return true;
}

static bool slice_ok(const stream_view *v, const stream_view *source) {
    if (v->rank != source->rank)
        return false;
    for (int32_t d = 0; d < v->rank; ++d) {
        int64_t reach;
        if (v->stride[d] < 1 || v->before[d] < 0 ||
            !stream_mul_i64(v->shape[d] - 1, v->stride[d], &reach) ||
            reach >= source->shape[d] - v->before[d])
            return false;
    }
    return true;
}

/* Every source dim is used by exactly one result dim; the others are new (BROADCAST only). */
static bool permuted_ok(const stream_view *v, const stream_view *source) {
    bool used[STREAM_MAX_RANK] = {false};
    int32_t n = 0;
    for (int32_t d = 0; d < v->rank; ++d) {
        int32_t s = v->map[d];
        if (s < 0 && v->kind == STREAM_VIEW_BROADCAST)
            continue;
        if (s < 0 || s >= source->rank || used[s] || v->shape[d] != source->shape[s])
            return false;
        used[s] = true;
        ++n;
    }
    return n == source->rank;
}

/* `map` sends the dims of `fine` to groups of neighbours in order, whose products are the dims of
 * `coarse`. Where `coarse` has rank 0, all dims are units of no group (-1). */
static bool reshape_ok(const stream_view *fine, const stream_view *coarse, const int32_t *map) {
    int64_t product[STREAM_MAX_RANK];
    int32_t group = 0;
    for (int32_t g = 0; g < STREAM_MAX_RANK; ++g)
        product[g] = 1;
    for (int32_t d = 0; d < fine->rank; ++d) {
        if (coarse->rank == 0 && map[d] == -1 && fine->shape[d] == 1)
            continue;
        if (map[d] < group || map[d] >= coarse->rank ||
            !stream_mul_i64(product[map[d]], fine->shape[d], &product[map[d]]))
            return false;
        group = map[d];
    }
    return same_shape(coarse->rank, product, coarse->shape);
}

static bool concat_ok(const stream_workload *w, const stream_view *v) {
    int64_t along = 0;
    if (v->axis < 0 || v->axis >= v->rank)
        return false;
    for (int32_t s = 0; s < v->n_sources; ++s) {
        const stream_view *source = &w->views[v->sources[s]];
        if (source->rank != v->rank)
            return false;
        for (int32_t d = 0; d < v->rank; ++d)
            if (d != v->axis && source->shape[d] != v->shape[d])
                return false;
        along += source->shape[v->axis];
    }
    return along == v->shape[v->axis];
}

/* Some lanes of a tensor that has lanes. */
static bool result_ok(const stream_workload *w, const stream_view *v, const stream_view *source) {
    if (source->kind != STREAM_VIEW_TENSOR)
        return false;
    int32_t lanes = w->tensors[source->tensor].lanes;
    return lanes > 0 && v->rank == source->rank - 1 && v->before[0] >= 0 && v->stride[0] > 0 &&
           v->before[0] <= lanes - v->stride[0] && same_shape(v->rank, v->shape, source->shape);
}

static bool shape_ok(const stream_workload *w, const stream_view *v) {
    const stream_view *source = v->n_sources ? &w->views[v->sources[0]] : NULL;
    switch (v->kind) {
    case STREAM_VIEW_TENSOR:
        return v->rank == w->tensors[v->tensor].rank &&
               same_shape(v->rank, v->shape, w->tensors[v->tensor].shape);
    case STREAM_VIEW_FILL:
        return true;
    case STREAM_VIEW_PAD:
        return v->rank == source->rank && fits_inside(v->rank, source->shape, v->before, v->shape);
    case STREAM_VIEW_TRANSPOSE:
    case STREAM_VIEW_BROADCAST:
        return permuted_ok(v, source);
    case STREAM_VIEW_COLLAPSE:
        return reshape_ok(source, v, v->map);
    case STREAM_VIEW_EXPAND:
        return reshape_ok(v, source, v->map);
    case STREAM_VIEW_SLICE:
        return slice_ok(v, source);
    case STREAM_VIEW_INSERT: {
        const stream_view *target = &w->views[v->sources[1]];
        return v->rank == source->rank && v->rank == target->rank &&
               same_shape(v->rank, v->shape, target->shape) &&
               fits_inside(v->rank, source->shape, v->before, v->shape);
    }
    case STREAM_VIEW_CONCAT:
        return concat_ok(w, v);
    case STREAM_VIEW_RESULT:
        return result_ok(w, v, source);
    }
    return false;
}

static bool source_count_ok(const stream_view *v) {
    switch (v->kind) {
    case STREAM_VIEW_TENSOR:
    case STREAM_VIEW_FILL:
        return v->n_sources == 0;
    case STREAM_VIEW_INSERT:
        return v->n_sources == 2;
    case STREAM_VIEW_CONCAT:
        return v->n_sources >= 1;
    case STREAM_VIEW_PAD:
    case STREAM_VIEW_TRANSPOSE:
    case STREAM_VIEW_BROADCAST:
    case STREAM_VIEW_COLLAPSE:
    case STREAM_VIEW_EXPAND:
    case STREAM_VIEW_SLICE:
    case STREAM_VIEW_RESULT:
        return v->n_sources == 1;
    }
    return false;
}

stream_status stream_view_check(const stream_workload *w, int32_t view, const stream_diag *diag) {
    const stream_view *v = &w->views[view];
    stream_loc nowhere = {0};
    const char *kind = kind_name(v->kind);
    if (!kind)
        return stream_error(diag, STREAM_INVALID, nowhere, "view %d is of unknown kind %d", view,
                            (int)v->kind);
    if (!stream_shape_fits(v->rank, v->shape, 64))
        return stream_error(diag, STREAM_INVALID, nowhere,
                            "view %d (%s): rank 0 to %d, dimensions from 1 to 2^31 - 1 and less "
                            "than 2^57 elements are needed",
                            view, kind, STREAM_MAX_RANK);
    if (!source_count_ok(v))
        return stream_error(diag, STREAM_INVALID, nowhere, "view %d (%s) cannot have %d sources",
                            view, kind, v->n_sources);
    for (int32_t s = 0; s < v->n_sources; ++s)
        if (v->sources[s] < 0 || v->sources[s] >= view)
            return stream_error(diag, STREAM_INVALID, nowhere,
                                "view %d (%s) has source %d; sources must have smaller ids", view,
                                kind, v->sources[s]);
    if (v->kind == STREAM_VIEW_TENSOR && (v->tensor < 0 || v->tensor >= w->n_tensors))
        return stream_error(diag, STREAM_INVALID, nowhere, "view %d shows tensor %d of %d", view,
                            v->tensor, w->n_tensors);
    if (!shape_ok(w, v))
        return stream_error(diag, STREAM_INVALID, nowhere,
                            "view %d (%s): its shape does not follow from its source%s", view, kind,
                            v->n_sources > 1 ? "s" : "");
    return STREAM_OK;
}
