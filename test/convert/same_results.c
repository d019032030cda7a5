/* Runs scheduled modules on explicit memories: all must give the results of the first one, run
 * without.
 *
 *     convert-same_results scheduled.mlir [other.mlir ...] */

#include "execute/execute.h"
#include "pass.h"

#include "convert/loc.h"

#include "stream-c/Dialect.h"
#include "stream/support/text_file.h"

#include "convert/context.h"
#include "unit/test.h"

static MlirContext make_context(void) {
    MlirContext context = context_create();
    stream_execute_register_passes();
    stream_execute_register(context);
    return context;
}

static stream_status run(MlirContext context, const char *path, bool explicit_memories,
                         const stream_diag *diag, stream_execute_results *out) {
    stream_text source = {0};
    stream_execute_options options = STREAM_EXECUTE_DEFAULTS;
    STREAM_TRY(stream_file_read(path, (size_t)1 << 30, diag, &source));
    MlirModule module =
        mlirModuleCreateParse(context, mlirStringRefCreate(source.data, source.length));
    stream_text_free(&source);
    if (mlirModuleIsNull(module))
        return STREAM_INVALID;
    MlirOperation op = mlirModuleGetOperation(module);
    stream_arena *arena = stream_arena_create();
    stream_pass pass = {.arena = arena, .diag = diag, .context = context};
    pass.lower.memories = explicit_memories ? STREAM_LOWER_EXPLICIT : STREAM_LOWER_IMPLICIT;
    stream_status status = stream_pass_lower_run(&pass, op);
    if (status == STREAM_OK)
        status = stream_execute(op, &options, diag, out);
    stream_arena_destroy(arena);
    mlirModuleDestroy(module);
    return status;
}

int main(int argc, char **argv) {
    MlirContext context = make_context();
    stream_diag diag = stream_diag_mlir(context);
    stream_execute_results expected = {0};
    CHECK(argc > 1 && run(context, argv[1], false, &diag, &expected) == STREAM_OK);
    for (int i = 1; i < argc && !test_failed; ++i) {
        stream_execute_results found = {0};
        stream_execute_difference difference = {0};
        CHECK_EQ(run(context, argv[i], true, &diag, &found), STREAM_OK);
        CHECK(!test_failed &&
              stream_execute_diff(&expected, &found, &diag, &difference) == STREAM_OK &&
              difference.identical);
        stream_execute_free(&found);
    }
    stream_execute_free(&expected);
    mlirContextDestroy(context);
    return test_done();
}
