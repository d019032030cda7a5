// stream-translate: files in (ONNX, accelerator and mapping YAML), files out (Perfetto, HTML, SVG,
// JSON, DOT).
// The C API has no door to mlir-translate's registry; the translations themselves are C
// (translate.c).
#include "mlir/CAPI/IR.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlowOps.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Index/IR/IndexDialect.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Tools/mlir-translate/MlirTranslateMain.h"
#include "mlir/Tools/mlir-translate/Translation.h"

#include "llvm/Support/CommandLine.h"
#include "llvm/Support/Signals.h"
#include "llvm/Support/SourceMgr.h"

#include "stream-c/Dialect.h"
#include "translate.h"

using namespace mlir;

static llvm::cl::OptionCategory svgCategory("Options of --export-svg");
static llvm::cl::opt<double> svgWidth("svg-width", llvm::cl::desc("width of the drawing in points"),
                                      llvm::cl::init(720), llvm::cl::cat(svgCategory));
static llvm::cl::opt<int64_t> svgFrom("svg-from", llvm::cl::desc("first cycle that is shown"),
                                      llvm::cl::init(0), llvm::cl::cat(svgCategory));
static llvm::cl::opt<int64_t>
    svgUntil("svg-until", llvm::cl::desc("cycle at which it ends; 0, or a later one: with the schedule"),
             llvm::cl::init(0), llvm::cl::cat(svgCategory));
static llvm::cl::opt<std::string> svgCores("svg-cores",
                                           llvm::cl::desc("show these cores alone: NAME,NAME..."),
                                           llvm::cl::cat(svgCategory));

static void registerDialects(DialectRegistry &registry) {
    registry
        .insert<arith::ArithDialect, cf::ControlFlowDialect, func::FuncDialect, index::IndexDialect,
                linalg::LinalgDialect, math::MathDialect, scf::SCFDialect, tensor::TensorDialect>();
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
            stream_svg_options svg = {svgWidth, svgFrom, svgUntil,
                                      svgCores.empty() ? nullptr : svgCores.c_str()};
            bool ok = translate_export(kind, wrap(op), &svg, &text);
            if (ok)
                os.write(text.data, text.length);
            stream_text_free(&text);
            return success(ok);
        },
        registerDialects));
}

int main(int argc, char **argv) {
    // Broken pipes, too, leave no output file that is not whole. It must come before all other
    // handlers, the first of which mlirTranslateMain sets before it does the same.
    llvm::sys::SetOneShotPipeSignalFunction(llvm::sys::DefaultOneShotPipeSignalHandler);
    llvm::cl::AddExtraVersionPrinter(
        [](llvm::raw_ostream &os) { os << "Stream version " STREAM_VERSION "\n"; });
    importer("import-onnx", "import an ONNX model as linalg", TRANSLATE_ONNX);
    importer("import-accelerator", "import an accelerator YAML file", TRANSLATE_ACCELERATOR);
    importer("import-mapping", "import a mapping YAML file", TRANSLATE_MAPPING);
    exporter("export-perfetto", "export a schedule as a trace for ui.perfetto.dev",
             TRANSLATE_PERFETTO);
    exporter("export-json", "export the summary of a schedule as JSON", TRANSLATE_JSON);
    exporter("export-html", "export a schedule as a page of HTML that is complete in itself",
             TRANSLATE_HTML);
    exporter("export-svg", "export the timeline of a schedule as SVG", TRANSLATE_SVG);
    exporter("export-dot", "export the graph of layers as DOT", TRANSLATE_DOT);
    exporter("export-dot-cts", "export the graph of CTs as DOT", TRANSLATE_DOT_CTS);
    return failed(mlirTranslateMain(argc, argv, "Stream translation driver"));
}
