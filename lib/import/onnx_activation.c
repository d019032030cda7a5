/* Unary elementwise operators: activations and mathematical functions. */

#include "onnx_elementwise.h"

#include <math.h>
#include <string.h>

/* Parameters of the node that formulas use; which, depends on the operator. */
typedef struct {
    double alpha, beta;
    bool tanh_form;
} parameters;

typedef onnx_scalar (*formula)(onnx_ctx *c, onnx_scalar x, const parameters *p);

static onnx_scalar number(onnx_ctx *c, onnx_scalar like, double value) {
    return stream_onnx_s_number(c, like.type, value);
}

/* x op value */
static onnx_scalar with(onnx_ctx *c, char op, onnx_scalar x, double value) {
    return stream_onnx_s_arith(c, op, x, number(c, x, value));
}

/* positive ? a : b */
static onnx_scalar by_sign(onnx_ctx *c, onnx_scalar x, const char *predicate, onnx_scalar a,
                           onnx_scalar b) {
    return stream_onnx_s_select(c, stream_onnx_s_compare(c, predicate, x, number(c, x, 0)), a, b);
}

static onnx_scalar relu(onnx_ctx *c, onnx_scalar x, const parameters *p) {
    (void)p;
    return with(c, '>', x, 0);
}

static onnx_scalar leaky_relu(onnx_ctx *c, onnx_scalar x, const parameters *p) {
    return by_sign(c, x, "lt", with(c, '*', x, p->alpha), x);
}

static onnx_scalar thresholded_relu(onnx_ctx *c, onnx_scalar x, const parameters *p) {
    onnx_scalar above = stream_onnx_s_compare(c, "gt", x, number(c, x, p->alpha));
    return stream_onnx_s_select(c, above, x, number(c, x, 0));
}

/* 1 / (1 + exp(-x)) */
static onnx_scalar sigmoid(onnx_ctx *c, onnx_scalar x, const parameters *p) {
    (void)p;
    onnx_scalar e = stream_onnx_s_op1(c, "math.exp", stream_onnx_s_op1(c, "arith.negf", x));
    return stream_onnx_s_arith(c, '/', number(c, x, 1), with(c, '+', e, 1));
}

/* x * sigmoid(alpha * x) */
static onnx_scalar swish(onnx_ctx *c, onnx_scalar x, const parameters *p) {
    onnx_scalar scaled = p->alpha == 1 ? x : with(c, '*', x, p->alpha);
    return stream_onnx_s_arith(c, '*', x, sigmoid(c, scaled, p));
}

/* max(0, min(1, alpha * x + beta)) */
static onnx_scalar hard_sigmoid(onnx_ctx *c, onnx_scalar x, const parameters *p) {
    onnx_scalar line = with(c, '+', with(c, '*', x, p->alpha), p->beta);
    return with(c, '>', with(c, '<', line, 1), 0);
}

static onnx_scalar hard_swish(onnx_ctx *c, onnx_scalar x, const parameters *p) {
    (void)p;
    parameters sixth = {1.0f / 6, 0.5, false};
    sixth.alpha = stream_onnx_is_float(x.type) && x.type == ONNX_DOUBLE ? 1.0 / 6 : sixth.alpha;
    return stream_onnx_s_arith(c, '*', x, hard_sigmoid(c, x, &sixth));
}

static onnx_scalar elu(onnx_ctx *c, onnx_scalar x, const parameters *p) {
    onnx_scalar e = with(c, '-', stream_onnx_s_op1(c, "math.exp", x), 1);
    return by_sign(c, x, "lt", with(c, '*', e, p->alpha), x);
}

/* gamma * (x > 0 ? x : alpha * (exp(x) - 1)); beta is gamma */
static onnx_scalar selu(onnx_ctx *c, onnx_scalar x, const parameters *p) {
    onnx_scalar e = with(c, '-', stream_onnx_s_op1(c, "math.exp", x), 1);
    onnx_scalar y = by_sign(c, x, "gt", x, with(c, '*', e, p->alpha));
    return with(c, '*', y, p->beta);
}

