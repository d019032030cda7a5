// What MLIR's C API has no door for: passes with options, registered by name; the pipeline;
// warnings and notes. One trampoline per pass copies its options into C and calls its C entry point
// (pass.h). No logic.
#include "StreamDialect.h"

#include "mlir/CAPI/IR.h"
#include "mlir/CAPI/Support.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassRegistry.h"

#include "given_options.h"
#include "pass.h"

#include <list>

extern "C" {
stream_diag stream_network_diag(MlirOperation module);
void stream_emit(MlirLocation loc, stream_severity severity, MlirStringRef text);
}

using namespace mlir;

void stream_emit(MlirLocation loc, stream_severity severity, MlirStringRef text) {
    DiagnosticSeverity kind = severity == STREAM_ERROR     ? DiagnosticSeverity::Error
                              : severity == STREAM_WARNING ? DiagnosticSeverity::Warning
                                                           : DiagnosticSeverity::Remark;
    Location at = unwrap(loc);
    at->getContext()->getDiagEngine().emit(at, kind) << std::string(text.data, text.length);
}

namespace stream {
#define GEN_PASS_DECL
#define GEN_PASS_DEF_STREAMCHOOSETILES
#define GEN_PASS_DEF_STREAMTILE
#define GEN_PASS_DEF_STREAMPRINTCTGRAPH
#define GEN_PASS_DEF_STREAMANNOTATECOST
#define GEN_PASS_DEF_STREAMALLOCATE
#define GEN_PASS_DEF_STREAMSCHEDULE
#define GEN_PASS_DEF_STREAMVERIFYSCHEDULE
#define GEN_PASS_DEF_STREAMLOWER
#include "Passes.h.inc"

namespace {
// Does the option say something? Its default, which MLIR writes into every pipeline that it prints, is the same as nothing.
template <typename OptionT> auto isGiven(const OptionT &option, int) -> decltype(option.getDefault().hasValue()) {
    const auto &byDefault = option.getDefault();
    using ValueT = std::decay_t<decltype(option.getValue())>;
    return byDefault.hasValue() ? !byDefault.compare(option.getValue()) : option.getValue() != ValueT();
}
template <typename ListT> bool isGiven(const ListT &list, long) { return !list.empty(); }

// The options that were given, for given_options.h.
class Given {
    stream_given_options options = {};
    std::list<std::string> texts;

  public:
    Given() { options.equals = "="; }
    Given(Given &&) = default; // `options` points into `texts`

    template <typename OptionT> Given &note(stream_given_id id, const OptionT &option) {
        options.at[id].name = option.ArgStr.data();
        if (!isGiven(option, 0))
            return *this;
        texts.emplace_back();
        if constexpr (std::is_base_of_v<llvm::cl::opt<std::string>, OptionT>)
            texts.back() = option.getValue();
        else if constexpr (std::is_base_of_v<llvm::cl::opt<int64_t>, OptionT>)
            texts.back() = std::to_string(option.getValue());
        options.at[id].value = texts.back().c_str();
        return *this;
    }

