#id = affine_map<(d0, d1) -> (d0, d1)>
#row = affine_map<(d0, d1) -> (d0)>
func.func @main(%x: tensor<7x19xf32>) -> tensor<7x19xf32> {
  %low = arith.constant -3.0e38 : f32
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<7xf32>
  %m0 = linalg.fill ins(%low : f32) outs(%e : tensor<7xf32>) -> tensor<7xf32>
  %s0 = linalg.fill ins(%zero : f32) outs(%e : tensor<7xf32>) -> tensor<7xf32>
  %r:2 = linalg.generic {indexing_maps = [#id, #row, #row], iterator_types = ["parallel", "reduction"]} ins(%x : tensor<7x19xf32>) outs(%m0, %s0 : tensor<7xf32>, tensor<7xf32>) {
  ^bb0(%a: f32, %m: f32, %s: f32):
    %n = arith.maximumf %a, %m : f32
    %d = arith.subf %m, %n : f32
    %f = math.exp %d : f32
    %g = arith.mulf %s, %f : f32
    %h = arith.subf %a, %n : f32
    %i = math.exp %h : f32
    %j = arith.addf %g, %i : f32
    linalg.yield %n, %j : f32, f32
  } -> (tensor<7xf32>, tensor<7xf32>)
  %o = tensor.empty() : tensor<7x19xf32>
  %y = linalg.generic {indexing_maps = [#id, #row, #row, #id], iterator_types = ["parallel", "parallel"]} ins(%x, %r#0, %r#1 : tensor<7x19xf32>, tensor<7xf32>, tensor<7xf32>) outs(%o : tensor<7x19xf32>) {
  ^bb0(%a: f32, %m: f32, %s: f32, %q: f32):
    %h = arith.subf %a, %m : f32
    %i = math.exp %h : f32
    %j = arith.divf %i, %s : f32
    linalg.yield %j : f32
  } -> tensor<7x19xf32>
  return %y : tensor<7x19xf32>
}
