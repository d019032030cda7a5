/* Resize and Upsample: sizes and attributes; the axes are resampled one after the other
 * (onnx_resample.h). */

#include "onnx_contract.h"
#include "onnx_elementwise.h"
#include "onnx_resample.h"

#include <math.h>
#include <string.h>

enum {
    MAX_INDEX = 1 << 20
};

/* Per dim of the input; sizes only where by_size. axis[d]: the node names it, or names none. */
typedef struct {
    onnx_axis_scale scale[STREAM_MAX_RANK];
    bool axis[STREAM_MAX_RANK], by_size;
} targets;

/* A constant vector of `n` floats. */
static stream_status read_floats(onnx_ctx *c, int32_t input, const char *what, int32_t n,
                                 double *out) {
    const onnx_value *v = c->in[input];
    if (!v->blob || !stream_onnx_is_float(v->type) || v->rank != 1 || v->dims[0] != n)
        return stream_onnx_error(c, STREAM_UNSUPPORTED,
                                 "%s ('%s') must be a constant vector of %d floats", what, v->name,
                                 n);
    for (int32_t d = 0; d < n; ++d)
        out[d] = stream_onnx_get(v, d);
    return STREAM_OK;
}

static void no_change(const onnx_value *x, targets *t) {
    *t = (targets){.by_size = false};
    for (int32_t d = 0; d < x->rank; ++d)
        t->scale[d] = (onnx_axis_scale){x->dims[d], x->dims[d], 1, {0, 1}};
}

/* The axes that the node names, or all. */
static stream_status read_named_axes(onnx_ctx *c, int32_t rank, int64_t *axes, int32_t *n) {
    const int64_t *given = NULL;
    STREAM_TRY(stream_onnx_ints(c, "axes", &given, n));
    *n = *n < 0 ? rank : *n;
    if (*n > rank)
        return stream_onnx_error(c, STREAM_INVALID, "%d axes for rank %d", *n, rank);
    for (int32_t i = 0; i < *n; ++i) {
        int32_t axis = 0;
        STREAM_TRY(stream_onnx_axis(c, given ? given[i] : i, rank, &axis));
        axes[i] = axis;
    }
    return STREAM_OK;
}

/* Spreads values given for `axes` only (opset 18) over all dims. */
static stream_status read_targets(onnx_ctx *c, bool crop, targets *t) {
    const onnx_value *x = c->in[0];
    int64_t axes[STREAM_MAX_RANK];
    const int64_t *list = NULL;
    int32_t n = -1, n_sizes = 0;
    double values[STREAM_MAX_RANK], roi[2 * STREAM_MAX_RANK];
    no_change(x, t);
    STREAM_TRY(read_named_axes(c, x->rank, axes, &n));
    onnx_value *size_input = stream_onnx_input(c, 3), *scale_input = stream_onnx_input(c, 2);
    t->by_size = size_input && stream_onnx_elements(size_input) > 0;
    if (t->by_size)
        STREAM_TRY(stream_onnx_const_ints(c, 3, "the sizes", &list, &n_sizes));
    else if (scale_input)
        STREAM_TRY(read_floats(c, 2, "the scales", n, values));
    else
        return stream_onnx_error(c, STREAM_INVALID, "neither scales nor sizes are given");
    if (t->by_size && n_sizes != n)
        return stream_onnx_error(c, STREAM_INVALID, "%d sizes for %d dimensions", n_sizes, n);
    if (crop && !stream_onnx_input(c, 1))
        return stream_onnx_error(c, STREAM_INVALID, "tf_crop_and_resize needs the input 'roi'");
    if (crop)
        STREAM_TRY(read_floats(c, 1, "the region", 2 * n, roi));
    for (int32_t i = 0; i < n; ++i) {
        onnx_axis_scale *a = &t->scale[axes[i]];
        t->axis[axes[i]] = true;
        a->out = t->by_size ? list[i] : 0;
        a->scale = t->by_size ? (double)list[i] / (double)a->in : values[i];
        a->roi[0] = crop ? roi[i] : 0;
        a->roi[1] = crop ? roi[n + i] : 1;
    }
    return STREAM_OK;
}

/* One scale for all named axes: the smallest or the largest. */
static stream_status keep_aspect(onnx_ctx *c, const char *policy, targets *t) {
    bool larger = !strcmp(policy, "not_smaller");
    double scale = larger ? 0 : (double)INFINITY;
    if (!strcmp(policy, "stretch") || !t->by_size)
        return STREAM_OK;
    if (!larger && strcmp(policy, "not_larger") != 0)
        return stream_onnx_error(c, STREAM_INVALID, "keep_aspect_ratio_policy '%.40s'", policy);
    for (int32_t d = 0; d < c->in[0]->rank; ++d)
        if (t->axis[d])
            scale = larger ? fmax(scale, t->scale[d].scale) : fmin(scale, t->scale[d].scale);
    for (int32_t d = 0; d < c->in[0]->rank; ++d) {
        double out = floor(scale * (double)t->scale[d].in + 0.5);
        if (!t->axis[d])
            continue;
        t->scale[d].scale = scale;
        t->scale[d].out = out <= MAX_INDEX ? (int64_t)out : -1;
    }
    return STREAM_OK;
}

