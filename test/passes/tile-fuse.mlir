// Element-wise ops behind a layer: in its kernel where every core that may run it can post-process them, else layers of
// their own; `fuse` in a plan decides otherwise.
// RUN: stream-opt %s --stream-tile='report' -o %t.mlir 2>&1 | FileCheck %s --check-prefix=REMARK
// RUN: FileCheck %s --input-file %t.mlir
// RUN: stream-opt %s --stream-tile='report fuse-elementwise=false' -o %t.off.mlir 2>&1 | FileCheck %s --check-prefix=OFF
// RUN: stream-opt %t.mlir --stream-annotate-cost='model=simple' | FileCheck %s --check-prefix=COST

// REMARK-DAG: 'bias' is fused into layer 'conv': 2 cores that may run 'conv' can post-process Add
// REMARK-DAG: 'relu' is fused into layer 'conv': 2 cores that may run 'conv' can post-process Relu
// REMARK-DAG: 'sigmoid' is not fused into layer 'conv': core 'c0', which may run 'conv', lists no post-processing operator 'Sigmoid'
// REMARK-DAG: 'residual' is fused into layer 'conv2': 2 cores that may run 'conv2' can post-process Add
// REMARK-DAG: 'kept' is not fused into layer 'conv2': fuse = never says so
// REMARK-DAG: 'twice' is not fused into layer 'kept': something else reads its result, too
// REMARK-DAG: 'turned' is not fused into layer 'kept': it reads it in another order
// REMARK-DAG: 'requantized' is fused into layer 'dense': fuse = always says so, and 2 cores that may run 'dense' can post-process Cast
// REMARK-DAG: 'planned' is not fused into layer 'dense': its #stream.plan makes it a layer of its own
// OFF-DAG: 'bias' is not fused into layer 'conv': fusion of element-wise ops is off
// OFF-DAG: 'requantized' is fused into layer 'dense': fuse = always says so, and 2 cores

// CHECK-DAG: func.func private @conv_k0({{.*}}stream.kernel = {fused = ["Add", "Relu"], layer = "conv", operator = "Conv"}
// The other input of the residual is one more input of the kernel.
// CHECK-DAG: func.func private @conv2_k0(%{{.*}}: tensor<1x2x1x4xi32> {stream.operand = "I1"}, %{{.*}}: tensor<2x2x1x1xi32> {stream.operand = "I2"}, %{{.*}}: tensor<1x2x1x4xi32> {stream.operand = "I1"}){{.*}}fused = ["Add"]
// CHECK-DAG: func.func private @dense_k0({{.*}} -> tensor<1x3xi8> attributes {stream.kernel = {fused = ["Cast"]
// CHECK-NOT: layer = "bias"
// CHECK-NOT: layer = "residual"

// Two operations of 0.25 pJ on each of 1 x 2 x 1 x 4 results, on the core that has such a unit.
// COST: func.func private @conv_k0({{.*}}<core = @c0, {{.*}} mac_energy_fj = 76000,{{.*}}<core = @c1, {{.*}} mac_energy_fj = 72000,

