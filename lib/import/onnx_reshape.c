/* Operators that only change the shape: views of constants, collapse and expand otherwise. */

#include "onnx_import.h"

#include "stream/support/integer.h"

static stream_status identity(onnx_ctx *c) {
    c->out[0] = c->in[0];
    return STREAM_OK;
}

/* Nothing is dropped: all true, or all 1 before opset 10. */
static onnx_value *dropout_mask(onnx_ctx *c) {
    const onnx_value *x = c->in[0];
    onnx_type type = c->opset < 10 ? x->type : ONNX_BOOL;
    uint8_t *one = stream_arena_alloc(c->arena, 8, 1);
    stream_onnx_store(type, one, 1);
    return stream_onnx_constant_new(c, type, x->rank, x->dims, one, true);
}

/* Inference only: the training inputs must be absent, or say so, or drop nothing. */
static stream_status dropout(onnx_ctx *c) {
    const onnx_value *training = stream_onnx_input(c, 2);
    stream_onnx_ignore(c, "ratio");
    stream_onnx_ignore(c, "seed");
    const onnx_value *ratio = stream_onnx_input(c, 1);
    bool drops = !(ratio && stream_onnx_is_scalar(ratio) && stream_onnx_get(ratio, 0) == 0);
    if (training && !(training->blob && stream_onnx_get_int(training, 0) == 0) && drops)
        return stream_onnx_error(c, STREAM_UNSUPPORTED, "training mode is not supported");
    if (c->node->n_output > 1)
        c->out[1] = dropout_mask(c);
    return identity(c);
}

static stream_status to_shape(onnx_ctx *c, int32_t rank, const int64_t *dims) {
    int64_t have = stream_onnx_elements(c->in[0]), want = stream_onnx_count(rank, dims);
    if (have != want)
        return stream_onnx_error(c, STREAM_INVALID,
                                 "a tensor of %lld elements cannot get a shape "
                                 "of %lld",
                                 (long long)have, (long long)want);
    if (have == 0 && !c->in[0]->blob)
        return stream_onnx_error(c, STREAM_UNSUPPORTED, "the tensor has no elements");
    c->out[0] = stream_onnx_reshape_to(c, c->in[0], rank, dims);
    return STREAM_OK;
}

/* 0 copies the input's dim (unless allowzero), one -1 takes what is left. */
static stream_status resolve_shape(onnx_ctx *c, const int64_t *spec, int32_t n, bool allow_zero,
                                   int64_t *dims) {
    const onnx_value *x = c->in[0];
    int32_t open = -1;
    int64_t known = 1;
    for (int32_t d = 0; d < n; ++d) {
        dims[d] = spec[d];
        if (spec[d] == 0 && !allow_zero) {
            if (d >= x->rank)
                return stream_onnx_error(c, STREAM_INVALID,
                                         "dimension %d is 0 (copy), the input "
                                         "has rank %d",
                                         d, x->rank);
            dims[d] = x->dims[d];
        }
        if (dims[d] < -1 || (dims[d] == -1 && open >= 0))
            return stream_onnx_error(c, STREAM_INVALID, "dimension %d of the new shape is %lld", d,
                                     (long long)dims[d]);
        if (dims[d] == -1)
            open = d;
        else if (!stream_mul_i64(known, dims[d], &known))
            return stream_onnx_error(c, STREAM_INVALID, "the new shape overflows");
    }
    if (open >= 0) {
        int64_t n_elements = stream_onnx_elements(x);
        if (known == 0 || n_elements % known)
            return stream_onnx_error(c, STREAM_INVALID, "%lld elements cannot be divided by %lld",
                                     (long long)n_elements, (long long)known);
        dims[open] = n_elements / known;
    }
    return STREAM_OK;
}

static stream_status reshape(onnx_ctx *c) {
    const int64_t *spec = NULL;
    int32_t n = 0;
    bool allow_zero = false;
    int64_t dims[STREAM_MAX_RANK] = {0};
    STREAM_TRY(stream_onnx_flag(c, "allowzero", false, &allow_zero));
    STREAM_TRY(stream_onnx_const_ints(c, 1, "the new shape", &spec, &n));
    if (n > STREAM_MAX_RANK)
        return stream_onnx_error(c, STREAM_UNSUPPORTED, "rank %d, at most %d is supported", n,
                                 STREAM_MAX_RANK);
    STREAM_TRY(resolve_shape(c, spec, n, allow_zero, dims));
    return to_shape(c, n, dims);
}

