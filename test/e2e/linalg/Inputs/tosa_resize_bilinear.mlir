#map = affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>
module {
  func.func @main(%arg0: tensor<1x5x7x3xf32>) -> tensor<1x9x13x3xf32> {
    %cst = arith.constant 4.000000e+00 : f32
    %cst_0 = arith.constant 1.000000e+00 : f32
    %c1_i32 = arith.constant 1 : i32
    %c2_i32 = arith.constant 2 : i32
    %c6_i32 = arith.constant 6 : i32
    %c4_i32 = arith.constant 4 : i32
    %c0_i32 = arith.constant 0 : i32
    %c0 = arith.constant 0 : index
    %0 = tensor.empty() : tensor<1x9x13x3xf32>
    %1 = linalg.generic {indexing_maps = [#map], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} outs(%0 : tensor<1x9x13x3xf32>) {
    ^bb0(%out: f32):
      %2 = linalg.index 1 : index
      %3 = linalg.index 2 : index
      %4 = linalg.index 3 : index
      %5 = arith.index_cast %2 : index to i32
      %6 = arith.index_cast %3 : index to i32
      %7 = arith.muli %5, %c2_i32 : i32
      %8 = arith.floordivsi %7, %c4_i32 : i32
      %9 = arith.remsi %7, %c4_i32 : i32
      %10 = arith.sitofp %9 : i32 to f32
      %11 = arith.divf %10, %cst : f32
      %12 = arith.muli %6, %c2_i32 : i32
      %13 = arith.floordivsi %12, %c4_i32 : i32
      %14 = arith.remsi %12, %c4_i32 : i32
      %15 = arith.sitofp %14 : i32 to f32
      %16 = arith.divf %15, %cst : f32
      %17 = arith.addi %8, %c1_i32 : i32
      %18 = arith.maxsi %8, %c0_i32 : i32
      %19 = arith.minsi %18, %c4_i32 : i32
      %20 = arith.maxsi %17, %c0_i32 : i32
      %21 = arith.minsi %20, %c4_i32 : i32
      %22 = arith.index_cast %19 : i32 to index
      %23 = arith.index_cast %21 : i32 to index
      %24 = arith.addi %13, %c1_i32 : i32
      %25 = arith.maxsi %13, %c0_i32 : i32
      %26 = arith.minsi %25, %c6_i32 : i32
      %27 = arith.maxsi %24, %c0_i32 : i32
      %28 = arith.minsi %27, %c6_i32 : i32
      %29 = arith.index_cast %26 : i32 to index
      %30 = arith.index_cast %28 : i32 to index
      %extracted = tensor.extract %arg0[%c0, %22, %29, %4] : tensor<1x5x7x3xf32>
      %extracted_1 = tensor.extract %arg0[%c0, %22, %30, %4] : tensor<1x5x7x3xf32>
      %extracted_2 = tensor.extract %arg0[%c0, %23, %29, %4] : tensor<1x5x7x3xf32>
      %extracted_3 = tensor.extract %arg0[%c0, %23, %30, %4] : tensor<1x5x7x3xf32>
      %31 = arith.subf %cst_0, %16 : f32
      %32 = arith.mulf %extracted, %31 : f32
      %33 = arith.mulf %extracted_1, %16 : f32
      %34 = arith.addf %32, %33 : f32
      %35 = arith.mulf %extracted_2, %31 : f32
      %36 = arith.mulf %extracted_3, %16 : f32
      %37 = arith.addf %35, %36 : f32
      %38 = arith.subf %cst_0, %11 : f32
      %39 = arith.mulf %34, %38 : f32
      %40 = arith.mulf %37, %11 : f32
      %41 = arith.addf %39, %40 : f32
      linalg.yield %41 : f32
    } -> tensor<1x9x13x3xf32>
    return %1 : tensor<1x9x13x3xf32>
  }
}

