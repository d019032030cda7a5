/* Indexing maps of linalg ops; see maps.h. */

#include "maps.h"

#include "ir.h"

#include "stream/support/box.h"

#include "mlir-c/AffineExpr.h"
#include "mlir-c/BuiltinAttributes.h"

MlirAffineMap stream_maps_at(MlirAttribute maps, intptr_t i) {
    return mlirAffineMapAttrGetValue(mlirArrayAttrGetElement(maps, i));
}

bool stream_maps_bounds(MlirOperation op, MlirAttribute maps, int64_t *bounds) {
    for (intptr_t i = 0; i < mlirOperationGetNumOperands(op); ++i) {
        MlirType type = mlirValueGetType(mlirOperationGetOperand(op, i));
        int64_t shape[STREAM_MAX_RANK];
        int32_t rank;
        if (!stream_ir_is_tensor(type))
            continue;
        if (!stream_ir_shape(type, &rank, shape))
            return false;
        for (int32_t d = 0; d < rank; ++d) {
            MlirAffineExpr e = mlirAffineMapGetResult(stream_maps_at(maps, i), d);
            if (mlirAffineExprIsADim(e))
                bounds[mlirAffineDimExprGetPosition(e)] = shape[d];
        }
    }
    return true;
}
