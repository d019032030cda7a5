// The dialect that ODS generates, and the doors that C lacks: custom syntax, and forwarding of
// every decision to verify.c.
#include "StreamDialect.h"

#include "verify.h"

#include "mlir/CAPI/IR.h"
#include "mlir/CAPI/Registration.h"
#include "mlir/CAPI/Support.h"
#include "mlir/IR/Builders.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace stream;

//===----------------------------------------------------------------------===//
// Custom directives
//===----------------------------------------------------------------------===//

// A word, or a string if it is none: StrAttr.
static ParseResult parseWord(OpAsmParser &parser, StringAttr &word) {
    std::string text;
    if (parser.parseKeywordOrString(&text))
        return failure();
    word = parser.getBuilder().getStringAttr(text);
    return success();
}

static void printWord(OpAsmPrinter &printer, Operation *, StringAttr word) {
    printer.printKeywordOrString(word.getValue());
}

static ParseResult parseWords(OpAsmParser &parser, ArrayAttr &words) {
    SmallVector<Attribute> elements;
    auto element = [&]() -> ParseResult {
        StringAttr word;
        return failure(parseWord(parser, word) || (elements.push_back(word), false));
    };
    if (parser.parseCommaSeparatedList(AsmParser::Delimiter::Square, element))
        return failure();
    words = parser.getBuilder().getArrayAttr(elements);
    return success();
}

static void printWords(OpAsmPrinter &printer, Operation *op, ArrayAttr words) {
    printer << '[';
    llvm::interleaveComma(words.getAsRange<StringAttr>(), printer,
                          [&](StringAttr word) { printWord(printer, op, word); });
    printer << ']';
}

// A float in its shortest form; integers are taken too.
static ParseResult parseNumber(OpAsmParser &parser, FloatAttr &number) {
    bool negative = succeeded(parser.parseOptionalMinus());
    int64_t whole;
    double value;
    OptionalParseResult integer = parser.parseOptionalInteger(whole);
    if (integer.has_value() ? failed(*integer) : failed(parser.parseFloat(value)))
        return failure();
    if (integer.has_value())
        value = static_cast<double>(whole);
    number = parser.getBuilder().getF64FloatAttr(negative ? -value : value);
    return success();
}

static void printNumber(OpAsmPrinter &printer, Operation *, FloatAttr number) {
    printer << StringRef(stream_number_text(number.getValueAsDouble()).text);
}

// [[D1 K 32, D2 C 32], ...]: array of arrays of {dim = "D1", loop = "K", unroll = 32}.
static ParseResult parseUnroll(OpAsmParser &parser, Attribute &unroll) {
    Builder &builder = parser.getBuilder();
    StringAttr dim, loop;
    int64_t factor;
    if (parseWord(parser, dim) || parseWord(parser, loop) || parser.parseInteger(factor))
        return failure();
    unroll = builder.getDictionaryAttr(
        {builder.getNamedAttr("dim", dim), builder.getNamedAttr("loop", loop),
         builder.getNamedAttr("unroll", builder.getI64IntegerAttr(factor))});
    return success();
}

static ParseResult parseDataflow(OpAsmParser &parser, Attribute &dataflow) {
    SmallVector<Attribute> unrolls;
    auto element = [&] { return parseUnroll(parser, unrolls.emplace_back()); };
    if (parser.parseCommaSeparatedList(AsmParser::Delimiter::Square, element))
        return failure();
    dataflow = parser.getBuilder().getArrayAttr(unrolls);
    return success();
}

static ParseResult parseDataflows(OpAsmParser &parser, ArrayAttr &dataflows) {
    SmallVector<Attribute> elements;
    auto element = [&] { return parseDataflow(parser, elements.emplace_back()); };
    if (parser.parseCommaSeparatedList(AsmParser::Delimiter::Square, element))
        return failure();
    dataflows = parser.getBuilder().getArrayAttr(elements);
    return success();
}

static void printUnroll(OpAsmPrinter &printer, DictionaryAttr unroll) {
    printer.printKeywordOrString(unroll.getAs<StringAttr>("dim").getValue());
    printer << ' ';
    printer.printKeywordOrString(unroll.getAs<StringAttr>("loop").getValue());
    printer << ' ' << unroll.getAs<IntegerAttr>("unroll").getInt();
}

