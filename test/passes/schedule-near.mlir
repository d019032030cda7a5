// Two weights take turns in a memory that holds one of them beside what is computed. When the first comes from off-chip
// memory once more, a memory without a core that lies on its way keeps it; the next time it comes from there. So does
// the second one: each is read from off-chip memory twice, not three times.
// RUN: stream-opt %s --stream-schedule="policy=given" --stream-verify-schedule | FileCheck %s
// CHECK: offchip_read_bits = 10240
// CHECK: stream.transfer %[[W:.*]][0, 0] [8, 8] from @dram::@dram address {{[0-9]+}} to [@c0::@sram, @l2::@l2] address
// CHECK: stream.transfer %[[W]][0, 0] [8, 8] from @l2::@l2 address {{[0-9]+}} to [@c0::@sram] address
module {
  stream.accelerator @chain {
    stream.core @c0 compute array [4, 4] mac_pj 0.5 {
      stream.memory @sram size 6144 holds [I1, I2, O] read_pj 1.0 write_pj 1.0
          ports [<r read 64 to 64 [I1 tl, I2 tl, O tl, O th]>, <w write 64 to 64 [I1 fh, I2 fh, O fl, O fh]>]
    }
    stream.core @l2 memory {
      stream.memory @l2 size 65536 holds [I1, I2, O] read_pj 4.0 write_pj 4.0
          ports [<r read 64 to 64 [I1 tl, I2 tl, O tl, O th]>, <w write 64 to 64 [I1 fh, I2 fh, O fl, O fh]>]
    }
    stream.core @dram offchip {
      stream.memory @dram size 10000000 holds [I1, I2, O] read_pj 100.0 write_pj 100.0
          ports [<r read 64 to 64 [I1 tl, I2 tl, O tl, O th]>, <w write 64 to 64 [I1 fh, I2 fh, O fl, O fh]>]
    }
    stream.link @near between @c0, @l2 bandwidth 64
    stream.link @far between @l2, @dram bandwidth 64
  }
  func.func private @matmul_k0(%a: tensor<8x8xf32> {stream.operand = "I1"}, %b: tensor<8x8xf32> {stream.operand = "I2"})
      -> tensor<8x8xf32> attributes {stream.kernel = {layer = "matmul", operator = "MatMul"},
        stream.costs = [#stream.cost<core = @c0, cycles = 100, energy_fj = 1000, model = "table">]} {
    %z = arith.constant 0.0 : f32
    %e = tensor.empty() : tensor<8x8xf32>
    %f = linalg.fill ins(%z : f32) outs(%e : tensor<8x8xf32>) -> tensor<8x8xf32>
    %r = linalg.matmul ins(%a, %b : tensor<8x8xf32>, tensor<8x8xf32>) outs(%f : tensor<8x8xf32>) -> tensor<8x8xf32>
    return %r : tensor<8x8xf32>
  }
  func.func @main(%x: tensor<8x8xf32>, %w0: tensor<8x8xf32>, %w1: tensor<8x8xf32>) -> tensor<8x8xf32> {
    %e0 = tensor.empty() : tensor<8x8xf32>
    %y0 = stream.ct @matmul_k0(%x[0, 0], %w0[0, 0]) into %e0[0, 0] {layer = "m0", stack = 0 : i64} on @c0
        : (tensor<8x8xf32>, tensor<8x8xf32>) into tensor<8x8xf32>
    %e1 = tensor.empty() : tensor<8x8xf32>
    %y1 = stream.ct @matmul_k0(%y0[0, 0], %w1[0, 0]) into %e1[0, 0] {layer = "m1", stack = 0 : i64} on @c0
        : (tensor<8x8xf32>, tensor<8x8xf32>) into tensor<8x8xf32>
    %e2 = tensor.empty() : tensor<8x8xf32>
    %y2 = stream.ct @matmul_k0(%y1[0, 0], %w0[0, 0]) into %e2[0, 0] {layer = "m2", stack = 0 : i64} on @c0
        : (tensor<8x8xf32>, tensor<8x8xf32>) into tensor<8x8xf32>
    %e3 = tensor.empty() : tensor<8x8xf32>
    %y3 = stream.ct @matmul_k0(%y2[0, 0], %w1[0, 0]) into %e3[0, 0] {layer = "m3", stack = 0 : i64} on @c0
        : (tensor<8x8xf32>, tensor<8x8xf32>) into tensor<8x8xf32>
    %e4 = tensor.empty() : tensor<8x8xf32>
    %y4 = stream.ct @matmul_k0(%y3[0, 0], %w0[0, 0]) into %e4[0, 0] {layer = "m4", stack = 0 : i64} on @c0
        : (tensor<8x8xf32>, tensor<8x8xf32>) into tensor<8x8xf32>
    %e5 = tensor.empty() : tensor<8x8xf32>
    %y5 = stream.ct @matmul_k0(%y4[0, 0], %w1[0, 0]) into %e5[0, 0] {layer = "m5", stack = 0 : i64} on @c0
        : (tensor<8x8xf32>, tensor<8x8xf32>) into tensor<8x8xf32>
    return %y5 : tensor<8x8xf32>
  }
}
