/* Resize and Upsample (nearest), DepthToSpace, SpaceToDepth. */

#include "onnx_move.h"

#include "stream/support/integer.h"

#include <math.h>
#include <string.h>

enum {
    MAX_INDEX = 1 << 20
};

/* How a coordinate of the result maps to one of the input, along one axis. */
typedef struct {
    const char *coordinate, *nearest;
    double scale;
    int64_t in, out;
} axis_map;

static double original(const axis_map *m, int64_t i) {
    double x = (double)i;
    if (!strcmp(m->coordinate, "asymmetric"))
        return x / m->scale;
    if (!strcmp(m->coordinate, "align_corners"))
        return m->out == 1 ? 0 : x * (double)(m->in - 1) / (double)(m->out - 1);
    if (!strcmp(m->coordinate, "pytorch_half_pixel") && m->out == 1)
        return 0;
    double half = (x + 0.5) / m->scale - 0.5;
    if (strcmp(m->coordinate, "half_pixel_symmetric") != 0)
        return half;
    double adjustment = (double)m->out / (m->scale * (double)m->in), center = (double)m->in / 2;
    return center * (1 - adjustment) + half;
}

static int64_t nearest(const axis_map *m, int64_t i) {
    double x = original(m, i), y = 0;
    if (!strcmp(m->nearest, "floor"))
        y = floor(x);
    else if (!strcmp(m->nearest, "ceil"))
        y = ceil(x);
    else if (!strcmp(m->nearest, "round_prefer_ceil"))
        y = floor(x + 0.5);
    else
        y = ceil(x - 0.5);
    return y < 0 ? 0 : y >= (double)m->in ? m->in - 1 : (int64_t)y;
}

static stream_status check_modes(onnx_ctx *c, const char *mode, const axis_map *m) {
    static const char *const coordinates[] = {"asymmetric", "align_corners", "pytorch_half_pixel",
                                              "half_pixel", "half_pixel_symmetric"};
    static const char *const roundings[] = {"floor", "ceil", "round_prefer_ceil",
                                            "round_prefer_floor"};
    bool coordinate = false, rounding = false;
    for (int i = 0; i < 5; ++i)
        coordinate |= !strcmp(m->coordinate, coordinates[i]);
    for (int i = 0; i < 4; ++i)
        rounding |= !strcmp(m->nearest, roundings[i]);
    if (strcmp(mode, "nearest") != 0 || !coordinate || !rounding)
        return stream_onnx_error(c, STREAM_UNSUPPORTED,
                                 "mode '%.40s' with coordinates '%.40s' and '%.40s' is not "
                                 "supported",
                                 mode, m->coordinate, m->nearest);
    return STREAM_OK;
}

static stream_status resize_axes(onnx_ctx *c, const axis_map *rule, const double *scales,
                                 const int64_t *sizes) {
    onnx_value *x = c->in[0];
    for (int32_t d = 0; d < x->rank; ++d) {
        axis_map m = *rule;
        m.in = x->dims[d];
        m.scale = sizes ? (double)sizes[d] / (double)m.in : scales[d];
        double out = sizes ? (double)sizes[d] : floor((double)m.in * m.scale);
        if (!(m.scale > 0) || !(out >= 1 && out <= MAX_INDEX))
            return stream_onnx_error(c, STREAM_INVALID, "dimension %d of %lld scaled by %g", d,
                                     (long long)m.in, m.scale);
        m.out = (int64_t)out;
        if (m.out == m.in && m.scale == 1)
            continue;
        int64_t *index = STREAM_NEW(c->arena, int64_t, (size_t)m.out);
        for (int64_t i = 0; i < m.out; ++i)
            index[i] = nearest(&m, i);
        x = stream_onnx_take(c, x, d, index, m.out);
    }
    c->out[0] = x;
    return STREAM_OK;
}

/* A constant vector of `n` floats. */
static stream_status read_scales(onnx_ctx *c, int32_t input, int32_t n, double *out) {
    const onnx_value *v = c->in[input];
    if (!v->blob || !stream_onnx_is_float(v->type) || v->rank != 1 || v->dims[0] != n)
        return stream_onnx_error(c, STREAM_UNSUPPORTED,
                                 "the scales ('%s') must be a constant "
                                 "vector of %d floats",
                                 v->name, n);
    for (int32_t d = 0; d < n; ++d)
        out[d] = stream_onnx_get(v, d);
    return STREAM_OK;
}

