// RUN: split-file %s %t
// RUN: not stream-opt %t/small.mlir --stream-schedule 2>&1 | FileCheck %s --check-prefix=SMALL
// RUN: not stream-opt %t/no_core.mlir --stream-schedule 2>&1 | FileCheck %s --check-prefix=NO-CORE
// RUN: not stream-opt %t/full.mlir --stream-schedule 2>&1 | FileCheck %s --check-prefix=OFFCHIP
// RUN: not stream-opt %t/partial.mlir --stream-schedule 2>&1 | FileCheck %s --check-prefix=PARTIAL
// RUN: stream-translate --import-accelerator %examples/accelerators/homogeneous_quad.yaml \
// RUN:   | sed 's/@dram size [0-9]*/@dram size 900000/' > %t/quad.mlir
// RUN: not stream-compile %examples/networks/two_conv.onnx --accelerator %t/quad.mlir --quiet -o %t/none 2>&1 \
// RUN:   | FileCheck %s --check-prefix=OUTPUT
// RUN: sed 's/mac_pj 0.5 {/mac_pj 0.5 static_pj 1.0e+06 {/; s/cycles = 100/cycles = 9000000000000/' %S/schedule.mlir > %t/static.mlir
// RUN: not stream-opt %t/static.mlir --stream-schedule 2>&1 | FileCheck %s --check-prefix=ENERGY
// ENERGY: static.mlir:33:11: error: the schedule's energy does not fit 63 bits of femtojoules: about 3.6e+22 fJ, of which CTs 4000, links 1.536e+06 and memories 3.264e+06, the rest static in 18000000000032 cycles
// Partial sums are nobody else's to read; an output of the network that finds no room off-chip.
// PARTIAL: error: CT 2 reads a part of 'b' that CT 3 writes, which does not come before it
// OUTPUT: error: off-chip memory 'dram' of core 'dram_6' is full: its capacity is 900000 bits, inputs and constants are 446464 bits, {{.*}}; at CT {{[0-9]+}} of layer 'conv2', for {{[0-9]+}} bits of 'conv2', {{[0-9]+}} bits short; it holds 'conv2' {{[0-9]+}}, {{.*}} It would fit: an off-chip memory of {{[0-9]+}} bits, which hold all that is ever stored; {{[0-9]+}} bits do for these tiles on the same cores, or on-chip memories that keep more results
// A CT that does not fit, a CT without a core, an off-chip memory that the outputs do not fit.
// SMALL: error: CT {{[0-3]}} of layer 'exp{{2?}}' does not fit memory 'sram' of core 'c0': its inputs take 512 bits and its output 512, 1024 together, in a capacity of 1000, 24 bits short: '{{.*}}' 512, '{{.*}}' 512 (written) bits, which the CT itself reads and writes; all that could leave has left. It would fit: a memory of 1024 bits (24 more); tiles of 97 % of these bits; core 'c1'
// NO-CORE: error: CT 0 has no core: run stream-allocate first
// OFFCHIP: error: off-chip memory 'dram' of core 'dram' is full: its capacity is 1000 bits, inputs and constants are 1024 bits, and the rest is outputs and what does not fit on chip; before the first CT 24 bits short; these are '{{.*}}' 1024 bits. It would fit: an off-chip memory of {{[0-9]+}} bits, which hold all that is ever stored; 1024 bits do for these tiles on the same cores

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

