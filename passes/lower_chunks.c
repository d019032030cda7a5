/* Functions of the module, and the chunks of calls of the network function; see lower_common.h. */

#include "lower_common.h"

MlirOperation stream_lowering_emit(stream_lowering *l, const stream_ir_op *op) {
    return stream_ir_insert(mlirOperationGetBlock(l->before), l->before, op);
}

MlirAttribute stream_lowering_add(stream_lowering *l, MlirOperation func) {
    mlirBlockInsertOwnedOperationBefore(stream_ir_body(l->module), l->func, func);
    MlirAttribute name = mlirSymbolTableInsert(l->symbols, func);
    return mlirFlatSymbolRefAttrGet(l->context, mlirStringAttrGetValue(name));
}

MlirAttribute stream_lowering_helper(stream_lowering *l, const char *name, MlirBlock body) {
    return stream_lowering_add(
        l, stream_lower_function(mlirOperationGetLocation(l->func), name, body));
}

MlirBlock stream_lowering_chunk(stream_lowering *l) {
    if (mlirBlockIsNull(l->chunk)) {
        l->chunk = mlirBlockCreate(0, NULL, NULL);
        l->n_calls = 0;
        l->last_constant = (MlirOperation){NULL};
    }
    return l->chunk;
}

MlirValue stream_lowering_base(stream_lowering *l, int32_t base) {
    (void)stream_lowering_chunk(l);
    if (mlirValueIsNull(l->arguments[base])) {
        MlirType type = mlirValueGetType(l->bases[base]);
        l->arguments[base] =
            mlirBlockAddArgument(l->chunk, type, mlirOperationGetLocation(l->func));
        *(int32_t *)stream_vec_push(&l->used) = base;
    }
    return l->arguments[base];
}

MlirValue stream_lowering_index(stream_lowering *l, int64_t value) {
    (void)stream_lowering_chunk(l);
    for (size_t i = 0; i < l->constants.n; ++i)
        if (STREAM_AT(stream_lower_constant, l->constants, i).value == value)
            return STREAM_AT(stream_lower_constant, l->constants, i).constant;
    MlirType index = mlirIndexTypeGet(l->context);
    MlirNamedAttribute attr =
        stream_ir_named(l->context, "value", mlirIntegerAttrGet(index, value));
    stream_ir_op op = {.loc = mlirOperationGetLocation(l->func),
                       .name = "arith.constant",
                       .results = &index,
                       .n_results = 1,
                       .attrs = &attr,
                       .n_attrs = 1};
    MlirOperation built = stream_ir_build(&op);
    mlirBlockInsertOwnedOperationAfter(l->chunk, l->last_constant, built);
    l->last_constant = built;
    stream_lower_constant *c = stream_vec_push(&l->constants);
    *c = (stream_lower_constant){value, mlirOperationGetResult(built, 0)};
    return c->constant;
}

static void call_chunk(stream_lowering *l, MlirAttribute symbol) {
    stream_vec operands = STREAM_VEC(MlirValue);
    for (size_t i = 0; i < l->used.n; ++i) {
        int32_t base = STREAM_AT(int32_t, l->used, i);
        *(MlirValue *)stream_vec_push(&operands) = l->bases[base];
        l->arguments[base] = (MlirValue){NULL};
    }
    MlirNamedAttribute callee = stream_ir_named(l->context, "callee", symbol);
    stream_ir_op call = {.loc = mlirOperationGetLocation(l->func),
                         .name = "func.call",
                         .operands = operands.data,
                         .n_operands = (intptr_t)operands.n,
                         .attrs = &callee,
                         .n_attrs = 1};
    stream_lowering_emit(l, &call);
    stream_vec_free(&operands);
}

void stream_lowering_flush(stream_lowering *l) {
    if (mlirBlockIsNull(l->chunk))
        return;
    MlirStringRef stem = stream_ir_symbol_name(l->func);
    stream_text name = {0};
    stream_text_print(&name, "%.*s_part%d", (int)stem.length, stem.data, l->n_chunks++);
    call_chunk(l, stream_lowering_helper(l, name.data, l->chunk));
    stream_text_free(&name);
    l->chunk = (MlirBlock){NULL};
    l->n_calls = 0;
    l->used.n = l->constants.n = 0;
}

void stream_lowering_call(stream_lowering *l, MlirAttribute symbol, int32_t n,
                          const MlirValue *operands) {
    MlirNamedAttribute callee = stream_ir_named(l->context, "callee", symbol);
    stream_ir_op call = {.loc = l->loc,
                         .name = "func.call",
                         .operands = operands,
                         .n_operands = n,
                         .attrs = &callee,
                         .n_attrs = 1};
    (void)stream_lowering_chunk(l);
    stream_ir_insert(l->chunk, (MlirOperation){NULL}, &call);
    l->n_calls++;
}

void stream_lowering_boundary(stream_lowering *l) {
    if (l->n_calls >= STREAM_CHUNK_CALLS)
        stream_lowering_flush(l);
}

MlirOperation stream_lowering_append(stream_lowering *l, const stream_ir_op *op) {
    return stream_ir_insert(stream_lowering_chunk(l), (MlirOperation){NULL}, op);
}
