// The stream dialect. Verifiers are C (verify.c); StreamDialect.cpp only forwards.
#ifndef STREAM_TD
#define STREAM_TD

include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/BuiltinAttributes.td"
include "mlir/IR/OpBase.td"
include "mlir/IR/RegionKindInterface.td"
include "mlir/IR/SymbolInterfaces.td"

def Stream_Dialect : Dialect {
  let name = "stream";
  let cppNamespace = "::stream";
  let summary = "Layer-fused schedules of networks on multi-core dataflow accelerators";
  let description = [{
    A module holds one `stream.accelerator`, optionally one `stream.mapping`, the kernels, and a network
    function. The passes rewrite the network function step by step: linalg ops become `stream.ct`s
    (computation tiles), which get cores, and then times, addresses and `stream.transfer`s between them.
    Every step prints, parses, verifies and can be edited by hand.

    Tensors are SSA values with ordinary tensor types. A CT reads boxes of tensors and writes a box *into* a
    tensor (destination style), so program order is one legal sequential execution. CTs, transfers and
    residents are never folded, deduplicated or dropped by generic rewrites: they count. A `tensor.empty` is
    where a tensor begins, not the tensor: those of two layers may be merged. Equal constants may be merged until
    `stream-schedule` has placed each of them off-chip; then one would be there twice (R10).

    Sizes and addresses are in bits, times in cycles, energies in femtojoules (`_fj`) or, as the user of an
    accelerator writes them, picojoules (`_pj`).

    Attributes of the dialect on other ops:

    | attribute | on | holds |
    |---|---|---|
    | `stream.layer` | linalg op | string: name of the layer |
    | `stream.operator` | linalg op | string: ONNX operator type |
    | `stream.plan` | linalg op, loop, arithmetic on tensors, slice at offsets that are scalars | `#stream.plan`: what is decided about the layer |
    | `stream.name` | function argument or result | string: name of the tensor |
    | `stream.operand` | kernel argument | string: `"I1"`, `"I2"` or `"O"`, the operand class |
    | `stream.kernel` | kernel function | dictionary with `layer` and `operator`; `fused`: operators behind it; `streams`: operand classes that are streamed in any case |
    | `stream.costs` | kernel function; linalg ops in the compatible mode | array of `#stream.cost`, one per core |
    | `stream.policy` | network function | string: `"latency"`, `"memory"`, `"ahead"`, `"demand"` or `"given"` |
    | `stream.objective` | network function | string: `"latency"`, `"energy"` or `"edp"`, for which stream-allocate found the cores |
    | `stream.tiling` | network function | dictionary: `fusion`, `rows`, `shape` and, if tiles are not for all, `cores` (`[@core, ...]`), which stream-choose-tiles found and stream-tile takes in place of its options |
    | `stream.schedule` | network function | dictionary: summary of the schedule, with what no schedule is below: `lower_bound_cycles` (and which `bound` that is), `energy_bound_fj` |

    Any other attribute whose name begins with `stream.` is refused.
  }];
  let useDefaultAttributePrinterParser = 1;
  let hasOperationAttrVerify = 1;
  let hasRegionArgAttrVerify = 1;
  let hasRegionResultAttrVerify = 1;
}

//===----------------------------------------------------------------------===//
// Attributes
//===----------------------------------------------------------------------===//

class Stream_Attr<string name, string mnem> : AttrDef<Stream_Dialect, name> {
  let mnemonic = mnem;
  let genVerifyDecl = 1;
}

