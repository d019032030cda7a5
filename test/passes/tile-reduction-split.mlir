// Reductions that plans split over cores: partial results as layers of their own, each on its core, and a layer that adds
// them up in order. Any combiner; the last part may be smaller; windows are cut with what they read.
// RUN: stream-compile %s --accelerator %examples/accelerators/homogeneous_quad.yaml --run -o %t.mlir --quiet 2>&1 | FileCheck %s
// RUN: FileCheck %s --input-file %t.mlir --check-prefix=IR
// RUN: stream-compile %s --accelerator %examples/accelerators/homogeneous_quad.yaml --run --tiles channel=2,row=2 --quiet | FileCheck %s --check-prefix=EXEC
// CHECK-DAG: note: layer 'floats' is reassociated: tiles or parts of its reduction add up floats in another order
// CHECK-DAG: executed: identical (174 elements)
// EXEC: executed: identical (174 elements)
// IR-DAG: func.func private @dense_part0_k0(%{{.*}}: tensor<1x4xi32> {{.*}}, %{{.*}}: tensor<4x7xi32>
// IR-DAG: func.func private @dense_part2_k0(%{{.*}}: tensor<1x3xi32> {{.*}}, %{{.*}}: tensor<3x7xi32>
// IR-DAG: stream.ct @dense_part0_k0({{.*}} on @conv_k32_c32_0
// IR-DAG: stream.ct @dense_part1_k0({{.*}} on @conv_k32_c32_1
// IR-DAG: stream.ct @dense_part2_k0({{.*}} on @conv_k32_c32_2
// IR-DAG: stream.ct @left_part2_k0({{.*}} on
// IR-DAG: stream.ct @floats_k0({{.*}}stream.reassociated
func.func @main(%x: tensor<5x11xi32>, %w: tensor<11x7xi32>, %i: tensor<1x4x6x6xi32>, %k: tensor<4x4x3x3xi32>, %f: tensor<6x8xf32>)
    -> (tensor<5x7xi32>, tensor<1x4x4x4xi32>, tensor<1x4x4x4xi32>, tensor<6xf32>, tensor<5xi32>) {
  %c7 = arith.constant 7 : i32
  %low = arith.constant -2147483648 : i32
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<5x7xi32>
  %z = linalg.fill ins(%c7 : i32) outs(%e : tensor<5x7xi32>) -> tensor<5x7xi32>
  %y = linalg.matmul {stream.layer = "dense", stream.plan = #stream.plan<split = [1, 1, 3], cores = [@conv_k32_c32_0, @conv_k32_c32_1, @conv_k32_c32_2]>}
      ins(%x, %w : tensor<5x11xi32>, tensor<11x7xi32>) outs(%z : tensor<5x7xi32>) -> tensor<5x7xi32>
  %ei = tensor.empty() : tensor<1x4x4x4xi32>
  %zi = linalg.fill ins(%c7 : i32) outs(%ei : tensor<1x4x4x4xi32>) -> tensor<1x4x4x4xi32>
  %c = linalg.conv_2d_nchw_fchw {stream.layer = "conv", stream.plan = #stream.plan<split = [1, 1, 1, 1, 1, 2]>}
      ins(%i, %k : tensor<1x4x6x6xi32>, tensor<4x4x3x3xi32>) outs(%zi : tensor<1x4x4x4xi32>) -> tensor<1x4x4x4xi32>
  %win = tensor.empty() : tensor<3x3xi32>
  %li = linalg.fill ins(%low : i32) outs(%ei : tensor<1x4x4x4xi32>) -> tensor<1x4x4x4xi32>
  %m = linalg.pooling_nchw_max {stream.plan = #stream.plan<split = [1, 1, 1, 1, 3]>}
      ins(%i, %win : tensor<1x4x6x6xi32>, tensor<3x3xi32>) outs(%li : tensor<1x4x4x4xi32>) -> tensor<1x4x4x4xi32>
  // Rounding may differ in general; these eight numbers in two parts are a sum of each part first.
  %ef = tensor.empty() : tensor<6xf32>
  %zf = linalg.fill ins(%zero : f32) outs(%ef : tensor<6xf32>) -> tensor<6xf32>
  %s = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0)>], iterator_types = ["parallel", "reduction"]}
      ins(%f : tensor<6x8xf32>) outs(%zf : tensor<6xf32>) attrs = {stream.layer = "floats", stream.plan = #stream.plan<split = [1, 2]>} {
  ^bb0(%a: f32, %o: f32):
    %t = arith.fptosi %a : f32 to i32
    %u = arith.sitofp %t : i32 to f32
    %r = arith.addf %o, %u : f32
    linalg.yield %r : f32
  } -> tensor<6xf32>
  // Differences: each part subtracts from zero, and these are added up.
  %ed = tensor.empty() : tensor<5xi32>
  %zd = linalg.fill ins(%c7 : i32) outs(%ed : tensor<5xi32>) -> tensor<5xi32>
  %d = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0)>], iterator_types = ["parallel", "reduction"]}
      ins(%x : tensor<5x11xi32>) outs(%zd : tensor<5xi32>) attrs = {stream.layer = "left", stream.plan = #stream.plan<split = [1, 3]>} {
  ^bb0(%a: i32, %o: i32):
    %t = arith.muli %a, %a : i32
    %r = arith.subi %o, %t : i32
    linalg.yield %r : i32
  } -> tensor<5xi32>
  return %y, %c, %m, %s, %d : tensor<5x7xi32>, tensor<1x4x4x4xi32>, tensor<1x4x4x4xi32>, tensor<6xf32>, tensor<5xi32>
}