    // What says that one of them has no effect; "": all have.
    std::string refused() const {
        stream_text message = {};
        stream_given_have_effect(&options, &message);
        std::string text = message.data ? message.data : "";
        stream_text_free(&message);
        return text;
    }
};

// A pass whose code is C: runs its entry point, and turns words into the index of an enum.
template <typename BaseT> struct CPass : BaseT {
    using BaseT::BaseT;

    void run(stream_status (*entry)(stream_pass *, MlirOperation), stream_pass &p) {
        p.context = wrap(&this->getContext());
        MlirOperation module = wrap(this->getOperation().getOperation());
        stream_diag diag = stream_network_diag(module);
        p.diag = &diag;
        p.arena = stream_arena_create();
        stream_status status = entry(&p, module);
        stream_arena_destroy(p.arena);
        if (status != STREAM_OK)
            this->signalPassFailure();
    }

    // The index of `word` in `words`, or an error at the module and -1.
    int choose(const char *option, const std::string &word,
               std::initializer_list<const char *> words) {
        int i = 0;
        std::string all;
        for (const char *w : words) {
            if (word == w)
                return i;
            all += (i++ ? ", " : "") + std::string(w);
        }
        emitError(this->getOperation().getLoc())
            << "option '" << option << "' is '" << word << "'; it is one of " << all;
        this->signalPassFailure();
        return -1;
    }

    // The options of a pass that prices; false: one of them is an error.
    bool price(stream_annotate_cost_pass_options &out) {
        int kind = choose("model", this->model, {"exact", "zigzag-3.8.5", "zigzag-3.9.1", "simple"});
        int best = kind < 0 ? -1 : choose("objective", this->objective, {"latency", "energy", "edp"});
        if (best < 0 || !within("max-labels", this->maxLabels, 0, INT64_MAX) ||
            !within("threads", this->threads, 0, 1024))
            return false;
        out.model = static_cast<decltype(out.model)>(kind);
        out.objective = static_cast<decltype(out.objective)>(best);
        out.any_dataflow = this->anyDataflow;
        out.max_labels = this->maxLabels;
        out.threads = static_cast<int32_t>(this->threads);
        out.cache = this->cache.c_str();
        return true;
    }

    // True if all of them have an effect; else an error at the module.
    bool haveEffect(const Given &given) {
        std::string refused = given.refused();
        if (refused.empty())
            return true;
        emitError(this->getOperation().getLoc()) << refused;
        this->signalPassFailure();
        return false;
    }

    // What the person gave of the options that a pass that prices has.
    Given pricing() {
        Given given;
        given.note(STREAM_GIVEN_COST_MODEL, this->model)
            .note(STREAM_GIVEN_ANY_DATAFLOW, this->anyDataflow)
            .note(STREAM_GIVEN_MAX_LABELS, this->maxLabels)
            .note(STREAM_GIVEN_COST_CACHE, this->cache);
        return given;
    }

    // True if `value` is in [least, most]; else an error at the module.
    bool within(const char *option, int64_t value, int64_t least, int64_t most) {
        if (value >= least && value <= most)
            return true;
        emitError(this->getOperation().getLoc()) << "option '" << option << "' is " << value
                                                 << "; it is from " << least << " to " << most;
        this->signalPassFailure();
        return false;
    }

    // True if `value` is above 0 and at most 1; else an error at the module.
    bool part(const char *option, double value) {
        if (value > 0 && value <= 1)
            return true;
        emitError(this->getOperation().getLoc())
            << "option '" << option << "' is " << std::to_string(value)
            << "; it is above 0 and at most 1";
        this->signalPassFailure();
        return false;
    }
};

struct ChooseTiles : CPass<impl::StreamChooseTilesBase<ChooseTiles>> {
    using CPass::CPass;
    void runOnOperation() override {
        stream_pass p = {};
        stream_tile_pass_options &tile = p.choose_tiles.tile;
        stream_annotate_cost_pass_options &cost = p.choose_tiles.cost;
        stream_allocate_pass_options &allocate = p.choose_tiles.allocate;
        if (!price(cost) || !haveEffect(pricing()) || !part("fill", fill) ||
            !within("max-cts", maxCts, 1, INT32_MAX / 2))
            return;
        tile.function = function.c_str();
        tile.fill = fill;
        tile.fuse_elementwise = fuseElementwise;
        tile.streaming = streaming;
        tile.max_cts = static_cast<int32_t>(maxCts);
        p.choose_tiles.schedule.function = "";
        allocate.threads = cost.threads;
        allocate.objective = static_cast<decltype(allocate.objective)>(cost.objective);
        allocate.seed = 1;
        run(stream_pass_choose_tiles_run, p);
    }
};

struct Tile : CPass<impl::StreamTileBase<Tile>> {
    using CPass::CPass;
    void runOnOperation() override {
        stream_pass p = {};
        std::vector<const char *> names, rules;
        for (const std::string &name : cuts)
            names.push_back(name.c_str());
        for (const std::string &rule : tiles)
            rules.push_back(rule.c_str());
        int kind = choose("fusion", fusion, {"capacity", "layer-by-layer"});
        int form = kind < 0 ? -1 : choose("shape", shape, {"fewest", "cheapest"});
        if (form < 0 || !within("rows", rows, 1, INT64_MAX) || !part("fill", fill) ||
            !within("max-cts", maxCts, 1, INT32_MAX / 2))
            return;
        p.tile.function = function.c_str();
        p.tile.fusion = static_cast<decltype(p.tile.fusion)>(kind);
        p.tile.shape = static_cast<decltype(p.tile.shape)>(form);
        p.tile.cuts = names.data();
        p.tile.n_cuts = static_cast<int32_t>(names.size());
        p.tile.tiles = rules.data();
        p.tile.n_tiles = static_cast<int32_t>(rules.size());
        p.tile.rows = rows;
        p.tile.fill = fill;
        p.tile.fuse_elementwise = fuseElementwise;
        p.tile.streaming = streaming;
        p.tile.report = report;
        p.tile.max_cts = static_cast<int32_t>(maxCts);
        run(stream_pass_tile_run, p);
    }
};

struct PrintCtGraph : CPass<impl::StreamPrintCtGraphBase<PrintCtGraph>> {
    using CPass::CPass;
    void runOnOperation() override {
        stream_pass p = {};
        run(stream_pass_print_ct_graph_run, p);
        markAllAnalysesPreserved();
    }
};

struct AnnotateCost : CPass<impl::StreamAnnotateCostBase<AnnotateCost>> {
    using CPass::CPass;
    void runOnOperation() override {
        stream_pass p = {};
        if (price(p.annotate_cost) &&
            haveEffect(pricing().note(STREAM_GIVEN_MAPPING_OBJECTIVE, objective)))
            run(stream_pass_annotate_cost_run, p);
    }
};

struct Allocate : CPass<impl::StreamAllocateBase<Allocate>> {
    using CPass::CPass;
    void runOnOperation() override {
        stream_pass p = {};
        int kind = choose("objective", objective, {"latency", "energy", "edp"});
        if (kind < 0 || !within("evaluations", evaluations, 0, INT32_MAX) ||
            !within("seed", seed, 0, UINT32_MAX) || !within("threads", threads, 0, 1024) ||
            !haveEffect(Given()
                            .note(STREAM_GIVEN_EVALUATIONS, evaluations)
                            .note(STREAM_GIVEN_SEED, seed)))
            return;
        p.allocate.objective = static_cast<decltype(p.allocate.objective)>(kind);
        p.allocate.evaluations = static_cast<int32_t>(evaluations);
        p.allocate.seed = static_cast<uint32_t>(seed);
        p.allocate.threads = static_cast<int32_t>(threads);
        run(stream_pass_allocate_run, p);
    }
};

struct Schedule : CPass<impl::StreamScheduleBase<Schedule>> {
    using CPass::CPass;
    void runOnOperation() override {
        stream_pass p = {};
        int kind = choose("policy", policy, {"auto", "best", "latency", "memory", "ahead", "demand", "given"});
        int rules = kind < 0 ? -1 : choose("model", model, {"coala", "coala-v0"});
        int price = rules < 0 ? -1
                              : choose("cost-model", costModel,
                                       {"zigzag-3.8.5", "zigzag-3.9.1", "exact"});
        if (price < 0 || !within("order-tries", orderTries, 0, INT32_MAX) ||
            !haveEffect(Given()
                            .note(STREAM_GIVEN_SCHEDULE_MODEL, model)
                            .note(STREAM_GIVEN_POLICY, policy)
                            .note(STREAM_GIVEN_ORDER_TRIES, orderTries)
                            .note(STREAM_GIVEN_V0_COST_MODEL, costModel)
                            .note(STREAM_GIVEN_PREFETCH, prefetch)
                            .note(STREAM_GIVEN_V0_TILES, tiles)))
            return;
        std::vector<const char *> texts;
        for (const std::string &rule : tiles)
            texts.push_back(rule.c_str());
        p.schedule.function = function.c_str();
        p.schedule.model = static_cast<decltype(p.schedule.model)>(rules);
        p.schedule.cost_model = static_cast<decltype(p.schedule.cost_model)>(price);
        p.schedule.prefetch = prefetch;
        p.schedule.tiles = texts.data();
        p.schedule.n_tiles = static_cast<int32_t>(texts.size());
        p.schedule.policy = static_cast<decltype(p.schedule.policy)>(kind);
        p.schedule.order_tries = static_cast<int32_t>(orderTries);
        run(stream_pass_schedule_run, p);
    }
};

struct VerifySchedule : CPass<impl::StreamVerifyScheduleBase<VerifySchedule>> {
    using CPass::CPass;
    void runOnOperation() override {
        stream_pass p = {};
        if (!within("max-reports", maxReports, 0, INT32_MAX))
            return;
        p.verify_schedule.max_reports = static_cast<int32_t>(maxReports);
        run(stream_pass_verify_schedule_run, p);
        markAllAnalysesPreserved();
    }
};

struct Lower : CPass<impl::StreamLowerBase<Lower>> {
    using CPass::CPass;
    void runOnOperation() override {
        stream_pass p = {};
        int kind = choose("memories", memories, {"implicit", "explicit"});
        if (kind < 0)
            return;
        p.lower.memories = static_cast<decltype(p.lower.memories)>(kind);
        run(stream_pass_lower_run, p);
    }
};

// The options of all passes of the pipeline, under the same names.
struct PipelineOptions : PassPipelineOptions<PipelineOptions> {
    Option<std::string> function{*this, "function", llvm::cl::desc("network function"),
                                 llvm::cl::init("")};
    Option<std::string> fusion{*this, "fusion", llvm::cl::desc("capacity (default) or layer-by-layer"),
                               llvm::cl::init("capacity")};
    Option<std::string> shape{*this, "shape", llvm::cl::desc("fewest or cheapest"),
                              llvm::cl::init("fewest")};
    ListOption<std::string> cuts{*this, "cuts", llvm::cl::desc("layers that begin a new stack")};
    ListOption<std::string> tiles{*this, "tiles", llvm::cl::desc("tiles of loops without a plan")};
    Option<int64_t> rows{*this, "rows", llvm::cl::desc("rows of a CT in a fused stack"),
                         llvm::cl::init(1)};
    Option<double> fill{*this, "fill", llvm::cl::desc("part of a memory that one CT may take (default 0.5)"),
                        llvm::cl::init(0.5)};
    Option<bool> fuseElementwise{*this, "fuse-elementwise",
                                 llvm::cl::desc("run element-wise ops in the kernel before them (default true)"),
                                 llvm::cl::init(true)};
    Option<bool> streaming{*this, "streaming",
                           llvm::cl::desc("stream operands that fit no core in any tile (default true)"),
                           llvm::cl::init(true)};
    Option<int64_t> maxCts{*this, "max-cts", llvm::cl::desc("give up above this many CTs (default 1,000,000)"),
                           llvm::cl::init(1000000)};
    Option<std::string> model{*this, "model",
                              llvm::cl::desc("cost model; auto (default): exact, or zigzag-3.8.5 for coala-v0"),
                              llvm::cl::init("auto")};
    Option<std::string> scheduleModel{*this, "schedule-model",
                                      llvm::cl::desc("coala (default), or coala-v0: the compatible mode"),
                                      llvm::cl::init("coala")};
    Option<bool> prefetch{*this, "prefetch",
                          llvm::cl::desc("coala-v0: weights move before the first CT (default true)"),
                          llvm::cl::init(true)};
    Option<bool> anyDataflow{*this, "any-dataflow", llvm::cl::desc("map loops to the array freely"),
                             llvm::cl::init(false)};
    Option<int64_t> maxLabels{*this, "max-labels",
                              llvm::cl::desc("labels of one mapping search (default 20,000; 0: 120,000)"),
                              llvm::cl::init(20000)};
    Option<std::string> cache{*this, "cost-cache",
                              llvm::cl::desc("directory that keeps mappings from run to run"),
                              llvm::cl::init("")};
    Option<std::string> objective{*this, "objective", llvm::cl::desc("latency (default), energy or edp"),
                                  llvm::cl::init("latency")};
    Option<int64_t> evaluations{*this, "evaluations", llvm::cl::desc("schedules to evaluate (default 200)"),
                                llvm::cl::init(200)};
    Option<int64_t> seed{*this, "seed", llvm::cl::desc("seed of the moves (default 1)"), llvm::cl::init(1)};
    Option<int64_t> threads{*this, "threads",
                            llvm::cl::desc("threads that price and evaluate; 0: all"),
                            llvm::cl::init(0)};
    Option<std::string> policy{*this, "policy", llvm::cl::desc("auto (default), best, latency, memory, ahead, demand or given"),
                               llvm::cl::init("auto")};
    Option<int64_t> orderTries{*this, "order-tries",
                               llvm::cl::desc("auto and best: orders near the best one that are tried (default 64; 0: none)"),
                               llvm::cl::init(64)};
};

Given givenOf(const PipelineOptions &o) {
    Given given;
    given.note(STREAM_GIVEN_FUSION, o.fusion)
        .note(STREAM_GIVEN_SHAPE, o.shape)
        .note(STREAM_GIVEN_CUTS, o.cuts)
        .note(STREAM_GIVEN_ROWS, o.rows)
        .note(STREAM_GIVEN_FILL, o.fill)
        .note(STREAM_GIVEN_FUSE_ELEMENTWISE, o.fuseElementwise)
        .note(STREAM_GIVEN_STREAMING, o.streaming)
        .note(STREAM_GIVEN_MAX_CTS, o.maxCts)
        .note(STREAM_GIVEN_OBJECTIVE, o.objective)
        .note(STREAM_GIVEN_EVALUATIONS, o.evaluations)
        .note(STREAM_GIVEN_ORDER_TRIES, o.orderTries)
        .note(STREAM_GIVEN_ANY_DATAFLOW, o.anyDataflow)
        .note(STREAM_GIVEN_MAX_LABELS, o.maxLabels)
        .note(STREAM_GIVEN_COST_CACHE, o.cache)
        .note(STREAM_GIVEN_SEED, o.seed)
        .note(STREAM_GIVEN_THREADS, o.threads)
        .note(STREAM_GIVEN_COST_MODEL, o.model)
        .note(STREAM_GIVEN_SCHEDULE_MODEL, o.scheduleModel)
        .note(STREAM_GIVEN_POLICY, o.policy)
        .note(STREAM_GIVEN_PREFETCH, o.prefetch);
    return given;
}

// What stream-choose-tiles needs of the passes whose outcome it compares.
template <typename Options> void setTiling(const PipelineOptions &o, Options &out) {
    out.function = o.function;
    out.fill = o.fill;
    out.fuseElementwise = o.fuseElementwise;
    out.streaming = o.streaming;
    out.maxCts = o.maxCts;
}

template <typename Options> void setPricing(const PipelineOptions &o, Options &out) {
    out.model = o.model == "auto" ? std::string("exact") : o.model.getValue();
    out.anyDataflow = o.anyDataflow;
    out.maxLabels = o.maxLabels;
    out.threads = o.threads;
    out.cache = o.cache;
}

// docs/pipeline.md: choose tiles where nothing is said of them, tile, price, allocate, schedule, verify; or the compatible mode, which is one pass.
void buildPipeline(OpPassManager &pm, const PipelineOptions &o) {
    StreamScheduleOptions schedule;
    schedule.policy = o.policy;
    schedule.orderTries = o.orderTries;
    schedule.model = o.scheduleModel;
    schedule.prefetch = o.prefetch;
    if (o.scheduleModel == "coala-v0") {
        schedule.function = o.function;
        schedule.tiles.assign(o.tiles.begin(), o.tiles.end());
        schedule.costModel = o.model == "auto" ? std::string("zigzag-3.8.5") : o.model.getValue();
        pm.addPass(std::make_unique<Schedule>(schedule));
        return;
    }
    if (!o.fusion.getNumOccurrences() && !o.rows.getNumOccurrences() &&
        !o.shape.getNumOccurrences() && o.cuts.empty() &&
        o.tiles.empty()) {
        StreamChooseTilesOptions choose;
        setTiling(o, choose);
        setPricing(o, choose);
        choose.objective = o.objective;
        pm.addPass(std::make_unique<ChooseTiles>(choose));
    }
    StreamTileOptions tile;
    setTiling(o, tile);
    tile.fusion = o.fusion;
    tile.shape = o.shape;
    tile.cuts.assign(o.cuts.begin(), o.cuts.end());
    tile.tiles.assign(o.tiles.begin(), o.tiles.end());
    tile.rows = o.rows;
    StreamAnnotateCostOptions cost;
    setPricing(o, cost);
    if (o.model != "simple") // which has one price
        cost.objective = o.objective;
    StreamAllocateOptions allocate;
    allocate.objective = o.objective;
    allocate.evaluations = o.evaluations;
    allocate.seed = o.seed;
    allocate.threads = o.threads;
    pm.addPass(std::make_unique<Tile>(tile));
    pm.addPass(std::make_unique<AnnotateCost>(cost));
    pm.addPass(std::make_unique<Allocate>(allocate));
    pm.addPass(std::make_unique<Schedule>(schedule));
    pm.addPass(std::make_unique<VerifySchedule>());
}
} // namespace
} // namespace stream

void stream_register_passes(void) {
    using namespace stream;
    PassRegistration<ChooseTiles>();
    PassRegistration<Tile>();
    PassRegistration<PrintCtGraph>();
    PassRegistration<AnnotateCost>();
    PassRegistration<Allocate>();
    PassRegistration<Schedule>();
    PassRegistration<VerifySchedule>();
    PassRegistration<Lower>();
    // As PassPipelineRegistration, but it may refuse options.
    registerPassPipeline(
        "stream-pipeline",
        "Tile, price, allocate, schedule and verify a network on the accelerator of its module",
        [](OpPassManager &pm, StringRef text,
           function_ref<LogicalResult(const Twine &)> refuse) -> LogicalResult {
            PipelineOptions options;
            if (failed(options.parseFromString(text)))
                return failure();
            std::string refused = givenOf(options).refused();
            if (!refused.empty())
                return refuse(refused);
            buildPipeline(pm, options);
            return success();
        },
        [](function_ref<void(const mlir::detail::PassOptions &)> show) { show(PipelineOptions()); });
}
