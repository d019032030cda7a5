// stream-translate: files in (ONNX, accelerator and mapping YAML), files out (Perfetto, JSON, DOT).
// The C API has no door to mlir-translate's registry; the translations themselves are C
// (translate.c).
#include "mlir/CAPI/IR.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Tools/mlir-translate/MlirTranslateMain.h"
#include "mlir/Tools/mlir-translate/Translation.h"

#include "llvm/Support/CommandLine.h"
#include "llvm/Support/SourceMgr.h"

#include "stream-c/Dialect.h"
#include "translate.h"

using namespace mlir;

static void registerDialects(DialectRegistry &registry) {
    registry.insert<arith::ArithDialect, func::FuncDialect, linalg::LinalgDialect,
                    math::MathDialect, tensor::TensorDialect>();
    mlirDialectHandleInsertDialect(mlirGetDialectHandle__stream__(), wrap(&registry));
}

static void importer(const char *name, const char *what, translate_import_kind kind) {
    static std::vector<std::unique_ptr<TranslateToMLIRRegistration>> kept;
    kept.push_back(std::make_unique<TranslateToMLIRRegistration>(
        name, what,
        [kind](llvm::SourceMgr &sources, MLIRContext *context) -> OwningOpRef<Operation *> {
            const llvm::MemoryBuffer *buffer = sources.getMemoryBuffer(sources.getMainFileID());
            MlirOperation op =
                translate_import(kind, wrap(context), buffer->getBufferIdentifier().str().c_str(),
                                 buffer->getBufferStart(), buffer->getBufferSize());
            return OwningOpRef<Operation *>(unwrap(op));
        },
        registerDialects));
}

static void exporter(const char *name, const char *what, translate_export_kind kind) {
    static std::vector<std::unique_ptr<TranslateFromMLIRRegistration>> kept;
    kept.push_back(std::make_unique<TranslateFromMLIRRegistration>(
        name, what,
        [kind](Operation *op, llvm::raw_ostream &os) {
            stream_text text = {nullptr, 0, 0};
            bool ok = translate_export(kind, wrap(op), &text);
            if (ok)
                os.write(text.data, text.length);
            stream_text_free(&text);
            return success(ok);
        },
        registerDialects));
}

int main(int argc, char **argv) {
    llvm::cl::AddExtraVersionPrinter(
        [](llvm::raw_ostream &os) { os << "Stream version " STREAM_VERSION "\n"; });
    importer("import-onnx", "import an ONNX model as linalg", TRANSLATE_ONNX);
    importer("import-accelerator", "import an accelerator YAML file", TRANSLATE_ACCELERATOR);
    importer("import-mapping", "import a mapping YAML file", TRANSLATE_MAPPING);
    exporter("export-perfetto", "export a schedule as a trace for ui.perfetto.dev",
             TRANSLATE_PERFETTO);
    exporter("export-json", "export the summary of a schedule as JSON", TRANSLATE_JSON);
    exporter("export-dot", "export the graph of layers as DOT", TRANSLATE_DOT);
    exporter("export-dot-cts", "export the graph of CTs as DOT", TRANSLATE_DOT_CTS);
    return failed(mlirTranslateMain(argc, argv, "Stream translation driver"));
}
