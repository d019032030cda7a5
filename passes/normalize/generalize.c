/* linalg ops as linalg.generic without some of their operands or results; see normalize.h. */

#include "normalize.h"

#include "../convert/ir.h"
#include "../convert/maps.h"

#include "stream/support/vec.h"
#include "stream/workload/workload.h"

#include "mlir-c/Dialect/Linalg.h"

#include <string.h>

/* Those of the op, or: a loop is parallel if the first result is indexed by it. */
static MlirAttribute iterators(MlirOperation op, MlirAttribute maps) {
    MlirContext context = mlirOperationGetContext(op);
    MlirAttribute given = stream_ir_attr(op, "iterator_types");
    if (!mlirAttributeIsNull(given))
        return given;
    MlirAttribute kinds[STREAM_MAX_LOOPS];
    MlirAffineMap out =
        stream_maps_at(maps, mlirOperationGetNumOperands(op) - mlirOperationGetNumResults(op));
    intptr_t n = mlirAffineMapGetNumDims(out);
    for (intptr_t l = 0; l < n; ++l) {
        bool parallel = false;
        for (intptr_t d = 0; d < mlirAffineMapGetNumResults(out); ++d)
            parallel |= mlirAffineExprIsFunctionOfDim(mlirAffineMapGetResult(out, d), l);
        kinds[l] = mlirAttributeParseGet(
            context, stream_ir_str(parallel ? "#linalg.iterator_type<parallel>"
                                            : "#linalg.iterator_type<reduction>"));
    }
    return stream_ir_array(context, n, kinds);
}

/* What attributes of ours say of the op. */
static void copy_notes(MlirOperation from, MlirOperation to) {
    for (intptr_t i = 0; i < mlirOperationGetNumDiscardableAttributes(from); ++i) {
        MlirNamedAttribute attr = mlirOperationGetDiscardableAttribute(from, i);
        MlirStringRef name = mlirIdentifierStr(attr.name);
        if (name.length > 7 && !memcmp(name.data, "stream.", 7))
            mlirOperationSetDiscardableAttributeByName(to, name, attr.attribute);
    }
}

static MlirOperation build(MlirOperation op, MlirAttribute maps, const bool *leaves) {
    MlirContext context = mlirOperationGetContext(op);
    intptr_t n = mlirOperationGetNumOperands(op), n_results = mlirOperationGetNumResults(op);
    stream_vec operands = STREAM_VEC(MlirValue), kept = STREAM_VEC(MlirAttribute),
               types = STREAM_VEC(MlirType);
    MlirRegion region = mlirRegionCreate();
    for (intptr_t i = 0; i < n; ++i) {
        if (leaves[i])
            continue;
        *(MlirValue *)stream_vec_push(&operands) = mlirOperationGetOperand(op, i);
        *(MlirAttribute *)stream_vec_push(&kept) = mlirAffineMapAttrGet(stream_maps_at(maps, i));
    }
    for (intptr_t r = 0; r < n_results; ++r)
        if (!leaves[n - n_results + r])
            *(MlirType *)stream_vec_push(&types) = mlirValueGetType(mlirOperationGetResult(op, r));
    int32_t segments[2] = {(int32_t)(operands.n - types.n), (int32_t)types.n};
    MlirNamedAttribute attrs[3] = {
        stream_ir_named(context, "indexing_maps",
                        stream_ir_array(context, (intptr_t)kept.n, kept.data)),
        stream_ir_named(context, "iterator_types", iterators(op, maps)),
        stream_ir_named(context, "operandSegmentSizes",
                        mlirDenseI32ArrayGet(context, 2, segments))};
    mlirRegionTakeBody(region, mlirOperationGetRegion(op, 0));
    stream_ir_op generic = {.loc = mlirOperationGetLocation(op),
                            .name = "linalg.generic",
                            .operands = operands.data,
                            .n_operands = (intptr_t)operands.n,
                            .results = types.data,
                            .n_results = (intptr_t)types.n,
                            .attrs = attrs,
                            .n_attrs = 3,
                            .regions = &region,
                            .n_regions = 1};
    MlirOperation built = stream_ir_insert(mlirOperationGetBlock(op), op, &generic);
    stream_vec_free(&operands);
    stream_vec_free(&kept);
    stream_vec_free(&types);
    return built;
}

/* Ops of the body that nothing depends on. */
static void erase_dead(MlirBlock body) {
    stream_vec ops = STREAM_VEC(MlirOperation);
    for (MlirOperation at = mlirBlockGetFirstOperation(body); !mlirOperationIsNull(at);
         at = mlirOperationGetNextInBlock(at))
        *(MlirOperation *)stream_vec_push(&ops) = at;
    for (size_t i = ops.n; i-- > 0;) {
        MlirOperation op = STREAM_AT(MlirOperation, ops, i);
        bool dead = mlirOperationGetNumResults(op) > 0;
        for (intptr_t r = 0; r < mlirOperationGetNumResults(op); ++r)
            dead = dead && mlirOpOperandIsNull(mlirValueGetFirstUse(mlirOperationGetResult(op, r)));
        if (dead)
            mlirOperationDestroy(op);
    }
    stream_vec_free(&ops);
}

/* The body yields what is left. */
static void drop_yields(MlirBlock body, const bool *leaves) {
    MlirOperation yield = mlirBlockGetTerminator(body);
    stream_vec kept = STREAM_VEC(MlirValue);
    for (intptr_t r = 0; r < mlirOperationGetNumOperands(yield); ++r)
        if (!leaves[r])
            *(MlirValue *)stream_vec_push(&kept) = mlirOperationGetOperand(yield, r);
    mlirOperationSetOperands(yield, (intptr_t)kept.n, kept.data);
    stream_vec_free(&kept);
    erase_dead(body);
}

MlirOperation stream_normalize_generalize(MlirOperation op, const bool *leaves) {
    MlirAttribute maps = mlirLinalgGetIndexingMapsAttribute(op);
    intptr_t n = mlirOperationGetNumOperands(op), first = n - mlirOperationGetNumResults(op);
    MlirOperation built = build(op, maps, leaves);
    MlirBlock body = stream_ir_body(built);
    drop_yields(body, leaves + first);
    for (intptr_t i = n; i-- > 0;) {
        if (!leaves[i])
            continue;
        if (i < first)
            mlirValueReplaceAllUsesOfWith(mlirBlockGetArgument(body, i),
                                          mlirOperationGetOperand(op, i));
        mlirBlockEraseArgument(body, (unsigned)i);
    }
    copy_notes(op, built);
    for (intptr_t r = 0, next = 0; r < mlirOperationGetNumResults(op); ++r)
        if (!leaves[first + r])
            mlirValueReplaceAllUsesOfWith(mlirOperationGetResult(op, r),
                                          mlirOperationGetResult(built, next++));
    mlirOperationDestroy(op);
    return built;
}