#all = affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>
#channel = affine_map<(d0, d1, d2, d3) -> (d1)>
#turned = affine_map<(d0, d1, d2, d3) -> (d0, d1, -d2 + 3, d3)>
#two = affine_map<(d0, d1) -> (d0, d1)>
module {
  stream.accelerator @dual {
    stream.core @c0 compute array [4, 4] mac_pj 0.5 operators [Conv, MatMul, Add] post_processing [Add, Relu, QuantizeLinear] post_ops_per_cycle 1 post_pj 0.25 {
      stream.memory @sram size 1048576 holds [I1, I2, O] read_pj 1.0 write_pj 1.0
          ports [<rw read_write 64 to 64 [I1 fh, I1 tl, I2 fh, I2 tl, O fl, O th, O fh, O tl]>]
    }
    stream.core @c1 compute array [4, 4] mac_pj 0.5 {
      stream.memory @sram size 1048576 holds [I1, I2, O] read_pj 1.0 write_pj 1.0
          ports [<rw read_write 64 to 64 [I1 fh, I1 tl, I2 fh, I2 tl, O fl, O th, O fh, O tl]>]
    }
    stream.core @dram offchip {
      stream.memory @dram size 100000000 holds [I1, I2, O] read_pj 100.0 write_pj 100.0
          ports [<rw read_write 64 to 64 [I1 fh, I1 tl, I2 fh, I2 tl, O fl, O th, O fh, O tl]>]
    }
    stream.bus @bus of [@c0, @c1, @dram] bandwidth 64
  }

  func.func @main(%x: tensor<1x2x6x6xf32>, %w: tensor<2x2x3x3xf32>, %b: tensor<2xf32>, %i: tensor<1x2x4x4xi32>,
                  %w1: tensor<2x2x1x1xi32>, %a: tensor<4x6xi8>, %d: tensor<6x3xi8>)
      -> (tensor<1x2x4x4xf32>, tensor<1x2x4x4xi32>, tensor<1x2x4x4xi32>, tensor<4x3xi8>) {
    %zero = arith.constant 0.0 : f32
    %one = arith.constant 1.0 : f32
    %c0 = arith.constant 0 : i32
    %c3 = arith.constant 3 : i32
    %lo = arith.constant -128 : i32
    %hi = arith.constant 127 : i32
    %e = tensor.empty() : tensor<1x2x4x4xf32>
    %f = linalg.fill ins(%zero : f32) outs(%e : tensor<1x2x4x4xf32>) -> tensor<1x2x4x4xf32>
    %c = linalg.conv_2d_nchw_fchw {stream.layer = "conv"}
        ins(%x, %w : tensor<1x2x6x6xf32>, tensor<2x2x3x3xf32>) outs(%f : tensor<1x2x4x4xf32>) -> tensor<1x2x4x4xf32>
    %s = linalg.generic {indexing_maps = [#all, #channel, #all], iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
        ins(%c, %b : tensor<1x2x4x4xf32>, tensor<2xf32>) outs(%e : tensor<1x2x4x4xf32>) attrs = {stream.layer = "bias"} {
    ^bb0(%u: f32, %v: f32, %o: f32):
      %t = arith.addf %u, %v : f32
      linalg.yield %t : f32
    } -> tensor<1x2x4x4xf32>
    %r = linalg.generic {indexing_maps = [#all, #all], iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
        ins(%s : tensor<1x2x4x4xf32>) outs(%e : tensor<1x2x4x4xf32>) attrs = {stream.layer = "relu"} {
    ^bb0(%u: f32, %o: f32):
      %g = arith.cmpf ugt, %u, %zero : f32
      %t = arith.select %g, %u, %zero : f32
      linalg.yield %t : f32
    } -> tensor<1x2x4x4xf32>
    %q = linalg.generic {indexing_maps = [#all, #all], iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
        ins(%r : tensor<1x2x4x4xf32>) outs(%e : tensor<1x2x4x4xf32>) attrs = {stream.layer = "sigmoid"} {
    ^bb0(%u: f32, %o: f32):
      %n = arith.negf %u : f32
      %p = math.exp %n : f32
      %m = arith.addf %p, %one : f32
      %t = arith.divf %one, %m : f32
      linalg.yield %t : f32
    } -> tensor<1x2x4x4xf32>
    %ei = tensor.empty() : tensor<1x2x4x4xi32>
    %fi = linalg.fill ins(%c0 : i32) outs(%ei : tensor<1x2x4x4xi32>) -> tensor<1x2x4x4xi32>
    %pool = tensor.empty() : tensor<1x1xi32>
    %y1 = linalg.conv_2d_nchw_fchw {stream.layer = "conv1"}
        ins(%i, %w1 : tensor<1x2x4x4xi32>, tensor<2x2x1x1xi32>) outs(%fi : tensor<1x2x4x4xi32>) -> tensor<1x2x4x4xi32>
    %y2 = linalg.conv_2d_nchw_fchw {stream.layer = "conv2"}
        ins(%y1, %w1 : tensor<1x2x4x4xi32>, tensor<2x2x1x1xi32>) outs(%fi : tensor<1x2x4x4xi32>) -> tensor<1x2x4x4xi32>
    %y3 = linalg.generic {indexing_maps = [#all, #all, #all], iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
        ins(%y1, %y2 : tensor<1x2x4x4xi32>, tensor<1x2x4x4xi32>) outs(%ei : tensor<1x2x4x4xi32>) attrs = {stream.layer = "residual"} {
    ^bb0(%u: i32, %v: i32, %o: i32):
      %t = arith.addi %u, %v : i32
      linalg.yield %t : i32
    } -> tensor<1x2x4x4xi32>
    %y4 = linalg.generic {indexing_maps = [#all, #all], iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
        ins(%y3 : tensor<1x2x4x4xi32>) outs(%ei : tensor<1x2x4x4xi32>) attrs = {stream.layer = "kept", stream.plan = #stream.plan<fuse = never>} {
    ^bb0(%u: i32, %o: i32):
      %t = arith.addi %u, %u : i32
      linalg.yield %t : i32
    } -> tensor<1x2x4x4xi32>
    %y5 = linalg.generic {indexing_maps = [#all, #all], iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
        ins(%y4 : tensor<1x2x4x4xi32>) outs(%ei : tensor<1x2x4x4xi32>) attrs = {stream.layer = "twice"} {
    ^bb0(%u: i32, %o: i32):
      %t = arith.addi %u, %c3 : i32
      linalg.yield %t : i32
    } -> tensor<1x2x4x4xi32>
    %y6 = linalg.generic {indexing_maps = [#turned, #all], iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
        ins(%y4 : tensor<1x2x4x4xi32>) outs(%ei : tensor<1x2x4x4xi32>) attrs = {stream.layer = "turned"} {
    ^bb0(%u: i32, %o: i32):
      %t = arith.addi %u, %c3 : i32
      linalg.yield %t : i32
    } -> tensor<1x2x4x4xi32>
    %ed = tensor.empty() : tensor<4x3xi32>
    %fd = linalg.fill ins(%c0 : i32) outs(%ed : tensor<4x3xi32>) -> tensor<4x3xi32>
    %m = linalg.matmul {stream.layer = "dense"}
        ins(%a, %d : tensor<4x6xi8>, tensor<6x3xi8>) outs(%fd : tensor<4x3xi32>) -> tensor<4x3xi32>
    %e8 = tensor.empty() : tensor<4x3xi8>
    %z = linalg.generic {indexing_maps = [#two, #two], iterator_types = ["parallel", "parallel"]}
        ins(%m : tensor<4x3xi32>) outs(%e8 : tensor<4x3xi8>) attrs = {stream.layer = "requantized", stream.plan = #stream.plan<fuse = always>} {
    ^bb0(%u: i32, %o: i8):
      %k = arith.shrsi %u, %c3 : i32
      %l = arith.maxsi %k, %lo : i32
      %h = arith.minsi %l, %hi : i32
      %t = arith.trunci %h : i32 to i8
      linalg.yield %t : i8
    } -> tensor<4x3xi8>
    %z2 = linalg.generic {indexing_maps = [#two, #two], iterator_types = ["parallel", "parallel"]}
        ins(%z : tensor<4x3xi8>) outs(%e8 : tensor<4x3xi8>) attrs = {stream.layer = "planned", stream.plan = #stream.plan<tile = [2, 0]>} {
    ^bb0(%u: i8, %o: i8):
      %t = arith.addi %u, %u : i8
      linalg.yield %t : i8
    } -> tensor<4x3xi8>
    return %q, %y5, %y6, %z2 : tensor<1x2x4x4xf32>, tensor<1x2x4x4xi32>, tensor<1x2x4x4xi32>, tensor<4x3xi8>
  }
}
