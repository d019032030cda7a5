/* Any text as IR of the stream dialect: its parsers and verifiers refuse it or take it. */

#include "mlir-c/Diagnostics.h"
#include "mlir-c/Dialect/Arith.h"
#include "mlir-c/Dialect/Func.h"
#include "mlir-c/Dialect/Tensor.h"
#include "mlir-c/IR.h"

#include "stream-c/Dialect.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static MlirLogicalResult silent(MlirDiagnostic diagnostic, void *user) {
    (void)diagnostic, (void)user;
    return mlirLogicalResultSuccess();
}

static MlirContext context(void) {
    MlirContext c = mlirContextCreateWithThreading(false);
    mlirDialectHandleRegisterDialect(mlirGetDialectHandle__stream__(), c);
    mlirDialectHandleRegisterDialect(mlirGetDialectHandle__func__(), c);
    mlirDialectHandleRegisterDialect(mlirGetDialectHandle__tensor__(), c);
    mlirDialectHandleRegisterDialect(mlirGetDialectHandle__arith__(), c);
    mlirContextAttachDiagnosticHandler(c, silent, NULL, NULL);
    return c;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    MlirContext c = context();
    char *text = malloc(size + 1);
    if (!text)
        abort();
    memcpy(text, data, size);
    text[size] = '\0';
    MlirModule module = mlirModuleCreateParse(c, mlirStringRefCreate(text, size));
    if (!mlirModuleIsNull(module))
        mlirModuleDestroy(module);
    free(text);
    mlirContextDestroy(c);
    return 0;
}
