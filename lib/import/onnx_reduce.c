/* ReduceSum, ReduceMean and the others; see onnx_reduce.h for the reduction itself. */

#include "onnx_reduce.h"

#include "onnx_elementwise.h"

#include <math.h>
#include <string.h>

const char *stream_onnx_kept_map(onnx_ctx *c, int32_t rank, const bool *mask) {
    bool keep[STREAM_MAX_RANK] = {false};
    for (int32_t d = 0; d < rank; ++d)
        keep[d] = !mask[d];
    return stream_onnx_dims_map(c, rank, keep);
}

int64_t stream_onnx_reduced(const onnx_value *x, const bool *mask) {
    int64_t n = 1;
    for (int32_t d = 0; d < x->rank; ++d)
        n *= mask[d] ? x->dims[d] : 1;
    return n;
}

static double neutral(char op, onnx_type type) {
    if (type == ONNX_BOOL)
        return op == '<';
    bool floating = stream_onnx_is_float(type), natural = stream_onnx_is_unsigned(type);
    double top = ldexp(1, (int)(8 * stream_onnx_bytes(type)) - !natural);
    switch (op) {
    case '>':
        return floating ? -(double)INFINITY : natural ? 0 : -top;
    case '<':
        return floating ? (double)INFINITY : top - 1;
    case '*':
        return 1;
    default:
        return 0;
    }
}

static onnx_scalar prepare(onnx_ctx *c, const onnx_reduction *r, onnx_scalar v, onnx_scalar shift) {
    v = stream_onnx_s_cast(c, v, r->acc);
    if (r->shift && r->factor != 1)
        shift = stream_onnx_s_arith(c, '*', shift, stream_onnx_s_number(c, r->acc, r->factor));
    if (r->shift)
        v = stream_onnx_s_arith(c, '-', v, shift);
    switch (r->before) {
    case ONNX_AS_IS:
        return v;
    case ONNX_ABSOLUTE:
        if (stream_onnx_is_unsigned(v.type))
            return v;
        return stream_onnx_s_op1(c, stream_onnx_is_float(v.type) ? "math.absf" : "math.absi", v);
    case ONNX_SQUARE:
        return stream_onnx_s_arith(c, '*', v, v);
    case ONNX_EXPONENTIAL:
        return stream_onnx_s_op1(c, "math.exp", v);
    }
    return v;
}

onnx_value *stream_onnx_reduce_emit(onnx_ctx *c, const onnx_reduction *r, const char *suffix) {
    onnx_value *x = r->x;
    char kinds[STREAM_MAX_RANK + 1] = {0};
    int64_t dims[STREAM_MAX_RANK];
    int32_t rank = 0;
    for (int32_t d = 0; d < x->rank; ++d) {
        kinds[d] = r->mask[d] ? 'r' : 'p';
        if (!r->mask[d])
            dims[rank++] = x->dims[d];
    }
    const char *kept = stream_onnx_kept_map(c, x->rank, r->mask);
    onnx_value *init = stream_onnx_fill(c, r->acc, neutral(r->op, r->acc), rank, dims);
    onnx_scalar shift = {0};
    stream_onnx_g_begin(c, kinds);
    onnx_scalar v = stream_onnx_g_in(c, x, stream_onnx_dims_map(c, x->rank, NULL));
    if (r->shift)
        shift = stream_onnx_g_in(c, r->shift, kept);
    onnx_scalar out = stream_onnx_g_out(c, init, kept);
    v = prepare(c, r, v, shift);
    return stream_onnx_g_end(c, stream_onnx_s_arith(c, r->op, out, v), suffix);
}

typedef enum {
    NOTHING,
    DIVIDE_BY_COUNT,
    SQUARE_ROOT,
    LOGARITHM
} after;

typedef struct {
    const char *op_type;
    char op;
    onnx_before before;
    after after;
} reduce_row;

static const reduce_row table[] = {
    {"ReduceSum", '+', ONNX_AS_IS, NOTHING},
    {"ReduceMean", '+', ONNX_AS_IS, DIVIDE_BY_COUNT},
    {"ReduceMax", '>', ONNX_AS_IS, NOTHING},
    {"ReduceMin", '<', ONNX_AS_IS, NOTHING},
    {"ReduceProd", '*', ONNX_AS_IS, NOTHING},
    {"ReduceL1", '+', ONNX_ABSOLUTE, NOTHING},
    {"ReduceL2", '+', ONNX_SQUARE, SQUARE_ROOT},
    {"ReduceSumSquare", '+', ONNX_SQUARE, NOTHING},
    {"ReduceLogSum", '+', ONNX_AS_IS, LOGARITHM},
    {"ReduceLogSumExp", '+', ONNX_EXPONENTIAL, LOGARITHM},
};