static void printDataflows(OpAsmPrinter &printer, Operation *, ArrayAttr dataflows) {
    printer << '[';
    llvm::interleaveComma(dataflows.getAsRange<ArrayAttr>(), printer, [&](ArrayAttr dataflow) {
        printer << '[';
        llvm::interleaveComma(dataflow.getAsRange<DictionaryAttr>(), printer,
                              [&](DictionaryAttr unroll) { printUnroll(printer, unroll); });
        printer << ']';
    });
    printer << ']';
}

// [<...>, <...>]: array of #stream.port.
static ParseResult parsePorts(OpAsmParser &parser, ArrayAttr &ports) {
    SmallVector<Attribute> elements;
    auto element = [&]() -> ParseResult {
        return success(static_cast<bool>(elements.emplace_back(PortAttr::parse(parser, Type()))));
    };
    if (parser.parseCommaSeparatedList(AsmParser::Delimiter::Square, element))
        return failure();
    ports = parser.getBuilder().getArrayAttr(elements);
    return success();
}

static void printPorts(OpAsmPrinter &printer, Operation *, ArrayAttr ports) {
    printer << '[';
    llvm::interleaveComma(ports.getAsRange<PortAttr>(), printer,
                          [&](PortAttr port) { port.print(printer); });
    printer << ']';
}

// [1, 64, 2, 56]: array<i64: ...>, as it stands.
static ParseResult parseSizes(OpAsmParser &parser, DenseI64ArrayAttr &sizes) {
    Attribute parsed = DenseI64ArrayAttr::parse(parser, Type());
    sizes = llvm::dyn_cast_or_null<DenseI64ArrayAttr>(parsed);
    return success(static_cast<bool>(sizes));
}

static void printSizes(OpAsmPrinter &printer, Operation *, DenseI64ArrayAttr sizes) {
    sizes.print(printer);
}

// %x[0, 0, 4, 0]
static ParseResult parseSlice(OpAsmParser &parser, OpAsmParser::UnresolvedOperand &tensor,
                              DenseI64ArrayAttr &offsets) {
    return failure(parser.parseOperand(tensor) || parseSizes(parser, offsets));
}

static void printSlice(OpAsmPrinter &printer, Operation *op, Value tensor,
                       DenseI64ArrayAttr offsets) {
    printer << tensor;
    printSizes(printer, op, offsets);
}

// (%x[0, 0], %w[0, 0]); () of a kernel without inputs.
static ParseResult parseSlices(OpAsmParser &parser,
                               SmallVectorImpl<OpAsmParser::UnresolvedOperand> &tensors,
                               ArrayAttr &offsets) {
    SmallVector<Attribute> elements;
    auto element = [&]() -> ParseResult {
        DenseI64ArrayAttr offset;
        if (parseSlice(parser, tensors.emplace_back(), offset))
            return failure();
        elements.push_back(offset);
        return success();
    };
    if (parser.parseCommaSeparatedList(AsmParser::Delimiter::Paren, element))
        return failure();
    offsets = parser.getBuilder().getArrayAttr(elements);
    return success();
}

static void printSlices(OpAsmPrinter &printer, Operation *op, OperandRange tensors,
                        ArrayAttr offsets) {
    printer << '(';
    llvm::interleaveComma(
        llvm::zip(tensors, offsets.getAsRange<DenseI64ArrayAttr>()), printer,
        [&](auto slice) { printSlice(printer, op, std::get<0>(slice), std::get<1>(slice)); });
    printer << ')';
}

// %x[0, 0], or the same box of several: (%x, %y)[0, 0]
static ParseResult parseSameSlice(OpAsmParser &parser,
                                  SmallVectorImpl<OpAsmParser::UnresolvedOperand> &tensors,
                                  DenseI64ArrayAttr &offsets) {
    OpAsmParser::UnresolvedOperand one;
    OptionalParseResult single = parser.parseOptionalOperand(one);
    if (single.has_value())
        tensors.push_back(one);
    if (single.has_value() ? failed(*single)
                           : failed(parser.parseOperandList(tensors, AsmParser::Delimiter::Paren)))
        return failure();
    return parseSizes(parser, offsets);
}

static void printSameSlice(OpAsmPrinter &printer, Operation *op, OperandRange tensors,
                           DenseI64ArrayAttr offsets) {
    if (tensors.size() == 1)
        printer << tensors.front();
    else
        printer << '(' << tensors << ')';
    printSizes(printer, op, offsets);
}

