/* The network function around the calls: what comes out of it, and what is left of the stream
 * dialect. */

#include "lower_common.h"

#include "convert/ct_values.h"

#include <string.h>

static bool is_stream(MlirOperation op) {
    MlirStringRef name = stream_ir_op_name(op);
    return name.length > 7 && !memcmp(name.data, "stream.", 7);
}

static bool has_ct(MlirOperation func) {
    MlirBlock body = stream_ir_body(func);
    if (mlirBlockIsNull(body))
        return false;
    MlirOperation op = mlirBlockGetFirstOperation(body);
    for (; !mlirOperationIsNull(op); op = mlirOperationGetNextInBlock(op))
        if (stream_ir_is(op, "stream.ct"))
            return true;
    return false;
}

stream_status stream_lower_find(MlirOperation module, const stream_diag *diag, MlirOperation *out) {
    *out = (MlirOperation){NULL};
    MlirOperation op = mlirBlockGetFirstOperation(stream_ir_body(module));
    for (; !mlirOperationIsNull(op); op = mlirOperationGetNextInBlock(op)) {
        if (!stream_ir_is(op, "func.func") || !has_ct(op))
            continue;
        if (!mlirOperationIsNull(*out))
            return stream_error(diag, STREAM_INVALID, stream_loc_of(op),
                                "a second function with stream.ct: a module holds one network");
        *out = op;
    }
    if (mlirOperationIsNull(*out))
        return stream_error(diag, STREAM_INVALID, stream_loc_of(module),
                            "no function holds a stream.ct: run stream-tile first");
    return STREAM_OK;
}

MlirOperation stream_lower_end_of_cts(MlirOperation func) {
    MlirOperation op = stream_ir_terminator(func), last = op;
    op = mlirBlockGetFirstOperation(stream_ir_body(func));
    for (; !mlirOperationIsNull(op); op = mlirOperationGetNextInBlock(op))
        if (is_stream(op))
            last = mlirOperationGetNextInBlock(op);
    return last;
}

/* ---- results */

typedef struct {
    stream_lowering *l;
    value_map value_of; /* what CTs make -> values */
} results;

static MlirValue finished(results *r, int32_t value, const MlirValue *finals, MlirValue *made) {
    stream_lowering *l = r->l;
    if (!mlirValueIsNull(made[value]))
        return made[value];
    MlirType type = mlirValueGetType(l->ir->values[value].finished);
    MlirNamedAttribute restricted =
        stream_ir_named(l->context, "restrict", stream_ir_unit(l->context));
    stream_ir_op op = {.loc = mlirOperationGetLocation(l->func),
                       .name = "bufferization.to_tensor",
                       .operands = &finals[value],
                       .n_operands = 1,
                       .results = &type,
                       .n_results = 1,
                       .attrs = &restricted,
                       .n_attrs = 1};
    return made[value] = mlirOperationGetResult(stream_lowering_emit(l, &op), 0);
}

static stream_status rewire(results *r, MlirOperation op, const MlirValue *finals,
                            MlirValue *made) {
    for (intptr_t i = 0; i < mlirOperationGetNumOperands(op); ++i) {
        MlirValue value = mlirOperationGetOperand(op, i);
        if (!mlirValueIsAOpResult(value) || !stream_ir_is(mlirOpResultGetOwner(value), "stream.ct"))
            continue;
        int32_t id = value_map_get(&r->value_of, value);
        if (mlirValueIsNull(finals[id]))
            return stream_error(r->l->diag, STREAM_UNSUPPORTED, stream_loc_of(op),
                                "operand %d does not leave the chip: the network returns nothing "
                                "that is made of it",
                                (int)i);
        mlirOperationSetOperand(op, i, finished(r, id, finals, made));
    }
    return STREAM_OK;
}

/* Erases the stream ops of the function, users before what they use, and destinations that are
 * left. */
static void erase_stream_ops(MlirOperation func, stream_arena *arena) {
    stream_ir_ops ops = stream_ir_block_ops(stream_ir_body(func), arena);
    for (int32_t i = ops.n; i-- > 0;) {
        bool unused_empty =
            stream_ir_is(ops.ops[i], "tensor.empty") &&
            mlirOpOperandIsNull(mlirValueGetFirstUse(mlirOperationGetResult(ops.ops[i], 0)));
        if (is_stream(ops.ops[i]) || unused_empty)
            mlirOperationDestroy(ops.ops[i]);
    }
}

stream_status stream_lower_results(stream_lowering *l, const MlirValue *finals) {
    results r = {.l = l};
    MlirValue *made = STREAM_NEW(l->arena, MlirValue, (size_t)l->ir->n_values);
    stream_status status = STREAM_OK;
    stream_map_values(l->ir, &r.value_of);
    stream_ir_ops behind = stream_ops_behind_cts(stream_ir_body(l->func), l->arena);
    for (int32_t i = 0; i < behind.n && status == STREAM_OK; ++i) {
        MlirOperation op = behind.ops[i];
        status = rewire(&r, op, finals, made);
        if (mlirOperationIsBeforeInBlock(op, l->before))
            mlirOperationMoveBefore(op, l->before);
    }
    value_map_free(&r.value_of);
    if (status == STREAM_OK)
        erase_stream_ops(l->func, l->arena);
    return status;
}

/* ---- what is left */

static void strip_op(MlirOperation op) {
    for (intptr_t i = mlirOperationGetNumAttributes(op); i-- > 0;) {
        MlirStringRef name = mlirIdentifierStr(mlirOperationGetAttribute(op, i).name);
        if (name.length > 7 && !memcmp(name.data, "stream.", 7))
            mlirOperationRemoveAttributeByName(op, name);
    }
}

void stream_lower_strip(MlirOperation module, MlirOperation func) {
    MlirOperation op = mlirBlockGetFirstOperation(stream_ir_body(module)), next;
    for (; !mlirOperationIsNull(op); op = next) {
        next = mlirOperationGetNextInBlock(op);
        if (is_stream(op))
            mlirOperationDestroy(op);
    }
    strip_op(func);
    stream_ir_remove(func, "arg_attrs");
    stream_ir_remove(func, "res_attrs");
}
