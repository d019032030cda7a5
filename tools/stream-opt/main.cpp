// stream-opt: mlir-opt with the stream dialect, its passes and pipeline.
#include "mlir/CAPI/IR.h"
#include "mlir/InitAllDialects.h"
#include "mlir/InitAllExtensions.h"
#include "mlir/InitAllPasses.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"

#include "llvm/Support/CommandLine.h"
#include "llvm/Support/Signals.h"
#include "llvm/Support/raw_ostream.h"

#include "pass.h"
#include "stream-c/Dialect.h"

int main(int argc, char **argv) {
    // As in stream-translate: no output file that is not whole.
    llvm::sys::SetOneShotPipeSignalFunction(llvm::sys::DefaultOneShotPipeSignalHandler);
    llvm::cl::AddExtraVersionPrinter(
        [](llvm::raw_ostream &os) { os << "Stream version " STREAM_VERSION "\n"; });
    mlir::DialectRegistry registry;
    mlir::registerAllDialects(registry);
    mlir::registerAllExtensions(registry);
    mlir::registerAllPasses();
    mlirDialectHandleInsertDialect(mlirGetDialectHandle__stream__(), wrap(&registry));
    stream_register_passes();
    return mlir::asMainReturnCode(
        mlir::MlirOptMain(argc, argv, "Stream optimizer driver\n", registry));
}
