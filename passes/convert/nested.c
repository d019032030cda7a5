/* Modules inside a module; see network.h. */

#include "network.h"

#include "ir.h"
#include "loc.h"

static bool is_module(MlirOperation op) {
    return stream_ir_is(op, "builtin.module");
}

static MlirOperation find_nested(MlirOperation module) {
    MlirOperation op = mlirBlockGetFirstOperation(stream_ir_body(module));
    while (!mlirOperationIsNull(op) && !is_module(op))
        op = mlirOperationGetNextInBlock(op);
    return op;
}

/* A symbol of `nested` that `module` has, too, or null. */
static MlirOperation find_twice(MlirOperation module, MlirOperation nested) {
    MlirSymbolTable table = mlirSymbolTableCreate(module);
    MlirOperation op = mlirBlockGetFirstOperation(stream_ir_body(nested));
    for (; !mlirOperationIsNull(op); op = mlirOperationGetNextInBlock(op)) {
        MlirStringRef name = is_module(op) ? (MlirStringRef){0} : stream_ir_symbol_name(op);
        if (name.length && !mlirOperationIsNull(mlirSymbolTableLookup(table, name)))
            break;
    }
    mlirSymbolTableDestroy(table);
    return op;
}

/* What `nested` says of itself, its name among it. */
static void take_attributes(MlirOperation module, MlirOperation nested) {
    for (intptr_t i = 0; i < mlirOperationGetNumAttributes(nested); ++i) {
        MlirNamedAttribute said = mlirOperationGetAttribute(nested, i);
        MlirStringRef name = mlirIdentifierStr(said.name);
        if (mlirAttributeIsNull(mlirOperationGetAttributeByName(module, name)))
            mlirOperationSetAttributeByName(module, name, said.attribute);
    }
}

static void open(MlirOperation module, MlirOperation nested) {
    MlirBlock body = stream_ir_body(module);
    MlirOperation op = mlirBlockGetFirstOperation(stream_ir_body(nested)), next;
    for (; !mlirOperationIsNull(op); op = next) {
        next = mlirOperationGetNextInBlock(op);
        mlirOperationRemoveFromParent(op);
        mlirBlockInsertOwnedOperationBefore(body, nested, op);
    }
    take_attributes(module, nested);
    mlirOperationDestroy(nested);
}

bool stream_has_nested_module(MlirOperation module) {
    return !mlirOperationIsNull(find_nested(module));
}

stream_status stream_open_nested_modules(MlirOperation module, const stream_diag *diag) {
    for (MlirOperation nested; !mlirOperationIsNull(nested = find_nested(module));) {
        MlirOperation twice = find_twice(module, nested);
        if (!mlirOperationIsNull(twice)) {
            MlirStringRef name = stream_ir_symbol_name(twice);
            return stream_error(diag, STREAM_INVALID, stream_loc_of(twice),
                                "'%.*s' is here and outside of the module that it is in, which is "
                                "opened: a network and its accelerator are one module",
                                (int)name.length, name.data);
        }
        open(module, nested);
    }
    return STREAM_OK;
}
