// What arithmetic on whole tensors becomes: the op on elements, its operands in their order, its attributes kept. (Execution
// compares this rewrite with itself.)
// RUN: stream-compile %s --accelerator %examples/accelerators/single_core.yaml --quiet --evaluations 0 --model simple --fusion layer-by-layer -o - | FileCheck %s
// CHECK: func.func private @difference_k0(
// CHECK: linalg.generic {{.*}} ins(%arg0, %arg1 : tensor<4x6xf32>, tensor<4x6xf32>)
// CHECK-NEXT: ^bb0(%[[A:.*]]: f32, %[[B:.*]]: f32, %{{.*}}: f32):
// CHECK-NEXT: arith.subf %[[A]], %[[B]] fastmath<nnan,contract> : f32
// CHECK: func.func private @integers_k0(
// CHECK: linalg.generic {{.*}} ins(%arg0, %arg1 : tensor<4x6xi32>, tensor<4x6xi32>)
// CHECK-NEXT: ^bb0(%[[A:.*]]: i32, %[[B:.*]]: i32, %{{.*}}: i32):
// CHECK-NEXT: arith.subi %[[A]], %[[B]] overflow<nsw> : i32
// CHECK: func.func private @compared_k0(
// CHECK: linalg.generic {{.*}} ins(%arg0, %arg1 : tensor<4x6xi32>, tensor<4x6xi32>)
// CHECK-NEXT: ^bb0(%[[A:.*]]: i32, %[[B:.*]]: i32, %{{.*}}: i1):
// CHECK-NEXT: arith.cmpi ult, %[[A]], %[[B]] : i32
// CHECK: func.func private @selected_k0(
// CHECK: linalg.generic {{.*}} ins(%arg0, %arg1, %arg2 : tensor<4x6xi1>, tensor<4x6xf32>, tensor<4x6xf32>)
// CHECK-NEXT: ^bb0(%[[C:.*]]: i1, %[[A:.*]]: f32, %[[B:.*]]: f32, %{{.*}}: f32):
// CHECK-NEXT: arith.select %[[C]], %[[A]], %[[B]] : f32
// CHECK: func.func @main(%[[X:[^:]*]]: tensor<4x6xf32>, %[[Y:[^:]*]]: tensor<4x6xf32>, %[[P:[^:]*]]: tensor<4x6xi32>, %[[Q:[^:]*]]: tensor<4x6xi32>)
// CHECK: %[[D:.*]] = stream.ct @difference_k0(%[[Y]][0, 0], %[[X]][0, 0])
// CHECK: %[[N:.*]] = stream.ct @integers_k0(%[[Q]][0, 0], %[[P]][0, 0])
// CHECK: %[[S:.*]] = stream.ct @compared_k0(%[[N]][0, 0], %[[Q]][0, 0])
// CHECK: stream.ct @selected_k0(%[[S]][0, 0], %[[X]][0, 0], %[[D]][0, 0])
func.func @main(%x: tensor<4x6xf32>, %y: tensor<4x6xf32>, %p: tensor<4x6xi32>, %q: tensor<4x6xi32>) -> (tensor<4x6xf32>, tensor<4x6xi32>, tensor<4x6xi1>, tensor<4x6xf32>) {
  %d = arith.subf %y, %x fastmath<nnan,contract> {stream.layer = "difference"} : tensor<4x6xf32>
  %n = arith.subi %q, %p overflow<nsw> {stream.layer = "integers"} : tensor<4x6xi32>
  %c = arith.cmpi ult, %n, %q {stream.layer = "compared"} : tensor<4x6xi32>
  %s = arith.select %c, %x, %d {stream.layer = "selected"} : tensor<4x6xi1>, tensor<4x6xf32>
  return %d, %n, %c, %s : tensor<4x6xf32>, tensor<4x6xi32>, tensor<4x6xi1>, tensor<4x6xf32>
}
