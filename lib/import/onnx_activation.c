/* Activations: unary elementwise operators with parameters. */

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

/* max(0, x) + min(0, alpha * (exp(x / alpha) - 1)) */
static onnx_scalar celu(onnx_ctx *c, onnx_scalar x, const parameters *p) {
    onnx_scalar e = stream_onnx_s_op1(c, "math.exp", with(c, '/', x, p->alpha));
    onnx_scalar low = with(c, '<', with(c, '*', with(c, '-', e, 1), p->alpha), 0);
    return stream_onnx_s_arith(c, '+', with(c, '>', x, 0), low);
}

/* x < -lambd ? x + bias : x > lambd ? x - bias : 0; alpha is lambd, beta is bias */
static onnx_scalar shrink(onnx_ctx *c, onnx_scalar x, const parameters *p) {
    onnx_scalar below = stream_onnx_s_compare(c, "lt", x, number(c, x, -p->alpha));
    onnx_scalar above = stream_onnx_s_compare(c, "gt", x, number(c, x, p->alpha));
    onnx_scalar rest = stream_onnx_s_select(c, above, with(c, '-', x, p->beta), number(c, x, 0));
    return stream_onnx_s_select(c, below, with(c, '+', x, p->beta), rest);
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
    {"Celu", celu, "alpha", NULL, 1, 0},
    {"Shrink", shrink, "lambd", "bias", 0.5, 0},
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

static stream_status unary(onnx_ctx *c) {
    const unary_row *row = formula_of(c->node->op_type);
    onnx_value *x = c->in[0];
    parameters p;
    STREAM_TRY(read_parameters(c, row, &p));
    STREAM_TRY(stream_onnx_want_elements(c));
    onnx_scalar s = stream_onnx_map_begin(c, x, x->type);
    s = row->f(c, stream_onnx_s_cast(c, s, stream_onnx_computing(x->type)), &p);
    c->out[0] = stream_onnx_g_end(c, stream_onnx_s_cast(c, s, x->type), "");
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
    UNARY("Celu", NULL, 12, ONNX_FLOATING),
    UNARY("Shrink", NULL, 9, ONNX_NUMBER),
    UNARY("Gelu", NULL, 20, ONNX_FLOATING),
    UNARY("Gelu", "com.microsoft", 1, ONNX_FLOATING),
};

ONNX_FAMILY(stream_onnx_activation, rows);
