// Two layers of equal shape, and a fill of it: --cse gives them one tensor.empty, before and after scheduling. What
// CTs write there are two tensors still.
// RUN: cat %S/../tools/accelerator.txt %s > %t.mlir
// RUN: stream-opt %t.mlir --stream-tile --cse --stream-annotate-cost --stream-allocate --stream-schedule --cse \
// RUN:     --stream-verify-schedule --stream-lower="memories=explicit" -o /dev/null
// RUN: stream-opt %t.mlir --stream-tile --stream-annotate-cost --stream-allocate --stream-schedule --cse -o %t.cse.mlir
// RUN: stream-opt %t.cse.mlir --stream-verify-schedule | FileCheck %s

// CHECK: %[[E:.*]] = tensor.empty() : tensor<4x8xf32>
// CHECK-NOT: tensor.empty
// CHECK-DAG: into %[[E]]{{.*}}layer = "matmul_0"
// CHECK-DAG: into %[[E]]{{.*}}layer = "matmul_1"
// CHECK: return
func.func @main(%x: tensor<4x8xf32>, %a: tensor<8x8xf32>) -> tensor<4x8xf32> {
  %zero = arith.constant 0.0 : f32
  %one = arith.constant 1.0 : f32
  %e = tensor.empty() : tensor<4x8xf32>
  %i = linalg.fill ins(%zero : f32) outs(%e : tensor<4x8xf32>) -> tensor<4x8xf32>
  %ones = linalg.fill ins(%one : f32) outs(%e : tensor<4x8xf32>) -> tensor<4x8xf32>
  %m = linalg.matmul ins(%x, %a : tensor<4x8xf32>, tensor<8x8xf32>) outs(%i : tensor<4x8xf32>) -> tensor<4x8xf32>
  %n = linalg.matmul ins(%m, %a : tensor<4x8xf32>, tensor<8x8xf32>) outs(%i : tensor<4x8xf32>) -> tensor<4x8xf32>
  %s = linalg.add ins(%n, %ones : tensor<4x8xf32>, tensor<4x8xf32>) outs(%e : tensor<4x8xf32>) -> tensor<4x8xf32>
  return %s : tensor<4x8xf32>
}
