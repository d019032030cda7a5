/* A function as a network; see workload.h. */

#include "workload.h"

#include "builder.h"
#include "classify.h"

#include "stream/workload/tensor_names.h"

#include "mlir-c/Dialect/Linalg.h"

#include <string.h>

stream_status unsupported(loader *l, MlirOperation op, const char *format, ...) {
    stream_text text = {0};
    MlirStringRef name = stream_ir_op_name(op);
    va_list args;
    va_start(args, format);
    stream_text_print(&text, "'%.*s' op ", (int)name.length, name.data);
    stream_text_vprint(&text, format, args);
    va_end(args);
    stream_status status =
        stream_error(l->diag, STREAM_UNSUPPORTED, stream_loc_of(op), "%s", text.data);
    stream_text_free(&text);
    return status;
}

int32_t view_of(const loader *l, MlirValue value) {
    return value_map_get(&l->view_of, value);
}

/* ---- the body */

static bool touches_tensors(MlirOperation op) {
    for (intptr_t i = 0; i < mlirOperationGetNumOperands(op); ++i)
        if (mlirTypeIsAShaped(mlirValueGetType(mlirOperationGetOperand(op, i))))
            return true;
    for (intptr_t i = 0; i < mlirOperationGetNumResults(op); ++i)
        if (mlirTypeIsAShaped(mlirValueGetType(mlirOperationGetResult(op, i))))
            return true;
    return mlirOperationGetNumRegions(op) > 0 || mlirOperationGetNumResults(op) == 0;
}

static bool is_known(const loader *l, MlirValue value) {
    return !mlirTypeIsAShaped(mlirValueGetType(value)) || view_of(l, value) >= 0;
}

/* Every tensor that `op` reads must have a view: it comes from an op that was read. */
static stream_status check_operands(loader *l, MlirOperation op) {
    for (intptr_t i = 0; i < mlirOperationGetNumOperands(op); ++i)
        if (!is_known(l, mlirOperationGetOperand(op, i)))
            return unsupported(l, op, "reads operand %d, which is no result of a layer", (int)i);
    stream_captures captured = {0};
    if (mlirOperationGetNumRegions(op) > 0)
        captured = stream_body_captures(op, l->arena);
    for (int32_t i = 0; i < captured.n_values; ++i)
        if (!is_known(l, captured.values[i]))
            return unsupported(l, op, "reads a tensor in its body that is no result of a layer");
    return STREAM_OK;
}

/* ---- constant subgraphs */

static bool value_is_constant(const loader *l, MlirValue value) {
    return mlirTypeIsAShaped(mlirValueGetType(value))
               ? STREAM_AT(bool, l->constants, view_of(l, value))
               : stream_scalar_is_constant(value);
}

static bool is_constant(loader *l, MlirOperation op) {
    stream_captures captured = stream_body_captures(op, l->arena);
    bool constant = can_be_whole(op);
    for (intptr_t i = 0; i < mlirOperationGetNumOperands(op); ++i)
        constant = constant && value_is_constant(l, mlirOperationGetOperand(op, i));
    for (int32_t i = 0; i < captured.n_values; ++i)
        constant = constant && value_is_constant(l, captured.values[i]);
    return constant;
}

/* What is no layer, and what would be right in its place. */
static const struct {
    const char *op, *why;
} refused[] = {
    {"func.call", "is a call; a network is one function: inline what it calls"},
    {"scf.if", "decides while it runs what is computed: compute both and select"},
    {"scf.while", "decides while it runs what is computed; of control flow, loops of scf.for with "
                  "constant bounds are read"},
    {"scf.forall", "is a loop over tiles; stream-tile makes its own: leave the op that it tiles "
                   "whole"},
    {"tensor.gather", "is not read; a linalg.generic that reads by tensor.extract is"},
    {"tensor.reshape", "is read between tensors of static shape with at least one dimension and no "
                       "encoding"},
    {"tensor.scatter", "is not read: where it writes is decided by data"},
};

/* What becomes of a scalar that is read from a tensor: an op that takes it out of arithmetic. */
static MlirOperation scalar_user(MlirOperation op) {
    for (;;) {
        MlirOpOperand use = mlirValueGetFirstUse(mlirOperationGetResult(op, 0));
        if (mlirOpOperandIsNull(use))
            return op;
        op = mlirOpOperandGetOwner(use);
        if (!stream_ir_in_dialect(op, "arith.") || mlirOperationGetNumResults(op) != 1)
            return op;
    }
}

