/* MaxPool, AveragePool and their global forms; LpPool and the indices are in onnx_pool_more.c. */

#include "onnx_pool.h"

#include "stream/support/integer.h"

#include <math.h>
#include <string.h>

enum {
    MAX_COUNTS = 1 << 20
};

double stream_onnx_least(onnx_type type) {
    if (stream_onnx_is_float(type))
        return -(double)INFINITY;
    return stream_onnx_is_unsigned(type) ? 0 : -ldexp(1, (int)(8 * stream_onnx_bytes(type)) - 1);
}

static void print_operands(onnx_ctx *c, onnx_value *x, const onnx_value *window,
                           const onnx_value *init) {
    stream_text_print(&c->body, "} ins(%s, %s : ", stream_onnx_ssa(c, x), window->ssa);
    stream_onnx_print_type(&c->body, x);
    stream_text_str(&c->body, ", ");
    stream_onnx_print_type(&c->body, window);
    stream_text_print(&c->body, ") outs(%s : ", init->ssa);
    stream_onnx_print_type(&c->body, init);
    stream_text_str(&c->body, ") -> ");
    stream_onnx_print_type(&c->body, init);
}

static onnx_value *named(onnx_ctx *c, const onnx_window *w, const char *op, onnx_value *x,
                         const onnx_value *window, const onnx_value *init) {
    (void)stream_onnx_ssa(c, x);
    onnx_value *y = stream_onnx_result(c, init->type, init->rank, init->dims);
    stream_text_print(&c->body, "    %s = linalg.pooling_%s_%s {", y->ssa,
                      w->n == 1 ? "ncw" : "nchw", op);
    stream_onnx_print_window(&c->body, w);
    stream_text_str(&c->body, ", ");
    stream_onnx_print_layer(c, &c->body, "");
    print_operands(c, x, window, init);
    stream_onnx_print_loc(c, &c->body);
    return y;
}

/* Loops n, c, out..., kernel...; the window operand gives the kernel loops their bounds. */
static onnx_value *general(onnx_ctx *c, const onnx_window *w, bool max, onnx_value *x,
                           onnx_value *window, onnx_value *init) {
    char kinds[2 * STREAM_MAX_RANK + 1] = {0};
    stream_text map = {0};
    memset(kinds, 'p', (size_t)w->n + 2);
    memset(kinds + w->n + 2, 'r', (size_t)w->n);
    stream_onnx_g_begin(c, kinds);
    stream_text_str(&map, "d0, d1");
    stream_onnx_print_window_map(&map, w, 2, w->n + 2);
    onnx_scalar v = stream_onnx_g_in(c, x, map.data);
    stream_text_clear(&map);
    for (int32_t d = 0; d < w->n; ++d)
        stream_text_print(&map, "%sd%d", d ? ", " : "", w->n + 2 + d);
    stream_onnx_g_in(c, window, map.data);
    stream_text_free(&map);
    onnx_scalar out = stream_onnx_g_out(c, init, stream_onnx_dims_map(c, w->n + 2, NULL));
    v = stream_onnx_s_cast(c, v, init->type);
    return stream_onnx_g_end(c, stream_onnx_s_arith(c, max ? '>' : '+', out, v), "");
}

static onnx_value *pool(onnx_ctx *c, const onnx_window *w, bool max, onnx_type type) {
    onnx_value *x = c->in[0];
    int64_t dims[STREAM_MAX_RANK] = {x->dims[0], x->dims[1]};
    memcpy(dims + 2, w->out, (size_t)w->n * sizeof *dims);
    double neutral = max ? stream_onnx_least(type) : 0;
    x = stream_onnx_window_pad(c, w, x, neutral);
    onnx_value *window = stream_onnx_empty(c, x->type, w->n, w->kernel);
    onnx_value *init = stream_onnx_fill(c, type, neutral, w->n + 2, dims);
    if (w->n <= 2 && !stream_onnx_is_unsigned(type))
        return named(c, w, max ? "max" : "sum", x, window, init);
    return general(c, w, max, x, window, init);
}

stream_status stream_onnx_want_spatial(onnx_ctx *c) {
    int32_t rank = c->in[0]->rank;
    if (rank < 3)
        return stream_onnx_error(c, STREAM_INVALID, "the input has rank %d, expected 3 or more",
                                 rank);
    return STREAM_OK;
}

static stream_status max_pool(onnx_ctx *c) {
    onnx_window w;
    int64_t order = 0;
    STREAM_TRY(stream_onnx_want_spatial(c));
    STREAM_TRY(stream_onnx_int(c, "storage_order", 0, &order));
    STREAM_TRY(stream_onnx_window(c, c->in[0]->rank - 2, c->in[0]->dims + 2, NULL, &w));
    if (order != 0 && order != 1)
        return stream_onnx_error(c, STREAM_INVALID, "storage_order is %lld", (long long)order);
    c->out[0] = pool(c, &w, true, c->in[0]->type);
    if (c->node->n_output > 1)
        c->out[1] = stream_onnx_pool_indices(c, &w, c->out[0], order == 1);
    return STREAM_OK;
}

