/* A context with all dialects, for programs that link the passes. */
#ifndef CONTEXT_H
#define CONTEXT_H

#include "stream-c/Dialect.h"

#include "mlir-c/RegisterEverything.h"

static inline MlirContext context_create(void) {
    MlirDialectRegistry registry = mlirDialectRegistryCreate();
    mlirRegisterAllDialects(registry);
    mlirDialectHandleInsertDialect(mlirGetDialectHandle__stream__(), registry);
    MlirContext context = mlirContextCreateWithThreading(false);
    mlirContextAppendDialectRegistry(context, registry);
    mlirContextLoadAllAvailableDialects(context);
    mlirDialectRegistryDestroy(registry);
    return context;
}

#endif
