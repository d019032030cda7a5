/* Attention: two contractions around a masked softmax.
 *
 *   score[b, g, r, s, t] = scale * sum_d q[b, g, r, s, d] k[b, g, t, d]
 *   score = softcap * tanh((score + mask) / softcap);   y = softmax_t(score) v
 *
 * b batch, g heads of key and value, r queries per such head, s and t positions, d, v elements.
 * Heads are taken where they are stored: nothing is transposed or repeated unless there is a past.
 */

#include "onnx_contract.h"
#include "onnx_elementwise.h"
#include "onnx_index.h"
#include "onnx_move.h"
#include "onnx_softmax.h"

#include <math.h>
#include <string.h>

typedef struct {
    onnx_value *q, *k, *v, *mask, *past_k, *past_v, *valid;
    bool flat;                         /* inputs of rank 3: [batch, position, heads * elements] */
    int64_t b, g, r, s, t, d, e, past; /* t with the past; e: elements of v per head */
    double scale, softcap;
    bool causal;
    int64_t mode;
    onnx_type type, acc;
} attention;

static stream_status read_attributes(onnx_ctx *c, attention *a) {
    int64_t precision = 0;
    STREAM_TRY(stream_onnx_float(c, "scale", 0, &a->scale));
    STREAM_TRY(stream_onnx_float(c, "softcap", 0, &a->softcap));
    STREAM_TRY(stream_onnx_flag(c, "is_causal", false, &a->causal));
    STREAM_TRY(stream_onnx_int(c, "qk_matmul_output_mode", 0, &a->mode));
    STREAM_TRY(stream_onnx_int(c, "softmax_precision", 0, &precision)); /* we use f32 or f64 */
    if (a->mode < 0 || a->mode > 3)
        return stream_onnx_error(c, STREAM_INVALID, "qk_matmul_output_mode is %lld",
                                 (long long)a->mode);
    return STREAM_OK;
}

/* Heads and elements per head: of the shape, or of the attributes for rank 3. */
static stream_status read_heads(onnx_ctx *c, attention *a) {
    int64_t q_heads = 0, kv_heads = 0;
    const onnx_value *q = a->q, *k = a->k, *v = a->v;
    STREAM_TRY(stream_onnx_int(c, "q_num_heads", a->flat ? 0 : q->dims[1], &q_heads));
    STREAM_TRY(stream_onnx_int(c, "kv_num_heads", a->flat ? 0 : k->dims[1], &kv_heads));
    if (q_heads < 1 || kv_heads < 1 || q_heads % kv_heads ||
        (a->flat && (q->dims[2] % q_heads || k->dims[2] % kv_heads || v->dims[2] % kv_heads)) ||
        (!a->flat && (q->dims[1] != q_heads || k->dims[1] != kv_heads || v->dims[1] != kv_heads)))
        return stream_onnx_error(c, STREAM_INVALID,
                                 "%lld query heads and %lld key heads do not fit the inputs",
                                 (long long)q_heads, (long long)kv_heads);
    a->g = kv_heads;
    a->r = q_heads / kv_heads;
    a->d = a->flat ? q->dims[2] / q_heads : q->dims[3];
    a->e = a->flat ? v->dims[2] / kv_heads : v->dims[3];
    if ((a->flat ? k->dims[2] / kv_heads : k->dims[3]) != a->d)
        return stream_onnx_error(c, STREAM_INVALID, "heads of query and key differ in size");
    return STREAM_OK;
}

static stream_status check_past(onnx_ctx *c, attention *a) {
    if (!a->past_k && !a->past_v)
        return STREAM_OK;
    if (!a->past_k || !a->past_v)
        return stream_onnx_error(c, STREAM_INVALID, "past key and value come together");
    STREAM_TRY(stream_onnx_want_rank(c, 4, 4));
    STREAM_TRY(stream_onnx_want_rank(c, 5, 4));
    const int64_t *k = a->past_k->dims, *v = a->past_v->dims;
    if (k[0] != a->b || k[1] != a->g || k[3] != a->d || v[0] != a->b || v[1] != a->g ||
        v[2] != k[2] || v[3] != a->e || a->past_k->type != a->type || a->past_v->type != a->type)
        return stream_onnx_error(c, STREAM_INVALID, "the past does not fit key and value");
    a->past = k[2];
    a->t += a->past;
    return STREAM_OK;
}

