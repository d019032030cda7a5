/* A module made ready to run; see internal.h. */

#include "internal.h"

#include "../lower_common.h"
#include "../normalize/normalize.h"

#include <string.h>

#define LARGE_CONSTANT 4096

static bool in_namespace(MlirStringRef name) {
    return name.length > 7 && !memcmp(name.data, "stream.", 7);
}

static MlirWalkResult strip(MlirOperation op, void *user) {
    (void)user;
    for (intptr_t i = mlirOperationGetNumDiscardableAttributes(op); i-- > 0;) {
        MlirStringRef name = mlirIdentifierStr(mlirOperationGetDiscardableAttribute(op, i).name);
        if (in_namespace(name))
            mlirOperationRemoveDiscardableAttributeByName(op, name);
    }
    if (stream_ir_is(op, "func.func")) {
        stream_ir_remove(op, "arg_attrs");
        stream_ir_remove(op, "res_attrs");
    }
    return MlirWalkResultAdvance;
}

/* Erases stream ops of the module itself (accelerator, mapping) and names that carry no data. */
static void strip_module(MlirOperation module) {
    MlirOperation op = mlirBlockGetFirstOperation(stream_ir_body(module)), next;
    for (; !mlirOperationIsNull(op); op = next) {
        next = mlirOperationGetNextInBlock(op);
        if (in_namespace(stream_ir_op_name(op)))
            mlirOperationDestroy(op);
    }
    mlirOperationWalk(module, strip, NULL, MlirWalkPreOrder);
}

static stream_status find_entry(MlirOperation module, const stream_diag *diag, MlirOperation *out) {
    *out = (MlirOperation){NULL};
    MlirOperation op = mlirBlockGetFirstOperation(stream_ir_body(module));
    for (; !mlirOperationIsNull(op); op = mlirOperationGetNextInBlock(op)) {
        if (!stream_ir_is(op, "func.func") || stream_ir_is_private(op) ||
            mlirBlockIsNull(stream_ir_body(op)))
            continue;
        if (!mlirOperationIsNull(*out))
            return stream_error(diag, STREAM_INVALID, stream_loc_of(op),
                                "a second public function: which one is to be executed?");
        *out = op;
    }
    if (mlirOperationIsNull(*out))
        return stream_error(diag, STREAM_INVALID, stream_loc_of(module),
                            "there is no public function to execute");
    return STREAM_OK;
}

/* ---- large constants */

static bool is_large(MlirOperation op) {
    if (!stream_ir_is(op, "arith.constant"))
        return false;
    MlirAttribute value = stream_ir_attr(op, "value");
    if (!mlirAttributeIsADenseElements(value) || mlirDenseElementsAttrIsSplat(value))
        return false;
    MlirType element = mlirShapedTypeGetElementType(mlirAttributeGetType(value));
    return stream_ir_element_bits(element) == 8 * stream_execute_element_bytes(element) &&
           mlirElementsAttrGetNumElements(value) > LARGE_CONSTANT;
}

static void hoist_constants(stream_entry *e, stream_arena *arena) {
    MlirBlock body = stream_ir_body(e->func);
    stream_ir_ops ops = stream_ir_block_ops(body, arena);
    for (int32_t i = 0; i < ops.n; ++i) {
        if (!is_large(ops.ops[i]))
            continue;
        MlirAttribute value = stream_ir_attr(ops.ops[i], "value");
        MlirType type = mlirAttributeGetType(value);
        MlirValue argument = mlirBlockAddArgument(body, type, mlirOperationGetLocation(ops.ops[i]));
        mlirValueReplaceAllUsesOfWith(mlirOperationGetResult(ops.ops[i], 0), argument);
        *(stream_entry_argument *)stream_vec_push(&e->arguments) = (stream_entry_argument){
            type, mlirDenseElementsAttrGetRawData(value), STREAM_ENTRY_CONSTANT};
        mlirOperationDestroy(ops.ops[i]);
    }
}

/* ---- functions */

static bool only_calls(MlirOperation func) {
    MlirOperation op = mlirBlockGetFirstOperation(stream_ir_body(func));
    for (; !mlirOperationIsNull(op); op = mlirOperationGetNextInBlock(op))
        if (!stream_ir_is(op, "func.call") && !stream_ir_is(op, "arith.constant") &&
            !stream_ir_is(op, "memref.alloc") && !stream_ir_is(op, "memref.dealloc") &&
            !stream_ir_is(op, "memref.view") && !stream_ir_is(op, "func.return"))
            return false;
    return true;
}

