/* linalg.generic contractions; see onnx_contract.h. */

#include "onnx_contract.h"

#include <stdio.h>
#include <string.h>

static const char *label_map(onnx_ctx *c, const char *loops, const char *labels) {
    char *map = stream_arena_alloc(c->arena, strlen(labels) * 6 + 1, 1);
    size_t at = 0;
    for (const char *l = labels; *l; ++l)
        at += (size_t)snprintf(map + at, 8, "%sd%d", at ? ", " : "",
                               (int)(strchr(loops, *l) - loops));
    return map;
}

/* The labels of out, then the others; kinds in parallel. */
static void loop_order(const onnx_contraction *k, char *loops, char *kinds) {
    const char *parts[] = {k->out_labels, k->a_labels, k->b_labels};
    size_t n = 0;
    for (int part = 0; part < 3; ++part)
        for (const char *l = parts[part]; *l; ++l)
            if (!memchr(loops, *l, n)) {
                loops[n] = *l;
                kinds[n++] = part == 0 ? 'p' : 'r';
            }
}

static onnx_scalar zero_point(onnx_ctx *c, const char *loops, onnx_value *z, char label) {
    char labels[2] = {label, 0};
    if (!z)
        return (onnx_scalar){0};
    if (stream_onnx_is_scalar(z))
        return stream_onnx_s_constant(c, z);
    if (stream_onnx_elements(z) == 1)
        return stream_onnx_g_in(c, stream_onnx_reshape_to(c, z, 0, NULL), "");
    return stream_onnx_g_in(c, z, label_map(c, loops, labels));
}

static onnx_scalar centred(onnx_ctx *c, onnx_scalar v, const onnx_value *z, onnx_scalar zero,
                           onnx_type type) {
    v = stream_onnx_s_cast(c, v, type);
    return z ? stream_onnx_s_arith(c, '-', v, stream_onnx_s_cast(c, zero, type)) : v;
}

onnx_value *stream_onnx_contract(onnx_ctx *c, const onnx_contraction *k, onnx_value *init) {
    char loops[3 * STREAM_MAX_RANK + 1] = {0}, kinds[3 * STREAM_MAX_RANK + 1] = {0};
    loop_order(k, loops, kinds);
    stream_onnx_g_begin(c, kinds);
    onnx_scalar a = stream_onnx_g_in(c, k->a, label_map(c, loops, k->a_labels));
    onnx_scalar b = stream_onnx_g_in(c, k->b, label_map(c, loops, k->b_labels));
    onnx_scalar za = zero_point(c, loops, k->za, k->za_label);
    onnx_scalar zb = zero_point(c, loops, k->zb, k->zb_label);
    onnx_scalar sum = stream_onnx_g_out(c, init, label_map(c, loops, k->out_labels));
    a = centred(c, a, k->za, za, init->type);
    b = centred(c, b, k->zb, zb, init->type);
    sum = stream_onnx_s_arith(c, '+', sum, stream_onnx_s_arith(c, '*', a, b));
    return stream_onnx_g_end(c, sum, k->suffix ? k->suffix : "");
}

onnx_value *stream_onnx_narrow(onnx_ctx *c, onnx_value *v, onnx_type type) {
    char kinds[STREAM_MAX_RANK + 1] = {0};
    if (v->type == type)
        return v;
    memset(kinds, 'p', (size_t)v->rank);
    onnx_value *empty = stream_onnx_empty(c, type, v->rank, v->dims);
    const char *map = stream_onnx_dims_map(c, v->rank, NULL);
    stream_onnx_g_begin(c, kinds);
    onnx_scalar s = stream_onnx_g_in(c, v, map);
    stream_onnx_g_out(c, empty, map);
    return stream_onnx_g_end(c, stream_onnx_s_cast(c, s, type), ".trunc");
}
