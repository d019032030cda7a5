#map = affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>
#map1 = affine_map<(d0, d1, d2, d3) -> (d3)>
#map2 = affine_map<(d0, d1, d2, d3) -> (d0, 0, 0, d3)>
module {
  func.func @main(%arg0: tensor<1x5x7x4xf32>, %arg1: tensor<3x4x4x4xf32>, %arg2: tensor<3xf32>) -> tensor<1x10x14x3xf32> {
    %c1 = arith.constant 1 : index
    %cst = arith.constant 0.000000e+00 : f32
    %cst_0 = arith.constant dense<0.000000e+00> : tensor<12xf32>
    %expanded = tensor.expand_shape %arg1 [[0], [1, 2], [3, 4], [5]] output_shape [3, 2, 2, 2, 2, 4] : tensor<3x4x4x4xf32> into tensor<3x2x2x2x2x4xf32>
    %0 = tensor.empty() : tensor<2x2x3x2x2x4xf32>
    %transposed = linalg.transpose ins(%expanded : tensor<3x2x2x2x2x4xf32>) outs(%0 : tensor<2x2x3x2x2x4xf32>) permutation = [2, 4, 0, 1, 3, 5] 
    %collapsed = tensor.collapse_shape %transposed [[0, 1, 2], [3], [4], [5]] : tensor<2x2x3x2x2x4xf32> into tensor<12x2x2x4xf32>
    %1 = tensor.empty() : tensor<12x2x2x4xf32>
    %2 = linalg.generic {indexing_maps = [#map], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} outs(%1 : tensor<12x2x2x4xf32>) {
    ^bb0(%out: f32):
      %10 = linalg.index 0 : index
      %11 = linalg.index 1 : index
      %12 = arith.subi %c1, %11 : index
      %13 = linalg.index 2 : index
      %14 = linalg.index 3 : index
      %extracted = tensor.extract %collapsed[%10, %12, %13, %14] : tensor<12x2x2x4xf32>
      linalg.yield %extracted : f32
    } -> tensor<12x2x2x4xf32>
    %3 = linalg.generic {indexing_maps = [#map], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} outs(%1 : tensor<12x2x2x4xf32>) {
    ^bb0(%out: f32):
      %10 = linalg.index 0 : index
      %11 = linalg.index 1 : index
      %12 = linalg.index 2 : index
      %13 = arith.subi %c1, %12 : index
      %14 = linalg.index 3 : index
      %extracted = tensor.extract %2[%10, %11, %13, %14] : tensor<12x2x2x4xf32>
      linalg.yield %extracted : f32
    } -> tensor<12x2x2x4xf32>
    %padded = tensor.pad %arg0 low[0, 1, 1, 0] high[0, 1, 1, 0] {
    ^bb0(%arg3: index, %arg4: index, %arg5: index, %arg6: index):
      tensor.yield %cst : f32
    } : tensor<1x5x7x4xf32> to tensor<1x7x9x4xf32>
    %4 = tensor.empty() : tensor<1x6x8x12xf32>
    %5 = linalg.generic {indexing_maps = [#map1, #map], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%cst_0 : tensor<12xf32>) outs(%4 : tensor<1x6x8x12xf32>) {
    ^bb0(%in: f32, %out: f32):
      linalg.yield %in : f32
    } -> tensor<1x6x8x12xf32>
    %6 = linalg.conv_2d_nhwc_fhwc {dilations = dense<1> : tensor<2xi64>, strides = dense<1> : tensor<2xi64>} ins(%padded, %3 : tensor<1x7x9x4xf32>, tensor<12x2x2x4xf32>) outs(%5 : tensor<1x6x8x12xf32>) -> tensor<1x6x8x12xf32>
    %expanded_1 = tensor.expand_shape %6 [[0], [1], [2], [3, 4, 5]] output_shape [1, 6, 8, 2, 2, 3] : tensor<1x6x8x12xf32> into tensor<1x6x8x2x2x3xf32>
    %7 = tensor.empty() : tensor<1x6x2x8x2x3xf32>
    %transposed_2 = linalg.transpose ins(%expanded_1 : tensor<1x6x8x2x2x3xf32>) outs(%7 : tensor<1x6x2x8x2x3xf32>) permutation = [0, 1, 3, 2, 4, 5] 
    %collapsed_3 = tensor.collapse_shape %transposed_2 [[0], [1, 2], [3, 4], [5]] : tensor<1x6x2x8x2x3xf32> into tensor<1x12x16x3xf32>
    %extracted_slice = tensor.extract_slice %collapsed_3[0, 1, 1, 0] [1, 10, 14, 3] [1, 1, 1, 1] : tensor<1x12x16x3xf32> to tensor<1x10x14x3xf32>
    %expanded_4 = tensor.expand_shape %arg2 [[0, 1, 2, 3]] output_shape [1, 1, 1, 3] : tensor<3xf32> into tensor<1x1x1x3xf32>
    %8 = tensor.empty() : tensor<1x10x14x3xf32>
    %9 = linalg.generic {indexing_maps = [#map, #map2, #map], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%extracted_slice, %expanded_4 : tensor<1x10x14x3xf32>, tensor<1x1x1x3xf32>) outs(%8 : tensor<1x10x14x3xf32>) {
    ^bb0(%in: f32, %in_5: f32, %out: f32):
      %10 = arith.addf %in, %in_5 : f32
      linalg.yield %10 : f32
    } -> tensor<1x10x14x3xf32>
    return %9 : tensor<1x10x14x3xf32>
  }
}

