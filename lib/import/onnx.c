/* Graph to module; see stream/import/onnx.h. */

#include "onnx_import.h"

#include <stdio.h>
#include <string.h>

enum {
    OPSET_MIN = 1,
    OPSET_MAX = 24,
    MAX_INPUTS = 4096
};

static stream_status find_opset(onnx_ctx *c, const Onnx__ModelProto *model) {
    for (size_t i = 0; i < model->n_opset_import; ++i) {
        const Onnx__OperatorSetIdProto *id = model->opset_import[i];
        if (id->domain && *id->domain && strcmp(id->domain, "ai.onnx") != 0)
            continue;
        if (id->version < OPSET_MIN || id->version > OPSET_MAX)
            return stream_onnx_error(c, STREAM_UNSUPPORTED, "opset %lld is outside %d to %d",
                                     (long long)id->version, OPSET_MIN, OPSET_MAX);
        c->opset = (int32_t)id->version;
        return STREAM_OK;
    }
    return stream_onnx_error(c, STREAM_INVALID, "the model imports no opset of the default domain");
}

/* The node's name, or <op>_<index>; a name already taken gets the index appended. */
static const char *layer_name(onnx_ctx *c, const char *name, const char *op) {
    size_t n = (name ? strlen(name) : 0) + strlen(op) + 64;
    char *layer = stream_arena_alloc(c->arena, n, 1);
    if (name && *name)
        snprintf(layer, n, "%s", name);
    else
        snprintf(layer, n, "%s_%d", op, c->node_index);
    for (int32_t k = 0; stream_onnx_names_find(c->layers, layer); ++k) {
        const char *base = name && *name ? name : op;
        if (k == 0)
            snprintf(layer, n, "%s_%d", base, c->node_index);
        else
            snprintf(layer, n, "%s_%d_%d", base, c->node_index, k);
    }
    onnx_value *mark = STREAM_NEW(c->arena, onnx_value, 1);
    stream_onnx_names_add(c->layers, c->arena, layer, mark);
    return layer;
}

/* The node that defines `name`, or NULL. */
static const Onnx__NodeProto *producer(const Onnx__GraphProto *graph, const char *name) {
    for (size_t i = 0; i < graph->n_node; ++i)
        for (size_t o = 0; o < graph->node[i]->n_output; ++o)
            if (!strcmp(graph->node[i]->output[o], name))
                return graph->node[i];
    return NULL;
}

static stream_status undefined(onnx_ctx *c, const Onnx__GraphProto *graph, const char *name) {
    const Onnx__NodeProto *later = producer(graph, name);
    if (!later)
        return stream_onnx_error(c, STREAM_INVALID, "input '%.200s' is not defined", name);
    return stream_onnx_error(
        c, STREAM_INVALID,
        "input '%.200s' is defined only by '%.200s' (op %.60s), which does not "
        "come before it: the graph has a cycle or is not in topological order",
        name, later->name ? later->name : "", later->op_type ? later->op_type : "");
}

static stream_status bind_inputs(onnx_ctx *c, const Onnx__GraphProto *graph) {
    if (c->node->n_input > MAX_INPUTS)
        return stream_onnx_error(c, STREAM_INVALID, "%zu inputs", c->node->n_input);
    c->n_in = (int32_t)c->node->n_input;
    c->in = STREAM_NEW(c->arena, onnx_value *, c->node->n_input);
    for (int32_t i = 0; i < c->n_in; ++i) {
        const char *name = c->node->input[i];
        if (!*name)
            continue;
        c->in[i] = stream_onnx_names_find(c->names, name);
        if (!c->in[i])
            return undefined(c, graph, name);
        if (c->in[i]->type == ONNX_UNDEFINED)
            return stream_onnx_error(
                c, STREAM_UNSUPPORTED,
                "input '%.200s' is an optional output of node '%.200s' that is "
                "not supported",
                name, c->in[i]->name);
    }
    return STREAM_OK;
}

static stream_status check_inputs(onnx_ctx *c, const onnx_row *row) {
    if (c->n_in < row->min_inputs || (row->max_inputs >= 0 && c->n_in > row->max_inputs))
        return stream_onnx_error(c, STREAM_INVALID, "%d inputs, expected %d to %d", c->n_in,
                                 row->min_inputs, row->max_inputs);
    for (int32_t i = 0; i < row->min_inputs; ++i)
        if (!c->in[i])
            return stream_onnx_error(c, STREAM_INVALID, "input %d is missing", i);
    if (row->min_inputs && !(stream_onnx_kind(c->in[0]->type) & row->types))
        return stream_onnx_error(c, STREAM_UNSUPPORTED, "input '%s' of type %s is not supported",
                                 c->in[0]->name, stream_onnx_type_name(c->in[0]->type));
    return STREAM_OK;
}

static stream_status find_row(onnx_ctx *c, const onnx_row **out) {
    int32_t oldest = 0;
    *out = stream_onnx_find_row(c->node->op_type, c->node->domain, c->opset, &oldest);
    if (*out)
        return STREAM_OK;
    if (oldest)
        return stream_onnx_error(c, STREAM_INVALID, "operator is supported from opset %d on",
                                 oldest);
    return stream_onnx_error(c, STREAM_UNSUPPORTED, "operator not supported");
}

