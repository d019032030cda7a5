// StreamPlugin.so: the dialect and the passes in the stock mlir-opt.
#include "mlir/CAPI/IR.h"
#include "mlir/Tools/Plugins/DialectPlugin.h"
#include "mlir/Tools/Plugins/PassPlugin.h"

#include "pass.h"
#include "stream-c/Dialect.h"

#define STREAM_EXPORT extern "C" __attribute__((visibility("default")))

STREAM_EXPORT mlir::PassPluginLibraryInfo mlirGetPassPluginInfo() {
    return {MLIR_PLUGIN_API_VERSION, "Stream", STREAM_VERSION, [] { stream_register_passes(); }};
}

STREAM_EXPORT mlir::DialectPluginLibraryInfo mlirGetDialectPluginInfo() {
    return {MLIR_PLUGIN_API_VERSION, "Stream", STREAM_VERSION, [](mlir::DialectRegistry *registry) {
                mlirDialectHandleInsertDialect(mlirGetDialectHandle__stream__(), wrap(registry));
            }};
}