/* Spreads values given for `axes` only (opset 18) over all dims. */
static stream_status read_targets(onnx_ctx *c, double *scales, int64_t *sizes, bool *by_size) {
    const onnx_value *x = c->in[0];
    int64_t axes[STREAM_MAX_RANK];
    const int64_t *given = NULL, *list = NULL;
    int32_t n = -1, n_sizes = 0;
    double values[STREAM_MAX_RANK];
    STREAM_TRY(stream_onnx_ints(c, "axes", &given, &n));
    n = n < 0 ? x->rank : n;
    if (n > x->rank)
        return stream_onnx_error(c, STREAM_INVALID, "%d axes for rank %d", n, x->rank);
    for (int32_t i = 0; i < n; ++i) {
        int32_t axis = 0;
        STREAM_TRY(stream_onnx_axis(c, given ? given[i] : i, x->rank, &axis));
        axes[i] = axis;
    }
    onnx_value *size_input = stream_onnx_input(c, 3), *scale_input = stream_onnx_input(c, 2);
    *by_size = size_input && stream_onnx_elements(size_input) > 0;
    if (*by_size)
        STREAM_TRY(stream_onnx_const_ints(c, 3, "the sizes", &list, &n_sizes));
    else if (scale_input)
        STREAM_TRY(read_scales(c, 2, n, values));
    else
        return stream_onnx_error(c, STREAM_INVALID, "neither scales nor sizes are given");
    if (*by_size && n_sizes != n)
        return stream_onnx_error(c, STREAM_INVALID, "%d sizes for %d dimensions", n_sizes, n);
    for (int32_t d = 0; d < x->rank; ++d) {
        scales[d] = 1;
        sizes[d] = x->dims[d];
    }
    for (int32_t i = 0; i < n; ++i) {
        scales[axes[i]] = *by_size ? 1 : values[i];
        sizes[axes[i]] = *by_size ? list[i] : 0;
    }
    return STREAM_OK;
}

static stream_status resize(onnx_ctx *c) {
    axis_map m = {0};
    const char *mode = NULL, *policy = NULL;
    double scales[STREAM_MAX_RANK];
    int64_t sizes[STREAM_MAX_RANK];
    bool by_size = false;
    STREAM_TRY(stream_onnx_string(c, "mode", "nearest", &mode));
    STREAM_TRY(
        stream_onnx_string(c, "coordinate_transformation_mode", "half_pixel", &m.coordinate));
    STREAM_TRY(stream_onnx_string(c, "nearest_mode", "round_prefer_floor", &m.nearest));
    STREAM_TRY(stream_onnx_string(c, "keep_aspect_ratio_policy", "stretch", &policy));
    stream_onnx_ignore(c, "cubic_coeff_a");
    stream_onnx_ignore(c, "exclude_outside");
    stream_onnx_ignore(c, "extrapolation_value");
    stream_onnx_ignore(c, "antialias");
    STREAM_TRY(check_modes(c, mode, &m));
    if (strcmp(policy, "stretch") != 0)
        return stream_onnx_error(c, STREAM_UNSUPPORTED, "keep_aspect_ratio_policy '%.40s'", policy);
    STREAM_TRY(read_targets(c, scales, sizes, &by_size));
    return resize_axes(c, &m, scales, by_size ? sizes : NULL);
}

/* Upsample, and Resize of opset 10: floor(i / scale). */
static stream_status upsample(onnx_ctx *c) {
    axis_map m = {.coordinate = "asymmetric", .nearest = "floor"};
    const char *mode = NULL;
    double scales[STREAM_MAX_RANK];
    STREAM_TRY(stream_onnx_string(c, "mode", "nearest", &mode));
    STREAM_TRY(check_modes(c, mode, &m));
    STREAM_TRY(read_scales(c, 1, c->in[0]->rank, scales));
    return resize_axes(c, &m, scales, NULL);
}

