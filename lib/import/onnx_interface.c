/* What enters and leaves the graph: inputs, initializers, outputs; see onnx_import.h. */

#include "onnx_import.h"

#include <stdio.h>
#include <string.h>

/* Every value is defined once. */
stream_status stream_onnx_define(onnx_ctx *c, const char *name, onnx_value *v) {
    if (stream_onnx_names_find(c->names, name))
        return stream_onnx_error(c, STREAM_INVALID, "the value '%s' is defined twice", name);
    stream_onnx_names_add(c->names, c->arena, name, v);
    return STREAM_OK;
}

static void make_argument(onnx_ctx *c, onnx_value *v) {
    snprintf(v->ssa, sizeof v->ssa, "%%arg%zu", c->arguments.n);
    v->is_argument = true;
    *(onnx_value **)stream_vec_push(&c->arguments) = v;
}

/* A type with a static shape. */
static stream_status read_type(onnx_ctx *c, const Onnx__ValueInfoProto *info, const char *role,
                               onnx_value *out) {
    const Onnx__TypeProto__Tensor *t = info->type ? info->type->tensor_type : NULL;
    const char *name = info->name;
    if (!t)
        return stream_onnx_error(c, STREAM_UNSUPPORTED, "%s '%s' is not a tensor", role, name);
    if (!stream_onnx_type_known(t->elem_type))
        return stream_onnx_error(c, STREAM_UNSUPPORTED,
                                 "%s '%s' has element type %s, which is not supported", role, name,
                                 stream_onnx_any_type_name(c, t->elem_type));
    out->type = (onnx_type)t->elem_type;
    if (!t->shape)
        return stream_onnx_error(c, STREAM_UNSUPPORTED, "%s '%s' has no shape", role, name);
    if (t->shape->n_dim > STREAM_MAX_RANK)
        return stream_onnx_error(c, STREAM_UNSUPPORTED,
                                 "%s '%s' has rank %zu, at most %d is "
                                 "supported",
                                 role, name, t->shape->n_dim, STREAM_MAX_RANK);
    out->rank = (int32_t)t->shape->n_dim;
    for (int32_t d = 0; d < out->rank; ++d) {
        const Onnx__TensorShapeProto__Dimension *dim = t->shape->dim[d];
        if (!dim->has_dim_value)
            return stream_onnx_error(c, STREAM_UNSUPPORTED,
                                     "%s '%s' has the dynamic dimension %d ('%s'); export the "
                                     "model with fixed shapes",
                                     role, name, d, dim->dim_param ? dim->dim_param : "?");
        out->dims[d] = dim->dim_value;
    }
    return STREAM_OK;
}

static stream_status read_input(onnx_ctx *c, const Onnx__ValueInfoProto *info) {
    if (!info->name || !*info->name)
        return stream_onnx_error(c, STREAM_INVALID, "a graph input has no name");
    if (stream_onnx_names_find(c->names, info->name) &&
        stream_onnx_names_find(c->names, info->name)->blob)
        return STREAM_OK; /* the default value of an input is its value here */
    onnx_value *v = STREAM_NEW(c->arena, onnx_value, 1);
    v->name = info->name;
    STREAM_TRY(read_type(c, info, "input", v));
    int64_t n = stream_onnx_count(v->rank, v->dims);
    if (n < 0)
        return stream_onnx_error(
            c, STREAM_INVALID,
            "input '%s' has an impossible shape (a negative dimension, or more "
            "than 2^40 elements)",
            info->name);
    if (n == 0) { /* nothing to pass: a constant */
        onnx_value *nothing = stream_onnx_nothing(c, v->type, v->rank, v->dims);
        nothing->name = info->name;
        return stream_onnx_define(c, info->name, nothing);
    }
    STREAM_TRY(stream_onnx_define(c, info->name, v));
    make_argument(c, v);
    v->used = true;
    return STREAM_OK;
}

static bool is_input(const Onnx__GraphProto *graph, const char *name) {
    for (size_t i = 0; i < graph->n_input; ++i)
        if (graph->input[i]->name && !strcmp(graph->input[i]->name, name))
            return true;
    return false;
}

