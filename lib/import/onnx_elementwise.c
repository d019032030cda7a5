/* Elementwise operators with numpy broadcasting, as one table of formulas. */

#include "onnx_elementwise.h"

#include <string.h>

/* The formula of an operator over its operands, in the computing type. */
typedef onnx_scalar (*formula)(onnx_ctx *c, const onnx_scalar *in, int32_t n);

stream_status stream_onnx_broadcast_shape(onnx_ctx *c, int32_t first, int32_t last, int32_t *rank,
                                          int64_t *dims) {
    *rank = 0;
    for (int32_t i = first; i <= last; ++i)
        *rank = c->in[i] && c->in[i]->rank > *rank ? c->in[i]->rank : *rank;
    for (int32_t d = 0; d < *rank; ++d)
        dims[d] = 1;
    for (int32_t i = first; i <= last; ++i) {
        const onnx_value *v = c->in[i];
        for (int32_t d = 0; v && d < v->rank; ++d) {
            int64_t *to = &dims[*rank - v->rank + d];
            if (v->dims[d] != 1 && *to != 1 && *to != v->dims[d])
                return stream_onnx_error(c, STREAM_INVALID,
                                         "input %d ('%s') has %lld where another has %lld: the "
                                         "shapes do not broadcast",
                                         i, v->name, (long long)v->dims[d], (long long)*to);
            *to = *to == 1 ? v->dims[d] : *to;
        }
    }
    int64_t n = stream_onnx_count(*rank, dims);
    if (n <= 0)
        return stream_onnx_error(c, STREAM_UNSUPPORTED, "the result has %s elements",
                                 n ? "more than 2^40" : "no");
    return STREAM_OK;
}

const char *stream_onnx_parallel(onnx_ctx *c, int32_t rank) {
    char *kinds = stream_arena_alloc(c->arena, (size_t)rank + 1, 1);
    memset(kinds, 'p', (size_t)rank);
    return kinds;
}

onnx_type stream_onnx_computing(onnx_type type) {
    return type == ONNX_FLOAT16 || type == ONNX_BFLOAT16 ? ONNX_FLOAT : type;
}

stream_status stream_onnx_want_elements(onnx_ctx *c) {
    if (stream_onnx_elements(c->in[0]) <= 0)
        return stream_onnx_error(c, STREAM_UNSUPPORTED, "the input has no elements");
    return STREAM_OK;
}

onnx_scalar stream_onnx_map_in(onnx_ctx *c, onnx_value *x) {
    stream_onnx_g_begin(c, stream_onnx_parallel(c, x->rank));
    return stream_onnx_g_in(c, x, stream_onnx_dims_map(c, x->rank, NULL));
}

void stream_onnx_map_out(onnx_ctx *c, onnx_type type, int32_t rank, const int64_t *dims) {
    stream_onnx_g_out(c, stream_onnx_empty(c, type, rank, dims),
                      stream_onnx_dims_map(c, rank, NULL));
}

onnx_scalar stream_onnx_map_begin(onnx_ctx *c, onnx_value *x, onnx_type result) {
    onnx_scalar v = stream_onnx_map_in(c, x);
    stream_onnx_map_out(c, result, x->rank, x->dims);
    return v;
}

/* One generic over all inputs; `first_as_is`: input 0 is a condition and keeps its type. */
static stream_status apply(onnx_ctx *c, formula f, onnx_type result, int32_t n) {
    int32_t rank = 0;
    int64_t dims[STREAM_MAX_RANK];
    onnx_scalar *in = STREAM_NEW(c->arena, onnx_scalar, (size_t)n);
    STREAM_TRY(stream_onnx_broadcast_shape(c, 0, n - 1, &rank, dims));
    onnx_value *empty = stream_onnx_empty(c, result, rank, dims);
    stream_onnx_g_begin(c, stream_onnx_parallel(c, rank));
    for (int32_t i = 0; i < n; ++i)
        in[i] = stream_onnx_g_in_broadcast(c, c->in[i], rank, dims);
    stream_onnx_g_out(c, empty, stream_onnx_dims_map(c, rank, NULL));
    for (int32_t i = 0; i < n; ++i)
        in[i] = stream_onnx_s_cast(c, in[i], stream_onnx_computing(in[i].type));
    onnx_scalar y = f(c, in, n);
    c->out[0] = stream_onnx_g_end(c, stream_onnx_s_cast(c, y, result), "");
    return STREAM_OK;
}

