/* ConvTranspose as a convolution: the input spread out by the strides, the kernel mirrored.
 *
 *   y[o] = sum_i x[i] w[o - i * s + low]  =  sum_k z[o + k * d] w[K - 1 - k]
 *   z[p] = x[i] where p = (reach - 1 - low) + i * s, otherwise 0;  0 <= p < out + reach - 1 */

#include "onnx_contract.h"
#include "onnx_move.h"
#include "onnx_window.h"

#include "stream/support/integer.h"

#include <string.h>

typedef struct {
    onnx_value *x, *w, *bias;
    int64_t group, filters; /* filters: output channels per group */
    int32_t n;
    int64_t kernel[STREAM_MAX_RANK], stride[STREAM_MAX_RANK], dilation[STREAM_MAX_RANK];
    int64_t low[STREAM_MAX_RANK], out[STREAM_MAX_RANK], reach[STREAM_MAX_RANK];
} transposed;

static stream_status read_shapes(onnx_ctx *c, transposed *t) {
    *t = (transposed){.x = c->in[0], .w = c->in[1], .bias = stream_onnx_input(c, 2)};
    t->n = t->x->rank - 2;
    if (t->n < 1 || t->x->rank >= STREAM_MAX_RANK || stream_onnx_elements(t->w) <= 0)
        return stream_onnx_error(c, STREAM_INVALID,
                                 "an input of rank %d, or weights without "
                                 "elements",
                                 t->x->rank);
    STREAM_TRY(stream_onnx_want_rank(c, 1, t->x->rank));
    STREAM_TRY(stream_onnx_int(c, "group", 1, &t->group));
    if (t->group < 1 || t->x->dims[1] % t->group || t->w->dims[0] != t->x->dims[1])
        return stream_onnx_error(
            c, STREAM_INVALID, "weights for %lld channels, the input has %lld in %lld groups",
            (long long)t->w->dims[0], (long long)t->x->dims[1], (long long)t->group);
    t->filters = t->w->dims[1];
    if (t->filters > INT32_MAX / t->group)
        return stream_onnx_error(c, STREAM_INVALID, "%lld output channels in %lld groups",
                                 (long long)t->filters, (long long)t->group);
    STREAM_TRY(stream_onnx_want_vector(c, 2, t->filters * t->group));
    STREAM_TRY(stream_onnx_spatial(c, "kernel_shape", t->n, 1, 1, t->kernel));
    bool given = stream_onnx_attribute(c, "kernel_shape") != NULL;
    for (int32_t d = 0; d < t->n; ++d) {
        if (given && t->kernel[d] != t->w->dims[d + 2])
            return stream_onnx_error(c, STREAM_INVALID,
                                     "kernel_shape has %lld where the weights have %lld",
                                     (long long)t->kernel[d], (long long)t->w->dims[d + 2]);
        t->kernel[d] = t->w->dims[d + 2];
    }
    STREAM_TRY(stream_onnx_spatial(c, "strides", t->n, 1, 1, t->stride));
    return stream_onnx_spatial(c, "dilations", t->n, 1, 1, t->dilation);
}

/* out and low from pads, or pads from output_shape or auto_pad. */
static stream_status read_extent(onnx_ctx *c, transposed *t) {
    int64_t pads[2 * STREAM_MAX_RANK], extra[STREAM_MAX_RANK], shape[STREAM_MAX_RANK];
    const char *mode = NULL;
    STREAM_TRY(stream_onnx_spatial(c, "pads", 2 * t->n, 0, 0, pads));
    STREAM_TRY(stream_onnx_spatial(c, "output_padding", t->n, 0, 0, extra));
    bool given = stream_onnx_attribute(c, "output_shape") != NULL;
    STREAM_TRY(stream_onnx_spatial(c, "output_shape", t->n, 1, 1, shape));
    STREAM_TRY(stream_onnx_string(c, "auto_pad", "NOTSET", &mode));
    bool same = !strncmp(mode, "SAME_", 5);
    if (!same && strcmp(mode, "NOTSET") != 0 && strcmp(mode, "VALID") != 0)
        return stream_onnx_error(c, STREAM_INVALID, "auto_pad is '%.40s'", mode);
    for (int32_t d = 0; d < t->n; ++d) {
        int64_t in = t->x->dims[d + 2];
        t->reach[d] = (t->kernel[d] - 1) * t->dilation[d] + 1;
        int64_t full = t->stride[d] * (in - 1) + extra[d] + t->reach[d];
        if (given || same) {
            t->out[d] = given ? shape[d] : in * t->stride[d];
            int64_t total = stream_max_i64(0, full - t->out[d]);
            t->low[d] = !strcmp(mode, "SAME_UPPER") ? total / 2 : total - total / 2;
        } else {
            bool valid = !strcmp(mode, "VALID");
            t->low[d] = valid ? 0 : pads[d];
            t->out[d] = full - t->low[d] - (valid ? 0 : pads[d + t->n]);
        }
        if (t->out[d] < 1 || t->out[d] + t->reach[d] > INT32_MAX)
            return stream_onnx_error(c, STREAM_INVALID, "dimension %d of the result would be %lld",
                                     d + 2, (long long)t->out[d]);
    }
    return STREAM_OK;
}

