/* Elementwise operators on small constants: the arithmetic of shape-computing subgraphs. Operators
 * that move elements fold in their own handlers (onnx_move.c, onnx_gather.c). */

#include "onnx_elementwise.h"

#include <math.h>
#include <string.h>

enum {
    MAX_ELEMENTS = 4096,
    MAX_OPERANDS = 8
};

/* Integers wrap, as two's complement does. `ok` false: the value is undefined (division by 0). */
typedef struct {
    const char *op_type;
    int32_t operands; /* 0: any number, folded from the left */
    bool logical;     /* the result is BOOL */
    double (*real)(double a, double b);
    int64_t (*integer)(int64_t a, int64_t b, bool *ok);
} fold_row;

#define REAL(name, expression)                                                                     \
    static double name(double a, double b) {                                                       \
        (void)b;                                                                                   \
        return expression;                                                                         \
    }
#define WHOLE(name, expression)                                                                    \
    static int64_t name(int64_t a, int64_t b, bool *ok) {                                          \
        (void)b;                                                                                   \
        (void)ok;                                                                                  \
        return (int64_t)(expression);                                                              \
    }
REAL(real_add, a + b)
REAL(real_sub, a - b)
REAL(real_mul, a *b)
REAL(real_div, a / b)
REAL(real_min, isnan(a) || a < b ? a : b)
REAL(real_max, isnan(a) || a > b ? a : b)
REAL(real_eq, a == b)
REAL(real_lt, a < b)
REAL(real_gt, a > b)
REAL(real_le, a <= b)
REAL(real_ge, a >= b)
REAL(real_neg, -a)
REAL(real_abs, fabs(a))
REAL(real_floor, floor(a))
REAL(real_ceil, ceil(a))
REAL(real_sqrt, sqrt(a))
REAL(real_reciprocal, 1 / a)
REAL(real_exp, exp(a))
REAL(real_log, log(a))
REAL(real_round, nearbyint(a))
REAL(real_pow, pow(a, b))
WHOLE(int_add, (uint64_t)a + (uint64_t)b)
WHOLE(int_sub, (uint64_t)a - (uint64_t)b)
WHOLE(int_mul, (uint64_t)a *(uint64_t)b)
WHOLE(int_min, a < b ? a : b)
WHOLE(int_max, a > b ? a : b)
WHOLE(int_eq, a == b)
WHOLE(int_lt, a < b)
WHOLE(int_gt, a > b)
WHOLE(int_le, a <= b)
WHOLE(int_ge, a >= b)
WHOLE(int_neg, 0 - (uint64_t)a)
WHOLE(int_abs, a < 0 ? 0 - (uint64_t)a : (uint64_t)a)
WHOLE(int_not, !a)
WHOLE(int_and, a &&b)
WHOLE(int_or, a || b)
WHOLE(int_xor, !a != !b)
#undef REAL
#undef WHOLE

static int64_t int_div(int64_t a, int64_t b, bool *ok) {
    if (b == 0) {
        *ok = false;
        return 0;
    }
    return b == -1 ? int_neg(a, 0, ok) : a / b;
}

/* The sign of the divisor (Mod with fmod = 0). */
static int64_t int_mod(int64_t a, int64_t b, bool *ok) {
    if (b == 0 || b == -1) {
        *ok = b != 0;
        return 0;
    }
    int64_t r = a % b;
    return r && (r < 0) != (b < 0) ? r + b : r;
}

static const fold_row table[] = {
    {"Add", 2, false, real_add, int_add},      {"Sub", 2, false, real_sub, int_sub},
    {"Mul", 2, false, real_mul, int_mul},      {"Div", 2, false, real_div, int_div},
    {"Mod", 2, false, NULL, int_mod},          {"Min", 0, false, real_min, int_min},
    {"Max", 0, false, real_max, int_max},      {"Equal", 2, true, real_eq, int_eq},
    {"Less", 2, true, real_lt, int_lt},        {"Greater", 2, true, real_gt, int_gt},
    {"LessOrEqual", 2, true, real_le, int_le}, {"GreaterOrEqual", 2, true, real_ge, int_ge},
    {"Neg", 1, false, real_neg, int_neg},      {"Abs", 1, false, real_abs, int_abs},
    {"Floor", 1, false, real_floor, NULL},     {"Ceil", 1, false, real_ceil, NULL},
    {"Sqrt", 1, false, real_sqrt, NULL},       {"Not", 1, true, NULL, int_not},
    {"And", 2, true, NULL, int_and},           {"Or", 2, true, NULL, int_or},
    {"Xor", 2, true, NULL, int_xor},           {"Reciprocal", 1, false, real_reciprocal, NULL},
    {"Exp", 1, false, real_exp, NULL},         {"Log", 1, false, real_log, NULL},
    {"Round", 1, false, real_round, NULL},     {"Pow", 2, false, real_pow, NULL},
};

static const fold_row *row_of(const onnx_ctx *c) {
    const char *domain = c->node->domain;
    if (domain && *domain && strcmp(domain, "ai.onnx") != 0)
        return NULL;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; ++i)
        if (!strcmp(table[i].op_type, c->node->op_type))
            return &table[i];
    return NULL;
}

