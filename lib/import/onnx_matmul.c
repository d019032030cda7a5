/* MatMul, Gemm and Einsum; see onnx_contract.h for the contraction itself. */

#include "onnx_contract.h"

#include <stdio.h>
#include <string.h>

/* ins(%a, %b) outs(%init) of a named op with `attributes` between name and dictionary. */
static onnx_value *named(onnx_ctx *c, const char *op, onnx_value *a, onnx_value *b,
                         onnx_value *init) {
    const char *as = stream_onnx_ssa(c, a), *bs = stream_onnx_ssa(c, b);
    const char *is = stream_onnx_ssa(c, init);
    onnx_value *y = stream_onnx_result(c, init->type, init->rank, init->dims);
    stream_text_print(&c->body, "    %s = linalg.%s {", y->ssa, op);
    stream_onnx_print_layer(c, &c->body, "");
    stream_text_print(&c->body, "} ins(%s, %s : ", as, bs);
    stream_onnx_print_type(&c->body, a);
    stream_text_str(&c->body, ", ");
    stream_onnx_print_type(&c->body, b);
    stream_text_print(&c->body, ") outs(%s : ", is);
    stream_onnx_print_type(&c->body, init);
    stream_text_str(&c->body, ") -> ");
    stream_onnx_print_type(&c->body, y);
    stream_onnx_print_loc(c, &c->body);
    return y;
}

/* Named ops extend integers as signed, and both operands from one type. */
static bool has_named(const onnx_value *a, const onnx_value *b, const onnx_value *za,
                      const onnx_value *zb) {
    return a->type == b->type && !stream_onnx_is_unsigned(a->type) && !za && !zb;
}

/* Shapes as numpy sees them: vectors are rows or columns whose extra dim is dropped again. */
typedef struct {
    int32_t batch; /* batch dims of the result */
    int64_t dims[STREAM_MAX_RANK];
    int64_t m, k, n;
    bool a_vector, b_vector;
} product;

static int64_t batch_dim(const onnx_value *v, int32_t batch, int32_t d) {
    int32_t own = v->rank - 2, at = d - (batch - own);
    return own > 0 && at >= 0 ? v->dims[at] : 1;
}

static stream_status batch_dims(onnx_ctx *c, const onnx_value *a, const onnx_value *b, product *p) {
    for (int32_t d = 0; d < p->batch; ++d) {
        int64_t x = batch_dim(a, p->batch, d), y = batch_dim(b, p->batch, d);
        if (x != y && x != 1 && y != 1)
            return stream_onnx_error(c, STREAM_INVALID,
                                     "batch dimensions %lld and %lld do not "
                                     "broadcast",
                                     (long long)x, (long long)y);
        p->dims[d] = x == 1 ? y : x;
    }
    return STREAM_OK;
}

static stream_status read_product(onnx_ctx *c, const onnx_value *a, const onnx_value *b,
                                  product *p) {
    *p = (product){.a_vector = a->rank == 1, .b_vector = b->rank == 1};
    if (a->rank < 1 || b->rank < 1)
        return stream_onnx_error(c, STREAM_INVALID, "an operand is a scalar");
    p->m = p->a_vector ? 1 : a->dims[a->rank - 2];
    p->k = a->dims[a->rank - 1];
    p->n = p->b_vector ? 1 : b->dims[b->rank - 1];
    int64_t k = p->b_vector ? b->dims[0] : b->dims[b->rank - 2];
    if (k != p->k)
        return stream_onnx_error(c, STREAM_INVALID, "the inner dimensions are %lld and %lld",
                                 (long long)p->k, (long long)k);
    if (stream_onnx_elements(a) == 0 || stream_onnx_elements(b) == 0)
        return stream_onnx_error(c, STREAM_UNSUPPORTED, "an operand has no elements");
    p->batch = a->rank > b->rank ? a->rank - 2 : b->rank - 2;
    p->batch = p->batch < 0 ? 0 : p->batch;
    return batch_dims(c, a, b, p);
}