/* z of the header: x[first .. last] inserted into zeros. Refuses the case of nothing inside. */
static stream_status spread(onnx_ctx *c, const transposed *t, onnx_value **out) {
    onnx_value *x = t->x;
    int64_t first[STREAM_MAX_RANK] = {0}, count[STREAM_MAX_RANK], one[STREAM_MAX_RANK];
    int64_t at[STREAM_MAX_RANK] = {0}, step[STREAM_MAX_RANK], dims[STREAM_MAX_RANK];
    bool cut = false, moved = false;
    for (int32_t d = 0; d < x->rank; ++d) {
        one[d] = step[d] = 1;
        count[d] = dims[d] = x->dims[d];
        if (d < 2)
            continue;
        int64_t s = t->stride[d - 2], start = t->reach[d - 2] - 1 - t->low[d - 2];
        dims[d] = t->out[d - 2] + t->reach[d - 2] - 1;
        first[d] = start < 0 ? stream_ceil_div(-start, s) : 0;
        at[d] = start + first[d] * s;
        step[d] = s;
        int64_t room = at[d] < dims[d] ? (dims[d] - 1 - at[d]) / s + 1 : 0;
        count[d] = stream_min_i64(x->dims[d] - first[d], room);
        if (count[d] < 1)
            return stream_onnx_error(c, STREAM_UNSUPPORTED,
                                     "the padding removes all of dimension "
                                     "%d",
                                     d);
        step[d] = count[d] == 1 ? 1 : s;
        cut |= count[d] != x->dims[d];
        moved |= count[d] != dims[d];
    }
    if (stream_onnx_count(x->rank, dims) < 0)
        return stream_onnx_error(c, STREAM_UNSUPPORTED, "more than 2^40 elements");
    if (cut)
        x = stream_onnx_slice(c, x, first, count, one);
    if (moved)
        x = stream_onnx_insert(c, x, stream_onnx_fill(c, x->type, 0, x->rank, dims), at, step);
    *out = x;
    return STREAM_OK;
}

/* [g, C/g, M/g, k...] with the two channel dims swapped and the kernel mirrored. */
static onnx_value *mirror_constant(onnx_ctx *c, const transposed *t, int32_t rank,
                                   const int64_t *dims) {
    int64_t strides[STREAM_MAX_RANK], own[STREAM_MAX_RANK], offset = 0;
    int64_t inputs = t->w->dims[0] / t->group;
    stream_onnx_strides(t->w, own);
    strides[0] = own[0] * inputs;
    strides[1] = own[1];
    strides[2] = own[0];
    for (int32_t d = 0; d < t->n; ++d) {
        strides[d + 3] = -own[d + 2];
        offset += own[d + 2] * (t->kernel[d] - 1);
    }
    return stream_onnx_strided(c, t->w, rank, dims, offset, strides);
}

static onnx_value *mirror_runtime(onnx_ctx *c, const transposed *t, int32_t rank,
                                  const int64_t *dims) {
    int64_t from[STREAM_MAX_RANK];
    int32_t perm[STREAM_MAX_RANK];
    for (int32_t d = 0; d < rank; ++d) {
        from[d] = d == 1 ? dims[2] : d == 2 ? dims[1] : dims[d];
        perm[d] = d == 1 ? 2 : d == 2 ? 1 : d;
    }
    onnx_value *w = stream_onnx_reshape_to(c, t->w, rank, from);
    if (dims[1] != 1 && dims[2] != 1)
        w = stream_onnx_transpose(c, w, perm, ".weights");
    w = stream_onnx_reshape_to(c, w, rank, dims);
    for (int32_t d = 0; d < t->n; ++d) {
        int64_t k = t->kernel[d], *index = STREAM_NEW(c->arena, int64_t, (size_t)k);
        for (int64_t i = 0; i < k; ++i)
            index[i] = k - 1 - i;
        if (k > 1)
            w = stream_onnx_take(c, w, d + 3, index, k);
    }
    return w;
}

/* Weights as the convolution wants them: [M, C/g, k...]. */
static onnx_value *mirrored(onnx_ctx *c, const transposed *t) {
    int64_t dims[STREAM_MAX_RANK] = {t->group, t->filters, t->w->dims[0] / t->group};
    int64_t flat[STREAM_MAX_RANK] = {t->group * t->filters, dims[2]};
    int32_t rank = t->n + 3;
    for (int32_t d = 0; d < t->n; ++d)
        dims[d + 3] = flat[d + 2] = t->kernel[d];
    onnx_value *w =
        t->w->blob ? mirror_constant(c, t, rank, dims) : mirror_runtime(c, t, rank, dims);
    return stream_onnx_reshape_to(c, w, rank - 1, flat);
}

static stream_status conv_transpose(onnx_ctx *c) {
    transposed t;
    STREAM_TRY(stream_onnx_same_types(c, 0, 2));
    STREAM_TRY(read_shapes(c, &t));
    STREAM_TRY(read_extent(c, &t));
    for (int32_t d = 0; d < t.n; ++d)
        if (t.kernel[d] > 1 << 20)
            return stream_onnx_error(c, STREAM_UNSUPPORTED, "a kernel of %lld",
                                     (long long)t.kernel[d]);
    onnx_convolution conv = {.bias = t.bias, .group = t.group};
    conv.window.n = t.n;
    STREAM_TRY(spread(c, &t, &conv.x));
    conv.w = mirrored(c, &t);
    conv.acc = stream_onnx_accumulator(t.x->type);
    for (int32_t d = 0; d < t.n; ++d) {
        conv.window.in[d] = conv.x->dims[d + 2];
        conv.window.kernel[d] = t.kernel[d];
        conv.window.stride[d] = 1;
        conv.window.dilation[d] = t.dilation[d];
        conv.window.out[d] = t.out[d];
    }
    c->out[0] = stream_onnx_narrow(c, stream_onnx_conv_emit(c, &conv), t.x->type);
    return STREAM_OK;
}

static const onnx_row rows[] = {
    {"ConvTranspose", NULL, 1, 2, 3, ONNX_FLOATING, conv_transpose},
};

ONNX_FAMILY(stream_onnx_conv_transpose, rows);
