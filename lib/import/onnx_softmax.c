/* Softmax and LogSoftmax: max, exp, sum, end; see onnx_softmax.h. */

#include "onnx_softmax.h"
#include "onnx_elementwise.h"
#include "onnx_reduce.h"

/* Before opset 13 the input is seen as a matrix: all dims from `axis` on are normalised together.
 */
static stream_status read_mask(onnx_ctx *c, bool *mask) {
    int64_t given = 0;
    int32_t axis = 0, rank = c->in[0]->rank;
    bool flat = c->opset < 13;
    STREAM_TRY(stream_onnx_int(c, "axis", flat ? 1 : -1, &given));
    if (stream_onnx_elements(c->in[0]) == 0)
        return stream_onnx_error(c, STREAM_UNSUPPORTED, "the input has no elements");
    if (!(flat && given == rank))
        STREAM_TRY(stream_onnx_axis(c, given, rank, &axis));
    else
        axis = rank;
    for (int32_t d = 0; d < rank; ++d)
        mask[d] = d == axis || (flat && d > axis);
    return STREAM_OK;
}

typedef struct {
    onnx_value *x, *max, *exp, *sum;
    const char *all, *kept, *suffix;
    onnx_type acc;
} parts;

static onnx_value *exponentials(onnx_ctx *c, const parts *p) {
    onnx_value *empty = stream_onnx_empty(c, p->acc, p->x->rank, p->x->dims);
    stream_onnx_g_begin(c, stream_onnx_parallel(c, p->x->rank));
    onnx_scalar v = stream_onnx_g_in(c, p->x, p->all), max = stream_onnx_g_in(c, p->max, p->kept);
    stream_onnx_g_out(c, empty, p->all);
    v = stream_onnx_s_arith(c, '-', stream_onnx_s_cast(c, v, p->acc), max);
    return stream_onnx_g_end(c, stream_onnx_s_op1(c, "math.exp", v), ".exp");
}

/* exp / sum */
static onnx_value *quotient(onnx_ctx *c, const parts *p) {
    onnx_value *empty = stream_onnx_empty(c, p->x->type, p->x->rank, p->x->dims);
    stream_onnx_g_begin(c, stream_onnx_parallel(c, p->x->rank));
    onnx_scalar v = stream_onnx_g_in(c, p->exp, p->all), sum = stream_onnx_g_in(c, p->sum, p->kept);
    stream_onnx_g_out(c, empty, p->all);
    v = stream_onnx_s_arith(c, '/', v, sum);
    return stream_onnx_g_end(c, stream_onnx_s_cast(c, v, p->x->type), p->suffix);
}

/* x - max - log(sum) */
static onnx_value *logarithm(onnx_ctx *c, const parts *p) {
    onnx_value *empty = stream_onnx_empty(c, p->x->type, p->x->rank, p->x->dims);
    stream_onnx_g_begin(c, stream_onnx_parallel(c, p->x->rank));
    onnx_scalar v = stream_onnx_g_in(c, p->x, p->all), max = stream_onnx_g_in(c, p->max, p->kept);
    onnx_scalar sum = stream_onnx_g_in(c, p->sum, p->kept);
    stream_onnx_g_out(c, empty, p->all);
    v = stream_onnx_s_arith(c, '-', stream_onnx_s_cast(c, v, p->acc), max);
    v = stream_onnx_s_arith(c, '-', v, stream_onnx_s_op1(c, "math.log", sum));
    return stream_onnx_g_end(c, stream_onnx_s_cast(c, v, p->x->type), p->suffix);
}

onnx_value *stream_onnx_softmax_emit(onnx_ctx *c, onnx_value *x, const bool *mask, bool logarithmic,
                                     const char *suffix) {
    parts p = {.x = x, .acc = stream_onnx_accumulator(x->type), .suffix = suffix};
    p.all = stream_onnx_dims_map(c, x->rank, NULL);
    p.kept = stream_onnx_kept_map(c, x->rank, mask);
    onnx_reduction r = {.x = x, .factor = 1, .mask = mask, .op = '>', .acc = p.acc};
    p.max = stream_onnx_reduce_emit(c, &r, ".max");
    p.exp = exponentials(c, &p);
    r.x = p.exp;
    r.op = '+';
    p.sum = stream_onnx_reduce_emit(c, &r, ".sum");
    return logarithmic ? logarithm(c, &p) : quotient(c, &p);
}

static stream_status normalised(onnx_ctx *c, bool logarithmic) {
    bool mask[STREAM_MAX_RANK] = {false};
    STREAM_TRY(read_mask(c, mask));
    c->out[0] = stream_onnx_softmax_emit(c, c->in[0], mask, logarithmic, "");
    return STREAM_OK;
}

static stream_status softmax(onnx_ctx *c) {
    return normalised(c, false);
}
static stream_status log_softmax(onnx_ctx *c) {
    return normalised(c, true);
}

static const onnx_row rows[] = {
    {"Softmax", NULL, 1, 1, 1, ONNX_FLOATING, softmax},
    {"LogSoftmax", NULL, 1, 1, 1, ONNX_FLOATING, log_softmax},
};

ONNX_FAMILY(stream_onnx_softmax, rows);
