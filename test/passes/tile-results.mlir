// Results that are written through different maps become one layer each, which computes what its own results need and no
// more: the negation is not in the first one, the sum not in the second; the third result, which nobody uses, in neither.
// RUN: stream-compile %s --accelerator %examples/accelerators/homogeneous_quad.yaml --quiet --rows 1 --evaluations 0 -o - 2>&1 | FileCheck %s
// CHECK: note: its results are not written alike: it becomes 2 layers, each of which computes what its own results need
// CHECK: func.func private @both_k0(%{{.*}}: tensor<1x10xf32> {{.*}}) -> tensor<1x10xf32>
// CHECK: arith.addf
// CHECK-NOT: arith.
// CHECK: return
// CHECK: func.func private @both_1_k0(%{{.*}}: tensor<1x10xf32> {{.*}}) -> tensor<10x1xf32>
// CHECK-NOT: arith.addf
// CHECK: arith.negf
// CHECK-NOT: arith.
// CHECK: return
#id = affine_map<(i, j) -> (i, j)>
func.func @main(%x: tensor<6x10xf32>) -> (tensor<6x10xf32>, tensor<10x6xf32>) {
  %e = tensor.empty() : tensor<6x10xf32>
  %t = tensor.empty() : tensor<10x6xf32>
  %i = tensor.empty() : tensor<6x10xi32>
  %r:3 = linalg.generic {indexing_maps = [#id, #id, affine_map<(i, j) -> (j, i)>, #id], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<6x10xf32>) outs(%e, %t, %i : tensor<6x10xf32>, tensor<10x6xf32>, tensor<6x10xi32>) attrs = {stream.layer = "both"} {
  ^bb0(%v: f32, %o: f32, %p: f32, %q: i32):
    %d = arith.addf %v, %v : f32
    %n = arith.negf %v : f32
    %k = arith.fptosi %d : f32 to i32
    linalg.yield %d, %n, %k : f32, f32, i32
  } -> (tensor<6x10xf32>, tensor<10x6xf32>, tensor<6x10xi32>)
  return %r#0, %r#1 : tensor<6x10xf32>, tensor<10x6xf32>
}
