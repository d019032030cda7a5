/* stream-compile: from a model and an accelerator to a checked schedule, in one command. */

#include "inputs.h"
#include "messages.h"
#include "model.h"
#include "options.h"
#include "outputs.h"
#include "run.h"

#include "pass.h"

#include <stdio.h>

enum {
    EXIT_DONE = 0,
    EXIT_REFUSED = 1,
    EXIT_USAGE = 2
};

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
        status = run_and_compare(context, reference, module, options->explicit_memories,
                                 options->opt ? options->opt[0] - '0' : 2);
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
    MlirContext context = model_context();
    stream_status status = compile(options, context, arena, &diag);
    mlirContextDestroy(context);
    stream_arena_destroy(arena);
    return status == STREAM_OK ? EXIT_DONE : EXIT_REFUSED;
}

int main(int argc, char **argv) {
    compile_options options;
    stream_text message = {0};
    messages_start("stream-compile");
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
