/* Kernels in memref form and calls of them; see lower_common.h. */

#include "lower_common.h"

#include "mlir-c/Dialect/Linalg.h"

#include <string.h>

MlirType stream_memref_type(MlirType tensor) {
    int64_t shape[STREAM_MAX_RANK];
    int32_t rank = 0;
    stream_ir_shape(tensor, &rank, shape);
    return mlirMemRefTypeContiguousGet(mlirShapedTypeGetElementType(tensor), rank, shape,
                                       mlirAttributeGetNull());
}

MlirOperation stream_lowering_emit(stream_lowering *l, const stream_ir_op *op) {
    return stream_ir_insert(mlirOperationGetBlock(l->before), l->before, op);
}

/* ---- functions */

static MlirAttribute function_type(MlirContext context, MlirBlock body) {
    intptr_t n = mlirBlockGetNumArguments(body);
    stream_vec types = STREAM_VEC(MlirType);
    for (intptr_t i = 0; i < n; ++i)
        *(MlirType *)stream_vec_push(&types) = mlirValueGetType(mlirBlockGetArgument(body, i));
    MlirType type = mlirFunctionTypeGet(context, n, types.data, 0, NULL);
    stream_vec_free(&types);
    return mlirTypeAttrGet(type);
}

static MlirOperation build_return(MlirLocation loc, MlirBlock body) {
    stream_ir_op op = {.loc = loc, .name = "func.return"};
    return stream_ir_insert(body, (MlirOperation){NULL}, &op);
}

/* ---- one argument of a function in memref form */

static MlirValue to_tensor(MlirLocation loc, MlirBlock body, MlirOperation before, MlirValue memref,
                           MlirType tensor) {
    MlirContext context = mlirLocationGetContext(loc);
    MlirNamedAttribute restricted = stream_ir_named(context, "restrict", stream_ir_unit(context));
    stream_ir_op op = {.loc = loc,
                       .name = "bufferization.to_tensor",
                       .operands = &memref,
                       .n_operands = 1,
                       .results = &tensor,
                       .n_results = 1,
                       .attrs = &restricted,
                       .n_attrs = 1};
    return mlirOperationGetResult(stream_ir_insert(body, before, &op), 0);
}

static void materialize(MlirLocation loc, MlirBlock body, MlirOperation before, MlirValue tensor,
                        MlirValue memref) {
    MlirContext context = mlirLocationGetContext(loc);
    MlirNamedAttribute attrs[2] = {stream_ir_named(context, "restrict", stream_ir_unit(context)),
                                   stream_ir_named(context, "writable", stream_ir_unit(context))};
    MlirValue operands[2] = {tensor, memref};
    stream_ir_op op = {.loc = loc,
                       .name = "bufferization.materialize_in_destination",
                       .operands = operands,
                       .n_operands = 2,
                       .attrs = attrs,
                       .n_attrs = 2};
    stream_ir_insert(body, before, &op);
}

void stream_memref_form(MlirOperation func) {
    MlirContext context = mlirOperationGetContext(func);
    MlirBlock body = stream_ir_body(func);
    MlirLocation loc = mlirOperationGetLocation(func);
    MlirOperation end = mlirBlockGetTerminator(body);
    intptr_t n = mlirBlockGetNumArguments(body), n_results = mlirOperationGetNumOperands(end);
    for (intptr_t i = 0; i < n; ++i) {
        MlirValue old = mlirBlockGetArgument(body, i);
        MlirType tensor = mlirValueGetType(old);
        if (!stream_ir_is_tensor(tensor))
            continue;
        MlirValue memref = mlirBlockInsertArgument(body, i, stream_memref_type(tensor), loc);
        MlirValue value = to_tensor(loc, body, mlirBlockGetFirstOperation(body), memref, tensor);
        mlirValueReplaceAllUsesOfWith(old, value);
        mlirBlockEraseArgument(body, (unsigned)i + 1);
    }
    for (intptr_t i = 0; i < n_results; ++i) {
        MlirValue value = mlirOperationGetOperand(end, i);
        MlirType memref = stream_memref_type(mlirValueGetType(value));
        materialize(loc, body, end, value, mlirBlockAddArgument(body, memref, loc));
    }
    mlirOperationDestroy(end);
    build_return(loc, body);
    stream_ir_set(func, "function_type", function_type(context, body));
    stream_ir_remove(func, "arg_attrs");
    stream_ir_remove(func, "res_attrs");
}

