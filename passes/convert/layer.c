/* Layers, and the element-wise ops fused behind them. */

#include "builder.h"
#include "classify.h"

#include <string.h>

static bool is_taken(const loader *l, const char *name) {
    for (size_t i = 0; i < l->layers.n; ++i)
        if (!strcmp(STREAM_AT(open_layer, l->layers, i).layer.name, name))
            return true;
    return false;
}

/* stream.layer, or <op>_<i> with i counting linalg ops; made unique by a further number. */
const char *layer_name(loader *l, MlirOperation op) {
    stream_text text = {0};
    MlirStringRef given;
    if (stream_ir_get_string(op, "stream.layer", &given) && given.length)
        stream_text_append(&text, given.data, given.length);
    else {
        MlirStringRef name = stream_ir_op_name(op);
        const char *dot = memchr(name.data, '.', name.length);
        size_t skip = dot ? (size_t)(dot + 1 - name.data) : 0;
        stream_text_append(&text, name.data + skip, name.length - skip);
        stream_text_print(&text, "_%d", l->n_linalg - 1);
    }
    size_t length = text.length;
    for (int32_t i = 1; is_taken(l, text.data); ++i) {
        text.length = length;
        stream_text_print(&text, "_%d", i);
    }
    const char *result = stream_arena_strdup(l->arena, text.data);
    stream_text_free(&text);
    return result;
}

static bool reduces(const loop_nest *n) {
    for (int32_t d = 0; d < n->n_loops; ++d)
        if (n->reduction[d])
            return true;
    return false;
}

static bool is_unfused(const stream_load_options *options, const char *name) {
    for (int32_t i = 0; i < options->n_unfused; ++i)
        if (!strcmp(options->unfused[i], name))
            return true;
    return !options->fuse_elementwise;
}

stream_status output_tensor(loader *l, MlirOperation op, int32_t result, const char *name) {
    MlirValue value = mlirOperationGetResult(op, result);
    MlirType type = mlirValueGetType(value), element = mlirShapedTypeGetElementType(type);
    stream_tensor t = {.name = name,
                       .kind = STREAM_TENSOR_INTERMEDIATE,
                       .element_bits = stream_ir_element_bits(element),
                       .layer = (int32_t)l->layers.n,
                       .loc = stream_loc_of(op)};
    STREAM_TRY(tensor_shape(l, type, op, "the result", &t.rank, t.shape));
    value_map_set(&l->view_of, value, tensor_new(l, &t, value, element));
    return STREAM_OK;
}

void layer_new(loader *l, MlirOperation op, const stream_layer *layer, stream_vec operands,
               const open_layer *rest) {
    open_layer *open = stream_vec_push(&l->layers);
    *open = *rest;
    open->layer = *layer;
    open->layer.output = (int32_t)l->tensors.n - 1;
    open->layer.psum_bits = STREAM_AT(stream_tensor, l->tensors, open->layer.output).element_bits;
    open->layer.loc = stream_loc_of(op);
    open->operands = operands;
    open->ops = STREAM_VEC(MlirOperation);
    open->tail = mlirOperationGetResult(op, rest->result);
    *(MlirOperation *)stream_vec_push(&open->ops) = op;
}

static stream_status add_layer(loader *l, loop_nest *n) {
    const char *name = layer_name(l, n->op);
    bool several = mlirOperationGetNumResults(n->op) > 1;
    stream_layer layer = {.name = name,
                          .n_loops = n->n_loops,
                          .macs_per_point = stream_classify_macs(n->op),
                          .has_epilogue = several && reduces(n),
                          .uses_index = n->uses_index};
    memcpy(layer.bounds, n->bounds, sizeof n->bounds);
    memcpy(layer.reduction, n->reduction, sizeof n->reduction);
    memcpy(layer.output_loop, n->output_loop, sizeof n->output_loop);
    open_layer rest = {.result = n->result, .closed = several || is_unfused(l->options, name)};
    STREAM_TRY(output_tensor(l, n->op, n->result, name));
    layer_new(l, n->op, &layer, n->operands, &rest);
    return STREAM_OK;
}

/* ---- fusion */

static bool is_identity(const loop_nest *n, const stream_operand *o, int32_t rank) {
    for (int32_t d = 0; d < rank; ++d)
        for (int32_t i = 0; i < n->n_loops; ++i)
            if (o->quasi[d] || o->extent[d] > 1 || o->index[d].constant ||
                o->index[d].coefficient[i] != (i == d))
                return false;
    return rank == n->n_loops;
}

static bool is_elementwise(const loop_nest *n) {
    for (int32_t d = 0; d < n->rank; ++d)
        if (n->output_loop[d] != d)
            return false;
    return n->rank == n->n_loops && mlirOperationGetNumResults(n->op) == 1;
}

static bool only_user(MlirValue value, MlirOperation op) {
    MlirOpOperand use = mlirValueGetFirstUse(value);
    for (; !mlirOpOperandIsNull(use); use = mlirOpOperandGetNextUse(use))
        if (!mlirOperationEqual(mlirOpOperandGetOwner(use), op))
            return false;
    return true;
}