/* Kernels are compiled once, not inlined; lists of calls are not worth optimising. */
static void mark_functions(MlirOperation module) {
    MlirContext context = mlirOperationGetContext(module);
    static const char *const words[] = {"noinline", "optnone"};
    MlirOperation op = mlirBlockGetFirstOperation(stream_ir_body(module));
    for (; !mlirOperationIsNull(op); op = mlirOperationGetNextInBlock(op))
        if (stream_ir_is(op, "func.func") && stream_ir_is_private(op) &&
            !mlirBlockIsNull(stream_ir_body(op)))
            stream_ir_set(op, "passthrough",
                          stream_ir_strings(context, only_calls(op) ? 2 : 1, words));
}

/* ---- the entry */

static stream_status cannot_execute(const stream_entry *e, MlirType type, const stream_diag *diag,
                                    int role) {
    stream_text text = {0};
    bool result = role == STREAM_ENTRY_RESULT;
    int before = 0;
    for (size_t i = 0; i < e->arguments.n; ++i)
        before += STREAM_AT(stream_entry_argument, e->arguments, i).role == STREAM_ENTRY_RESULT;
    stream_ir_print_type(type, &text);
    stream_status status =
        stream_error(diag, STREAM_UNSUPPORTED, stream_loc_of(e->func),
                     "%s %d is of type %s: only functions of tensors of static shape, rank up to "
                     "%d, and integers of up to 64 bits or floats of whole bytes can be executed",
                     result ? "result" : "argument", result ? before : (int)e->arguments.n,
                     text.data, STREAM_MAX_RANK);
    stream_text_free(&text);
    return status;
}

static stream_status add_argument(stream_entry *e, MlirType type, const stream_diag *diag,
                                  int role) {
    bool known = stream_ir_is_tensor(type) && mlirShapedTypeHasStaticShape(type) &&
                 mlirShapedTypeGetRank(type) <= STREAM_MAX_RANK &&
                 stream_execute_element_bytes(mlirShapedTypeGetElementType(type)) > 0;
    if (!known)
        return cannot_execute(e, type, diag, role);
    stream_entry_argument *argument = stream_vec_push(&e->arguments);
    argument->type = type;
    argument->role = role == STREAM_ENTRY_RESULT ? STREAM_ENTRY_RESULT : STREAM_ENTRY_INPUT;
    return STREAM_OK;
}

static stream_status make_entry(stream_entry *e, stream_arena *arena, const stream_diag *diag) {
    MlirBlock body = stream_ir_body(e->func);
    MlirOperation end = mlirBlockGetTerminator(body);
    for (intptr_t i = 0; i < mlirBlockGetNumArguments(body); ++i)
        STREAM_TRY(add_argument(e, mlirValueGetType(mlirBlockGetArgument(body, i)), diag,
                                STREAM_ENTRY_INPUT));
    hoist_constants(e, arena);
    for (intptr_t i = 0; i < mlirOperationGetNumOperands(end); ++i)
        STREAM_TRY(add_argument(e, mlirValueGetType(mlirOperationGetOperand(end, i)), diag,
                                STREAM_ENTRY_RESULT));
    stream_memref_form(e->func);
    return STREAM_OK;
}

/* Ops are built of these, whatever the module was parsed with. */
static void load_dialects(MlirContext context) {
    static const char *const names[] = {"arith", "bufferization", "func",  "linalg",
                                        "math",  "memref",        "tensor"};
    for (size_t i = 0; i < sizeof names / sizeof *names; ++i)
        mlirContextGetOrLoadDialect(context, stream_ir_str(names[i]));
}

stream_status stream_execute_prepare(MlirOperation module, stream_arena *arena,
                                     const stream_diag *diag, stream_entry *out) {
    *out = (stream_entry){.module = mlirOperationClone(module),
                          .arguments = STREAM_VEC(stream_entry_argument)};
    load_dialects(mlirOperationGetContext(module));
    strip_module(out->module);
    stream_normalize_decompose(out->module, arena);
    STREAM_TRY(stream_execute_check_host(out->module, diag));
    STREAM_TRY(find_entry(out->module, diag, &out->func));
    STREAM_TRY(make_entry(out, arena, diag));
    mark_functions(out->module);
    return STREAM_OK;
}
