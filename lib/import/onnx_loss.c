/* NegativeLogLikelihoodLoss and SoftmaxCrossEntropyLoss.
 *
 *   loss[n, d...] = -weight[t] x[n, t, d...] with t = target[n, d...], 0 where t is ignored
 *
 * The class is picked by comparing, as a reduction over all classes; "mean" divides by the sum of
 * the weights that count. */

#include "onnx_contract.h"
#include "onnx_elementwise.h"
#include "onnx_index.h"
#include "onnx_reduce.h"
#include "onnx_softmax.h"

#include <string.h>

typedef struct {
    onnx_value *x, *target, *weight; /* weight: NULL for all 1 */
    bool ignores;
    int64_t ignored;
    const char *reduction;
    onnx_type acc;
} loss;

static stream_status read_loss(onnx_ctx *c, loss *l) {
    *l = (loss){.x = c->in[0], .target = c->in[1], .weight = stream_onnx_input(c, 2)};
    l->acc = stream_onnx_accumulator(l->x->type);
    l->ignores = stream_onnx_attribute(c, "ignore_index") != NULL;
    STREAM_TRY(stream_onnx_int(c, "ignore_index", 0, &l->ignored));
    STREAM_TRY(stream_onnx_string(c, "reduction", "mean", &l->reduction));
    STREAM_TRY(stream_onnx_want_elements(c));
    STREAM_TRY(stream_onnx_want_indices(c, 1));
    if (strcmp(l->reduction, "none") != 0 && strcmp(l->reduction, "sum") != 0 &&
        strcmp(l->reduction, "mean") != 0)
        return stream_onnx_error(c, STREAM_INVALID, "reduction '%.40s'", l->reduction);
    bool fits = l->x->rank >= 2 && l->target->rank == l->x->rank - 1;
    for (int32_t d = 0; fits && d < l->target->rank; ++d)
        fits = l->target->dims[d] == l->x->dims[d ? d + 1 : 0];
    if (!fits)
        return stream_onnx_error(c, STREAM_INVALID, "scores of rank %d and targets of rank %d",
                                 l->x->rank, l->target->rank);
    STREAM_TRY(stream_onnx_want_vector(c, 2, l->x->dims[1]));
    if (l->weight && l->weight->type != l->x->type)
        return stream_onnx_error(c, STREAM_INVALID, "the weights are %s",
                                 stream_onnx_type_name(l->weight->type));
    if (l->ignored < -INT32_MAX || l->ignored > INT32_MAX)
        return stream_onnx_error(c, STREAM_UNSUPPORTED, "ignore_index is %lld",
                                 (long long)l->ignored);
    return STREAM_OK;
}

/* Loop 1 is this element's class, and the class counts. */
static onnx_scalar chosen(onnx_ctx *c, const loss *l, onnx_scalar target) {
    onnx_scalar hit =
        stream_onnx_s_compare(c, "eq", target, stream_onnx_s_index(c, 1, target.type));
    if (!l->ignores)
        return hit;
    onnx_scalar ignored = stream_onnx_s_number(c, target.type, (double)l->ignored);
    onnx_scalar counts = stream_onnx_s_compare(c, "ne", target, ignored);
    return stream_onnx_s_op2(c, "arith.andi", hit, counts);
}

/* [n, d...]: the losses, or (weights_only) the weights. Loops: the dims of x. */
static onnx_value *per_element(onnx_ctx *c, const loss *l, onnx_value *x, bool weights_only,
                               const char *suffix) {
    bool class_dim[STREAM_MAX_RANK] = {false, true};
    char kinds[STREAM_MAX_RANK + 1] = {0};
    const char *all = stream_onnx_dims_map(c, x->rank, NULL);
    const char *kept = stream_onnx_kept_map(c, x->rank, class_dim);
    onnx_scalar v = {0}, w = {0};
    memset(kinds, 'p', (size_t)x->rank);
    kinds[1] = 'r';
    onnx_value *init = stream_onnx_fill(c, l->acc, 0, l->target->rank, l->target->dims);
    stream_onnx_g_begin(c, kinds);
    onnx_scalar t = stream_onnx_g_in(c, l->target, kept);
    onnx_scalar score = stream_onnx_g_in(c, x, all); /* gives loop 1 its bound in any case */
    if (l->weight)
        w = stream_onnx_g_in_along(c, l->weight, 1);
    onnx_scalar out = stream_onnx_g_out(c, init, kept);
    v = weights_only ? stream_onnx_s_number(c, l->acc, 1)
                     : stream_onnx_s_op1(c, "arith.negf", stream_onnx_s_cast(c, score, l->acc));
    if (l->weight)
        v = stream_onnx_s_arith(c, '*', v, stream_onnx_s_cast(c, w, l->acc));
    v = stream_onnx_s_arith(c, '+', out, v);
    return stream_onnx_g_end(c, stream_onnx_s_select(c, chosen(c, l, t), v, out), suffix);
}

static onnx_value *total(onnx_ctx *c, onnx_value *v, const char *suffix) {
    bool all[STREAM_MAX_RANK];
    memset(all, true, sizeof all);
    onnx_reduction r = {.x = v, .factor = 1, .mask = all, .op = '+', .acc = v->type};
    return stream_onnx_reduce_emit(c, &r, suffix);
}

/* a / b, both scalars; b NULL: the number n */
static onnx_value *quotient(onnx_ctx *c, onnx_value *a, onnx_value *b, double n) {
    onnx_scalar x = stream_onnx_map_in(c, a), y = {0};
    if (b)
        y = stream_onnx_g_in(c, b, "");
    stream_onnx_map_out(c, a->type, 0, NULL);
    if (!b)
        y = stream_onnx_s_number(c, a->type, n);
    return stream_onnx_g_end(c, stream_onnx_s_arith(c, '/', x, y), ".mean");
}

static onnx_value *emit(onnx_ctx *c, const loss *l, onnx_value *x) {
    bool none = !strcmp(l->reduction, "none"), mean = !strcmp(l->reduction, "mean");
    onnx_value *y = per_element(c, l, x, false, none ? "" : ".element"), *counted = NULL;
    if (none)
        return stream_onnx_narrow(c, y, l->x->type);
    if (mean && (l->weight || l->ignores))
        counted = total(c, per_element(c, l, x, true, ".weight"), ".weight_sum");
    double n = (double)stream_onnx_elements(y);
    y = total(c, y, "");
    return stream_onnx_narrow(c, mean ? quotient(c, y, counted, n) : y, l->x->type);
}

static stream_status likelihood_loss(onnx_ctx *c) {
    loss l;
    STREAM_TRY(read_loss(c, &l));
    c->out[0] = emit(c, &l, l.x);
    return STREAM_OK;
}

static stream_status cross_entropy_loss(onnx_ctx *c) {
    bool class_dim[STREAM_MAX_RANK] = {false, true};
    loss l;
    STREAM_TRY(read_loss(c, &l));
    onnx_value *p = stream_onnx_softmax_emit(c, l.x, class_dim, true, ".log_prob");
    c->out[0] = emit(c, &l, p);
    if (c->node->n_output > 1)
        c->out[1] = p;
    return STREAM_OK;
}

static const onnx_row rows[] = {
    {"NegativeLogLikelihoodLoss", NULL, 12, 2, 3, ONNX_FLOATING, likelihood_loss},
    {"SoftmaxCrossEntropyLoss", NULL, 12, 2, 3, ONNX_FLOATING, cross_entropy_loss},
};

ONNX_FAMILY(stream_onnx_loss, rows);
