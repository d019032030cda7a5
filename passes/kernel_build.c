/* Outlining a kernel shape; see kernel.h. */

#include "kernel.h"

#include "mlir-c/AffineMap.h"
#include "mlir-c/Dialect/Linalg.h"

#include <stdlib.h>
#include <string.h>

static bool is_traced(const stream_kernel_builder *b, const stream_operand *o) {
    return !o->is_window && !(o->is_init && !b->shape->first_reduction);
}

/* ---- the signature */

typedef struct {
    stream_vec types;      /* MlirType */
    stream_vec attributes; /* MlirAttribute: dictionary of each argument */
} signature;

static void add_argument(stream_kernel_builder *b, signature *s, MlirType type, int32_t operand) {
    MlirNamedAttribute entry = stream_ir_named(
        b->context, "stream.operand",
        stream_ir_string(b->context, stream_operand_class_name((stream_operand_class)operand)));
    *(MlirType *)stream_vec_push(&s->types) = type;
    *(MlirAttribute *)stream_vec_push(&s->attributes) = stream_ir_dictionary(b->context, 1, &entry);
}

/* A step on a tensor of several results is of one of them. */
static MlirType tensor_step_type(const stream_kernel_builder *b, const stream_trace_step *step) {
    const stream_view_origin *origin = b->network->workload.views[step->view].op;
    bool several = b->network->workload.tensors[step->tensor].lanes > 0;
    MlirType element = origin->element;
    int64_t shape[STREAM_MAX_RANK];
    if (several) {
        int32_t i = stream_network_value_at(b->network, step->tensor, &step->box);
        element = mlirShapedTypeGetElementType(
            mlirValueGetType(stream_network_value(b->network, step->tensor, i)));
    }
    for (int32_t d = 0; d < step->box.rank; ++d)
        shape[d] = step->box.size[d];
    return stream_ir_tensor(step->box.rank - several, shape, element);
}

static void add_arguments(stream_kernel_builder *b, signature *s) {
    for (int32_t i = 0; i < b->layer->n_operands; ++i) {
        const stream_operand *o = &b->layer->operands[i];
        const stream_trace *trace = &b->shape->traces[i];
        if (!is_traced(b, o))
            continue;
        for (int32_t t = 0; t < trace->n_steps; ++t)
            if (trace->steps[t].kind == STREAM_VIEW_TENSOR)
                add_argument(b, s, tensor_step_type(b, &trace->steps[t]), o->operand_class);
    }
}

static MlirType box_type(const stream_box *box, MlirType like) {
    int64_t shape[STREAM_MAX_RANK];
    for (int32_t d = 0; d < box->rank; ++d)
        shape[d] = box->size[d];
    return stream_ir_tensor(box->rank, shape, mlirShapedTypeGetElementType(like));
}

static MlirType anchor_type(const stream_kernel_builder *b, int32_t i) {
    return box_type(&b->output, mlirValueGetType(mlirOperationGetResult(b->ops->ops[0],
                                                                        b->ops->results.ids[i])));
}

static MlirType result_type(const stream_kernel_builder *b, int32_t i) {
    int32_t last = b->ops->n_ops - 1;
    return last == 0 ? anchor_type(b, i)
                     : box_type(&b->output,
                                mlirValueGetType(mlirOperationGetResult(b->ops->ops[last], 0)));
}

/* ---- the ops */

static const stream_operand *operand_at(const stream_kernel_builder *b, int32_t op,
                                        intptr_t position, int32_t *index) {
    for (int32_t i = 0; i < b->layer->n_operands; ++i)
        if (b->layer->operands[i].op == op && b->layer->operands[i].position == position) {
            *index = i;
            return &b->layer->operands[i];
        }
    return NULL;
}

