/* Einsum of one or two operands whose labels are distinct within an operand. */

#include "onnx_contract.h"
#include "onnx_elementwise.h"
#include "onnx_reduce.h"

#include <ctype.h>
#include <string.h>

typedef struct {
    char in[2][STREAM_MAX_RANK + 1], out[STREAM_MAX_RANK + 1];
    int32_t n;                   /* operands */
    int64_t size[UINT8_MAX + 1]; /* by label, 0: unused */
} equation;

static stream_status refuse(onnx_ctx *c, const char *text, const char *why) {
    return stream_onnx_error(c, STREAM_UNSUPPORTED, "equation '%.100s': %s", text, why);
}

/* Labels up to the first character in `stop`; distinct letters. */
static stream_status read_labels(onnx_ctx *c, const char *text, const char **at, char *out) {
    int32_t n = 0;
    for (; **at && **at != ',' && **at != '-'; ++*at) {
        if (**at == ' ')
            continue;
        if (!isalpha((unsigned char)**at))
            return refuse(c, text, "only letters are supported as labels");
        if (n == STREAM_MAX_RANK || memchr(out, **at, (size_t)n))
            return refuse(c, text, "a repeated label in an operand, or too many labels");
        out[n++] = **at;
    }
    out[n] = '\0';
    return STREAM_OK;
}

/* Without "->": the labels that occur once, in alphabetical order. */
static void implied(equation *e) {
    int32_t n = 0;
    for (char l = 'A'; l <= 'z'; ++l) {
        bool first = strchr(e->in[0], l) != NULL, second = e->n > 1 && strchr(e->in[1], l) != NULL;
        if (first != second && n < STREAM_MAX_RANK)
            e->out[n++] = l;
    }
    e->out[n] = '\0';
}

static stream_status parse(onnx_ctx *c, const char *text, equation *e) {
    const char *at = text;
    *e = (equation){0};
    for (bool more = true; more; ++e->n) {
        if (e->n == 2)
            return refuse(c, text, "more than two operands");
        STREAM_TRY(read_labels(c, text, &at, e->in[e->n]));
        more = *at == ',';
        at += more;
    }
    if (!*at) {
        implied(e);
        return STREAM_OK;
    }
    if (strncmp(at, "->", 2) != 0)
        return refuse(c, text, "expected '->'");
    at += 2;
    STREAM_TRY(read_labels(c, text, &at, e->out));
    return *at ? refuse(c, text, "text after the result") : STREAM_OK;
}

static stream_status check_sizes(onnx_ctx *c, const char *text, equation *e) {
    if (e->n != c->n_in)
        return stream_onnx_error(c, STREAM_INVALID,
                                 "equation '%.100s' has %d operands, the node %d", text, e->n,
                                 c->n_in);
    for (int32_t i = 0; i < e->n; ++i) {
        if ((size_t)c->in[i]->rank != strlen(e->in[i]))
            return stream_onnx_error(c, STREAM_INVALID, "operand %d has rank %d, labels '%s'", i,
                                     c->in[i]->rank, e->in[i]);
        for (int32_t d = 0; d < c->in[i]->rank; ++d) {
            int64_t *size = &e->size[(uint8_t)e->in[i][d]], dim = c->in[i]->dims[d];
            if (dim == 0 || (*size && *size != dim))
                return stream_onnx_error(c, STREAM_UNSUPPORTED,
                                         "label '%c' has sizes %lld and %lld", e->in[i][d],
                                         (long long)*size, (long long)dim);
            *size = dim;
        }
    }
    for (const char *l = e->out; *l; ++l)
        if (!e->size[(uint8_t)*l])
            return stream_onnx_error(c, STREAM_INVALID, "label '%c' of the result is in no operand",
                                     *l);
    return STREAM_OK;
}

/* A label that one operand has alone and the result lacks is summed before; few need it. */
static bool lonely(const equation *e) {
    for (int32_t i = 0; i < e->n; ++i)
        for (const char *l = e->in[i]; *l; ++l)
            if (!strchr(e->in[!i], *l) && !strchr(e->out, *l))
                return true;
    return false;
}

static stream_status two(onnx_ctx *c, const char *text, const equation *e) {
    int64_t dims[STREAM_MAX_RANK];
    int32_t rank = 0;
    onnx_type type = c->in[0]->type, acc = stream_onnx_accumulator(type);
    if (lonely(e))
        return refuse(c, text, "a label that only one operand has is summed");
    STREAM_TRY(stream_onnx_same_types(c, 0, 1));
    for (const char *l = e->out; *l; ++l)
        dims[rank++] = e->size[(uint8_t)*l];
    if (stream_onnx_count(rank, dims) < 0)
        return refuse(c, text, "the result has more than 2^40 elements");
    onnx_contraction k = {.a = c->in[0],
                          .b = c->in[1],
                          .a_labels = e->in[0],
                          .b_labels = e->in[1],
                          .out_labels = e->out};
    onnx_value *y = stream_onnx_contract(c, &k, stream_onnx_fill(c, acc, 0, rank, dims));
    c->out[0] = stream_onnx_narrow(c, y, type);
    return STREAM_OK;
}

/* A sum over the labels that the result lacks, then a permutation. */
static stream_status one(onnx_ctx *c, const equation *e) {
    onnx_value *x = c->in[0];
    bool mask[STREAM_MAX_RANK] = {false}, any = false;
    char left[STREAM_MAX_RANK + 1] = {0};
    int32_t perm[STREAM_MAX_RANK], n = 0;
    bool ordered = true;
    for (int32_t d = 0; d < x->rank; ++d) {
        mask[d] = !strchr(e->out, e->in[0][d]);
        any |= mask[d];
        if (!mask[d])
            left[n++] = e->in[0][d];
    }
    for (int32_t d = 0; d < n; ++d) {
        perm[d] = (int32_t)(strchr(left, e->out[d]) - left);
        ordered &= perm[d] == d;
    }
    onnx_reduction r = {
        .x = x, .factor = 1, .mask = mask, .op = '+', .acc = stream_onnx_accumulator(x->type)};
    onnx_value *y = any ? stream_onnx_reduce_emit(c, &r, ordered ? "" : ".sum") : x;
    if (!ordered)
        y = stream_onnx_transpose(c, y, perm, "");
    c->out[0] = stream_onnx_narrow(c, y, x->type);
    return STREAM_OK;
}

static stream_status einsum(onnx_ctx *c) {
    const char *text = NULL;
    equation e;
    STREAM_TRY(stream_onnx_string(c, "equation", "", &text));
    STREAM_TRY(parse(c, text, &e));
    STREAM_TRY(check_sizes(c, text, &e));
    return e.n == 2 ? two(c, text, &e) : one(c, &e);
}

static const onnx_row rows[] = {
    {"Einsum", NULL, 12, 1, 2, ONNX_NUMBER, einsum},
};

ONNX_FAMILY(stream_onnx_einsum, rows);