/* log(1 + exp(x)) without overflow: max(x, 0) + log1p(exp(-|x|)) */
static onnx_scalar softplus(onnx_ctx *c, onnx_scalar x, const parameters *p) {
    (void)p;
    onnx_scalar magnitude = stream_onnx_s_op1(c, "math.absf", x);
    onnx_scalar e = stream_onnx_s_op1(c, "math.exp", stream_onnx_s_op1(c, "arith.negf", magnitude));
    onnx_scalar log = stream_onnx_s_op1(c, "math.log1p", e);
    return stream_onnx_s_arith(c, '+', with(c, '>', x, 0), log);
}

/* x * tanh(softplus(x)) */
static onnx_scalar mish(onnx_ctx *c, onnx_scalar x, const parameters *p) {
    return stream_onnx_s_arith(c, '*', x, stream_onnx_s_op1(c, "math.tanh", softplus(c, x, p)));
}

static onnx_scalar softsign(onnx_ctx *c, onnx_scalar x, const parameters *p) {
    (void)p;
    onnx_scalar magnitude = stream_onnx_s_op1(c, "math.absf", x);
    return stream_onnx_s_arith(c, '/', x, with(c, '+', magnitude, 1));
}

/* Exact: x/2 * (1 + erf(x / sqrt 2)). Form "tanh": x/2 * (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3)))
 */
static onnx_scalar gelu(onnx_ctx *c, onnx_scalar x, const parameters *p) {
    onnx_scalar inner;
    if (p->tanh_form) {
        onnx_scalar cube = stream_onnx_s_arith(c, '*', x, stream_onnx_s_arith(c, '*', x, x));
        onnx_scalar sum = stream_onnx_s_arith(c, '+', x, with(c, '*', cube, 0.044715));
        inner = stream_onnx_s_op1(c, "math.tanh", with(c, '*', sum, 0.7978845608028654));
    } else {
        inner = stream_onnx_s_op1(c, "math.erf", with(c, '*', x, 0.7071067811865476));
    }
    onnx_scalar half = with(c, '*', x, 0.5);
    return stream_onnx_s_arith(c, '*', half, with(c, '+', inner, 1));
}

static onnx_scalar negative(onnx_ctx *c, onnx_scalar x, const parameters *p) {
    (void)p;
    if (stream_onnx_is_float(x.type))
        return stream_onnx_s_op1(c, "arith.negf", x);
    return stream_onnx_s_arith(c, '-', number(c, x, 0), x);
}

static onnx_scalar absolute(onnx_ctx *c, onnx_scalar x, const parameters *p) {
    (void)p;
    if (stream_onnx_is_unsigned(x.type))
        return x;
    return stream_onnx_s_op1(c, stream_onnx_is_float(x.type) ? "math.absf" : "math.absi", x);
}

static onnx_scalar reciprocal(onnx_ctx *c, onnx_scalar x, const parameters *p) {
    (void)p;
    return stream_onnx_s_arith(c, '/', number(c, x, 1), x);
}

/* 1, 0, -1; NaN stays NaN. */
static onnx_scalar sign(onnx_ctx *c, onnx_scalar x, const parameters *p) {
    (void)p;
    onnx_scalar zero = number(c, x, 0), one = number(c, x, 1);
    onnx_scalar above = stream_onnx_s_compare(c, "gt", x, zero);
    if (stream_onnx_is_unsigned(x.type))
        return stream_onnx_s_select(c, above, one, zero);
    onnx_scalar below = stream_onnx_s_compare(c, "lt", x, zero);
    onnx_scalar rest = stream_onnx_s_select(c, below, number(c, x, -1), x);
    return stream_onnx_s_select(c, above, one, rest);
}

static onnx_scalar not(onnx_ctx * c, onnx_scalar x, const parameters *p) {
    (void)p;
    return stream_onnx_s_op2(c, "arith.xori", x, number(c, x, 1));
}

#define FUNCTION(name, op)                                                                         \
    static onnx_scalar name(onnx_ctx *c, onnx_scalar x, const parameters *p) {                     \
        (void)p;                                                                                   \
        return stream_onnx_s_op1(c, op, x);                                                        \
    }
FUNCTION(square_root, "math.sqrt")
FUNCTION(exponential, "math.exp")
FUNCTION(logarithm, "math.log")
FUNCTION(error_function, "math.erf")
FUNCTION(hyperbolic_tangent, "math.tanh")
FUNCTION(round_down, "math.floor")
FUNCTION(round_up, "math.ceil")
FUNCTION(round_even, "math.roundeven")
FUNCTION(sine, "math.sin")
FUNCTION(cosine, "math.cos")
#undef FUNCTION

