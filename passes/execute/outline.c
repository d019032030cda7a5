/* Loop nests of a large function as functions of their own; see internal.h. */

#include "internal.h"

#include "mlir-c/AffineMap.h"

#include <string.h>

typedef struct {
    const char *text; /* the op, with its operands as the arguments of a function */
    MlirAttribute symbol;
} outlined;

typedef struct {
    MlirOperation module;
    MlirContext context;
    stream_arena *arena;
    MlirSymbolTable symbols;
    stream_vec made; /* outlined */
} outliner;

static bool is_plain(MlirValue operand) {
    MlirType type = mlirValueGetType(operand);
    if (!mlirTypeIsAMemRef(type))
        return mlirTypeIsAFloat(type) || mlirTypeIsAInteger(type);
    return mlirShapedTypeHasStaticShape(type) &&
           mlirAffineMapIsIdentity(mlirMemRefTypeGetAffineMap(type));
}

/* A linalg op on memrefs that can cross a function as bare pointers. */
static bool can_outline(MlirOperation op) {
    MlirStringRef name = stream_ir_op_name(op);
    if (name.length < 7 || memcmp(name.data, "linalg.", 7) || mlirOperationGetNumResults(op))
        return false;
    for (intptr_t i = 0; i < mlirOperationGetNumOperands(op); ++i)
        if (!is_plain(mlirOperationGetOperand(op, i)))
            return false;
    return true;
}

/* The body uses nothing of the function around it but the operands. */
static MlirWalkResult uses_outside(MlirOperation op, void *user) {
    MlirOperation *root = ((MlirOperation **)user)[0];
    bool *outside = ((bool **)user)[1];
    MlirBlock around = mlirOperationGetBlock(*root);
    for (intptr_t i = 0; !mlirOperationEqual(op, *root) && i < mlirOperationGetNumOperands(op);
         ++i) {
        MlirValue value = mlirOperationGetOperand(op, i);
        MlirBlock owner = mlirValueIsABlockArgument(value)
                              ? mlirBlockArgumentGetOwner(value)
                              : mlirOperationGetBlock(mlirOpResultGetOwner(value));
        *outside = *outside || mlirBlockEqual(owner, around);
    }
    return MlirWalkResultAdvance;
}

static bool is_closed(MlirOperation op) {
    bool outside = false;
    void *user[2] = {&op, &outside};
    mlirOperationWalk(op, uses_outside, user, MlirWalkPreOrder);
    return !outside;
}

/* func.func private @nest(operands) { op }, not in the module yet. */
static MlirOperation wrap(outliner *o, MlirOperation op) {
    MlirLocation loc = mlirLocationUnknownGet(o->context);
    MlirBlock body = mlirBlockCreate(0, NULL, NULL);
    MlirOperation copy = mlirOperationClone(op);
    stream_vec types = STREAM_VEC(MlirType);
    mlirBlockAppendOwnedOperation(body, copy);
    for (intptr_t i = 0; i < mlirOperationGetNumOperands(copy); ++i) {
        MlirType type = mlirValueGetType(mlirOperationGetOperand(copy, i));
        *(MlirType *)stream_vec_push(&types) = type;
        mlirOperationSetOperand(copy, i, mlirBlockAddArgument(body, type, loc));
    }
    stream_ir_op end = {.loc = loc, .name = "func.return"};
    stream_ir_insert(body, (MlirOperation){NULL}, &end);
    MlirType type = mlirFunctionTypeGet(o->context, (intptr_t)types.n, types.data, 0, NULL);
    static const char *const words[] = {"noinline"};
    MlirNamedAttribute attrs[4] = {
        stream_ir_named(o->context, "sym_name", stream_ir_string(o->context, "nest")),
        stream_ir_named(o->context, "sym_visibility", stream_ir_string(o->context, "private")),
        stream_ir_named(o->context, "function_type", mlirTypeAttrGet(type)),
        stream_ir_named(o->context, "passthrough", stream_ir_strings(o->context, 1, words))};
    MlirRegion region = mlirRegionCreate();
    mlirRegionAppendOwnedBlock(region, body);
    stream_ir_op func = {.loc = loc,
                         .name = "func.func",
                         .attrs = attrs,
                         .n_attrs = 4,
                         .regions = &region,
                         .n_regions = 1};
    stream_vec_free(&types);
    return stream_ir_build(&func);
}

/* The function of this text: an old one, or `func`, which is taken. */
static MlirAttribute symbol_of(outliner *o, MlirOperation func) {
    stream_text text = {0};
    stream_ir_print_op(func, &text);
    for (size_t i = 0; i < o->made.n; ++i)
        if (!strcmp(STREAM_AT(outlined, o->made, i).text, text.data)) {
            stream_text_free(&text);
            mlirOperationDestroy(func);
            return STREAM_AT(outlined, o->made, i).symbol;
        }
    mlirBlockAppendOwnedOperation(stream_ir_body(o->module), func);
    MlirAttribute name = mlirSymbolTableInsert(o->symbols, func);
    outlined *made = stream_vec_push(&o->made);
    made->text = stream_arena_strdup(o->arena, text.data);
    made->symbol = mlirFlatSymbolRefAttrGet(o->context, mlirStringAttrGetValue(name));
    stream_text_free(&text);
    return made->symbol;
}

static void outline(outliner *o, MlirOperation op) {
    MlirAttribute symbol = symbol_of(o, wrap(o, op));
    stream_vec operands = STREAM_VEC(MlirValue);
    for (intptr_t i = 0; i < mlirOperationGetNumOperands(op); ++i)
        *(MlirValue *)stream_vec_push(&operands) = mlirOperationGetOperand(op, i);
    MlirNamedAttribute callee = stream_ir_named(o->context, "callee", symbol);
    stream_ir_op call = {.loc = mlirOperationGetLocation(op),
                         .name = "func.call",
                         .operands = operands.data,
                         .n_operands = (intptr_t)operands.n,
                         .attrs = &callee,
                         .n_attrs = 1};
    stream_ir_insert(mlirOperationGetBlock(op), op, &call);
    stream_vec_free(&operands);
    mlirOperationDestroy(op);
}

void stream_execute_outline(MlirOperation module, MlirOperation func, stream_arena *arena) {
    outliner o = {.module = module,
                  .context = mlirOperationGetContext(module),
                  .arena = arena,
                  .symbols = mlirSymbolTableCreate(module),
                  .made = STREAM_VEC(outlined)};
    stream_ir_ops ops = stream_ir_block_ops(stream_ir_body(func), arena);
    for (int32_t i = 0; i < ops.n; ++i)
        if (can_outline(ops.ops[i]) && is_closed(ops.ops[i]))
            outline(&o, ops.ops[i]);
    stream_vec_free(&o.made);
    mlirSymbolTableDestroy(o.symbols);
}