static const reduce_row *row_of(const char *op_type) {
    size_t i = 0;
    while (strcmp(table[i].op_type, op_type) != 0)
        ++i;
    return &table[i];
}

/* The elementwise end: mean, root or logarithm plus the shift; and back to the tensor's type. */
static onnx_value *finish(onnx_ctx *c, onnx_value *y, after what, int64_t n, onnx_value *shift,
                          onnx_type type) {
    if (what == NOTHING && y->type == type)
        return y;
    const char *map = stream_onnx_dims_map(c, y->rank, NULL);
    onnx_value *empty = stream_onnx_empty(c, type, y->rank, y->dims);
    stream_onnx_g_begin(c, stream_onnx_parallel(c, y->rank));
    onnx_scalar v = stream_onnx_g_in(c, y, map), base = {0};
    if (shift)
        base = stream_onnx_g_in(c, shift, map);
    stream_onnx_g_out(c, empty, map);
    if (what == DIVIDE_BY_COUNT)
        v = stream_onnx_s_arith(c, '/', v, stream_onnx_s_number(c, v.type, (double)n));
    if (what == SQUARE_ROOT)
        v = stream_onnx_s_op1(c, "math.sqrt", v);
    if (what == LOGARITHM)
        v = stream_onnx_s_op1(c, "math.log", v);
    if (shift)
        v = stream_onnx_s_arith(c, '+', v, base);
    return stream_onnx_g_end(c, stream_onnx_s_cast(c, v, type), ".end");
}

static onnx_value *emit(onnx_ctx *c, const reduce_row *row, onnx_value *x, const bool *mask) {
    onnx_type acc = x->type == ONNX_FLOAT16 || x->type == ONNX_BFLOAT16 ? ONNX_FLOAT : x->type;
    onnx_reduction r = {
        .x = x, .factor = 1, .mask = mask, .before = row->before, .op = row->op, .acc = acc};
    if (row->before == ONNX_EXPONENTIAL) {
        onnx_reduction max = {.x = x, .factor = 1, .mask = mask, .op = '>', .acc = acc};
        r.shift = stream_onnx_reduce_emit(c, &max, ".max");
    }
    onnx_value *y = stream_onnx_reduce_emit(c, &r, "");
    return finish(c, y, row->after, stream_onnx_reduced(x, mask), r.shift, x->type);
}

/* Small integer constants: the volume of a shape. */
static onnx_value *fold(onnx_ctx *c, const reduce_row *row) {
    onnx_value *x = c->in[0];
    int64_t n = x->blob ? stream_onnx_elements(x) : 0;
    if (n < 1 || n > 4096 || x->rank != 1 || x->type != ONNX_INT64 || row->before != ONNX_AS_IS ||
        row->after != NOTHING)
        return NULL;
    int64_t *y = STREAM_NEW(c->arena, int64_t, 1);
    *y = stream_onnx_get_int(x, 0);
    for (int64_t i = 1; i < n; ++i) {
        int64_t v = stream_onnx_get_int(x, i);
        *y = row->op == '+'   ? (int64_t)((uint64_t)*y + (uint64_t)v)
             : row->op == '*' ? (int64_t)((uint64_t)*y * (uint64_t)v)
             : row->op == '>' ? (*y > v ? *y : v)
                              : (*y < v ? *y : v);
    }
    return stream_onnx_constant_new(c, ONNX_INT64, 0, NULL, y, false);
}

/* Axes move from attribute to input in opset 13 (ReduceSum) or 18 (the others). */
static stream_status read_axes(onnx_ctx *c, bool *mask, bool *any) {
    const onnx_value *x = c->in[0];
    bool present = false, none = false;
    bool by_attribute = c->opset < (strcmp(c->node->op_type, "ReduceSum") ? 18 : 13);
    *any = false;
    if (!by_attribute)
        STREAM_TRY(stream_onnx_flag(c, "noop_with_empty_axes", false, &none));
    STREAM_TRY(stream_onnx_axes(c, by_attribute ? "axes" : NULL, by_attribute ? -1 : 1, x->rank,
                                mask, &present));
    for (int32_t d = 0; d < x->rank; ++d)
        *any |= mask[d];
    for (int32_t d = 0; !*any && !none && d < x->rank; ++d)
        mask[d] = true;
    *any |= !none;
    return STREAM_OK;
}