/* ---- instances of kernels */

static bool covers(MlirType memref, MlirType tensor) {
    return mlirTypeEqual(memref, stream_memref_type(tensor));
}

/* The type of a box of `shape` inside `memref`, at dynamic offsets. */
static MlirType part_type(MlirType memref, int32_t rank, const int64_t *shape) {
    int64_t strides[STREAM_MAX_RANK], stride = 1;
    for (int32_t d = rank; d-- > 0;) {
        strides[d] = stride;
        stride *= mlirShapedTypeGetDimSize(memref, d);
    }
    MlirContext context = mlirTypeGetContext(memref);
    MlirAttribute layout =
        mlirStridedLayoutAttrGet(context, mlirShapedTypeGetDynamicStrideOrOffset(), rank, strides);
    return mlirMemRefTypeGet(mlirShapedTypeGetElementType(memref), rank, shape, layout,
                             mlirAttributeGetNull());
}

/* memref.subview of `memref` at offsets operands[1 ..]. */
static MlirValue subview(MlirLocation loc, MlirBlock body, MlirOperation before,
                         const MlirValue *operands, int32_t rank, const int64_t *shape) {
    MlirContext context = mlirLocationGetContext(loc);
    int64_t dynamic[STREAM_MAX_RANK], ones[STREAM_MAX_RANK];
    for (int32_t d = 0; d < rank; ++d) {
        dynamic[d] = mlirShapedTypeGetDynamicSize();
        ones[d] = 1;
    }
    int32_t segments[4] = {1, rank, 0, 0};
    MlirNamedAttribute attrs[4] = {
        stream_ir_named(context, "static_offsets", stream_ir_i64s(context, rank, dynamic)),
        stream_ir_named(context, "static_sizes", stream_ir_i64s(context, rank, shape)),
        stream_ir_named(context, "static_strides", stream_ir_i64s(context, rank, ones)),
        stream_ir_named(context, "operandSegmentSizes",
                        mlirDenseI32ArrayGet(context, 4, segments))};
    MlirType type = part_type(mlirValueGetType(operands[0]), rank, shape);
    stream_ir_op op = {.loc = loc,
                       .name = "memref.subview",
                       .operands = operands,
                       .n_operands = rank + 1,
                       .results = &type,
                       .n_results = 1,
                       .attrs = attrs,
                       .n_attrs = 4};
    return mlirOperationGetResult(stream_ir_insert(body, before, &op), 0);
}

/* Adds the arguments for a place of type `memref`: the box of `tensor`'s shape in it, as a memref.
 */
static MlirValue add_place(MlirLocation loc, MlirBlock body, MlirOperation before, MlirType memref,
                           MlirType tensor) {
    MlirValue operands[STREAM_MAX_RANK + 1];
    int64_t shape[STREAM_MAX_RANK];
    int32_t rank = 0;
    operands[0] = mlirBlockAddArgument(body, memref, loc);
    if (covers(memref, tensor))
        return operands[0];
    stream_ir_shape(tensor, &rank, shape);
    for (int32_t d = 0; d < rank; ++d)
        operands[d + 1] =
            mlirBlockAddArgument(body, mlirIndexTypeGet(mlirLocationGetContext(loc)), loc);
    return subview(loc, body, before, operands, rank, shape);
}

/* A tensor of the present content of `memref`: a copy, because the kernel writes there too. */
static MlirValue copy_of(MlirLocation loc, MlirBlock body, MlirOperation before, MlirValue memref,
                         MlirType tensor) {
    MlirContext context = mlirLocationGetContext(loc);
    int32_t segments[2] = {0, 0};
    MlirType type = stream_memref_type(tensor);
    MlirNamedAttribute attr =
        stream_ir_named(context, "operandSegmentSizes", mlirDenseI32ArrayGet(context, 2, segments));
    stream_ir_op alloc = {.loc = loc,
                          .name = "memref.alloc",
                          .results = &type,
                          .n_results = 1,
                          .attrs = &attr,
                          .n_attrs = 1};
    MlirValue to = mlirOperationGetResult(stream_ir_insert(body, before, &alloc), 0);
    MlirValue operands[2] = {memref, to};
    stream_ir_op copy = {.loc = loc, .name = "memref.copy", .operands = operands, .n_operands = 2};
    stream_ir_insert(body, before, &copy);
    return to_tensor(loc, body, before, to, tensor);
}

