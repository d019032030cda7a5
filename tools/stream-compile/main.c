/* stream-compile: from a model and an accelerator to a checked schedule, in one command. */

#include "inputs.h"
#include "messages.h"
#include "options.h"
#include "outputs.h"
#include "run.h"

#include "pass.h"

#include "stream-c/Dialect.h"

#include "mlir-c/Dialect/Arith.h"
#include "mlir-c/Dialect/ControlFlow.h"
#include "mlir-c/Dialect/Func.h"
#include "mlir-c/Dialect/Linalg.h"
#include "mlir-c/Dialect/Math.h"
#include "mlir-c/Dialect/SCF.h"
#include "mlir-c/Dialect/Tensor.h"

#include <stdio.h>

enum {
    EXIT_DONE = 0,
    EXIT_REFUSED = 1,
    EXIT_USAGE = 2
};

/* Only what networks and schedules are written in: registering all of MLIR takes longer than
 * scheduling a small network. */
static MlirContext make_context(void) {
    MlirContext context = mlirContextCreateWithThreading(false);
    MlirDialectRegistry registry = mlirDialectRegistryCreate();
    mlirDialectHandleInsertDialect(mlirGetDialectHandle__stream__(), registry);
    mlirDialectHandleInsertDialect(mlirGetDialectHandle__func__(), registry);
    mlirDialectHandleInsertDialect(mlirGetDialectHandle__scf__(), registry);
    mlirDialectHandleInsertDialect(mlirGetDialectHandle__cf__(), registry);
    mlirDialectHandleInsertDialect(mlirGetDialectHandle__arith__(), registry);
    mlirDialectHandleInsertDialect(mlirGetDialectHandle__math__(), registry);
    mlirDialectHandleInsertDialect(mlirGetDialectHandle__tensor__(), registry);
    mlirDialectHandleInsertDialect(mlirGetDialectHandle__linalg__(), registry);
    mlirContextAppendDialectRegistry(context, registry);
    mlirDialectRegistryDestroy(registry);
    mlirDialectHandleLoadDialect(mlirGetDialectHandle__stream__(), context);
    messages_attach(context);
    return context;
}

static stream_status schedule(const compile_options *options, MlirModule module,
                              const stream_diag *diag) {
    stream_text pipeline = {0};
    compile_options_pipeline(options, &pipeline);
    messages_progress("scheduling");
    stream_status status = run_pipeline(module, pipeline.data, diag);
    messages_progress(NULL);
    stream_text_free(&pipeline);
    return status;
}

/* The summary comes first; files are written when everything has succeeded, the comparison of --run
 * included. */
static stream_status finish(const compile_options *options, MlirContext context,
                            MlirModule reference, MlirModule module, const stream_diag *diag) {
    stream_outputs outputs = {0};
    stream_status status = outputs_make(options, module, &outputs);
    if (status == STREAM_OK)
        outputs_print(options, &outputs);
    if (status == STREAM_OK && options->run)
        status = run_and_compare(context, reference, module, options->explicit_memories);
    if (status == STREAM_OK)
        status = outputs_write(options, &outputs, diag);
    outputs_free(&outputs);
    return status;
}

static stream_status compile(const compile_options *options, MlirContext context,
                             stream_arena *arena, const stream_diag *diag) {
    MlirModule module, reference = {NULL};
    STREAM_TRY(inputs_load(options, context, arena, diag, &module));
    if (options->run)
        reference = mlirModuleFromOperation(mlirOperationClone(mlirModuleGetOperation(module)));
    stream_status status = schedule(options, module, diag);
    if (status == STREAM_OK)
        status = finish(options, context, reference, module, diag);
    if (options->run)
        mlirModuleDestroy(reference);
    mlirModuleDestroy(module);
    return status;
}

static int run(const compile_options *options) {
    stream_diag diag = messages_diag();
    stream_arena *arena = stream_arena_create();
    stream_register_passes();
    MlirContext context = make_context();
    stream_status status = compile(options, context, arena, &diag);
    mlirContextDestroy(context);
    stream_arena_destroy(arena);
    return status == STREAM_OK ? EXIT_DONE : EXIT_REFUSED;
}

int main(int argc, char **argv) {
    compile_options options;
    stream_text message = {0};
    if (!compile_options_parse(argc, argv, &options, &message)) {
        messages_error("%s", message.data);
        stream_text_free(&message);
        return EXIT_USAGE;
    }
    if (options.help)
        compile_options_help();
    else if (options.version)
        printf("stream-compile %s\n", STREAM_VERSION);
    else
        return run(&options);
    return EXIT_DONE;
}
