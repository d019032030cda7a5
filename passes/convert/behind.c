/* What of a network function stands behind its CTs; see ct_graph.h. */

#include "ct_reader.h"

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

static stream_status check_finished(const ct_reader *r, MlirOperation op, MlirValue value) {
    int32_t id = value_map_get(&r->value_of, value);
    if (id < 0)
        return STREAM_OK;
    const stream_ct_value *of = &STREAM_AT(stream_ct_value, r->values, id);
    if (mlirValueEqual(value, of->finished))
        return STREAM_OK;
    MlirStringRef name = stream_ir_op_name(op);
    return stream_error(r->diag, STREAM_INVALID, stream_loc_of(op),
                        "R11: '%.*s' uses '%s' as it was before the last CT wrote to it; every "
                        "operation uses the latest value of a tensor",
                        (int)name.length, name.data,
                        STREAM_AT(stream_tensor, r->tensors, of->tensor).name);
}

stream_status stream_ct_check_behind(const ct_reader *r) {
    stream_ir_ops behind = stream_ops_behind_cts(stream_ir_body(r->func), r->arena);
    for (int32_t i = 0; i < behind.n; ++i) {
        MlirOperation op = behind.ops[i];
        stream_captures captured = stream_body_captures(op, r->arena);
        for (intptr_t o = 0; o < mlirOperationGetNumOperands(op); ++o)
            STREAM_TRY(check_finished(r, op, mlirOperationGetOperand(op, o)));
        for (int32_t v = 0; v < captured.n_values; ++v)
            STREAM_TRY(check_finished(r, op, captured.values[v]));
    }
    return STREAM_OK;
}