static stream_status upsample_attribute(onnx_ctx *c) {
    axis_map m = {.coordinate = "asymmetric", .nearest = "floor"};
    const char *mode = NULL;
    double scales[STREAM_MAX_RANK];
    const Onnx__AttributeProto *a = stream_onnx_attribute(c, "scales");
    STREAM_TRY(stream_onnx_string(c, "mode", "nearest", &mode));
    STREAM_TRY(check_modes(c, mode, &m));
    if (!a || a->n_floats != (size_t)c->in[0]->rank)
        return stream_onnx_error(c, STREAM_INVALID, "attribute 'scales' must have %d floats",
                                 c->in[0]->rank);
    for (size_t d = 0; d < a->n_floats; ++d)
        scales[d] = (double)a->floats[d];
    return resize_axes(c, &m, scales, NULL);
}

static stream_status read_block(onnx_ctx *c, int64_t *block) {
    STREAM_TRY(stream_onnx_want_rank(c, 0, 4));
    STREAM_TRY(stream_onnx_int(c, "blocksize", 0, block));
    if (*block < 1 || *block > 1 << 15)
        return stream_onnx_error(c, STREAM_INVALID, "blocksize %lld", (long long)*block);
    return STREAM_OK;
}

/* x seen as rank 6, permuted, and seen as rank 4 again. */
static void shuffle(onnx_ctx *c, const int64_t *split, const int32_t *perm, const int64_t *dims) {
    onnx_value *v = stream_onnx_reshape_to(c, c->in[0], 6, split);
    c->out[0] = stream_onnx_reshape_to(c, stream_onnx_transpose(c, v, perm, ""), 4, dims);
}

static stream_status depth_to_space(onnx_ctx *c) {
    static const int32_t depth_first[] = {0, 3, 4, 1, 5, 2}, column_first[] = {0, 1, 4, 2, 5, 3};
    const char *mode = NULL;
    int64_t b = 0;
    STREAM_TRY(read_block(c, &b));
    STREAM_TRY(stream_onnx_string(c, "mode", "DCR", &mode));
    bool crd = !strcmp(mode, "CRD");
    const int64_t *d = c->in[0]->dims;
    if (d[1] % (b * b) || (!crd && strcmp(mode, "DCR") != 0) || d[2] > INT32_MAX / b ||
        d[3] > INT32_MAX / b)
        return stream_onnx_error(c, STREAM_INVALID, "mode '%.40s', %lld channels, blocksize %lld",
                                 mode, (long long)d[1], (long long)b);
    int64_t n = d[1] / (b * b);
    int64_t dcr[] = {d[0], b, b, n, d[2], d[3]}, crd_split[] = {d[0], n, b, b, d[2], d[3]};
    int64_t out[] = {d[0], n, d[2] * b, d[3] * b};
    shuffle(c, crd ? crd_split : dcr, crd ? column_first : depth_first, out);
    return STREAM_OK;
}

static stream_status space_to_depth(onnx_ctx *c) {
    static const int32_t perm[] = {0, 3, 5, 1, 2, 4};
    int64_t b = 0;
    STREAM_TRY(read_block(c, &b));
    const int64_t *d = c->in[0]->dims;
    if (d[2] % b || d[3] % b || d[1] > INT32_MAX / (b * b))
        return stream_onnx_error(c, STREAM_INVALID, "%lld x %lld, blocksize %lld", (long long)d[2],
                                 (long long)d[3], (long long)b);
    int64_t split[] = {d[0], d[1], d[2] / b, b, d[3] / b, b};
    int64_t out[] = {d[0], d[1] * b * b, d[2] / b, d[3] / b};
    shuffle(c, split, perm, out);
    return STREAM_OK;
}

static const onnx_row rows[] = {
    {"Resize", NULL, 10, 2, 2, ONNX_NUMBER, upsample},
    {"Resize", NULL, 11, 1, 4, ONNX_NUMBER, resize},
    {"Upsample", NULL, 7, 1, 1, ONNX_NUMBER, upsample_attribute},
    {"Upsample", NULL, 9, 2, 2, ONNX_NUMBER, upsample},
    {"DepthToSpace", NULL, 1, 1, 1, ONNX_ANY, depth_to_space},
    {"SpaceToDepth", NULL, 1, 1, 1, ONNX_ANY, space_to_depth},
};

ONNX_FAMILY(stream_onnx_resize, rows);