/* An operand that nobody reads: a tensor of the shape that the op's map gives it. */
static MlirValue unread(stream_kernel_builder *b, const stream_kernel_op *k, intptr_t position) {
    MlirAttribute maps = mlirLinalgGetIndexingMapsAttribute(k->op);
    MlirAffineMap map = mlirAffineMapAttrGetValue(mlirArrayAttrGetElement(maps, position));
    MlirType type = mlirValueGetType(mlirOperationGetOperand(k->op, position));
    int32_t rank = (int32_t)mlirAffineMapGetNumResults(map);
    int64_t shape[STREAM_MAX_RANK];
    for (int32_t r = 0; r < rank; ++r) {
        int64_t min, max;
        stream_kernel_range(b, k, mlirAffineMapGetResult(map, r), mlirShapedTypeGetDimSize(type, r),
                            &min, &max);
        shape[r] = max - min + 1;
    }
    return stream_kernel_empty(b, rank, shape, mlirShapedTypeGetElementType(type));
}

/* The present content of what op 0 writes through its out `o`: the arguments behind all others. */
static MlirValue present_content(const stream_kernel_builder *b, const stream_kernel_op *k,
                                 intptr_t o) {
    const stream_result_list *results = &b->ops->results;
    intptr_t n = mlirBlockGetNumArguments(b->block);
    for (int32_t i = 0; i < results->n; ++i)
        if (k->n_inputs + results->ids[i] == o)
            return mlirBlockGetArgument(b->block, n - results->n + i);
    return (MlirValue){NULL};
}

static MlirValue operand_value(stream_kernel_builder *b, int32_t i, const stream_kernel_op *k,
                               intptr_t position, MlirValue before, const MlirValue *traced) {
    MlirValue value = mlirOperationGetOperand(k->op, position);
    int32_t index = -1;
    const stream_operand *o = operand_at(b, i, position, &index);
    if (o && is_traced(b, o))
        return traced[index];
    if (o && o->is_window)
        return unread(b, k, position);
    if (o)
        return present_content(b, k, position);
    if (!mlirTypeIsAShaped(mlirValueGetType(value)))
        return stream_kernel_scalar_copy(b, value);
    return i > 0 && position < k->n_inputs ? before : unread(b, k, position);
}

/* The parts of the tensors that the body of op `i` reads. */
static void find_captures(stream_kernel_builder *b, int32_t i, const MlirValue *traced,
                          stream_kernel_op *k) {
    int32_t n = stream_body_captures(k->op, b->arena).n_values;
    MlirValue *captures = STREAM_NEW(b->arena, MlirValue, (size_t)n);
    stream_box *parts = STREAM_NEW(b->arena, stream_box, (size_t)n);
    for (int32_t c = 0; c < n; ++c) {
        int32_t index = -1;
        const stream_operand *o = operand_at(b, i, mlirOperationGetNumOperands(k->op) + c, &index);
        if (!o)
            continue;
        captures[c] = traced[index];
        parts[c] = stream_operand_box(&b->network->workload, o, b->layer->n_loops, b->shape->lo,
                                      b->shape->size);
    }
    k->captures = captures;
    k->parts = parts;
}

/* The loops of op `i`: the anchor has the layer's, an epilogue op those of the output's dims. */
static void loops_of(const stream_kernel_builder *b, int32_t i, int64_t *lo, int64_t *size) {
    for (int32_t l = 0; i == 0 && l < b->layer->n_loops; ++l) {
        lo[l] = b->shape->lo[l];
        size[l] = b->shape->size[l];
    }
    if (i == 0)
        return;
    for (int32_t d = 0; d < b->output.rank; ++d) {
        lo[d] = b->output.lo[d];
        size[d] = b->output.size[d];
    }
}

static MlirOperation build_op(stream_kernel_builder *b, int32_t i, MlirValue before,
                              const MlirValue *traced) {
    stream_kernel_op k = {.op = b->ops->ops[i]};
    intptr_t n = mlirOperationGetNumOperands(k.op);
    MlirValue *operands = STREAM_NEW(b->arena, MlirValue, (size_t)n);
    k.n_inputs = (int32_t)(n - mlirOperationGetNumResults(k.op));
    k.operands = operands;
    loops_of(b, i, k.lo, k.size);
    for (intptr_t o = 0; o < n; ++o)
        operands[o] = operand_value(b, i, &k, o, before, traced);
    find_captures(b, i, traced, &k);
    return stream_kernel_clone(b, &k);
}

