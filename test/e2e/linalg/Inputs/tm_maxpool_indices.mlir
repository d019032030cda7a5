func.func @main(%arg0: tensor<1x3x9x11xf32>) -> (tensor<1x3x4x5xf32>, tensor<1x3x4x5xi64>) {
  %low = arith.constant 0xFF800000 : f32
  %m1 = arith.constant -1 : i64
  %c9 = arith.constant 11 : index
  %c2 = arith.constant 2 : index
  %0 = tensor.empty() : tensor<1x3x4x5xf32>
  %1 = linalg.fill ins(%low : f32) outs(%0 : tensor<1x3x4x5xf32>) -> tensor<1x3x4x5xf32>
  %i0 = tensor.empty() : tensor<1x3x4x5xi64>
  %i1 = linalg.fill ins(%m1 : i64) outs(%i0 : tensor<1x3x4x5xi64>) -> tensor<1x3x4x5xi64>
  %k = tensor.empty() : tensor<3x3xf32>
  %p = linalg.pooling_nchw_max {dilations = dense<1> : vector<2xi64>, strides = dense<2> : vector<2xi64>} ins(%arg0, %k : tensor<1x3x9x11xf32>, tensor<3x3xf32>) outs(%1 : tensor<1x3x4x5xf32>) -> tensor<1x3x4x5xf32>
  %q = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3, d4, d5) -> (d0, d1, d2, d3)>, affine_map<(d0, d1, d2, d3, d4, d5) -> (d4, d5)>, affine_map<(d0, d1, d2, d3, d4, d5) -> (d0, d1, d2, d3)>], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction"]} ins(%p, %k : tensor<1x3x4x5xf32>, tensor<3x3xf32>) outs(%i1 : tensor<1x3x4x5xi64>) {
  ^bb0(%in: f32, %in_1: f32, %out: i64):
    %d0 = linalg.index 0 : index
    %d1 = linalg.index 1 : index
    %d2 = linalg.index 2 : index
    %d3 = linalg.index 3 : index
    %d4 = linalg.index 4 : index
    %d5 = linalg.index 5 : index
    %a = arith.muli %d2, %c2 : index
    %b = arith.addi %a, %d4 : index
    %c = arith.muli %d3, %c2 : index
    %d = arith.addi %c, %d5 : index
    %e = tensor.extract %arg0[%d0, %d1, %b, %d] : tensor<1x3x9x11xf32>
    %f = arith.muli %b, %c9 : index
    %g = arith.addi %f, %d : index
    %h = arith.index_cast %g : index to i64
    %cmp = arith.cmpf oeq, %in, %e : f32
    %s = arith.select %cmp, %h, %out : i64
    linalg.yield %s : i64
  } -> tensor<1x3x4x5xi64>
  return %p, %q : tensor<1x3x4x5xf32>, tensor<1x3x4x5xi64>
}