/* Which formula, and the defaults of alpha and beta under their ONNX names (NULL: not there). */
typedef struct {
    const char *op_type;
    formula f;
    const char *alpha_name, *beta_name;
    double alpha, beta;
} unary_row;

static const unary_row formulas[] = {
    {"Relu", relu, NULL, NULL, 0, 0},
    {"LeakyRelu", leaky_relu, "alpha", NULL, 0.01f, 0},
    {"ThresholdedRelu", thresholded_relu, "alpha", NULL, 1, 0},
    {"Sigmoid", sigmoid, NULL, NULL, 0, 0},
    {"Swish", swish, "alpha", NULL, 1, 0},
    {"Silu", swish, NULL, NULL, 1, 0},
    {"HardSigmoid", hard_sigmoid, "alpha", "beta", 0.2f, 0.5},
    {"HardSwish", hard_swish, NULL, NULL, 0, 0},
    {"Elu", elu, "alpha", NULL, 1, 0},
    {"Selu", selu, "alpha", "gamma", 1.67326319217681884765625, 1.05070102214813232421875},
    {"Softplus", softplus, NULL, NULL, 0, 0},
    {"Mish", mish, NULL, NULL, 0, 0},
    {"Softsign", softsign, NULL, NULL, 0, 0},
    {"Gelu", gelu, NULL, NULL, 0, 0},
    {"Neg", negative, NULL, NULL, 0, 0},
    {"Abs", absolute, NULL, NULL, 0, 0},
    {"Reciprocal", reciprocal, NULL, NULL, 0, 0},
    {"Sign", sign, NULL, NULL, 0, 0},
    {"Not", not, NULL, NULL, 0, 0},
    {"Sqrt", square_root, NULL, NULL, 0, 0},
    {"Exp", exponential, NULL, NULL, 0, 0},
    {"Log", logarithm, NULL, NULL, 0, 0},
    {"Erf", error_function, NULL, NULL, 0, 0},
    {"Tanh", hyperbolic_tangent, NULL, NULL, 0, 0},
    {"Floor", round_down, NULL, NULL, 0, 0},
    {"Ceil", round_up, NULL, NULL, 0, 0},
    {"Round", round_even, NULL, NULL, 0, 0},
    {"Sin", sine, NULL, NULL, 0, 0},
    {"Cos", cosine, NULL, NULL, 0, 0},
};

static const unary_row *formula_of(const char *op_type) {
    size_t i = 0;
    while (strcmp(formulas[i].op_type, op_type) != 0)
        ++i;
    return &formulas[i];
}

static stream_status read_parameters(onnx_ctx *c, const unary_row *row, parameters *p) {
    const char *form = NULL;
    *p = (parameters){row->alpha, row->beta, false};
    if (row->alpha_name)
        STREAM_TRY(stream_onnx_float(c, row->alpha_name, row->alpha, &p->alpha));
    if (row->beta_name)
        STREAM_TRY(stream_onnx_float(c, row->beta_name, row->beta, &p->beta));
    if (strcmp(row->op_type, "Gelu") != 0)
        return STREAM_OK;
    STREAM_TRY(stream_onnx_string(c, "approximate", "none", &form));
    p->tanh_form = !strcmp(form, "tanh");
    if (!p->tanh_form && strcmp(form, "none") != 0)
        return stream_onnx_error(c, STREAM_INVALID, "approximate is '%.40s'", form);
    return STREAM_OK;
}

/* One generic x -> type; half precision is computed in f32. */
typedef struct {
    onnx_value *empty;
    const char *map;
} unary_site;

static onnx_scalar open(onnx_ctx *c, onnx_value *x, onnx_type result, unary_site *site) {
    site->empty = stream_onnx_empty(c, result, x->rank, x->dims);
    site->map = stream_onnx_dims_map(c, x->rank, NULL);
    stream_onnx_g_begin(c, stream_onnx_parallel(c, x->rank));
    return stream_onnx_g_in(c, x, site->map);
}