// tensor<...>, or (tensor<...>, tensor<...>)
static ParseResult parseSomeTypes(OpAsmParser &parser, SmallVectorImpl<Type> &types) {
    if (failed(parser.parseOptionalLParen()))
        return parser.parseType(types.emplace_back());
    return failure(parser.parseTypeList(types) || parser.parseRParen());
}

static void printSomeTypes(OpAsmPrinter &printer, Operation *, TypeRange types) {
    if (types.size() == 1)
        printer << types.front();
    else
        printer << '(' << types << ')';
}

// (tensor<...>, tensor<...>)
static ParseResult parseTypes(OpAsmParser &parser, SmallVectorImpl<Type> &types) {
    return parser.parseCommaSeparatedList(AsmParser::Delimiter::Paren,
                                          [&] { return parser.parseType(types.emplace_back()); });
}

static void printTypes(OpAsmPrinter &printer, Operation *, TypeRange types) {
    printer << '(' << types << ')';
}

//===----------------------------------------------------------------------===//
// Generated code
//===----------------------------------------------------------------------===//

#include "StreamDialect.cpp.inc"
#define GET_ATTRDEF_CLASSES
#include "StreamAttrs.cpp.inc"
#define GET_OP_CLASSES
#include "StreamOps.cpp.inc"

void StreamDialect::initialize() {
    addAttributes<
#define GET_ATTRDEF_LIST
#include "StreamAttrs.cpp.inc"
        >();
    addOperations<
#define GET_OP_LIST
#include "StreamOps.cpp.inc"
        >();
}

MLIR_DEFINE_CAPI_DIALECT_REGISTRATION(Stream, stream, stream::StreamDialect)

//===----------------------------------------------------------------------===//
// Syntax of attributes
//===----------------------------------------------------------------------===//

static ParseResult parseIntegers(AsmParser &parser, SmallVectorImpl<int64_t> &values) {
    return parser.parseCommaSeparatedList(
        AsmParser::Delimiter::Square, [&] { return parser.parseInteger(values.emplace_back()); });
}

static ParseResult parseSymbols(AsmParser &parser, SmallVectorImpl<FlatSymbolRefAttr> &symbols) {
    return parser.parseCommaSeparatedList(AsmParser::Delimiter::Square, [&]() -> ParseResult {
        StringAttr name;
        if (parser.parseSymbolName(name))
            return failure();
        symbols.push_back(FlatSymbolRefAttr::get(name));
        return success();
    });
}

namespace {
struct PlanParts {
    std::optional<int64_t> stack;
    SmallVector<int64_t> tile, split;
    SmallVector<FlatSymbolRefAttr> cores;
    StringRef fuse;
    int64_t streams = 0;
};
} // namespace

static ParseResult parseClasses(AsmParser &parser, int64_t &classes) {
    return parser.parseCommaSeparatedList(AsmParser::Delimiter::Square, [&]() -> ParseResult {
        StringRef word;
        SMLoc loc = parser.getCurrentLocation();
        if (parser.parseKeyword(&word))
            return failure();
        int operand = stream_operand_word(wrap(word));
        if (operand < 0)
            return parser.emitError(loc) << "an operand class is I1, I2 or O, not '" << word << "'";
        classes |= int64_t(1) << operand;
        return success();
    });
}

static ParseResult parsePlanPart(AsmParser &parser, SmallVectorImpl<StringRef> &seen,
                                 PlanParts &parts) {
    StringRef key;
    SMLoc loc = parser.getCurrentLocation();
    if (parser.parseKeyword(&key) || parser.parseEqual())
        return failure();
    if (llvm::is_contained(seen, key))
        return parser.emitError(loc) << "'" << key << "' is given twice";
    seen.push_back(key);
    if (key == "stack")
        return parser.parseInteger(parts.stack.emplace());
    if (key == "tile")
        return parseIntegers(parser, parts.tile);
    if (key == "split")
        return parseIntegers(parser, parts.split);
    if (key == "cores")
        return parseSymbols(parser, parts.cores);
    if (key == "fuse")
        return parser.parseKeyword(&parts.fuse);
    if (key == "streams")
        return parseClasses(parser, parts.streams);
    return parser.emitError(loc)
           << "a plan has 'stack', 'tile', 'split', 'cores', 'fuse' and 'streams', not '" << key
           << "'";
}

