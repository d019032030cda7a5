// The passes of Stream. Their code is C, one entry point each (pass.h); glue.cpp only forwards.
#ifndef STREAM_PASSES_TD
#define STREAM_PASSES_TD

include "mlir/Pass/PassBase.td"

def StreamChooseTiles : Pass<"stream-choose-tiles", "::mlir::ModuleOp"> {
  let summary = "Find the granularity of tiles that is scheduled best";
  let description = [{
    Tiles, prices, allocates (balanced, without a search) and schedules copies of the module: layers fused by capacity with 1, 4 and
    16 rows per CT, and layer by layer, there with both shapes; where some cores are far from off-chip memory or small, also for the others alone. What is best in `objective` is written on the network function as
    `stream.tiling`, which stream-tile follows. Another one than the first, 1 row per CT for all cores, is taken only where it is no worse in `objective` and in latency times energy (with
    `objective=latency` in latency twice times energy), and
    more than 1 % better in one of them. A module with a `stream.mapping` or a `#stream.plan` is left as it is.

    ```
    stream-opt --stream-choose-tiles --stream-tile network.mlir
    ```
  }];
  let options = [
    Option<"function", "function", "std::string", "\"\"", "network function (default: the only public function with a body)">,
    Option<"fill", "fill", "double", "0.5", "as in stream-tile">,
    Option<"fuseElementwise", "fuse-elementwise", "bool", "true", "as in stream-tile">,
    Option<"streaming", "streaming", "bool", "true", "as in stream-tile">,
    Option<"maxCts", "max-cts", "int64_t", "1000000", "as in stream-tile">,
    Option<"model", "model", "std::string", "\"exact\"", "as in stream-annotate-cost">,
    Option<"objective", "objective", "std::string", "\"latency\"", "latency, energy or edp">,
    Option<"anyDataflow", "any-dataflow", "bool", "false", "as in stream-annotate-cost">,
    Option<"maxLabels", "max-labels", "int64_t", "20000", "as in stream-annotate-cost">,
    Option<"threads", "threads", "int64_t", "0", "threads that price and evaluate; 0: all">,
    Option<"cache", "cache", "std::string", "\"\"", "directory that keeps mappings from run to run">];
  let dependentDialects = ["::mlir::func::FuncDialect", "::mlir::linalg::LinalgDialect",
                           "::mlir::tensor::TensorDialect", "::mlir::arith::ArithDialect",
                           "::mlir::math::MathDialect", "::stream::StreamDialect"];
}

def StreamTile : Pass<"stream-tile", "::mlir::ModuleOp"> {
  let summary = "Split every layer of a network into computation tiles";
  let description = [{
    Reads the network function (linalg on tensors), groups its layers in fused stacks, chooses tiles that fit the
    memories of their cores, outlines one kernel per distinct tile, and replaces the layers by `stream.ct`s.
    `#stream.plan` on a linalg op, and a `stream.mapping` in the module, decide what they say; the rest is
    chosen as docs/pipeline.md describes.

    ```
    stream-opt --stream-tile="rows=2" network.mlir
    stream-opt --stream-tile="fusion=layer-by-layer" network.mlir
    stream-opt --stream-tile="cuts=conv3,conv5" network.mlir
    stream-opt --stream-tile="tiles=K=/3,reduction=16" network.mlir
    ```
  }];
  let options = [
    Option<"function", "function", "std::string", "\"\"",
           "network function, beside which others become private (default: the only public function with a body)">,
    Option<"fusion", "fusion", "std::string", "\"capacity\"",
           "capacity: layers are fused while their weights and the rows between them fit on chip; "
           "layer-by-layer: never (default capacity)">,
    ListOption<"cuts", "cuts", "std::string",
               "names of layers that begin a new stack (overrides fusion)">,
    ListOption<"tiles", "tiles", "std::string",
               "tiles of loops without a plan: NAME=SIZE or NAME=/PARTS; NAME is a loop, as in remarks "
               "or in prices, row, channel, parallel, reduction or outer-reduction">,
    Option<"rows", "rows", "int64_t", "1", "rows of a CT in a stack of several layers">,
    Option<"shape", "shape", "std::string", "\"fewest\"",
           "tiles where not all fits: fewest: the fewest CTs, the reduction is divided last; "
           "cheapest: the least cycles, by an estimate">,
    Option<"fill", "fill", "double", "0.5",
           "part of a memory that one CT may take, so that the next can be fetched (default 0.5)">,
    Option<"fuseElementwise", "fuse-elementwise", "bool", "true",
           "run element-wise ops in the kernel of the layer before them, where every core that may run it can; "
           "false: only those whose plan says fuse = always (default true)">,
    Option<"streaming", "streaming", "bool", "true",
           "operands of a layer that fit no core in any tile are streamed from and to off-chip; false: an error "
           "(default true)">,
    Option<"report", "report", "bool", "false",
           "remarks: what is fused and why; where stacks begin and why; what CTs and stacks hold of the memories; "
           "per layer its tile, CTs, kernels, dependencies, bits">,
    Option<"maxCts", "max-cts", "int64_t", "1000000", "give up above this many CTs (default 1,000,000)">];
  let dependentDialects = ["::mlir::func::FuncDialect", "::mlir::linalg::LinalgDialect",
                           "::mlir::tensor::TensorDialect", "::mlir::arith::ArithDialect",
                           "::mlir::math::MathDialect", "::stream::StreamDialect"];
}