/* Normalization has looked at slices in the block of the network itself. */
static bool is_slice_beside(MlirOperation user, MlirOperation op) {
    return (stream_ir_is(user, "tensor.extract_slice") ||
            stream_ir_is(user, "tensor.insert_slice")) &&
           mlirBlockEqual(mlirOperationGetBlock(user), mlirOperationGetBlock(op));
}

static stream_status refuse(loader *l, MlirOperation op) {
    for (size_t i = 0; i < sizeof refused / sizeof *refused; ++i)
        if (stream_ir_is(op, refused[i].op))
            return unsupported(l, op, "%s", refused[i].why);
    if (stream_ir_is(op, "tensor.extract")) {
        MlirOperation at = scalar_user(op);
        MlirStringRef user = stream_ir_op_name(at);
        if (is_slice_beside(at, op))
            return refuse_slice(l, at);
        return unsupported(l, op,
                           "reads a scalar for '%.*s': a scalar that data gives is used by bodies "
                           "of linalg ops and as offset of a slice of static size",
                           (int)user.length, user.data);
    }
    if (stream_ir_in_dialect(op, "tosa."))
        return unsupported(l, op,
                           "is not linalg yet: run --tosa-to-linalg-pipeline --tosa-to-tensor "
                           "--tosa-to-arith --canonicalize first");
    return unsupported(l, op, "is neither a linalg op nor data movement that is read");
}

static stream_status load_op(loader *l, MlirOperation op) {
    bool handled = false;
    if (stream_ir_is(op, "arith.constant"))
        return load_constant(l, op);
    if (!touches_tensors(op))
        return STREAM_OK;
    STREAM_TRY(check_operands(l, op));
    STREAM_TRY(load_view(l, op, &handled));
    if (handled)
        return STREAM_OK;
    if (l->options->fold_constants && is_constant(l, op))
        return add_constants(l, op);
    l->n_linalg++;
    if (!mlirAttributeIsNull(mlirLinalgGetIndexingMapsAttribute(op)))
        return load_layer(l, op);
    if (stream_ir_is(op, "scf.for") && !can_be_whole(op))
        return unsupported(l, op,
                           "is a loop that is no layer: its bounds are not constants, or what it "
                           "runs has effects");
    if (can_be_whole(op))
        return load_whole(l, op,
                          stream_ir_is(op, "scf.for") ? "it is a loop" : "it has no indexing maps");
    return refuse(l, op);
}

/* Everything behind a returned view is an output; sources have smaller ids than their users. */
static void mark_outputs(loader *l, bool *returned) {
    for (int32_t id = last_view(l); id >= 0; --id) {
        const stream_view *v = view_at(l, id);
        if (!returned[id])
            continue;
        for (int32_t i = 0; i < v->n_sources; ++i)
            returned[v->sources[i]] = true;
        bool one = v->kind == STREAM_VIEW_RESULT;
        const stream_view *root = one ? view_at(l, v->sources[0]) : v;
        if (root->kind != STREAM_VIEW_TENSOR)
            continue;
        stream_tensor *t = &STREAM_AT(stream_tensor, l->tensors, root->tensor);
        if (t->kind == STREAM_TENSOR_INTERMEDIATE && (one || t->lanes == 0))
            stream_tensor_mark_output(t, one ? (int32_t)v->before[0] : 0,
                                      one ? (int32_t)v->stride[0] : 0);
    }
}

static stream_status load_return(loader *l, MlirOperation op) {
    bool *returned = STREAM_NEW(l->arena, bool, l->views.n);
    STREAM_TRY(check_operands(l, op));
    for (intptr_t i = 0; i < mlirOperationGetNumOperands(op); ++i) {
        MlirValue value = mlirOperationGetOperand(op, i);
        if (!stream_ir_is_tensor(mlirValueGetType(value)))
            return unsupported(l, op, "returns a value (%d) that is no tensor", (int)i);
        returned[view_of(l, value)] = true;
    }
    mark_outputs(l, returned);
    return STREAM_OK;
}

