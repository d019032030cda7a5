// Elements that are not whole bytes lie bit to bit in explicit memories: masks of 1 bit, integers of 3, 4, 12 and 24 (of which
// compiled code makes 32), inputs and results of the network among them, a result of 1 bit in front of one of 32 in the
// same buffer. Odd sizes, so that boxes begin inside of bytes.
//
// RUN: stream-compile %s --accelerator %examples/accelerators/homogeneous_quad.yaml --run --quiet --evaluations 0 | FileCheck %s
// RUN: stream-compile %s --accelerator %examples/accelerators/homogeneous_quad.yaml --run --quiet --evaluations 0 --memories explicit | FileCheck %s
// RUN: stream-compile %s --accelerator %examples/accelerators/homogeneous_quad.yaml --run --quiet --evaluations 0 --memories explicit --fusion layer-by-layer | FileCheck %s
// RUN: stream-compile %s --accelerator %examples/accelerators/homogeneous_quad.yaml --run --quiet --evaluations 0 --memories explicit --tiles row=2,outer-reduction=/3 | FileCheck %s
// CHECK: executed: identical (276 elements)

#id = affine_map<(i, j) -> (i, j)>
#row = affine_map<(i, j) -> (i)>
#flip = affine_map<(i, j) -> (j, i)>
func.func @packed(%x: tensor<13x9xf32>, %y: tensor<9x13xi32>, %u: tensor<5x7xi12>, %v: tensor<7x3xi3>)
    -> (tensor<13x9xf32>, tensor<13x9xi32>, tensor<13xi8>, tensor<14xi8>, tensor<5x3xi24>) {
  %zero = arith.constant 0.0 : f32
  %five = arith.constant 5 : i32
  %empty = tensor.empty() : tensor<13x9xf32>
  %no = tensor.empty() : tensor<13x9xi1>
  %mask, %half = linalg.generic {indexing_maps = [#id, #id, #id], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<13x9xf32>) outs(%no, %empty : tensor<13x9xi1>, tensor<13x9xf32>) {
  ^bb0(%a: f32, %o: i1, %p: f32):
    %c = arith.cmpf ogt, %a, %zero : f32
    %h = arith.addf %a, %a : f32
    linalg.yield %c, %h : i1, f32
  } -> (tensor<13x9xi1>, tensor<13x9xf32>)
  %e4 = tensor.empty() : tensor<9x13xi4>
  %small = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]}
      ins(%y : tensor<9x13xi32>) outs(%e4 : tensor<9x13xi4>) {
  ^bb0(%a: i32, %o: i4):
    %c = arith.trunci %a : i32 to i4
    linalg.yield %c : i4
  } -> tensor<9x13xi4>
  %e12 = tensor.empty() : tensor<13x9xi12>
  %wide = linalg.generic {indexing_maps = [#flip, #id, #id], iterator_types = ["parallel", "parallel"]}
      ins(%small, %mask : tensor<9x13xi4>, tensor<13x9xi1>) outs(%e12 : tensor<13x9xi12>) {
  ^bb0(%a: i4, %m: i1, %o: i12):
    %c = arith.extsi %a : i4 to i12
    %s = arith.muli %c, %c : i12
    %r = arith.select %m, %c, %s : i12
    linalg.yield %r : i12
  } -> tensor<13x9xi12>
  %ei = tensor.empty() : tensor<13x9xi32>
  %int = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]}
      ins(%wide : tensor<13x9xi12>) outs(%ei : tensor<13x9xi32>) {
  ^bb0(%a: i12, %o: i32):
    %c = arith.extsi %a : i12 to i32
    %r = arith.addi %c, %five : i32
    linalg.yield %r : i32
  } -> tensor<13x9xi32>
  %chosen = linalg.generic {indexing_maps = [#id, #id, #id], iterator_types = ["parallel", "parallel"]}
      ins(%mask, %half : tensor<13x9xi1>, tensor<13x9xf32>) outs(%empty : tensor<13x9xf32>) {
  ^bb0(%m: i1, %h: f32, %o: f32):
    %r = arith.select %m, %h, %zero : f32
    linalg.yield %r : f32
  } -> tensor<13x9xf32>
  %false = arith.constant false
  %er = tensor.empty() : tensor<13xi1>
  %none = linalg.fill ins(%false : i1) outs(%er : tensor<13xi1>) -> tensor<13xi1>
  %any = linalg.generic {indexing_maps = [#id, #row], iterator_types = ["parallel", "reduction"]}
      ins(%mask : tensor<13x9xi1>) outs(%none : tensor<13xi1>) {
  ^bb0(%m: i1, %o: i1):
    %r = arith.ori %m, %o : i1
    linalg.yield %r : i1
  } -> tensor<13xi1>
  %e8 = tensor.empty() : tensor<13xi8>
  %anys = linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]}
      ins(%any : tensor<13xi1>) outs(%e8 : tensor<13xi8>) {
  ^bb0(%m: i1, %o: i8):
    %r = arith.extui %m : i1 to i8
    linalg.yield %r : i8
  } -> tensor<13xi8>
  %true = arith.constant true
  %padded = tensor.pad %any low[1] high[0] {
  ^bb0(%i: index):
    tensor.yield %true : i1
  } : tensor<13xi1> to tensor<14xi1>
  %e9 = tensor.empty() : tensor<14xi8>
  %pads = linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]}
      ins(%padded : tensor<14xi1>) outs(%e9 : tensor<14xi8>) {
  ^bb0(%m: i1, %o: i8):
    %r = arith.extui %m : i1 to i8
    linalg.yield %r : i8
  } -> tensor<14xi8>
  %none24 = arith.constant 0 : i24
  %e24 = tensor.empty() : tensor<5x3xi24>
  %f24 = linalg.fill ins(%none24 : i24) outs(%e24 : tensor<5x3xi24>) -> tensor<5x3xi24>
  %product = linalg.matmul ins(%u, %v : tensor<5x7xi12>, tensor<7x3xi3>) outs(%f24 : tensor<5x3xi24>) -> tensor<5x3xi24>
  return %chosen, %int, %anys, %pads, %product
      : tensor<13x9xf32>, tensor<13x9xi32>, tensor<13xi8>, tensor<14xi8>, tensor<5x3xi24>
}
