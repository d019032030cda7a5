/* A linalg op of the network, copied onto smaller operands. */

#include "kernel.h"

#include "mlir-c/AffineMap.h"
#include "mlir-c/Dialect/Linalg.h"

#include <stdlib.h>
#include <string.h>

/* ---- linalg.index counts from the kernel's origin: add the loop's */

static void shift_index(MlirOperation op, const int64_t *lo) {
    int64_t dim = 0;
    stream_ir_get_i64(op, "dim", &dim);
    if (lo[dim] == 0)
        return;
    MlirContext context = mlirOperationGetContext(op);
    MlirLocation loc = mlirOperationGetLocation(op);
    MlirType index = mlirIndexTypeGet(context);
    MlirBlock block = mlirOperationGetBlock(op);
    MlirNamedAttribute value =
        stream_ir_named(context, "value", mlirIntegerAttrGet(index, lo[dim]));
    stream_ir_op constant = {.loc = loc,
                             .name = "arith.constant",
                             .results = &index,
                             .n_results = 1,
                             .attrs = &value,
                             .n_attrs = 1};
    MlirOperation origin = stream_ir_build(&constant);
    mlirBlockInsertOwnedOperationAfter(block, op, origin);
    MlirValue operands[2] = {mlirOperationGetResult(op, 0), mlirOperationGetResult(origin, 0)};
    stream_ir_op add = {.loc = loc,
                        .name = "arith.addi",
                        .operands = operands,
                        .n_operands = 2,
                        .results = &index,
                        .n_results = 1};
    MlirOperation sum = stream_ir_build(&add);
    mlirBlockInsertOwnedOperationAfter(block, origin, sum);
    mlirValueReplaceAllUsesExcept(operands[0], mlirOperationGetResult(sum, 0), 1, &sum);
}

static void shift_indices(stream_kernel_builder *b, MlirOperation clone, const int64_t *lo) {
    stream_ir_ops found = stream_ir_collect_named(clone, "linalg.index", b->arena);
    for (int32_t i = 0; i < found.n; ++i)
        shift_index(found.ops[i], lo);
}

/* ---- scalars from outside */

typedef struct {
    MlirOperation root;
    MlirValue from, to;
} replacement;

static MlirWalkResult replace_in(MlirOperation op, void *user) {
    replacement *r = user;
    if (!mlirOperationEqual(op, r->root))
        mlirOperationReplaceUsesOfWith(op, r->from, r->to);
    return MlirWalkResultAdvance;
}

static void copy_captures(stream_kernel_builder *b, MlirOperation op, MlirOperation clone) {
    stream_captures captured = stream_body_captures(op, b->arena);
    for (int32_t i = 0; i < captured.n_values; ++i) {
        replacement r = {clone, captured.values[i],
                         stream_kernel_scalar_copy(b, captured.values[i])};
        mlirOperationWalk(clone, replace_in, &r, MlirWalkPreOrder);
    }
}

/* ---- constants of indexing maps: relative to the box that the kernel gets */

/* The constant of `e` when its loops count from 0 and its box starts at 0. */
static int64_t local_constant(MlirAffineExpr e, int32_t n_loops, const int64_t *size,
                              int64_t *constant) {
    int64_t coefficients[STREAM_MAX_LOOPS], local = 0;
    if (!stream_ir_affine_linear(e, n_loops, coefficients, constant))
        return *constant;
    for (int32_t l = 0; l < n_loops; ++l)
        if (coefficients[l] < 0)
            local -= coefficients[l] * (size[l] - 1);
    return local;
}

static MlirAffineMap local_map(MlirAffineMap map, const int64_t *size, bool *changed) {
    MlirAffineExpr results[STREAM_MAX_RANK];
    MlirContext context = mlirAffineMapGetContext(map);
    int32_t n_loops = (int32_t)mlirAffineMapGetNumDims(map);
    intptr_t n = mlirAffineMapGetNumResults(map);
    for (intptr_t r = 0; r < n; ++r) {
        int64_t constant = 0;
        results[r] = mlirAffineMapGetResult(map, r);
        int64_t local = local_constant(results[r], n_loops, size, &constant);
        if (local == constant)
            continue;
        *changed = true;
        results[r] =
            mlirAffineAddExprGet(results[r], mlirAffineConstantExprGet(context, local - constant));
    }
    return mlirAffineMapGet(context, n_loops, 0, n, results);
}

static void localize_maps(stream_kernel_builder *b, MlirOperation clone, const int64_t *size) {
    MlirAttribute maps = stream_ir_attr(clone, "indexing_maps");
    if (mlirAttributeIsNull(maps))
        return;
    intptr_t n = mlirArrayAttrGetNumElements(maps);
    MlirAttribute *local = STREAM_NEW(b->arena, MlirAttribute, (size_t)n);
    bool changed = false;
    for (intptr_t i = 0; i < n; ++i)
        local[i] = mlirAffineMapAttrGet(
            local_map(mlirAffineMapAttrGetValue(mlirArrayAttrGetElement(maps, i)), size, &changed));
    if (changed)
        stream_ir_set(clone, "indexing_maps", stream_ir_array(b->context, n, local));
}

static void drop_attributes(MlirOperation clone) {
    static const char *const names[] = {"stream.layer", "stream.operator", "stream.plan",
                                        "linalg.memoized_indexing_maps"};
    for (size_t i = 0; i < sizeof names / sizeof *names; ++i)
        stream_ir_remove(clone, names[i]);
}

MlirOperation stream_kernel_clone(stream_kernel_builder *b, MlirOperation op,
                                  const MlirValue *operands, int32_t n_inputs, const int64_t *lo,
                                  const int64_t *size) {
    MlirOperation clone = mlirOperationClone(op);
    drop_attributes(clone);
    for (intptr_t i = 0; i < mlirOperationGetNumOperands(clone); ++i)
        mlirOperationSetOperand(clone, i, operands[i]);
    for (intptr_t r = 0; r < mlirOperationGetNumResults(clone); ++r)
        mlirValueSetType(mlirOperationGetResult(clone, r),
                         mlirValueGetType(operands[n_inputs + r]));
    copy_captures(b, op, clone);
    localize_maps(b, clone, size);
    shift_indices(b, clone, lo);
    mlirBlockAppendOwnedOperation(b->block, clone);
    return clone;
}
