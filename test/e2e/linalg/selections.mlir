// Reductions that keep one of the elements and where it is, split over cores in the dimension that is reduced: each part
// selects, and the body, applied to what the parts left, selects among them. The small integers have many equal ones: which
// of these is kept depends on their order.
// RUN: split-file %s %t
// RUN: stream-compile %t/good.mlir --accelerator %examples/accelerators/homogeneous_quad.yaml --run --evaluations 0 --quiet | FileCheck %s
// RUN: stream-compile %t/good.mlir --accelerator %examples/accelerators/homogeneous_quad.yaml --run --evaluations 0 --quiet --tiles parallel=2,outer-reduction=2 --memories explicit | FileCheck %s
// RUN: stream-compile %t/good.mlir --accelerator %examples/accelerators/homogeneous_quad.yaml --evaluations 0 --quiet -o - | FileCheck %s --check-prefix=IR
// RUN: not stream-compile %t/bad.mlir --accelerator %examples/accelerators/homogeneous_quad.yaml --quiet 2>&1 | FileCheck %s --check-prefix=BAD
// CHECK: executed: identical (46 elements)
// Positions count from the beginning of the whole dimension.
// IR-LABEL: func.func private @argmax_part3_k0(
// IR: %[[I:.*]] = linalg.index 1
// IR: arith.addi %[[I]], %c12
// IR-LABEL: func.func private @argmax_k0(
// IR: arith.cmpf ogt
// IR: arith.maximumf
// BAD: bad.mlir:[[#]]:10: error: layer 'other': loop d1 of 13 iterations carries a recurrence, which cannot be divided there

