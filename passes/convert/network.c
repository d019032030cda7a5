#include "network.h"

#include "ir.h"
#include "loc.h"

static bool has_body(MlirOperation func) {
    return !mlirBlockIsNull(stream_ir_body(func));
}

static bool is_candidate(MlirOperation op) {
    return stream_ir_is(op, "func.func") && has_body(op) && !stream_ir_is_private(op) &&
           !stream_ir_has(op, "stream.kernel");
}

stream_status stream_choose_network(MlirOperation module, const char *name, const stream_diag *diag,
                                    MlirOperation *out) {
    if (!name[0])
        return stream_find_network(module, diag, out);
    *out = stream_ir_function(module, stream_ir_str(name));
    if (mlirOperationIsNull(*out) || !has_body(*out))
        return stream_error(diag, STREAM_INVALID, stream_loc_of_module(module),
                            "there is no function '%s' with a body", name);
    MlirOperation op = mlirBlockGetFirstOperation(stream_ir_body(module));
    for (; !mlirOperationIsNull(op); op = mlirOperationGetNextInBlock(op))
        if (is_candidate(op))
            stream_ir_set(op, "sym_visibility",
                          stream_ir_string(mlirOperationGetContext(op), "private"));
    stream_ir_remove(*out, "sym_visibility");
    return STREAM_OK;
}

stream_status stream_find_network(MlirOperation module, const stream_diag *diag,
                                  MlirOperation *out) {
    *out = (MlirOperation){NULL};
    MlirOperation op = mlirBlockGetFirstOperation(stream_ir_body(module));
    for (; !mlirOperationIsNull(op); op = mlirOperationGetNextInBlock(op)) {
        if (!is_candidate(op))
            continue;
        if (!mlirOperationIsNull(*out)) {
            MlirStringRef first = stream_ir_symbol_name(*out), second = stream_ir_symbol_name(op);
            return stream_error(diag, STREAM_INVALID, stream_loc_of(op),
                                "'%.*s' and '%.*s' could both be the network: name one with the "
                                "option 'function'",
                                (int)first.length, first.data, (int)second.length, second.data);
        }
        *out = op;
    }
    if (mlirOperationIsNull(*out))
        return stream_error(diag, STREAM_INVALID, stream_loc_of_module(module),
                            "the module has no network: no public function with a body%s",
                            stream_has_nested_module(module)
                                ? "; stream-tile takes the functions of the module in it"
                                : "");
    return STREAM_OK;
}

stream_diag stream_network_diag(MlirOperation module) {
    const stream_diag silent = {0};
    MlirOperation func;
    bool found = stream_find_network(module, &silent, &func) == STREAM_OK;
    return stream_diag_at(
        found ? mlirOperationGetLocation(func)
              : stream_loc_mlir(stream_loc_of_module(module), mlirOperationGetContext(module)));
}

const char *stream_network_name(MlirOperation module, MlirOperation func, stream_arena *arena) {
    MlirStringRef name = stream_ir_symbol_name(module);
    return stream_ir_strdup(arena, name.length ? name : stream_ir_symbol_name(func));
}
