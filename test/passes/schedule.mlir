// RUN: stream-opt %s --stream-schedule | FileCheck %s
// RUN: stream-opt %s --stream-schedule --stream-verify-schedule | FileCheck %s
// RUN: stream-opt %s --stream-schedule="policy=memory" | FileCheck %s
// Two rows through two layers, which change cores between the layers: the second fetch waits for the bus, so
// core c1 runs 8 cycles behind. Inputs are dropped when read; outputs go off-chip as they are finished.
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

// CHECK: func.func @main
// CHECK-SAME: bound = "offchip"
// CHECK-SAME: compute_energy_fj = 4000
// CHECK-SAME: ct_count = 4
// The four CTs take 4000; each of 1024 bits in, and out, takes 1562.5 off-chip, 15.625 on chip and 500 on the bus.
// CHECK-SAME: energy_bound_fj = 4260000
// CHECK-SAME: latency_cycles = 232
// CHECK-SAME: link_energy_fj = 1536000
// CHECK-SAME: lower_bound_cycles = 224
// CHECK-SAME: model = "table"
// CHECK-SAME: offchip_energy_fj = {{[0-9]+}} : i64, offchip_read_bits = 1024 : i64, offchip_write_bits = 1024 : i64, static_energy_fj = 0 : i64, transfer_count = 6
// CHECK: stream.resident %[[X:.*]] in @dram::@dram address 0 until 16
// CHECK: stream.transfer %[[X]][0, 0] [2, 8] from @dram::@dram address 0 to [@c0::@sram] address [0] until [108] over [@bus] rate 64 at 0 to 8
// CHECK: stream.transfer %[[X]][2, 0] [2, 8] from @dram::@dram address 0 to [@c1::@sram] address [0] until [116] over [@bus] rate 64 at 8 to 16
// CHECK: stream.ct @exp_k0(%[[X]][0, 0]) {{.*}} on @c0 at 8 to 108 address 512 until 116
// CHECK: stream.ct @exp_k0(%[[X]][2, 0]) {{.*}} on @c1 at 16 to 116 address 512 until 124
// CHECK: stream.transfer {{.*}} from @c0::@sram address 512 to [@c1::@sram] address [1024] until [216] over [@bus] rate 64 at 108 to 116
// CHECK: stream.transfer {{.*}} from @c1::@sram address 512 to [@c0::@sram] address [1024] until [224] over [@bus] rate 64 at 116 to 124
// CHECK: stream.ct {{.*}} on @c1 at 116 to 216 address 0 until 224
// CHECK: stream.ct {{.*}} on @c0 at 124 to 224 address 0 until 232
// CHECK: stream.transfer {{.*}} from @c1::@sram {{.*}} at 216 to 224
// CHECK: stream.transfer {{.*}} from @c0::@sram {{.*}} at 224 to 232
