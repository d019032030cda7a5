// stream-lsp-server: mlir-lsp-server that knows the stream dialect.
#include "mlir/CAPI/IR.h"
#include "mlir/InitAllDialects.h"
#include "mlir/InitAllExtensions.h"
#include "mlir/Tools/mlir-lsp-server/MlirLspServerMain.h"

#include "llvm/Support/CommandLine.h"
#include "llvm/Support/raw_ostream.h"

#include "stream-c/Dialect.h"

int main(int argc, char **argv) {
    llvm::cl::AddExtraVersionPrinter(
        [](llvm::raw_ostream &os) { os << "Stream version " STREAM_VERSION "\n"; });
    mlir::DialectRegistry registry;
    mlir::registerAllDialects(registry);
    mlir::registerAllExtensions(registry);
    mlirDialectHandleInsertDialect(mlirGetDialectHandle__stream__(), wrap(&registry));
    return mlir::failed(mlir::MlirLspServerMain(argc, argv, registry));
}