Attribute PlanAttr::parse(AsmParser &parser, Type) {
    PlanParts parts;
    SmallVector<StringRef> seen;
    SMLoc loc = parser.getCurrentLocation();
    if (parser.parseCommaSeparatedList(AsmParser::Delimiter::LessGreater,
                                       [&] { return parsePlanPart(parser, seen, parts); }))
        return {};
    IntegerAttr stack;
    if (parts.stack)
        stack = parser.getBuilder().getI64IntegerAttr(*parts.stack);
    StringAttr fuse;
    if (!parts.fuse.empty())
        fuse = parser.getBuilder().getStringAttr(parts.fuse);
    return PlanAttr::getChecked([&] { return parser.emitError(loc); }, parser.getContext(), stack,
                                parts.tile, parts.split, parts.cores, fuse, parts.streams);
}

void PlanAttr::print(AsmPrinter &printer) const {
    StringRef comma = "";
    auto key = [&](StringRef name) -> AsmPrinter & {
        printer << comma << name << " = ";
        comma = ", ";
        return printer;
    };
    printer << '<';
    if (getStack())
        key("stack") << getStack().getInt();
    if (!getTile().empty())
        key("tile") << '[' << getTile() << ']';
    if (!getSplit().empty())
        key("split") << '[' << getSplit() << ']';
    if (!getCores().empty())
        key("cores") << '[' << getCores() << ']';
    if (getFuse())
        key("fuse") << getFuse().getValue();
    if (getStreams()) {
        key("streams") << '[';
        StringRef between = "";
        for (int o = 0; o < 3; ++o)
            if (getStreams() >> o & 1) {
                printer << between << stream_operand_words[o];
                between = ", ";
            }
        printer << ']';
    }
    printer << '>';
}

static ParseResult parseServed(AsmParser &parser, int64_t &served) {
    StringRef operand, direction;
    SMLoc loc = parser.getCurrentLocation();
    if (parser.parseKeyword(&operand) || parser.parseKeyword(&direction))
        return failure();
    int o = stream_operand_word(wrap(operand)), d = stream_direction_word(wrap(direction));
    if (o < 0 || d < 0)
        return parser.emitError(loc) << "expected I1, I2 or O, then fh, fl, th or tl, found '"
                                     << operand << " " << direction << "'";
    served = o * 4 + d;
    return success();
}

Attribute PortAttr::parse(AsmParser &parser, Type) {
    std::string name, kind;
    int64_t min, max;
    SmallVector<int64_t> serves;
    SMLoc loc = parser.getCurrentLocation();
    if (parser.parseLess() || parser.parseKeywordOrString(&name) ||
        parser.parseKeywordOrString(&kind) || parser.parseInteger(min) ||
        parser.parseKeyword("to") || parser.parseInteger(max) ||
        parser.parseCommaSeparatedList(
            AsmParser::Delimiter::Square,
            [&] { return parseServed(parser, serves.emplace_back()); }) ||
        parser.parseGreater())
        return {};
    Builder &builder = parser.getBuilder();
    return PortAttr::getChecked([&] { return parser.emitError(loc); }, parser.getContext(),
                                builder.getStringAttr(name), builder.getStringAttr(kind), min, max,
                                serves);
}

void PortAttr::print(AsmPrinter &printer) const {
    printer << '<';
    printer.printKeywordOrString(getName().getValue());
    printer << ' ';
    printer.printKeywordOrString(getKind().getValue());
    printer << ' ' << getMinBits() << " to " << getMaxBits() << " [";
    llvm::interleaveComma(getServes(), printer, [&](int64_t served) {
        printer << stream_operand_words[served / 4] << ' ' << stream_direction_words[served % 4];
    });
    printer << "]>";
}

//===----------------------------------------------------------------------===//
// Attributes: C structs and verifiers
//===----------------------------------------------------------------------===//

using EmitError = function_ref<InFlightDiagnostic()>;

static LogicalResult report(bool ok, EmitError emit, const stream_message &message) {
    return ok ? success() : LogicalResult(emit() << Twine(message.text));
}

static MlirStringRef text(StringAttr attr) {
    return attr ? wrap(attr.getValue()) : MlirStringRef{"", 0};
}

