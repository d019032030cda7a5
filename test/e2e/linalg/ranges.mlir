// Inputs that are indices or that something is divided by: `--run` limits them, each by what it reaches, whatever their width
// (the reference executes slices as they are, so that an offset beyond the end would read, or write, what is not there). Integers of others.mlir that are no index are not 0 for the table of 1; the index of
// deep.mlir has 2^48 ways to its input.
// RUN: split-file %s %t
// DEFINE: %{on} = --accelerator %examples/accelerators/homogeneous_quad.yaml --run --quiet --evaluations 0 --optimize 0 --model simple
// RUN: stream-compile %t/offsets.mlir %{on} | FileCheck %s --check-prefix=OFFSETS
// RUN: stream-compile %t/gathered.mlir %{on} | FileCheck %s --check-prefix=GATHERED
// RUN: stream-compile %t/narrow.mlir %{on} | FileCheck %s --check-prefix=NARROW
// RUN: stream-compile %t/divided.mlir %{on} | FileCheck %s --check-prefix=DIVIDED
// RUN: not stream-compile %t/by_zero.mlir %{on} 2>&1 | FileCheck %s --check-prefix=ZERO
// RUN: not stream-compile %t/others.mlir %{on} 2>&1 | FileCheck %s --check-prefix=OTHERS
// RUN: stream-compile %t/deep.mlir %{on} | FileCheck %s --check-prefix=DEEP
// OFFSETS: executed: identical (786440 elements)
// GATHERED: executed: identical (96 elements)
// NARROW: executed: identical (800 elements)
// DIVIDED: executed: identical (328 elements)
// ZERO: by_zero.mlir:2:1: error: a division of integers by zero, or of the least of them by -1, has no result for the pseudo-random inputs: it cannot be executed with them
// OTHERS-DAG: more than 0
// OTHERS-DAG: an assertion of the network (cf.assert) does not hold
// DEEP: executed: identical (40 elements)

//--- offsets.mlir
func.func @main(%x: tensor<3x4xf32>, %at: tensor<i32>, %cache: tensor<3x262144xf32>, %row: tensor<1x262144xf32>, %to: tensor<i32>)
    -> (tensor<2x4xf32>, tensor<3x262144xf32>) {
  %a = tensor.extract %at[] : tensor<i32>
  %i = arith.index_cast %a : i32 to index
  %window = tensor.extract_slice %x[%i, 0] [2, 4] [1, 1] : tensor<3x4xf32> to tensor<2x4xf32>
  %b = tensor.extract %to[] : tensor<i32>
  %j = arith.index_cast %b : i32 to index
  %grown = tensor.insert_slice %row into %cache[%j, 0] [1, 262144] [1, 1] : tensor<1x262144xf32> into tensor<3x262144xf32>
  return %window, %grown : tensor<2x4xf32>, tensor<3x262144xf32>
}

//--- gathered.mlir
func.func @main(%table: tensor<2x6xf32>, %rows: tensor<16xi64>) -> tensor<16x6xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c16 = arith.constant 16 : index
  %e = tensor.empty() : tensor<16x6xf32>
  %y = scf.for %i = %c0 to %c16 step %c1 iter_args(%o = %e) -> tensor<16x6xf32> {
    %k = tensor.extract %rows[%i] : tensor<16xi64>
    %j = arith.index_cast %k : i64 to index
    %row = tensor.extract_slice %table[%j, 0] [1, 6] [1, 1] : tensor<2x6xf32> to tensor<1x6xf32>
    %t = tensor.insert_slice %row into %o[%i, 0] [1, 6] [1, 1] : tensor<1x6xf32> into tensor<16x6xf32>
    scf.yield %t : tensor<16x6xf32>
  }
  return %y : tensor<16x6xf32>
}

//--- narrow.mlir
func.func @main(%t0: tensor<100x8xf32>, %t1: tensor<200x8xf32>, %r0: tensor<50xi8>, %r1: tensor<50xi8>) -> (tensor<50x8xf32>, tensor<50x8xf32>) {
  %e = tensor.empty() : tensor<50x8xf32>
  %y0 = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]}
      ins(%r0 : tensor<50xi8>) outs(%e : tensor<50x8xf32>) {
  ^bb0(%k: i8, %o: f32):
    %u = arith.index_cast %k : i8 to index
    %j = linalg.index 1 : index
    %v = tensor.extract %t0[%u, %j] : tensor<100x8xf32>
    linalg.yield %v : f32
  } -> tensor<50x8xf32>
  %y1 = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]}
      ins(%r1 : tensor<50xi8>) outs(%e : tensor<50x8xf32>) {
  ^bb0(%k: i8, %o: f32):
    %u = arith.index_cast %k : i8 to index
    %j = linalg.index 1 : index
    %v = tensor.extract %t1[%u, %j] : tensor<200x8xf32>
    linalg.yield %v : f32
  } -> tensor<50x8xf32>
  return %y0, %y1 : tensor<50x8xf32>, tensor<50x8xf32>
}

