/* LayerNormalization, RMSNormalization, InstanceNormalization, GroupNormalization and
 * MeanVarianceNormalization. */

#include "onnx_elementwise.h"
#include "onnx_reduce.h"

/* y = (x - mean) / sqrt(variance + eps) * scale + bias over the dims in `mask`.
 * scale, bias  indexed by `map`, or (NULL) broadcast to x; NULL for none. rms: no mean. */
typedef struct {
    onnx_value *x, *scale, *bias;
    const char *map;
    const bool *mask;
    double epsilon, floor; /* floor: added to the root */
    bool rms, statistics;  /* statistics: outputs 1 and 2 are mean and 1 / root */
} normalization;

static onnx_scalar times(onnx_ctx *c, onnx_scalar v, double factor) {
    return stream_onnx_s_arith(c, '*', v, stream_onnx_s_number(c, v.type, factor));
}

static onnx_scalar weight(onnx_ctx *c, const normalization *k, onnx_value *v) {
    if (!v)
        return (onnx_scalar){0};
    if (k->map && !stream_onnx_is_scalar(v))
        return stream_onnx_g_in(c, v, k->map);
    return stream_onnx_g_in_broadcast(c, v, k->x->rank, k->x->dims);
}

/* sqrt(share * square sum + epsilon) + floor */
static onnx_scalar root(onnx_ctx *c, const normalization *k, onnx_scalar square, double share) {
    onnx_scalar v = times(c, square, share);
    if (k->epsilon != 0)
        v = stream_onnx_s_arith(c, '+', v, stream_onnx_s_number(c, v.type, k->epsilon));
    v = stream_onnx_s_op1(c, "math.sqrt", v);
    if (k->floor != 0)
        v = stream_onnx_s_arith(c, '+', v, stream_onnx_s_number(c, v.type, k->floor));
    return v;
}

/* A sum over the mask as an output: every masked dim becomes 1. */
static onnx_value *statistic(onnx_ctx *c, const normalization *k, onnx_value *sum, double share,
                             bool inverse, const char *suffix) {
    int64_t dims[STREAM_MAX_RANK];
    for (int32_t d = 0; d < k->x->rank; ++d)
        dims[d] = k->mask[d] ? 1 : k->x->dims[d];
    onnx_scalar v = stream_onnx_map_begin(c, sum, sum->type);
    v = inverse ? root(c, k, v, share) : times(c, v, share);
    if (inverse)
        v = stream_onnx_s_arith(c, '/', stream_onnx_s_number(c, v.type, 1), v);
    return stream_onnx_reshape_to(c, stream_onnx_g_end(c, v, suffix), k->x->rank, dims);
}

static void statistics(onnx_ctx *c, const normalization *k, onnx_value *sum, onnx_value *square,
                       double share) {
    if (c->node->n_output > 1 && *c->node->output[1] && sum)
        c->out[1] = statistic(c, k, sum, share, false, ".mean");
    if (c->node->n_output > 2 && *c->node->output[2])
        c->out[2] = statistic(c, k, square, share, true, ".inverse");
}

