#map = affine_map<(d0, d1, d2, d3) -> (d0, d1, d3, d2)>
#map1 = affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>
module @jit_conv_transposed {
  func.func public @main(%arg0: tensor<1x5x6x4xf32>, %arg1: tensor<3x3x3x4xf32>) -> tensor<1x10x18x3xf32> {
    %cst = arith.constant 0.000000e+00 : f32
    %0 = tensor.empty() : tensor<3x3x4x3xf32>
    %1 = linalg.generic {indexing_maps = [#map, #map1], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%arg1 : tensor<3x3x3x4xf32>) outs(%0 : tensor<3x3x4x3xf32>) {
    ^bb0(%in: f32, %out: f32):
      linalg.yield %in : f32
    } -> tensor<3x3x4x3xf32>
    %2 = tensor.empty() : tensor<1x10x18x3xf32>
    %3 = linalg.fill ins(%cst : f32) outs(%2 : tensor<1x10x18x3xf32>) -> tensor<1x10x18x3xf32>
    %4 = tensor.empty() : tensor<1x12x20x4xf32>
    %5 = linalg.fill ins(%cst : f32) outs(%4 : tensor<1x12x20x4xf32>) -> tensor<1x12x20x4xf32>
    %inserted_slice = tensor.insert_slice %arg0 into %5[0, 2, 2, 0] [1, 5, 6, 4] [1, 2, 3, 1] : tensor<1x5x6x4xf32> into tensor<1x12x20x4xf32>
    %6 = linalg.conv_2d_nhwc_hwcf {dilations = dense<1> : tensor<2xi64>, strides = dense<1> : tensor<2xi64>} ins(%inserted_slice, %1 : tensor<1x12x20x4xf32>, tensor<3x3x4x3xf32>) outs(%3 : tensor<1x10x18x3xf32>) -> tensor<1x10x18x3xf32>
    return %6 : tensor<1x10x18x3xf32>
  }
}

