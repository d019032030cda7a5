/* Mathematical functions of one tensor: most are one op of the math dialect. */

#include "onnx_elementwise.h"

#include <math.h>
#include <string.h>

typedef onnx_scalar (*formula)(onnx_ctx *c, onnx_scalar x);

static onnx_scalar number(onnx_ctx *c, onnx_scalar like, double value) {
    return stream_onnx_s_number(c, like.type, value);
}

static onnx_scalar negative(onnx_ctx *c, onnx_scalar x) {
    if (stream_onnx_is_float(x.type))
        return stream_onnx_s_op1(c, "arith.negf", x);
    return stream_onnx_s_arith(c, '-', number(c, x, 0), x);
}

static onnx_scalar absolute(onnx_ctx *c, onnx_scalar x) {
    if (stream_onnx_is_unsigned(x.type))
        return x;
    return stream_onnx_s_op1(c, stream_onnx_is_float(x.type) ? "math.absf" : "math.absi", x);
}

static onnx_scalar reciprocal(onnx_ctx *c, onnx_scalar x) {
    return stream_onnx_s_arith(c, '/', number(c, x, 1), x);
}

/* 1, 0, -1; NaN stays NaN. */
static onnx_scalar sign(onnx_ctx *c, onnx_scalar x) {
    onnx_scalar zero = number(c, x, 0), one = number(c, x, 1);
    onnx_scalar above = stream_onnx_s_compare(c, "gt", x, zero);
    if (stream_onnx_is_unsigned(x.type))
        return stream_onnx_s_select(c, above, one, zero);
    onnx_scalar below = stream_onnx_s_compare(c, "lt", x, zero);
    onnx_scalar rest = stream_onnx_s_select(c, below, number(c, x, -1), x);
    return stream_onnx_s_select(c, above, one, rest);
}

static onnx_scalar logical_not(onnx_ctx *c, onnx_scalar x) {
    return stream_onnx_s_op2(c, "arith.xori", x, number(c, x, 1));
}

static onnx_scalar bitwise_not(onnx_ctx *c, onnx_scalar x) {
    onnx_scalar ones = stream_onnx_s_arith(c, '-', number(c, x, 0), number(c, x, 1));
    return stream_onnx_s_op2(c, "arith.xori", x, ones);
}

static onnx_scalar is_nan(onnx_ctx *c, onnx_scalar x) {
    return stream_onnx_s_compare(c, "ne", x, x);
}

/* Which infinities count, is said by two attributes; unary() has checked them. */
static onnx_scalar is_infinite(onnx_ctx *c, onnx_scalar x) {
    bool negatives = true, positives = true;
    (void)stream_onnx_flag(c, "detect_negative", true, &negatives);
    (void)stream_onnx_flag(c, "detect_positive", true, &positives);
    onnx_scalar high = stream_onnx_s_number(c, ONNX_BOOL, 0), low = high;
    if (positives)
        high = stream_onnx_s_compare(c, "eq", x, number(c, x, (double)INFINITY));
    if (negatives)
        low = stream_onnx_s_compare(c, "eq", x, number(c, x, -(double)INFINITY));
    return stream_onnx_s_op2(c, "arith.ori", high, low);
}

/* Either one op, or a formula; BOOL or the type of the input. */
typedef struct {
    const char *op_type, *op;
    formula f;
    bool logical;
} function_row;