def Stream_CostAttr : Stream_Attr<"Cost", "cost"> {
  let summary = "Price of a kernel on a core";
  let description = [{
    Cycles and energy of one run of the kernel on `core`, and on every core that computes alike. Parts that are
    given must add up: `cycles = compute + stall + onload + offload`. An entry that is written by hand needs
    no more than `core`, `cycles` and `energy_fj`. `detail` is a dictionary of what a model found: the chosen
    `mapping` as loops from the innermost to the outermost, with a memory behind the last loop that it holds;
    `memory_energy_fj` by memory and operand (with `mac_energy_fj` it adds up to `energy_fj`); the bits that
    each operand class reads from and writes to its top memory; exposed loading cycles by operand class; `proven` if the
    mapping is optimal over all loop orders and allocations. Operands that are larger than their memory are
    `streamed` from or to off-chip while the kernel runs: by operand class the bits in all, the bits per cycle that
    they need, the energy of the off-chip accesses, which is not in `energy_fj`, and the `buffer_bits` of its memory
    through which parts of it pass.

    ```mlir
    #stream.cost<core = @c0, cycles = 12544, compute = 12000, stall = 500, onload = 44, energy_fj = 81920,
                 mac_energy_fj = 40960, utilization = 8.750000e-01 : f64, model = "simple">
    #stream.cost<core = @c0, cycles = 4096, energy_fj = 81920,
                 detail = {streamed = {I2 = {read_bits = 262144, read_bits_per_cycle = 64,
                                             offchip_energy_fj = 40960, buffer_bits = 1024}}}>
    ```
  }];
  let parameters = (ins
    "::mlir::FlatSymbolRefAttr":$core,
    "int64_t":$cycles,
    DefaultValuedParameter<"int64_t", "0">:$compute,
    DefaultValuedParameter<"int64_t", "0">:$stall,
    DefaultValuedParameter<"int64_t", "0">:$onload,
    DefaultValuedParameter<"int64_t", "0">:$offload,
    "int64_t":$energy_fj,
    DefaultValuedParameter<"int64_t", "0">:$mac_energy_fj,
    OptionalParameter<"::mlir::FloatAttr">:$utilization,
    OptionalParameter<"::mlir::StringAttr">:$model,
    OptionalParameter<"::mlir::DictionaryAttr">:$detail);
  let assemblyFormat = "`<` struct(params) `>`";
}

def Stream_PlanAttr : Stream_Attr<"Plan", "plan"> {
  let summary = "What is decided about a layer; every part is optional";
  let description = [{
    - `stack`: layers of one stack are fused;
    - `tile`: iterations of each loop of the linalg op in one CT, outermost first; 0 or missing: not said;
    - `split`: over how many cores each loop is divided before it is tiled; 0 or missing: not said, 1: no;
    - `cores`: the cores that may run it;
    - `streams`: operand classes that its CTs read from off-chip memory, or write there, while they run, whether they
      fit a core's memories or not (rule R9). Tiles then need fit the others alone. Not said: as few as possible;
    - `fuse`: `never`: an element-wise op stays a layer of its own; `always`: it runs in the kernel of the layer
      before it, or that is an error (it then has the plan of that layer, and says nothing else). Not said: it is
      fused where every core that may run that layer can post-process it.

    ```mlir
    #stream.plan<fuse = never>
    #stream.plan<streams = [I2], cores = [@c0]>
    #stream.plan<stack = 0, tile = [0, 0, 4, 0], split = [1, 4], cores = [@c0, @c1, @c2, @c3]>
    ```
  }];
  let parameters = (ins
    OptionalParameter<"::mlir::IntegerAttr">:$stack,
    OptionalArrayRefParameter<"int64_t">:$tile,
    OptionalArrayRefParameter<"int64_t">:$split,
    OptionalArrayRefParameter<"::mlir::FlatSymbolRefAttr">:$cores,
    OptionalParameter<"::mlir::StringAttr">:$fuse,
    DefaultValuedParameter<"int64_t", "0">:$streams);
  let hasCustomAssemblyFormat = 1;
}

def Stream_PortAttr : Stream_Attr<"Port", "port"> {
  let summary = "A port of a memory";
  let description = [{
    Name, kind (`read`, `write` or `read_write`), smallest and largest access in bits per cycle, and what it
    carries: pairs of an operand class and a direction. Directions are as in ZigZag: `fh`/`fl` written from
    the higher/lower level, `th`/`tl` read towards the higher/lower level.

    ```mlir
    #stream.port<r_port_1 read 64 to 2048 [I1 tl, I2 tl, O th]>
    ```
  }];
  let parameters = (ins
    "::mlir::StringAttr":$name,
    "::mlir::StringAttr":$kind,
    "int64_t":$min_bits,
    "int64_t":$max_bits,
    OptionalArrayRefParameter<"int64_t">:$serves);
  let hasCustomAssemblyFormat = 1;
}

//===----------------------------------------------------------------------===//
// Accelerator
//===----------------------------------------------------------------------===//

class Stream_Op<string mnemonic, list<Trait> traits = []> : Op<Stream_Dialect, mnemonic, traits>;

