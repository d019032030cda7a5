/* LpPool, GlobalLpPool and the indices of MaxPool. */

#include "onnx_contract.h"
#include "onnx_elementwise.h"
#include "onnx_index.h"
#include "onnx_pool.h"

#include <stdio.h>
#include <string.h>

/* Loops n, c, out..., kernel...: their kinds, and the maps of input and window. */
typedef struct {
    char kinds[2 * STREAM_MAX_RANK + 1];
    char in[STREAM_MAX_RANK * 64], window[STREAM_MAX_RANK * 8];
    const char *out;
} loops;

static loops window_loops(onnx_ctx *c, const onnx_window *w) {
    loops l = {.out = stream_onnx_dims_map(c, w->n + 2, NULL)};
    stream_text map = {0};
    size_t at = 0;
    memset(l.kinds, 'p', (size_t)w->n + 2);
    memset(l.kinds + w->n + 2, 'r', (size_t)w->n);
    stream_text_str(&map, "d0, d1");
    stream_onnx_print_window_map(&map, w, 2, w->n + 2);
    snprintf(l.in, sizeof l.in, "%s", map.data);
    stream_text_free(&map);
    for (int32_t d = 0; d < w->n; ++d)
        at += (size_t)snprintf(l.window + at, sizeof l.window - at, "%sd%d", d ? ", " : "",
                               w->n + 2 + d);
    return l;
}

/* The coordinate in the input of spatial dim d, as INT64. */
static onnx_scalar coordinate(onnx_ctx *c, const onnx_window *w, int32_t d) {
    onnx_scalar o = stream_onnx_s_index(c, 2 + d, ONNX_INT64);
    onnx_scalar k = stream_onnx_s_index(c, w->n + 2 + d, ONNX_INT64);
    o = stream_onnx_s_arith(c, '*', o, stream_onnx_s_number(c, ONNX_INT64, (double)w->stride[d]));
    k = stream_onnx_s_arith(c, '*', k, stream_onnx_s_number(c, ONNX_INT64, (double)w->dilation[d]));
    o = stream_onnx_s_arith(c, '+', o, k);
    return stream_onnx_s_arith(c, '-', o, stream_onnx_s_number(c, ONNX_INT64, (double)w->low[d]));
}

/* at * size + next */
static onnx_scalar append(onnx_ctx *c, onnx_scalar at, int64_t size, onnx_scalar next) {
    at = stream_onnx_s_arith(c, '*', at, stream_onnx_s_number(c, ONNX_INT64, (double)size));
    return stream_onnx_s_arith(c, '+', at, next);
}

/* The position of the element that the loops stand at. *inside: it is no padding. */
static onnx_scalar position(onnx_ctx *c, const onnx_window *w, bool column_major,
                            onnx_scalar *inside) {
    onnx_scalar at = stream_onnx_s_index(c, 0, ONNX_INT64);
    at = append(c, at, c->in[0]->dims[1], stream_onnx_s_index(c, 1, ONNX_INT64));
    *inside = stream_onnx_s_number(c, ONNX_BOOL, 1);
    for (int32_t i = 0; i < w->n; ++i) {
        int32_t d = column_major ? w->n - 1 - i : i;
        onnx_scalar x = coordinate(c, w, d);
        onnx_scalar low = stream_onnx_s_number(c, ONNX_INT64, 0);
        onnx_scalar end = stream_onnx_s_number(c, ONNX_INT64, (double)w->in[d]);
        onnx_scalar in = stream_onnx_s_op2(c, "arith.andi", stream_onnx_s_compare(c, "ge", x, low),
                                           stream_onnx_s_compare(c, "lt", x, end));
        *inside = stream_onnx_s_op2(c, "arith.andi", *inside, in);
        at = append(c, at, w->in[d], x);
    }
    return at;
}