static stream_cost_attr costOf(FlatSymbolRefAttr core, int64_t cycles, int64_t compute,
                               int64_t stall, int64_t onload, int64_t offload, int64_t energy,
                               int64_t macEnergy, FloatAttr utilization, StringAttr model,
                               DictionaryAttr detail) {
    return {wrap(core.getValue()),
            cycles,
            compute,
            stall,
            onload,
            offload,
            energy,
            macEnergy,
            static_cast<bool>(utilization),
            utilization ? utilization.getValueAsDouble() : 0.0,
            text(model),
            wrap(Attribute(detail))};
}

LogicalResult CostAttr::verify(EmitError emit, FlatSymbolRefAttr core, int64_t cycles,
                               int64_t compute, int64_t stall, int64_t onload, int64_t offload,
                               int64_t energy, int64_t macEnergy, FloatAttr utilization,
                               StringAttr model, DictionaryAttr detail) {
    stream_cost_attr cost = costOf(core, cycles, compute, stall, onload, offload, energy, macEnergy,
                                   utilization, model, detail);
    stream_message message;
    return report(stream_verify_cost(&cost, &message), emit, message);
}

LogicalResult PlanAttr::verify(EmitError emit, IntegerAttr stack, ArrayRef<int64_t> tile,
                               ArrayRef<int64_t> split, ArrayRef<FlatSymbolRefAttr> cores,
                               StringAttr fuse, int64_t streams) {
    SmallVector<MlirStringRef> names;
    for (FlatSymbolRefAttr core : cores)
        names.push_back(wrap(core.getValue()));
    stream_plan_attr plan = {static_cast<bool>(stack),
                             stack ? stack.getInt() : 0,
                             tile.data(),
                             static_cast<intptr_t>(tile.size()),
                             split.data(),
                             static_cast<intptr_t>(split.size()),
                             names.data(),
                             static_cast<intptr_t>(names.size()),
                             text(fuse),
                             streams};
    stream_message message;
    return report(stream_verify_plan(&plan, &message), emit, message);
}

LogicalResult PortAttr::verify(EmitError emit, StringAttr name, StringAttr kind, int64_t min,
                               int64_t max, ArrayRef<int64_t> serves) {
    stream_port_attr port = {text(name), text(kind),    min,
                             max,        serves.data(), static_cast<intptr_t>(serves.size())};
    stream_message message;
    return report(stream_verify_port(&port, &message), emit, message);
}

bool stream_attr_is_cost(MlirAttribute attr) {
    return isa_and_nonnull<CostAttr>(unwrap(attr));
}
bool stream_attr_is_plan(MlirAttribute attr) {
    return isa_and_nonnull<PlanAttr>(unwrap(attr));
}
bool stream_attr_is_port(MlirAttribute attr) {
    return isa_and_nonnull<PortAttr>(unwrap(attr));
}

MlirAttribute stream_cost_attr_get(MlirLocation at, const stream_cost_attr *c) {
    Location loc = unwrap(at);
    Builder builder(loc.getContext());
    FloatAttr utilization;
    if (c->has_utilization)
        utilization = builder.getF64FloatAttr(c->utilization);
    StringAttr model;
    if (c->model.length)
        model = builder.getStringAttr(unwrap(c->model));
    auto detail = dyn_cast_or_null<DictionaryAttr>(unwrap(c->detail));
    return wrap(CostAttr::getChecked([&] { return emitError(loc); }, loc.getContext(),
                                     FlatSymbolRefAttr::get(loc.getContext(), unwrap(c->core)),
                                     c->cycles, c->compute_cycles, c->stall_cycles,
                                     c->onload_cycles, c->offload_cycles, c->energy_fj,
                                     c->mac_energy_fj, utilization, model, detail));
}

stream_cost_attr stream_cost_attr_value(MlirAttribute attr) {
    CostAttr cost = cast<CostAttr>(unwrap(attr));
    return costOf(cost.getCore(), cost.getCycles(), cost.getCompute(), cost.getStall(),
                  cost.getOnload(), cost.getOffload(), cost.getEnergyFj(), cost.getMacEnergyFj(),
                  cost.getUtilization(), cost.getModel(), cost.getDetail());
}