/* Interpolation in f32 (or f64), whatever the type; nearest only moves elements. */
static stream_status resize_axes(onnx_ctx *c, const onnx_resampling *r, targets *t) {
    onnx_value *x = c->in[0];
    onnx_type type = x->type;
    STREAM_TRY(stream_onnx_resample_check(c, r));
    STREAM_TRY(stream_onnx_want_elements(c));
    if (r->kind != ONNX_NEAREST && !stream_onnx_is_float(type))
        return stream_onnx_error(c, STREAM_UNSUPPORTED, "interpolation of %s is not supported",
                                 stream_onnx_type_name(type));
    for (int32_t d = 0; d < x->rank; ++d) {
        onnx_axis_scale *a = &t->scale[d];
        double out = t->by_size ? (double)a->out : floor((double)a->in * a->scale);
        if (!(a->scale > 0) || !(out >= 1 && out <= MAX_INDEX))
            return stream_onnx_error(c, STREAM_INVALID, "dimension %d of %lld scaled by %g", d,
                                     (long long)a->in, a->scale);
        a->out = (int64_t)out;
    }
    if (r->kind != ONNX_NEAREST)
        x = stream_onnx_narrow(c, x, stream_onnx_computing(type));
    for (int32_t d = 0; d < x->rank; ++d) {
        const onnx_axis_scale *a = &t->scale[d];
        bool same = a->out == a->in && a->scale == 1 && a->roi[0] == 0 && a->roi[1] == 1;
        if (!same)
            STREAM_TRY(stream_onnx_resample(c, r, a, x, d, &x));
    }
    c->out[0] = stream_onnx_narrow(c, x, type);
    return STREAM_OK;
}

static stream_status read_mode(onnx_ctx *c, onnx_interpolation *kind) {
    const char *mode = NULL;
    STREAM_TRY(stream_onnx_string(c, "mode", "nearest", &mode));
    *kind = !strcmp(mode, "nearest") ? ONNX_NEAREST
            : !strcmp(mode, "cubic") ? ONNX_CUBIC
                                     : ONNX_LINEAR;
    if (*kind == ONNX_LINEAR && strcmp(mode, "linear") != 0 && strcmp(mode, "bilinear") != 0)
        return stream_onnx_error(c, STREAM_UNSUPPORTED, "mode '%.40s' is not supported", mode);
    return STREAM_OK;
}

static stream_status resize(onnx_ctx *c) {
    onnx_resampling r = {.kind = ONNX_NEAREST};
    const char *policy = NULL;
    targets t;
    STREAM_TRY(read_mode(c, &r.kind));
    STREAM_TRY(
        stream_onnx_string(c, "coordinate_transformation_mode", "half_pixel", &r.coordinate));
    STREAM_TRY(stream_onnx_string(c, "nearest_mode", "round_prefer_floor", &r.nearest));
    STREAM_TRY(stream_onnx_string(c, "keep_aspect_ratio_policy", "stretch", &policy));
    STREAM_TRY(stream_onnx_float(c, "cubic_coeff_a", -0.75, &r.cubic));
    STREAM_TRY(stream_onnx_float(c, "extrapolation_value", 0, &r.extrapolation));
    STREAM_TRY(stream_onnx_flag(c, "exclude_outside", false, &r.exclude_outside));
    STREAM_TRY(stream_onnx_flag(c, "antialias", false, &r.antialias));
    STREAM_TRY(read_targets(c, !strcmp(r.coordinate, "tf_crop_and_resize"), &t));
    STREAM_TRY(keep_aspect(c, policy, &t));
    return resize_axes(c, &r, &t);
}

/* Upsample, and Resize of opset 10: i / scale, rounded down where it is not interpolated. */
static stream_status by_scales(onnx_ctx *c, const double *scales) {
    onnx_resampling r = {.coordinate = "asymmetric", .nearest = "floor"};
    targets t;
    STREAM_TRY(read_mode(c, &r.kind));
    no_change(c->in[0], &t);
    for (int32_t d = 0; d < c->in[0]->rank; ++d)
        t.scale[d].scale = scales[d];
    return resize_axes(c, &r, &t);
}

static stream_status upsample(onnx_ctx *c) {
    double scales[STREAM_MAX_RANK];
    STREAM_TRY(read_floats(c, 1, "the scales", c->in[0]->rank, scales));
    return by_scales(c, scales);
}

static stream_status upsample_attribute(onnx_ctx *c) {
    double scales[STREAM_MAX_RANK];
    const Onnx__AttributeProto *a = stream_onnx_attribute(c, "scales");
    if (!a || a->n_floats != (size_t)c->in[0]->rank)
        return stream_onnx_error(c, STREAM_INVALID, "attribute 'scales' must have %d floats",
                                 c->in[0]->rank);
    for (size_t d = 0; d < a->n_floats; ++d)
        scales[d] = (double)a->floats[d];
    return by_scales(c, scales);
}

static const onnx_row rows[] = {
    {"Resize", NULL, 10, 2, 2, ONNX_NUMBER, upsample},
    {"Resize", NULL, 11, 1, 4, ONNX_NUMBER, resize},
    {"Upsample", NULL, 7, 1, 1, ONNX_NUMBER, upsample_attribute},
    {"Upsample", NULL, 9, 2, 2, ONNX_NUMBER, upsample},
};

ONNX_FAMILY(stream_onnx_resize, rows);