static const function_row functions[] = {
    {"Neg", NULL, negative, false},
    {"Abs", NULL, absolute, false},
    {"Reciprocal", NULL, reciprocal, false},
    {"Sign", NULL, sign, false},
    {"Not", NULL, logical_not, false},
    {"BitwiseNot", NULL, bitwise_not, false},
    {"IsNaN", NULL, is_nan, true},
    {"IsInf", NULL, is_infinite, true},
    {"Sqrt", "math.sqrt", NULL, false},
    {"Exp", "math.exp", NULL, false},
    {"Log", "math.log", NULL, false},
    {"Erf", "math.erf", NULL, false},
    {"Floor", "math.floor", NULL, false},
    {"Ceil", "math.ceil", NULL, false},
    {"Round", "math.roundeven", NULL, false},
    {"Sin", "math.sin", NULL, false},
    {"Cos", "math.cos", NULL, false},
    {"Tan", "math.tan", NULL, false},
    {"Asin", "math.asin", NULL, false},
    {"Acos", "math.acos", NULL, false},
    {"Atan", "math.atan", NULL, false},
    {"Sinh", "math.sinh", NULL, false},
    {"Cosh", "math.cosh", NULL, false},
    {"Tanh", "math.tanh", NULL, false},
    {"Asinh", "math.asinh", NULL, false},
    {"Acosh", "math.acosh", NULL, false},
    {"Atanh", "math.atanh", NULL, false},
};

static const function_row *row_of(const char *op_type) {
    size_t i = 0;
    while (strcmp(functions[i].op_type, op_type) != 0)
        ++i;
    return &functions[i];
}

static stream_status check_flags(onnx_ctx *c, formula f) {
    bool flag = false;
    if (f != is_infinite)
        return STREAM_OK;
    STREAM_TRY(stream_onnx_flag(c, "detect_negative", true, &flag));
    return stream_onnx_flag(c, "detect_positive", true, &flag);
}

static stream_status function(onnx_ctx *c) {
    const function_row *row = row_of(c->node->op_type);
    onnx_value *x = c->in[0];
    onnx_type type = row->logical ? ONNX_BOOL : x->type;
    STREAM_TRY(check_flags(c, row->f));
    STREAM_TRY(stream_onnx_want_elements(c));
    onnx_scalar s = stream_onnx_map_begin(c, x, type);
    s = stream_onnx_s_cast(c, s, stream_onnx_computing(x->type));
    s = row->f ? row->f(c, s) : stream_onnx_s_op1(c, row->op, s);
    c->out[0] = stream_onnx_g_end(c, stream_onnx_s_cast(c, s, type), "");
    return STREAM_OK;
}

#define FUNCTION(name, since, types)                                                               \
    { name, NULL, since, 1, 1, types, function }
static const onnx_row rows[] = {
    FUNCTION("Neg", 6, ONNX_FLOATING | ONNX_SIGNED),
    FUNCTION("Abs", 6, ONNX_NUMBER),
    FUNCTION("Reciprocal", 6, ONNX_FLOATING),
    FUNCTION("Sign", 9, ONNX_NUMBER),
    FUNCTION("Not", 1, ONNX_LOGICAL),
    FUNCTION("BitwiseNot", 18, ONNX_INTEGER),
    FUNCTION("IsNaN", 9, ONNX_FLOATING),
    FUNCTION("IsInf", 10, ONNX_FLOATING),
    FUNCTION("Sqrt", 6, ONNX_FLOATING),
    FUNCTION("Exp", 6, ONNX_FLOATING),
    FUNCTION("Log", 6, ONNX_FLOATING),
    FUNCTION("Erf", 9, ONNX_FLOATING),
    FUNCTION("Floor", 6, ONNX_FLOATING),
    FUNCTION("Ceil", 6, ONNX_FLOATING),
    FUNCTION("Round", 11, ONNX_FLOATING),
    FUNCTION("Sin", 7, ONNX_FLOATING),
    FUNCTION("Cos", 7, ONNX_FLOATING),
    FUNCTION("Tan", 7, ONNX_FLOATING),
    FUNCTION("Asin", 7, ONNX_FLOATING),
    FUNCTION("Acos", 7, ONNX_FLOATING),
    FUNCTION("Atan", 7, ONNX_FLOATING),
    FUNCTION("Sinh", 9, ONNX_FLOATING),
    FUNCTION("Cosh", 9, ONNX_FLOATING),
    FUNCTION("Tanh", 6, ONNX_FLOATING),
    FUNCTION("Asinh", 9, ONNX_FLOATING),
    FUNCTION("Acosh", 9, ONNX_FLOATING),
    FUNCTION("Atanh", 9, ONNX_FLOATING),
};

ONNX_FAMILY(stream_onnx_function, rows);
