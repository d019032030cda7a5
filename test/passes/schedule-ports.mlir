// Off-chip memory has a narrow port for I1 and O and a wide one for I2: weights leave over the latter, at its rate and
// its energy per access; the input at the same time over the former.
// RUN: stream-opt %s --stream-schedule --stream-verify-schedule | FileCheck %s
// CHECK-DAG: stream.transfer %{{.*}}[0, 0] [4, 8] from @dram::@dram address {{[0-9]+}} to [@c0::@sram] address {{.*}} over [@l0] rate 16 at 0 to 64 {source_operand = "I1", target_operand = "I1"}
// CHECK-DAG: stream.transfer %{{.*}}[0, 0] [8, 8] from @dram::@dram address {{[0-9]+}} to [@c0::@sram] address {{.*}} over [@l0] rate 128 at 0 to 16 {source_operand = "I2", target_operand = "I2"}
module {
  stream.accelerator @one {
    stream.core @c0 compute array [4, 4] mac_pj 0.5 {
      stream.memory @sram size 1048576 holds [I1, I2, O] read_pj 1.0 write_pj 1.0
          ports [<r read 256 to 256 [I1 tl, I2 tl, O tl, O th]>, <w write 256 to 256 [I1 fh, I2 fh, O fl, O fh]>]
    }
    stream.core @dram offchip {
      stream.memory @dram size 10000000 holds [I1, I2, O] read_pj 100.0 write_pj 100.0
          ports [<narrow read_write 16 to 16 [I1 tl, I1 fh, O tl, O th, O fl, O fh]>,
                 <wide read_write 128 to 128 [I2 tl, I2 fh]>]
    }
    stream.link @l0 between @c0, @dram bandwidth 256
  }
  func.func private @matmul_k0(%a: tensor<4x8xf32> {stream.operand = "I1"}, %b: tensor<8x8xf32> {stream.operand = "I2"})
      -> tensor<4x8xf32> attributes {stream.kernel = {layer = "matmul", operator = "MatMul"},
        stream.costs = [#stream.cost<core = @c0, cycles = 100, energy_fj = 1000, model = "table">]} {
    %z = arith.constant 0.0 : f32
    %e = tensor.empty() : tensor<4x8xf32>
    %f = linalg.fill ins(%z : f32) outs(%e : tensor<4x8xf32>) -> tensor<4x8xf32>
    %r = linalg.matmul ins(%a, %b : tensor<4x8xf32>, tensor<8x8xf32>) outs(%f : tensor<4x8xf32>) -> tensor<4x8xf32>
    return %r : tensor<4x8xf32>
  }
  func.func @main(%x: tensor<4x8xf32>, %w: tensor<8x8xf32>) -> tensor<4x8xf32> {
    %e0 = tensor.empty() : tensor<4x8xf32>
    %e1 = stream.ct @matmul_k0(%x[0, 0], %w[0, 0]) into %e0[0, 0] {layer = "matmul", stack = 0 : i64} on @c0
        : (tensor<4x8xf32>, tensor<8x8xf32>) into tensor<4x8xf32>
    return %e1 : tensor<4x8xf32>
  }
}