static void drop_attributes(MlirOperation func) {
    for (intptr_t i = mlirOperationGetNumAttributes(func); i-- > 0;) {
        MlirStringRef name = mlirIdentifierStr(mlirOperationGetAttribute(func, i).name);
        if (name.length > 7 && !memcmp(name.data, "stream.", 7))
            mlirOperationRemoveAttributeByName(func, name);
    }
}

/* Rewrites the body of `func`, a copy of a kernel, for places of these types. */
static void specialize(MlirOperation func, int32_t n_reads, const MlirType *types) {
    MlirBlock body = stream_ir_body(func);
    MlirLocation loc = mlirOperationGetLocation(func);
    MlirOperation first = mlirBlockGetFirstOperation(body), end = mlirBlockGetTerminator(body);
    MlirType written = mlirValueGetType(mlirOperationGetOperand(end, 0));
    intptr_t n = mlirBlockGetNumArguments(body);
    for (int32_t i = 0; i < n_reads; ++i) {
        MlirValue old = mlirBlockGetArgument(body, i);
        MlirType tensor = mlirValueGetType(old);
        MlirValue part = add_place(loc, body, first, types[i], tensor);
        mlirValueReplaceAllUsesOfWith(old, to_tensor(loc, body, first, part, tensor));
    }
    MlirValue out = add_place(loc, body, first, types[n_reads], written);
    if (n > n_reads) {
        MlirValue old = mlirBlockGetArgument(body, n_reads);
        MlirValue copy = copy_of(loc, body, first, out, mlirValueGetType(old));
        mlirValueReplaceAllUsesOfWith(old, copy);
    }
    materialize(loc, body, end, mlirOperationGetOperand(end, 0), out);
    mlirOperationDestroy(end);
    build_return(loc, body);
    for (intptr_t i = 0; i < n; ++i)
        mlirBlockEraseArgument(body, 0);
    stream_ir_set(func, "function_type", function_type(mlirLocationGetContext(loc), body));
    stream_ir_remove(func, "arg_attrs");
    stream_ir_remove(func, "res_attrs");
    drop_attributes(func);
}

static MlirAttribute add_function(stream_lowering *l, MlirOperation func) {
    mlirBlockInsertOwnedOperationBefore(stream_ir_body(l->module), l->func, func);
    MlirAttribute name = mlirSymbolTableInsert(l->symbols, func);
    return mlirFlatSymbolRefAttrGet(l->context, mlirStringAttrGetValue(name));
}

static MlirAttribute new_instance(stream_lowering *l, int32_t kernel, int32_t n_reads,
                                  const MlirType *types) {
    MlirOperation func = mlirOperationClone(l->ir->kernel_ops[kernel]);
    specialize(func, n_reads, types);
    stream_lower_instance *made = stream_vec_push(&l->instances);
    made->types = STREAM_NEW(l->arena, MlirType, (size_t)n_reads + 1);
    memcpy(made->types, types, ((size_t)n_reads + 1) * sizeof *types);
    made->next = l->first_instance[kernel];
    l->first_instance[kernel] = (int32_t)l->instances.n - 1;
    return made->symbol = add_function(l, func);
}

static MlirAttribute instance_of(stream_lowering *l, int32_t kernel, int32_t n_reads,
                                 const MlirType *types) {
    int32_t i = l->first_instance[kernel];
    while (i >= 0) {
        const stream_lower_instance *known = &STREAM_AT(stream_lower_instance, l->instances, i);
        bool same = true;
        for (int32_t p = 0; p <= n_reads; ++p)
            same = same && mlirTypeEqual(known->types[p], types[p]);
        if (same)
            return known->symbol;
        i = known->next;
    }
    return new_instance(l, kernel, n_reads, types);
}

/* A private function around `body`. */
static MlirAttribute helper_function(stream_lowering *l, const char *name, MlirBlock body) {
    MlirLocation loc = mlirOperationGetLocation(l->func);
    build_return(loc, body);
    MlirNamedAttribute attrs[3] = {
        stream_ir_named(l->context, "sym_name", stream_ir_string(l->context, name)),
        stream_ir_named(l->context, "sym_visibility", stream_ir_string(l->context, "private")),
        stream_ir_named(l->context, "function_type", function_type(l->context, body))};
    MlirRegion region = mlirRegionCreate();
    mlirRegionAppendOwnedBlock(region, body);
    stream_ir_op func = {.loc = loc,
                         .name = "func.func",
                         .attrs = attrs,
                         .n_attrs = 3,
                         .regions = &region,
                         .n_regions = 1};
    return add_function(l, stream_ir_build(&func));
}

