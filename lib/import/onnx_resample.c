/* Coordinates, taps and weights of Resize; see onnx_resample.h.
 *
 *   y[i] = bias[i] + sum_k weight[i, k] * x[index[i, k]]
 *
 * with constant tables. The taps stand around the coordinate: `left` is the last element before it,
 * which makes a coordinate that is an element the right neighbour; indices stop at the edges. */

#include "onnx_resample.h"

#include "onnx_elementwise.h"
#include "onnx_index.h"
#include "onnx_move.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum {
    MAX_TAPS = 1 << 22
};

static bool among(const char *s, const char *const *list, size_t n) {
    for (size_t i = 0; i < n; ++i)
        if (!strcmp(s, list[i]))
            return true;
    return false;
}

stream_status stream_onnx_resample_check(onnx_ctx *c, const onnx_resampling *r) {
    static const char *const coordinates[] = {"asymmetric",           "align_corners",
                                              "pytorch_half_pixel",   "half_pixel",
                                              "half_pixel_symmetric", "tf_crop_and_resize"};
    static const char *const roundings[] = {"floor", "ceil", "round_prefer_ceil",
                                            "round_prefer_floor"};
    if (!among(r->coordinate, coordinates, sizeof coordinates / sizeof coordinates[0]) ||
        !among(r->nearest, roundings, sizeof roundings / sizeof roundings[0]))
        return stream_onnx_error(c, STREAM_UNSUPPORTED,
                                 "coordinates '%.40s' with rounding '%.40s' are not supported",
                                 r->coordinate, r->nearest);
    if (r->antialias && r->kind == ONNX_NEAREST)
        return stream_onnx_error(c, STREAM_INVALID, "antialias needs mode 'linear' or 'cubic'");
    return STREAM_OK;
}

static double crop_coordinate(const onnx_axis_scale *a, double x, double width) {
    double span = a->roi[1] - a->roi[0], last = (double)(a->in - 1);
    double within = width == 1 ? span * last / 2 : x * span * last / (width - 1);
    return within + a->roi[0] * last;
}

/* The coordinate in the input of element i of the result. */
static double coordinate(const onnx_resampling *r, const onnx_axis_scale *a, int64_t i) {
    double x = (double)i, width = a->scale * (double)a->in, half = (x + 0.5) / a->scale - 0.5;
    const char *rule = r->coordinate;
    if (!strcmp(rule, "asymmetric"))
        return x / a->scale;
    if (!strcmp(rule, "align_corners"))
        return a->out == 1 ? 0 : x * (double)(a->in - 1) / (width - 1);
    if (!strcmp(rule, "tf_crop_and_resize"))
        return crop_coordinate(a, x, width);
    if (!strcmp(rule, "pytorch_half_pixel") && a->out == 1)
        return 0;
    if (strcmp(rule, "half_pixel_symmetric") != 0)
        return half;
    return (double)a->in / 2 * (1 - (double)a->out / width) + half;
}

static bool outside(const onnx_resampling *r, const onnx_axis_scale *a, double x) {
    return !strcmp(r->coordinate, "tf_crop_and_resize") && (x < 0 || x > (double)(a->in - 1));
}

static int64_t clamp(double y, int64_t n) {
    return !(y > 0) ? 0 : y >= (double)n ? n - 1 : (int64_t)y;
}

static int64_t rounded(const onnx_resampling *r, double x, int64_t n) {
    if (!strcmp(r->nearest, "floor"))
        return clamp(floor(x), n);
    if (!strcmp(r->nearest, "ceil"))
        return clamp(ceil(x), n);
    return clamp(!strcmp(r->nearest, "round_prefer_ceil") ? floor(x + 0.5) : ceil(x - 0.5), n);
}

/* Weight of an element at distance x from the coordinate, in steps of the result when shrinking. */
static double weight(const onnx_resampling *r, double x) {
    double a = r->cubic;
    x = fabs(x);
    if (r->kind == ONNX_LINEAR)
        return x < 1 ? 1 - x : 0;
    if (x <= 1)
        return ((a + 2) * x - (a + 3)) * x * x + 1;
    return x < 2 ? ((a * x - 5 * a) * x + 8 * a) * x - 4 * a : 0;
}

/* How far the weights reach when the kernel is stretched by antialiasing. */
static double stretch(const onnx_resampling *r, const onnx_axis_scale *a) {
    return r->antialias && a->scale < 1 ? a->scale : 1;
}

static int64_t tap_count(const onnx_resampling *r, const onnx_axis_scale *a) {
    if (r->kind == ONNX_NEAREST)
        return 1;
    double radius = r->kind == ONNX_LINEAR ? 1 : 2;
    double taps = 2 - 2 * (floor(-radius / stretch(r, a)) + 1);
    return taps <= MAX_TAPS ? (int64_t)taps : MAX_TAPS + 1;
}

typedef struct {
    int64_t n, taps;
    int64_t *index;        /* [n, taps] */
    double *weight, *bias; /* [n, taps], [n] */
    bool any_outside;
} tap_table;

static void fill_row(const onnx_resampling *r, const onnx_axis_scale *a, double x, int64_t *index,
                     double *weights, int64_t taps) {
    double left = ceil(x) - 1, sum = 0;
    for (int64_t k = 0; k < taps; ++k) {
        double at = left + (double)(k + 1 - taps / 2);
        bool inside = at >= 0 && at <= (double)(a->in - 1);
        index[k] = clamp(at, a->in);
        weights[k] = r->exclude_outside && !inside ? 0 : weight(r, (at - x) * stretch(r, a));
        sum += weights[k];
    }
    for (int64_t k = 0; k < taps && (r->exclude_outside || r->antialias) && sum != 0; ++k)
        weights[k] /= sum;
}

