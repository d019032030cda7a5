/* What of a network function stands behind its CTs; see ct_graph.h. */

#include "builder.h"
#include "ct_graph.h"

#include <string.h>

static bool is_stream(MlirOperation op) {
    MlirStringRef name = stream_ir_op_name(op);
    return name.length > 7 && !memcmp(name.data, "stream.", 7);
}

static bool comes_from_ct(const value_map *behind, MlirValue value) {
    return value_map_get(behind, value) >= 0 ||
           (mlirValueIsAOpResult(value) && stream_ir_is(mlirOpResultGetOwner(value), "stream.ct"));
}

static bool follows(const value_map *behind, MlirOperation op, stream_arena *arena) {
    for (intptr_t i = 0; i < mlirOperationGetNumOperands(op); ++i)
        if (comes_from_ct(behind, mlirOperationGetOperand(op, i)))
            return true;
    if (mlirOperationGetNumRegions(op) == 0)
        return false;
    stream_captures captured = stream_body_captures(op, arena);
    for (int32_t i = 0; i < captured.n_values; ++i)
        if (comes_from_ct(behind, captured.values[i]))
            return true;
    return false;
}

stream_ir_ops stream_ops_behind_cts(MlirBlock body, stream_arena *arena) {
    stream_vec ops = STREAM_VEC(MlirOperation);
    value_map behind = {0};
    MlirOperation op = mlirBlockGetFirstOperation(body);
    for (; !mlirOperationIsNull(op); op = mlirOperationGetNextInBlock(op)) {
        if (is_stream(op) || !follows(&behind, op, arena))
            continue;
        for (intptr_t i = 0; i < mlirOperationGetNumResults(op); ++i)
            value_map_set(&behind, mlirOperationGetResult(op, i), 1);
        *(MlirOperation *)stream_vec_push(&ops) = op;
    }
    value_map_free(&behind);
    stream_ir_ops result = {.n = (int32_t)ops.n};
    result.ops = stream_vec_freeze(&ops, arena);
    return result;
}