static stream_status load_body(loader *l, MlirOperation func) {
    MlirRegion region = mlirOperationGetRegion(func, 0);
    MlirBlock body = mlirRegionGetFirstBlock(region);
    if (mlirBlockIsNull(body) || !mlirBlockIsNull(mlirBlockGetNextInRegion(body)))
        return unsupported(l, func, "has %s; one block of straight-line code is read",
                           mlirBlockIsNull(body) ? "no body" : "several blocks");
    STREAM_TRY(load_arguments(l, func, body));
    MlirOperation op = mlirBlockGetFirstOperation(body), last = mlirBlockGetTerminator(body);
    for (; !mlirOperationEqual(op, last); op = mlirOperationGetNextInBlock(op))
        STREAM_TRY(load_op(l, op));
    return load_return(l, last);
}

/* ---- freezing */

static void freeze_layer(loader *l, open_layer *open) {
    stream_layer *layer = &open->layer;
    stream_layer_ops *ops = STREAM_NEW(l->arena, stream_layer_ops, 1);
    ops->n_ops = (int32_t)open->ops.n;
    ops->ops = stream_vec_freeze(&open->ops, l->arena);
    ops->results = open->results;
    ops->loses_state = open->loses_state;
    ops->whole = open->whole;
    layer->ops = ops;
    layer->n_operands = (int32_t)open->operands.n;
    layer->operands = stream_vec_freeze(&open->operands, l->arena);
    layer->op_type = stream_classify_operator(ops->ops[0], ops->results.ids[0], layer, l->arena);
}

static void freeze(loader *l, MlirOperation func, stream_network *out) {
    stream_workload *w = &out->workload;
    stream_layer *layers = STREAM_NEW(l->arena, stream_layer, l->layers.n);
    for (size_t i = 0; i < l->layers.n; ++i) {
        freeze_layer(l, &STREAM_AT(open_layer, l->layers, i));
        layers[i] = STREAM_AT(open_layer, l->layers, i).layer;
    }
    w->name = stream_ir_strdup(l->arena, stream_ir_symbol_name(func));
    w->n_tensors = (int32_t)l->tensors.n;
    stream_tensor_names_make_unique(l->tensors.data, w->n_tensors, l->arena);
    w->tensors = stream_vec_freeze(&l->tensors, l->arena);
    w->n_views = (int32_t)l->views.n;
    w->views = stream_vec_freeze(&l->views, l->arena);
    w->n_layers = (int32_t)l->layers.n;
    w->layers = layers;
    out->n_fusions = (int32_t)l->fusions.n;
    out->fusions = stream_vec_freeze(&l->fusions, l->arena);
    out->tensor_values = stream_vec_freeze(&l->tensor_values, l->arena);
    for (int32_t i = 0; i < w->n_layers; ++i)
        stream_classify_loops(w, &layers[i], l->arena);
}

static void free_loader(loader *l) {
    for (size_t i = 0; i < l->layers.n; ++i) {
        stream_vec_free(&STREAM_AT(open_layer, l->layers, i).operands);
        stream_vec_free(&STREAM_AT(open_layer, l->layers, i).ops);
    }
    stream_vec_free(&l->layers);
    stream_vec_free(&l->tensors);
    stream_vec_free(&l->tensor_values);
    stream_vec_free(&l->views);
    stream_vec_free(&l->newest);
    stream_vec_free(&l->fusions);
    stream_vec_free(&l->constants);
    value_map_free(&l->view_of);
}

stream_status stream_load_network(MlirOperation func, const stream_load_options *options,
                                  stream_arena *arena, const stream_diag *diag,
                                  stream_network *out) {
    loader l = {.arena = arena,
                .diag = diag,
                .options = options,
                .tensors = STREAM_VEC(stream_tensor),
                .tensor_values = STREAM_VEC(MlirValue),
                .views = STREAM_VEC(stream_view),
                .newest = STREAM_VEC(int32_t),
                .fusions = STREAM_VEC(stream_fusion_note),
                .constants = STREAM_VEC(bool),
                .layers = STREAM_VEC(open_layer)};
    stream_status status = load_body(&l, func);
    if (status == STREAM_OK)
        freeze(&l, func, out);
    free_loader(&l);
    return status;
}