static void build_body(stream_kernel_builder *b) {
    MlirValue *traced = STREAM_NEW(b->arena, MlirValue, (size_t)b->layer->n_operands);
    for (int32_t i = 0; i < b->layer->n_operands; ++i)
        if (is_traced(b, &b->layer->operands[i]))
            traced[i] = stream_kernel_replay(b, &b->shape->traces[i]);
    const stream_result_list *results = &b->ops->results;
    MlirValue *values = STREAM_NEW(b->arena, MlirValue, (size_t)results->n);
    MlirOperation anchor = build_op(b, 0, values[0], traced);
    for (int32_t i = 0; i < results->n; ++i)
        values[i] = mlirOperationGetResult(anchor, results->ids[i]);
    for (int32_t k = 1; k < b->ops->n_ops; ++k)
        values[0] = mlirOperationGetResult(build_op(b, k, values[0], traced), 0);
    stream_ir_op end = {
        .loc = b->loc, .name = "func.return", .operands = values, .n_operands = results->n};
    stream_ir_insert(b->block, (MlirOperation){NULL}, &end);
}

static MlirOperation build_function(stream_kernel_builder *b, const signature *s) {
    int32_t n_results = b->ops->results.n;
    MlirType *results = STREAM_NEW(b->arena, MlirType, (size_t)n_results);
    for (int32_t i = 0; i < n_results; ++i)
        results[i] = result_type(b, i);
    MlirType type =
        mlirFunctionTypeGet(b->context, (intptr_t)s->types.n, s->types.data, n_results, results);
    MlirLocation *locs = STREAM_NEW(b->arena, MlirLocation, s->types.n);
    for (size_t i = 0; i < s->types.n; ++i)
        locs[i] = b->loc;
    MlirRegion region = mlirRegionCreate();
    b->block = mlirBlockCreate((intptr_t)s->types.n, s->types.data, locs);
    mlirRegionAppendOwnedBlock(region, b->block);
    build_body(b);
    MlirNamedAttribute attrs[4] = {
        stream_ir_named(b->context, "sym_name", stream_ir_string(b->context, "kernel")),
        stream_ir_named(b->context, "sym_visibility", stream_ir_string(b->context, "private")),
        stream_ir_named(b->context, "function_type", mlirTypeAttrGet(type)),
        stream_ir_named(
            b->context, "arg_attrs",
            stream_ir_array(b->context, (intptr_t)s->attributes.n, s->attributes.data))};
    stream_ir_op func = {.loc = b->loc,
                         .name = "func.func",
                         .attrs = attrs,
                         .n_attrs = s->attributes.n ? 4 : 3,
                         .regions = &region,
                         .n_regions = 1};
    return stream_ir_build(&func);
}

MlirOperation stream_kernel_build(const stream_network *network, const stream_kernel_shape *shape,
                                  MlirContext context, stream_arena *arena) {
    const stream_workload *w = &network->workload;
    stream_kernel_builder b = {.network = network,
                               .shape = shape,
                               .layer = &w->layers[shape->layer],
                               .ops = w->layers[shape->layer].ops,
                               .context = context,
                               .arena = arena,
                               .scalars = STREAM_VEC(stream_kernel_scalar)};
    signature s = {STREAM_VEC(MlirType), STREAM_VEC(MlirAttribute)};
    b.loc = mlirOperationGetLocation(b.ops->ops[0]);
    b.output = stream_output_box(w, b.layer, shape->lo, shape->size);
    if (w->tensors[b.layer->output].lanes > 0) { /* of each result */
        b.output.rank--;
        b.output.lo[b.output.rank] = b.output.size[b.output.rank] = 0;
    }
    add_arguments(&b, &s);
    for (int32_t i = 0; i < b.ops->results.n && !shape->first_reduction; ++i)
        add_argument(&b, &s, anchor_type(&b, i), STREAM_O);
    MlirOperation func = build_function(&b, &s);
    stream_vec_free(&s.types);
    stream_vec_free(&s.attributes);
    stream_vec_free(&b.scalars);
    return func;
}
