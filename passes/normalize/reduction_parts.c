/* The parts of a reduction that is split over cores; see reductions.h. */

#include "reductions.h"

#include "../convert/maps.h"

#include "stream/support/vec.h"

#include "mlir-c/AffineMap.h"

static MlirValue insert(stream_reduction *s, const char *name, const MlirValue *operands,
                        intptr_t n, MlirType type, const MlirNamedAttribute *attrs,
                        intptr_t n_attrs) {
    stream_ir_op op = {.loc = mlirOperationGetLocation(s->op),
                       .name = name,
                       .operands = operands,
                       .n_operands = n,
                       .results = &type,
                       .n_results = 1,
                       .attrs = attrs,
                       .n_attrs = n_attrs};
    return mlirOperationGetResult(stream_ir_insert(mlirOperationGetBlock(s->op), s->op, &op), 0);
}

/* What operand `i` shows of iterations [lo, lo + size) of the loop. */
static MlirValue slice(stream_reduction *s, intptr_t i, int64_t lo, int64_t size) {
    MlirValue value = mlirOperationGetOperand(s->op, i);
    MlirType type = mlirValueGetType(value);
    int64_t offsets[STREAM_MAX_RANK] = {0}, sizes[STREAM_MAX_RANK], ones[STREAM_MAX_RANK];
    int64_t coefficients[STREAM_MAX_LOOPS], constant;
    int32_t rank;
    bool whole = true;
    if (!stream_ir_is_tensor(type))
        return value;
    stream_ir_shape(type, &rank, sizes);
    for (int32_t d = 0; d < rank; ++d) {
        MlirAffineExpr e = mlirAffineMapGetResult(stream_maps_at(s->maps, i), d);
        ones[d] = 1;
        if (!mlirAffineExprIsFunctionOfDim(e, s->loop))
            continue;
        whole = false;
        stream_ir_affine_linear(e, s->n_loops, coefficients, &constant);
        offsets[d] = coefficients[s->loop] * lo;
        sizes[d] = constant + 1;
        for (int32_t l = 0; l < s->n_loops; ++l)
            sizes[d] += coefficients[l] * ((l == s->loop ? size : s->bounds[l]) - 1);
    }
    if (whole)
        return value;
    int32_t segments[4] = {1, 0, 0, 0};
    MlirNamedAttribute attrs[4] = {
        stream_ir_named(s->context, "static_offsets", stream_ir_i64s(s->context, rank, offsets)),
        stream_ir_named(s->context, "static_sizes", stream_ir_i64s(s->context, rank, sizes)),
        stream_ir_named(s->context, "static_strides", stream_ir_i64s(s->context, rank, ones)),
        stream_ir_named(s->context, "operandSegmentSizes",
                        mlirDenseI32ArrayGet(s->context, 4, segments))};
    return insert(s, "tensor.extract_slice", &value, 1,
                  stream_ir_tensor(rank, sizes, mlirShapedTypeGetElementType(type)), attrs, 4);
}

/* A destination full of the neutral element: a splat constant. */
static MlirValue neutral_destination(stream_reduction *s, intptr_t result) {
    MlirType type = mlirValueGetType(mlirOperationGetResult(s->op, result));
    MlirAttribute neutral =
        stream_combiner_neutral(s->combiners[result], mlirShapedTypeGetElementType(type));
    MlirNamedAttribute value =
        stream_ir_named(s->context, "value", mlirDenseElementsAttrSplatGet(type, neutral));
    return insert(s, "arith.constant", NULL, 0, type, &value, 1);
}

static MlirAttribute part_plan(const stream_reduction *s, int64_t part) {
    int64_t split[STREAM_MAX_LOOPS] = {0};
    MlirAttribute whole = stream_ir_attr(s->op, "stream.plan");
    stream_plan_attr plan = s->plan;
    stream_vec cores = STREAM_VEC(MlirStringRef);
    for (intptr_t l = 0; l < plan.n_split; ++l)
        split[l] = l == s->loop ? 1 : plan.split[l];
    for (intptr_t c = 0; c < plan.n_cores; ++c)
        if (plan.n_cores != s->parts || c == part)
            *(MlirStringRef *)stream_vec_push(&cores) = stream_plan_attr_core(whole, c);
    plan.split = split;
    plan.cores = cores.data;
    plan.n_cores = (intptr_t)cores.n;
    MlirAttribute made = stream_plan_attr_get(mlirOperationGetLocation(s->op), &plan);
    stream_vec_free(&cores);
    return made;
}

/* linalg.index of the loop counts from `lo` on. */
static void shift_index(stream_reduction *s, MlirOperation at, int64_t lo) {
    MlirType index = mlirIndexTypeGet(s->context);
    MlirNamedAttribute value = stream_ir_named(s->context, "value", mlirIntegerAttrGet(index, lo));
    stream_ir_op constant = {.loc = mlirOperationGetLocation(at),
                             .name = "arith.constant",
                             .results = &index,
                             .n_results = 1,
                             .attrs = &value,
                             .n_attrs = 1};
    MlirOperation begin = stream_ir_insert(mlirOperationGetBlock(at), at, &constant);
    MlirValue operands[2] = {mlirOperationGetResult(begin, 0), mlirOperationGetResult(begin, 0)};
    stream_ir_op sum = {.loc = mlirOperationGetLocation(at),
                        .name = "arith.addi",
                        .operands = operands,
                        .n_operands = 2,
                        .results = &index,
                        .n_results = 1};
    MlirOperation shifted = stream_ir_build(&sum);
    mlirBlockInsertOwnedOperationAfter(mlirOperationGetBlock(at), at, shifted);
    mlirValueReplaceAllUsesOfWith(mlirOperationGetResult(at, 0),
                                  mlirOperationGetResult(shifted, 0));
    mlirOperationSetOperand(shifted, 0, mlirOperationGetResult(at, 0));
}

static void shift_indices(stream_reduction *s, MlirOperation part, int64_t lo) {
    stream_ir_ops indices = stream_ir_collect_named(part, "linalg.index", s->arena);
    for (int32_t i = 0; i < indices.n; ++i) {
        int64_t dim = -1;
        if (stream_ir_get_i64(indices.ops[i], "dim", &dim) && dim == s->loop)
            shift_index(s, indices.ops[i], lo);
    }
}

MlirOperation stream_reduction_part(stream_reduction *s, int64_t i, int64_t lo, int64_t size) {
    intptr_t n = mlirOperationGetNumOperands(s->op) - s->n_results;
    MlirOperation copy = mlirOperationClone(s->op);
    stream_text name = {0};
    for (intptr_t o = 0; o < n; ++o)
        mlirOperationSetOperand(copy, o, slice(s, o, lo, size));
    for (intptr_t r = 0; i > 0 && r < s->n_results; ++r)
        mlirOperationSetOperand(copy, n + r, neutral_destination(s, r));
    stream_text_print(&name, "%s.part%d", s->name, (int)i);
    stream_ir_set(copy, "stream.layer", stream_ir_string(s->context, name.data));
    stream_ir_set(copy, "stream.plan", part_plan(s, i));
    stream_text_free(&name);
    if (lo > 0)
        shift_indices(s, copy, lo);
    mlirBlockInsertOwnedOperationBefore(mlirOperationGetBlock(s->op), s->op, copy);
    return copy;
}
