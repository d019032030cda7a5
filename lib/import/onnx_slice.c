/* Slice and Split. Small constants are moved at once. */

#include "onnx_move.h"

#include "stream/support/integer.h"

#include <string.h>

/* Per dim: first element, how many, step (which may be negative). */
typedef struct {
    int64_t start[STREAM_MAX_RANK], size[STREAM_MAX_RANK], step[STREAM_MAX_RANK];
} slice_spec;

typedef struct {
    const int64_t *starts, *ends, *axes, *steps; /* axes, steps may be NULL */
    int32_t n;
} slice_lists;

static stream_status slice_attributes(onnx_ctx *c, slice_lists *l) {
    int32_t n_ends = -1, n_axes = -1;
    STREAM_TRY(stream_onnx_ints(c, "starts", &l->starts, &l->n));
    STREAM_TRY(stream_onnx_ints(c, "ends", &l->ends, &n_ends));
    STREAM_TRY(stream_onnx_ints(c, "axes", &l->axes, &n_axes));
    if (l->n < 0 || n_ends != l->n || (n_axes >= 0 && n_axes != l->n))
        return stream_onnx_error(c, STREAM_INVALID, "'starts', 'ends' and 'axes' differ in length");
    return STREAM_OK;
}

static stream_status slice_inputs(onnx_ctx *c, slice_lists *l) {
    int32_t n_ends = -1, n_axes = -1, n_steps = -1;
    STREAM_TRY(stream_onnx_const_ints(c, 1, "starts", &l->starts, &l->n));
    STREAM_TRY(stream_onnx_const_ints(c, 2, "ends", &l->ends, &n_ends));
    if (stream_onnx_input(c, 3))
        STREAM_TRY(stream_onnx_const_ints(c, 3, "axes", &l->axes, &n_axes));
    if (stream_onnx_input(c, 4))
        STREAM_TRY(stream_onnx_const_ints(c, 4, "steps", &l->steps, &n_steps));
    if (n_ends != l->n || (n_axes >= 0 && n_axes != l->n) || (n_steps >= 0 && n_steps != l->n))
        return stream_onnx_error(c, STREAM_INVALID,
                                 "starts, ends, axes and steps differ in length");
    return STREAM_OK;
}

static int64_t clamp(int64_t v, int64_t low, int64_t high) {
    return v < low ? low : v > high ? high : v;
}

/* numpy's rule: negative bounds count from the end, then both are clamped. */
static void resolve(slice_spec *s, int32_t d, int64_t dim, int64_t start, int64_t end,
                    int64_t step) {
    bool forward = step > 0;
    start = clamp(start < 0 ? start + dim : start, 0, forward ? dim : dim - 1);
    end = clamp(end < 0 ? end + dim : end, forward ? 0 : -1, dim);
    int64_t span = forward ? end - start : start - end;
    s->start[d] = start;
    s->step[d] = step;
    s->size[d] = span <= 0 ? 0 : stream_ceil_div(span, forward ? step : -step);
}

static stream_status read_slice(onnx_ctx *c, const slice_lists *l, slice_spec *s) {
    const onnx_value *x = c->in[0];
    bool seen[STREAM_MAX_RANK] = {false};
    for (int32_t d = 0; d < x->rank; ++d)
        resolve(s, d, x->dims[d], 0, x->dims[d], 1);
    for (int32_t i = 0; i < l->n; ++i) {
        int32_t axis = 0;
        int64_t step = l->steps ? l->steps[i] : 1;
        STREAM_TRY(stream_onnx_axis(c, l->axes ? l->axes[i] : i, x->rank, &axis));
        if (seen[axis])
            return stream_onnx_error(c, STREAM_INVALID, "axis %d appears twice", axis);
        if (step == 0)
            return stream_onnx_error(c, STREAM_INVALID, "axis %d has step 0", axis);
        seen[axis] = true;
        step = clamp(step, -(int64_t)INT32_MAX - 1, INT32_MAX);
        resolve(s, axis, x->dims[axis], l->starts[i], l->ends[i], step);
    }
    return STREAM_OK;
}

/* Backward dims are sliced forward from their last element, then reversed. */
static onnx_value *emit_slice(onnx_ctx *c, onnx_value *x, const slice_spec *s) {
    int64_t start[STREAM_MAX_RANK], step[STREAM_MAX_RANK];
    bool whole = true;
    for (int32_t d = 0; d < x->rank; ++d) {
        bool forward = s->step[d] > 0;
        start[d] = forward ? s->start[d] : s->start[d] + (s->size[d] - 1) * s->step[d];
        step[d] = s->size[d] == 1 ? 1 : forward ? s->step[d] : -s->step[d];
        whole &= s->size[d] == x->dims[d];
    }
    if (!whole)
        x = stream_onnx_slice(c, x, start, s->size, step);
    for (int32_t d = 0; d < x->rank; ++d) {
        if (s->step[d] > 0 || s->size[d] == 1)
            continue;
        int64_t *index = STREAM_NEW(c->arena, int64_t, (size_t)s->size[d]);
        for (int64_t i = 0; i < s->size[d]; ++i)
            index[i] = s->size[d] - 1 - i;
        x = stream_onnx_take(c, x, d, index, s->size[d]);
    }
    return x;
}