static onnx_scalar fold_with(onnx_ctx *c, char op, const onnx_scalar *in, int32_t n) {
    onnx_scalar y = in[0];
    for (int32_t i = 1; i < n; ++i)
        y = stream_onnx_s_arith(c, op, y, in[i]);
    return y;
}

static onnx_scalar add(onnx_ctx *c, const onnx_scalar *in, int32_t n) {
    return fold_with(c, '+', in, n);
}
static onnx_scalar sub(onnx_ctx *c, const onnx_scalar *in, int32_t n) {
    return fold_with(c, '-', in, n);
}
static onnx_scalar mul(onnx_ctx *c, const onnx_scalar *in, int32_t n) {
    return fold_with(c, '*', in, n);
}
static onnx_scalar divide(onnx_ctx *c, const onnx_scalar *in, int32_t n) {
    return fold_with(c, '/', in, n);
}
static onnx_scalar maximum(onnx_ctx *c, const onnx_scalar *in, int32_t n) {
    return fold_with(c, '>', in, n);
}
static onnx_scalar minimum(onnx_ctx *c, const onnx_scalar *in, int32_t n) {
    return fold_with(c, '<', in, n);
}

static onnx_scalar mean(onnx_ctx *c, const onnx_scalar *in, int32_t n) {
    onnx_scalar sum = fold_with(c, '+', in, n);
    return stream_onnx_s_arith(c, '/', sum, stream_onnx_s_number(c, sum.type, n));
}

/* fmod = 0 on integers: the sign of the divisor. fmod = 1: the sign of the dividend. */
static onnx_scalar modulo(onnx_ctx *c, const onnx_scalar *in, int32_t n) {
    onnx_scalar r = fold_with(c, '%', in, n);
    bool truncated = false;
    (void)stream_onnx_flag(c, "fmod", false, &truncated);
    if (truncated || stream_onnx_kind(r.type) != ONNX_SIGNED)
        return r;
    onnx_scalar zero = stream_onnx_s_number(c, r.type, 0);
    onnx_scalar wrong = stream_onnx_s_op2(c, "arith.xori", r, in[1]);
    onnx_scalar differs = stream_onnx_s_compare(c, "lt", wrong, zero);
    onnx_scalar some = stream_onnx_s_compare(c, "ne", r, zero);
    onnx_scalar fix = stream_onnx_s_op2(c, "arith.andi", differs, some);
    return stream_onnx_s_select(c, fix, stream_onnx_s_arith(c, '+', r, in[1]), r);
}

static onnx_scalar power(onnx_ctx *c, const onnx_scalar *in, int32_t n) {
    (void)n;
    if (stream_onnx_is_float(in[0].type))
        return stream_onnx_s_op2(c, "math.powf", in[0], stream_onnx_s_cast(c, in[1], in[0].type));
    onnx_scalar x = stream_onnx_s_cast(c, in[0], ONNX_DOUBLE);
    onnx_scalar y = stream_onnx_s_cast(c, in[1], ONNX_DOUBLE);
    return stream_onnx_s_op2(c, "math.powf", x, y);
}

static onnx_scalar select_by(onnx_ctx *c, const onnx_scalar *in, int32_t n) {
    (void)n;
    return stream_onnx_s_select(c, in[0], in[1], in[2]);
}

#define COMPARE(name, predicate)                                                                   \
    static onnx_scalar name(onnx_ctx *c, const onnx_scalar *in, int32_t n) {                       \
        (void)n;                                                                                   \
        return stream_onnx_s_compare(c, predicate, in[0], in[1]);                                  \
    }
