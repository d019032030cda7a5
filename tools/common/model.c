/* Networks in files; see model.h. */

#include "model.h"

#include "messages.h"

#include "stream/import/onnx.h"
#include "stream/support/text_file.h"

#include "convert/ir.h"

#include "stream-c/Dialect.h"

#include "mlir-c/Dialect/Arith.h"
#include "mlir-c/Dialect/ControlFlow.h"
#include "mlir-c/Dialect/Func.h"
#include "mlir-c/Dialect/Index.h"
#include "mlir-c/Dialect/Linalg.h"
#include "mlir-c/Dialect/Math.h"
#include "mlir-c/Dialect/SCF.h"
#include "mlir-c/Dialect/Tensor.h"

#include <string.h>

#define MAX_MODEL_BYTES ((size_t)4 << 30)

bool model_has_suffix(const char *path, const char *suffix) {
    size_t n = strlen(path), m = strlen(suffix);
    return n > m && !strcmp(path + n - m, suffix);
}

/* Only what networks and schedules are written in: registering all of MLIR takes longer than
 * scheduling a small network. */
MlirContext model_context(void) {
    MlirContext context = mlirContextCreateWithThreading(false);
    MlirDialectRegistry registry = mlirDialectRegistryCreate();
    mlirDialectHandleInsertDialect(mlirGetDialectHandle__stream__(), registry);
    mlirDialectHandleInsertDialect(mlirGetDialectHandle__func__(), registry);
    mlirDialectHandleInsertDialect(mlirGetDialectHandle__scf__(), registry);
    mlirDialectHandleInsertDialect(mlirGetDialectHandle__cf__(), registry);
    mlirDialectHandleInsertDialect(mlirGetDialectHandle__arith__(), registry);
    mlirDialectHandleInsertDialect(mlirGetDialectHandle__index__(), registry);
    mlirDialectHandleInsertDialect(mlirGetDialectHandle__math__(), registry);
    mlirDialectHandleInsertDialect(mlirGetDialectHandle__tensor__(), registry);
    mlirDialectHandleInsertDialect(mlirGetDialectHandle__linalg__(), registry);
    mlirContextAppendDialectRegistry(context, registry);
    mlirDialectRegistryDestroy(registry);
    mlirDialectHandleLoadDialect(mlirGetDialectHandle__stream__(), context);
    messages_attach(context);
    return context;
}

stream_status model_read_mlir(MlirContext context, const char *path, const stream_diag *diag,
                              MlirModule *out) {
    if (strcmp(path, "-") != 0)
        STREAM_TRY(stream_file_check(path, diag)); /* MLIR does not say why it cannot open a file */
    *out = mlirModuleCreateParseFromFile(context, stream_ir_str(path));
    return mlirModuleIsNull(*out) ? STREAM_INVALID : STREAM_OK;
}

stream_status model_parse_mlir(MlirContext context, const char *path, const stream_text *text,
                               MlirModule *out) {
    messages_name_text(strcmp(path, "-") == 0 ? "<stdin>" : path);
    *out = mlirModuleCreateParse(context, mlirStringRefCreate(text->data, text->length));
    return mlirModuleIsNull(*out) ? STREAM_INVALID : STREAM_OK;
}

/* The importer's text, under the name of the model. */
static stream_status parse_import(MlirContext context, const char *path, const stream_text *text,
                                  MlirModule *out) {
    MlirOperation op = mlirOperationCreateParse(
        context, mlirStringRefCreate(text->data, text->length), stream_ir_str(path));
    if (mlirOperationIsNull(op))
        return STREAM_INVALID;
    *out = mlirModuleFromOperation(op);
    return STREAM_OK;
}

static stream_status read_onnx(MlirContext context, const char *path, stream_arena *arena,
                               const stream_diag *diag, MlirModule *out) {
    stream_text bytes = {0}, text = {0};
    stream_status status = stream_file_read(path, MAX_MODEL_BYTES, diag, &bytes);
    if (status == STREAM_OK)
        status = stream_onnx_import(path, bytes.data, bytes.length, arena, diag, &text);
    stream_text_free(&bytes);
    if (status == STREAM_OK)
        status = parse_import(context, path, &text, out);
    stream_text_free(&text);
    return status;
}

stream_status model_read(MlirContext context, const char *path, stream_arena *arena,
                         const stream_diag *diag, MlirModule *out) {
    if (model_has_suffix(path, ".onnx"))
        return read_onnx(context, path, arena, diag, out);
    if (model_has_suffix(path, ".mlir") || model_has_suffix(path, ".mlirbc") || !strcmp(path, "-"))
        return model_read_mlir(context, path, diag, out);
    return stream_error(diag, STREAM_INVALID, (stream_loc){.file = path},
                        "a model is an .onnx or .mlir file, or - for MLIR on standard input");
}
