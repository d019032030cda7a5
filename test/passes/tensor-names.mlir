// An argument, a layer and what a constant is called can have one name: each tensor gets its own, and the argument keeps
// the one that it was given.
// RUN: cat %S/../tools/accelerator.txt %s > %t.mlir
// RUN: stream-opt %t.mlir --stream-pipeline="evaluations=0" --stream-print-ct-graph -o %t.out.mlir | FileCheck %s
// RUN: stream-translate --export-json %t.out.mlir | FileCheck %s --check-prefix=JSON

// CHECK: writes conv_1[
// CHECK-NEXT: reads conv[
// CHECK-NEXT: reads constant2_1[
// CHECK-NEXT: reads constant2[
// JSON: {"name": "conv",
// JSON: {"name": "constant2",
// JSON: {"name": "constant2_1",
// JSON: {"name": "conv_1",
func.func @main(%x: tensor<1x8x8x8xf32> {stream.name = "conv"},
                %c: tensor<1x8x8x8xf32> {stream.name = "constant2"}) -> tensor<1x8x8x8xf32> {
  %w = arith.constant dense<1.0> : tensor<8x8x1x1xf32>
  %z = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<1x8x8x8xf32>
  %f = linalg.fill ins(%z : f32) outs(%e : tensor<1x8x8x8xf32>) -> tensor<1x8x8x8xf32>
  %r = linalg.conv_2d_nchw_fchw {stream.layer = "conv"} ins(%x, %w : tensor<1x8x8x8xf32>, tensor<8x8x1x1xf32>)
      outs(%f : tensor<1x8x8x8xf32>) -> tensor<1x8x8x8xf32>
  %s = linalg.add {stream.layer = "add"} ins(%r, %c : tensor<1x8x8x8xf32>, tensor<1x8x8x8xf32>)
      outs(%e : tensor<1x8x8x8xf32>) -> tensor<1x8x8x8xf32>
  return %s : tensor<1x8x8x8xf32>
}
