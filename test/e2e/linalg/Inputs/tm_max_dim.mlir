#id = affine_map<(d0, d1, d2) -> (d0, d1, d2)>
#m1 = affine_map<(d0, d1, d2) -> (d0, 0, d2)>
func.func @main(%arg0: tensor<3x11x5xf32>) -> (tensor<3x5xf32>, tensor<3x5xi64>) {
  %c0 = arith.constant 0 : i64
  %low = arith.constant 0xFF800000 : f32
  %0 = tensor.empty() : tensor<3x1x5xi64>
  %1 = linalg.fill ins(%c0 : i64) outs(%0 : tensor<3x1x5xi64>) -> tensor<3x1x5xi64>
  %2 = tensor.empty() : tensor<3x1x5xf32>
  %3 = linalg.fill ins(%low : f32) outs(%2 : tensor<3x1x5xf32>) -> tensor<3x1x5xf32>
  %4:2 = linalg.generic {indexing_maps = [#id, #m1, #m1], iterator_types = ["parallel", "reduction", "parallel"]} ins(%arg0 : tensor<3x11x5xf32>) outs(%3, %1 : tensor<3x1x5xf32>, tensor<3x1x5xi64>) {
  ^bb0(%in: f32, %out: f32, %oi: i64):
    %5 = linalg.index 1 : index
    %6 = arith.index_cast %5 : index to i64
    %7 = arith.maximumf %in, %out : f32
    %8 = arith.cmpf ogt, %in, %out : f32
    %9 = arith.select %8, %6, %oi : i64
    linalg.yield %7, %9 : f32, i64
  } -> (tensor<3x1x5xf32>, tensor<3x1x5xi64>)
  %v = tensor.collapse_shape %4#0 [[0], [1, 2]] : tensor<3x1x5xf32> into tensor<3x5xf32>
  %i = tensor.collapse_shape %4#1 [[0], [1, 2]] : tensor<3x1x5xi64> into tensor<3x5xi64>
  return %v, %i : tensor<3x5xf32>, tensor<3x5xi64>
}