static bool all_small_constants(const onnx_ctx *c) {
    for (int32_t i = 0; i < c->n_in; ++i)
        if (!c->in[i] || !c->in[i]->blob || stream_onnx_elements(c->in[i]) > MAX_ELEMENTS)
            return false;
    return c->n_in > 0 && c->n_in <= MAX_OPERANDS;
}

/* The flat index in v of element `at` of the broadcast shape. */
static int64_t source(const onnx_value *v, int32_t rank, const int64_t *dims, int64_t at) {
    int64_t index = 0, step = 1;
    for (int32_t d = rank - 1; d >= 0; --d) {
        int64_t here = at % dims[d];
        int32_t own = d - (rank - v->rank);
        at /= dims[d];
        if (own < 0)
            continue;
        if (v->dims[own] != 1)
            index += here * step;
        step *= v->dims[own];
    }
    return index;
}

static void evaluate(onnx_ctx *c, const fold_row *row, onnx_type out, uint8_t *to, int32_t rank,
                     const int64_t *dims, int64_t at, bool *ok) {
    const onnx_value *a = c->in[0], *b = c->n_in > 1 ? c->in[1] : a;
    int64_t i = source(a, rank, dims, at), j = source(b, rank, dims, at);
    if (stream_onnx_is_float(a->type)) {
        double y = row->real(stream_onnx_get(a, i), stream_onnx_get(b, j));
        for (int32_t k = 2; k < c->n_in; ++k)
            y = row->real(y, stream_onnx_get(c->in[k], source(c->in[k], rank, dims, at)));
        stream_onnx_store(out, to, y);
        return;
    }
    int64_t y = row->integer(stream_onnx_get_int(a, i), stream_onnx_get_int(b, j), ok);
    for (int32_t k = 2; k < c->n_in; ++k)
        y = row->integer(y, stream_onnx_get_int(c->in[k], source(c->in[k], rank, dims, at)), ok);
    stream_onnx_store_int(out, to, y);
}

static bool applies(const onnx_ctx *c, const fold_row *row) {
    if (!row || !all_small_constants(c) || (row->operands && c->n_in != row->operands))
        return false;
    for (int32_t i = 1; i < c->n_in; ++i)
        if (c->in[i]->type != c->in[0]->type)
            return false;
    if (!strcmp(row->op_type, "Mod") && c->node->n_attribute)
        return false;
    return stream_onnx_is_float(c->in[0]->type) ? row->real != NULL
                                                : row->integer && c->in[0]->type != ONNX_UINT64;
}

/* Where of three small constants: an element of the second or the third. */
static stream_status fold_where(onnx_ctx *c, bool *out_folded) {
    int32_t rank = 0;
    int64_t dims[STREAM_MAX_RANK];
    if (!all_small_constants(c) || c->n_in != 3 || c->in[0]->type != ONNX_BOOL ||
        c->in[1]->type != c->in[2]->type)
        return STREAM_OK;
    STREAM_TRY(stream_onnx_broadcast_shape(c, 0, 2, &rank, dims));
    int64_t n = stream_onnx_count(rank, dims);
    if (n > MAX_ELEMENTS)
        return STREAM_OK;
    onnx_type type = c->in[1]->type;
    size_t bytes = stream_onnx_bytes(type);
    uint8_t *data = stream_arena_alloc(c->arena, (size_t)n, bytes);
    for (int64_t i = 0; i < n; ++i) {
        bool first = stream_onnx_get_int(c->in[0], source(c->in[0], rank, dims, i)) != 0;
        const onnx_value *v = c->in[first ? 1 : 2];
        size_t at = v->splat ? 0 : (size_t)source(v, rank, dims, i);
        memcpy(data + (size_t)i * bytes, v->blob->data + at * bytes, bytes);
    }
    c->out[0] = stream_onnx_constant_new(c, type, rank, dims, data, false);
    *out_folded = true;
    return STREAM_OK;
}

stream_status stream_onnx_fold(onnx_ctx *c, bool *out_folded) {
    const fold_row *row = row_of(c);
    int32_t rank = 0;
    int64_t dims[STREAM_MAX_RANK];
    bool ok = true;
    *out_folded = false;
    if (!strcmp(c->node->op_type, "Where"))
        return fold_where(c, out_folded);
    if (!applies(c, row))
        return STREAM_OK;
    STREAM_TRY(stream_onnx_broadcast_shape(c, 0, c->n_in - 1, &rank, dims));
    int64_t n = stream_onnx_count(rank, dims);
    if (n > MAX_ELEMENTS)
        return STREAM_OK;
    onnx_type type = row->logical ? ONNX_BOOL : c->in[0]->type;
    size_t bytes = stream_onnx_bytes(type);
    uint8_t *data = stream_arena_alloc(c->arena, (size_t)n, bytes);
    for (int64_t i = 0; i < n; ++i)
        evaluate(c, row, type, data + (size_t)i * bytes, rank, dims, i, &ok);
    if (!ok)
        return stream_onnx_error(c, STREAM_INVALID, "division of a constant by 0");
    c->out[0] = stream_onnx_constant_new(c, type, rank, dims, data, false);
    *out_folded = true;
    return STREAM_OK;
}
