/* Operators over the order of the elements along one axis: ArgMax, ArgMin, Hardmax, TopK, CumSum.
 *
 * Positions are compared inside the bodies (linalg.index), so that every operator is a reduction or
 * an elementwise op of one result; those that compare all pairs cost the square of the axis. */

#include "onnx_contract.h"
#include "onnx_elementwise.h"
#include "onnx_index.h"
#include "onnx_reduce.h"

#include "stream/support/integer.h"

#include <stdio.h>
#include <string.h>

/* The axis of the node, with the value that is compared: half precision as f32. */
typedef struct {
    onnx_value *x;
    int32_t axis;
    int64_t n; /* elements along the axis */
    onnx_type type;
    bool mask[STREAM_MAX_RANK];
} line;

static stream_status read_line(onnx_ctx *c, int64_t fallback, line *l) {
    int64_t given = 0;
    *l = (line){.x = c->in[0], .type = stream_onnx_computing(c->in[0]->type)};
    STREAM_TRY(stream_onnx_int(c, "axis", fallback, &given));
    STREAM_TRY(stream_onnx_want_elements(c));
    STREAM_TRY(stream_onnx_axis(c, given, l->x->rank, &l->axis));
    l->n = l->x->dims[l->axis];
    l->mask[l->axis] = true;
    return STREAM_OK;
}

static char *kinds_of(onnx_ctx *c, int32_t n, int32_t reduction) {
    char *kinds = stream_arena_alloc(c->arena, (size_t)n + 1, 1);
    memset(kinds, 'p', (size_t)n);
    kinds[reduction] = 'r';
    return kinds;
}

/* x is as good as the best of its line; a NaN beats every number. */
static onnx_scalar is_best(onnx_ctx *c, onnx_scalar x, onnx_scalar best) {
    onnx_scalar same = stream_onnx_s_compare(c, "eq", x, best);
    if (!stream_onnx_is_float(x.type))
        return same;
    return stream_onnx_s_op2(c, "arith.ori", same, stream_onnx_s_compare(c, "ne", x, x));
}

/* First (or last) position of the largest ('>') or smallest ('<') element, INT64, without the axis:
 * the least (greatest) position whose element equals the best one. */
static onnx_value *position(onnx_ctx *c, line *l, char op, bool last, const char *suffix) {
    onnx_value *x = l->x;
    onnx_reduction r = {.x = x, .factor = 1, .mask = l->mask, .op = op, .acc = l->type};
    onnx_value *best = stream_onnx_reduce_emit(c, &r, ".best");
    double none = last ? -1 : (double)l->n;
    const char *kept = stream_onnx_kept_map(c, x->rank, l->mask);
    onnx_value *init = stream_onnx_fill(c, ONNX_INT64, none, best->rank, best->dims);
    stream_onnx_g_begin(c, kinds_of(c, x->rank, l->axis));
    onnx_scalar v = stream_onnx_g_in(c, x, stream_onnx_dims_map(c, x->rank, NULL));
    onnx_scalar b = stream_onnx_g_in(c, best, kept), out = stream_onnx_g_out(c, init, kept);
    onnx_scalar hit = is_best(c, stream_onnx_s_cast(c, v, l->type), b);
    onnx_scalar at = stream_onnx_s_index(c, l->axis, ONNX_INT64);
    at = stream_onnx_s_select(c, hit, at, stream_onnx_s_number(c, ONNX_INT64, none));
    return stream_onnx_g_end(c, stream_onnx_s_arith(c, last ? '>' : '<', out, at), suffix);
}

static stream_status arg_best(onnx_ctx *c, char op) {
    line l;
    bool keep = true, last = false;
    int64_t dims[STREAM_MAX_RANK];
    int32_t n = 0;
    STREAM_TRY(read_line(c, 0, &l));
    STREAM_TRY(stream_onnx_flag(c, "keepdims", true, &keep));
    STREAM_TRY(stream_onnx_flag(c, "select_last_index", false, &last));
    for (int32_t d = 0; d < l.x->rank; ++d)
        if (d != l.axis || keep)
            dims[n++] = d == l.axis ? 1 : l.x->dims[d];
    c->out[0] = stream_onnx_reshape_to(c, position(c, &l, op, last, ""), n, dims);
    return STREAM_OK;
}

static stream_status arg_max(onnx_ctx *c) {
    return arg_best(c, '>');
}
static stream_status arg_min(onnx_ctx *c) {
    return arg_best(c, '<');
}

