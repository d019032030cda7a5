// Ops that write a part of their result: the rest of the destination stays, in the program as it is and in CTs. Their maps are
// not boxes, so that each is one CT; what reads them is tiled.
// RUN: stream-compile %s --accelerator %examples/accelerators/homogeneous_quad.yaml --run --quiet --evaluations 0 2>&1 | FileCheck %s
// RUN: stream-compile %s --accelerator %examples/accelerators/homogeneous_quad.yaml --run --quiet --evaluations 0 --tiles row=3,parallel=/2 --memories explicit 2>&1 | FileCheck %s
// CHECK-DAG: layer 'shifted' is one CT: it writes a dimension of its result through a map that is neither a loop of its own nor 0
// CHECK-DAG: executed: identical (157 elements)
func.func @partial(%x: tensor<5x6xf32>, %d: tensor<8x6xf32>, %s: tensor<7x7xf32>, %t: tensor<3x4x5xf32>, %v: tensor<7xf32>)
    -> (tensor<8x6xf32>, tensor<7x7xf32>, tensor<3x4x5xf32>) {
  %shifted = linalg.generic {indexing_maps = [affine_map<(a, b) -> (a, b)>, affine_map<(a, b) -> (a + 2, b)>], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<5x6xf32>) outs(%d : tensor<8x6xf32>) attrs = {stream.layer = "shifted"} {
  ^bb0(%e: f32, %o: f32):
    %r = arith.negf %e : f32
    linalg.yield %r : f32
  } -> tensor<8x6xf32>
  %ed = tensor.empty() : tensor<8x6xf32>
  %y = linalg.exp ins(%shifted : tensor<8x6xf32>) outs(%ed : tensor<8x6xf32>) -> tensor<8x6xf32>
  %diagonal = linalg.generic {indexing_maps = [affine_map<(a) -> (a)>, affine_map<(a) -> (a, a)>], iterator_types = ["parallel"]}
      ins(%v : tensor<7xf32>) outs(%s : tensor<7x7xf32>) {
  ^bb0(%e: f32, %o: f32):
    linalg.yield %e : f32
  } -> tensor<7x7xf32>
  %slice = linalg.generic {indexing_maps = [affine_map<(a, b) -> (a, b)>, affine_map<(a, b) -> (1, b floordiv 2, a)>], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<5x6xf32>) outs(%t : tensor<3x4x5xf32>) {
  ^bb0(%e: f32, %o: f32):
    %r = arith.addf %e, %e : f32
    linalg.yield %r : f32
  } -> tensor<3x4x5xf32>
  return %y, %diagonal, %slice : tensor<8x6xf32>, tensor<7x7xf32>, tensor<3x4x5xf32>
}
