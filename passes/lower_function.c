/* Functions of tensors as functions of memrefs; see lower_common.h. */

#include "lower_common.h"

#include <string.h>

MlirType stream_memref_type(MlirType tensor) {
    int64_t shape[STREAM_MAX_RANK];
    int32_t rank = 0;
    stream_ir_shape(tensor, &rank, shape);
    return mlirMemRefTypeContiguousGet(mlirShapedTypeGetElementType(tensor), rank, shape,
                                       mlirAttributeGetNull());
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

/* `type` in the bytes of `memory` from `byte` on. */
static MlirValue view(MlirLocation loc, MlirBlock body, MlirOperation before, MlirValue memory,
                      MlirValue byte, MlirType type) {
    MlirValue operands[2] = {memory, byte};
    stream_ir_op op = {.loc = loc,
                       .name = "memref.view",
                       .operands = operands,
                       .n_operands = 2,
                       .results = &type,
                       .n_results = 1};
    return mlirOperationGetResult(stream_ir_insert(body, before, &op), 0);
}

MlirValue stream_lower_argument(MlirLocation loc, MlirBlock body, MlirOperation before,
                                const stream_place_type *place, MlirType tensor) {
    MlirType index = mlirIndexTypeGet(mlirLocationGetContext(loc));
    MlirValue operands[STREAM_MAX_RANK + 1];
    int64_t shape[STREAM_MAX_RANK];
    int32_t rank = 0;
    operands[0] = mlirBlockAddArgument(body, place->memref, loc);
    if (!mlirTypeIsNull(place->buffer))
        operands[0] = view(loc, body, before, operands[0], mlirBlockAddArgument(body, index, loc),
                           place->buffer);
    if (covers(mlirValueGetType(operands[0]), tensor))
        return operands[0];
    stream_ir_shape(tensor, &rank, shape);
    for (int32_t d = 0; d < rank; ++d)
        operands[d + 1] = mlirBlockAddArgument(body, index, loc);
    return subview(loc, body, before, operands, rank, shape);
}

MlirValue stream_lower_alloc(MlirLocation loc, MlirBlock block, MlirOperation before,
                             MlirType memref) {
    MlirContext context = mlirLocationGetContext(loc);
    int32_t segments[2] = {0, 0};
    MlirNamedAttribute attr =
        stream_ir_named(context, "operandSegmentSizes", mlirDenseI32ArrayGet(context, 2, segments));
    stream_ir_op op = {.loc = loc,
                       .name = "memref.alloc",
                       .results = &memref,
                       .n_results = 1,
                       .attrs = &attr,
                       .n_attrs = 1};
    return mlirOperationGetResult(stream_ir_insert(block, before, &op), 0);
}

/* A tensor of the present content of `memref`: a copy, because the kernel writes there too. */
static MlirValue copy_of(MlirLocation loc, MlirBlock body, MlirOperation before, MlirValue memref,
                         MlirType tensor) {
    MlirValue to = stream_lower_alloc(loc, body, before, stream_memref_type(tensor));
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
static void specialize(MlirOperation func, int32_t n_reads, const stream_place_type *types) {
    MlirBlock body = stream_ir_body(func);
    MlirLocation loc = mlirOperationGetLocation(func);
    MlirOperation first = mlirBlockGetFirstOperation(body), end = mlirBlockGetTerminator(body);
    intptr_t n = mlirBlockGetNumArguments(body), n_results = mlirOperationGetNumOperands(end);
    for (int32_t i = 0; i < n_reads; ++i) {
        MlirValue old = mlirBlockGetArgument(body, i);
        MlirType tensor = mlirValueGetType(old);
        MlirValue part = stream_lower_argument(loc, body, first, &types[i], tensor);
        mlirValueReplaceAllUsesOfWith(old, to_tensor(loc, body, first, part, tensor));
    }
    for (intptr_t i = 0; i < n_results; ++i) {
        MlirValue value = mlirOperationGetOperand(end, i);
        MlirType type = mlirValueGetType(value);
        MlirValue out = stream_lower_argument(loc, body, first, &types[n_reads + i], type);
        if (n > n_reads) {
            MlirValue old = mlirBlockGetArgument(body, n_reads + i);
            mlirValueReplaceAllUsesOfWith(old, copy_of(loc, body, first, out, type));
        }
        materialize(loc, body, end, mlirOperationGetOperand(end, i), out);
    }
    mlirOperationDestroy(end);
    build_return(loc, body);
    for (intptr_t i = 0; i < n; ++i)
        mlirBlockEraseArgument(body, 0);
    stream_ir_set(func, "function_type", function_type(mlirLocationGetContext(loc), body));
    stream_ir_remove(func, "arg_attrs");
    stream_ir_remove(func, "res_attrs");
    drop_attributes(func);
}

MlirOperation stream_lower_specialize(MlirOperation kernel, int32_t n_reads,
                                      const stream_place_type *types) {
    MlirOperation func = mlirOperationClone(kernel);
    specialize(func, n_reads, types);
    return func;
}

MlirOperation stream_lower_function(MlirLocation loc, const char *name, MlirBlock body) {
    MlirContext context = mlirLocationGetContext(loc);
    build_return(loc, body);
    MlirNamedAttribute attrs[3] = {
        stream_ir_named(context, "sym_name", stream_ir_string(context, name)),
        stream_ir_named(context, "sym_visibility", stream_ir_string(context, "private")),
        stream_ir_named(context, "function_type", function_type(context, body))};
    MlirRegion region = mlirRegionCreate();
    mlirRegionAppendOwnedBlock(region, body);
    stream_ir_op func = {.loc = loc,
                         .name = "func.func",
                         .attrs = attrs,
                         .n_attrs = 3,
                         .regions = &region,
                         .n_regions = 1};
    return stream_ir_build(&func);
}