/* 1 at the first largest element of each line, otherwise 0. */
static stream_status hardmax(onnx_ctx *c) {
    line l;
    STREAM_TRY(read_line(c, c->opset < 13 ? 1 : -1, &l));
    if (c->opset < 13 && l.axis != l.x->rank - 1)
        return stream_onnx_error(c, STREAM_UNSUPPORTED,
                                 "before opset 13, only the last axis is supported");
    onnx_value *best = position(c, &l, '>', false, ".position");
    stream_onnx_g_begin(c, stream_onnx_parallel(c, l.x->rank));
    onnx_scalar b = stream_onnx_g_in(c, best, stream_onnx_kept_map(c, l.x->rank, l.mask));
    stream_onnx_map_out(c, l.x->type, l.x->rank, l.x->dims);
    onnx_scalar hit = stream_onnx_s_compare(c, "eq", b, stream_onnx_s_index(c, l.axis, ONNX_INT64));
    onnx_scalar one = stream_onnx_s_number(c, l.x->type, 1);
    onnx_scalar zero = stream_onnx_s_number(c, l.x->type, 0);
    c->out[0] = stream_onnx_g_end(c, stream_onnx_s_select(c, hit, one, zero), "");
    return STREAM_OK;
}

/* A constant scalar or one-element vector. */
static stream_status read_scalar(onnx_ctx *c, int32_t input, const char *what, int64_t *out) {
    const int64_t *list = NULL;
    int32_t n = 0;
    STREAM_TRY(stream_onnx_const_ints(c, input, what, &list, &n));
    if (n != 1)
        return stream_onnx_error(c, STREAM_INVALID, "%s has %d elements, not 1", what, n);
    *out = list[0];
    return STREAM_OK;
}

/* Which element comes first in the result: better, or as good and before. A NaN is the largest. */
static onnx_scalar precedes(onnx_ctx *c, bool largest, onnx_scalar a, onnx_scalar b,
                            onnx_scalar before) {
    onnx_scalar better = stream_onnx_s_compare(c, largest ? "gt" : "lt", a, b);
    onnx_scalar same = stream_onnx_s_compare(c, "eq", a, b);
    if (stream_onnx_is_float(a.type)) {
        onnx_scalar na = stream_onnx_s_compare(c, "ne", a, a);
        onnx_scalar nb = stream_onnx_s_compare(c, "ne", b, b);
        onnx_scalar one = stream_onnx_s_op2(c, "arith.xori", na, nb);
        onnx_scalar wins = stream_onnx_s_op2(c, "arith.andi", one, largest ? na : nb);
        better = stream_onnx_s_op2(c, "arith.ori", better, wins);
        same = stream_onnx_s_op2(c, "arith.ori", same, stream_onnx_s_op2(c, "arith.andi", na, nb));
    }
    same = stream_onnx_s_op2(c, "arith.andi", same, before);
    return stream_onnx_s_op2(c, "arith.ori", better, same);
}

/* How many elements of the line come before each one. Loops: the dims of x, then the others. */
static onnx_value *ranks(onnx_ctx *c, const line *l, bool largest) {
    onnx_value *x = l->x;
    char other[16];
    const char *all = stream_onnx_dims_map(c, x->rank, NULL);
    snprintf(other, sizeof other, "d%d", x->rank);
    onnx_value *init = stream_onnx_fill(c, ONNX_INT64, 0, x->rank, x->dims);
    stream_onnx_g_begin(c, kinds_of(c, x->rank + 1, x->rank));
    onnx_scalar own = stream_onnx_g_in(c, x, all);
    onnx_scalar their =
        stream_onnx_g_in(c, x, stream_onnx_replaced_map(c, x->rank, l->axis, other));
    onnx_scalar out = stream_onnx_g_out(c, init, all);
    own = stream_onnx_s_cast(c, own, l->type);
    their = stream_onnx_s_cast(c, their, l->type);
    onnx_scalar before = stream_onnx_s_compare(c, "lt", stream_onnx_s_index(c, x->rank, ONNX_INT64),
                                               stream_onnx_s_index(c, l->axis, ONNX_INT64));
    onnx_scalar first = precedes(c, largest, their, own, before);
    out = stream_onnx_s_arith(c, '+', out, stream_onnx_s_cast(c, first, ONNX_INT64));
    return stream_onnx_g_end(c, out, ".rank");
}

