func.func @main(%x: tensor<1x9x7x3xf32>, %w: tensor<27x5xf32>) -> tensor<1x35x5xf32> {
  %z = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<1x35x27xf32>
  %im = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2) -> (d0, d1 floordiv 5 + d2 floordiv 9, d1 mod 5 + (d2 floordiv 3) mod 3, d2 mod 3)>, affine_map<(d0, d1, d2) -> (d0, d1, d2)>], iterator_types = ["parallel", "parallel", "parallel"]} ins(%x : tensor<1x9x7x3xf32>) outs(%e : tensor<1x35x27xf32>) {
  ^bb0(%a: f32, %o: f32):
    linalg.yield %a : f32
  } -> tensor<1x35x27xf32>
  %eo = tensor.empty() : tensor<1x35x5xf32>
  %fo = linalg.fill ins(%z : f32) outs(%eo : tensor<1x35x5xf32>) -> tensor<1x35x5xf32>
  %y = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d0, d1, d3)>, affine_map<(d0, d1, d2, d3) -> (d3, d2)>, affine_map<(d0, d1, d2, d3) -> (d0, d1, d2)>], iterator_types = ["parallel", "parallel", "parallel", "reduction"]} ins(%im, %w : tensor<1x35x27xf32>, tensor<27x5xf32>) outs(%fo : tensor<1x35x5xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %p = arith.mulf %a, %b : f32
    %s = arith.addf %o, %p : f32
    linalg.yield %s : f32
  } -> tensor<1x35x5xf32>
  return %y : tensor<1x35x5xf32>
}
