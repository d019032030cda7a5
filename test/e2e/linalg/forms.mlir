// Ops that are decomposed, split or kept whole, executed: softmax, pack and unpack with padding, an argmax of which both
// results are used, a loop that carries a tensor, counts that are constants, 0-d tensors.
// RUN: stream-compile %s --accelerator %examples/accelerators/homogeneous_quad.yaml --run --quiet 2>&1 | FileCheck %s
// RUN: stream-compile %s --accelerator %examples/accelerators/homogeneous_quad.yaml --run --quiet --rows 3 --memories explicit | FileCheck %s --check-prefix=EXEC
// RUN: stream-compile %s --accelerator %examples/accelerators/homogeneous_quad.yaml --quiet -o - | FileCheck %s --check-prefix=IR
// CHECK-DAG: note: layer 'scan' is one CT: it is a loop
// CHECK-DAG: executed: identical (249 elements)
// EXEC: executed: identical (249 elements)

// A layer that is part of another one has its name up to the dot. The counts are computed in front of the CTs, once.
// IR-DAG: @soft_max_k0
// IR-DAG: @soft_exp_k0
// IR-DAG: @soft_sum_k0
// IR-DAG: @scan_k0
// IR-NOT: @counts_k0
// IR: func.func @main
// IR: linalg.generic {{.*}}"counts"
// IR: stream.ct
#id = affine_map<(d0, d1) -> (d0, d1)>
#row = affine_map<(d0, d1) -> (d0)>
#none = affine_map<(d0, d1) -> ()>
func.func @main(%x: tensor<6x9xf32>, %d: tensor<f32>, %a: tensor<4x9xf32>)
    -> (tensor<6x9xf32>, tensor<6x9xf32>, tensor<6xf32>, tensor<6xi32>, tensor<9xf32>, tensor<4x9xf32>, tensor<6x9xf32>, tensor<6x5xf32>) {
  %c0 = index.constant 0
  %c1 = arith.constant 1 : index
  %c4 = arith.constant 4 : index
  %one = arith.constant 1.0 : f32
  %zero = arith.constant 0.0 : f32
  %izero = arith.constant 0 : i32
  %low = arith.constant 0xFF800000 : f32
  %e = tensor.empty() : tensor<6x9xf32>
  %soft = linalg.softmax {stream.layer = "soft"} dimension(1) ins(%x : tensor<6x9xf32>) outs(%e : tensor<6x9xf32>) -> tensor<6x9xf32>

  // Packed in tiles of 4 x 2, transposed; the last ones padded.
  %p = tensor.empty() : tensor<5x2x4x2xf32>
  %packed = linalg.pack %x padding_value(%zero : f32) outer_dims_perm = [1, 0] inner_dims_pos = [0, 1] inner_tiles = [4, 2] into %p : tensor<6x9xf32> -> tensor<5x2x4x2xf32>
  %doubled = linalg.add ins(%packed, %packed : tensor<5x2x4x2xf32>, tensor<5x2x4x2xf32>) outs(%p : tensor<5x2x4x2xf32>) -> tensor<5x2x4x2xf32>
  %unpacked = linalg.unpack %doubled outer_dims_perm = [1, 0] inner_dims_pos = [0, 1] inner_tiles = [4, 2] into %e : tensor<5x2x4x2xf32> -> tensor<6x9xf32>

  %ef = tensor.empty() : tensor<6xf32>
  %ei = tensor.empty() : tensor<6xi32>
  %f0 = linalg.fill ins(%low : f32) outs(%ef : tensor<6xf32>) -> tensor<6xf32>
  %i0 = linalg.fill ins(%izero : i32) outs(%ei : tensor<6xi32>) -> tensor<6xi32>
  %m:2 = linalg.generic {indexing_maps = [#id, #row, #row], iterator_types = ["parallel", "reduction"]}
      ins(%x : tensor<6x9xf32>) outs(%f0, %i0 : tensor<6xf32>, tensor<6xi32>) {
  ^bb0(%q: f32, %best: f32, %where: i32):
    %i = linalg.index 1 : index
    %j = arith.index_cast %i : index to i32
    %more = arith.cmpf ogt, %q, %best : f32
    %nb = arith.select %more, %q, %best : f32
    %na = arith.select %more, %j, %where : i32
    linalg.yield %nb, %na : f32, i32
  } -> (tensor<6xf32>, tensor<6xi32>)

  // h[t + 1] = a[t] * h[t] + 1; all states are kept.
  %h0 = tensor.empty() : tensor<9xf32>
  %hz = linalg.fill ins(%zero : f32) outs(%h0 : tensor<9xf32>) -> tensor<9xf32>
  %s0 = tensor.empty() : tensor<4x9xf32>
  %scan:2 = scf.for %t = %c0 to %c4 step %c1 iter_args(%h = %hz, %states = %s0) -> (tensor<9xf32>, tensor<4x9xf32>) {
    %at = tensor.extract_slice %a[%t, 0] [1, 9] [1, 1] : tensor<4x9xf32> to tensor<9xf32>
    %next = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]}
        ins(%at, %h : tensor<9xf32>, tensor<9xf32>) outs(%h0 : tensor<9xf32>) {
    ^bb0(%u: f32, %v: f32, %o: f32):
      %uv = arith.mulf %u, %v : f32
      %n = arith.addf %uv, %one : f32
      linalg.yield %n : f32
    } -> tensor<9xf32>
    %kept = tensor.insert_slice %next into %states[%t, 0] [1, 9] [1, 1] : tensor<9xf32> into tensor<4x9xf32>
    scf.yield %next, %kept : tensor<9xf32>, tensor<4x9xf32>
  } {stream.layer = "scan"}

  // Divided by counts that depend on no input, plus a 0-d tensor.
  %counts = linalg.generic {indexing_maps = [#id], iterator_types = ["parallel", "parallel"]} outs(%e : tensor<6x9xf32>) attrs = {stream.layer = "counts"} {
  ^bb0(%o: f32):
    %i = linalg.index 1 : index
    %j = arith.index_cast %i : index to i32
    %n = arith.sitofp %j : i32 to f32
    %n1 = arith.addf %n, %one : f32
    linalg.yield %n1 : f32
  } -> tensor<6x9xf32>
  %mean = linalg.generic {indexing_maps = [#id, #id, #none, #id], iterator_types = ["parallel", "parallel"]}
      ins(%x, %counts, %d : tensor<6x9xf32>, tensor<6x9xf32>, tensor<f32>) outs(%e : tensor<6x9xf32>) {
  ^bb0(%u: f32, %v: f32, %w: f32, %o: f32):
    %q = arith.divf %u, %v : f32
    %r = arith.addf %q, %w : f32
    linalg.yield %r : f32
  } -> tensor<6x9xf32>

  // Read from the end, every second element.
  %e5 = tensor.empty() : tensor<6x5xf32>
  %back = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (-d0 + 5, d1 * -2 + 8)>, #id], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<6x9xf32>) outs(%e5 : tensor<6x5xf32>) {
  ^bb0(%u: f32, %o: f32):
    %v = arith.addf %u, %one : f32
    linalg.yield %v : f32
  } -> tensor<6x5xf32>
  return %soft, %unpacked, %m#0, %m#1, %scan#0, %scan#1, %mean, %back
      : tensor<6x9xf32>, tensor<6x9xf32>, tensor<6xf32>, tensor<6xi32>, tensor<9xf32>, tensor<4x9xf32>, tensor<6x9xf32>, tensor<6x5xf32>
}
