/* Pad: a border of one value, or one copied from inside. */

#include "onnx_move.h"

#include "stream/support/integer.h"

#include <string.h>

/* Border widths per dim; negative ones crop. */
typedef struct {
    int64_t low[STREAM_MAX_RANK], high[STREAM_MAX_RANK];
} border;

static stream_status read_border(onnx_ctx *c, border *b) {
    const int64_t *pads = NULL;
    const onnx_value *x = c->in[0];
    int32_t n = -1;
    bool mask[STREAM_MAX_RANK], partial = false;
    if (c->opset < 11)
        STREAM_TRY(stream_onnx_ints(c, "pads", &pads, &n));
    else
        STREAM_TRY(stream_onnx_const_ints(c, 1, "the pads", &pads, &n));
    STREAM_TRY(stream_onnx_axes(c, NULL, 3, x->rank, mask, &partial));
    const int64_t *axes = NULL;
    int32_t n_axes = x->rank;
    if (partial)
        STREAM_TRY(stream_onnx_const_ints(c, 3, "the axes", &axes, &n_axes));
    if (n != 2 * n_axes)
        return stream_onnx_error(c, STREAM_INVALID, "%d pads for %d dimensions", n, n_axes);
    for (int32_t i = 0; i < n_axes; ++i) {
        int64_t low = pads[i], high = pads[n_axes + i], d = axes ? axes[i] : i;
        d += d < 0 ? x->rank : 0;
        if (low < -INT32_MAX || low > INT32_MAX || high < -INT32_MAX || high > INT32_MAX ||
            x->dims[d] + low + high <= 0 || x->dims[d] + low <= 0 || x->dims[d] + high <= 0 ||
            x->dims[d] + low + high > INT32_MAX)
            return stream_onnx_error(
                c, STREAM_INVALID, "dimension %lld of %lld cannot be padded by %lld and %lld",
                (long long)d, (long long)x->dims[d], (long long)low, (long long)high);
        b->low[d] = low;
        b->high[d] = high;
    }
    return STREAM_OK;
}

static onnx_value *crop(onnx_ctx *c, onnx_value *x, const border *b) {
    int64_t start[STREAM_MAX_RANK], size[STREAM_MAX_RANK], one[STREAM_MAX_RANK];
    bool any = false;
    for (int32_t d = 0; d < x->rank; ++d) {
        start[d] = stream_max_i64(0, -b->low[d]);
        size[d] = x->dims[d] - start[d] - stream_max_i64(0, -b->high[d]);
        one[d] = 1;
        any |= size[d] != x->dims[d];
    }
    return any ? stream_onnx_slice(c, x, start, size, one) : x;
}

static stream_status pad_value(onnx_ctx *c, double *out) {
    *out = 0;
    if (c->opset < 11)
        return stream_onnx_float(c, "value", 0, out);
    const onnx_value *v = stream_onnx_input(c, 2);
    if (!v)
        return STREAM_OK;
    if (!stream_onnx_is_scalar(v) || v->type != c->in[0]->type)
        return stream_onnx_error(c, STREAM_UNSUPPORTED,
                                 "the padding value ('%s') must be a "
                                 "constant scalar of the input's type",
                                 v->name);
    *out = stream_onnx_get(v, 0);
    return STREAM_OK;
}

static stream_status pad_constant(onnx_ctx *c, const border *b) {
    int64_t low[STREAM_MAX_RANK], high[STREAM_MAX_RANK];
    double value = 0;
    STREAM_TRY(pad_value(c, &value));
    for (int32_t d = 0; d < c->in[0]->rank; ++d) {
        low[d] = stream_max_i64(0, b->low[d]);
        high[d] = stream_max_i64(0, b->high[d]);
    }
    c->out[0] = stream_onnx_pad(c, crop(c, c->in[0], b), low, high, value);
    return STREAM_OK;
}

