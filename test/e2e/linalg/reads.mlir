// Ops that read by computed indices, executed: a reversed copy, a gather by data, a bilinear row resize with clamped
// indices, im2col and a strided window through floordiv and mod, a transposed convolution as a scatter (which is no
// box), a scalar from a tensor.
// RUN: stream-compile %s --accelerator %examples/accelerators/homogeneous_quad.yaml --run --quiet 2>&1 | FileCheck %s
// RUN: stream-compile %s --accelerator %examples/accelerators/homogeneous_quad.yaml --run --quiet --rows 3 --memories explicit | FileCheck %s --check-prefix=EXEC
// RUN: stream-compile %s --accelerator %examples/accelerators/homogeneous_quad.yaml --run --quiet --fusion layer-by-layer | FileCheck %s --check-prefix=EXEC
// CHECK-DAG: note: layer 'scatter' is one CT: it writes a dimension of its result through a map that is neither a loop of its own nor 0
// CHECK-DAG: executed: identical (440 elements)
// EXEC: executed: identical (440 elements)
#id1 = affine_map<(d0) -> (d0)>
#id = affine_map<(d0, d1) -> (d0, d1)>
#row = affine_map<(d0, d1) -> (d0)>
#id3 = affine_map<(d0, d1, d2) -> (d0, d1, d2)>
#im2col = affine_map<(d0, d1) -> (d0 floordiv 4 + d1 floordiv 3, (d0 mod 4) * 2 + d1 mod 3)>
#patch = affine_map<(d0, d1, d2) -> (d0, d2)>
#filter = affine_map<(d0, d1, d2) -> (d2, d1)>
#out = affine_map<(d0, d1, d2) -> (d0, d1)>
#spread = affine_map<(d0, d1) -> (d0 * 2 + d1)>
#tap = affine_map<(d0, d1) -> (d1)>
func.func @main(%x: tensor<8x10xf32>, %table: tensor<9x5xf32>, %at: tensor<6xi32>, %w: tensor<9x3xf32>,
                %k: tensor<3xf32>, %s: tensor<2xf32>)
    -> (tensor<8x10xf32>, tensor<6x5xf32>, tensor<16x10xf32>, tensor<20x3xf32>, tensor<17xf32>, tensor<8x10xf32>,
        tensor<8xf32>, tensor<5xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c7 = arith.constant 7 : index
  %i0 = arith.constant 0 : i32
  %i1 = arith.constant 1 : i32
  %i2 = arith.constant 2 : i32
  %i7 = arith.constant 7 : i32
  %half = arith.constant 0.5 : f32
  %zero = arith.constant 0.0 : f32

  // x[7 - i, j], read in the body: an input with a reversed map.
  %e0 = tensor.empty() : tensor<8x10xf32>
  %reversed = linalg.generic {indexing_maps = [#id], iterator_types = ["parallel", "parallel"]} outs(%e0 : tensor<8x10xf32>) {
  ^bb0(%o: f32):
    %i = linalg.index 0 : index
    %j = linalg.index 1 : index
    %r = arith.subi %c7, %i : index
    %v = tensor.extract %x[%r, %j] : tensor<8x10xf32>
    linalg.yield %v : f32
  } -> tensor<8x10xf32>

  // table[at[i], j]: all rows of a column range.
  %e1 = tensor.empty() : tensor<6x5xf32>
  %gathered = linalg.generic {indexing_maps = [#row, #id], iterator_types = ["parallel", "parallel"]} ins(%at : tensor<6xi32>) outs(%e1 : tensor<6x5xf32>) {
  ^bb0(%p: i32, %o: f32):
    %r = arith.index_cast %p : i32 to index
    %j = linalg.index 1 : index
    %v = tensor.extract %table[%r, %j] : tensor<9x5xf32>
    linalg.yield %v : f32
  } -> tensor<6x5xf32>

  // The mean of two rows of the reversed copy, half a row apart: clamped at the border.
  %e2 = tensor.empty() : tensor<16x10xf32>
  %resized = linalg.generic {indexing_maps = [#id], iterator_types = ["parallel", "parallel"]} outs(%e2 : tensor<16x10xf32>) {
  ^bb0(%o: f32):
    %i = linalg.index 0 : index
    %j = linalg.index 1 : index
    %i32 = arith.index_cast %i : index to i32
    %below = arith.subi %i32, %i1 : i32
    %low = arith.floordivsi %below, %i2 : i32
    %high = arith.addi %low, %i1 : i32
    %la = arith.maxsi %low, %i0 : i32
    %lb = arith.minsi %la, %i7 : i32
    %ha = arith.maxsi %high, %i0 : i32
    %hb = arith.minsi %ha, %i7 : i32
    %l = arith.index_cast %lb : i32 to index
    %h = arith.index_cast %hb : i32 to index
    %a = tensor.extract %reversed[%l, %j] : tensor<8x10xf32>
    %b = tensor.extract %reversed[%h, %j] : tensor<8x10xf32>
    %sum = arith.addf %a, %b : f32
    %mean = arith.mulf %sum, %half : f32
    linalg.yield %mean : f32
  } -> tensor<16x10xf32>

  // A 3 x 3 convolution of stride (1, 2) as im2col and a matmul: x is 8 x 10, the result is 5 rows of 4 positions.
  %e3 = tensor.empty() : tensor<20x9xf32>
  %patches = linalg.generic {indexing_maps = [#im2col, #id], iterator_types = ["parallel", "parallel"]} ins(%x : tensor<8x10xf32>) outs(%e3 : tensor<20x9xf32>) {
  ^bb0(%p: f32, %o: f32):
    linalg.yield %p : f32
  } -> tensor<20x9xf32>
  %e4 = tensor.empty() : tensor<20x3xf32>
  %z4 = linalg.fill ins(%zero : f32) outs(%e4 : tensor<20x3xf32>) -> tensor<20x3xf32>
  %conv = linalg.generic {indexing_maps = [#patch, #filter, #out], iterator_types = ["parallel", "parallel", "reduction"]} ins(%patches, %w : tensor<20x9xf32>, tensor<9x3xf32>) outs(%z4 : tensor<20x3xf32>) {
  ^bb0(%p: f32, %q: f32, %o: f32):
    %m = arith.mulf %p, %q : f32
    %v = arith.addf %o, %m : f32
    linalg.yield %v : f32
  } -> tensor<20x3xf32>

  // y[2 i + j] += g[i] * k[j]: what is written is no box.
  %g = tensor.extract_slice %x[0, 0] [8, 1] [1, 1] : tensor<8x10xf32> to tensor<8xf32>
  %e5 = tensor.empty() : tensor<17xf32>
  %z5 = linalg.fill ins(%zero : f32) outs(%e5 : tensor<17xf32>) -> tensor<17xf32>
  %scattered = linalg.generic {indexing_maps = [#row, #tap, #spread], iterator_types = ["parallel", "reduction"]} ins(%g, %k : tensor<8xf32>, tensor<3xf32>) outs(%z5 : tensor<17xf32>) attrs = {stream.layer = "scatter"} {
  ^bb0(%p: f32, %q: f32, %o: f32):
    %m = arith.mulf %p, %q : f32
    %v = arith.addf %o, %m : f32
    linalg.yield %v : f32
  } -> tensor<17xf32>

  // A scalar that is made of two elements of a tensor, used by a body and by a fill.
  %s0 = tensor.extract %s[%c0] : tensor<2xf32>
  %s1 = tensor.extract %s[%c1] : tensor<2xf32>
  %scale = arith.addf %s0, %s1 : f32
  %scaled = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]} ins(%reversed : tensor<8x10xf32>) outs(%e0 : tensor<8x10xf32>) {
  ^bb0(%p: f32, %o: f32):
    %v = arith.mulf %p, %scale : f32
    linalg.yield %v : f32
  } -> tensor<8x10xf32>
  %e6 = tensor.empty() : tensor<8xf32>
  %z6 = linalg.fill ins(%scale : f32) outs(%e6 : tensor<8xf32>) -> tensor<8xf32>
  %filled = linalg.add ins(%z6, %g : tensor<8xf32>, tensor<8xf32>) outs(%e6 : tensor<8xf32>) -> tensor<8xf32>

  // Every second element of a row, by a division that the map has.
  %e7 = tensor.empty() : tensor<5xf32>
  %first = tensor.extract_slice %x[0, 0] [1, 10] [1, 1] : tensor<8x10xf32> to tensor<10xf32>
  %picked = linalg.generic {indexing_maps = [affine_map<(d0) -> ((d0 * 4 + 1) floordiv 2)>, #id1], iterator_types = ["parallel"]} ins(%first : tensor<10xf32>) outs(%e7 : tensor<5xf32>) {
  ^bb0(%p: f32, %o: f32):
    %v = arith.addf %p, %half : f32
    linalg.yield %v : f32
  } -> tensor<5xf32>
  return %reversed, %gathered, %resized, %conv, %scattered, %scaled, %filled, %picked
      : tensor<8x10xf32>, tensor<6x5xf32>, tensor<16x10xf32>, tensor<20x3xf32>, tensor<17xf32>, tensor<8x10xf32>,
        tensor<8xf32>, tensor<5xf32>
}