COMPARE(equal, "eq")
COMPARE(less, "lt")
COMPARE(greater, "gt")
COMPARE(less_equal, "le")
COMPARE(greater_equal, "ge")
#undef COMPARE

static onnx_scalar both(onnx_ctx *c, const onnx_scalar *in, int32_t n) {
    (void)n;
    return stream_onnx_s_op2(c, "arith.andi", in[0], in[1]);
}
static onnx_scalar either(onnx_ctx *c, const onnx_scalar *in, int32_t n) {
    (void)n;
    return stream_onnx_s_op2(c, "arith.ori", in[0], in[1]);
}
/* A shift by the width or more leaves 0, which the ops of arith leave undefined. */
static onnx_scalar shift(onnx_ctx *c, const onnx_scalar *in, const char *op) {
    onnx_scalar width =
        stream_onnx_s_number(c, in[0].type, (double)(8 * stream_onnx_bytes(in[0].type)));
    onnx_scalar all = stream_onnx_s_compare(c, "ge", in[1], width);
    onnx_scalar zero = stream_onnx_s_number(c, in[0].type, 0);
    onnx_scalar by = stream_onnx_s_select(c, all, zero, in[1]);
    return stream_onnx_s_select(c, all, zero, stream_onnx_s_op2(c, op, in[0], by));
}
static onnx_scalar shift_left(onnx_ctx *c, const onnx_scalar *in, int32_t n) {
    (void)n;
    return shift(c, in, "arith.shli");
}
static onnx_scalar shift_right(onnx_ctx *c, const onnx_scalar *in, int32_t n) {
    (void)n;
    return shift(c, in, "arith.shrui");
}
static onnx_scalar exclusive(onnx_ctx *c, const onnx_scalar *in, int32_t n) {
    (void)n;
    return stream_onnx_s_op2(c, "arith.xori", in[0], in[1]);
}

/* Which handler shape an operator has; the table below says which formula. */
static stream_status uniform(onnx_ctx *c, formula f) {
    STREAM_TRY(stream_onnx_same_types(c, 0, c->n_in - 1));
    for (int32_t i = 0; i < c->n_in; ++i)
        if (!c->in[i])
            return stream_onnx_error(c, STREAM_INVALID, "input %d is missing", i);
    return apply(c, f, c->in[0]->type, c->n_in);
}

static stream_status comparison(onnx_ctx *c, formula f) {
    STREAM_TRY(stream_onnx_same_types(c, 0, 1));
    return apply(c, f, ONNX_BOOL, 2);
}

#define UNIFORM(name, f)                                                                           \
    static stream_status name(onnx_ctx *c) {                                                       \
        return uniform(c, f);                                                                      \
    }
#define COMPARISON(name, f)                                                                        \
    static stream_status name(onnx_ctx *c) {                                                       \
        return comparison(c, f);                                                                   \
    }
UNIFORM(do_add, add)
UNIFORM(do_sub, sub)
UNIFORM(do_mul, mul)
UNIFORM(do_div, divide)
UNIFORM(do_max, maximum)
UNIFORM(do_min, minimum)
UNIFORM(do_mean, mean)
UNIFORM(do_and, both)
UNIFORM(do_or, either)
UNIFORM(do_xor, exclusive)
COMPARISON(do_equal, equal)
COMPARISON(do_less, less)
COMPARISON(do_greater, greater)
COMPARISON(do_less_equal, less_equal)
COMPARISON(do_greater_equal, greater_equal)
#undef UNIFORM
#undef COMPARISON