/* ---- chunks */

static void open_chunk(stream_lowering *l) {
    if (!mlirBlockIsNull(l->chunk))
        return;
    l->chunk = mlirBlockCreate(0, NULL, NULL);
    l->n_calls = 0;
    l->last_constant = (MlirOperation){NULL};
}

MlirValue stream_lowering_base(stream_lowering *l, int32_t base) {
    open_chunk(l);
    if (mlirValueIsNull(l->arguments[base])) {
        MlirType type = mlirValueGetType(l->bases[base]);
        l->arguments[base] =
            mlirBlockAddArgument(l->chunk, type, mlirOperationGetLocation(l->func));
        *(int32_t *)stream_vec_push(&l->used) = base;
    }
    return l->arguments[base];
}

MlirValue stream_lowering_index(stream_lowering *l, int64_t value) {
    open_chunk(l);
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
    call_chunk(l, helper_function(l, name.data, l->chunk));
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
    open_chunk(l);
    stream_ir_insert(l->chunk, (MlirOperation){NULL}, &call);
    l->n_calls++;
}

void stream_lowering_boundary(stream_lowering *l) {
    if (l->n_calls >= STREAM_CHUNK_CALLS)
        stream_lowering_flush(l);
}

MlirOperation stream_lowering_append(stream_lowering *l, const stream_ir_op *op) {
    open_chunk(l);
    return stream_ir_insert(l->chunk, (MlirOperation){NULL}, op);
}

/* ---- calls of kernels */

static bool is_whole(const stream_place *place) {
    MlirType type = mlirValueGetType(place->memref);
    for (int32_t d = 0; d < place->box.rank; ++d)
        if (mlirShapedTypeGetDimSize(type, d) != place->box.size[d])
            return false;
    return true;
}

/* The memref of a place, and its offsets unless the box is the whole memref. */
static void push_place(stream_lowering *l, const stream_place *place, stream_vec *operands) {
    *(MlirValue *)stream_vec_push(operands) = place->memref;
    for (int32_t d = 0; !is_whole(place) && d < place->box.rank; ++d)
        *(MlirValue *)stream_vec_push(operands) = stream_lowering_index(l, place->box.lo[d]);
}

void stream_lowering_kernel(stream_lowering *l, int32_t kernel, int32_t n_reads,
                            const stream_place *places) {
    stream_vec operands = STREAM_VEC(MlirValue), types = STREAM_VEC(MlirType);
    for (int32_t i = 0; i <= n_reads; ++i) {
        *(MlirType *)stream_vec_push(&types) = mlirValueGetType(places[i].memref);
        push_place(l, &places[i], &operands);
    }
    MlirAttribute symbol = instance_of(l, kernel, n_reads, types.data);
    stream_lowering_call(l, symbol, (int32_t)operands.n, operands.data);
    stream_vec_free(&operands);
    stream_vec_free(&types);
}

/* ---- functions that are no kernels */

static MlirType box_type(const stream_place *place) {
    int64_t shape[STREAM_MAX_RANK];
    for (int32_t d = 0; d < place->box.rank; ++d)
        shape[d] = place->box.size[d];
    return stream_ir_tensor(place->box.rank, shape,
                            mlirShapedTypeGetElementType(mlirValueGetType(place->memref)));
}

static MlirAttribute copy_function(stream_lowering *l, const MlirType *types) {
    MlirLocation loc = mlirOperationGetLocation(l->func);
    MlirBlock body = mlirBlockCreate(0, NULL, NULL);
    MlirOperation end = {NULL};
    MlirValue operands[2];
    operands[0] = add_place(loc, body, end, types[0], types[2]);
    operands[1] = add_place(loc, body, end, types[1], types[2]);
    stream_ir_op copy = {.loc = loc, .name = "memref.copy", .operands = operands, .n_operands = 2};
    stream_ir_insert(body, end, &copy);
    return helper_function(l, "copy", body);
}

