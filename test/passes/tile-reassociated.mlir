// Reduction loops in tiles: sums of integers and maxima are equal bit for bit in any order. Sums of floats are too while
// the order stays that of the loop nest; where it does not, the IR and a remark say so.
// RUN: stream-compile %s --accelerator %examples/accelerators/homogeneous_quad.yaml --tiles reduction=2 -o %t.all.mlir --quiet 2>&1 | FileCheck %s --check-prefix=REMARK
// RUN: FileCheck %s --input-file %t.all.mlir --check-prefix=ALL
// RUN: stream-compile %s --accelerator %examples/accelerators/homogeneous_quad.yaml --tiles outer-reduction=2 -o %t.outer.mlir --run --quiet 2>&1 | FileCheck %s --check-prefix=OUTER
// RUN: FileCheck %s --input-file %t.outer.mlir --check-prefix=NONE
// REMARK-NOT: layer 'ints'
// REMARK-NOT: layer 'max'
// REMARK: note: layer 'floats' is reassociated: tiles or parts of its reduction add up floats in another order
// ALL: stream.ct @floats_k{{.*}} {{[{](accumulates, )?}}layer = "floats", stack = 0 : i64, stream.reassociated}
// NONE-NOT: reassociated
// OUTER-NOT: reassociated
// OUTER: executed: identical (192 elements)
func.func @main(%x: tensor<1x4x6x6xi32>, %w: tensor<4x4x3x3xi32>, %y: tensor<1x4x6x6xf32>, %v: tensor<4x4x3x3xf32>)
    -> (tensor<1x4x4x4xi32>, tensor<1x4x4x4xf32>, tensor<1x4x4x4xf32>) {
  %izero = arith.constant 0 : i32
  %zero = arith.constant 0.0 : f32
  %low = arith.constant 0xFF800000 : f32
  %ei = tensor.empty() : tensor<1x4x4x4xi32>
  %zi = linalg.fill ins(%izero : i32) outs(%ei : tensor<1x4x4x4xi32>) -> tensor<1x4x4x4xi32>
  %i = linalg.conv_2d_nchw_fchw {stream.layer = "ints"} ins(%x, %w : tensor<1x4x6x6xi32>, tensor<4x4x3x3xi32>) outs(%zi : tensor<1x4x4x4xi32>) -> tensor<1x4x4x4xi32>
  %ef = tensor.empty() : tensor<1x4x4x4xf32>
  %win = tensor.empty() : tensor<3x3xf32>
  %lf = linalg.fill ins(%low : f32) outs(%ef : tensor<1x4x4x4xf32>) -> tensor<1x4x4x4xf32>
  %m = linalg.pooling_nchw_max {stream.layer = "max"} ins(%y, %win : tensor<1x4x6x6xf32>, tensor<3x3xf32>) outs(%lf : tensor<1x4x4x4xf32>) -> tensor<1x4x4x4xf32>
  %zf = linalg.fill ins(%zero : f32) outs(%ef : tensor<1x4x4x4xf32>) -> tensor<1x4x4x4xf32>
  %f = linalg.conv_2d_nchw_fchw {stream.layer = "floats"} ins(%y, %v : tensor<1x4x6x6xf32>, tensor<4x4x3x3xf32>) outs(%zf : tensor<1x4x4x4xf32>) -> tensor<1x4x4x4xf32>
  return %i, %m, %f : tensor<1x4x4x4xi32>, tensor<1x4x4x4xf32>, tensor<1x4x4x4xf32>
}