/* The open layer whose tail is `value`, or NULL. */
static open_layer *layer_with_tail(const loader *l, MlirValue value) {
    const stream_view *v = view_at(l, view_of(l, value));
    if (v->kind != STREAM_VIEW_TENSOR || STREAM_AT(stream_tensor, l->tensors, v->tensor).layer < 0)
        return NULL;
    open_layer *open =
        &STREAM_AT(open_layer, l->layers, STREAM_AT(stream_tensor, l->tensors, v->tensor).layer);
    return mlirValueEqual(open->tail, value) && !open->closed ? open : NULL;
}

/* The layer that `nest` can follow: it makes all that `nest` reads of other layers. */
static open_layer *find_producer(const loader *l, const loop_nest *n) {
    open_layer *found = NULL;
    for (size_t i = 0; i < n->operands.n; ++i) {
        const stream_operand *o = &STREAM_AT(stream_operand, n->operands, i);
        if (!STREAM_AT(bool, l->intermediates, o->view))
            continue;
        if (o->position >= n->n_operands)
            return NULL;
        open_layer *open = layer_with_tail(l, mlirOperationGetOperand(n->op, o->position));
        if (!open || (found && open != found) || o->is_init ||
            !is_identity(n, o, view_at(l, o->view)->rank))
            return NULL;
        found = open;
    }
    return found && only_user(found->tail, n->op) ? found : NULL;
}

/* `index` of an epilogue op, whose loops are the dims of the output, over the layer's loops. */
static stream_affine through_output(const stream_layer *layer, const stream_affine *index,
                                    int32_t rank) {
    stream_affine result = {.constant = index->constant};
    for (int32_t d = 0; d < rank; ++d)
        if (layer->output_loop[d] >= 0)
            result.coefficient[layer->output_loop[d]] = index->coefficient[d];
    return result;
}

/* The same for a quasi-affine index; a dim without loop has index 0. */
static const stream_quasi *quasi_through_output(loader *l, const stream_layer *layer,
                                                const stream_quasi *quasi) {
    if (!quasi)
        return NULL;
    stream_quasi *result = STREAM_NEW(l->arena, stream_quasi, 1);
    stream_quasi_node *nodes = STREAM_NEW(l->arena, stream_quasi_node, (size_t)quasi->n_nodes);
    for (int32_t i = 0; i < quasi->n_nodes; ++i) {
        nodes[i] = quasi->nodes[i];
        if (nodes[i].kind != STREAM_QUASI_LOOP)
            continue;
        int32_t loop = layer->output_loop[nodes[i].value];
        nodes[i].kind = loop < 0 ? STREAM_QUASI_CONSTANT : STREAM_QUASI_LOOP;
        nodes[i].value = loop < 0 ? 0 : loop;
    }
    *result = (stream_quasi){nodes, quasi->n_nodes};
    return result;
}

static void append_operands(loader *l, open_layer *open, const loop_nest *n) {
    for (size_t i = 0; i < n->operands.n; ++i) {
        stream_operand o = STREAM_AT(stream_operand, n->operands, i);
        if (STREAM_AT(bool, l->intermediates, o.view))
            continue;
        o.op = (int16_t)open->ops.n;
        o.is_init = false;
        o.operand_class = o.position == 0 || is_identity(n, &o, view_at(l, o.view)->rank) ? 0 : 1;
        for (int32_t d = 0; d < view_at(l, o.view)->rank; ++d) {
            o.index[d] = through_output(&open->layer, &o.index[d], n->rank);
            o.quasi[d] = quasi_through_output(l, &open->layer, o.quasi[d]);
        }
        *(stream_operand *)stream_vec_push(&open->operands) = o;
    }
}

bool fuse_nest(loader *l, const loop_nest *n) {
    if (!is_elementwise(n) || stream_ir_has(n->op, "stream.plan"))
        return false;
    open_layer *open = find_producer(l, n);
    if (!open || open->ops.n >= INT16_MAX)
        return false;
    MlirValue result = mlirOperationGetResult(n->op, 0);
    MlirType element = mlirShapedTypeGetElementType(mlirValueGetType(result));
    append_operands(l, open, n);
    *(MlirOperation *)stream_vec_push(&open->ops) = n->op;
    open->layer.uses_index |= n->uses_index;
    bool reduction = false;
    for (int32_t d = 0; d < open->layer.n_loops; ++d)
        reduction |= open->layer.reduction[d];
    open->layer.has_epilogue |= reduction;
    open->layer.epilogue_apart = open->layer.has_epilogue;
    if (!reduction)
        open->layer.macs_per_point += stream_classify_macs(n->op);
    STREAM_AT(stream_tensor, l->tensors, open->layer.output).element_bits =
        stream_ir_element_bits(element);
    STREAM_AT(MlirValue, l->tensor_values, open->layer.output) = result;
    int32_t root = view_of(l, open->tail);
    stream_view_origin *origin = STREAM_NEW(l->arena, stream_view_origin, 1);
    origin->element = element;
    view_at(l, root)->op = origin;
    value_map_set(&l->view_of, result, root);
    open->tail = result;
    return true;
}

stream_status load_layer(loader *l, MlirOperation op) {
    loop_nest nest;
    stream_status status = read_nest(l, op, &nest);
    if (status == STREAM_OK && nest.not_boxes) {
        stream_vec_free(&nest.operands);
        return load_whole(l, op, nest.not_boxes);
    }
    if (status == STREAM_OK && !fuse_nest(l, &nest)) {
        status = add_layer(l, &nest);
        if (status == STREAM_OK)
            return STREAM_OK;
    }
    stream_vec_free(&nest.operands);
    return status;
}