MlirAttribute stream_plan_attr_get(MlirLocation at, const stream_plan_attr *p) {
    Location loc = unwrap(at);
    Builder builder(loc.getContext());
    IntegerAttr stack;
    if (p->has_stack)
        stack = builder.getI64IntegerAttr(p->stack);
    StringAttr fuse;
    if (p->fuse.length)
        fuse = builder.getStringAttr(unwrap(p->fuse));
    SmallVector<FlatSymbolRefAttr> cores;
    for (intptr_t i = 0; i < p->n_cores; i++)
        cores.push_back(FlatSymbolRefAttr::get(loc.getContext(), unwrap(p->cores[i])));
    return wrap(PlanAttr::getChecked([&] { return emitError(loc); }, loc.getContext(), stack,
                                     ArrayRef<int64_t>(p->tile, p->n_tile),
                                     ArrayRef<int64_t>(p->split, p->n_split), cores, fuse,
                                     p->streams));
}

stream_plan_attr stream_plan_attr_value(MlirAttribute attr) {
    PlanAttr plan = cast<PlanAttr>(unwrap(attr));
    return {static_cast<bool>(plan.getStack()),
            plan.getStack() ? plan.getStack().getInt() : 0,
            plan.getTile().data(),
            static_cast<intptr_t>(plan.getTile().size()),
            plan.getSplit().data(),
            static_cast<intptr_t>(plan.getSplit().size()),
            nullptr,
            static_cast<intptr_t>(plan.getCores().size()),
            text(plan.getFuse()),
            plan.getStreams()};
}

MlirStringRef stream_plan_attr_core(MlirAttribute attr, intptr_t i) {
    return wrap(cast<PlanAttr>(unwrap(attr)).getCores()[i].getValue());
}

MlirAttribute stream_port_attr_get(MlirLocation at, const stream_port_attr *p) {
    Location loc = unwrap(at);
    Builder builder(loc.getContext());
    return wrap(PortAttr::getChecked([&] { return emitError(loc); }, loc.getContext(),
                                     builder.getStringAttr(unwrap(p->name)),
                                     builder.getStringAttr(unwrap(p->kind)), p->min_bits,
                                     p->max_bits, ArrayRef<int64_t>(p->serves, p->n_serves)));
}

stream_port_attr stream_port_attr_value(MlirAttribute attr) {
    PortAttr port = cast<PortAttr>(unwrap(attr));
    return {text(port.getName()),    text(port.getKind()),
            port.getMinBits(),       port.getMaxBits(),
            port.getServes().data(), static_cast<intptr_t>(port.getServes().size())};
}

//===----------------------------------------------------------------------===//
// Operations: verifiers
//===----------------------------------------------------------------------===//

#define STREAM_VERIFIER(OP, FUNCTION)                                                              \
    LogicalResult OP::verify() {                                                                   \
        return success(FUNCTION(wrap(getOperation())));                                            \
    }
STREAM_VERIFIER(CoreOp, stream_verify_core)
STREAM_VERIFIER(MemoryOp, stream_verify_memory)
STREAM_VERIFIER(LinkOp, stream_verify_link)
STREAM_VERIFIER(BusOp, stream_verify_bus)
STREAM_VERIFIER(ShareOp, stream_verify_share)
STREAM_VERIFIER(CTOp, stream_verify_ct)
STREAM_VERIFIER(TransferOp, stream_verify_transfer)
STREAM_VERIFIER(ResidentOp, stream_verify_resident)

LogicalResult AcceleratorOp::verifyRegions() {
    return success(stream_verify_accelerator(wrap(getOperation())));
}

LogicalResult CTOp::verifySymbolUses(SymbolTableCollection &symbols) {
    Operation *kernel = symbols.lookupNearestSymbolFrom(*this, getKernelAttr());
    return success(stream_verify_ct_kernel(wrap(getOperation()), wrap(kernel)));
}

LogicalResult AcceleratorOp::verifySymbolUses(SymbolTableCollection &) {
    return success(stream_verify_references(wrap(getOperation())));
}

LogicalResult StreamDialect::verifyOperationAttribute(Operation *op, NamedAttribute attr) {
    return success(
        stream_verify_op_attribute(wrap(op), wrap(attr.getName().strref()), wrap(attr.getValue())));
}

LogicalResult StreamDialect::verifyRegionArgAttribute(Operation *op, unsigned, unsigned,
                                                      NamedAttribute attr) {
    return success(stream_verify_argument_attribute(wrap(op), wrap(attr.getName().strref()),
                                                    wrap(attr.getValue())));
}

LogicalResult StreamDialect::verifyRegionResultAttribute(Operation *op, unsigned, unsigned,
                                                         NamedAttribute attr) {
    return success(stream_verify_result_attribute(wrap(op), wrap(attr.getName().strref()),
                                                  wrap(attr.getValue())));
}
