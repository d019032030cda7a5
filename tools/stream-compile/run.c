/* Passes and execution. */

#include "run.h"

#include "messages.h"

#include "convert/loc.h"
#include "execute/execute.h"

#include "stream/support/text.h"

#include "mlir-c/Pass.h"
#include "mlir-c/RegisterEverything.h"

#include <inttypes.h>
#include <stdio.h>

static void append(MlirStringRef part, void *text) {
    stream_text_append(text, part.data, part.length);
}

stream_status run_pipeline(MlirModule module, const char *pipeline, const stream_diag *diag) {
    MlirPassManager manager = mlirPassManagerCreate(mlirModuleGetContext(module));
    stream_text message = {0};
    stream_status status = STREAM_OK;
    MlirLogicalResult parsed =
        mlirOpPassManagerAddPipeline(mlirPassManagerGetAsOpPassManager(manager),
                                     mlirStringRefCreateFromCString(pipeline), append, &message);
    if (mlirLogicalResultIsFailure(parsed))
        status = stream_error(diag, STREAM_INVALID, (stream_loc){0}, "pipeline '%s': %s", pipeline,
                              message.data ? message.data : "it cannot be read");
    else if (mlirLogicalResultIsFailure(
                 mlirPassManagerRunOnOp(manager, mlirModuleGetOperation(module))))
        status = STREAM_INVALID;
    stream_text_free(&message);
    mlirPassManagerDestroy(manager);
    return status;
}

static stream_status report(const stream_execute_difference *d) {
    if (d->identical) {
        printf("executed: identical (%" PRId64 " elements)\n", d->n_elements);
        if (d->n_not_finite)
            printf("  but %" PRId64 " of them are NaN or infinite, which hides differences\n",
                   d->n_not_finite);
        return STREAM_OK;
    }
    printf("executed: %" PRId64 " of %" PRId64 " elements differ, by at most %g (relative %g)\n",
           d->n_different, d->n_elements, d->max_abs, d->max_rel);
    printf("  first: element %" PRId64 " of result %d is %.9g, should be %.9g\n", d->element,
           d->result, d->found, d->expected);
    return STREAM_INVALID;
}

/* Execution needs all of MLIR; scheduling does not pay for it. */
static void register_execution(MlirContext context) {
    MlirDialectRegistry registry = mlirDialectRegistryCreate();
    mlirRegisterAllDialects(registry);
    mlirContextAppendDialectRegistry(context, registry);
    mlirDialectRegistryDestroy(registry);
    stream_execute_register(context);
    stream_execute_register_passes();
}

stream_status run_and_compare(MlirContext context, MlirModule reference, MlirModule scheduled,
                              bool explicit_memories, int opt_level) {
    stream_diag diag = stream_diag_mlir(context);
    stream_execute_options options = STREAM_EXECUTE_DEFAULTS;
    options.opt_level = opt_level;
    stream_execute_difference difference;
    register_execution(context);
    MlirOperation copy = mlirOperationClone(mlirModuleGetOperation(scheduled));
    stream_status status =
        run_pipeline(mlirModuleFromOperation(copy),
                     explicit_memories ? "stream-lower{memories=explicit}" : "stream-lower", &diag);
    messages_progress("executing");
    if (status == STREAM_OK)
        status = stream_execute_compare(mlirModuleGetOperation(reference), copy, &options, &diag,
                                        &difference);
    messages_progress(NULL);
    mlirOperationDestroy(copy);
    return status == STREAM_OK ? report(&difference) : status;
}
