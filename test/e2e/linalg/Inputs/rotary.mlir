#id = affine_map<(d0, d1, d2) -> (d0, d1, d2)>
func.func @main(%x: tensor<5x3x8xf32>, %cs: tensor<5x4xf32>, %sn: tensor<5x4xf32>) -> tensor<5x3x8xf32> {
  %a = tensor.extract_slice %x[0, 0, 0] [5, 3, 4] [1, 1, 1] : tensor<5x3x8xf32> to tensor<5x3x4xf32>
  %b = tensor.extract_slice %x[0, 0, 4] [5, 3, 4] [1, 1, 1] : tensor<5x3x8xf32> to tensor<5x3x4xf32>
  %e = tensor.empty() : tensor<5x3x4xf32>
  %r:2 = linalg.generic {indexing_maps = [#id, #id, affine_map<(d0, d1, d2) -> (d0, d2)>, affine_map<(d0, d1, d2) -> (d0, d2)>, #id, #id], iterator_types = ["parallel", "parallel", "parallel"]} ins(%a, %b, %cs, %sn : tensor<5x3x4xf32>, tensor<5x3x4xf32>, tensor<5x4xf32>, tensor<5x4xf32>) outs(%e, %e : tensor<5x3x4xf32>, tensor<5x3x4xf32>) {
  ^bb0(%p: f32, %q: f32, %c: f32, %s: f32, %o: f32, %o2: f32):
    %1 = arith.mulf %p, %c : f32
    %2 = arith.mulf %q, %s : f32
    %3 = arith.subf %1, %2 : f32
    %4 = arith.mulf %q, %c : f32
    %5 = arith.mulf %p, %s : f32
    %6 = arith.addf %4, %5 : f32
    linalg.yield %3, %6 : f32, f32
  } -> (tensor<5x3x4xf32>, tensor<5x3x4xf32>)
  %y = tensor.concat dim(2) %r#0, %r#1 : (tensor<5x3x4xf32>, tensor<5x3x4xf32>) -> tensor<5x3x8xf32>
  return %y : tensor<5x3x8xf32>
}