/* y[.., r, ..] = x (or its position) where the rank is r. */
static onnx_value *pick(onnx_ctx *c, const line *l, onnx_value *rank, int64_t k, bool positions) {
    onnx_value *x = l->x;
    int64_t dims[STREAM_MAX_RANK];
    char other[16];
    memcpy(dims, x->dims, sizeof dims);
    dims[l->axis] = k;
    snprintf(other, sizeof other, "d%d", x->rank);
    const char *from = stream_onnx_replaced_map(c, x->rank, l->axis, other);
    onnx_value *init = stream_onnx_fill(c, positions ? ONNX_INT64 : x->type, 0, x->rank, dims);
    onnx_scalar v = {0};
    stream_onnx_g_begin(c, kinds_of(c, x->rank + 1, x->rank));
    onnx_scalar r = stream_onnx_g_in(c, rank, from);
    if (!positions)
        v = stream_onnx_g_in(c, x, from);
    onnx_scalar out = stream_onnx_g_out(c, init, stream_onnx_dims_map(c, x->rank, NULL));
    if (positions)
        v = stream_onnx_s_index(c, x->rank, ONNX_INT64);
    onnx_scalar hit =
        stream_onnx_s_compare(c, "eq", r, stream_onnx_s_index(c, l->axis, ONNX_INT64));
    return stream_onnx_g_end(c, stream_onnx_s_select(c, hit, v, out), positions ? ".indices" : "");
}

static stream_status top_k(onnx_ctx *c) {
    line l;
    int64_t k = 0;
    bool largest = true, sorted = true;
    STREAM_TRY(read_line(c, -1, &l));
    STREAM_TRY(stream_onnx_flag(c, "sorted", true, &sorted)); /* sorted is allowed in any case */
    if (c->opset >= 11)
        STREAM_TRY(stream_onnx_flag(c, "largest", true, &largest));
    if (c->opset < 10)
        STREAM_TRY(stream_onnx_int(c, "k", 0, &k));
    else
        STREAM_TRY(read_scalar(c, 1, "k", &k));
    if (l.x->rank >= STREAM_MAX_RANK || k < 1 || k > l.n)
        return stream_onnx_error(c, STREAM_UNSUPPORTED, "%lld of %lld elements, rank %d",
                                 (long long)k, (long long)l.n, l.x->rank);
    onnx_value *rank = ranks(c, &l, largest);
    c->out[0] = pick(c, &l, rank, k, false);
    if (c->node->n_output > 1)
        c->out[1] = pick(c, &l, rank, k, true);
    return STREAM_OK;
}

/* y[i] = the sum over k <= i (exclusive: k < i; reverse: k >= i, k > i) of x[k] */
static stream_status cum_sum(onnx_ctx *c) {
    onnx_value *x = c->in[0];
    bool exclusive = false, reverse = false;
    int64_t given = 0;
    int32_t axis = 0, k = x->rank;
    char other[16];
    STREAM_TRY(stream_onnx_flag(c, "exclusive", false, &exclusive));
    STREAM_TRY(stream_onnx_flag(c, "reverse", false, &reverse));
    STREAM_TRY(read_scalar(c, 1, "the axis", &given));
    STREAM_TRY(stream_onnx_axis(c, given, x->rank, &axis));
    STREAM_TRY(stream_onnx_want_elements(c));
    if (x->rank >= STREAM_MAX_RANK)
        return stream_onnx_error(c, STREAM_UNSUPPORTED, "rank %d", x->rank);
    onnx_type acc = stream_onnx_computing(x->type);
    const char *all = stream_onnx_dims_map(c, x->rank, NULL);
    snprintf(other, sizeof other, "d%d", k);
    onnx_value *init = stream_onnx_fill(c, acc, 0, x->rank, x->dims);
    stream_onnx_g_begin(c, kinds_of(c, k + 1, k));
    onnx_scalar v = stream_onnx_g_in(c, x, stream_onnx_replaced_map(c, x->rank, axis, other));
    onnx_scalar out = stream_onnx_g_out(c, init, all);
    const char *rule = reverse ? (exclusive ? "gt" : "ge") : exclusive ? "lt" : "le";
    onnx_scalar counts = stream_onnx_s_compare(c, rule, stream_onnx_s_index(c, k, ONNX_INT64),
                                               stream_onnx_s_index(c, axis, ONNX_INT64));
    v = stream_onnx_s_arith(c, '+', out, stream_onnx_s_cast(c, v, acc));
    onnx_value *sum = stream_onnx_g_end(c, stream_onnx_s_select(c, counts, v, out), "");
    c->out[0] = stream_onnx_narrow(c, sum, x->type);
    return STREAM_OK;
}

static const onnx_row rows[] = {
    {"ArgMax", NULL, 1, 1, 1, ONNX_NUMBER, arg_max},
    {"ArgMin", NULL, 1, 1, 1, ONNX_NUMBER, arg_min},
    {"Hardmax", NULL, 1, 1, 1, ONNX_FLOATING, hardmax},
    {"TopK", NULL, 1, 1, 1, ONNX_NUMBER, top_k},
    {"TopK", NULL, 10, 2, 2, ONNX_NUMBER, top_k},
    {"CumSum", NULL, 11, 2, 2, ONNX_NUMBER, cum_sum},
};

ONNX_FAMILY(stream_onnx_order, rows);
