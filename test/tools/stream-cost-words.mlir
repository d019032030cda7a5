// An access of half a word costs half a word's energy in the exact model; ZigZag rounds the sum of all down to whole words.
// RUN: stream-cost %s --core %examples/accelerators/cores/simd.yaml | FileCheck %s
// RUN: stream-cost %s --core %examples/accelerators/cores/simd.yaml --mode zigzag | FileCheck %s --check-prefix=ZIGZAG
// CHECK: energy {{ *}}185.6 pJ: MACs 25.6 pJ, memories 160 pJ
// CHECK: sram {{ *}}I {{ *}}1,024 x2 {{.*}} 0.5 {{ *}}0 {{ *}}75 pJ
// CHECK-NEXT: sram {{ *}}O {{ *}}1,024 x2 {{.*}} 0 {{ *}}0.5 {{ *}}85 pJ
// ZIGZAG: memories 0 pJ
func.func @main(%a: tensor<1x32xf32>) -> tensor<1x32xf32> {
  %z = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<1x32xf32>
  %m = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]} ins(%a : tensor<1x32xf32>) outs(%e : tensor<1x32xf32>) {
  ^bb0(%x: f32, %y: f32):
    %r = arith.maximumf %x, %z : f32
    linalg.yield %r : f32
  } -> tensor<1x32xf32>
  return %m : tensor<1x32xf32>
}