/* Max, Min, Sum and Mean of one input are that input. */
static stream_status variadic(onnx_ctx *c, stream_status (*handle)(onnx_ctx *)) {
    if (c->n_in > 1)
        return handle(c);
    c->out[0] = c->in[0];
    return STREAM_OK;
}
static stream_status max_of(onnx_ctx *c) {
    return variadic(c, do_max);
}
static stream_status min_of(onnx_ctx *c) {
    return variadic(c, do_min);
}
static stream_status sum_of(onnx_ctx *c) {
    return variadic(c, do_add);
}
static stream_status mean_of(onnx_ctx *c) {
    return variadic(c, do_mean);
}

static stream_status mod(onnx_ctx *c) {
    bool truncated = false;
    STREAM_TRY(stream_onnx_flag(c, "fmod", false, &truncated));
    if (!truncated && stream_onnx_is_float(c->in[0]->type))
        return stream_onnx_error(c, STREAM_INVALID, "floating-point inputs need fmod = 1");
    return uniform(c, modulo);
}

static stream_status bit_shift(onnx_ctx *c) {
    const char *direction = NULL;
    STREAM_TRY(stream_onnx_string(c, "direction", "", &direction));
    if (strcmp(direction, "LEFT") != 0 && strcmp(direction, "RIGHT") != 0)
        return stream_onnx_error(c, STREAM_INVALID, "direction is '%.40s'", direction);
    return uniform(c, *direction == 'L' ? shift_left : shift_right);
}

static stream_status pow_of(onnx_ctx *c) {
    if (stream_onnx_kind(c->in[1]->type) & ONNX_LOGICAL)
        return stream_onnx_error(c, STREAM_INVALID, "the exponent is BOOL");
    return apply(c, power, c->in[0]->type, 2);
}

static stream_status where(onnx_ctx *c) {
    STREAM_TRY(stream_onnx_same_types(c, 1, 2));
    return apply(c, select_by, c->in[1]->type, 3);
}

static const onnx_row rows[] = {
    {"Add", NULL, 7, 2, 2, ONNX_NUMBER, do_add},
    {"Sub", NULL, 7, 2, 2, ONNX_NUMBER, do_sub},
    {"Mul", NULL, 7, 2, 2, ONNX_NUMBER, do_mul},
    {"Div", NULL, 7, 2, 2, ONNX_NUMBER, do_div},
    {"Mod", NULL, 10, 2, 2, ONNX_NUMBER, mod},
    {"Pow", NULL, 7, 2, 2, ONNX_NUMBER, pow_of},
    {"Sum", NULL, 6, 1, -1, ONNX_FLOATING, sum_of},
    {"Mean", NULL, 6, 1, -1, ONNX_FLOATING, mean_of},
    {"Max", NULL, 6, 1, -1, ONNX_NUMBER, max_of},
    {"Min", NULL, 6, 1, -1, ONNX_NUMBER, min_of},
    {"Where", NULL, 9, 3, 3, ONNX_LOGICAL, where},
    {"Equal", NULL, 7, 2, 2, ONNX_ANY, do_equal},
    {"Less", NULL, 7, 2, 2, ONNX_NUMBER, do_less},
    {"Greater", NULL, 7, 2, 2, ONNX_NUMBER, do_greater},
    {"LessOrEqual", NULL, 12, 2, 2, ONNX_NUMBER, do_less_equal},
    {"GreaterOrEqual", NULL, 12, 2, 2, ONNX_NUMBER, do_greater_equal},
    {"And", NULL, 7, 2, 2, ONNX_LOGICAL, do_and},
    {"Or", NULL, 7, 2, 2, ONNX_LOGICAL, do_or},
    {"Xor", NULL, 7, 2, 2, ONNX_LOGICAL, do_xor},
    {"BitwiseAnd", NULL, 18, 2, 2, ONNX_INTEGER, do_and},
    {"BitwiseOr", NULL, 18, 2, 2, ONNX_INTEGER, do_or},
    {"BitwiseXor", NULL, 18, 2, 2, ONNX_INTEGER, do_xor},
    {"BitShift", NULL, 11, 2, 2, ONNX_UNSIGNED, bit_shift},
};

ONNX_FAMILY(stream_onnx_elementwise, rows);
