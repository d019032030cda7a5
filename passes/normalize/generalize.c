/* linalg ops as linalg.generic without some of their scalar operands; see normalize.h. */

#include "normalize.h"

#include "../convert/ir.h"
#include "../convert/maps.h"

#include "stream/support/vec.h"
#include "stream/workload/workload.h"

#include "mlir-c/Dialect/Linalg.h"

#include <string.h>

/* A loop is parallel if the first result is indexed by it. */
static MlirAttribute iterators(MlirOperation op, MlirAttribute maps) {
    MlirContext context = mlirOperationGetContext(op);
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
        *(MlirType *)stream_vec_push(&types) = mlirValueGetType(mlirOperationGetResult(op, r));
    int32_t segments[2] = {(int32_t)((intptr_t)operands.n - n_results), (int32_t)n_results};
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
                            .n_results = n_results,
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

MlirOperation stream_normalize_generalize(MlirOperation op, const bool *leaves) {
    MlirAttribute maps = mlirLinalgGetIndexingMapsAttribute(op);
    intptr_t n = mlirOperationGetNumOperands(op);
    MlirOperation built = build(op, maps, leaves);
    MlirBlock body = stream_ir_body(built);
    for (intptr_t i = n; i-- > 0;) {
        if (!leaves[i])
            continue;
        mlirValueReplaceAllUsesOfWith(mlirBlockGetArgument(body, i),
                                      mlirOperationGetOperand(op, i));
        mlirBlockEraseArgument(body, (unsigned)i);
    }
    copy_notes(op, built);
    for (intptr_t r = 0; r < mlirOperationGetNumResults(op); ++r)
        mlirValueReplaceAllUsesOfWith(mlirOperationGetResult(op, r),
                                      mlirOperationGetResult(built, r));
    mlirOperationDestroy(op);
    return built;
}