static stream_status want_elements(onnx_ctx *c) {
    if (stream_onnx_elements(c->in[0]) <= 0)
        return stream_onnx_error(c, STREAM_UNSUPPORTED, "the input has no elements");
    return STREAM_OK;
}

static stream_status unary(onnx_ctx *c) {
    const unary_row *row = formula_of(c->node->op_type);
    onnx_value *x = c->in[0];
    parameters p;
    unary_site site;
    STREAM_TRY(read_parameters(c, row, &p));
    STREAM_TRY(want_elements(c));
    bool half = stream_onnx_is_float(x->type) && stream_onnx_bytes(x->type) == 2;
    onnx_scalar s = open(c, x, x->type, &site);
    stream_onnx_g_out(c, site.empty, site.map);
    s = row->f(c, stream_onnx_s_cast(c, s, half ? ONNX_FLOAT : x->type), &p);
    c->out[0] = stream_onnx_g_end(c, stream_onnx_s_cast(c, s, x->type), "");
    return STREAM_OK;
}

static stream_status cast(onnx_ctx *c) {
    int64_t to = 0, saturate = 0;
    unary_site site;
    STREAM_TRY(stream_onnx_int(c, "to", 0, &to));
    STREAM_TRY(stream_onnx_int(c, "saturate", 1, &saturate)); /* concerns 8-bit floats only */
    if (to < 0 || to > 100 || !stream_onnx_type_known((int32_t)to))
        return stream_onnx_error(c, STREAM_UNSUPPORTED, "element type %lld is not supported",
                                 (long long)to);
    if ((onnx_type)to == c->in[0]->type) {
        c->out[0] = c->in[0];
        return STREAM_OK;
    }
    STREAM_TRY(want_elements(c));
    onnx_scalar s = open(c, c->in[0], (onnx_type)to, &site);
    stream_onnx_g_out(c, site.empty, site.map);
    c->out[0] = stream_onnx_g_end(c, stream_onnx_s_cast(c, s, (onnx_type)to), "");
    return STREAM_OK;
}

/* x < 0 ? slope * x : x, slope broadcast to x. */
static stream_status prelu(onnx_ctx *c) {
    int32_t rank = 0;
    int64_t dims[STREAM_MAX_RANK];
    unary_site site;
    onnx_value *x = c->in[0];
    STREAM_TRY(stream_onnx_same_types(c, 0, 1));
    STREAM_TRY(stream_onnx_broadcast_shape(c, 0, 1, &rank, dims));
    if (rank != x->rank || stream_onnx_count(rank, dims) != stream_onnx_elements(x))
        return stream_onnx_error(c, STREAM_INVALID, "the slope does not broadcast to the input");
    onnx_scalar s = open(c, x, x->type, &site);
    onnx_scalar slope = stream_onnx_g_in_broadcast(c, c->in[1], rank, dims);
    stream_onnx_g_out(c, site.empty, site.map);
    onnx_type type =
        stream_onnx_is_float(x->type) && stream_onnx_bytes(x->type) == 2 ? ONNX_FLOAT : x->type;
    s = stream_onnx_s_cast(c, s, type);
    slope = stream_onnx_s_cast(c, slope, type);
    s = by_sign(c, s, "lt", stream_onnx_s_arith(c, '*', slope, s), s);
    c->out[0] = stream_onnx_g_end(c, stream_onnx_s_cast(c, s, x->type), "");
    return STREAM_OK;
}

/* A bound of Clip: an operand or a constant in the body. */
static stream_status want_scalar_bound(onnx_ctx *c, int32_t i) {
    const onnx_value *v = stream_onnx_input(c, i);
    if (v && stream_onnx_elements(v) != 1)
        return stream_onnx_error(c, STREAM_INVALID, "bound '%s' is not a scalar", v->name);
    return STREAM_OK;
}

