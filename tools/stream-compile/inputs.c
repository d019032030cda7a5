/* Files to one module. */

#include "inputs.h"

#include "description.h"
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

/* The op of an accelerator, or null, in the YAML of `text`. */
static stream_status build_accelerator(MlirContext context, const char *path,
                                       const stream_text *text, stream_arena *arena,
                                       const stream_diag *diag, MlirOperation *out) {
    stream_accelerator *acc = STREAM_NEW(arena, stream_accelerator, 1);
    STREAM_TRY(stream_accelerator_import(path, text->data, text->length, arena, diag, acc));
    *out = stream_build_accelerator(context, acc);
    return STREAM_OK;
}

static stream_status build_mapping(MlirContext context, const char *path, const stream_text *text,
                                   stream_arena *arena, const stream_diag *diag,
                                   MlirOperation *out) {
    stream_mapping mapping;
    STREAM_TRY(stream_mapping_import(path, text->data, text->length, arena, diag, &mapping));
    *out = stream_build_mapping(context, &mapping);
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

/* A kind of file beside the model. */
typedef struct {
    const char *what, *op;
    stream_status (*build)(MlirContext, const char *, const stream_text *, stream_arena *,
                           const stream_diag *, MlirOperation *);
} description;

static const description an_accelerator = {"an accelerator", "stream.accelerator",
                                           build_accelerator},
                         a_mapping = {"a mapping", "stream.mapping", build_mapping};

static stream_status add_yaml(const description *d, const char *path, const stream_text *text,
                              MlirModule module, stream_arena *arena, const stream_diag *diag) {
    MlirOperation op = {NULL};
    STREAM_TRY(d->build(mlirModuleGetContext(module), path, text, arena, diag, &op));
    if (mlirOperationIsNull(op))
        return STREAM_INVALID;
    prepend(module, op);
    return STREAM_OK;
}

/* What was read once may be gone: a pipe. A file is read again, so that it has its name. */
static stream_status add_mlir(const description *d, const char *path, const stream_text *text,
                              MlirModule module, const stream_diag *diag) {
    MlirModule file;
    MlirContext context = mlirModuleGetContext(module);
    STREAM_TRY(stream_file_is_regular(path) ? model_read_mlir(context, path, diag, &file)
                                            : model_parse_mlir(context, path, text, &file));
    stream_status status = move_op(file, d->op, path, module, diag);
    mlirModuleDestroy(file);
    return status;
}

static stream_status add(const description *d, const char *path, MlirModule module,
                         stream_arena *arena, const stream_diag *diag) {
    stream_text text = {0};
    description_kind kind;
    stream_status status = description_read(path, d->what, diag, &text, &kind);
    if (status == STREAM_OK)
        status = kind == DESCRIPTION_YAML ? add_yaml(d, path, &text, module, arena, diag)
                                          : add_mlir(d, path, &text, module, diag);
    stream_text_free(&text);
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
    return add(&an_accelerator, path, module, arena, diag);
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
        status = add(&a_mapping, options->mapping, *out, arena, diag);
    if (status != STREAM_OK)
        mlirModuleDestroy(*out);
    return status;
}