/* Where element i of a padded dim comes from: mirrored without the edge, the edge, or around. */
static int64_t border_source(int64_t i, int64_t dim, char mode) {
    if (mode == 'e')
        return i < 0 ? 0 : i >= dim ? dim - 1 : i;
    int64_t period = mode == 'w' ? dim : stream_max_i64(1, 2 * (dim - 1));
    i = (i % period + period) % period;
    return mode == 'w' || i < dim ? i : period - i;
}

/* One gather per padded dim. */
static stream_status pad_copied(onnx_ctx *c, const border *b, char mode) {
    onnx_value *x = c->in[0];
    if (stream_onnx_elements(x) == 0)
        return stream_onnx_error(c, STREAM_UNSUPPORTED, "the input has no elements to copy");
    for (int32_t d = 0; d < x->rank; ++d) {
        int64_t n = x->dims[d] + b->low[d] + b->high[d];
        if (!b->low[d] && !b->high[d])
            continue;
        if (n > 1 << 20)
            return stream_onnx_error(c, STREAM_UNSUPPORTED, "dimension %d grows to %lld", d,
                                     (long long)n);
        int64_t *index = STREAM_NEW(c->arena, int64_t, (size_t)n);
        for (int64_t i = 0; i < n; ++i)
            index[i] = border_source(i - b->low[d], x->dims[d], mode);
        x = stream_onnx_take(c, x, d, index, n);
    }
    c->out[0] = x;
    return STREAM_OK;
}

static stream_status pad(onnx_ctx *c) {
    const char *mode = NULL;
    border b = {{0}, {0}};
    STREAM_TRY(stream_onnx_string(c, "mode", "constant", &mode));
    STREAM_TRY(read_border(c, &b));
    if (!strcmp(mode, "constant"))
        return pad_constant(c, &b);
    if (!strcmp(mode, "edge") || !strcmp(mode, "reflect") || !strcmp(mode, "wrap"))
        return pad_copied(c, &b, mode[0]);
    return stream_onnx_error(c, STREAM_UNSUPPORTED, "mode '%.40s' is not supported", mode);
}

/* To the given sizes around the middle; the odd element is cut or added at the end. */
static stream_status center_crop_pad(onnx_ctx *c) {
    onnx_value *x = c->in[0];
    border b = {{0}, {0}};
    const int64_t *sizes = NULL, *axes = NULL;
    int32_t n = 0, n_axes = -1;
    int64_t low[STREAM_MAX_RANK], high[STREAM_MAX_RANK];
    STREAM_TRY(stream_onnx_const_ints(c, 1, "the shape", &sizes, &n));
    STREAM_TRY(stream_onnx_ints(c, "axes", &axes, &n_axes));
    if (n != (n_axes < 0 ? x->rank : n_axes))
        return stream_onnx_error(c, STREAM_INVALID, "%d sizes for %d dimensions", n,
                                 n_axes < 0 ? x->rank : n_axes);
    for (int32_t i = 0; i < n; ++i) {
        int32_t d = 0;
        STREAM_TRY(stream_onnx_axis(c, axes ? axes[i] : i, x->rank, &d));
        int64_t more = sizes[i] - x->dims[d];
        if (sizes[i] < 1 || sizes[i] > INT32_MAX || b.low[d] || b.high[d])
            return stream_onnx_error(c, STREAM_UNSUPPORTED, "size %lld of dimension %d",
                                     (long long)sizes[i], d);
        b.low[d] = more / 2;
        b.high[d] = more - more / 2;
    }
    for (int32_t d = 0; d < x->rank; ++d) {
        low[d] = stream_max_i64(0, b.low[d]);
        high[d] = stream_max_i64(0, b.high[d]);
    }
    c->out[0] = stream_onnx_pad(c, crop(c, x, &b), low, high, 0);
    return STREAM_OK;
}

static const onnx_row rows[] = {
    {"CenterCropPad", NULL, 18, 2, 2, ONNX_ANY, center_crop_pad},
    {"Pad", NULL, 2, 1, 1, ONNX_FLOATING, pad},
    {"Pad", NULL, 11, 2, 3, ONNX_ANY, pad},
    {"Pad", NULL, 18, 2, 4, ONNX_ANY, pad},
};

ONNX_FAMILY(stream_onnx_padding, rows);
