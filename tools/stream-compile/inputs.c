/* Files to one module. */

#include "inputs.h"

#include "model.h"

#include "stream/import/accelerator.h"
#include "stream/import/mapping.h"
#include "stream/support/text_file.h"

#include "convert/accelerator.h"
#include "convert/ir.h"
#include "convert/loc.h"
#include "convert/mapping.h"
#include "convert/network.h"

#include <string.h>

#define MAX_DESCRIPTION_BYTES ((size_t)64 << 20)

static bool is_yaml(const char *path) {
    return model_has_suffix(path, ".yaml") || model_has_suffix(path, ".yml");
}

static stream_loc loc_of(const char *path) {
    return (stream_loc){.file = path};
}

/* ---- the accelerator */

static bool has_accelerator(MlirModule module) {
    MlirOperation op = mlirBlockGetFirstOperation(mlirModuleGetBody(module));
    while (!mlirOperationIsNull(op) && !stream_ir_is(op, "stream.accelerator"))
        op = mlirOperationGetNextInBlock(op);
    return !mlirOperationIsNull(op);
}

static void prepend(MlirModule module, MlirOperation op) {
    mlirBlockInsertOwnedOperation(mlirModuleGetBody(module), 0, op);
}

static stream_status add_yaml_accelerator(const char *path, MlirModule module, stream_arena *arena,
                                          const stream_diag *diag) {
    stream_text bytes = {0};
    stream_accelerator *acc = STREAM_NEW(arena, stream_accelerator, 1);
    stream_status status = stream_file_read(path, MAX_DESCRIPTION_BYTES, diag, &bytes);
    if (status == STREAM_OK)
        status = stream_accelerator_import(path, bytes.data, bytes.length, arena, diag, acc);
    stream_text_free(&bytes);
    if (status != STREAM_OK)
        return status;
    MlirOperation op = stream_build_accelerator(mlirModuleGetContext(module), acc);
    if (mlirOperationIsNull(op))
        return STREAM_INVALID;
    prepend(module, op);
    return STREAM_OK;
}

static stream_status add_yaml_mapping(const char *path, MlirModule module, stream_arena *arena,
                                      const stream_diag *diag) {
    stream_text bytes = {0};
    stream_mapping mapping;
    stream_status status = stream_file_read(path, MAX_DESCRIPTION_BYTES, diag, &bytes);
    if (status == STREAM_OK)
        status = stream_mapping_import(path, bytes.data, bytes.length, arena, diag, &mapping);
    stream_text_free(&bytes);
    if (status != STREAM_OK)
        return status;
    MlirOperation op = stream_build_mapping(mlirModuleGetContext(module), &mapping);
    if (mlirOperationIsNull(op))
        return STREAM_INVALID;
    prepend(module, op);
    return STREAM_OK;
}

/* Moves the ops of that name from `from`, the file at `path`; there must be one. */
static stream_status move_op(MlirModule from, const char *name, const char *path, MlirModule to,
                             const stream_diag *diag) {
    MlirOperation op = mlirBlockGetFirstOperation(mlirModuleGetBody(from)), next;
    int found = 0;
    for (; !mlirOperationIsNull(op); op = next) {
        next = mlirOperationGetNextInBlock(op);
        if (!stream_ir_is(op, name))
            continue;
        mlirOperationRemoveFromParent(op);
        prepend(to, op);
        found++;
    }
    if (found == 1)
        return STREAM_OK;
    return stream_error(diag, STREAM_INVALID, loc_of(path), "the file holds %d %s ops, not one",
                        found, name);
}

static stream_status add_mlir_op(const char *name, const char *path, MlirModule module,
                                 const stream_diag *diag) {
    MlirModule file;
    STREAM_TRY(model_read_mlir(mlirModuleGetContext(module), path, &file));
    stream_status status = move_op(file, name, path, module, diag);
    mlirModuleDestroy(file);
    return status;
}

static stream_status add_accelerator(const compile_options *options, MlirModule module,
                                     stream_arena *arena, const stream_diag *diag) {
    const char *path = options->accelerator;
    bool inside = has_accelerator(module);
    if (!path && inside)
        return STREAM_OK;
    if (!path)
        return stream_error(diag, STREAM_INVALID, loc_of(options->model),
                            "no accelerator: give --accelerator, or a stream.accelerator in the "
                            "model's file");
    if (inside)
        return stream_error(diag, STREAM_INVALID, loc_of(options->model),
                            "the model's file holds an accelerator already; '%s' is a second one",
                            path);
    return is_yaml(path) ? add_yaml_accelerator(path, module, arena, diag)
                         : add_mlir_op("stream.accelerator", path, module, diag);
}

/* ---- all of it */

static stream_status choose_network(const compile_options *options, MlirModule module) {
    MlirOperation func;
    stream_diag located = stream_diag_mlir(mlirModuleGetContext(module));
    STREAM_TRY(stream_open_nested_modules(mlirModuleGetOperation(module), &located));
    return options->function ? stream_choose_network(mlirModuleGetOperation(module),
                                                     options->function, &located, &func)
                             : STREAM_OK;
}

stream_status inputs_load(const compile_options *options, MlirContext context, stream_arena *arena,
                          const stream_diag *diag, MlirModule *out) {
    STREAM_TRY(model_read(context, options->model, arena, diag, out));
    stream_status status = choose_network(options, *out);
    if (status == STREAM_OK)
        status = add_accelerator(options, *out, arena, diag);
    if (status == STREAM_OK && options->mapping)
        status = is_yaml(options->mapping)
                     ? add_yaml_mapping(options->mapping, *out, arena, diag)
                     : add_mlir_op("stream.mapping", options->mapping, *out, diag);
    if (status != STREAM_OK)
        mlirModuleDestroy(*out);
    return status;
}