stream_status stream_onnx_matmul_read(onnx_ctx *c, onnx_value *a, onnx_value *b) {
    product p;
    return read_product(c, a, b, &p);
}

/* v without the batch dims of size 1 that the result stretches, and the labels of what is left:
 * letters a, b, ... for batch dims, then `tail`. */
static onnx_value *batch_labels(onnx_ctx *c, onnx_value *v, const product *p, const char *tail,
                                char *labels) {
    int64_t dims[STREAM_MAX_RANK];
    int32_t n = 0, own = v->rank - (int32_t)strlen(tail);
    for (int32_t d = 0; d < own; ++d) {
        int32_t at = p->batch - own + d;
        if (v->dims[d] == 1 && p->dims[at] != 1)
            continue;
        labels[n] = (char)('a' + at);
        dims[n++] = v->dims[d];
    }
    strcpy(labels + n, tail);
    for (int32_t d = own; d < v->rank; ++d)
        dims[n++] = v->dims[d];
    return stream_onnx_reshape_to(c, v, n, dims);
}

static int32_t result_shape(const product *p, int64_t *dims, char *labels) {
    int32_t n = p->batch;
    for (int32_t d = 0; d < n; ++d) {
        dims[d] = p->dims[d];
        labels[d] = (char)('a' + d);
    }
    if (!p->a_vector) {
        labels[n] = 'M';
        dims[n++] = p->m;
    }
    if (!p->b_vector) {
        labels[n] = 'N';
        dims[n++] = p->n;
    }
    labels[n] = '\0';
    return n;
}

static onnx_value *by_labels(onnx_ctx *c, const product *p, onnx_contraction k, onnx_type acc) {
    char a[STREAM_MAX_RANK + 1], b[STREAM_MAX_RANK + 1], out[STREAM_MAX_RANK + 1];
    int64_t dims[STREAM_MAX_RANK];
    int32_t rank = result_shape(p, dims, out);
    k.a = batch_labels(c, k.a, p, p->a_vector ? "K" : "MK", a);
    k.b = batch_labels(c, k.b, p, p->b_vector ? "K" : "KN", b);
    k.a_labels = a;
    k.b_labels = b;
    k.out_labels = out;
    k.za_label = 'M';
    k.zb_label = 'N';
    return stream_onnx_contract(c, &k, stream_onnx_fill(c, acc, 0, rank, dims));
}

/* [batch..., M, K] x [K, N]: one tall matrix. */
static onnx_value *tall(onnx_ctx *c, const product *p, onnx_value *a, onnx_value *b,
                        onnx_type acc) {
    int64_t flat[2] = {1, p->k}, out[2] = {1, p->n}, dims[STREAM_MAX_RANK];
    char labels[STREAM_MAX_RANK + 1];
    for (int32_t d = 0; d + 1 < a->rank; ++d)
        flat[0] *= a->dims[d];
    out[0] = flat[0];
    a = stream_onnx_reshape_to(c, a, 2, flat);
    onnx_value *y = named(c, "matmul", a, b, stream_onnx_fill(c, acc, 0, 2, out));
    int32_t rank = result_shape(p, dims, labels);
    return stream_onnx_reshape_to(c, y, rank, dims);
}

onnx_value *stream_onnx_matmul_emit(onnx_ctx *c, onnx_value *a, onnx_value *b, onnx_value *za,
                                    onnx_value *zb, onnx_type acc) {
    product p;
    int64_t dims[STREAM_MAX_RANK];
    char labels[STREAM_MAX_RANK + 1];
    if (read_product(c, a, b, &p) != STREAM_OK)
        return NULL; /* the caller has checked with stream_onnx_matmul_read */
    bool simple = has_named(a, b, za, zb);
    if (simple && a->rank >= 2 && b->rank == 2)
        return tall(c, &p, a, b, acc);
    if (simple && a->rank == 3 && b->rank == 3 && a->dims[0] == b->dims[0])
        return named(c, "batch_matmul", a, b,
                     stream_onnx_fill(c, acc, 0, result_shape(&p, dims, labels), dims));
    return by_labels(c, &p, (onnx_contraction){.a = a, .b = b, .za = za, .zb = zb}, acc);
}