/* The last dim may be shorter than t: what is missing is masked. */
static stream_status check_mask(onnx_ctx *c, const attention *a) {
    const int64_t want[4] = {a->b, a->g * a->r, a->s, a->t};
    const onnx_value *m = a->mask;
    if (!m)
        return STREAM_OK;
    if (m->type != ONNX_BOOL && m->type != a->type)
        return stream_onnx_error(c, STREAM_INVALID, "the mask is %s",
                                 stream_onnx_type_name(m->type));
    bool fits =
        stream_onnx_elements(m) > 0 && m->rank >= 1 && m->rank <= 4 && m->dims[m->rank - 1] <= a->t;
    for (int32_t d = 0; fits && d + 1 < m->rank; ++d)
        fits = m->dims[d] == 1 || m->dims[d] == want[d + 4 - m->rank];
    if (!fits)
        return stream_onnx_error(
            c, STREAM_INVALID, "the mask does not broadcast to [%lld, %lld, %lld, %lld]",
            (long long)want[0], (long long)want[1], (long long)want[2], (long long)want[3]);
    return STREAM_OK;
}

static stream_status read_inputs(onnx_ctx *c, attention *a) {
    *a = (attention){.q = c->in[0], .k = c->in[1], .v = c->in[2], .mask = stream_onnx_input(c, 3)};
    a->past_k = stream_onnx_input(c, 4);
    a->past_v = stream_onnx_input(c, 5);
    a->valid = stream_onnx_input(c, 6);
    a->type = a->q->type;
    a->acc = stream_onnx_accumulator(a->type);
    a->flat = a->q->rank == 3;
    STREAM_TRY(stream_onnx_same_types(c, 0, 2));
    if (!a->flat)
        STREAM_TRY(stream_onnx_want_rank(c, 0, 4));
    STREAM_TRY(stream_onnx_want_rank(c, 1, a->q->rank));
    STREAM_TRY(stream_onnx_want_rank(c, 2, a->q->rank));
    STREAM_TRY(read_heads(c, a));
    int32_t position = a->flat ? 1 : 2;
    a->b = a->q->dims[0];
    a->s = a->q->dims[position];
    a->t = a->k->dims[position];
    if (a->k->dims[0] != a->b || a->v->dims[0] != a->b || a->v->dims[position] != a->t)
        return stream_onnx_error(c, STREAM_INVALID,
                                 "query, key and value differ in batch or positions");
    STREAM_TRY(check_past(c, a));
    STREAM_TRY(check_mask(c, a));
    STREAM_TRY(stream_onnx_want_vector(c, 6, a->b));
    if (a->valid)
        STREAM_TRY(stream_onnx_want_indices(c, 6));
    if (a->b < 1 || a->s < 1 || a->t < 1 || a->d < 1 || a->e < 1)
        return stream_onnx_error(c, STREAM_UNSUPPORTED, "an input has no elements");
    return STREAM_OK;
}

/* Key or value as [b, g, t, size] after the past, when there is one or when it is an output. */
static onnx_value *present(onnx_ctx *c, const attention *a, onnx_value *v, onnx_value *past,
                           int64_t size, const char *suffix) {
    static const int32_t perm[] = {0, 2, 1, 3};
    int64_t split[4] = {a->b, a->t - a->past, a->g, size};
    if (a->flat)
        v = stream_onnx_transpose(c, stream_onnx_reshape_to(c, v, 4, split), perm, suffix);
    onnx_value *parts[2] = {past, v};
    return past ? stream_onnx_concat(c, parts, 2, 2) : v;
}

static bool wants_output(const onnx_ctx *c, size_t i) {
    return i < c->node->n_output && *c->node->output[i];
}

