func.func @main(%x: tensor<7x11xi32>) -> tensor<7x11xi32> {
  %e = tensor.empty() : tensor<7x11xi32>
  %y = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> ((d0 + 3) mod 7, (d1 * 5 + 2) mod 11)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%x : tensor<7x11xi32>) outs(%e : tensor<7x11xi32>) {
  ^bb0(%p: i32, %o: i32):
    %s = arith.addi %p, %p : i32
    linalg.yield %s : i32
  } -> tensor<7x11xi32>
  return %y : tensor<7x11xi32>
}