static stream_status matmul(onnx_ctx *c) {
    onnx_type type = c->in[0]->type;
    STREAM_TRY(stream_onnx_same_types(c, 0, 1));
    STREAM_TRY(stream_onnx_matmul_read(c, c->in[0], c->in[1]));
    onnx_value *y =
        stream_onnx_matmul_emit(c, c->in[0], c->in[1], NULL, NULL, stream_onnx_accumulator(type));
    c->out[0] = stream_onnx_narrow(c, y, type);
    return STREAM_OK;
}

/* y = alpha * a' b' + beta * bias */
typedef struct {
    onnx_value *bias; /* NULL when absent or beta is 0 */
    double alpha, beta;
    bool trans_a, trans_b;
    int64_t dims[2], inner; /* [M, N], K */
} gemm_spec;

static stream_status gemm_shapes(onnx_ctx *c, gemm_spec *g) {
    const onnx_value *a = c->in[0], *b = c->in[1];
    STREAM_TRY(stream_onnx_want_rank(c, 0, 2));
    STREAM_TRY(stream_onnx_want_rank(c, 1, 2));
    g->dims[0] = a->dims[g->trans_a];
    g->dims[1] = b->dims[!g->trans_b];
    g->inner = a->dims[!g->trans_a];
    if (g->inner != b->dims[g->trans_b])
        return stream_onnx_error(c, STREAM_INVALID, "the inner dimensions are %lld and %lld",
                                 (long long)g->inner, (long long)b->dims[g->trans_b]);
    if (stream_onnx_elements(a) == 0 || stream_onnx_elements(b) == 0)
        return stream_onnx_error(c, STREAM_UNSUPPORTED, "an operand has no elements");
    const onnx_value *bias = g->bias;
    for (int32_t d = 0; bias && d < bias->rank; ++d) {
        int32_t to = 2 - bias->rank + d;
        if (to < 0 || (bias->dims[d] != 1 && bias->dims[d] != g->dims[to]))
            return stream_onnx_error(c, STREAM_INVALID,
                                     "C of rank %d does not broadcast to [%lld, %lld]", bias->rank,
                                     (long long)g->dims[0], (long long)g->dims[1]);
    }
    return STREAM_OK;
}

static stream_status gemm_read(onnx_ctx *c, gemm_spec *g) {
    *g = (gemm_spec){.bias = stream_onnx_input(c, 2)};
    STREAM_TRY(stream_onnx_float(c, "alpha", 1, &g->alpha));
    STREAM_TRY(stream_onnx_float(c, "beta", 1, &g->beta));
    STREAM_TRY(stream_onnx_flag(c, "transA", false, &g->trans_a));
    STREAM_TRY(stream_onnx_flag(c, "transB", false, &g->trans_b));
    STREAM_TRY(stream_onnx_same_types(c, 0, 2));
    if (!stream_onnx_is_float(c->in[0]->type) && (g->alpha != 1 || (g->bias && g->beta != 1)))
        return stream_onnx_error(c, STREAM_UNSUPPORTED,
                                 "alpha and beta of an integer Gemm must be "
                                 "1");
    if (g->beta == 0)
        g->bias = NULL;
    return gemm_shapes(c, g);
}