/* How many of first, first + step, ... (n of them) are below `bound`. */
static int64_t below(int64_t first, int64_t step, int64_t n, int64_t bound) {
    return bound <= first ? 0 : stream_min_i64(n, stream_ceil_div(bound - first, step));
}

/* Elements that window `o` of dim d averages over: taps inside the input, or inside the padding. */
static int64_t taps(const onnx_window *w, int32_t d, int64_t o, bool include_pad) {
    int64_t first = o * w->stride[d] - w->low[d], step = w->dilation[d], n = w->kernel[d];
    int64_t low = include_pad ? -w->low[d] : 0, high = w->in[d] + (include_pad ? w->high[d] : 0);
    return below(first, step, n, high) - below(first, step, n, low);
}

/* A constant [out...] of counts, a splat when they are all equal. */
static stream_status counts(onnx_ctx *c, const onnx_window *w, onnx_type type, bool include_pad,
                            onnx_value **out) {
    int64_t n = stream_onnx_count(w->n, w->out);
    bool padded = false;
    int64_t whole = 1;
    for (int32_t d = 0; d < w->n; ++d) {
        padded |= w->over[d] || (!include_pad && (w->low[d] || w->high[d]));
        whole *= w->kernel[d];
    }
    size_t bytes = stream_onnx_bytes(type);
    if (!padded)
        n = 1;
    if (n < 0 || n > MAX_COUNTS)
        return stream_onnx_error(c, STREAM_UNSUPPORTED, "%lld windows of different sizes",
                                 (long long)n);
    uint8_t *data = stream_arena_alloc(c->arena, (size_t)n, bytes);
    for (int64_t i = 0; i < n; ++i) {
        int64_t count = padded ? 1 : whole, rest = i;
        for (int32_t d = w->n - 1; padded && d >= 0; --d) {
            count *= taps(w, d, rest % w->out[d], include_pad);
            rest /= w->out[d];
        }
        stream_onnx_store(type, data + (size_t)i * bytes, (double)count);
    }
    *out = stream_onnx_constant_new(c, type, w->n, w->out, data, !padded);
    return STREAM_OK;
}

/* sum / count, in the type of the sum, then back to the type of the tensor. */
static onnx_value *divide(onnx_ctx *c, onnx_value *sum, onnx_value *count, onnx_type type) {
    char kinds[STREAM_MAX_RANK + 1] = {0};
    memset(kinds, 'p', (size_t)sum->rank);
    const char *map = stream_onnx_dims_map(c, sum->rank, NULL);
    onnx_value *empty = stream_onnx_empty(c, type, sum->rank, sum->dims);
    stream_onnx_g_begin(c, kinds);
    onnx_scalar a = stream_onnx_g_in(c, sum, map);
    onnx_scalar b = stream_onnx_g_in_broadcast(c, count, sum->rank, sum->dims);
    stream_onnx_g_out(c, empty, map);
    a = stream_onnx_s_arith(c, '/', a, b);
    return stream_onnx_g_end(c, stream_onnx_s_cast(c, a, type), ".div");
}

static stream_status average(onnx_ctx *c, const onnx_window *w, bool include_pad) {
    onnx_type type = c->in[0]->type, acc = stream_onnx_accumulator(type);
    onnx_value *count = NULL;
    STREAM_TRY(counts(c, w, acc, include_pad, &count));
    c->out[0] = divide(c, pool(c, w, false, acc), count, type);
    return STREAM_OK;
}

static stream_status average_pool(onnx_ctx *c) {
    onnx_window w;
    bool include_pad = false;
    STREAM_TRY(stream_onnx_want_spatial(c));
    STREAM_TRY(stream_onnx_flag(c, "count_include_pad", false, &include_pad));
    STREAM_TRY(stream_onnx_window(c, c->in[0]->rank - 2, c->in[0]->dims + 2, NULL, &w));
    return average(c, &w, include_pad);
}

/* One window as large as the input. */
onnx_window stream_onnx_whole_window(const onnx_value *x) {
    onnx_window w = {.n = x->rank - 2};
    for (int32_t d = 0; d < w.n; ++d) {
        w.in[d] = w.kernel[d] = x->dims[d + 2];
        w.stride[d] = w.dilation[d] = w.out[d] = 1;
    }
    return w;
}

static stream_status global_average_pool(onnx_ctx *c) {
    STREAM_TRY(stream_onnx_want_spatial(c));
    onnx_window w = stream_onnx_whole_window(c->in[0]);
    return average(c, &w, false);
}

static stream_status global_max_pool(onnx_ctx *c) {
    STREAM_TRY(stream_onnx_want_spatial(c));
    onnx_window w = stream_onnx_whole_window(c->in[0]);
    c->out[0] = pool(c, &w, true, c->in[0]->type);
    return STREAM_OK;
}

static const onnx_row rows[] = {
    {"MaxPool", NULL, 1, 1, 1, ONNX_NUMBER, max_pool},
    {"AveragePool", NULL, 1, 1, 1, ONNX_FLOATING, average_pool},
    {"GlobalMaxPool", NULL, 1, 1, 1, ONNX_FLOATING, global_max_pool},
    {"GlobalAveragePool", NULL, 1, 1, 1, ONNX_FLOATING, global_average_pool},
};

ONNX_FAMILY(stream_onnx_pool, rows);