def Stream_StringArray : TypedArrayAttrBase<StrAttr, "array of strings">;
def Stream_CoreArray : TypedArrayAttrBase<FlatSymbolRefAttr, "array of flat symbol references">;
def Stream_MemoryArray : TypedArrayAttrBase<SymbolRefAttr, "array of symbol references">;
def Stream_PortArray : TypedArrayAttrBase<Stream_PortAttr, "array of ports">;

def Stream_AcceleratorOp : Stream_Op<"accelerator",
    [Symbol, SymbolTable, IsolatedFromAbove, NoTerminator, SingleBlock, NoRegionArguments,
     DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "A heterogeneous multi-core dataflow accelerator";
  let description = [{
    Cores, the links and buses between them, and lists of cores that share their memories. Exactly one core is
    the off-chip memory. Program order gives the ids of cores and links.

    References to its cores, memories and links elsewhere in the module are relative to it: `@c0`,
    `@c0::@sram`.

    ```mlir
    stream.accelerator @dual {
      stream.core @c0 compute array [32, 32] mac_pj 0.5 operators [Conv, Gemm] {
        stream.memory @sram size 8388608 holds [I1, I2, O] read_pj 3.5 write_pj 3.5
            ports [<rw read_write 64 to 1024 [I1 fh, I1 tl, I2 fh, I2 tl, O fl, O th]>]
      }
      stream.core @dram offchip {
        stream.memory @dram size 10000000000 holds [I1, I2, O] read_pj 700.0 write_pj 750.0
            ports [<rw read_write 64 to 64 [I1 fh, I1 tl, I2 fh, I2 tl, O fl, O th]>]
      }
      stream.link @l0 between @c0, @dram bandwidth 64 pj_per_bit 15.0
    }
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, OptionalAttr<DictionaryAttr>:$unmodelled);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = [{
    $sym_name (`unmodelled` $unmodelled^)? attr-dict-with-keyword $body
  }];
  let hasRegionVerifier = 1;
}

def Stream_CoreOp : Stream_Op<"core",
    [Symbol, SymbolTable, NoTerminator, SingleBlock, NoRegionArguments, HasParent<"AcceleratorOp">]> {
  let summary = "One core of an accelerator";
  let description = [{
    `kind` is `compute` (a MAC array with memories), `memory` (memory only), `shim` (the port to off-chip of
    an AIE-like array) or `offchip`. The region holds its memories, innermost first; the last one that holds
    an operand class is the top memory of that class, where boxes live between CTs.

    - `type`: name of the core's description; equal cores share it;
    - `space`: the namespace that names of the description come from;
    - `array`: sizes of the dimensions D1, D2 ... of the MAC array, `systolic`: those that fill and drain one
      element per cycle;
    - `static_pj`: energy per cycle of the core with its memories, whether it works or not;
    - `operators`: ONNX operator types that it runs; none given: any;
    - `post_processing`: element-wise operator types that it runs on the results of another operator before they
      are stored; not given: those that it runs;
    - `post_ops_per_cycle`, `post_pj`: operations per cycle and energy of one operation of that unit; not given: it
      keeps up with the array, and its operations take no energy;
    - `dataflows`: spatial mappings, each a list of array dimension, loop and unrolling; none given: free;
    - `utilization`: achieved fraction of the array's peak;
    - `at`: column and row;
    - `unmodelled`: what a file said that no model uses yet.

    ```mlir
    stream.core @c0 compute type tpu space zigzag array [32, 32] mac_pj 0.04 operators [Conv, Gemm]
        dataflows [[D1 K 32, D2 C 32]] { ... }
    ```
  }];
  let arguments = (ins
    SymbolNameAttr:$sym_name,
    StrAttr:$kind,
    OptionalAttr<StrAttr>:$type_name,
    OptionalAttr<StrAttr>:$space,
    OptionalAttr<DenseI64ArrayAttr>:$array,
    OptionalAttr<Stream_StringArray>:$systolic,
    OptionalAttr<F64Attr>:$mac_pj,
    OptionalAttr<F64Attr>:$mac_area,
    OptionalAttr<F64Attr>:$static_pj,
    OptionalAttr<Stream_StringArray>:$operators,
    OptionalAttr<Stream_StringArray>:$post_processing,
    OptionalAttr<I64Attr>:$post_ops_per_cycle,
    OptionalAttr<F64Attr>:$post_pj,
    OptionalAttr<ArrayAttr>:$dataflows,
    OptionalAttr<F64Attr>:$utilization,
    OptionalAttr<DenseI64ArrayAttr>:$coordinates,
    OptionalAttr<DictionaryAttr>:$unmodelled);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = [{
    $sym_name custom<Word>($kind)
    oilist(
      `type` custom<Word>($type_name)
      | `space` custom<Word>($space)
      | `array` custom<Sizes>($array)
      | `systolic` custom<Words>($systolic)
      | `mac_pj` custom<Number>($mac_pj)
      | `mac_area` custom<Number>($mac_area)
      | `static_pj` custom<Number>($static_pj)
      | `operators` custom<Words>($operators)
      | `post_processing` custom<Words>($post_processing)
      | `post_ops_per_cycle` $post_ops_per_cycle
      | `post_pj` custom<Number>($post_pj)
      | `dataflows` custom<Dataflows>($dataflows)
      | `utilization` custom<Number>($utilization)
      | `at` custom<Sizes>($coordinates)
      | `unmodelled` $unmodelled
    )
    attr-dict-with-keyword $body
  }];
  let hasVerifier = 1;
}

def Stream_MemoryOp : Stream_Op<"memory", [Symbol, HasParent<"CoreOp">]> {
  let summary = "A memory level of a core";
  let description = [{
    `size` in bits per instance, `holds` the operand classes, energies per access of a port's full word.
    `shared_by` names the array dimensions along which one instance is shared. `auto_cost`: the file asked
    for extracted costs.

    ```mlir
    stream.memory @rf size 64 holds [O] read_pj 0.02 write_pj 0.02 latency 1 shared_by [D1]
        ports [<r read 16 to 16 [O tl, O th]>, <w write 16 to 16 [O fl, O fh]>]
    ```
  }];
  let arguments = (ins
    SymbolNameAttr:$sym_name,
    I64Attr:$size_bits,
    Stream_StringArray:$holds,
    OptionalAttr<F64Attr>:$read_pj,
    OptionalAttr<F64Attr>:$write_pj,
    OptionalAttr<F64Attr>:$area,
    OptionalAttr<I64Attr>:$latency_cycles,
    OptionalAttr<Stream_StringArray>:$shared_by,
    OptionalAttr<StrAttr>:$kind,
    UnitAttr:$double_buffered,
    UnitAttr:$auto_cost,
    Stream_PortArray:$ports,
    OptionalAttr<DictionaryAttr>:$unmodelled);
  let assemblyFormat = [{
    $sym_name `size` $size_bits `holds` custom<Words>($holds)
    oilist(
      `read_pj` custom<Number>($read_pj)
      | `write_pj` custom<Number>($write_pj)
      | `area` custom<Number>($area)
      | `latency` $latency_cycles
      | `shared_by` custom<Words>($shared_by)
      | `kind` custom<Word>($kind)
      | `double_buffered` $double_buffered
      | `auto_cost` $auto_cost
    )
    `ports` custom<Ports>($ports) (`unmodelled` $unmodelled^)? attr-dict
  }];
  let hasVerifier = 1;
}

def Stream_LinkOp : Stream_Op<"link", [Symbol, HasParent<"AcceleratorOp">]> {
  let summary = "A bidirectional link: one resource in each direction";
  let description = [{
    `bandwidth` in bits per cycle, energy per bit, `latency` in cycles added once per transfer over it.

    ```mlir
    stream.link @l01 between @c0, @c1 bandwidth 32 pj_per_bit 0.15 latency 2
    ```
  }];
  let arguments = (ins
    SymbolNameAttr:$sym_name,
    FlatSymbolRefAttr:$first, FlatSymbolRefAttr:$second,
    I64Attr:$bandwidth_bits,
    OptionalAttr<F64Attr>:$pj_per_bit,
    OptionalAttr<I64Attr>:$latency_cycles,
    OptionalAttr<DictionaryAttr>:$unmodelled);
  let assemblyFormat = [{
    $sym_name `between` $first `,` $second `bandwidth` $bandwidth_bits
    oilist(`pj_per_bit` custom<Number>($pj_per_bit) | `latency` $latency_cycles | `unmodelled` $unmodelled)
    attr-dict
  }];
  let hasVerifier = 1;
}

def Stream_BusOp : Stream_Op<"bus", [Symbol, HasParent<"AcceleratorOp">]> {
  let summary = "A bus: one resource shared by its cores";
  let description = [{
    ```mlir
    stream.bus @bus of [@c0, @c1, @dram] bandwidth 128 pj_per_bit 0.2
    ```
  }];
  let arguments = (ins
    SymbolNameAttr:$sym_name,
    Stream_CoreArray:$cores,
    I64Attr:$bandwidth_bits,
    OptionalAttr<F64Attr>:$pj_per_bit,
    OptionalAttr<I64Attr>:$latency_cycles,
    OptionalAttr<DictionaryAttr>:$unmodelled);
  let assemblyFormat = [{
    $sym_name `of` $cores `bandwidth` $bandwidth_bits
    oilist(`pj_per_bit` custom<Number>($pj_per_bit) | `latency` $latency_cycles | `unmodelled` $unmodelled)
    attr-dict
  }];
  let hasVerifier = 1;
}

def Stream_ShareOp : Stream_Op<"share", [HasParent<"AcceleratorOp">]> {
  let summary = "Cores whose top memories are one";
  let description = [{
    The first core owns the memories. `operands` says, for each core, of which operands the top memory is the
    shared one, which must hold them all; without it all top memories are shared.

    ```mlir
    stream.share [@c0, @c1]
    stream.share [@c0, @c1, @c2] operands ["I1 O", "I1 O", "O"]
    ```
  }];
  let arguments = (ins Stream_CoreArray:$cores, OptionalAttr<Stream_StringArray>:$operands);
  let assemblyFormat = "$cores (`operands` $operands^)? attr-dict";
  let hasVerifier = 1;
}

//===----------------------------------------------------------------------===//
// Schedule
//===----------------------------------------------------------------------===//

def Stream_CTOp : Stream_Op<"ct",
    [AttrSizedOperandSegments, DeclareOpInterfaceMethods<SymbolUserOpInterface>,
     RangedTypesMatchWith<"each result has the type of what is written into", "into", "results", "$_self">]> {
  let summary = "A computation tile: one run of a kernel on boxes of tensors";
  let description = [{
    Calls `kernel` on a box of each input; the result is `into` with the kernel's result written at its offsets.
    Offsets are in the tensors' own coordinates, sizes are the types of the kernel's arguments and result;
    boxes are inside their tensors. A kernel of several results (argmax) writes the same box of as many tensors of
    the same shape: `into (%value, %index)[0, 4]`.

    - `layer`, `stack`, `split`: where the CT comes from: layer, fused stack, part of a split over cores;
    - `accumulates`: the kernel has one more, last, argument for each result: the present content of the output box;
    - `cores`: the cores that may run it;
    - `on`: its core;
    - `at S to E`: when it runs, in cycles, `[S, E)`; `address A until U`: where its output box lives in the
      core's memory for outputs, and when that buffer is dropped. Several results are one buffer, one behind the other;
    - `streaming`: operand classes that it reads straight from off-chip memory, or writes there (and `address` is there
      for `O`), as its price on that core says: the links, the bits per cycle on them over all of `[S, E)`, and the
      `address` in the core's memory of the buffer through which parts pass.

    ```mlir
    %t1 = stream.ct @conv1_k0(%x[0, 0, 0, 0], %w[0, 0, 0, 0]) into %t0[0, 0, 4, 0] {layer = "conv1", stack = 0 : i64}
        on @c0 at 388 to 12932 address 4096 until 20000
        : (tensor<1x3x224x224xf32>, tensor<64x3x7x7xf32>) into tensor<1x64x112x112xf32>
    %y = stream.ct @fc(%a[0, 0], %b[0, 0]) into %y0[0, 0] {layer = "fc"} on @c0 at 64 to 8256 address 0 until 8320
        streaming {I2 = {address = 1024 : i64, read_over = [@bus], read_rate = 64 : i64}}
        : (tensor<1x256xi8>, tensor<256x256xi8>) into tensor<1x256xi8>
    ```
  }];
  let arguments = (ins
    FlatSymbolRefAttr:$kernel,
    Variadic<AnyStaticShapeTensor>:$inputs,
    Variadic<AnyStaticShapeTensor>:$into,
    TypedArrayAttrBase<DenseI64ArrayAttr, "array of offsets">:$input_offsets,
    DenseI64ArrayAttr:$output_offsets,
    StrAttr:$layer,
    OptionalAttr<I64Attr>:$stack,
    OptionalAttr<I64Attr>:$split,
    UnitAttr:$accumulates,
    OptionalAttr<Stream_CoreArray>:$cores,
    OptionalAttr<FlatSymbolRefAttr>:$core,
    OptionalAttr<I64Attr>:$start, OptionalAttr<I64Attr>:$end,
    OptionalAttr<I64Attr>:$address, OptionalAttr<I64Attr>:$until,
    OptionalAttr<DictionaryAttr>:$streaming);
  let results = (outs Variadic<AnyStaticShapeTensor>:$results);
  let assemblyFormat = [{
    $kernel `` custom<Slices>($inputs, $input_offsets) `into` custom<SameSlice>($into, $output_offsets)
    attr-dict (`on` $core^)? (`at` $start^ `to` $end `address` $address `until` $until)?
    (`streaming` $streaming^)?
    `:` custom<Types>(type($inputs)) `into` custom<SomeTypes>(type($into))
  }];
  let hasVerifier = 1;
}

def Stream_TransferOp : Stream_Op<"transfer"> {
  let summary = "A copy of a box from one memory to others";
  let description = [{
    Copies a box of a tensor (or the same box of several results of a layer, which lie in one buffer), as it is at
    this point of the program, from a buffer in one memory (at
    `address`, in bits) to new buffers in others, at their `address`es, which are dropped at their `until`s. It
    uses the links `over` which it goes, the source's read port and the targets' write ports at `rate` bits per
    cycle during `[start, end)`. `source_operand` and `target_operand` name the operand class whose ports carry it.

    ```mlir
    stream.transfer %t7[0, 0, 4, 0][1, 64, 2, 56] from @c0::@sram address 4096 to [@c1::@sram] address [8192]
        until [5000] over [@l01] rate 32 at 100 to 300 {source_operand = "O", target_operand = "I1"}
        : tensor<1x64x56x56xf32>
    ```
  }];
  let arguments = (ins
    Variadic<AnyStaticShapeTensor>:$tensors,
    DenseI64ArrayAttr:$offsets, DenseI64ArrayAttr:$sizes,
    SymbolRefAttr:$source, OptionalAttr<I64Attr>:$source_address,
    Stream_MemoryArray:$targets, OptionalAttr<DenseI64ArrayAttr>:$target_addresses,
    OptionalAttr<DenseI64ArrayAttr>:$untils,
    OptionalAttr<Stream_CoreArray>:$over,
    OptionalAttr<I64Attr>:$rate,
    OptionalAttr<I64Attr>:$start, OptionalAttr<I64Attr>:$end,
    OptionalAttr<StrAttr>:$source_operand, OptionalAttr<StrAttr>:$target_operand);
  let assemblyFormat = [{
    custom<SameSlice>($tensors, $offsets) custom<Sizes>($sizes)
    `from` $source (`address` $source_address^)?
    `to` $targets (`address` custom<Sizes>($target_addresses)^)? (`until` custom<Sizes>($untils)^)?
    (`over` $over^)? (`rate` $rate^)? (`at` $start^ `to` $end)?
    attr-dict `:` custom<SomeTypes>(type($tensors))
  }];
  let hasVerifier = 1;
}

def Stream_ResidentOp : Stream_Op<"resident"> {
  let summary = "A tensor that is in a memory from the start";
  let description = [{
    An input or constant of the network: complete at cycle 0 in `memory` at `address` (bits), dropped at
    `until`.

    ```mlir
    stream.resident %x in @dram::@dram address 0 until 40000 : tensor<1x3x224x224xf32>
    ```
  }];
  let arguments = (ins
    AnyStaticShapeTensor:$tensor, SymbolRefAttr:$memory, I64Attr:$address, I64Attr:$until);
  let assemblyFormat = [{
    $tensor `in` $memory `address` $address `until` $until attr-dict `:` type($tensor)
  }];
  let hasVerifier = 1;
}

//===----------------------------------------------------------------------===//
// Mapping
//===----------------------------------------------------------------------===//

def Stream_MappingOp : Stream_Op<"mapping", [Symbol]> {
  let summary = "What a mapping file says about layers";
  let description = [{
    Rules that stream-tile turns into `#stream.plan`s of the layers they match. `contents` is a dictionary; its keys
    are those of the mapping file.
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, DictionaryAttr:$contents);
  let assemblyFormat = "$sym_name $contents attr-dict-with-keyword";
}

#endif