/* k or v with the labels of its dims: `stacked` when present() made it. */
static onnx_value *heads(onnx_ctx *c, const attention *a, onnx_value *v, bool stacked,
                         int64_t size) {
    int64_t dims[4] = {a->b, a->t, a->g, size};
    return stacked || !a->flat ? v : stream_onnx_reshape_to(c, v, 4, dims);
}

/* [b, g * r, s, t], not scaled yet */
static onnx_value *scores(onnx_ctx *c, const attention *a, onnx_value *k, bool stacked) {
    int64_t flat[5] = {a->b, a->s, a->g, a->r, a->d}, stored[5] = {a->b, a->g, a->r, a->s, a->d};
    int64_t out[5] = {a->b, a->g, a->r, a->s, a->t}, merged[4] = {a->b, a->g * a->r, a->s, a->t};
    onnx_contraction m = {.out_labels = "bgrst", .suffix = ".qk"};
    m.a = stream_onnx_reshape_to(c, a->q, 5, a->flat ? flat : stored);
    m.a_labels = a->flat ? "bsgrd" : "bgrsd";
    m.b = heads(c, a, k, stacked, a->d);
    m.b_labels = stacked || !a->flat ? "bgtd" : "btgd";
    onnx_value *y = stream_onnx_contract(c, &m, stream_onnx_fill(c, a->acc, 0, 5, out));
    return stream_onnx_reshape_to(c, y, 4, merged);
}

static onnx_value *padded_mask(onnx_ctx *c, const attention *a) {
    int64_t low[4] = {0}, high[4] = {0};
    if (!a->mask)
        return NULL;
    high[a->mask->rank - 1] = a->t - a->mask->dims[a->mask->rank - 1];
    return stream_onnx_pad(c, a->mask, low, high,
                           a->mask->type == ONNX_BOOL ? 0 : -(double)INFINITY);
}

static onnx_scalar masked(onnx_ctx *c, onnx_scalar hidden, onnx_scalar v) {
    onnx_scalar low = stream_onnx_s_number(c, v.type, -(double)INFINITY);
    return stream_onnx_s_select(c, hidden, low, v);
}

/* Steps of one elementwise layer over the scores. */
enum {
    SCALE = 1,
    MASK = 2,
    CAP = 4
};

static onnx_scalar apply_mask(onnx_ctx *c, const attention *a, onnx_scalar v, onnx_scalar mask,
                              onnx_scalar valid) {
    onnx_scalar at = {0};
    if (a->causal || a->valid)
        at = stream_onnx_s_index(c, 3, ONNX_INT64);
    if (a->mask && a->mask->type == ONNX_BOOL)
        v = stream_onnx_s_select(c, mask, v, stream_onnx_s_number(c, v.type, -(double)INFINITY));
    else if (a->mask)
        v = stream_onnx_s_arith(c, '+', v, stream_onnx_s_cast(c, mask, v.type));
    if (a->causal) {
        onnx_scalar last = stream_onnx_s_index(c, 2, ONNX_INT64);
        last =
            stream_onnx_s_arith(c, '+', last, stream_onnx_s_number(c, ONNX_INT64, (double)a->past));
        v = masked(c, stream_onnx_s_compare(c, "gt", at, last), v);
    }
    if (a->valid) {
        valid = stream_onnx_s_cast(c, valid, ONNX_INT64);
        v = masked(c, stream_onnx_s_compare(c, "ge", at, valid), v);
    }
    return v;
}

static onnx_value *step(onnx_ctx *c, const attention *a, onnx_value *x, int steps,
                        const char *suffix) {
    onnx_value *mask = steps & MASK ? padded_mask(c, a) : NULL;
    onnx_scalar m = {0}, valid = {0}, v = stream_onnx_map_in(c, x);
    if (mask)
        m = stream_onnx_g_in_broadcast(c, mask, 4, x->dims);
    if (steps & MASK && a->valid)
        valid = stream_onnx_g_in(c, a->valid, "d0");
    stream_onnx_map_out(c, x->type, 4, x->dims);
    if (steps & SCALE)
        v = stream_onnx_s_arith(c, '*', v, stream_onnx_s_number(c, v.type, a->scale));
    if (steps & MASK)
        v = apply_mask(c, a, v, m, valid);
    if (steps & CAP) {
        onnx_scalar cap = stream_onnx_s_number(c, v.type, a->softcap);
        v = stream_onnx_s_op1(c, "math.tanh", stream_onnx_s_arith(c, '/', v, cap));
        v = stream_onnx_s_arith(c, '*', v, cap);
    }
    return stream_onnx_g_end(c, v, suffix);
}