/* The least position in each window whose element is the largest (or a NaN). */
onnx_value *stream_onnx_pool_indices(onnx_ctx *c, const onnx_window *w, onnx_value *max,
                                     bool column_major) {
    onnx_value *x = c->in[0];
    double none = (double)stream_onnx_elements(x);
    loops l = window_loops(c, w);
    onnx_value *padded = stream_onnx_window_pad(c, w, x, stream_onnx_least(x->type));
    onnx_value *window = stream_onnx_empty(c, x->type, w->n, w->kernel);
    onnx_value *init = stream_onnx_fill(c, ONNX_INT64, none, max->rank, max->dims);
    onnx_scalar inside = {0};
    stream_onnx_g_begin(c, l.kinds);
    onnx_scalar v = stream_onnx_g_in(c, padded, l.in);
    onnx_scalar best = stream_onnx_g_in(c, max, l.out);
    stream_onnx_g_in(c, window, l.window);
    onnx_scalar out = stream_onnx_g_out(c, init, l.out);
    onnx_scalar hit = stream_onnx_s_compare(c, "eq", v, best);
    if (stream_onnx_is_float(x->type))
        hit = stream_onnx_s_op2(c, "arith.ori", hit, stream_onnx_s_compare(c, "ne", v, v));
    onnx_scalar at = position(c, w, column_major, &inside);
    hit = stream_onnx_s_op2(c, "arith.andi", hit, inside);
    at = stream_onnx_s_select(c, hit, at, stream_onnx_s_number(c, ONNX_INT64, none));
    return stream_onnx_g_end(c, stream_onnx_s_arith(c, '<', out, at), ".indices");
}

static onnx_scalar power(onnx_ctx *c, onnx_scalar v, double exponent) {
    if (exponent == 1)
        return v;
    if (exponent == 2)
        return stream_onnx_s_arith(c, '*', v, v);
    if (exponent == 0.5)
        return stream_onnx_s_op1(c, "math.sqrt", v);
    return stream_onnx_s_op2(c, "math.powf", v, stream_onnx_s_number(c, v.type, exponent));
}

/* (sum |x|^p)^(1/p) over each window */
static stream_status norms(onnx_ctx *c, const onnx_window *w) {
    onnx_value *x = c->in[0];
    onnx_type acc = stream_onnx_accumulator(x->type);
    int64_t p = 0, dims[STREAM_MAX_RANK] = {x->dims[0], x->dims[1]};
    STREAM_TRY(stream_onnx_int(c, "p", 2, &p));
    if (p < 1 || p > INT32_MAX)
        return stream_onnx_error(c, STREAM_INVALID, "p is %lld", (long long)p);
    memcpy(dims + 2, w->out, (size_t)w->n * sizeof *dims);
    loops l = window_loops(c, w);
    onnx_value *padded = stream_onnx_window_pad(c, w, x, 0);
    onnx_value *window = stream_onnx_empty(c, x->type, w->n, w->kernel);
    onnx_value *init = stream_onnx_fill(c, acc, 0, x->rank, dims);
    stream_onnx_g_begin(c, l.kinds);
    onnx_scalar v = stream_onnx_g_in(c, padded, l.in);
    stream_onnx_g_in(c, window, l.window);
    onnx_scalar out = stream_onnx_g_out(c, init, l.out);
    v = stream_onnx_s_op1(c, "math.absf", stream_onnx_s_cast(c, v, acc));
    out = stream_onnx_s_arith(c, '+', out, power(c, v, (double)p));
    onnx_value *sum = stream_onnx_g_end(c, out, p == 1 ? "" : ".sum");
    if (p == 1) {
        c->out[0] = stream_onnx_narrow(c, sum, x->type);
        return STREAM_OK;
    }
    v = power(c, stream_onnx_map_begin(c, sum, x->type), 1 / (double)p);
    c->out[0] = stream_onnx_g_end(c, stream_onnx_s_cast(c, v, x->type), "");
    return STREAM_OK;
}

static stream_status lp_pool(onnx_ctx *c) {
    onnx_window w;
    STREAM_TRY(stream_onnx_want_spatial(c));
    STREAM_TRY(stream_onnx_window(c, c->in[0]->rank - 2, c->in[0]->dims + 2, NULL, &w));
    return norms(c, &w);
}

static stream_status global_lp_pool(onnx_ctx *c) {
    STREAM_TRY(stream_onnx_want_spatial(c));
    onnx_window w = stream_onnx_whole_window(c->in[0]);
    return norms(c, &w);
}

static const onnx_row rows[] = {
    {"LpPool", NULL, 2, 1, 1, ONNX_FLOATING, lp_pool},
    {"GlobalLpPool", NULL, 2, 1, 1, ONNX_FLOATING, global_lp_pool},
};

ONNX_FAMILY(stream_onnx_pool_more, rows);
