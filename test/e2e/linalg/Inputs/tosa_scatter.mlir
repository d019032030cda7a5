#map = affine_map<(d0, d1, d2) -> (d0, d1, d2)>
module {
  func.func @main(%arg0: tensor<2x9x5xf32>, %arg1: tensor<2x3x5xf32>) -> tensor<2x9x5xf32> {
    %cst = arith.constant dense<[[1, 4, 7], [0, 8, 3]]> : tensor<2x3xi32>
    %c0 = arith.constant 0 : index
    %c2 = arith.constant 2 : index
    %c1 = arith.constant 1 : index
    %c3 = arith.constant 3 : index
    %0 = scf.for %arg2 = %c0 to %c2 step %c1 iter_args(%arg3 = %arg0) -> (tensor<2x9x5xf32>) {
      %3 = scf.for %arg4 = %c0 to %c3 step %c1 iter_args(%arg5 = %arg3) -> (tensor<2x9x5xf32>) {
        %extracted = tensor.extract %cst[%arg2, %arg4] : tensor<2x3xi32>
        %4 = arith.index_cast %extracted : i32 to index
        %extracted_slice = tensor.extract_slice %arg1[%arg2, %arg4, 0] [1, 1, 5] [1, 1, 1] : tensor<2x3x5xf32> to tensor<1x1x5xf32>
        %inserted_slice = tensor.insert_slice %extracted_slice into %arg5[%arg2, %4, 0] [1, 1, 5] [1, 1, 1] : tensor<1x1x5xf32> into tensor<2x9x5xf32>
        scf.yield %inserted_slice : tensor<2x9x5xf32>
      }
      scf.yield %3 : tensor<2x9x5xf32>
    }
    %1 = tensor.empty() : tensor<2x9x5xf32>
    %2 = linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel", "parallel", "parallel"]} ins(%0 : tensor<2x9x5xf32>) outs(%1 : tensor<2x9x5xf32>) {
    ^bb0(%in: f32, %out: f32):
      %3 = math.absf %in : f32
      linalg.yield %3 : f32
    } -> tensor<2x9x5xf32>
    return %2 : tensor<2x9x5xf32>
  }
}