/* softmax(...) of the scores; out[3] is what the mode asks for on the way. */
static onnx_value *weights(onnx_ctx *c, const attention *a, onnx_value *score) {
    static const bool last[4] = {false, false, false, true};
    bool out = wants_output(c, 3), split = out && a->mode < 2;
    bool mask = a->mask || a->causal || a->valid;
    int cap = a->softcap > 0 ? CAP : 0, first = SCALE | (mask ? MASK : 0);
    onnx_value *seen = NULL;
    if (split && a->mode == 0) {
        score = seen = step(c, a, score, SCALE, ".scale");
        first &= ~SCALE;
    } else if (split) {
        score = seen = step(c, a, score, first, ".mask");
        first = 0;
    }
    if (first | cap)
        score = step(c, a, score, first | cap, cap ? ".cap" : first & MASK ? ".mask" : ".scale");
    if (out && a->mode == 2)
        seen = score;
    onnx_value *p = stream_onnx_softmax_emit(c, score, last, false, ".softmax");
    if (out)
        c->out[3] = stream_onnx_narrow(c, a->mode == 3 ? p : seen, a->type);
    return p;
}

static onnx_value *weighted_values(onnx_ctx *c, const attention *a, onnx_value *p, onnx_value *v,
                                   bool stacked) {
    int64_t split[5] = {a->b, a->g, a->r, a->s, a->t};
    int64_t flat[5] = {a->b, a->s, a->g, a->r, a->e}, stored[5] = {a->b, a->g, a->r, a->s, a->e};
    int64_t out3[3] = {a->b, a->s, a->g * a->r * a->e}, out4[4] = {a->b, a->g * a->r, a->s, a->e};
    onnx_contraction m = {.a_labels = "bgrst", .out_labels = a->flat ? "bsgre" : "bgrse"};
    m.a = stream_onnx_reshape_to(c, p, 5, split);
    m.b = heads(c, a, v, stacked, a->e);
    m.b_labels = stacked || !a->flat ? "bgte" : "btge";
    onnx_value *zero = stream_onnx_fill(c, a->acc, 0, 5, a->flat ? flat : stored);
    onnx_value *y = stream_onnx_narrow(c, stream_onnx_contract(c, &m, zero), a->type);
    return stream_onnx_reshape_to(c, y, a->flat ? 3 : 4, a->flat ? out3 : out4);
}

static stream_status attention_node(onnx_ctx *c) {
    attention a;
    STREAM_TRY(read_inputs(c, &a));
    STREAM_TRY(read_attributes(c, &a));
    if (!stream_onnx_attribute(c, "scale"))
        a.scale = 1 / sqrt((double)a.d);
    bool stack_k = a.past_k || wants_output(c, 1), stack_v = a.past_v || wants_output(c, 2);
    onnx_value *k = stack_k ? present(c, &a, a.k, a.past_k, a.d, ".key") : a.k;
    onnx_value *v = stack_v ? present(c, &a, a.v, a.past_v, a.e, ".value") : a.v;
    onnx_value *p = weights(c, &a, scores(c, &a, k, stack_k));
    c->out[0] = weighted_values(c, &a, p, v, stack_v);
    if (wants_output(c, 1))
        c->out[1] = k;
    if (wants_output(c, 2))
        c->out[2] = v;
    return STREAM_OK;
}

static const onnx_row rows[] = {
    {"Attention", NULL, 23, 3, 6, ONNX_FLOATING, attention_node},
    {"Attention", NULL, 24, 3, 7, ONNX_FLOATING, attention_node},
};

ONNX_FAMILY(stream_onnx_attention, rows);
