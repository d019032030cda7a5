/* What a handler asks of its node; see onnx_import.h. */

#include "onnx_import.h"

#include <stdio.h>
#include <string.h>

enum {
    ATTRIBUTE_FLOAT = 1,
    ATTRIBUTE_INT = 2,
    ATTRIBUTE_STRING = 3,
    ATTRIBUTE_INTS = 7
};

/* "node 'conv1' (op Conv, opset 13): ", or nothing outside a node. */
static void prefix(const onnx_ctx *c, char *text, size_t n) {
    text[0] = '\0';
    if (!c->node)
        return;
    const char *name = c->node->name, *domain = c->node->domain;
    const char *op = c->node->op_type ? c->node->op_type : "";
    bool foreign = domain && *domain && strcmp(domain, "ai.onnx") != 0;
    if (name && *name)
        snprintf(text, n, "node '%.200s' (op %s%s%.100s, opset %d): ", name, foreign ? domain : "",
                 foreign ? "." : "", op, c->opset);
    else
        snprintf(text, n, "node %d (op %s%s%.100s, opset %d): ", c->node_index,
                 foreign ? domain : "", foreign ? "." : "", op, c->opset);
}

stream_status stream_onnx_error(onnx_ctx *c, stream_status status, const char *format, ...) {
    char where[512], text[600];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    prefix(c, where, sizeof where);
    return stream_error(c->diag, status, (stream_loc){.file = c->path}, "%s%s", where, text);
}

void stream_onnx_warn(onnx_ctx *c, const char *format, ...) {
    char where[512], text[400];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    prefix(c, where, sizeof where);
    stream_warn(c->diag, (stream_loc){.file = c->path}, "%s%s", where, text);
}

const Onnx__AttributeProto *stream_onnx_attribute(onnx_ctx *c, const char *name) {
    for (size_t i = 0; i < c->node->n_attribute; ++i)
        if (c->node->attribute[i]->name && !strcmp(c->node->attribute[i]->name, name)) {
            c->attribute_read[i] = true;
            return c->node->attribute[i];
        }
    return NULL;
}

void stream_onnx_ignore(onnx_ctx *c, const char *name) {
    (void)stream_onnx_attribute(c, name);
}

/* IR version 1 files may lack the type; the field that is set then tells. */
static stream_status wrong_type(onnx_ctx *c, const char *name, const char *want) {
    return stream_onnx_error(c, STREAM_INVALID, "attribute '%s' is not %s", name, want);
}

stream_status stream_onnx_int(onnx_ctx *c, const char *name, int64_t fallback, int64_t *out) {
    const Onnx__AttributeProto *a = stream_onnx_attribute(c, name);
    *out = fallback;
    if (!a)
        return STREAM_OK;
    if (a->has_type ? a->type != ATTRIBUTE_INT : !a->has_i)
        return wrong_type(c, name, "an integer");
    *out = a->i;
    return STREAM_OK;
}

stream_status stream_onnx_flag(onnx_ctx *c, const char *name, bool fallback, bool *out) {
    int64_t value = 0;
    STREAM_TRY(stream_onnx_int(c, name, fallback, &value));
    if (value != 0 && value != 1)
        return stream_onnx_error(c, STREAM_INVALID, "attribute '%s' is %lld, not 0 or 1", name,
                                 (long long)value);
    *out = value;
    return STREAM_OK;
}

stream_status stream_onnx_float(onnx_ctx *c, const char *name, double fallback, double *out) {
    const Onnx__AttributeProto *a = stream_onnx_attribute(c, name);
    *out = fallback;
    if (!a)
        return STREAM_OK;
    if (a->has_type ? a->type != ATTRIBUTE_FLOAT : !a->has_f)
        return wrong_type(c, name, "a float");
    *out = (double)a->f;
    return STREAM_OK;
}

stream_status stream_onnx_string(onnx_ctx *c, const char *name, const char *fallback,
                                 const char **out) {
    const Onnx__AttributeProto *a = stream_onnx_attribute(c, name);
    *out = fallback;
    if (!a)
        return STREAM_OK;
    if (a->has_type ? a->type != ATTRIBUTE_STRING : !a->has_s)
        return wrong_type(c, name, "a string");
    char *copy = stream_arena_alloc(c->arena, a->s.len + 1, 1);
    if (a->s.len)
        memcpy(copy, a->s.data, a->s.len);
    *out = copy;
    return STREAM_OK;
}

