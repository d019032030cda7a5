#map = affine_map<(d0, d1, d2, d3, d4) -> (d0, d3, d4)>
#map1 = affine_map<(d0, d1, d2, d3, d4) -> (d0, d1, d2)>
module {
  func.func @main(%arg0: tensor<2x8x16xf32>) -> (tensor<2x8x9xf32>, tensor<2x8x9xf32>) {
    %cst = arith.constant 1.600000e+01 : f32
    %cst_0 = arith.constant 8.000000e+00 : f32
    %cst_1 = arith.constant 6.28318548 : f32
    %cst_2 = arith.constant 0.000000e+00 : f32
    %c16 = arith.constant 16 : index
    %c8 = arith.constant 8 : index
    %0 = tensor.empty() : tensor<2x8x9xf32>
    %1 = linalg.fill ins(%cst_2 : f32) outs(%0 : tensor<2x8x9xf32>) -> tensor<2x8x9xf32>
    %2:2 = linalg.generic {indexing_maps = [#map, #map1, #map1], iterator_types = ["parallel", "parallel", "parallel", "reduction", "reduction"]} ins(%arg0 : tensor<2x8x16xf32>) outs(%1, %1 : tensor<2x8x9xf32>, tensor<2x8x9xf32>) {
    ^bb0(%in: f32, %out: f32, %out_3: f32):
      %3 = linalg.index 1 : index
      %4 = linalg.index 2 : index
      %5 = linalg.index 3 : index
      %6 = linalg.index 4 : index
      %7 = index.mul %5, %3
      %8 = index.mul %6, %4
      %9 = index.remu %7, %c8
      %10 = index.remu %8, %c16
      %11 = arith.index_castui %9 : index to i32
      %12 = arith.uitofp %11 : i32 to f32
      %13 = arith.index_castui %10 : index to i32
      %14 = arith.uitofp %13 : i32 to f32
      %15 = arith.divf %12, %cst_0 : f32
      %16 = arith.divf %14, %cst : f32
      %17 = arith.addf %15, %16 : f32
      %18 = arith.mulf %17, %cst_1 : f32
      %19 = math.cos %18 : f32
      %20 = math.sin %18 : f32
      %21 = arith.mulf %in, %19 : f32
      %22 = arith.mulf %in, %20 : f32
      %23 = arith.addf %out, %21 : f32
      %24 = arith.subf %out_3, %22 : f32
      linalg.yield %23, %24 : f32, f32
    } -> (tensor<2x8x9xf32>, tensor<2x8x9xf32>)
    return %2#0, %2#1 : tensor<2x8x9xf32>, tensor<2x8x9xf32>
  }
}

