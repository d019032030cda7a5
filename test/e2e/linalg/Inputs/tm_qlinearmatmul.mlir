#map = affine_map<(d0, d1) -> (d0, d1)>
module {
  func.func @main(%arg0: tensor<2x4xi8>, %arg1: tensor<1xf32>, %arg2: tensor<1xi8>, %arg3: tensor<4x3xi8>, %arg4: tensor<1xf32>, %arg5: tensor<1xi8>, %arg6: tensor<1xf32>, %arg7: tensor<1xi8>) -> tensor<2x3xi8> {
    %c0_i32 = arith.constant 0 : i32
    %c-128_i32 = arith.constant -128 : i32
    %c-128_i8 = arith.constant -128 : i8
    %cst = arith.constant 0.000000e+00 : f32
    %cst_0 = arith.constant 2.550000e+02 : f32
    %collapsed = tensor.collapse_shape %arg2 [] : tensor<1xi8> into tensor<i8>
    %extracted = tensor.extract %collapsed[] : tensor<i8>
    %collapsed_1 = tensor.collapse_shape %arg7 [] : tensor<1xi8> into tensor<i8>
    %extracted_2 = tensor.extract %collapsed_1[] : tensor<i8>
    %collapsed_3 = tensor.collapse_shape %arg1 [] : tensor<1xf32> into tensor<f32>
    %extracted_4 = tensor.extract %collapsed_3[] : tensor<f32>
    %0 = arith.extf %extracted_4 : f32 to f64
    %collapsed_5 = tensor.collapse_shape %arg6 [] : tensor<1xf32> into tensor<f32>
    %extracted_6 = tensor.extract %collapsed_5[] : tensor<f32>
    %collapsed_7 = tensor.collapse_shape %arg5 [] : tensor<1xi8> into tensor<i8>
    %extracted_8 = tensor.extract %collapsed_7[] : tensor<i8>
    %collapsed_9 = tensor.collapse_shape %arg4 [] : tensor<1xf32> into tensor<f32>
    %extracted_10 = tensor.extract %collapsed_9[] : tensor<f32>
    %1 = arith.extf %extracted_10 : f32 to f64
    %2 = tensor.empty() : tensor<2x3xi32>
    %3 = linalg.fill ins(%c0_i32 : i32) outs(%2 : tensor<2x3xi32>) -> tensor<2x3xi32>
    %4 = arith.extui %extracted : i8 to i32
    %5 = arith.extui %extracted_8 : i8 to i32
    %6 = arith.addi %4, %c-128_i32 : i32
    %7 = tensor.empty() : tensor<2x4xi8>
    %8 = linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel", "parallel"]} ins(%arg0 : tensor<2x4xi8>) outs(%7 : tensor<2x4xi8>) {
    ^bb0(%in: i8, %out: i8):
      %18 = arith.addi %in, %c-128_i8 : i8
      linalg.yield %18 : i8
    } -> tensor<2x4xi8>
    %9 = arith.addi %5, %c-128_i32 : i32
    %10 = tensor.empty() : tensor<4x3xi8>
    %11 = linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel", "parallel"]} ins(%arg3 : tensor<4x3xi8>) outs(%10 : tensor<4x3xi8>) {
    ^bb0(%in: i8, %out: i8):
      %18 = arith.addi %in, %c-128_i8 : i8
      linalg.yield %18 : i8
    } -> tensor<4x3xi8>
    %12 = linalg.quantized_matmul ins(%8, %11, %6, %9 : tensor<2x4xi8>, tensor<4x3xi8>, i32, i32) outs(%3 : tensor<2x3xi32>) -> tensor<2x3xi32>
    %13 = arith.mulf %0, %1 : f64
    %14 = tensor.empty() : tensor<2x3xf32>
    %15 = linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel", "parallel"]} ins(%12 : tensor<2x3xi32>) outs(%14 : tensor<2x3xf32>) {
    ^bb0(%in: i32, %out: f32):
      %18 = arith.truncf %13 : f64 to f32
      %19 = arith.sitofp %in : i32 to f32
      %20 = arith.mulf %19, %18 : f32
      linalg.yield %20 : f32
    } -> tensor<2x3xf32>
    %16 = tensor.empty() : tensor<2x3xi8>
    %17 = linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel", "parallel"]} ins(%15 : tensor<2x3xf32>) outs(%16 : tensor<2x3xi8>) {
    ^bb0(%in: f32, %out: i8):
      %18 = arith.uitofp %extracted_2 : i8 to f32
      %19 = arith.divf %in, %extracted_6 : f32
      %20 = math.roundeven %19 : f32
      %21 = arith.addf %20, %18 : f32
      %22 = arith.maximumf %21, %cst : f32
      %23 = arith.minimumf %22, %cst_0 : f32
      %24 = arith.fptoui %23 : f32 to i8
      linalg.yield %24 : i8
    } -> tensor<2x3xi8>
    return %17 : tensor<2x3xi8>
  }
}

