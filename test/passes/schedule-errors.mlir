// RUN: split-file %s %t
// RUN: not stream-opt %t/small.mlir --stream-schedule 2>&1 | FileCheck %s --check-prefix=SMALL
// RUN: not stream-opt %t/no_core.mlir --stream-schedule 2>&1 | FileCheck %s --check-prefix=NO-CORE
// RUN: not stream-opt %t/full.mlir --stream-schedule 2>&1 | FileCheck %s --check-prefix=OFFCHIP
// A CT that does not fit, a CT without a core, an off-chip memory that the outputs do not fit.
// SMALL: error: CT {{[0-3]}} of layer 'exp{{2?}}' does not fit memory 'sram' of core 'c0': its inputs take 512 bits and its output 512, 1024 together, in a capacity of 1000, 24 bits short: '{{.*}}' 512, '{{.*}}' 512 (written) bits, which the CT itself reads and writes; all that could leave has left. It would fit: a memory of 1024 bits (24 more); tiles of 97 % of these bits; core 'c1'
// NO-CORE: error: CT 0 has no core: run stream-allocate first
// OFFCHIP: error: off-chip memory 'dram' of core 'dram' is full: its capacity is 1000 bits, inputs and constants are 1024 bits, and the rest is outputs and what does not fit on chip; before the first CT 24 bits short{{.*}} It would fit: an off-chip memory of 1024 bits

