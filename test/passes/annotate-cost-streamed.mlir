// RUN: stream-opt %s --stream-annotate-cost | FileCheck %s
// RUN: stream-opt %s --stream-annotate-cost | stream-opt --stream-annotate-cost > %t.2
// RUN: stream-opt %s --stream-annotate-cost | cmp - %t.2

// Weights of 64 x 64 x 8 = 32,768 bits do not fit the sram: they are streamed from off-chip, which is the
// outermost level of their mapping. The energy of the off-chip accesses is not the kernel's.
module {
  stream.accelerator @single {
    stream.core @c0 compute array [4, 4] mac_pj 0.5 {
      stream.memory @rf size 8 holds [I2] read_pj 0.1 write_pj 0.1
          ports [<r read 8 to 8 [I2 tl]>, <w write 8 to 8 [I2 fh]>]
      stream.memory @sram size 16384 holds [I1, I2, O] shared_by [D1, D2] read_pj 1.0 write_pj 1.0
          ports [<rw read_write 64 to 256 [I1 fh, I1 tl, I2 fh, I2 tl, O fl, O th, O fh, O tl]>]
    }
    stream.core @dram offchip {
      stream.memory @dram size 100000000 holds [I1, I2, O] read_pj 100.0 write_pj 100.0
          ports [<rw read_write 64 to 64 [I1 fh, I1 tl, I2 fh, I2 tl, O fl, O th, O fh, O tl]>]
    }
    stream.link @l between @c0, @dram bandwidth 64
  }

  // CHECK: @mm_k0
  // CHECK-SAME: #stream.cost<core = @c0, {{.*}}model = "exact",
  // CHECK-SAME: W: {{.*}}[dram]
  // CHECK-NOT: dram =
  // CHECK-SAME: streamed = {I2 = {buffer_bits = 4096 : i64, offchip_energy_fj = 51200000 : i64, read_bits = 32768 : i64, read_bits_per_cycle = {{[0-9]+}} : i64, write_bits = 0 : i64, write_bits_per_cycle = 0 : i64}}
  func.func private @mm_k0(%a: tensor<4x64xi8> {stream.operand = "I1"}, %b: tensor<64x64xi8> {stream.operand = "I2"})
      -> tensor<4x64xi32> attributes {stream.kernel = {layer = "mm", operator = "MatMul"}} {
    %zero = arith.constant 0 : i32
    %e = tensor.empty() : tensor<4x64xi32>
    %f = linalg.fill ins(%zero : i32) outs(%e : tensor<4x64xi32>) -> tensor<4x64xi32>
    %r = linalg.matmul ins(%a, %b : tensor<4x64xi8>, tensor<64x64xi8>) outs(%f : tensor<4x64xi32>) -> tensor<4x64xi32>
    return %r : tensor<4x64xi32>
  }

  // A table of the user's stays, whatever it says.
  // CHECK: @mm_k1
  // CHECK-SAME: stream.costs = [#stream.cost<core = @c0, cycles = 1000, energy_fj = 9, model = "measured", detail = {streamed = {I2 = {read_bits = 64000 : i64, read_bits_per_cycle = 64 : i64}}}>]
  func.func private @mm_k1(%a: tensor<4x64xi8> {stream.operand = "I1"}, %b: tensor<64x64xi8> {stream.operand = "I2"})
      -> tensor<4x64xi32> attributes {stream.kernel = {layer = "mm", operator = "MatMul"},
        stream.costs = [#stream.cost<core = @c0, cycles = 1000, energy_fj = 9, model = "measured",
                        detail = {streamed = {I2 = {read_bits = 64000 : i64, read_bits_per_cycle = 64 : i64}}}>]} {
    %zero = arith.constant 0 : i32
    %e = tensor.empty() : tensor<4x64xi32>
    %f = linalg.fill ins(%zero : i32) outs(%e : tensor<4x64xi32>) -> tensor<4x64xi32>
    %r = linalg.matmul ins(%a, %b : tensor<4x64xi8>, tensor<64x64xi8>) outs(%f : tensor<4x64xi32>) -> tensor<4x64xi32>
    return %r : tensor<4x64xi32>
  }
}