//--- good.mlir
#id = affine_map<(i, j) -> (i, j)>
#row = affine_map<(i, j) -> (i)>
#swap = affine_map<(i, j, k) -> (k, i)>
#out = affine_map<(i, j, k) -> (i)>
func.func @selections(%x: tensor<5x13xf32>)
    -> (tensor<5xf32>, tensor<5xi32>, tensor<5xi8>, tensor<5xi32>, tensor<5xi8>, tensor<5xi16>, tensor<8xf32>, tensor<8xi32>) {
  %least = arith.constant 0xFF800000 : f32
  %greatest = arith.constant 127 : i8
  %zero = arith.constant 0 : i8
  %nowhere = arith.constant 77 : i32
  %none = arith.constant 0 : i16
  %four = arith.constant 2.0 : f32
  %ek = tensor.empty() : tensor<5x13xi8>
  %small = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]} ins(%x : tensor<5x13xf32>) outs(%ek : tensor<5x13xi8>) {
  ^bb0(%v: f32, %o: i8):
    %y = arith.mulf %v, %four : f32
    %z = arith.fptosi %y : f32 to i8
    linalg.yield %z : i8
  } -> tensor<5x13xi8>
  %ef = tensor.empty() : tensor<5xf32>
  %ei = tensor.empty() : tensor<5xi32>
  %e8 = tensor.empty() : tensor<5xi8>
  %e16 = tensor.empty() : tensor<5xi16>
  %ff = linalg.fill ins(%least : f32) outs(%ef : tensor<5xf32>) -> tensor<5xf32>
  %fi = linalg.fill ins(%nowhere : i32) outs(%ei : tensor<5xi32>) -> tensor<5xi32>
  %fg = linalg.fill ins(%greatest : i8) outs(%e8 : tensor<5xi8>) -> tensor<5xi8>
  %fz = linalg.fill ins(%zero : i8) outs(%e8 : tensor<5xi8>) -> tensor<5xi8>
  %f16 = linalg.fill ins(%none : i16) outs(%e16 : tensor<5xi16>) -> tensor<5xi16>
  // The first of the largest.
  %a:2 = linalg.generic {indexing_maps = [#id, #row, #row], iterator_types = ["parallel", "reduction"]} ins(%x : tensor<5x13xf32>)
      outs(%ff, %fi : tensor<5xf32>, tensor<5xi32>) attrs = {stream.layer = "argmax", stream.plan = #stream.plan<split = [1, 4]>} {
  ^bb0(%v: f32, %o: f32, %p: i32):
    %i = linalg.index 1 : index
    %j = arith.index_cast %i : index to i32
    %c = arith.cmpf ogt, %v, %o : f32
    %m = arith.maximumf %v, %o : f32
    %q = arith.select %c, %j, %p : i32
    linalg.yield %m, %q : f32, i32
  } -> (tensor<5xf32>, tensor<5xi32>)
  // Of the smallest the one with the largest index, asked the other way round.
  %b:2 = linalg.generic {indexing_maps = [#id, #row, #row], iterator_types = ["parallel", "reduction"]} ins(%small : tensor<5x13xi8>)
      outs(%fg, %fi : tensor<5xi8>, tensor<5xi32>) attrs = {stream.layer = "argmin", stream.plan = #stream.plan<split = [1, 3]>} {
  ^bb0(%v: i8, %o: i8, %p: i32):
    %i = linalg.index 1 : index
    %j = arith.index_cast %i : index to i32
    %less = arith.cmpi slt, %o, %v : i8
    %equal = arith.cmpi eq, %v, %o : i8
    %later = arith.cmpi sgt, %p, %j : i32
    %tie = arith.andi %later, %equal : i1
    %c = arith.ori %tie, %less : i1
    %m = arith.select %less, %o, %v : i8
    %q = arith.select %c, %p, %j : i32
    linalg.yield %m, %q : i8, i32
  } -> (tensor<5xi8>, tensor<5xi32>)
  // The last of the largest unsigned ones, and something that belongs to it.
  %c:2 = linalg.generic {indexing_maps = [#id, #id, #row, #row], iterator_types = ["parallel", "reduction"]} ins(%small, %x : tensor<5x13xi8>, tensor<5x13xf32>)
      outs(%fz, %f16 : tensor<5xi8>, tensor<5xi16>) attrs = {stream.layer = "last", stream.plan = #stream.plan<split = [1, 2]>} {
  ^bb0(%v: i8, %w: f32, %o: i8, %p: i16):
    %bits = arith.fptosi %w : f32 to i16
    %c = arith.cmpi uge, %v, %o : i8
    %m = arith.maxui %o, %v : i8
    %q = arith.select %c, %bits, %p : i16
    linalg.yield %m, %q : i8, i16
  } -> (tensor<5xi8>, tensor<5xi16>)
  // Two reduction loops, of which the outermost is split; NaN would win.
  %r = tensor.extract_slice %x[0, 0] [4, 8] [1, 1] : tensor<5x13xf32> to tensor<4x8xf32>
  %e2 = tensor.empty() : tensor<2xf32>
  %g = tensor.empty() : tensor<8xf32>
  %h = tensor.empty() : tensor<8xi32>
  %fl = linalg.fill ins(%least : f32) outs(%g : tensor<8xf32>) -> tensor<8xf32>
  %fn = linalg.fill ins(%nowhere : i32) outs(%h : tensor<8xi32>) -> tensor<8xi32>
  %d:2 = linalg.generic {indexing_maps = [#swap, affine_map<(i, j, k) -> (j)>, #out, #out], iterator_types = ["parallel", "reduction", "reduction"]}
      ins(%r, %e2 : tensor<4x8xf32>, tensor<2xf32>) outs(%fl, %fn : tensor<8xf32>, tensor<8xi32>) attrs = {stream.layer = "twice", stream.plan = #stream.plan<split = [1, 2, 1]>} {
  ^bb0(%v: f32, %w: f32, %o: f32, %p: i32):
    %k = linalg.index 2 : index
    %j = linalg.index 1 : index
    %t = arith.constant 4 : index
    %s = arith.muli %j, %t : index
    %u = arith.addi %s, %k : index
    %i = arith.index_cast %u : index to i32
    %gt = arith.cmpf ogt, %o, %v : f32
    %nan = arith.cmpf une, %o, %o : f32
    %keep = arith.ori %gt, %nan : i1
    %eq = arith.cmpf oeq, %o, %v : f32
    %first = arith.cmpi slt, %p, %i : i32
    %tie = arith.andi %eq, %first : i1
    %stay = arith.ori %keep, %tie : i1
    %m = arith.select %keep, %o, %v : f32
    %q = arith.select %stay, %p, %i : i32
    linalg.yield %m, %q : f32, i32
  } -> (tensor<8xf32>, tensor<8xi32>)
  return %a#0, %a#1, %b#0, %b#1, %c#0, %c#1, %d#0, %d#1
      : tensor<5xf32>, tensor<5xi32>, tensor<5xi8>, tensor<5xi32>, tensor<5xi8>, tensor<5xi16>, tensor<8xf32>, tensor<8xi32>
}

//--- bad.mlir
// The largest element, but the position of the last one that is equal to what was the largest until then.
func.func @f(%x: tensor<5x13xi32>, %m: tensor<5xi32>, %p: tensor<5xi32>) -> (tensor<5xi32>, tensor<5xi32>) {
  %s:2 = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i)>, affine_map<(i, j) -> (i)>], iterator_types = ["parallel", "reduction"]}
      ins(%x : tensor<5x13xi32>) outs(%m, %p : tensor<5xi32>, tensor<5xi32>) attrs = {stream.layer = "other", stream.plan = #stream.plan<split = [1, 2]>} {
  ^bb0(%v: i32, %o: i32, %q: i32):
    %i = linalg.index 1 : index
    %j = arith.index_cast %i : index to i32
    %c = arith.cmpi eq, %v, %o : i32
    %n = arith.maxsi %v, %o : i32
    %r = arith.select %c, %j, %q : i32
    linalg.yield %n, %r : i32, i32
  } -> (tensor<5xi32>, tensor<5xi32>)
  return %s#0, %s#1 : tensor<5xi32>, tensor<5xi32>
}