/* min(max(x, low), high) */
static stream_status clip(onnx_ctx *c) {
    onnx_value *x = c->in[0];
    unary_site site;
    STREAM_TRY(stream_onnx_same_types(c, 0, 2));
    STREAM_TRY(want_elements(c));
    STREAM_TRY(want_scalar_bound(c, 1));
    STREAM_TRY(want_scalar_bound(c, 2));
    onnx_scalar s = open(c, x, x->type, &site), bound[3] = {{0}};
    for (int32_t i = 1; i <= 2; ++i)
        if (stream_onnx_input(c, i))
            bound[i] = stream_onnx_g_in_broadcast(c, stream_onnx_reshape_to(c, c->in[i], 0, NULL),
                                                  x->rank, x->dims);
    stream_onnx_g_out(c, site.empty, site.map);
    if (stream_onnx_input(c, 1))
        s = stream_onnx_s_arith(c, '>', s, bound[1]);
    if (stream_onnx_input(c, 2))
        s = stream_onnx_s_arith(c, '<', s, bound[2]);
    c->out[0] = stream_onnx_g_end(c, s, "");
    return STREAM_OK;
}

static stream_status clip_attributes(onnx_ctx *c) {
    onnx_value *x = c->in[0];
    double low = 0, high = 0;
    unary_site site;
    STREAM_TRY(stream_onnx_float(c, "min", -(double)INFINITY, &low));
    STREAM_TRY(stream_onnx_float(c, "max", (double)INFINITY, &high));
    STREAM_TRY(want_elements(c));
    onnx_scalar s = open(c, x, x->type, &site);
    stream_onnx_g_out(c, site.empty, site.map);
    if (stream_onnx_attribute(c, "min"))
        s = with(c, '>', s, low);
    if (stream_onnx_attribute(c, "max"))
        s = with(c, '<', s, high);
    c->out[0] = stream_onnx_g_end(c, s, "");
    return STREAM_OK;
}

#define UNARY(name, domain, since, types)                                                          \
    { name, domain, since, 1, 1, types, unary }
static const onnx_row rows[] = {
    UNARY("Relu", NULL, 6, ONNX_FLOATING | ONNX_SIGNED),
    UNARY("LeakyRelu", NULL, 6, ONNX_FLOATING),
    UNARY("ThresholdedRelu", NULL, 10, ONNX_FLOATING),
    UNARY("Sigmoid", NULL, 6, ONNX_FLOATING),
    UNARY("Swish", "*", 1, ONNX_FLOATING),
    UNARY("Silu", "*", 1, ONNX_FLOATING),
    UNARY("HardSigmoid", NULL, 6, ONNX_FLOATING),
    UNARY("HardSwish", NULL, 14, ONNX_FLOATING),
    UNARY("Elu", NULL, 6, ONNX_FLOATING),
    UNARY("Selu", NULL, 6, ONNX_FLOATING),
    UNARY("Softplus", NULL, 1, ONNX_FLOATING),
    UNARY("Mish", NULL, 18, ONNX_FLOATING),
    UNARY("Softsign", NULL, 1, ONNX_FLOATING),
    UNARY("Gelu", NULL, 20, ONNX_FLOATING),
    UNARY("Gelu", "com.microsoft", 1, ONNX_FLOATING),
    UNARY("Neg", NULL, 6, ONNX_FLOATING | ONNX_SIGNED),
    UNARY("Abs", NULL, 6, ONNX_NUMBER),
    UNARY("Reciprocal", NULL, 6, ONNX_FLOATING),
    UNARY("Sign", NULL, 9, ONNX_NUMBER),
    UNARY("Not", NULL, 1, ONNX_LOGICAL),
    UNARY("Sqrt", NULL, 6, ONNX_FLOATING),
    UNARY("Exp", NULL, 6, ONNX_FLOATING),
    UNARY("Log", NULL, 6, ONNX_FLOATING),
    UNARY("Erf", NULL, 9, ONNX_FLOATING),
    UNARY("Tanh", NULL, 6, ONNX_FLOATING),
    UNARY("Floor", NULL, 6, ONNX_FLOATING),
    UNARY("Ceil", NULL, 6, ONNX_FLOATING),
    UNARY("Round", NULL, 11, ONNX_FLOATING),
    UNARY("Sin", NULL, 7, ONNX_FLOATING),
    UNARY("Cos", NULL, 7, ONNX_FLOATING),
    {"Cast", NULL, 6, 1, 1, ONNX_ANY, cast},
    {"PRelu", NULL, 7, 2, 2, ONNX_NUMBER, prelu},
    {"Clip", NULL, 6, 1, 1, ONNX_FLOATING, clip_attributes},
    {"Clip", NULL, 11, 1, 3, ONNX_NUMBER, clip},
};

ONNX_FAMILY(stream_onnx_activation, rows);