//--- small.mlir
module {
  stream.accelerator @two {
    stream.core @c0 compute array [4, 4] mac_pj 0.5 {
      stream.memory @sram size 1000 holds [I1, I2, O] read_pj 1.0 write_pj 1.0
          ports [<r read 64 to 64 [I1 tl, I2 tl, O tl, O th]>, <w write 64 to 64 [I1 fh, I2 fh, O fl, O fh]>]
    }
    stream.core @c1 compute array [4, 4] mac_pj 0.5 {
      stream.memory @sram size 1048576 holds [I1, I2, O] read_pj 1.0 write_pj 1.0
          ports [<r read 64 to 64 [I1 tl, I2 tl, O tl, O th]>, <w write 64 to 64 [I1 fh, I2 fh, O fl, O fh]>]
    }
    stream.core @dram offchip {
      stream.memory @dram size 10000000 holds [I1, I2, O] read_pj 100.0 write_pj 100.0
          ports [<r read 64 to 64 [I1 tl, I2 tl, O tl, O th]>, <w write 64 to 64 [I1 fh, I2 fh, O fl, O fh]>]
    }
    stream.bus @bus of [@c0, @c1, @dram] bandwidth 64 pj_per_bit 0.5
    stream.link @l01 between @c0, @c1 bandwidth 32
  }
  func.func private @exp_k0(%a: tensor<2x8xf32> {stream.operand = "I1"})
      -> tensor<2x8xf32> attributes {stream.kernel = {layer = "exp", operator = "Exp"},
        stream.costs = [#stream.cost<core = @c0, cycles = 100, energy_fj = 1000, model = "table">,
                        #stream.cost<core = @c1, cycles = 100, energy_fj = 1000, model = "table">]} {
    %e = tensor.empty() : tensor<2x8xf32>
    %r = linalg.exp ins(%a : tensor<2x8xf32>) outs(%e : tensor<2x8xf32>) -> tensor<2x8xf32>
    return %r : tensor<2x8xf32>
  }
  func.func @main(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
    %e0 = tensor.empty() : tensor<4x8xf32>
    %e1 = stream.ct @exp_k0(%x[0, 0]) into %e0[0, 0] {layer = "exp", stack = 0 : i64} on @c0
        : (tensor<4x8xf32>) into tensor<4x8xf32>
    %e2 = stream.ct @exp_k0(%x[2, 0]) into %e1[2, 0] {layer = "exp", stack = 0 : i64} on @c1
        : (tensor<4x8xf32>) into tensor<4x8xf32>
    %f0 = tensor.empty() : tensor<4x8xf32>
    %f1 = stream.ct @exp_k0(%e2[0, 0]) into %f0[0, 0] {layer = "exp2", stack = 0 : i64} on @c1
        : (tensor<4x8xf32>) into tensor<4x8xf32>
    %f2 = stream.ct @exp_k0(%e2[2, 0]) into %f1[2, 0] {layer = "exp2", stack = 0 : i64} on @c0
        : (tensor<4x8xf32>) into tensor<4x8xf32>
    return %f2 : tensor<4x8xf32>
  }
}
//--- no_core.mlir
module {
  stream.accelerator @two {
    stream.core @c0 compute array [4, 4] mac_pj 0.5 {
      stream.memory @sram size 1048576 holds [I1, I2, O] read_pj 1.0 write_pj 1.0
          ports [<r read 64 to 64 [I1 tl, I2 tl, O tl, O th]>, <w write 64 to 64 [I1 fh, I2 fh, O fl, O fh]>]
    }
    stream.core @c1 compute array [4, 4] mac_pj 0.5 {
      stream.memory @sram size 1048576 holds [I1, I2, O] read_pj 1.0 write_pj 1.0
          ports [<r read 64 to 64 [I1 tl, I2 tl, O tl, O th]>, <w write 64 to 64 [I1 fh, I2 fh, O fl, O fh]>]
    }
    stream.core @dram offchip {
      stream.memory @dram size 10000000 holds [I1, I2, O] read_pj 100.0 write_pj 100.0
          ports [<r read 64 to 64 [I1 tl, I2 tl, O tl, O th]>, <w write 64 to 64 [I1 fh, I2 fh, O fl, O fh]>]
    }
    stream.bus @bus of [@c0, @c1, @dram] bandwidth 64 pj_per_bit 0.5
    stream.link @l01 between @c0, @c1 bandwidth 32
  }
  func.func private @exp_k0(%a: tensor<2x8xf32> {stream.operand = "I1"})
      -> tensor<2x8xf32> attributes {stream.kernel = {layer = "exp", operator = "Exp"},
        stream.costs = [#stream.cost<core = @c0, cycles = 100, energy_fj = 1000, model = "table">,
                        #stream.cost<core = @c1, cycles = 100, energy_fj = 1000, model = "table">]} {
    %e = tensor.empty() : tensor<2x8xf32>
    %r = linalg.exp ins(%a : tensor<2x8xf32>) outs(%e : tensor<2x8xf32>) -> tensor<2x8xf32>
    return %r : tensor<2x8xf32>
  }
  func.func @main(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
    %e0 = tensor.empty() : tensor<4x8xf32>
    %e1 = stream.ct @exp_k0(%x[0, 0]) into %e0[0, 0] {layer = "exp", stack = 0 : i64}
        : (tensor<4x8xf32>) into tensor<4x8xf32>
    %e2 = stream.ct @exp_k0(%x[2, 0]) into %e1[2, 0] {layer = "exp", stack = 0 : i64}
        : (tensor<4x8xf32>) into tensor<4x8xf32>
    %f0 = tensor.empty() : tensor<4x8xf32>
    %f1 = stream.ct @exp_k0(%e2[0, 0]) into %f0[0, 0] {layer = "exp2", stack = 0 : i64}
        : (tensor<4x8xf32>) into tensor<4x8xf32>
    %f2 = stream.ct @exp_k0(%e2[2, 0]) into %f1[2, 0] {layer = "exp2", stack = 0 : i64}
        : (tensor<4x8xf32>) into tensor<4x8xf32>
    return %f2 : tensor<4x8xf32>
  }
}
//--- full.mlir
module {
  stream.accelerator @two {
    stream.core @c0 compute array [4, 4] mac_pj 0.5 {
      stream.memory @sram size 1048576 holds [I1, I2, O] read_pj 1.0 write_pj 1.0
          ports [<r read 64 to 64 [I1 tl, I2 tl, O tl, O th]>, <w write 64 to 64 [I1 fh, I2 fh, O fl, O fh]>]
    }
    stream.core @c1 compute array [4, 4] mac_pj 0.5 {
      stream.memory @sram size 1048576 holds [I1, I2, O] read_pj 1.0 write_pj 1.0
          ports [<r read 64 to 64 [I1 tl, I2 tl, O tl, O th]>, <w write 64 to 64 [I1 fh, I2 fh, O fl, O fh]>]
    }
    stream.core @dram offchip {
      stream.memory @dram size 1000 holds [I1, I2, O] read_pj 100.0 write_pj 100.0
          ports [<r read 64 to 64 [I1 tl, I2 tl, O tl, O th]>, <w write 64 to 64 [I1 fh, I2 fh, O fl, O fh]>]
    }
    stream.bus @bus of [@c0, @c1, @dram] bandwidth 64 pj_per_bit 0.5
    stream.link @l01 between @c0, @c1 bandwidth 32
  }
  func.func private @exp_k0(%a: tensor<2x8xf32> {stream.operand = "I1"})
      -> tensor<2x8xf32> attributes {stream.kernel = {layer = "exp", operator = "Exp"},
        stream.costs = [#stream.cost<core = @c0, cycles = 100, energy_fj = 1000, model = "table">,
                        #stream.cost<core = @c1, cycles = 100, energy_fj = 1000, model = "table">]} {
    %e = tensor.empty() : tensor<2x8xf32>
    %r = linalg.exp ins(%a : tensor<2x8xf32>) outs(%e : tensor<2x8xf32>) -> tensor<2x8xf32>
    return %r : tensor<2x8xf32>
  }
  func.func @main(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
    %e0 = tensor.empty() : tensor<4x8xf32>
    %e1 = stream.ct @exp_k0(%x[0, 0]) into %e0[0, 0] {layer = "exp", stack = 0 : i64} on @c0
        : (tensor<4x8xf32>) into tensor<4x8xf32>
    %e2 = stream.ct @exp_k0(%x[2, 0]) into %e1[2, 0] {layer = "exp", stack = 0 : i64} on @c1
        : (tensor<4x8xf32>) into tensor<4x8xf32>
    %f0 = tensor.empty() : tensor<4x8xf32>
    %f1 = stream.ct @exp_k0(%e2[0, 0]) into %f0[0, 0] {layer = "exp2", stack = 0 : i64} on @c1
        : (tensor<4x8xf32>) into tensor<4x8xf32>
    %f2 = stream.ct @exp_k0(%e2[2, 0]) into %f1[2, 0] {layer = "exp2", stack = 0 : i64} on @c0
        : (tensor<4x8xf32>) into tensor<4x8xf32>
    return %f2 : tensor<4x8xf32>
  }
}