static tap_table build(onnx_ctx *c, const onnx_resampling *r, const onnx_axis_scale *a) {
    tap_table t = {.n = a->out, .taps = tap_count(r, a)};
    t.index = STREAM_NEW(c->arena, int64_t, (size_t)(t.n * t.taps));
    t.weight = STREAM_NEW(c->arena, double, (size_t)(t.n * t.taps));
    t.bias = STREAM_NEW(c->arena, double, (size_t)t.n);
    for (int64_t i = 0; i < t.n; ++i) {
        double x = coordinate(r, a, i);
        if (outside(r, a, x)) {
            t.bias[i] = r->extrapolation;
            t.any_outside = true;
        } else if (r->kind == ONNX_NEAREST) {
            t.index[i] = rounded(r, x, a->in);
            t.weight[i] = 1;
        } else {
            fill_row(r, a, x, t.index + i * t.taps, t.weight + i * t.taps, t.taps);
        }
    }
    return t;
}

static onnx_value *table(onnx_ctx *c, onnx_type type, const double *values, int32_t rank,
                         const int64_t *dims) {
    int64_t n = stream_onnx_count(rank, dims);
    size_t bytes = stream_onnx_bytes(type);
    uint8_t *data = stream_arena_alloc(c->arena, (size_t)n, bytes);
    for (int64_t i = 0; i < n; ++i)
        stream_onnx_store(type, data + (size_t)i * bytes, values[i]);
    return stream_onnx_constant_new(c, type, rank, dims, data, false);
}

static onnx_value *initial(onnx_ctx *c, const tap_table *t, onnx_type type, int32_t rank,
                           const int64_t *dims, int32_t axis) {
    bool kept[STREAM_MAX_RANK] = {false};
    if (!t->any_outside)
        return stream_onnx_fill(c, type, 0, rank, dims);
    kept[axis] = true;
    return stream_onnx_broadcast(c, table(c, type, t->bias, 1, &t->n), type, rank, dims, kept);
}

/* Loops: the dims of the result, then the taps. */
static onnx_value *emit(onnx_ctx *c, const tap_table *t, onnx_value *v, int32_t axis) {
    int64_t dims[STREAM_MAX_RANK], shape[2] = {t->n, t->taps};
    char kinds[STREAM_MAX_RANK + 2] = {0}, map[32], list[STREAM_MAX_RANK * 16] = "", suffix[16];
    int32_t rank = v->rank;
    size_t at = 0;
    memcpy(dims, v->dims, sizeof dims);
    dims[axis] = t->n;
    memset(kinds, 'p', (size_t)rank);
    kinds[rank] = 'r';
    snprintf(map, sizeof map, "d%d, d%d", axis, rank);
    snprintf(suffix, sizeof suffix, ".axis%d", axis);
    onnx_value *init = initial(c, t, v->type, rank, dims, axis);
    stream_onnx_g_begin(c, kinds);
    onnx_value *index = stream_onnx_constant_new(c, ONNX_INT64, 2, shape, t->index, false);
    onnx_scalar i = stream_onnx_g_in(c, index, map);
    onnx_scalar w = stream_onnx_g_in(c, table(c, v->type, t->weight, 2, shape), map);
    onnx_scalar sum = stream_onnx_g_out(c, init, stream_onnx_dims_map(c, rank, NULL));
    i = stream_onnx_s_to_index(c, i);
    for (int32_t d = 0; d < rank; ++d) {
        onnx_scalar s = d == axis ? i : stream_onnx_s_loop(c, d);
        at += (size_t)snprintf(list + at, sizeof list - at, "%s%%s%d", d ? ", " : "", s.id);
    }
    onnx_scalar x = stream_onnx_s_extract(c, v, list);
    sum = stream_onnx_s_arith(c, '+', sum, stream_onnx_s_arith(c, '*', x, w));
    return stream_onnx_g_end(c, sum, suffix);
}

stream_status stream_onnx_resample(onnx_ctx *c, const onnx_resampling *r, const onnx_axis_scale *a,
                                   onnx_value *v, int32_t axis, onnx_value **out) {
    if (tap_count(r, a) > MAX_TAPS / a->out || v->rank >= STREAM_MAX_RANK)
        return stream_onnx_error(c, STREAM_UNSUPPORTED, "axis %d: more than %d taps, or rank %d",
                                 axis, MAX_TAPS, v->rank);
    for (int64_t i = 0; i < a->out; ++i)
        if (!isfinite(coordinate(r, a, i)))
            return stream_onnx_error(c, STREAM_INVALID,
                                     "axis %d: element %lld of the result has no coordinate", axis,
                                     (long long)i);
    tap_table t = build(c, r, a);
    if (r->kind == ONNX_NEAREST && !t.any_outside) {
        *out = stream_onnx_take(c, v, axis, t.index, t.n);
        return STREAM_OK;
    }
    if (!stream_onnx_is_float(v->type))
        return stream_onnx_error(c, STREAM_UNSUPPORTED, "type %s is not supported",
                                 stream_onnx_type_name(v->type));
    *out = emit(c, &t, v, axis);
    return STREAM_OK;
}
