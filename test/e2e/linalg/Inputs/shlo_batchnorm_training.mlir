#x = affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>
#c = affine_map<(d0, d1, d2, d3) -> (d1)>
func.func @main(%x: tensor<2x5x7x3xf32>) -> (tensor<2x5x7x3xf32>, tensor<5xf32>, tensor<5xf32>) {
  %z = arith.constant 0.0 : f32
  %n = arith.constant 42.0 : f32
  %e = tensor.empty() : tensor<5xf32>
  %f = linalg.fill ins(%z : f32) outs(%e : tensor<5xf32>) -> tensor<5xf32>
  %s:2 = linalg.generic {indexing_maps = [#x, #c, #c], iterator_types = ["reduction", "parallel", "reduction", "reduction"]} ins(%x : tensor<2x5x7x3xf32>) outs(%f, %f : tensor<5xf32>, tensor<5xf32>) {
  ^bb0(%a: f32, %p: f32, %q: f32):
    %r = arith.addf %a, %p : f32
    %t = arith.mulf %a, %a : f32
    %u = arith.addf %t, %q : f32
    linalg.yield %r, %u : f32, f32
  } -> (tensor<5xf32>, tensor<5xf32>)
  %o = tensor.empty() : tensor<2x5x7x3xf32>
  %y = linalg.generic {indexing_maps = [#x, #c, #c, #x], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%x, %s#0, %s#1 : tensor<2x5x7x3xf32>, tensor<5xf32>, tensor<5xf32>) outs(%o : tensor<2x5x7x3xf32>) {
  ^bb0(%a: f32, %p: f32, %q: f32, %k: f32):
    %m = arith.divf %p, %n : f32
    %v = arith.divf %q, %n : f32
    %d = arith.subf %a, %m : f32
    %r = math.sqrt %v : f32
    %w = arith.divf %d, %r : f32
    linalg.yield %w : f32
  } -> tensor<2x5x7x3xf32>
  return %y, %s#0, %s#1 : tensor<2x5x7x3xf32>, tensor<5xf32>, tensor<5xf32>
}