/* bias * beta, broadcast to [M, N] in the accumulator type. */
static onnx_value *gemm_init(onnx_ctx *c, const gemm_spec *g, onnx_type acc) {
    onnx_value *bias = g->bias;
    bool kept[2] = {false, true};
    if (!bias || g->alpha != 1)
        return stream_onnx_fill(c, acc, 0, 2, g->dims);
    if (g->beta == 1 && stream_onnx_is_scalar(bias))
        return stream_onnx_fill(c, acc, stream_onnx_get(bias, 0), 2, g->dims);
    bool row = bias->rank >= 1 && bias->dims[bias->rank - 1] == g->dims[1] &&
               stream_onnx_elements(bias) == g->dims[1];
    if (g->beta == 1 && row) {
        bias = stream_onnx_reshape_to(c, bias, 1, &g->dims[1]);
        return stream_onnx_broadcast(c, bias, acc, 2, g->dims, kept);
    }
    if (g->beta == 1 && bias->type == acc && bias->rank == 2 && bias->dims[0] == g->dims[0] &&
        bias->dims[1] == g->dims[1])
        return bias;
    onnx_value *empty = stream_onnx_empty(c, acc, 2, g->dims);
    stream_onnx_g_begin(c, "pp");
    onnx_scalar s = stream_onnx_g_in_broadcast(c, bias, 2, g->dims);
    stream_onnx_g_out(c, empty, "d0, d1");
    s = stream_onnx_s_cast(c, s, acc);
    if (g->beta != 1)
        s = stream_onnx_s_arith(c, '*', s, stream_onnx_s_number(c, acc, g->beta));
    return stream_onnx_g_end(c, s, g->beta != 1 ? ".beta" : NULL);
}

/* alpha * y + beta * bias, when alpha keeps the bias out of the accumulator. */
static onnx_value *gemm_scale(onnx_ctx *c, const gemm_spec *g, onnx_value *y) {
    if (g->alpha == 1)
        return y;
    onnx_type type = c->in[0]->type, acc = y->type;
    onnx_value *empty = stream_onnx_empty(c, type, 2, g->dims);
    stream_onnx_g_begin(c, "pp");
    onnx_scalar s = stream_onnx_g_in(c, y, "d0, d1"), bias = {0};
    if (g->bias)
        bias = stream_onnx_g_in_broadcast(c, g->bias, 2, g->dims);
    stream_onnx_g_out(c, empty, "d0, d1");
    s = stream_onnx_s_arith(c, '*', s, stream_onnx_s_number(c, acc, g->alpha));
    if (g->bias) {
        bias = stream_onnx_s_cast(c, bias, acc);
        if (g->beta != 1)
            bias = stream_onnx_s_arith(c, '*', bias, stream_onnx_s_number(c, acc, g->beta));
        s = stream_onnx_s_arith(c, '+', s, bias);
    }
    return stream_onnx_g_end(c, stream_onnx_s_cast(c, s, type), ".alpha");
}

static onnx_value *gemm_product(onnx_ctx *c, const gemm_spec *g, onnx_value *init) {
    onnx_contraction k = {.a = c->in[0], .b = c->in[1], .out_labels = "MN"};
    char op[256];
    k.a_labels = g->trans_a ? "KM" : "MK";
    k.b_labels = g->trans_b ? "NK" : "KN";
    if (!has_named(k.a, k.b, NULL, NULL))
        return stream_onnx_contract(c, &k, init);
    if (!g->trans_a && !g->trans_b)
        return named(c, "matmul", k.a, k.b, init);
    snprintf(op, sizeof op,
             "matmul indexing_maps = [affine_map<(d0, d1, d2) -> (%s)>, "
             "affine_map<(d0, d1, d2) -> (%s)>, affine_map<(d0, d1, d2) -> (d0, d1)>]",
             g->trans_a ? "d2, d0" : "d0, d2", g->trans_b ? "d1, d2" : "d2, d1");
    return named(c, op, k.a, k.b, init);
}

static stream_status gemm(onnx_ctx *c) {
    gemm_spec g;
    STREAM_TRY(gemm_read(c, &g));
    onnx_type acc = stream_onnx_accumulator(c->in[0]->type);
    onnx_value *y = gemm_product(c, &g, gemm_init(c, &g, acc));
    c->out[0] = stream_onnx_narrow(c, gemm_scale(c, &g, y), c->in[0]->type);
    return STREAM_OK;
}

static const onnx_row rows[] = {
    {"MatMul", NULL, 1, 2, 2, ONNX_NUMBER, matmul},
    {"Gemm", NULL, 7, 2, 3, ONNX_NUMBER, gemm},
};

ONNX_FAMILY(stream_onnx_matmul, rows);