/* What a reduction of no elements gives, everywhere. The extremes of integers have no such value.
 */
static stream_status of_nothing(onnx_ctx *c, const reduce_row *row, int32_t rank,
                                const int64_t *dims) {
    onnx_type type = c->in[0]->type;
    uint8_t *value = stream_arena_alloc(c->arena, 8, 1);
    bool extreme = row->op == '<' || row->op == '>';
    if (type == ONNX_BOOL || (extreme && !stream_onnx_is_float(type)))
        return stream_onnx_error(c, STREAM_UNSUPPORTED, "the input has no elements");
    double v = neutral(row->op, type);
    if (row->after == LOGARITHM)
        v = -(double)INFINITY;
    if (row->after == DIVIDE_BY_COUNT)
        v = (double)NAN;
    stream_onnx_store(type, value, v);
    c->out[0] = stream_onnx_constant_new(c, type, rank, dims, value, true);
    return STREAM_OK;
}

static stream_status reduce(onnx_ctx *c) {
    const reduce_row *row = row_of(c->node->op_type);
    onnx_value *x = c->in[0];
    bool mask[STREAM_MAX_RANK], any = false, keep = true;
    int64_t dims[STREAM_MAX_RANK];
    int32_t n = 0;
    STREAM_TRY(stream_onnx_flag(c, "keepdims", true, &keep));
    STREAM_TRY(read_axes(c, mask, &any));
    if (!any && row->before == ONNX_AS_IS && row->after != LOGARITHM) {
        c->out[0] = x;
        return STREAM_OK;
    }
    if (row->after != NOTHING && row->after != DIVIDE_BY_COUNT && !stream_onnx_is_float(x->type))
        return stream_onnx_error(c, STREAM_UNSUPPORTED, "type %s is not supported",
                                 stream_onnx_type_name(x->type));
    for (int32_t d = 0; d < x->rank; ++d)
        if (!mask[d] || keep)
            dims[n++] = mask[d] ? 1 : x->dims[d];
    if (stream_onnx_elements(x) == 0)
        return of_nothing(c, row, n, dims);
    onnx_value *y = x->rank == 1 && mask[0] ? fold(c, row) : NULL;
    c->out[0] = stream_onnx_reshape_to(c, y ? y : emit(c, row, x, mask), n, dims);
    return STREAM_OK;
}

#define REDUCE(name)                                                                               \
    { name, NULL, 1, 1, 1, ONNX_NUMBER, reduce }
#define REDUCE_BY_INPUT(name, since)                                                               \
    { name, NULL, since, 1, 2, ONNX_NUMBER, reduce }
static const onnx_row rows[] = {
    REDUCE("ReduceSum"),
    REDUCE("ReduceMean"),
    REDUCE("ReduceMax"),
    REDUCE("ReduceMin"),
    REDUCE("ReduceProd"),
    REDUCE("ReduceL1"),
    REDUCE("ReduceL2"),
    REDUCE("ReduceSumSquare"),
    REDUCE("ReduceLogSum"),
    REDUCE("ReduceLogSumExp"),
    REDUCE_BY_INPUT("ReduceSum", 13),
    REDUCE_BY_INPUT("ReduceMean", 18),
    {"ReduceMax", NULL, 20, 1, 2, ONNX_ANY, reduce},
    {"ReduceMin", NULL, 20, 1, 2, ONNX_ANY, reduce},
    REDUCE_BY_INPUT("ReduceMax", 18),
    REDUCE_BY_INPUT("ReduceMin", 18),
    REDUCE_BY_INPUT("ReduceProd", 18),
    REDUCE_BY_INPUT("ReduceL1", 18),
    REDUCE_BY_INPUT("ReduceL2", 18),
    REDUCE_BY_INPUT("ReduceSumSquare", 18),
    REDUCE_BY_INPUT("ReduceLogSum", 18),
    REDUCE_BY_INPUT("ReduceLogSumExp", 18),
};

ONNX_FAMILY(stream_onnx_reduce, rows);
