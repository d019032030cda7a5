// Slices at offsets that data decides (a cache that grows by a row, a window into it, of full and of lower rank), arithmetic
// on whole tensors without linalg, and tensor.reshape: all become ops that are read. The row that a position gives is read
// with the position, and a CT of the cache reads its own rows alone. Indices into a table of 3 rows are less than 3 when it
// is executed.
// RUN: stream-compile %s --accelerator %examples/accelerators/homogeneous_quad.yaml --run --quiet --evaluations 0 --optimize 0 --model simple --fusion layer-by-layer | FileCheck %s
// RUN: stream-compile %s --accelerator %examples/accelerators/homogeneous_quad.yaml --run --quiet --evaluations 0 --optimize 0 --model simple --tiles parallel=3 --memories explicit -o %t.mlir | FileCheck %s
// RUN: FileCheck %s --check-prefix=IR < %t.mlir
// CHECK: executed: identical (256 elements)
// IR: func.func private @cache_k0(%{{.*}}: tensor<3x3xf32> {{.*}}, %{{.*}}: tensor<i32> {{.*}}, %{{.*}}: tensor<1x3xf32> {{.*}}) -> tensor<3x3xf32>
// IR: stream.ct @cache_k{{[0-9]+}}(%{{.*}}[6, 0], %{{.*}}[], %{{.*}}[0, 0]) into %{{.*}}[6, 0]
func.func @main(%cache: tensor<11x4xf32>, %row: tensor<1x4xf32>, %at: tensor<i32>, %x: tensor<4x6xf32>, %m: tensor<4x6xi1>,
                %table: tensor<3x2xf32>, %rows: tensor<5xi32>)
    -> (tensor<11x4xf32>, tensor<5x2xf32>, tensor<4xf32>, tensor<8x3xf32>, tensor<24xf32>, tensor<11x4xf32>, tensor<11x4xf32>,
        tensor<11x4xf32>, tensor<4x2xf32>, tensor<5x2xf32>) {
  %c0 = arith.constant 0 : i32
  %c6 = arith.constant 4 : i32
  %two = arith.constant dense<2.0> : tensor<4x6xf32>
  %raw = tensor.extract %at[] : tensor<i32>
  %low = arith.maxsi %raw, %c0 : i32
  %high = arith.minsi %low, %c6 : i32
  %i = arith.index_cast %high : i32 to index

  %grown = tensor.insert_slice %row into %cache[%i, 0] [1, 4] [1, 1] {stream.layer = "cache"} : tensor<1x4xf32> into tensor<11x4xf32>
  %window = tensor.extract_slice %grown[%i, 1] [5, 2] [1, 2] : tensor<11x4xf32> to tensor<5x2xf32>
  %one = tensor.extract_slice %grown[%i, 0] [1, 4] [1, 1] : tensor<11x4xf32> to tensor<4xf32>
  %back = tensor.insert_slice %one into %cache[%i, 0] [1, 4] [1, 1] : tensor<4xf32> into tensor<11x4xf32>
  %shift = arith.index_cast %high : i32 to index
  %wide = tensor.insert_slice %row into %back[%shift, 0] [1, 4] [1, 1] : tensor<1x4xf32> into tensor<11x4xf32>
  %sum = arith.addf %wide, %grown {fastmath = #arith.fastmath<none>} : tensor<11x4xf32>

  %y = arith.mulf %x, %two : tensor<4x6xf32>
  %e = math.tanh %y : tensor<4x6xf32>
  %p = arith.cmpf ogt, %e, %x : tensor<4x6xf32>
  %q = arith.andi %p, %m : tensor<4x6xi1>
  %s = arith.select %q, %e, %y : tensor<4x6xi1>, tensor<4x6xf32>
  %shape = arith.constant dense<[8, 3]> : tensor<2xi64>
  %flat = arith.constant dense<24> : tensor<1xi64>
  %r = tensor.reshape %s(%shape) : (tensor<4x6xf32>, tensor<2xi64>) -> tensor<8x3xf32>
  %n = arith.negf %r : tensor<8x3xf32>
  %f = tensor.reshape %n(%flat) : (tensor<8x3xf32>, tensor<1xi64>) -> tensor<24xf32>
  %g = math.absf %f : tensor<24xf32>
  %part = tensor.extract_slice %s[0, %i] [4, 2] [1, 1] : tensor<4x6xf32> to tensor<4x2xf32>
  %et = tensor.empty() : tensor<5x2xf32>
  %t = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]}
      ins(%rows : tensor<5xi32>) outs(%et : tensor<5x2xf32>) {
  ^bb0(%k: i32, %o: f32):
    %u = arith.index_cast %k : i32 to index
    %j = linalg.index 1 : index
    %v = tensor.extract %table[%u, %j] : tensor<3x2xf32>
    linalg.yield %v : f32
  } -> tensor<5x2xf32>
  return %grown, %window, %one, %n, %g, %back, %wide, %sum, %part, %t
      : tensor<11x4xf32>, tensor<5x2xf32>, tensor<4xf32>, tensor<8x3xf32>, tensor<24xf32>, tensor<11x4xf32>, tensor<11x4xf32>,
        tensor<11x4xf32>, tensor<4x2xf32>, tensor<5x2xf32>
}