/* memory[..] = all bits one: NaN for floats, so that what reads it shows. */
static MlirAttribute poison_function(stream_lowering *l, MlirType memory) {
    MlirLocation loc = mlirOperationGetLocation(l->func);
    MlirBlock body = mlirBlockCreate(0, NULL, NULL);
    MlirValue memref = mlirBlockAddArgument(body, memory, loc);
    MlirType byte = mlirShapedTypeGetElementType(memory);
    MlirNamedAttribute ones = stream_ir_named(l->context, "value", mlirIntegerAttrGet(byte, -1));
    stream_ir_op constant = {.loc = loc,
                             .name = "arith.constant",
                             .results = &byte,
                             .n_results = 1,
                             .attrs = &ones,
                             .n_attrs = 1};
    MlirValue operands[2] = {
        mlirOperationGetResult(stream_ir_insert(body, (MlirOperation){NULL}, &constant), 0),
        memref};
    int32_t segments[2] = {1, 1};
    MlirNamedAttribute attr = stream_ir_named(l->context, "operandSegmentSizes",
                                              mlirDenseI32ArrayGet(l->context, 2, segments));
    MlirRegion region = mlirRegionCreate();
    stream_ir_op fill = {.loc = loc,
                         .name = "linalg.fill",
                         .operands = operands,
                         .n_operands = 2,
                         .attrs = &attr,
                         .n_attrs = 1,
                         .regions = &region,
                         .n_regions = 1};
    mlirLinalgFillBuiltinNamedOpRegion(stream_ir_insert(body, (MlirOperation){NULL}, &fill));
    return helper_function(l, "poison", body);
}

static MlirAttribute known_helper(const stream_lowering *l, const MlirType *types) {
    for (size_t i = 0; i < l->helpers.n; ++i) {
        const stream_lower_helper *h = &STREAM_AT(stream_lower_helper, l->helpers, i);
        if (mlirTypeEqual(h->types[0], types[0]) && mlirTypeEqual(h->types[1], types[1]) &&
            mlirTypeEqual(h->types[2], types[2]))
            return h->symbol;
    }
    return mlirAttributeGetNull();
}

static MlirAttribute helper_of(stream_lowering *l, const MlirType *types, bool copies) {
    MlirAttribute symbol = known_helper(l, types);
    if (!mlirAttributeIsNull(symbol))
        return symbol;
    symbol = copies ? copy_function(l, types) : poison_function(l, types[0]);
    *(stream_lower_helper *)stream_vec_push(&l->helpers) =
        (stream_lower_helper){{types[0], types[1], types[2]}, symbol};
    return symbol;
}

void stream_lowering_copy(stream_lowering *l, const stream_place *from, const stream_place *to) {
    MlirType types[3] = {mlirValueGetType(from->memref), mlirValueGetType(to->memref),
                         box_type(from)};
    stream_vec operands = STREAM_VEC(MlirValue);
    push_place(l, from, &operands);
    push_place(l, to, &operands);
    stream_lowering_call(l, helper_of(l, types, true), (int32_t)operands.n, operands.data);
    stream_vec_free(&operands);
}

void stream_lowering_poison(stream_lowering *l, MlirValue memory) {
    MlirType type = mlirValueGetType(memory), none = mlirNoneTypeGet(l->context);
    MlirType types[3] = {type, none, none};
    stream_lowering_call(l, helper_of(l, types, false), 1, &memory);
}

/* ---- begin and end */

void stream_lowering_begin(stream_lowering *l, const stream_ct_ir *ir) {
    l->ir = ir;
    l->first_instance = STREAM_NEW(l->arena, int32_t, (size_t)ir->graph.n_kernels);
    for (int32_t k = 0; k < ir->graph.n_kernels; ++k) {
        mlirOperationRemoveFromParent(ir->kernel_ops[k]);
        l->first_instance[k] = -1;
    }
    l->symbols = mlirSymbolTableCreate(l->module);
    l->arguments = STREAM_NEW(l->arena, MlirValue, (size_t)l->n_bases);
    l->instances = STREAM_VEC(stream_lower_instance);
    l->used = STREAM_VEC(int32_t);
    l->constants = STREAM_VEC(stream_lower_constant);
    l->helpers = STREAM_VEC(stream_lower_helper);
}

void stream_lowering_end(stream_lowering *l) {
    for (int32_t k = 0; k < l->ir->graph.n_kernels; ++k)
        mlirOperationDestroy(l->ir->kernel_ops[k]);
    mlirSymbolTableDestroy(l->symbols);
    stream_vec_free(&l->instances);
    stream_vec_free(&l->used);
    stream_vec_free(&l->constants);
    stream_vec_free(&l->helpers);
}
