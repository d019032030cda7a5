func.func @main(%q: tensor<4x7x8xf32>, %k: tensor<2x7x8xf32>, %v: tensor<2x7x8xf32>) -> tensor<7x32xf32> {
  %z = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<4x7x7xf32>
  %f = linalg.fill ins(%z : f32) outs(%e : tensor<4x7x7xf32>) -> tensor<4x7x7xf32>
  %s = linalg.generic {indexing_maps = [affine_map<(h, i, j, d) -> (h, i, d)>, affine_map<(h, i, j, d) -> (h floordiv 2, j, d)>, affine_map<(h, i, j, d) -> (h, i, j)>], iterator_types = ["parallel", "parallel", "parallel", "reduction"]} ins(%q, %k : tensor<4x7x8xf32>, tensor<2x7x8xf32>) outs(%f : tensor<4x7x7xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %p = arith.mulf %a, %b : f32
    %t = arith.addf %o, %p : f32
    linalg.yield %t : f32
  } -> tensor<4x7x7xf32>
  %sm = linalg.softmax dimension(2) ins(%s : tensor<4x7x7xf32>) outs(%e : tensor<4x7x7xf32>) -> tensor<4x7x7xf32>
  %eo = tensor.empty() : tensor<4x7x8xf32>
  %fo = linalg.fill ins(%z : f32) outs(%eo : tensor<4x7x8xf32>) -> tensor<4x7x8xf32>
  %o = linalg.generic {indexing_maps = [affine_map<(h, i, j, d) -> (h, i, j)>, affine_map<(h, i, j, d) -> (h floordiv 2, j, d)>, affine_map<(h, i, j, d) -> (h, i, d)>], iterator_types = ["parallel", "parallel", "reduction", "parallel"]} ins(%sm, %v : tensor<4x7x7xf32>, tensor<2x7x8xf32>) outs(%fo : tensor<4x7x8xf32>) {
  ^bb0(%a: f32, %b: f32, %oo: f32):
    %p = arith.mulf %a, %b : f32
    %t = arith.addf %oo, %p : f32
    linalg.yield %t : f32
  } -> tensor<4x7x8xf32>
  %et = tensor.empty() : tensor<7x4x8xf32>
  %t = linalg.transpose ins(%o : tensor<4x7x8xf32>) outs(%et : tensor<7x4x8xf32>) permutation = [1, 0, 2]
  %r = tensor.collapse_shape %t [[0], [1, 2]] : tensor<7x4x8xf32> into tensor<7x32xf32>
  return %r : tensor<7x32xf32>
}
