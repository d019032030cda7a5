// RUN: stream-opt %s --stream-verify-schedule | FileCheck %s
// A legal schedule is left as it is.
// CHECK: stream.resident
// CHECK-COUNT-4: stream.ct
// CHECK: stream.transfer
module {
  stream.accelerator @two {
    stream.core @c0 compute array [4, 4] mac_pj 0.5 operators [Exp, Add] {
      stream.memory @sram size 4096 holds [I1, I2, O] read_pj 1.0 write_pj 1.0
          ports [<r read 64 to 64 [I1 tl, I2 tl, O tl, O th]>, <w write 64 to 64 [I1 fh, I2 fh, O fl, O fh]>]
    }
    stream.core @c1 compute array [4, 4] mac_pj 0.5 operators [Exp, Add] {
      stream.memory @sram size 4096 holds [I1, I2, O] read_pj 1.0 write_pj 1.0
          ports [<r read 64 to 64 [I1 tl, I2 tl, O tl, O th]>, <w write 64 to 64 [I1 fh, I2 fh, O fl, O fh]>]
    }
    stream.core @c2 compute array [4, 4] mac_pj 0.5 operators [Add] {
      stream.memory @sram size 4096 holds [I1, I2, O] read_pj 1.0 write_pj 1.0
          ports [<r read 64 to 64 [I1 tl, I2 tl, O tl, O th]>, <w write 64 to 64 [I1 fh, I2 fh, O fl, O fh]>]
    }
    stream.core @dram offchip {
      stream.memory @dram size 100000 holds [I1, I2, O] read_pj 1.0e+02 write_pj 1.0e+02
          ports [<r read 64 to 64 [I1 tl, I2 tl, O tl, O th]>, <w write 64 to 64 [I1 fh, I2 fh, O fl, O fh]>]
    }
    stream.bus @bus of [@c0, @c1, @c2, @dram] bandwidth 64 pj_per_bit 0.5
    stream.link @l01 between @c0, @c1 bandwidth 32
  }
  func.func private @exp_k0(%arg0: tensor<2x8xf32> {stream.operand = "I1"})
      -> tensor<2x8xf32> attributes {stream.costs = [
        #stream.cost<core = @c0, cycles = 100, energy_fj = 1000, model = "table">,
        #stream.cost<core = @c1, cycles = 100, energy_fj = 1000, model = "table">],
        stream.kernel = {layer = "exp", operator = "Exp"}} {
    %0 = tensor.empty() : tensor<2x8xf32>
    %1 = linalg.exp ins(%arg0 : tensor<2x8xf32>) outs(%0 : tensor<2x8xf32>) -> tensor<2x8xf32>
    return %1 : tensor<2x8xf32>
  }
  func.func private @sum_k0(%arg0: tensor<2x8xf32> {stream.operand = "I1"}, %arg1: tensor<2x8xf32> {stream.operand = "O"})
      -> tensor<2x8xf32> attributes {stream.costs = [
        #stream.cost<core = @c0, cycles = 50, energy_fj = 500, model = "table">,
        #stream.cost<core = @c1, cycles = 50, energy_fj = 500, model = "table">],
        stream.kernel = {layer = "sum", operator = "Add"}} {
    %0 = linalg.add ins(%arg0, %arg1 : tensor<2x8xf32>, tensor<2x8xf32>) outs(%arg1 : tensor<2x8xf32>) -> tensor<2x8xf32>
    return %0 : tensor<2x8xf32>
  }
  func.func @main(%x: tensor<4x8xf32>) -> tensor<2x8xf32> attributes {stream.schedule = {
      bound = "critical-path", compute_energy_fj = 3500 : i64,
      cores = [{busy_cycles = 100 : i64, core = @c0}, {busy_cycles = 250 : i64, core = @c1}, {busy_cycles = 0 : i64, core = @c2}],
      ct_count = 4 : i64, edp = 9.500950e+05 : f64, energy_fj = 3467500 : i64, latency_cycles = 274 : i64,
      eviction_energy_fj = 0 : i64, mac_energy_fj = 0 : i64, offchip_energy_fj = 2400000 : i64, static_energy_fj = 0 : i64,
      link_energy_fj = 1024000 : i64, lower_bound_cycles = 266 : i64, energy_bound_fj = 0 : i64,
      memories = [{capacity_bits = 4096 : i64, memory = @c0::@sram, peak_bits = 1024 : i64},
        {capacity_bits = 4096 : i64, memory = @c1::@sram, peak_bits = 1536 : i64},
        {capacity_bits = 4096 : i64, memory = @c2::@sram, peak_bits = 0 : i64},
        {capacity_bits = 100000 : i64, memory = @dram::@dram, peak_bits = 1024 : i64}],
      memory_energy_fj = 2440000 : i64, model = "table", offchip_read_bits = 1024 : i64, offchip_write_bits = 512 : i64, transfer_count = 4 : i64}} {
    %e0 = tensor.empty() : tensor<4x8xf32>
    %f0 = tensor.empty() : tensor<2x8xf32>
    stream.resident %x in @dram::@dram address 0 until 16 : tensor<4x8xf32>
    stream.transfer %x[0, 0] [2, 8] from @dram::@dram address 0 to [@c0::@sram] address [0] until [108]
        over [@bus] rate 64 at 0 to 8
        {source_operand = "I1", target_operand = "I1"} : tensor<4x8xf32>
    stream.transfer %x[2, 0] [2, 8] from @dram::@dram address 0 to [@c1::@sram] address [0] until [116]
        over [@bus] rate 64 at 8 to 16
        {source_operand = "I1", target_operand = "I1"} : tensor<4x8xf32>
    %e1 = stream.ct @exp_k0(%x[0, 0]) into %e0[0, 0] {layer = "exp", stack = 0 : i64} on @c0 at 8 to 108 address 512 until 116
        : (tensor<4x8xf32>) into tensor<4x8xf32>
    %e2 = stream.ct @exp_k0(%x[2, 0]) into %e1[2, 0] {layer = "exp", stack = 0 : i64} on @c1 at 16 to 116 address 512 until 266
        : (tensor<4x8xf32>) into tensor<4x8xf32>
    stream.transfer %e2[0, 0] [2, 8] from @c0::@sram address 512 to [@c1::@sram] address [1024] until [216]
        over [@bus] rate 64 at 108 to 116
        {source_operand = "O", target_operand = "I1"} : tensor<4x8xf32>
    %f1 = stream.ct @exp_k0(%e2[0, 0]) into %f0[0, 0] {layer = "sum", stack = 0 : i64} on @c1 at 116 to 216 address 0 until 216
        : (tensor<4x8xf32>) into tensor<2x8xf32>
    %f2 = stream.ct @sum_k0(%e2[2, 0]) into %f1[0, 0] {accumulates, layer = "sum", stack = 0 : i64} on @c1 at 216 to 266 address 0 until 274
        : (tensor<4x8xf32>) into tensor<2x8xf32>
    stream.transfer %f2[0, 0] [2, 8] from @c1::@sram address 0 to [@dram::@dram] address [1024] until [274]
        over [@bus] rate 64 at 266 to 274
        {source_operand = "O", target_operand = "O"} : tensor<2x8xf32>
    return %f2 : tensor<2x8xf32>
  }
}
// RUN: sed 's/model = "table", offchip/model = "simple", offchip/' %s | not stream-opt --stream-verify-schedule 2>&1 | FileCheck %s --check-prefix=MODEL
// MODEL: error: R12: the summary says model = "simple"; the prices are of "table"