/* Constants first; those without data become arguments after the inputs, or are inputs already. */
static stream_status read_initializer(onnx_ctx *c, const Onnx__GraphProto *graph,
                                      const Onnx__TensorProto *tensor, stream_vec *absent) {
    char what[256];
    const char *name = tensor->name;
    if (!name || !*name)
        return stream_onnx_error(c, STREAM_INVALID, "an initializer has no name");
    snprintf(what, sizeof what, "initializer '%.200s'", name);
    onnx_value *v = STREAM_NEW(c->arena, onnx_value, 1);
    bool is_absent = false;
    v->name = name;
    STREAM_TRY(stream_onnx_tensor(c, tensor, what, v, &is_absent));
    if (is_absent && is_input(graph, name))
        return STREAM_OK;
    if (is_absent)
        *(onnx_value **)stream_vec_push(absent) = v;
    return stream_onnx_define(c, name, v);
}

stream_status stream_onnx_read_values(onnx_ctx *c, const Onnx__GraphProto *graph,
                                      stream_vec *absent) {
    for (size_t i = 0; i < graph->n_initializer; ++i)
        STREAM_TRY(read_initializer(c, graph, graph->initializer[i], absent));
    for (size_t i = 0; i < graph->n_input; ++i)
        STREAM_TRY(read_input(c, graph->input[i]));
    for (size_t i = 0; i < absent->n; ++i)
        make_argument(c, STREAM_AT(onnx_value *, *absent, i));
    return STREAM_OK;
}

/* A declared type must be the computed one; a declared dynamic dim says nothing. */
static stream_status check_output(onnx_ctx *c, const Onnx__ValueInfoProto *info,
                                  const onnx_value *v) {
    const Onnx__TypeProto__Tensor *t = info->type ? info->type->tensor_type : NULL;
    if (!t)
        return STREAM_OK;
    if (t->has_elem_type && t->elem_type && t->elem_type != (int32_t)v->type)
        return stream_onnx_error(c, STREAM_INVALID,
                                 "output '%s' is declared with element type %s, "
                                 "it is computed as %s",
                                 info->name, stream_onnx_any_type_name(c, t->elem_type),
                                 stream_onnx_type_name(v->type));
    if (!t->shape)
        return STREAM_OK;
    if (t->shape->n_dim != (size_t)v->rank)
        return stream_onnx_error(c, STREAM_INVALID,
                                 "output '%s' is declared with rank %zu, it is "
                                 "computed with %d",
                                 info->name, t->shape->n_dim, v->rank);
    for (int32_t d = 0; d < v->rank; ++d)
        if (t->shape->dim[d]->has_dim_value && t->shape->dim[d]->dim_value != v->dims[d])
            return stream_onnx_error(c, STREAM_INVALID,
                                     "output '%s' is declared with %lld as dimension %d, it is "
                                     "computed with %lld",
                                     info->name, (long long)t->shape->dim[d]->dim_value, d,
                                     (long long)v->dims[d]);
    return STREAM_OK;
}

stream_status stream_onnx_read_outputs(onnx_ctx *c, const Onnx__GraphProto *graph,
                                       onnx_value **out) {
    for (size_t i = 0; i < graph->n_output; ++i) {
        const char *name = graph->output[i]->name;
        if (!name || !*name)
            return stream_onnx_error(c, STREAM_INVALID, "a graph output has no name");
        out[i] = stream_onnx_names_find(c->names, name);
        if (!out[i])
            return stream_onnx_error(c, STREAM_INVALID, "the graph output '%s' is not defined",
                                     name);
        if (out[i]->type == ONNX_UNDEFINED)
            return stream_onnx_error(c, STREAM_UNSUPPORTED,
                                     "the graph output '%.200s' is an optional output of node "
                                     "'%.200s' that is not supported",
                                     name, out[i]->name);
        STREAM_TRY(check_output(c, graph->output[i], out[i]));
        (void)stream_onnx_ssa(c, out[i]);
    }
    return STREAM_OK;
}
