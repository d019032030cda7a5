// RUN: stream-opt %s --stream-tile | FileCheck %s
// RUN: stream-opt %s --stream-tile='rows=4 fuse-elementwise=false' | FileCheck %s --check-prefix=ROWS
// RUN: stream-opt %s --stream-tile='rows=4' | stream-opt | FileCheck %s --check-prefix=FUSED
// RUN: stream-opt %s --stream-tile > %t.1 && stream-opt %s --stream-tile > %t.2 && cmp %t.1 %t.2

// A padded convolution with bias and relu, two plans: the bias and the relu are in the kernel, the first and the last
// row have their own padding, the matmul's reduction is cut in two.
#row = affine_map<(d0, d1, d2, d3) -> (d1)>
#all = affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>
module {
  stream.accelerator @dual {
    stream.core @c0 compute array [4, 4] mac_pj 0.5 {
      stream.memory @sram size 1048576 holds [I1, I2, O] read_pj 1.0 write_pj 1.0
          ports [<rw read_write 64 to 64 [I1 fh, I1 tl, I2 fh, I2 tl, O fl, O th, O fh, O tl]>]
    }
    stream.core @c1 compute array [4, 4] mac_pj 0.5 operators [Conv, MatMul] post_processing [Add, Relu] {
      stream.memory @sram size 1048576 holds [I1, I2, O] read_pj 1.0 write_pj 1.0
          ports [<rw read_write 64 to 64 [I1 fh, I1 tl, I2 fh, I2 tl, O fl, O th, O fh, O tl]>]
    }
    stream.core @dram offchip {
      stream.memory @dram size 100000000 holds [I1, I2, O] read_pj 100.0 write_pj 100.0
          ports [<rw read_write 64 to 64 [I1 fh, I1 tl, I2 fh, I2 tl, O fl, O th, O fh, O tl]>]
    }
    stream.bus @bus of [@c0, @c1, @dram] bandwidth 64
  }

  // CHECK: func.func private @conv_k0(%[[X:.*]]: tensor<1x2x2x4xf32> {stream.operand = "I1"}, %[[W:.*]]: tensor<3x2x3x3xf32> {stream.operand = "I2"}, %{{.*}}: tensor<3xf32> {stream.operand = "I2"}) -> tensor<1x3x1x4xf32>
  // CHECK-SAME: stream.kernel = {fused = ["Add", "Relu"], layer = "conv", operator = "Conv"}
  // CHECK: tensor.pad %[[X]] low[0, 0, 1, 1] high[0, 0, 0, 1]
  // CHECK: linalg.conv_2d_nchw_fchw {{.*}} tensor<1x2x3x6xf32>, tensor<3x2x3x3xf32>
  // CHECK: arith.addf
  // CHECK: arith.maximumf
  // CHECK: func.func private @conv_k1(%{{.*}}: tensor<1x2x3x4xf32>
  // CHECK: low[0, 0, 0, 1] high[0, 0, 0, 1]
  // CHECK: func.func private @conv_k2(%{{.*}}: tensor<1x2x2x4xf32>
  // CHECK: low[0, 0, 0, 1] high[0, 0, 1, 1]
  // CHECK: func.func private @dense_k0(%{{.*}}: tensor<1x3x1x2xf32> {stream.operand = "I1"}, %{{.*}}: tensor<6x5xf32> {stream.operand = "I2"})
  // CHECK: func.func private @dense_k1(%{{.*}}: tensor<1x3x1x2xf32> {stream.operand = "I1"}, %{{.*}}: tensor<6x5xf32> {stream.operand = "I2"}, %[[O:.*]]: tensor<1x5xf32> {stream.operand = "O"})
  // CHECK: linalg.matmul {{.*}} outs(%[[O]] :

  // CHECK: func.func @main
  // CHECK: %[[T0:.*]] = tensor.empty() : tensor<1x3x4x4xf32>
  // CHECK: %[[T1:.*]] = stream.ct @conv_k0(%arg0[0, 0, 0, 0], %arg1[0, 0, 0, 0], %arg2[0]) into %[[T0]][0, 0, 0, 0]
  // CHECK: %[[T2:.*]] = stream.ct @conv_k1(%arg0[0, 0, 0, 0], {{.*}} into %[[T1]][0, 0, 1, 0]
  // CHECK: %[[T3:.*]] = stream.ct @conv_k1(%arg0[0, 0, 1, 0], {{.*}} into %[[T2]][0, 0, 2, 0]
  // CHECK: %[[T4:.*]] = stream.ct @conv_k2(%arg0[0, 0, 2, 0], {{.*}} into %[[T3]][0, 0, 3, 0]
  // CHECK: stream.ct @dense_k0(%{{.*}}[0, 0, 0, 0], %arg3[0, 0]) into
  // CHECK-SAME: cores = [@c1]
  // CHECK: stream.ct @dense_k1({{.*}}accumulates
  // CHECK-NOT: linalg
  // CHECK: tensor.expand_shape
  // CHECK-NEXT: return

  // ROWS: @conv_k0
  // ROWS: layer = "conv"
  // ROWS-NOT: arith.maximumf
  // ROWS: func.func private @generic_1_k0
  // ROWS: operator = "Add"
  // ROWS: func.func private @generic_2_k0
  // ROWS: operator = "Relu"

  // FUSED: @conv_k0
  // FUSED: tensor.pad %{{.*}} low[0, 0, 1, 1] high[0, 0, 1, 1]
  // FUSED: @main
  // FUSED-COUNT-1: stream.ct @conv_k0
  // FUSED-NOT: @conv_k1
  func.func @main(%x: tensor<1x2x4x4xf32>, %w: tensor<3x2x3x3xf32>, %b: tensor<3xf32>, %d: tensor<12x5xf32>)
      -> tensor<1x1x20xf32> {
    %zero = arith.constant 0.0 : f32
    %p = tensor.pad %x low[0, 0, 1, 1] high[0, 0, 1, 1] {
    ^bb0(%i: index, %j: index, %k: index, %l: index):
      tensor.yield %zero : f32
    } : tensor<1x2x4x4xf32> to tensor<1x2x6x6xf32>
    %e = tensor.empty() : tensor<1x3x4x4xf32>
    %f = linalg.fill ins(%zero : f32) outs(%e : tensor<1x3x4x4xf32>) -> tensor<1x3x4x4xf32>
    %c = linalg.conv_2d_nchw_fchw {stream.layer = "conv"}
        ins(%p, %w : tensor<1x2x6x6xf32>, tensor<3x2x3x3xf32>) outs(%f : tensor<1x3x4x4xf32>) -> tensor<1x3x4x4xf32>
    %s = linalg.generic {indexing_maps = [#all, #row, #all],
                         iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
        ins(%c, %b : tensor<1x3x4x4xf32>, tensor<3xf32>) outs(%e : tensor<1x3x4x4xf32>) {
    ^bb0(%u: f32, %v: f32, %o: f32):
      %t = arith.addf %u, %v : f32
      linalg.yield %t : f32
    } -> tensor<1x3x4x4xf32>
    %r = linalg.generic {indexing_maps = [#all, #all],
                         iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
        ins(%s : tensor<1x3x4x4xf32>) outs(%e : tensor<1x3x4x4xf32>) {
    ^bb0(%u: f32, %o: f32):
      %t = arith.maximumf %u, %zero : f32
      linalg.yield %t : f32
    } -> tensor<1x3x4x4xf32>
    %rows = tensor.empty() : tensor<1x4x4x3xf32>
    %q = linalg.transpose ins(%r : tensor<1x3x4x4xf32>) outs(%rows : tensor<1x4x4x3xf32>) permutation = [0, 2, 3, 1]
    %m = tensor.collapse_shape %q [[0, 1], [2, 3]] : tensor<1x4x4x3xf32> into tensor<4x12xf32>
    %g = tensor.empty() : tensor<4x5xf32>
    %h = linalg.fill ins(%zero : f32) outs(%g : tensor<4x5xf32>) -> tensor<4x5xf32>
    %y = linalg.matmul {stream.layer = "dense", stream.plan = #stream.plan<tile = [1, 0, 6], cores = [@c1]>}
        ins(%m, %d : tensor<4x12xf32>, tensor<12x5xf32>) outs(%h : tensor<4x5xf32>) -> tensor<4x5xf32>
    %z = tensor.collapse_shape %y [[0, 1]] : tensor<4x5xf32> into tensor<20xf32>
    %o = tensor.expand_shape %z [[0, 1, 2]] output_shape [1, 1, 20] : tensor<20xf32> into tensor<1x1x20xf32>
    return %o : tensor<1x1x20xf32>
  }
}