//--- partial.mlir
module @streamed {
  stream.accelerator @two {
    stream.core @c0 compute array [4, 4] mac_pj 0.5 {
      stream.memory @sram size 4608 holds [I1, I2, O] read_pj 1.0 write_pj 1.0
          ports [<r read 64 to 64 [I1 tl, I2 tl, O tl, O th]>, <w write 64 to 64 [I1 fh, I2 fh, O fl, O fh]>]
    }
    stream.core @c1 compute array [4, 4] mac_pj 0.5 {
      stream.memory @sram size 4608 holds [I1, I2, O] read_pj 1.0 write_pj 1.0
          ports [<r read 64 to 64 [I1 tl, I2 tl, O tl, O th]>, <w write 64 to 64 [I1 fh, I2 fh, O fl, O fh]>]
    }
    stream.core @dram offchip {
      stream.memory @dram size 100000 holds [I1, I2, O] read_pj 1.0e+02 write_pj 1.0e+02
          ports [<r read 64 to 64 [I1 tl, I2 tl, O tl, O th]>, <w write 64 to 64 [I1 fh, I2 fh, O fl, O fh]>]
    }
    stream.link @l0 between @c0, @dram bandwidth 64 pj_per_bit 0.5
    stream.link @l1 between @c1, @dram bandwidth 64 pj_per_bit 0.5
    stream.link @l01 between @c0, @c1 bandwidth 32
  }
  func.func private @a_k0(%x: tensor<4x16xf32> {stream.operand = "I1"}, %w: tensor<16x16xf32> {stream.operand = "I2"})
      -> tensor<4x16xf32> attributes {stream.kernel = {layer = "a", operator = "MatMul"}, stream.costs = [
        #stream.cost<core = @c0, cycles = 256, energy_fj = 1000,
                     detail = {streamed = {I2 = {read_bits = 8192 : i64, read_bits_per_cycle = 32 : i64,
                                                 offchip_energy_fj = 12800000 : i64, buffer_bits = 500 : i64}}}>]} {
    %zero = arith.constant 0.0 : f32
    %e = tensor.empty() : tensor<4x16xf32>
    %f = linalg.fill ins(%zero : f32) outs(%e : tensor<4x16xf32>) -> tensor<4x16xf32>
    %r = linalg.matmul ins(%x, %w : tensor<4x16xf32>, tensor<16x16xf32>) outs(%f : tensor<4x16xf32>) -> tensor<4x16xf32>
    return %r : tensor<4x16xf32>
  }
  func.func private @b_k0(%x: tensor<4x8xf32> {stream.operand = "I1"}, %w: tensor<8x16xf32> {stream.operand = "I2"})
      -> tensor<4x16xf32> attributes {stream.kernel = {layer = "b", operator = "MatMul"}, stream.costs = [
        #stream.cost<core = @c1, cycles = 128, energy_fj = 500,
                     detail = {streamed = {I2 = {read_bits = 4096 : i64, read_bits_per_cycle = 32 : i64,
                                                 offchip_energy_fj = 6400000 : i64},
                                           O = {write_bits = 2048 : i64, write_bits_per_cycle = 16 : i64,
                                                offchip_energy_fj = 3200000 : i64}}}>]} {
    %zero = arith.constant 0.0 : f32
    %e = tensor.empty() : tensor<4x16xf32>
    %f = linalg.fill ins(%zero : f32) outs(%e : tensor<4x16xf32>) -> tensor<4x16xf32>
    %r = linalg.matmul ins(%x, %w : tensor<4x8xf32>, tensor<8x16xf32>) outs(%f : tensor<4x16xf32>) -> tensor<4x16xf32>
    return %r : tensor<4x16xf32>
  }
  func.func private @b_k1(%x: tensor<4x8xf32> {stream.operand = "I1"}, %w: tensor<8x16xf32> {stream.operand = "I2"},
      %sum: tensor<4x16xf32> {stream.operand = "O"})
      -> tensor<4x16xf32> attributes {stream.kernel = {layer = "b", operator = "MatMul"}, stream.costs = [
        #stream.cost<core = @c1, cycles = 128, energy_fj = 500,
                     detail = {streamed = {I2 = {read_bits = 4096 : i64, read_bits_per_cycle = 32 : i64,
                                                 offchip_energy_fj = 6400000 : i64},
                                           O = {read_bits = 2048 : i64, read_bits_per_cycle = 16 : i64,
                                                write_bits = 2048 : i64, write_bits_per_cycle = 16 : i64,
                                                offchip_energy_fj = 6400000 : i64}}}>]} {
    %r = linalg.matmul ins(%x, %w : tensor<4x8xf32>, tensor<8x16xf32>) outs(%sum : tensor<4x16xf32>) -> tensor<4x16xf32>
    return %r : tensor<4x16xf32>
  }
  func.func private @look_k0(%x: tensor<4x16xf32> {stream.operand = "I1"})
      -> tensor<4x16xf32> attributes {stream.kernel = {layer = "look", operator = "Exp"}, stream.costs = [
        #stream.cost<core = @c0, cycles = 900, energy_fj = 1000>]} {
    %e = tensor.empty() : tensor<4x16xf32>
    %r = linalg.exp ins(%x : tensor<4x16xf32>) outs(%e : tensor<4x16xf32>) -> tensor<4x16xf32>
    return %r : tensor<4x16xf32>
  }
  func.func @main(%x: tensor<4x16xf32>, %w1: tensor<16x16xf32>, %w2: tensor<16x16xf32>) -> tensor<4x16xf32> {
    %t = tensor.empty() : tensor<4x16xf32>
    %y = tensor.empty() : tensor<4x16xf32>
    %t1 = stream.ct @a_k0(%x[0, 0], %w1[0, 0]) into %t[0, 0] {layer = "a"} on @c0
        : (tensor<4x16xf32>, tensor<16x16xf32>) into tensor<4x16xf32>
    %y1 = stream.ct @b_k0(%t1[0, 0], %w2[0, 0]) into %y[0, 0] {layer = "b"} on @c1
        : (tensor<4x16xf32>, tensor<16x16xf32>) into tensor<4x16xf32>
    %z0 = tensor.empty() : tensor<4x16xf32>
    %z1 = stream.ct @look_k0(%y1[0, 0]) into %z0[0, 0] {layer = "look", stack = 0 : i64} on @c0 : (tensor<4x16xf32>) into tensor<4x16xf32>
    %y2 = stream.ct @b_k1(%t1[0, 8], %w2[8, 0]) into %y1[0, 0] {layer = "b", accumulates} on @c1
        : (tensor<4x16xf32>, tensor<16x16xf32>) into tensor<4x16xf32>
    return %y2 : tensor<4x16xf32>
  }
}