static stream_status flatten(onnx_ctx *c) {
    const onnx_value *x = c->in[0];
    int64_t axis = 0, dims[2] = {1, 1};
    STREAM_TRY(stream_onnx_int(c, "axis", 1, &axis));
    if (axis < -x->rank || axis > x->rank)
        return stream_onnx_error(c, STREAM_INVALID, "axis %lld is outside [%d, %d]",
                                 (long long)axis, -x->rank, x->rank);
    axis += axis < 0 ? x->rank : 0;
    for (int32_t d = 0; d < x->rank; ++d)
        dims[d >= axis] *= x->dims[d];
    return to_shape(c, 2, dims);
}

static stream_status squeeze(onnx_ctx *c) {
    const onnx_value *x = c->in[0];
    bool mask[STREAM_MAX_RANK], present = false;
    int64_t dims[STREAM_MAX_RANK];
    int32_t n = 0;
    STREAM_TRY(stream_onnx_axes(c, c->opset < 13 ? "axes" : NULL, 1, x->rank, mask, &present));
    for (int32_t d = 0; d < x->rank; ++d) {
        if (!present)
            mask[d] = x->dims[d] == 1;
        if (mask[d] && x->dims[d] != 1)
            return stream_onnx_error(c, STREAM_INVALID, "dimension %d is %lld, not 1", d,
                                     (long long)x->dims[d]);
        if (!mask[d])
            dims[n++] = x->dims[d];
    }
    return to_shape(c, n, dims);
}

static stream_status unsqueeze(onnx_ctx *c) {
    const onnx_value *x = c->in[0];
    const int64_t *axes = NULL;
    int32_t n = -1, from = 0;
    if (c->opset < 13)
        STREAM_TRY(stream_onnx_ints(c, "axes", &axes, &n));
    else if (stream_onnx_input(c, 1))
        STREAM_TRY(stream_onnx_const_ints(c, 1, "the list of axes", &axes, &n));
    if (n < 0)
        return stream_onnx_error(c, STREAM_INVALID, "the axes are missing");
    if (x->rank + n > STREAM_MAX_RANK)
        return stream_onnx_error(c, STREAM_UNSUPPORTED, "rank %d, at most %d is supported",
                                 x->rank + n, STREAM_MAX_RANK);
    bool mask[STREAM_MAX_RANK] = {false};
    int64_t dims[STREAM_MAX_RANK];
    for (int32_t i = 0; i < n; ++i) {
        int32_t axis = 0;
        STREAM_TRY(stream_onnx_axis(c, axes[i], x->rank + n, &axis));
        if (mask[axis])
            return stream_onnx_error(c, STREAM_INVALID, "axis %d appears twice", axis);
        mask[axis] = true;
    }
    for (int32_t d = 0; d < x->rank + n; ++d)
        dims[d] = mask[d] ? 1 : x->dims[from++];
    return to_shape(c, x->rank + n, dims);
}

static const onnx_row rows[] = {
    {"Identity", NULL, 1, 1, 1, ONNX_ANY, identity},
    {"Dropout", NULL, 7, 1, 1, ONNX_FLOATING, dropout},
    {"Dropout", NULL, 12, 1, 3, ONNX_FLOATING, dropout},
    {"Reshape", NULL, 5, 2, 2, ONNX_ANY, reshape},
    {"Flatten", NULL, 1, 1, 1, ONNX_ANY, flatten},
    {"Squeeze", NULL, 1, 1, 1, ONNX_ANY, squeeze},
    {"Squeeze", NULL, 13, 1, 2, ONNX_ANY, squeeze},
    {"Unsqueeze", NULL, 1, 1, 1, ONNX_ANY, unsqueeze},
    {"Unsqueeze", NULL, 13, 2, 2, ONNX_ANY, unsqueeze},
};

ONNX_FAMILY(stream_onnx_reshape, rows);