stream_status stream_onnx_ints(onnx_ctx *c, const char *name, const int64_t **out, int32_t *out_n) {
    const Onnx__AttributeProto *a = stream_onnx_attribute(c, name);
    *out = NULL;
    *out_n = -1;
    if (!a)
        return STREAM_OK;
    if (a->has_type ? a->type != ATTRIBUTE_INTS : !a->n_ints)
        return wrong_type(c, name, "a list of integers");
    if (a->n_ints > 1000)
        return stream_onnx_error(c, STREAM_INVALID, "attribute '%s' has %zu integers", name,
                                 a->n_ints);
    *out = a->ints;
    *out_n = (int32_t)a->n_ints;
    return STREAM_OK;
}

stream_status stream_onnx_axis(onnx_ctx *c, int64_t axis, int32_t rank, int32_t *out) {
    if (axis < -rank || axis >= rank)
        return stream_onnx_error(c, STREAM_INVALID, "axis %lld is outside [%d, %d]",
                                 (long long)axis, -rank, rank - 1);
    *out = (int32_t)(axis < 0 ? axis + rank : axis);
    return STREAM_OK;
}

onnx_value *stream_onnx_input(onnx_ctx *c, int32_t i) {
    return i >= 0 && i < c->n_in ? c->in[i] : NULL;
}

stream_status stream_onnx_const_ints(onnx_ctx *c, int32_t input, const char *what,
                                     const int64_t **out, int32_t *out_n) {
    const onnx_value *v = c->in[input];
    if (!v->blob)
        return stream_onnx_error(c, STREAM_UNSUPPORTED, "%s ('%s') must be a constant", what,
                                 v->name);
    if (!(stream_onnx_kind(v->type) & ONNX_INTEGER) || v->rank > 1)
        return stream_onnx_error(c, STREAM_INVALID, "%s ('%s') must be a vector of integers", what,
                                 v->name);
    int64_t n = stream_onnx_elements(v);
    if (n > 1000)
        return stream_onnx_error(c, STREAM_INVALID, "%s ('%s') has %lld elements", what, v->name,
                                 (long long)n);
    int64_t *values = STREAM_NEW(c->arena, int64_t, (size_t)n);
    for (int64_t i = 0; i < n; ++i)
        values[i] = stream_onnx_get_int(v, i);
    *out = values;
    *out_n = (int32_t)n;
    return STREAM_OK;
}

stream_status stream_onnx_axes(onnx_ctx *c, const char *name, int32_t input, int32_t rank,
                               bool *out_mask, bool *out_present) {
    const int64_t *axes = NULL;
    int32_t n = -1;
    if (stream_onnx_input(c, input))
        STREAM_TRY(stream_onnx_const_ints(c, input, "the list of axes", &axes, &n));
    else if (name)
        STREAM_TRY(stream_onnx_ints(c, name, &axes, &n));
    *out_present = n >= 0;
    memset(out_mask, 0, STREAM_MAX_RANK * sizeof *out_mask);
    for (int32_t i = 0; i < n; ++i) {
        int32_t axis = 0;
        STREAM_TRY(stream_onnx_axis(c, axes[i], rank, &axis));
        if (out_mask[axis])
            return stream_onnx_error(c, STREAM_INVALID, "axis %d appears twice", axis);
        out_mask[axis] = true;
    }
    return STREAM_OK;
}

stream_status stream_onnx_same_types(onnx_ctx *c, int32_t first, int32_t last) {
    for (int32_t i = first + 1; i <= last && i < c->n_in; ++i)
        if (c->in[i] && c->in[first] && c->in[i]->type != c->in[first]->type)
            return stream_onnx_error(c, STREAM_INVALID, "input %d ('%s') is %s, input %d is %s", i,
                                     c->in[i]->name, stream_onnx_type_name(c->in[i]->type), first,
                                     stream_onnx_type_name(c->in[first]->type));
    return STREAM_OK;
}

stream_status stream_onnx_want_rank(onnx_ctx *c, int32_t input, int32_t rank) {
    if (c->in[input]->rank != rank)
        return stream_onnx_error(c, STREAM_INVALID, "input %d ('%s') has rank %d, expected %d",
                                 input, c->in[input]->name, c->in[input]->rank, rank);
    return STREAM_OK;
}

stream_status stream_onnx_want_vector(onnx_ctx *c, int32_t i, int64_t n) {
    const onnx_value *v = stream_onnx_input(c, i);
    if (v && (v->rank != 1 || v->dims[0] != n))
        return stream_onnx_error(c, STREAM_INVALID,
                                 "input %d ('%s') must be a vector of %lld elements", i, v->name,
                                 (long long)n);
    return STREAM_OK;
}