def StreamPrintCtGraph : Pass<"stream-print-ct-graph", "::mlir::ModuleOp"> {
  let summary = "Print the CTs of a network, what they read and write, and what they wait for";
  let description = [{
    Prints to standard output. Per layer: CTs, kernels, edges, bits. Per pair of layers: edges, the bits that they
    carry, and what they would carry if each moved the whole tile of its producer, as Stream's generator counts. Then
    one line per CT and one per box that it reads: bits of the box, those that no earlier read at the same place
    (core, or part of the layer's split) brought, and the last CT that reads any of it.
    The module is left as it is.

    ```
    stream-opt --stream-tile --stream-print-ct-graph network.mlir -o /dev/null
    ```
  }];
  let dependentDialects = ["::stream::StreamDialect"];
}

def StreamAnnotateCost : Pass<"stream-annotate-cost", "::mlir::ModuleOp"> {
  let summary = "Price every kernel on every distinct core";
  let description = [{
    Gives every kernel a `stream.costs` with one `#stream.cost` for each class of equal cores that run its
    operator. Entries that are there already are kept: a table of measured cycles and energies is never
    overridden. Each distinct pair of kernel and core is priced once, in parallel; the result does not depend on
    the number of threads or on the cache. Operands that do not fit the core are streamed from and to off-chip,
    which `detail` says. Models: docs/cost-model.md.

    ```
    stream-opt --stream-annotate-cost="objective=edp cache=costs" tiled.mlir
    ```
  }];
  let options = [
    Option<"model", "model", "std::string", "\"exact\"",
           "cost model: exact (default), zigzag-3.8.5, zigzag-3.9.1 or simple">,
    Option<"objective", "objective", "std::string", "\"latency\"",
           "what the mapping of a kernel is best in: latency (default), energy or edp">,
    Option<"anyDataflow", "any-dataflow", "bool", "false",
           "map loops to the array freely instead of by the core's dataflows">,
    Option<"maxLabels", "max-labels", "int64_t", "20000",
           "exact: labels of one search before it settles for the best so far (default 20,000; 0: 120,000)">,
    Option<"threads", "threads", "int64_t", "0", "threads that price; 0: all">,
    Option<"cache", "cache", "std::string", "\"\"", "directory that keeps mappings from run to run">];
  let dependentDialects = ["::stream::StreamDialect"];
}

def StreamAllocate : Pass<"stream-allocate", "::mlir::ModuleOp"> {
  let summary = "Give every CT a core";
  let description = [{
    Balances the CTs over the cores that may run them, over half of those that are equal, a quarter ..., and over the
    cores without those that are far or slow, then tries moves and keeps what improves the evaluated schedule. Of the best the final schedules are made. A core that a CT
    has already, and its allowed cores, are respected. The result does not depend on the number of threads.

    ```
    stream-opt --stream-allocate="objective=edp evaluations=1000" priced.mlir
    ```
  }];
  let options = [
    Option<"objective", "objective", "std::string", "\"latency\"", "latency (default), energy or edp">,
    Option<"evaluations", "evaluations", "int64_t", "200",
           "schedules to evaluate; 0: the balanced assignment (default 200)">,
    Option<"seed", "seed", "int64_t", "1", "seed of the moves (default 1)">,
    Option<"threads", "threads", "int64_t", "0", "threads that evaluate; 0: all">];
  let dependentDialects = ["::stream::StreamDialect"];
}

def StreamSchedule : Pass<"stream-schedule", "::mlir::ModuleOp"> {
  let summary = "Give every CT and transfer a time, links and addresses";
  let description = [{
    Event-driven list scheduling over cores, links, buses, ports and memories, by the rules R1 to R12 of
    docs/schedule-model.md. Inserts `stream.resident` and `stream.transfer`, orders everything by start, and
    leaves the summary on the function.

    ```
    stream-opt --stream-schedule="policy=memory" allocated.mlir
    ```

    `model=coala-v0` is the scheduler with which COALA was validated against silicon, figure for figure
    (docs/validation.md). It runs on the network of linalg ops: it cuts it by the tiles of `#stream.plan` or a
    mapping, or by `tiles`, prices a CT of each layer on the layer's one core (a `stream.costs` on the op is kept),
    schedules, and leaves plan, price and a summary that names the model. Its schedules do not follow the rules and
    cannot be verified or lowered; stream-translate --export-json gives every figure.

    ```
    stream-opt --stream-schedule="model=coala-v0 policy=memory tiles=OY=1" network_and_accelerator.mlir
    ```
  }];
  let options = [
    Option<"function", "function", "std::string", "\"\"",
           "network function, beside which others become private (default: the only public function with a body)">,
    Option<"policy", "policy", "std::string", "\"auto\"",
           "which CT goes first: auto (default; best, but of a network too large for that, or allocated for less energy, the policy that stream-allocate found), best (tries latency, memory, "
           "ahead, demand, the compatible mode's orders and orders near the best), latency (the one that can start first), memory (the deepest layer), ahead (the longest way "
           "to the end first while memory lasts), demand (what the end of the stack needs first), given (as they stand in the function). coala-v0: auto (the faster "
           "of the two), latency or memory">,
    Option<"orderTries", "order-tries", "int64_t", "64",
           "auto and best: orders near the best one that are tried, for 4096 CTs and transfers: fewer with more, up to sixteen times as many with fewer (default 64; 0: none)">,
    Option<"model", "model", "std::string", "\"coala\"", "coala (default), or coala-v0: the compatible mode">,
    Option<"costModel", "cost-model", "std::string", "\"zigzag-3.8.5\"",
           "coala-v0: what prices its CTs: zigzag-3.8.5 (default), zigzag-3.9.1 or exact">,
    Option<"prefetch", "prefetch", "bool", "true", "coala-v0: weights move before the first CT (default true)">,
    ListOption<"tiles", "tiles", "std::string", "coala-v0: tiles of loops without a plan, as in stream-tile">];
  let dependentDialects = ["::stream::StreamDialect"];
}

def StreamVerifySchedule : Pass<"stream-verify-schedule", "::mlir::ModuleOp"> {
  let summary = "Check a schedule against every rule, from the IR alone";
  let description = [{
    An independent checker that shares no code with the scheduler. Each violation is one error at the CT or
    transfer, beginning with the id of its rule.

    ```
    stream-opt --stream-verify-schedule scheduled.mlir
    ```
  }];
  let options = [
    Option<"maxReports", "max-reports", "int64_t", "20", "violations to report one by one (default 20)">];
  let dependentDialects = ["::stream::StreamDialect"];
}

def StreamLower : Pass<"stream-lower", "::mlir::ModuleOp"> {
  let summary = "Turn a schedule into a program that runs on the host";
  let description = [{
    `memories=implicit`: every layer's tensor is one buffer, every CT one call of its kernel, in schedule order;
    transfers vanish. `memories=explicit`: one flat buffer per memory of the accelerator, transfers are copies
    between them, and CTs read and write at their addresses, so that a wrong address, a missing transfer or a
    premature overwrite changes the result. Both are linear in the number of CTs and hold no op of this dialect.

    ```
    stream-opt --stream-lower scheduled.mlir
    stream-opt --stream-lower="memories=explicit" scheduled.mlir
    ```
  }];
  let options = [
    Option<"memories", "memories", "std::string", "\"implicit\"", "implicit (default) or explicit">];
  let dependentDialects = ["::mlir::func::FuncDialect", "::mlir::linalg::LinalgDialect",
                           "::mlir::tensor::TensorDialect", "::mlir::arith::ArithDialect",
                           "::mlir::memref::MemRefDialect",
                           "::mlir::bufferization::BufferizationDialect",
                           "::mlir::scf::SCFDialect"];
}

#endif