//--- divided.mlir
func.func @main(%x: tensor<4x6xi32>, %y: tensor<4x6xi32>, %p: tensor<16x16xi8>, %q: tensor<16x16xi8>)
    -> (tensor<4x6xi32>, tensor<4x6xi32>, tensor<4x6xi32>, tensor<16x16xi8>) {
  %k = arith.constant dense<7> : tensor<4x6xi32>
  %a = arith.divsi %k, %x : tensor<4x6xi32>
  %b = arith.remui %a, %y : tensor<4x6xi32>
  %e = tensor.empty() : tensor<4x6xi32>
  %c = linalg.div ins(%k, %y : tensor<4x6xi32>, tensor<4x6xi32>) outs(%e : tensor<4x6xi32>) -> tensor<4x6xi32>
  %d = arith.divsi %p, %q : tensor<16x16xi8>
  return %a, %b, %c, %d : tensor<4x6xi32>, tensor<4x6xi32>, tensor<4x6xi32>, tensor<16x16xi8>
}

//--- by_zero.mlir

func.func @main(%x: tensor<4x6xi32>, %y: tensor<4x6xi32>) -> tensor<4x6xi32> {
  %zero = arith.subi %x, %x : tensor<4x6xi32>
  %a = arith.divsi %y, %zero : tensor<4x6xi32>
  return %a : tensor<4x6xi32>
}

//--- others.mlir

func.func @main(%table: tensor<1xf32>, %rows: tensor<16xi32>, %x: tensor<16xi32>) -> tensor<16xf32> {
  %c0 = arith.constant 0 : i32
  %e = tensor.empty() : tensor<16xf32>
  %y = linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]}
      ins(%rows, %x : tensor<16xi32>, tensor<16xi32>) outs(%e : tensor<16xf32>) {
  ^bb0(%k: i32, %a: i32, %o: f32):
    %zero = arith.cmpi eq, %a, %c0 : i32
    cf.assert %zero, "more than 0"
    %u = arith.index_cast %k : i32 to index
    %v = tensor.extract %table[%u] : tensor<1xf32>
    linalg.yield %v : f32
  } -> tensor<16xf32>
  return %y : tensor<16xf32>
}

//--- deep.mlir
func.func @main(%table: tensor<3xf32>, %rows: tensor<40xi32>) -> tensor<40xf32> {
  %e = tensor.empty() : tensor<40xf32>
  %y = linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]}
      ins(%rows : tensor<40xi32>) outs(%e : tensor<40xf32>) {
  ^bb0(%v0: i32, %o: f32):
    %v1 = arith.ori %v0, %v0 : i32
    %v2 = arith.ori %v1, %v1 : i32
    %v3 = arith.ori %v2, %v2 : i32
    %v4 = arith.ori %v3, %v3 : i32
    %v5 = arith.ori %v4, %v4 : i32
    %v6 = arith.ori %v5, %v5 : i32
    %v7 = arith.ori %v6, %v6 : i32
    %v8 = arith.ori %v7, %v7 : i32
    %v9 = arith.ori %v8, %v8 : i32
    %v10 = arith.ori %v9, %v9 : i32
    %v11 = arith.ori %v10, %v10 : i32
    %v12 = arith.ori %v11, %v11 : i32
    %v13 = arith.ori %v12, %v12 : i32
    %v14 = arith.ori %v13, %v13 : i32
    %v15 = arith.ori %v14, %v14 : i32
    %v16 = arith.ori %v15, %v15 : i32
    %v17 = arith.ori %v16, %v16 : i32
    %v18 = arith.ori %v17, %v17 : i32
    %v19 = arith.ori %v18, %v18 : i32
    %v20 = arith.ori %v19, %v19 : i32
    %v21 = arith.ori %v20, %v20 : i32
    %v22 = arith.ori %v21, %v21 : i32
    %v23 = arith.ori %v22, %v22 : i32
    %v24 = arith.ori %v23, %v23 : i32
    %v25 = arith.ori %v24, %v24 : i32
    %v26 = arith.ori %v25, %v25 : i32
    %v27 = arith.ori %v26, %v26 : i32
    %v28 = arith.ori %v27, %v27 : i32
    %v29 = arith.ori %v28, %v28 : i32
    %v30 = arith.ori %v29, %v29 : i32
    %v31 = arith.ori %v30, %v30 : i32
    %v32 = arith.ori %v31, %v31 : i32
    %v33 = arith.ori %v32, %v32 : i32
    %v34 = arith.ori %v33, %v33 : i32
    %v35 = arith.ori %v34, %v34 : i32
    %v36 = arith.ori %v35, %v35 : i32
    %v37 = arith.ori %v36, %v36 : i32
    %v38 = arith.ori %v37, %v37 : i32
    %v39 = arith.ori %v38, %v38 : i32
    %v40 = arith.ori %v39, %v39 : i32
    %v41 = arith.ori %v40, %v40 : i32
    %v42 = arith.ori %v41, %v41 : i32
    %v43 = arith.ori %v42, %v42 : i32
    %v44 = arith.ori %v43, %v43 : i32
    %v45 = arith.ori %v44, %v44 : i32
    %v46 = arith.ori %v45, %v45 : i32
    %v47 = arith.ori %v46, %v46 : i32
    %v48 = arith.ori %v47, %v47 : i32
    %u = arith.index_cast %v48 : i32 to index
    %v = tensor.extract %table[%u] : tensor<3xf32>
    linalg.yield %v : f32
  } -> tensor<40xf32>
  return %y : tensor<40xf32>
}
