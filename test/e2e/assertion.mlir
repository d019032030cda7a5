// An assertion of the network that the pseudo-random inputs do not satisfy (they are indices into 3 elements, and one is 2).
// RUN: not stream-compile %s --accelerator %examples/accelerators/single_core.yaml --run --quiet 2>&1 | FileCheck %s
// CHECK-DAG: no such element
// CHECK-DAG: assertion.mlir:[[#@LINE+2]]:1: error: an assertion of the network (cf.assert) does not hold for the pseudo-random inputs: it cannot be executed with them
#id = affine_map<(d0) -> (d0)>
func.func @main(%x: tensor<3xf32>, %i: tensor<16xi32>) -> tensor<16xf32> {
  %c2 = arith.constant 2 : index
  %e = tensor.empty() : tensor<16xf32>
  %y = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]} ins(%i : tensor<16xi32>) outs(%e : tensor<16xf32>) {
  ^bb0(%v: i32, %o: f32):
    %at = arith.index_cast %v : i32 to index
    %in = arith.cmpi slt, %at, %c2 : index
    cf.assert %in, "no such element"
    %r = tensor.extract %x[%at] : tensor<3xf32>
    linalg.yield %r : f32
  } -> tensor<16xf32>
  return %y : tensor<16xf32>
}
