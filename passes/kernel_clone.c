/* A linalg op of the network, copied onto smaller operands. */

#include "kernel.h"

#include "convert/quasi.h"

#include "stream/support/integer.h"

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

/* `value` minus `lo`, before `op`. */
static MlirValue minus(MlirOperation op, MlirValue value, int64_t lo) {
    MlirContext context = mlirOperationGetContext(op);
    MlirLocation loc = mlirOperationGetLocation(op);
    MlirBlock block = mlirOperationGetBlock(op);
    MlirType index = mlirIndexTypeGet(context);
    MlirNamedAttribute attr = stream_ir_named(context, "value", mlirIntegerAttrGet(index, lo));
    stream_ir_op constant = {.loc = loc,
                             .name = "arith.constant",
                             .results = &index,
                             .n_results = 1,
                             .attrs = &attr,
                             .n_attrs = 1};
    MlirOperation origin = stream_ir_insert(block, op, &constant);
    MlirValue operands[2] = {value, mlirOperationGetResult(origin, 0)};
    stream_ir_op difference = {.loc = loc,
                               .name = "arith.subi",
                               .operands = operands,
                               .n_operands = 2,
                               .results = &index,
                               .n_results = 1};
    return mlirOperationGetResult(stream_ir_insert(block, op, &difference), 0);
}

/* Indices into the whole tensor become indices into the part that the kernel has. */
static void read_part(stream_kernel_builder *b, MlirOperation clone, MlirValue part,
                      const stream_box *box) {
    stream_ir_ops reads = stream_ir_collect_named(clone, "tensor.extract", b->arena);
    for (int32_t i = 0; i < reads.n; ++i) {
        MlirOperation op = reads.ops[i];
        for (int32_t d = 0; d < box->rank && mlirValueEqual(mlirOperationGetOperand(op, 0), part);
             ++d)
            if (box->lo[d])
                mlirOperationSetOperand(op, d + 1,
                                        minus(op, mlirOperationGetOperand(op, d + 1), box->lo[d]));
    }
}

static void copy_captures(stream_kernel_builder *b, const stream_kernel_op *k,
                          MlirOperation clone) {
    stream_captures captured = stream_body_captures(k->op, b->arena);
    for (int32_t i = 0; i < captured.n_values; ++i) {
        bool tensor = !mlirValueIsNull(k->captures[i]);
        MlirValue here = tensor ? k->captures[i] : stream_kernel_scalar_copy(b, captured.values[i]);
        stream_ir_replace_in(clone, captured.values[i], here);
        if (tensor)
            read_part(b, clone, here, &k->parts[i]);
    }
}

/* ---- constants of indexing maps: relative to the box that the kernel gets */

void stream_kernel_range(stream_kernel_builder *b, const stream_kernel_op *k, MlirAffineExpr e,
                         int64_t extent, int64_t *out_min, int64_t *out_max) {
    stream_quasi q;
    *out_min = 0;
    *out_max = extent - 1;
    if (!stream_quasi_of_expr(e, b->arena, &q))
        return;
    stream_quasi_range(&q, k->lo, k->size, out_min, out_max);
    *out_min = stream_min_i64(stream_max_i64(*out_min, 0), extent - 1);
    *out_max = stream_min_i64(stream_max_i64(*out_max, *out_min), extent - 1);
}

static MlirAffineMap local_map(stream_kernel_builder *b, const stream_kernel_op *k,
                               MlirAffineMap map, MlirType operand, bool *changed) {
    MlirAffineExpr results[STREAM_MAX_RANK];
    intptr_t n = mlirAffineMapGetNumResults(map);
    for (intptr_t r = 0; r < n; ++r) {
        int64_t offset, min, max;
        MlirAffineExpr e = mlirAffineMapGetResult(map, r);
        stream_kernel_range(b, k, e, mlirShapedTypeGetDimSize(operand, r), &min, &max);
        results[r] = stream_expr_local(e, k->lo, &offset);
        results[r] =
            mlirAffineAddExprGet(results[r], mlirAffineConstantExprGet(b->context, offset - min));
        *changed |= !mlirAffineExprEqual(results[r], e);
    }
    return mlirAffineMapGet(b->context, mlirAffineMapGetNumDims(map), 0, n, results);
}

static void localize_maps(stream_kernel_builder *b, const stream_kernel_op *k,
                          MlirOperation clone) {
    MlirAttribute maps = stream_ir_attr(clone, "indexing_maps");
    if (mlirAttributeIsNull(maps))
        return;
    intptr_t n = mlirArrayAttrGetNumElements(maps);
    MlirAttribute *local = STREAM_NEW(b->arena, MlirAttribute, (size_t)n);
    bool changed = false;
    for (intptr_t i = 0; i < n; ++i) {
        MlirAffineMap map = mlirAffineMapAttrGetValue(mlirArrayAttrGetElement(maps, i));
        MlirType type = mlirValueGetType(mlirOperationGetOperand(k->op, i));
        local[i] = mlirAffineMapAttrGet(
            stream_ir_is_tensor(type) ? local_map(b, k, map, type, &changed) : map);
    }
    if (changed)
        stream_ir_set(clone, "indexing_maps", stream_ir_array(b->context, n, local));
}

static void drop_attributes(MlirOperation clone) {
    static const char *const names[] = {"stream.layer", "stream.operator", "stream.plan",
                                        "stream.reassociated", "linalg.memoized_indexing_maps"};
    for (size_t i = 0; i < sizeof names / sizeof *names; ++i)
        stream_ir_remove(clone, names[i]);
}

MlirOperation stream_kernel_clone(stream_kernel_builder *b, const stream_kernel_op *k) {
    MlirOperation clone = mlirOperationClone(k->op);
    drop_attributes(clone);
    for (intptr_t i = 0; i < mlirOperationGetNumOperands(clone); ++i)
        mlirOperationSetOperand(clone, i, k->operands[i]);
    for (intptr_t r = 0; r < mlirOperationGetNumResults(clone) && !b->ops->whole; ++r)
        mlirValueSetType(mlirOperationGetResult(clone, r),
                         mlirValueGetType(k->operands[k->n_inputs + r]));
    copy_captures(b, k, clone);
    if (!b->ops->whole) {
        localize_maps(b, k, clone);
        shift_indices(b, clone, k->lo);
    }
    mlirBlockAppendOwnedOperation(b->block, clone);
    return clone;
}