static onnx_value *normalize(onnx_ctx *c, const normalization *k) {
    onnx_value *x = k->x, *sum = NULL;
    onnx_type acc = stream_onnx_accumulator(x->type);
    double share = 1.0 / (double)stream_onnx_reduced(x, k->mask);
    onnx_reduction r = {.x = x, .factor = share, .mask = k->mask, .op = '+', .acc = acc};
    if (!k->rms)
        sum = stream_onnx_reduce_emit(c, &r, ".sum");
    r.shift = sum;
    r.before = ONNX_SQUARE;
    onnx_value *square = stream_onnx_reduce_emit(c, &r, ".square_sum");
    if (k->statistics)
        statistics(c, k, sum, square, share);
    const char *all = stream_onnx_dims_map(c, x->rank, NULL);
    const char *kept = stream_onnx_kept_map(c, x->rank, k->mask);
    onnx_value *empty = stream_onnx_empty(c, x->type, x->rank, x->dims);
    onnx_scalar mean = {0};
    stream_onnx_g_begin(c, stream_onnx_parallel(c, x->rank));
    onnx_scalar v = stream_onnx_g_in(c, x, all), spread = stream_onnx_g_in(c, square, kept);
    if (sum)
        mean = stream_onnx_g_in(c, sum, kept);
    onnx_scalar scale = weight(c, k, k->scale), bias = weight(c, k, k->bias);
    stream_onnx_g_out(c, empty, all);
    v = stream_onnx_s_cast(c, v, acc);
    if (sum)
        v = stream_onnx_s_arith(c, '-', v, times(c, mean, share));
    v = stream_onnx_s_arith(c, '/', v, root(c, k, spread, share));
    if (k->scale)
        v = stream_onnx_s_arith(c, '*', v, stream_onnx_s_cast(c, scale, acc));
    if (k->bias)
        v = stream_onnx_s_arith(c, '+', v, stream_onnx_s_cast(c, bias, acc));
    return stream_onnx_g_end(c, stream_onnx_s_cast(c, v, x->type), "");
}

/* Inputs first..last must broadcast to x without enlarging it. */
static stream_status want_broadcast(onnx_ctx *c, int32_t i) {
    const onnx_value *x = c->in[0], *v = stream_onnx_input(c, i);
    for (int32_t d = 0; v && d < v->rank; ++d) {
        int32_t to = d + x->rank - v->rank;
        if (to < 0 || (v->dims[d] != 1 && v->dims[d] != x->dims[to]))
            return stream_onnx_error(c, STREAM_INVALID,
                                     "input %d ('%s') does not broadcast to the "
                                     "input",
                                     i, v->name);
    }
    return STREAM_OK;
}

static stream_status from_axis(onnx_ctx *c, bool rms) {
    normalization k = {
        .x = c->in[0], .scale = c->in[1], .bias = stream_onnx_input(c, 2), .rms = rms};
    k.statistics = !rms;
    bool mask[STREAM_MAX_RANK] = {false};
    int64_t given = 0, stash = 1;
    int32_t axis = 0;
    STREAM_TRY(stream_onnx_int(c, "axis", -1, &given));
    STREAM_TRY(stream_onnx_axis(c, given, k.x->rank, &axis));
    STREAM_TRY(stream_onnx_float(c, "epsilon", 1e-5f, &k.epsilon));
    STREAM_TRY(stream_onnx_int(c, "stash_type", 1, &stash)); /* we compute in f32 or f64 */
    STREAM_TRY(stream_onnx_same_types(c, 0, 2));
    STREAM_TRY(want_broadcast(c, 1));
    STREAM_TRY(want_broadcast(c, 2));
    for (int32_t d = axis; d < k.x->rank; ++d)
        mask[d] = true;
    k.mask = mask;
    c->out[0] = normalize(c, &k);
    return STREAM_OK;
}

static stream_status layer_normalization(onnx_ctx *c) {
    return from_axis(c, false);
}
static stream_status rms_normalization(onnx_ctx *c) {
    return from_axis(c, true);
}

static stream_status instance_normalization(onnx_ctx *c) {
    bool mask[STREAM_MAX_RANK] = {false};
    onnx_value *x = c->in[0];
    normalization k = {.x = x, .mask = mask};
    if (x->rank < 3)
        return stream_onnx_error(c, STREAM_INVALID, "the input has rank %d, expected 3 or more",
                                 x->rank);
    STREAM_TRY(stream_onnx_float(c, "epsilon", 1e-5f, &k.epsilon));
    STREAM_TRY(stream_onnx_same_types(c, 0, 2));
    STREAM_TRY(stream_onnx_want_vector(c, 1, x->dims[1]));
    STREAM_TRY(stream_onnx_want_vector(c, 2, x->dims[1]));
    for (int32_t d = 2; d < x->rank; ++d)
        mask[d] = true;
    k.scale = c->in[1];
    k.bias = c->in[2];
    k.map = "d1";
    c->out[0] = normalize(c, &k);
    return STREAM_OK;
}

