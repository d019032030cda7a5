// SwiGLU block: down(silu(x gate) * (x up)), 16 tokens, width 32, hidden 64.
#map = affine_map<(d0, d1) -> (d0, d1)>
func.func @main(%x: tensor<16x32xf32>, %gate: tensor<32x64xf32>, %up: tensor<32x64xf32>,
                %down: tensor<64x32xf32>) -> tensor<16x32xf32> {
  %zero = arith.constant 0.0 : f32
  %wide = tensor.empty() : tensor<16x64xf32>
  %narrow = tensor.empty() : tensor<16x32xf32>
  %init = linalg.fill ins(%zero : f32) outs(%wide : tensor<16x64xf32>) -> tensor<16x64xf32>
  %g = linalg.matmul ins(%x, %gate : tensor<16x32xf32>, tensor<32x64xf32>)
      outs(%init : tensor<16x64xf32>) -> tensor<16x64xf32>
  %u = linalg.matmul ins(%x, %up : tensor<16x32xf32>, tensor<32x64xf32>)
      outs(%init : tensor<16x64xf32>) -> tensor<16x64xf32>
  %silu = linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel", "parallel"]}
      ins(%g : tensor<16x64xf32>) outs(%wide : tensor<16x64xf32>) {
  ^bb0(%v: f32, %out: f32):
    %one = arith.constant 1.0 : f32
    %n = arith.negf %v : f32
    %e = math.exp %n : f32
    %d = arith.addf %e, %one : f32
    %s = arith.divf %v, %d : f32
    linalg.yield %s : f32
  } -> tensor<16x64xf32>
  %gated = linalg.generic {indexing_maps = [#map, #map, #map],
                           iterator_types = ["parallel", "parallel"]}
      ins(%silu, %u : tensor<16x64xf32>, tensor<16x64xf32>) outs(%wide : tensor<16x64xf32>) {
  ^bb0(%a: f32, %b: f32, %out: f32):
    %m = arith.mulf %a, %b : f32
    linalg.yield %m : f32
  } -> tensor<16x64xf32>
  %zeros = linalg.fill ins(%zero : f32) outs(%narrow : tensor<16x32xf32>) -> tensor<16x32xf32>
  %y = linalg.matmul ins(%gated, %down : tensor<16x64xf32>, tensor<64x32xf32>)
      outs(%zeros : tensor<16x32xf32>) -> tensor<16x32xf32>
  return %y : tensor<16x32xf32>
}
