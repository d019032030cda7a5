/* Linalg ops as layers; ops fused behind them are in fuse.c. */

#include "builder.h"
#include "classify.h"
#include "combiner.h"

#include "stream/support/integer.h"

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

/* True if tiles of the layer's reduction will follow each other. */
static bool is_divided(const stream_load_options *options, const char *name) {
    const stream_fusion_policy *policy = options->policy;
    return policy && policy->divides && policy->divides(policy->user, name);
}

static const char divided[] =
    "its reduction is divided into tiles, or has to be for its CTs to fit, and what is fused runs on "
    "finished sums";

static stream_status result_bits(loader *l, MlirOperation op, const stream_result_list *results,
                                 int32_t i, stream_tensor *t, int32_t *out) {
    MlirType type = mlirValueGetType(mlirOperationGetResult(op, results->ids[i]));
    STREAM_TRY(tensor_shape(l, type, op, "result", &t->rank, t->shape));
    *out = stream_ir_element_bits(mlirShapedTypeGetElementType(type));
    return STREAM_OK;
}

/* Several results: a tensor of their bits, and a view of each. */
static stream_status several_results(loader *l, MlirOperation op, const stream_result_list *results,
                                     stream_tensor *t) {
    int32_t *bits = STREAM_NEW(l->arena, int32_t, (size_t)results->n), lane = 0;
    t->element_bits = 0;
    for (int32_t i = 0; i < results->n; ++i) {
        STREAM_TRY(result_bits(l, op, results, i, t, &bits[i]));
        t->element_bits = stream_gcd_i32(t->element_bits, bits[i]);
    }
    for (int32_t i = 0; i < results->n; ++i)
        t->lanes += bits[i] / t->element_bits;
    if (t->rank == STREAM_MAX_RANK)
        return unsupported(l, op, "has several results of rank %d; up to %d is read", t->rank,
                           STREAM_MAX_RANK - 1);
    t->shape[t->rank++] = t->lanes;
    int32_t root = tensor_new(l, t, mlirOperationGetResult(op, results->ids[0]), (MlirType){NULL});
    for (int32_t i = 0; i < results->n; ++i) {
        MlirValue value = mlirOperationGetResult(op, results->ids[i]);
        int32_t lanes = bits[i] / t->element_bits;
        MlirType element = mlirShapedTypeGetElementType(mlirValueGetType(value));
        value_map_set(&l->view_of, value, view_result(l, root, lane, lanes, element));
        lane += lanes;
    }
    return STREAM_OK;
}

stream_status output_tensor(loader *l, MlirOperation op, const stream_result_list *results,
                            const char *name) {
    MlirValue value = mlirOperationGetResult(op, results->ids[0]);
    stream_tensor t = {.name = name,
                       .kind = STREAM_TENSOR_INTERMEDIATE,
                       .layer = (int32_t)l->layers.n,
                       .loc = stream_loc_of(op)};
    if (results->n > 1)
        return several_results(l, op, results, &t);
    STREAM_TRY(result_bits(l, op, results, 0, &t, &t.element_bits));
    value_map_set(&l->view_of, value,
                  tensor_new(l, &t, value, mlirShapedTypeGetElementType(mlirValueGetType(value))));
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
    open->tail = mlirOperationGetResult(op, rest->results.ids[0]);
    *(MlirOperation *)stream_vec_push(&open->ops) = op;
}

/* Tiles of the outermost reduction loop follow each other as its iterations do; tiles of the others
 * would change the order. */
static void keep_order(stream_layer *layer) {
    bool inside = false;
    for (int32_t d = 0; d < layer->n_loops; ++d) {
        layer->whole[d] = layer->reduction[d] && inside;
        inside |= layer->reduction[d] && layer->bounds[d] > 1;
    }
}

static stream_status add_layer(loader *l, loop_nest *n, const char *name) {
    stream_layer layer = {.name = name,
                          .n_loops = n->n_loops,
                          .macs_per_point = stream_classify_macs(n->op),
                          .has_epilogue = n->loses_state && reduces(n),
                          .epilogue_apart = n->loses_state && reduces(n),
                          .uses_index = n->uses_index};
    memcpy(layer.bounds, n->bounds, sizeof n->bounds);
    memcpy(layer.reduction, n->reduction, sizeof n->reduction);
    memcpy(layer.output_loop, n->output_loop, sizeof n->output_loop);
    layer.is_recurrence = reduces(n) && stream_body_is_recurrence(n->op, &n->results);
    if (layer.is_recurrence)
        keep_order(&layer);
    if (n->results.n > 1)
        layer.output_loop[n->rank] = -1;
    open_layer rest = {.results = n->results, .loses_state = n->loses_state};
    rest.closed = is_divided(l->options, name)            ? divided
                  : mlirOperationGetNumResults(n->op) > 1 ? "it gives several results"
                                                          : NULL;
    STREAM_TRY(output_tensor(l, n->op, &n->results, name));
    layer_new(l, n->op, &layer, n->operands, &rest);
    return STREAM_OK;
}

stream_status load_layer(loader *l, MlirOperation op) {
    loop_nest nest;
    bool fused = false;
    const char *name = layer_name(l, op);
    stream_status status = read_nest(l, op, is_divided(l->options, name), &nest);
    if (status == STREAM_OK && nest.not_boxes) {
        stream_vec_free(&nest.operands);
        return load_whole(l, op, nest.not_boxes);
    }
    if (status == STREAM_OK)
        status = fuse_nest(l, &nest, &fused);
    if (status == STREAM_OK && !fused) {
        status = add_layer(l, &nest, name);
        if (status == STREAM_OK)
            return STREAM_OK;
    }
    stream_vec_free(&nest.operands);
    return status;
}
