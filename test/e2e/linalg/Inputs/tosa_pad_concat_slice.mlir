#map = affine_map<(d0, d1) -> (d0, d1)>
module {
  func.func @main(%arg0: tensor<5x7xf32>, %arg1: tensor<5x4xf32>) -> tensor<4x9xf32> {
    %cst = arith.constant 1.000000e+00 : f32
    %c0 = arith.constant 0 : index
    %cst_0 = arith.constant 1.500000e+00 : f32
    %c1 = arith.constant 1 : index
    %c2 = arith.constant 2 : index
    %padded = tensor.pad %arg0 low[%c1, %c0] high[%c0, %c2] {
    ^bb0(%arg2: index, %arg3: index):
      tensor.yield %cst_0 : f32
    } : tensor<5x7xf32> to tensor<6x9xf32>
    %padded_1 = tensor.pad %arg1 low[%c0, %c0] high[%c1, %c0] {
    ^bb0(%arg2: index, %arg3: index):
      tensor.yield %cst_0 : f32
    } : tensor<5x4xf32> to tensor<6x4xf32>
    %0 = tensor.empty() : tensor<6x13xf32>
    %inserted_slice = tensor.insert_slice %padded into %0[0, 0] [6, 9] [1, 1] : tensor<6x9xf32> into tensor<6x13xf32>
    %inserted_slice_2 = tensor.insert_slice %padded_1 into %inserted_slice[0, 9] [6, 4] [1, 1] : tensor<6x4xf32> into tensor<6x13xf32>
    %extracted_slice = tensor.extract_slice %inserted_slice_2[1, 3] [4, 9] [1, 1] : tensor<6x13xf32> to tensor<4x9xf32>
    %1 = tensor.empty() : tensor<4x9xf32>
    %2 = linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel", "parallel"]} ins(%extracted_slice : tensor<4x9xf32>) outs(%1 : tensor<4x9xf32>) {
    ^bb0(%in: f32, %out: f32):
      %3 = arith.negf %in : f32
      %4 = math.exp %3 : f32
      %5 = arith.addf %4, %cst : f32
      %6 = arith.divf %cst, %5 : f32
      linalg.yield %6 : f32
    } -> tensor<4x9xf32>
    return %2 : tensor<4x9xf32>
  }
}

