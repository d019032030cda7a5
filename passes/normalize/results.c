/* One op for each result that is used; see normalize.h. */

#include "normalize.h"

#include "../convert/ir.h"
#include "../convert/workload.h"

static bool is_used(MlirValue value) {
    return !mlirOpOperandIsNull(mlirValueGetFirstUse(value));
}

static void split(MlirOperation op) {
    bool first = true;
    for (intptr_t r = 0; r < mlirOperationGetNumResults(op); ++r) {
        MlirValue result = mlirOperationGetResult(op, r);
        if (!is_used(result))
            continue;
        if (!first) {
            MlirOperation copy = mlirOperationClone(op);
            mlirBlockInsertOwnedOperationAfter(mlirOperationGetBlock(op), op, copy);
            mlirValueReplaceAllUsesOfWith(result, mlirOperationGetResult(copy, r));
        }
        first = false;
    }
}

void stream_normalize_results(MlirOperation func, stream_arena *arena) {
    stream_ir_ops ops = stream_ir_block_ops(stream_ir_body(func), arena);
    for (int32_t i = 0; i < ops.n; ++i)
        if (mlirOperationGetNumResults(ops.ops[i]) > 1 && stream_op_is_pure(ops.ops[i]))
            split(ops.ops[i]);
}