/* Constants may be empty; values computed at run time may not. */
static stream_status check_result(onnx_ctx *c, const onnx_value *v, size_t o) {
    int64_t n = stream_onnx_elements(v);
    if (n < 0 || (n == 0 && !v->blob))
        return stream_onnx_error(c, STREAM_UNSUPPORTED, "output '%s' has %s", c->node->output[o],
                                 n ? "more than 2^40 elements" : "no elements");
    return STREAM_OK;
}

/* An output that the handler does not compute is an error only for those who read it. */
static onnx_value *not_computed(onnx_ctx *c) {
    onnx_value *v = STREAM_NEW(c->arena, onnx_value, 1);
    v->type = ONNX_UNDEFINED;
    v->name = c->layer;
    return v;
}

static stream_status bind_outputs(onnx_ctx *c) {
    for (size_t o = 0; o < c->node->n_output; ++o) {
        if (!*c->node->output[o])
            continue;
        onnx_value *v = c->out[o] ? c->out[o] : not_computed(c);
        if (v->type != ONNX_UNDEFINED)
            STREAM_TRY(check_result(c, v, o));
        if (!*v->name)
            v->name = c->node->output[o];
        STREAM_TRY(stream_onnx_define(c, c->node->output[o], v));
    }
    return STREAM_OK;
}

static void warn_unread(onnx_ctx *c) {
    for (size_t i = 0; i < c->node->n_attribute; ++i)
        if (!c->attribute_read[i])
            stream_onnx_warn(c, "attribute '%.200s' is ignored",
                             c->node->attribute[i]->name ? c->node->attribute[i]->name : "");
}

static stream_status translate(onnx_ctx *c, const Onnx__GraphProto *graph) {
    const onnx_row *row = NULL;
    bool folded = false;
    if (!c->node->op_type || !*c->node->op_type)
        return stream_onnx_error(c, STREAM_INVALID, "the node has no operator");
    c->layer = layer_name(c, c->node->name, c->node->op_type);
    c->attribute_read = STREAM_NEW(c->arena, bool, c->node->n_attribute);
    c->out = STREAM_NEW(c->arena, onnx_value *, c->node->n_output);
    STREAM_TRY(bind_inputs(c, graph));
    STREAM_TRY(find_row(c, &row));
    STREAM_TRY(check_inputs(c, row));
    if (!c->node->n_output)
        return stream_onnx_error(c, STREAM_INVALID, "the node has no output");
    if (c->node->n_output > MAX_INPUTS)
        return stream_onnx_error(c, STREAM_INVALID, "%zu outputs", c->node->n_output);
    STREAM_TRY(stream_onnx_fold(c, &folded));
    if (!folded)
        STREAM_TRY(row->handle(c));
    STREAM_TRY(bind_outputs(c));
    warn_unread(c);
    return STREAM_OK;
}

static stream_status check_graph(onnx_ctx *c, const Onnx__GraphProto *graph) {
    if (graph->n_sparse_initializer)
        return stream_onnx_error(c, STREAM_UNSUPPORTED, "sparse initializers are not supported");
    if (!graph->n_output)
        return stream_onnx_error(c, STREAM_INVALID, "the graph has no outputs");
    if (graph->n_node > 1000000)
        return stream_onnx_error(c, STREAM_INVALID, "%zu nodes", graph->n_node);
    return STREAM_OK;
}

static stream_status import_graph(onnx_ctx *c, const Onnx__ModelProto *model, stream_vec *absent,
                                  stream_text *out_mlir) {
    const Onnx__GraphProto *graph = model->graph;
    STREAM_TRY(find_opset(c, model));
    STREAM_TRY(check_graph(c, graph));
    STREAM_TRY(stream_onnx_read_values(c, graph, absent));
    for (size_t i = 0; i < graph->n_node; ++i) {
        c->node = graph->node[i];
        c->node_index = (int32_t)i;
        STREAM_TRY(translate(c, graph));
    }
    c->node = NULL;
    onnx_value **results = STREAM_NEW(c->arena, onnx_value *, graph->n_output);
    STREAM_TRY(stream_onnx_read_outputs(c, graph, results));
    stream_onnx_print_module(c, graph, results, out_mlir);
    return STREAM_OK;
}

stream_status stream_onnx_import(const char *path, const void *bytes, size_t n_bytes,
                                 stream_arena *arena, const stream_diag *diag,
                                 stream_text *out_mlir) {
    onnx_ctx c = {.path = path, .arena = arena, .diag = diag};
    Onnx__ModelProto *model = NULL;
    c.names = stream_onnx_names_create(arena);
    c.layers = stream_onnx_names_create(arena);
    c.arguments = STREAM_VEC(onnx_value *);
    stream_vec absent = STREAM_VEC(onnx_value *);
    stream_status status = stream_onnx_unpack(&c, bytes, n_bytes, &model);
    if (status == STREAM_OK)
        status = import_graph(&c, model, &absent, out_mlir);
    stream_vec_free(&absent);
    stream_vec_free(&c.arguments);
    stream_text_free(&c.constants);
    stream_text_free(&c.body);
    stream_text_free(&c.resources);
    stream_onnx_g_free(&c.generic);
    return status;
}
