// RUN: stream-opt %s --stream-annotate-cost | FileCheck %s
// RUN: stream-opt %s --stream-annotate-cost | stream-opt --stream-annotate-cost > %t.2
// RUN: stream-opt %s --stream-annotate-cost | cmp - %t.2
// RUN: stream-opt %s --stream-annotate-cost=threads=1 | cmp - %t.2
// RUN: rm -rf %t.cache
// RUN: stream-opt %s --stream-annotate-cost=cache=%t.cache | cmp - %t.2
// RUN: ls %t.cache | count 1
// RUN: stream-opt %s --stream-annotate-cost=cache=%t.cache | cmp - %t.2
// RUN: stream-opt %s --stream-annotate-cost=model=simple | FileCheck %s --check-prefix=SIMPLE
// SIMPLE: @mm_k0
// SIMPLE-SAME: #stream.cost<core = @c0, cycles = {{[0-9]+}}, compute = 12, {{.*}}utilization = 1.000000e+00 : f64, model = "simple">
// RUN: stream-opt %s --stream-annotate-cost=model=zigzag-3.8.5 | FileCheck %s --check-prefix=ZIGZAG
// ZIGZAG: @mm_k0
// ZIGZAG-SAME: model = "zigzag-3.8.5", detail = {{{.*}}proven = false
// RUN: not stream-opt %s --stream-annotate-cost=model=none 2>&1 | FileCheck %s --check-prefix=MODEL
// MODEL: none

// One price for each class of cores that runs the operator; prices of the user stay.
module {
  stream.accelerator @dual {
    stream.core @c0 compute array [4, 4] mac_pj 0.5 {
      stream.memory @sram size 1048576 holds [I1, I2, O] read_pj 1.0 write_pj 1.0
          ports [<rw read_write 64 to 64 [I1 fh, I1 tl, I2 fh, I2 tl, O fl, O th, O fh, O tl]>]
    }
    stream.core @c1 compute array [4, 4] mac_pj 0.5 operators [Conv, MatMul] {
      stream.memory @sram size 1048576 holds [I1, I2, O] read_pj 1.0 write_pj 1.0
          ports [<rw read_write 64 to 64 [I1 fh, I1 tl, I2 fh, I2 tl, O fl, O th, O fh, O tl]>]
    }
    stream.core @c2 compute array [4, 4] mac_pj 0.5 operators [Conv, MatMul] {
      stream.memory @sram size 1048576 holds [I1, I2, O] read_pj 1.0 write_pj 1.0
          ports [<rw read_write 64 to 64 [I1 fh, I1 tl, I2 fh, I2 tl, O fl, O th, O fh, O tl]>]
    }
    stream.core @dram offchip {
      stream.memory @dram size 100000000 holds [I1, I2, O] read_pj 100.0 write_pj 100.0
          ports [<rw read_write 64 to 64 [I1 fh, I1 tl, I2 fh, I2 tl, O fl, O th, O fh, O tl]>]
    }
    stream.bus @bus of [@c0, @c1, @c2, @dram] bandwidth 64
  }

  // 4 x 8 x 6 MACs on 4 x 4 units.
  // CHECK: @mm_k0
  // CHECK-SAME: #stream.cost<core = @c0, cycles = {{[0-9]+}}, compute = 12, {{.*}}utilization = 1.000000e+00 : f64, model = "exact",
  // CHECK-SAME: mapping = "D1: {{.*}}; D2: {{.*}}; O: {{.*}}[sram]; I: {{.*}}[sram]; W: {{.*}}[sram]"
  // CHECK-SAME: proven = true
  // CHECK-NOT: core = @c2
  func.func private @mm_k0(%a: tensor<4x6xf32> {stream.operand = "I1"}, %b: tensor<6x8xf32> {stream.operand = "I2"})
      -> tensor<4x8xf32> attributes {stream.kernel = {layer = "mm", operator = "MatMul"}} {
    %zero = arith.constant 0.0 : f32
    %e = tensor.empty() : tensor<4x8xf32>
    %f = linalg.fill ins(%zero : f32) outs(%e : tensor<4x8xf32>) -> tensor<4x8xf32>
    %r = linalg.matmul ins(%a, %b : tensor<4x6xf32>, tensor<6x8xf32>) outs(%f : tensor<4x8xf32>) -> tensor<4x8xf32>
    return %r : tensor<4x8xf32>
  }
  // CHECK: @exp_k0
  // CHECK-SAME: stream.costs = [#stream.cost<core = @c0, cycles = 7, energy_fj = 9>]
  func.func private @exp_k0(%a: tensor<2x8xf32> {stream.operand = "I1"}) -> tensor<2x8xf32>
      attributes {stream.kernel = {layer = "exp", operator = "Exp"},
                  stream.costs = [#stream.cost<core = @c0, cycles = 7, energy_fj = 9>]} {
    %e = tensor.empty() : tensor<2x8xf32>
    %r = linalg.exp ins(%a : tensor<2x8xf32>) outs(%e : tensor<2x8xf32>) -> tensor<2x8xf32>
    return %r : tensor<2x8xf32>
  }
}
