/* Results of which an op writes a part; see internal.h. */

#include "internal.h"

#include "mlir-c/AffineMap.h"
#include "mlir-c/Dialect/Linalg.h"

/* Some elements are written: not every dimension has a loop of its own, or one element. */
static bool is_partial(MlirAffineMap map, MlirType tensor) {
    uint64_t seen = 0;
    for (intptr_t d = 0; d < mlirAffineMapGetNumResults(map); ++d) {
        MlirAffineExpr e = mlirAffineMapGetResult(map, d);
        if (mlirShapedTypeIsDynamicDim(tensor, d) || mlirShapedTypeGetDimSize(tensor, d) == 1)
            continue;
        if (!mlirAffineExprIsADim(e) || mlirAffineDimExprGetPosition(e) >= 64 ||
            seen >> mlirAffineDimExprGetPosition(e) & 1)
            return true;
        seen |= UINT64_C(1) << mlirAffineDimExprGetPosition(e);
    }
    return false;
}

/* An op of one attribute that gives an index. */
static MlirValue index_op(MlirBlock body, MlirOperation before, const char *name,
                          MlirNamedAttribute attr) {
    MlirType index = mlirIndexTypeGet(mlirOperationGetContext(before));
    stream_ir_op op = {.loc = mlirOperationGetLocation(before),
                       .name = name,
                       .results = &index,
                       .n_results = 1,
                       .attrs = &attr,
                       .n_attrs = 1};
    return mlirOperationGetResult(stream_ir_insert(body, before, &op), 0);
}

/* True, in a way that no folding finds out. */
static MlirValue holds(MlirBlock body, MlirOperation before) {
    MlirContext context = mlirOperationGetContext(before);
    MlirType boolean = mlirIntegerTypeGet(context, 1);
    MlirAttribute most = mlirIntegerAttrGet(mlirIndexTypeGet(context), INT64_MAX);
    MlirValue operands[2] = {
        index_op(body, before, "linalg.index",
                 stream_ir_named(context, "dim", stream_ir_i64(context, 0))),
        index_op(body, before, "arith.constant", stream_ir_named(context, "value", most))};
    MlirNamedAttribute less = stream_ir_named(
        context, "predicate", mlirIntegerAttrGet(mlirIntegerTypeGet(context, 64), 2));
    stream_ir_op op = {.loc = mlirOperationGetLocation(before),
                       .name = "arith.cmpi",
                       .operands = operands,
                       .n_operands = 2,
                       .results = &boolean,
                       .n_results = 1,
                       .attrs = &less,
                       .n_attrs = 1};
    return mlirOperationGetResult(stream_ir_insert(body, before, &op), 0);
}

/* Result `r` becomes one that depends on the element that is there. */
static void use_destination(MlirOperation op, intptr_t r) {
    MlirBlock body = stream_ir_body(op);
    MlirOperation yield = mlirBlockGetTerminator(body);
    MlirValue old = mlirBlockGetArgument(body, mlirBlockGetNumArguments(body) -
                                                   mlirOperationGetNumResults(op) + r);
    MlirType type = mlirValueGetType(old);
    MlirValue operands[3] = {holds(body, yield), mlirOperationGetOperand(yield, r), old};
    stream_ir_op choice = {.loc = mlirOperationGetLocation(op),
                           .name = "arith.select",
                           .operands = operands,
                           .n_operands = 3,
                           .results = &type,
                           .n_results = 1};
    MlirOperation chosen = stream_ir_insert(body, yield, &choice);
    mlirOperationSetOperand(yield, r, mlirOperationGetResult(chosen, 0));
}

void stream_execute_partial(MlirOperation module, stream_arena *arena) {
    stream_ir_ops ops = stream_ir_collect_named(module, "linalg.generic", arena);
    for (int32_t i = 0; i < ops.n; ++i) {
        MlirAttribute maps = mlirLinalgGetIndexingMapsAttribute(ops.ops[i]);
        intptr_t n_results = mlirOperationGetNumResults(ops.ops[i]);
        intptr_t first = mlirOperationGetNumOperands(ops.ops[i]) - n_results;
        for (intptr_t r = 0; r < n_results; ++r) {
            MlirAffineMap map = mlirAffineMapAttrGetValue(mlirArrayAttrGetElement(maps, first + r));
            if (mlirAffineMapGetNumDims(map) > 0 &&
                is_partial(map, mlirValueGetType(mlirOperationGetResult(ops.ops[i], r))))
                use_destination(ops.ops[i], r);
        }
    }
}