static stream_status slice(onnx_ctx *c) {
    onnx_value *x = c->in[0];
    slice_lists lists = {0};
    slice_spec s = {0};
    if (c->opset < 10)
        STREAM_TRY(slice_attributes(c, &lists));
    else
        STREAM_TRY(slice_inputs(c, &lists));
    STREAM_TRY(read_slice(c, &lists, &s));
    int64_t strides[STREAM_MAX_RANK], offset = 0;
    stream_onnx_strides(x, strides);
    for (int32_t d = 0; d < x->rank; ++d) {
        offset += s.start[d] * strides[d];
        strides[d] *= s.step[d];
    }
    if (x->splat || stream_onnx_foldable(x, x->rank, s.size))
        c->out[0] = stream_onnx_strided(c, x, x->rank, s.size, offset, strides);
    else if (stream_onnx_count(x->rank, s.size) <= 0)
        c->out[0] = stream_onnx_nothing(c, x->type, x->rank, s.size);
    else
        c->out[0] = emit_slice(c, x, &s);
    return STREAM_OK;
}

/* Sizes of the parts: given, or equal with a smaller last one (opset 18). */
static stream_status split_sizes(onnx_ctx *c, int64_t dim, const int64_t **out) {
    const int64_t *sizes = NULL;
    int64_t parts = (int64_t)c->node->n_output, given = 0, sum = 0;
    int32_t n = -1;
    if (c->opset < 13)
        STREAM_TRY(stream_onnx_ints(c, "split", &sizes, &n));
    else if (stream_onnx_input(c, 1))
        STREAM_TRY(stream_onnx_const_ints(c, 1, "the sizes", &sizes, &n));
    if (c->opset >= 18)
        STREAM_TRY(stream_onnx_int(c, "num_outputs", parts, &given));
    if (n < 0) {
        if (c->opset < 18 && dim % parts)
            return stream_onnx_error(c, STREAM_INVALID, "%lld is not divisible into %lld parts",
                                     (long long)dim, (long long)parts);
        int64_t *equal = STREAM_NEW(c->arena, int64_t, (size_t)parts),
                size = (dim + parts - 1) / parts;
        for (int64_t i = 0; i < parts; ++i)
            equal[i] = stream_min_i64(size, stream_max_i64(0, dim - i * size));
        sizes = equal;
        n = (int32_t)parts;
    }
    for (int32_t i = 0; i < n; ++i) {
        if (sizes[i] < 0 || sizes[i] > dim)
            return stream_onnx_error(c, STREAM_INVALID, "part %d has %lld of %lld", i,
                                     (long long)sizes[i], (long long)dim);
        sum += sizes[i];
    }
    if (n != parts || sum != dim)
        return stream_onnx_error(c, STREAM_INVALID,
                                 "%d parts with %lld in all, expected %lld "
                                 "parts with %lld",
                                 n, (long long)sum, (long long)parts, (long long)dim);
    *out = sizes;
    return STREAM_OK;
}

static stream_status split(onnx_ctx *c) {
    onnx_value *x = c->in[0];
    int64_t axis_given = 0, start[STREAM_MAX_RANK] = {0}, dims[STREAM_MAX_RANK];
    int64_t one[STREAM_MAX_RANK], strides[STREAM_MAX_RANK];
    int32_t axis = 0;
    const int64_t *sizes = NULL;
    STREAM_TRY(stream_onnx_int(c, "axis", 0, &axis_given));
    STREAM_TRY(stream_onnx_axis(c, axis_given, x->rank, &axis));
    STREAM_TRY(split_sizes(c, x->dims[axis], &sizes));
    memcpy(dims, x->dims, sizeof dims);
    stream_onnx_strides(x, strides);
    for (int32_t d = 0; d < x->rank; ++d)
        one[d] = 1;
    for (size_t o = 0; o < c->node->n_output; start[axis] += sizes[o++]) {
        dims[axis] = sizes[o];
        if (!*c->node->output[o])
            continue;
        if (x->splat || stream_onnx_foldable(x, x->rank, dims))
            c->out[o] =
                stream_onnx_strided(c, x, x->rank, dims, start[axis] * strides[axis], strides);
        else if (sizes[o] == 0)
            c->out[o] = stream_onnx_nothing(c, x->type, x->rank, dims);
        else
            c->out[o] = stream_onnx_slice(c, x, start, dims, one);
    }
    return STREAM_OK;
}

static const onnx_row rows[] = {
    {"Slice", NULL, 1, 1, 1, ONNX_ANY, slice},
    {"Slice", NULL, 10, 3, 5, ONNX_ANY, slice},
    {"Split", NULL, 2, 1, 1, ONNX_ANY, split},
    {"Split", NULL, 13, 1, 2, ONNX_ANY, split},
};

ONNX_FAMILY(stream_onnx_slicing, rows);
