// RUN: stream-opt %s --stream-allocate | FileCheck %s
// RUN: stream-opt %s --stream-allocate="threads=1" | FileCheck %s
// RUN: stream-opt %s --stream-allocate="objective=energy evaluations=0" --stream-schedule --stream-verify-schedule | FileCheck %s --check-prefix=RUNS
// Two rows through two layers: one row per core, in both layers. A row that is pinned takes its row of the
// other layer along.
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
    %f1 = stream.ct @exp_k0(%e2[0, 0]) into %f0[0, 0] {layer = "exp2", stack = 0 : i64} on @c1
        : (tensor<4x8xf32>) into tensor<4x8xf32>
    %f2 = stream.ct @exp_k0(%e2[2, 0]) into %f1[2, 0] {layer = "exp2", stack = 0 : i64}
        : (tensor<4x8xf32>) into tensor<4x8xf32>
    return %f2 : tensor<4x8xf32>
  }
}

// CHECK: func.func @main({{.*}}) -> tensor<4x8xf32> attributes {stream.objective = "latency", stream.policy = "{{latency|memory|ahead|demand}}"}
// CHECK: stream.ct @exp_k0({{.*}}[0, 0]) into %{{.*}}[0, 0] {{.*}} on @c1
// CHECK: stream.ct @exp_k0({{.*}}[2, 0]) into %{{.*}}[2, 0] {{.*}} on @c0
// CHECK: stream.ct @exp_k0({{.*}}[0, 0]) into %{{.*}}[0, 0] {{.*}} on @c1
// CHECK: stream.ct @exp_k0({{.*}}[2, 0]) into %{{.*}}[2, 0] {{.*}} on @c0
// RUNS: latency_cycles
