// Streamed operands (rule R9) as prices say them: weights that fit no core are read from off-chip while the CTs run.
// The partial sums of the second layer, too, stay off-chip: its first CT writes them there, the second adds to them
// where they are. What the first layer wrote is in no memory of the second one's core: it is fetched.
// RUN: stream-opt %s --stream-schedule -o %t.mlir
// RUN: FileCheck %s < %t.mlir
// RUN: stream-opt %t.mlir | stream-opt --stream-verify-schedule | cmp - %t.mlir
// RUN: stream-opt %t.mlir --stream-schedule | cmp - %t.mlir
// RUN: convert-schedule %t.mlir
// RUN: convert-same_results %t.mlir
// RUN: stream-opt %t.mlir --stream-lower=memories=explicit | FileCheck %s --check-prefix=EXPLICIT
// Where parts of a streamed operand pass, nothing else lasts: with them on x, it is seen.
// RUN: sed 's/streaming {I2 = {address = 2048/streaming {I2 = {address = 1024/' %t.mlir > %t.wrong.mlir
// RUN: not convert-same_results %t.wrong.mlir | FileCheck %s --check-prefix=WRONG
// WRONG: not ok 3
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
      stream.memory @dram size 10000000 holds [I1, I2, O] read_pj 1.0e+02 write_pj 1.0e+02
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
  // x and what a writes take 4096 of 4608 bits, and 512 are held for the parts of w1 that pass.
  // CHECK-LABEL: func.func @main(
  // CHECK-SAME: link_energy_fj = 12288000
  // CHECK-SAME: memory = @c0::@sram, peak_bits = 4608
  // CHECK-SAME: offchip_energy_fj = 38400000 : i64, offchip_read_bits = 20480 : i64, offchip_write_bits = 4096
  // CHECK: stream.ct @a_k0{{.*}} on @c0 at 32 to 288 address 2560 until 352 streaming {I2 = {address = 2048 : i64, read_over = [@l0], read_rate = 32 : i64}}
  // CHECK: stream.ct @b_k0{{.*}} on @c1 at 320 to 448 address 18432 until 448
  // CHECK-SAME: streaming {I2 = {address = 0 : i64, read_over = [@l1], read_rate = 32 : i64}, O = {address = 0 : i64, write_over = [@l1], write_rate = 16 : i64}}
  // CHECK: stream.ct @b_k1{{.*}} on @c1 at 448 to 576 address 18432 until 576
  // CHECK-SAME: O = {address = 0 : i64, read_over = [@l1], read_rate = 16 : i64, write_over = [@l1], write_rate = 16 : i64}}
  // CHECK-NOT: stream.transfer
  // EXPLICIT: call @poison{{.*}}(%[[C0:[a-z0-9]*]], %c256)
  // EXPLICIT: call @a_k0(%[[C0]], %c0, %[[DRAM:[a-z0-9]*]], %c256, %[[C0]], %c320)
  // EXPLICIT: call @b_k0(%[[C1:[a-z0-9]*]], %c0, %[[DRAM]], %c1280, %c0, %c0, %[[DRAM]], %c2304)
  // EXPLICIT-NEXT: call @b_k1(%[[C1]], %c128, %[[DRAM]], %c1280, %c8, %c0, %[[DRAM]], %c2304)
  func.func @main(%x: tensor<4x16xf32>, %w1: tensor<16x16xf32>, %w2: tensor<16x16xf32>) -> tensor<4x16xf32> {
    %t = tensor.empty() : tensor<4x16xf32>
    %y = tensor.empty() : tensor<4x16xf32>
    %t1 = stream.ct @a_k0(%x[0, 0], %w1[0, 0]) into %t[0, 0] {layer = "a"} on @c0
        : (tensor<4x16xf32>, tensor<16x16xf32>) into tensor<4x16xf32>
    %y1 = stream.ct @b_k0(%t1[0, 0], %w2[0, 0]) into %y[0, 0] {layer = "b"} on @c1
        : (tensor<4x16xf32>, tensor<16x16xf32>) into tensor<4x16xf32>
    %y2 = stream.ct @b_k1(%t1[0, 8], %w2[8, 0]) into %y1[0, 0] {layer = "b", accumulates} on @c1
        : (tensor<4x16xf32>, tensor<16x16xf32>) into tensor<4x16xf32>
    return %y2 : tensor<4x16xf32>
  }
}
