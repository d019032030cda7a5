#map = affine_map<(d0, d1, d2, d3) -> (d0, d2, d1, d3)>
#map1 = affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>
#map2 = affine_map<(d0, d1, d2, d3, d4) -> (d0, d3, d1, d4, d2)>
#map3 = affine_map<(d0, d1, d2, d3, d4) -> (d0, d1, d2, d3, d4)>
#map4 = affine_map<(d0, d1, d2, d3, d4) -> (d0, d1, d4, d3, d2)>
#map5 = affine_map<(d0, d1) -> (d0, d1)>
#map6 = affine_map<(d0, d1, d2, d3, d4) -> (d3, d4)>
#map7 = affine_map<(d0, d1, d2, d3, d4) -> (d0, d1, d2, d3)>
#map8 = affine_map<(d0, d1, d2, d3) -> (d0, d3, d1, d2)>
#map9 = affine_map<(d0, d1, d2, d3, d4) -> (d0, d1, d3, d4, d2)>
#map10 = affine_map<(d0, d1, d2, d3, d4) -> (d0, d2, d4, d3, d1)>
module @jit_attention_causal_gqa {
  func.func public @main(%arg0: tensor<1x6x7x4xf32>, %arg1: tensor<1x7x2x4xf32>, %arg2: tensor<1x7x2x4xf32>) -> tensor<1x7x24xf32> {
    %cst = arith.constant 0xFF800000 : f32
    %cst_0 = arith.constant -1.000000e+09 : f32
    %cst_1 = arith.constant 0.000000e+00 : f32
    %0 = tensor.empty() : tensor<1x7x6x4xf32>
    %1 = linalg.generic {indexing_maps = [#map, #map1], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%arg0 : tensor<1x6x7x4xf32>) outs(%0 : tensor<1x7x6x4xf32>) {
    ^bb0(%in: f32, %out: f32):
      linalg.yield %in : f32
    } -> tensor<1x7x6x4xf32>
    %expanded = tensor.expand_shape %1 [[0], [1], [2, 3], [4]] output_shape [1, 7, 2, 3, 4] : tensor<1x7x6x4xf32> into tensor<1x7x2x3x4xf32>
    %2 = tensor.empty() : tensor<1x2x7x4xf32>
    %3 = linalg.generic {indexing_maps = [#map, #map1], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%arg1 : tensor<1x7x2x4xf32>) outs(%2 : tensor<1x2x7x4xf32>) {
    ^bb0(%in: f32, %out: f32):
      linalg.yield %in : f32
    } -> tensor<1x2x7x4xf32>
    %4 = tensor.empty() : tensor<1x2x4x7x3xf32>
    %5 = linalg.generic {indexing_maps = [#map2, #map3], iterator_types = ["parallel", "parallel", "parallel", "parallel", "parallel"]} ins(%expanded : tensor<1x7x2x3x4xf32>) outs(%4 : tensor<1x2x4x7x3xf32>) {
    ^bb0(%in: f32, %out: f32):
      linalg.yield %in : f32
    } -> tensor<1x2x4x7x3xf32>
    %collapsed = tensor.collapse_shape %3 [[0, 1], [2], [3]] : tensor<1x2x7x4xf32> into tensor<2x7x4xf32>
    %collapsed_2 = tensor.collapse_shape %5 [[0, 1], [2], [3, 4]] : tensor<1x2x4x7x3xf32> into tensor<2x4x21xf32>
    %6 = tensor.empty() : tensor<2x7x21xf32>
    %7 = linalg.fill ins(%cst_1 : f32) outs(%6 : tensor<2x7x21xf32>) -> tensor<2x7x21xf32>
    %8 = linalg.batch_matmul ins(%collapsed, %collapsed_2 : tensor<2x7x4xf32>, tensor<2x4x21xf32>) outs(%7 : tensor<2x7x21xf32>) -> tensor<2x7x21xf32>
    %expanded_3 = tensor.expand_shape %8 [[0, 1], [2], [3, 4]] output_shape [1, 2, 7, 7, 3] : tensor<2x7x21xf32> into tensor<1x2x7x7x3xf32>
    %9 = tensor.empty() : tensor<1x2x3x7x7xf32>
    %10 = linalg.generic {indexing_maps = [#map4, #map3], iterator_types = ["parallel", "parallel", "parallel", "parallel", "parallel"]} ins(%expanded_3 : tensor<1x2x7x7x3xf32>) outs(%9 : tensor<1x2x3x7x7xf32>) {
    ^bb0(%in: f32, %out: f32):
      linalg.yield %in : f32
    } -> tensor<1x2x3x7x7xf32>
    %11 = tensor.empty() : tensor<7x7xi32>
    %12 = linalg.generic {indexing_maps = [#map5], iterator_types = ["parallel", "parallel"]} outs(%11 : tensor<7x7xi32>) {
    ^bb0(%out: i32):
      %46 = linalg.index 0 : index
      %47 = arith.index_cast %46 : index to i32
      linalg.yield %47 : i32
    } -> tensor<7x7xi32>
    %13 = tensor.empty() : tensor<7x7xi32>
    %14 = linalg.generic {indexing_maps = [#map5], iterator_types = ["parallel", "parallel"]} outs(%13 : tensor<7x7xi32>) {
    ^bb0(%out: i32):
      %46 = linalg.index 1 : index
      %47 = arith.index_cast %46 : index to i32
      linalg.yield %47 : i32
    } -> tensor<7x7xi32>
    %15 = tensor.empty() : tensor<7x7xi1>
    %16 = linalg.generic {indexing_maps = [#map5, #map5, #map5], iterator_types = ["parallel", "parallel"]} ins(%12, %14 : tensor<7x7xi32>, tensor<7x7xi32>) outs(%15 : tensor<7x7xi1>) {
    ^bb0(%in: i32, %in_8: i32, %out: i1):
      %46 = arith.cmpi sge, %in, %in_8 : i32
      linalg.yield %46 : i1
    } -> tensor<7x7xi1>
    %17 = tensor.empty() : tensor<1x2x3x7x7xi1>
    %18 = linalg.generic {indexing_maps = [#map6, #map3], iterator_types = ["parallel", "parallel", "parallel", "parallel", "parallel"]} ins(%16 : tensor<7x7xi1>) outs(%17 : tensor<1x2x3x7x7xi1>) {
    ^bb0(%in: i1, %out: i1):
      linalg.yield %in : i1
    } -> tensor<1x2x3x7x7xi1>
    %19 = tensor.empty() : tensor<1x2x3x7x7xf32>
    %20 = linalg.generic {indexing_maps = [#map3, #map3, #map3], iterator_types = ["parallel", "parallel", "parallel", "parallel", "parallel"]} ins(%18, %10 : tensor<1x2x3x7x7xi1>, tensor<1x2x3x7x7xf32>) outs(%19 : tensor<1x2x3x7x7xf32>) {
    ^bb0(%in: i1, %in_8: f32, %out: f32):
      %46 = arith.select %in, %in_8, %cst_0 : f32
      linalg.yield %46 : f32
    } -> tensor<1x2x3x7x7xf32>
    %21 = tensor.empty() : tensor<1x2x3x7xf32>
    %22 = linalg.fill ins(%cst : f32) outs(%21 : tensor<1x2x3x7xf32>) -> tensor<1x2x3x7xf32>
    %23 = linalg.generic {indexing_maps = [#map3, #map7], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction"]} ins(%20 : tensor<1x2x3x7x7xf32>) outs(%22 : tensor<1x2x3x7xf32>) {
    ^bb0(%in: f32, %out: f32):
      %46 = arith.maximumf %out, %in : f32
      linalg.yield %46 : f32
    } -> tensor<1x2x3x7xf32>
    %24 = tensor.empty() : tensor<1x2x3x7x7xf32>
    %25 = linalg.generic {indexing_maps = [#map7, #map3], iterator_types = ["parallel", "parallel", "parallel", "parallel", "parallel"]} ins(%23 : tensor<1x2x3x7xf32>) outs(%24 : tensor<1x2x3x7x7xf32>) {
    ^bb0(%in: f32, %out: f32):
      linalg.yield %in : f32
    } -> tensor<1x2x3x7x7xf32>
    %26 = tensor.empty() : tensor<1x2x3x7x7xf32>
    %27 = linalg.generic {indexing_maps = [#map3, #map3, #map3], iterator_types = ["parallel", "parallel", "parallel", "parallel", "parallel"]} ins(%20, %25 : tensor<1x2x3x7x7xf32>, tensor<1x2x3x7x7xf32>) outs(%26 : tensor<1x2x3x7x7xf32>) {
    ^bb0(%in: f32, %in_8: f32, %out: f32):
      %46 = arith.subf %in, %in_8 : f32
      linalg.yield %46 : f32
    } -> tensor<1x2x3x7x7xf32>
    %28 = tensor.empty() : tensor<1x2x3x7x7xf32>
    %29 = linalg.generic {indexing_maps = [#map3, #map3], iterator_types = ["parallel", "parallel", "parallel", "parallel", "parallel"]} ins(%27 : tensor<1x2x3x7x7xf32>) outs(%28 : tensor<1x2x3x7x7xf32>) {
    ^bb0(%in: f32, %out: f32):
      %46 = math.exp %in : f32
      linalg.yield %46 : f32
    } -> tensor<1x2x3x7x7xf32>
    %30 = tensor.empty() : tensor<1x2x3x7xf32>
    %31 = linalg.fill ins(%cst_1 : f32) outs(%30 : tensor<1x2x3x7xf32>) -> tensor<1x2x3x7xf32>
    %32 = linalg.generic {indexing_maps = [#map3, #map7], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction"]} ins(%29 : tensor<1x2x3x7x7xf32>) outs(%31 : tensor<1x2x3x7xf32>) {
    ^bb0(%in: f32, %out: f32):
      %46 = arith.addf %out, %in : f32
      linalg.yield %46 : f32
    } -> tensor<1x2x3x7xf32>
    %33 = tensor.empty() : tensor<1x2x3x7x7xf32>
    %34 = linalg.generic {indexing_maps = [#map7, #map3], iterator_types = ["parallel", "parallel", "parallel", "parallel", "parallel"]} ins(%32 : tensor<1x2x3x7xf32>) outs(%33 : tensor<1x2x3x7x7xf32>) {
    ^bb0(%in: f32, %out: f32):
      linalg.yield %in : f32
    } -> tensor<1x2x3x7x7xf32>
    %35 = tensor.empty() : tensor<1x2x3x7x7xf32>
    %36 = linalg.generic {indexing_maps = [#map3, #map3, #map3], iterator_types = ["parallel", "parallel", "parallel", "parallel", "parallel"]} ins(%29, %34 : tensor<1x2x3x7x7xf32>, tensor<1x2x3x7x7xf32>) outs(%35 : tensor<1x2x3x7x7xf32>) {
    ^bb0(%in: f32, %in_8: f32, %out: f32):
      %46 = arith.divf %in, %in_8 : f32
      linalg.yield %46 : f32
    } -> tensor<1x2x3x7x7xf32>
    %37 = tensor.empty() : tensor<1x2x4x7xf32>
    %38 = linalg.generic {indexing_maps = [#map8, #map1], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%arg2 : tensor<1x7x2x4xf32>) outs(%37 : tensor<1x2x4x7xf32>) {
    ^bb0(%in: f32, %out: f32):
      linalg.yield %in : f32
    } -> tensor<1x2x4x7xf32>
    %39 = tensor.empty() : tensor<1x2x7x3x7xf32>
    %40 = linalg.generic {indexing_maps = [#map9, #map3], iterator_types = ["parallel", "parallel", "parallel", "parallel", "parallel"]} ins(%36 : tensor<1x2x3x7x7xf32>) outs(%39 : tensor<1x2x7x3x7xf32>) {
    ^bb0(%in: f32, %out: f32):
      linalg.yield %in : f32
    } -> tensor<1x2x7x3x7xf32>
    %collapsed_4 = tensor.collapse_shape %38 [[0, 1], [2], [3]] : tensor<1x2x4x7xf32> into tensor<2x4x7xf32>
    %collapsed_5 = tensor.collapse_shape %40 [[0, 1], [2], [3, 4]] : tensor<1x2x7x3x7xf32> into tensor<2x7x21xf32>
    %41 = tensor.empty() : tensor<2x4x21xf32>
    %42 = linalg.fill ins(%cst_1 : f32) outs(%41 : tensor<2x4x21xf32>) -> tensor<2x4x21xf32>
    %43 = linalg.batch_matmul ins(%collapsed_4, %collapsed_5 : tensor<2x4x7xf32>, tensor<2x7x21xf32>) outs(%42 : tensor<2x4x21xf32>) -> tensor<2x4x21xf32>
    %expanded_6 = tensor.expand_shape %43 [[0, 1], [2], [3, 4]] output_shape [1, 2, 4, 3, 7] : tensor<2x4x21xf32> into tensor<1x2x4x3x7xf32>
    %44 = tensor.empty() : tensor<1x7x2x3x4xf32>
    %45 = linalg.generic {indexing_maps = [#map10, #map3], iterator_types = ["parallel", "parallel", "parallel", "parallel", "parallel"]} ins(%expanded_6 : tensor<1x2x4x3x7xf32>) outs(%44 : tensor<1x7x2x3x4xf32>) {
    ^bb0(%in: f32, %out: f32):
      linalg.yield %in : f32
    } -> tensor<1x7x2x3x4xf32>
    %collapsed_7 = tensor.collapse_shape %45 [[0], [1], [2, 3, 4]] : tensor<1x7x2x3x4xf32> into tensor<1x7x24xf32>
    return %collapsed_7 : tensor<1x7x24xf32>
  }
}