/* [C] as [G, C/G], indexed by d1, d2; before opset 21 it is [G], indexed by d1. */
static onnx_value *per_group(onnx_ctx *c, onnx_value *v, int64_t groups) {
    int64_t dims[2] = {groups, v->dims[0] / groups};
    return c->opset < 21 ? v : stream_onnx_reshape_to(c, v, 2, dims);
}

static stream_status group_normalization(onnx_ctx *c) {
    bool mask[STREAM_MAX_RANK] = {false};
    int64_t groups = 0, dims[STREAM_MAX_RANK];
    onnx_value *x = c->in[0];
    normalization k = {.mask = mask};
    STREAM_TRY(stream_onnx_float(c, "epsilon", 1e-5f, &k.epsilon));
    STREAM_TRY(stream_onnx_int(c, "num_groups", 0, &groups));
    stream_onnx_ignore(c, "stash_type");
    STREAM_TRY(stream_onnx_same_types(c, 0, 2));
    if (x->rank < 3 || x->rank >= STREAM_MAX_RANK || groups < 1 || x->dims[1] % groups)
        return stream_onnx_error(c, STREAM_INVALID, "an input of rank %d cannot have %lld groups",
                                 x->rank, (long long)groups);
    int64_t parameters = c->opset < 21 ? groups : x->dims[1];
    STREAM_TRY(stream_onnx_want_vector(c, 1, parameters));
    STREAM_TRY(stream_onnx_want_vector(c, 2, parameters));
    dims[0] = x->dims[0];
    dims[1] = groups;
    dims[2] = x->dims[1] / groups;
    for (int32_t d = 2; d < x->rank; ++d)
        dims[d + 1] = x->dims[d];
    for (int32_t d = 2; d <= x->rank; ++d)
        mask[d] = true;
    k.x = stream_onnx_reshape_to(c, x, x->rank + 1, dims);
    k.scale = per_group(c, c->in[1], groups);
    k.bias = per_group(c, c->in[2], groups);
    k.map = c->opset < 21 ? "d1" : "d1, d2";
    c->out[0] = stream_onnx_reshape_to(c, normalize(c, &k), x->rank, x->dims);
    return STREAM_OK;
}

/* (x - mean) / (deviation + 1e-9) over the given axes. */
static stream_status mean_variance_normalization(onnx_ctx *c) {
    bool mask[STREAM_MAX_RANK] = {false}, present = false;
    onnx_value *x = c->in[0];
    normalization k = {.x = x, .mask = mask, .floor = 1e-9};
    STREAM_TRY(stream_onnx_axes(c, "axes", -1, x->rank, mask, &present));
    if (!present && x->rank != 4)
        return stream_onnx_error(c, STREAM_INVALID, "rank %d needs the attribute 'axes'", x->rank);
    for (int32_t d = 0; !present && d < 4; ++d)
        mask[d] = d != 1;
    STREAM_TRY(stream_onnx_want_elements(c));
    c->out[0] = normalize(c, &k);
    return STREAM_OK;
}

static const onnx_row rows[] = {
    {"LayerNormalization", NULL, 17, 2, 3, ONNX_FLOATING, layer_normalization},
    {"RMSNormalization", NULL, 23, 2, 2, ONNX_FLOATING, rms_normalization},
    {"InstanceNormalization", NULL, 6, 3, 3, ONNX_FLOATING, instance_normalization},
    {"GroupNormalization", NULL, 18, 3, 3, ONNX_FLOATING, group_normalization},
    {"MeanVarianceNormalization", NULL, 9, 1, 1, ONNX_FLOATING, mean_variance_normalization},
};

ONNX_FAMILY(stream_onnx_normalize, rows);
