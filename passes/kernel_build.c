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

static MlirType tensor_step_type(const stream_kernel_builder *b, const stream_trace_step *step) {
    const stream_view_origin *origin = b->network->workload.views[step->view].op;
    int64_t shape[STREAM_MAX_RANK];
    for (int32_t d = 0; d < step->box.rank; ++d)
        shape[d] = step->box.size[d];
    return stream_ir_tensor(step->box.rank, shape, origin->element);
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

static MlirType anchor_type(const stream_kernel_builder *b) {
    return mlirValueGetType(mlirOperationGetResult(b->ops->ops[0], b->ops->result));
}

static MlirType result_type(const stream_kernel_builder *b) {
    int32_t last = b->ops->n_ops - 1;
    MlirValue value = mlirOperationGetResult(b->ops->ops[last], last ? 0 : b->ops->result);
    return box_type(&b->output, mlirValueGetType(value));
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

/* Indices that `e` takes: the box side that loops of `size` touch. */
static int64_t extent(MlirAffineExpr e, int32_t n_loops, const int64_t *size) {
    int64_t coefficients[STREAM_MAX_LOOPS], constant, result = 1;
    if (!stream_ir_affine_linear(e, n_loops, coefficients, &constant))
        return 1;
    for (int32_t l = 0; l < n_loops; ++l)
        result += (coefficients[l] < 0 ? -coefficients[l] : coefficients[l]) * (size[l] - 1);
    return result;
}

/* An operand that nobody reads: a tensor of the shape that the op's map gives it. */
static MlirValue unread(stream_kernel_builder *b, MlirOperation op, intptr_t position,
                        const int64_t *size) {
    MlirAttribute maps = mlirLinalgGetIndexingMapsAttribute(op);
    MlirAffineMap map = mlirAffineMapAttrGetValue(mlirArrayAttrGetElement(maps, position));
    MlirType type = mlirValueGetType(mlirOperationGetOperand(op, position));
    int32_t rank = (int32_t)mlirAffineMapGetNumResults(map);
    int64_t shape[STREAM_MAX_RANK];
    for (int32_t r = 0; r < rank; ++r)
        shape[r] =
            extent(mlirAffineMapGetResult(map, r), (int32_t)mlirAffineMapGetNumDims(map), size);
    return stream_kernel_empty(b, rank, shape, mlirShapedTypeGetElementType(type));
}

static MlirValue last_argument(const stream_kernel_builder *b) {
    return mlirBlockGetArgument(b->block, mlirBlockGetNumArguments(b->block) - 1);
}

static MlirValue operand_value(stream_kernel_builder *b, int32_t k, intptr_t position,
                               MlirValue before, const MlirValue *traced, const int64_t *size) {
    MlirOperation op = b->ops->ops[k];
    MlirValue value = mlirOperationGetOperand(op, position);
    int32_t index = -1;
    const stream_operand *o = operand_at(b, k, position, &index);
    if (o && is_traced(b, o))
        return traced[index];
    if (o && o->is_window)
        return unread(b, op, position, size);
    if (o)
        return last_argument(b);
    if (!mlirTypeIsAShaped(mlirValueGetType(value)))
        return stream_kernel_scalar_copy(b, value);
    intptr_t n_inputs = mlirOperationGetNumOperands(op) - mlirOperationGetNumResults(op);
    return k > 0 && position < n_inputs ? before : unread(b, op, position, size);
}

/* The loops of op `k`: the anchor has the layer's, an epilogue op those of the output's dims. */
static void loops_of(const stream_kernel_builder *b, int32_t k, int64_t *lo, int64_t *size) {
    if (k == 0) {
        memcpy(lo, b->shape->lo, sizeof b->shape->lo);
        memcpy(size, b->shape->size, sizeof b->shape->size);
        return;
    }
    for (int32_t d = 0; d < b->output.rank; ++d) {
        lo[d] = b->output.lo[d];
        size[d] = b->output.size[d];
    }
}

static MlirValue build_op(stream_kernel_builder *b, int32_t k, MlirValue before,
                          const MlirValue *traced) {
    MlirOperation op = b->ops->ops[k];
    int64_t lo[STREAM_MAX_LOOPS] = {0}, size[STREAM_MAX_LOOPS] = {0};
    loops_of(b, k, lo, size);
    intptr_t n = mlirOperationGetNumOperands(op);
    MlirValue *operands = STREAM_NEW(b->arena, MlirValue, (size_t)n);
    for (intptr_t i = 0; i < n; ++i)
        operands[i] = operand_value(b, k, i, before, traced, size);
    intptr_t n_inputs = n - mlirOperationGetNumResults(op);
    MlirOperation clone = stream_kernel_clone(b, op, operands, (int32_t)n_inputs, lo, size);
    return mlirOperationGetResult(clone, k == 0 ? b->ops->result : 0);
}

static void build_body(stream_kernel_builder *b) {
    MlirValue *traced = STREAM_NEW(b->arena, MlirValue, (size_t)b->layer->n_operands);
    for (int32_t i = 0; i < b->layer->n_operands; ++i)
        if (is_traced(b, &b->layer->operands[i]))
            traced[i] = stream_kernel_replay(b, &b->shape->traces[i]);
    MlirValue value = {NULL};
    for (int32_t k = 0; k < b->ops->n_ops; ++k)
        value = build_op(b, k, value, traced);
    stream_ir_op end = {.loc = b->loc, .name = "func.return", .operands = &value, .n_operands = 1};
    stream_ir_insert(b->block, (MlirOperation){NULL}, &end);
}

static MlirOperation build_function(stream_kernel_builder *b, const signature *s) {
    MlirType result = result_type(b);
    MlirType type =
        mlirFunctionTypeGet(b->context, (intptr_t)s->types.n, s->types.data, 1, &result);
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
    add_arguments(&b, &s);
    if (!shape->first_reduction)
        add_argument(&b, &s, box_type(&b.output, anchor_type(&b)), STREAM_O);
    MlirOperation func = build_function(&b, &s);
    stream_vec_free(&s.types);
    stream_vec_free(&s.attributes);
    stream_vec_free(&b.scalars);
    return func;
}
