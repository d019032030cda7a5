// The language prints what it parses: in its own form, the generic one, and bytecode.
// RUN: stream-opt %s > %t.once
// RUN: stream-opt %t.once | diff %t.once -
// RUN: stream-opt --mlir-print-op-generic %s | stream-opt | diff %t.once -
// RUN: stream-opt --emit-bytecode %s | stream-opt | diff %t.once -
// RUN: FileCheck %s < %t.once

// CHECK-LABEL: stream.accelerator @dual
stream.accelerator @dual unmodelled {technology_node = "n3"} {
  // CHECK: stream.core @c0 compute type tpu array [32, 32] systolic [D1] mac_pj 0.5 static_pj 1.25 operators [Conv, Gemm]
  // CHECK-SAME: dataflows {{\[\[}}D1 K 32, D2 C 32], [D1 G 32]] utilization 0.9 at [0, 1] unmodelled {banks = 8 : i64}
  stream.core @c0 compute type tpu array [32, 32] systolic [D1] mac_pj 0.5 static_pj 1.25 operators [Conv, Gemm]
      dataflows [[D1 K 32, D2 C 32], [D1 G 32]] utilization 0.9 at [0, 1] unmodelled {banks = 8 : i64} {
    // CHECK: stream.memory @rf size 64 holds [O] read_pj 0.02 write_pj 0.03 area 2.0 latency 2 shared_by [D2]
    // CHECK-SAME: kind rf double_buffered auto_cost ports [<r read 16 to 16 [O tl, O th]>, <w write 16 to 16 [O fl, O fh]>]
    stream.memory @rf size 64 holds [O] read_pj 0.02 write_pj 0.03 area 2.0 latency 2 shared_by [D2] kind rf
        double_buffered auto_cost ports [<r read 16 to 16 [O tl, O th]>, <w write 16 to 16 [O fl, O fh]>]
    stream.memory @sram size 8388608 holds [I1, I2, O] read_pj 3.5 write_pj 3.5 shared_by [D1, D2]
        ports [<rw read_write 64 to 1024 [I1 fh, I1 tl, I2 fh, I2 tl, O fh, O fl, O tl, O th]>]
  }
  stream.core @c1 compute array [8] {
    stream.memory @sram size 8388608 holds [I1, I2, O]
        ports [<rw read_write 64 to 1024 [I1 fh, I1 tl, I2 fh, I2 tl, O fh, O fl, O tl, O th]>]
  }
  stream.core @dram offchip {
    stream.memory @dram size 10000000000 holds [I1, I2, O] read_pj 700.0 write_pj 750.0
        ports [<rw read_write 64 to 64 [I1 fh, I1 tl, I2 fh, I2 tl, O fh, O fl, O tl, O th]>]
  }
  // CHECK: stream.link @l0 between @c0, @dram bandwidth 64 pj_per_bit 15.0 latency 2
  stream.link @l0 between @c0, @dram bandwidth 64 pj_per_bit 15.0 latency 2
  // CHECK: stream.bus @bus of [@c0, @c1, @dram] bandwidth 128
  stream.bus @bus of [@c0, @c1, @dram] bandwidth 128
  // CHECK: stream.share [@c0, @c1]
  stream.share [@c0, @c1]
}

// CHECK: stream.mapping @mapping {layers = [{core_allocation = {{\[\[}}0, 1]], name = "Conv"}]}
stream.mapping @mapping {layers = [{core_allocation = [[0, 1]], name = "Conv"}]}

// CHECK: stream.costs = [#stream.cost<core = @c0, cycles = 10, compute = 7, stall = 3, energy_fj = 5, model = "mine">]
func.func private @k(%a: tensor<1x4xf32> {stream.operand = "I1"}) -> tensor<1x4xf32>
    attributes {stream.kernel = {layer = "a", operator = "Relu"},
                stream.costs = [#stream.cost<core = @c0, cycles = 10, compute = 7, stall = 3, energy_fj = 5, model = "mine">]} {
  return %a : tensor<1x4xf32>
}

func.func @main(%x: tensor<2x4xf32> {stream.name = "x"}) -> tensor<2x4xf32> {
  %t = tensor.empty() : tensor<2x4xf32>
  // CHECK: stream.resident %{{.*}} in @dram::@dram address 0 until 40 : tensor<2x4xf32>
  stream.resident %x in @dram::@dram address 0 until 40 : tensor<2x4xf32>
  // CHECK: stream.transfer %{{.*}}[0, 0] [1, 4] from @dram::@dram address 0 to [@c0::@sram] address [64] until [20] over [@bus] rate 32 at 0 to 4
  stream.transfer %x[0, 0][1, 4] from @dram::@dram address 0 to [@c0::@sram] address [64] until [20] over [@bus]
      rate 32 at 0 to 4 {source_operand = "I1", target_operand = "I1"} : tensor<2x4xf32>
  // CHECK: stream.ct @k(%{{.*}}[0, 0]) into %{{.*}}[1, 0] {layer = "a", stack = 0 : i64} on @c0 at 4 to 14 address 0 until 20
  %u = stream.ct @k(%x[0, 0]) into %t[1, 0] {layer = "a", stack = 0 : i64} on @c0 at 4 to 14 address 0 until 20
      : (tensor<2x4xf32>) into tensor<2x4xf32>
  // CHECK: stream.ct @k(%{{.*}}[1, 0]) into %{{.*}}[0, 0] {cores = [@c0, @c1], layer = "a"}
  %v = stream.ct @k(%x[1, 0]) into %u[0, 0] {layer = "a", cores = [@c0, @c1]} : (tensor<2x4xf32>) into tensor<2x4xf32>
  // CHECK: stream.ct @k({{.*}}) {{.*}} on @c0 at 20 to 30 address 0 until 30 streaming {I1 = {address = 8 : i64, read_over = [@bus], read_rate = 4 : i64}, O = {write_over = [], write_rate = 1 : i64}} :
  %w = stream.ct @k(%v[1, 0]) into %v[0, 0] {layer = "a"} on @c0 at 20 to 30 address 0 until 30
      streaming {I1 = {address = 8 : i64, read_over = [@bus], read_rate = 4 : i64}, O = {write_over = [], write_rate = 1 : i64}}
      : (tensor<2x4xf32>) into tensor<2x4xf32>
  return %v : tensor<2x4xf32>
}

// CHECK: stream.plan = #stream.plan<stack = 1, tile = [0, 4], split = [2], cores = [@c0]>
func.func @planned(%x: tensor<2x4xf32>) -> tensor<2x4xf32> {
  %e = tensor.empty() : tensor<2x4xf32>
  %r = linalg.copy {stream.layer = "copy", stream.plan = #stream.plan<stack = 1, tile = [0, 4], split = [2], cores = [@c0]>}
      ins(%x : tensor<2x4xf32>) outs(%e : tensor<2x4xf32>) -> tensor<2x4xf32>
  return %r : tensor<2x4xf32>
}
