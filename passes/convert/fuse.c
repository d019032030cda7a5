/* Element-wise ops that run in the kernel of the layer that makes one of their inputs. */

#include "builder.h"
#include "classify.h"

#include <string.h>

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

/* The last layer before `n`, of those whose results it reads; -1: it reads none. */
static int32_t newest_layer(const loader *l, const loop_nest *n) {
    int32_t newest = -1;
    for (size_t i = 0; i < n->operands.n; ++i) {
        int32_t layer =
            STREAM_AT(int32_t, l->newest, STREAM_AT(stream_operand, n->operands, i).view);
        newest = layer > newest ? layer : newest;
    }
    return newest;
}

/* True if `n` reads results of layers besides `newest`. */
static bool reads_other(const loader *l, const loop_nest *n, int32_t newest) {
    for (size_t i = 0; i < n->operands.n; ++i) {
        int32_t view = STREAM_AT(stream_operand, n->operands, i).view;
        if (is_intermediate(l, view) && STREAM_AT(int32_t, l->newest, view) != newest)
            return true;
    }
    return false;
}

/* Why operand `o` of `n`, which reads what layer `open` gives, does not read its elements one by
 * one as they are made; NULL: it does. */
static const char *why_not_in_step(const loader *l, const loop_nest *n, const stream_operand *o,
                                   const open_layer *open) {
    const stream_view *v = view_at(l, o->view);
    if (o->position >= n->n_operands)
        return "its body reads it at indices of its own";
    if (v->kind != STREAM_VIEW_TENSOR ||
        !mlirValueEqual(open->tail, mlirOperationGetOperand(n->op, o->position)))
        return "it reads it through data movement";
    if (o->is_init)
        return "it is its destination";
    return is_identity(n, o, v->rank) ? NULL : "it reads it in another order";
}

/* The layer that makes an input of `n` and all whose results `n` reads beside that are before it;
 * else NULL and why not. */
static open_layer *find_producer(const loader *l, const loop_nest *n, const char **why) {
    int32_t newest = newest_layer(l, n);
    open_layer *open = &STREAM_AT(open_layer, l->layers, newest);
    *why = is_elementwise(n) ? open->closed : "it is not element-wise";
    for (size_t i = 0; i < n->operands.n && !*why; ++i) {
        const stream_operand *o = &STREAM_AT(stream_operand, n->operands, i);
        if (STREAM_AT(int32_t, l->newest, o->view) == newest)
            *why = why_not_in_step(l, n, o, open);
    }
    if (!*why && !only_user(open->tail, n->op))
        *why = "something else reads its result, too";
    if (!*why && open->ops.n >= INT16_MAX)
        *why = "too many ops are fused into it";
    return *why ? NULL : open;
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

/* All but what the layer itself gives. */
static void append_operands(loader *l, open_layer *open, const loop_nest *n) {
    int32_t layer = (int32_t)(open - &STREAM_AT(open_layer, l->layers, 0));
    for (size_t i = 0; i < n->operands.n; ++i) {
        stream_operand o = STREAM_AT(stream_operand, n->operands, i);
        if (STREAM_AT(int32_t, l->newest, o.view) == layer)
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

static void append(loader *l, open_layer *open, const loop_nest *n, bool forced) {
    MlirValue result = mlirOperationGetResult(n->op, 0);
    MlirType element = mlirShapedTypeGetElementType(mlirValueGetType(result));
    stream_layer *layer = &open->layer;
    append_operands(l, open, n);
    *(MlirOperation *)stream_vec_push(&open->ops) = n->op;
    layer->uses_index |= n->uses_index;
    bool reduction = stream_layer_reduces(layer);
    open->forced |= forced;
    layer->has_epilogue |= reduction;
    layer->epilogue_apart = layer->has_epilogue && !open->forced;
    if (reduction)
        layer->post_ops += stream_classify_needs(n->op, l->arena).n_ops;
    else
        layer->macs_per_point += stream_classify_macs(n->op);
    STREAM_AT(stream_tensor, l->tensors, layer->output).element_bits =
        stream_ir_element_bits(element);
    STREAM_AT(MlirValue, l->tensor_values, layer->output) = result;
    int32_t root = view_of(l, open->tail);
    stream_view_origin *origin = STREAM_NEW(l->arena, stream_view_origin, 1);
    origin->element = element;
    view_at(l, root)->op = origin;
    value_map_set(&l->view_of, result, root);
    open->tail = result;
}

static void note(loader *l, const loop_nest *n, const open_layer *layer, bool fused,
                 const char *why) {
    *(stream_fusion_note *)stream_vec_push(&l->fusions) =
        (stream_fusion_note){.op = n->op,
                             .layer = layer ? layer->layer.name : NULL,
                             .fused = fused,
                             .why = stream_arena_strdup(l->arena, why)};
}

static bool keeps_residuals_apart(void *user, const stream_fusion_question *question,
                                  stream_text *why) {
    (void)user;
    bool planned = stream_ir_has(question->op, "stream.plan");
    if (planned || question->reads_others)
        stream_text_str(why, planned ? "it has a plan of its own" : "it reads other layers, too");
    return !planned && !question->reads_others;
}

const stream_fusion_policy stream_fusion_residuals_apart = {.allows = keeps_residuals_apart};

static bool allowed(const loader *l, const open_layer *open, const loop_nest *n, stream_text *why) {
    const stream_fusion_policy *policy = l->options->policy;
    if (!policy || !policy->allows)
        return true;
    stream_fusion_question question = {.anchor = STREAM_AT(MlirOperation, open->ops, 0),
                                       .op = n->op,
                                       .reads_others = reads_other(l, n, newest_layer(l, n))};
    return policy->allows(policy->user, &question, why);
}

static stream_status decide(loader *l, const loop_nest *n, bool *fused) {
    const stream_fusion_policy *policy = l->options->policy;
    bool forced = policy && policy->forced && policy->forced(policy->user, n->op);
    int32_t newest = newest_layer(l, n);
    const char *why = newest < 0 ? "it reads no result of a layer"
                      : !policy && stream_ir_has(n->op, "stream.plan") ? "it has a plan of its own"
                                                                       : NULL;
    open_layer *open = why ? NULL : find_producer(l, n, &why);
    stream_text text = {0};
    stream_text_str(&text, why ? why : "");
    *fused = open && allowed(l, open, n, &text);
    const open_layer *before = newest < 0 ? NULL : &STREAM_AT(open_layer, l->layers, newest);
    stream_status status = STREAM_OK;
    if (forced && !*fused)
        status = unsupported(l, n->op, "is to be fused%s%s%s, which cannot be: %s",
                             before ? " into layer '" : "", before ? before->layer.name : "",
                             before ? "'" : "", text.data);
    else if (policy && before && is_elementwise(n))
        note(l, n, before, *fused, text.data);
    stream_text_free(&text);
    if (*fused)
        append(l, open, n, forced);
    return status;
}

stream_status fuse_nest(loader *l, const loop_nest *n, bool *fused) {
    *fused = false;
    return l->options->fuse_elementwise ? decide(l, n, fused) : STREAM_OK;
}
