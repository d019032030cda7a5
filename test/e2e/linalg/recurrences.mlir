// Reductions that only run in order (a polynomial, the position of the greatest element of a plane, of which the value is not
// used), and two sums over one input, whose parts run on several cores: tiled through the outermost reduction loop, bit for bit.
// RUN: stream-compile %s --accelerator %examples/accelerators/homogeneous_quad.yaml --run --quiet --optimize 0 --evaluations 0 --model simple | FileCheck %s
// RUN: stream-compile %s --accelerator %examples/accelerators/homogeneous_quad.yaml --run --quiet --optimize 0 --evaluations 0 --model simple --tiles reduction=/3 --memories explicit | FileCheck %s
// RUN: stream-compile %s --accelerator %examples/accelerators/single_core.yaml --quiet --evaluations 0 --model simple --tiles outer-reduction=/3 -o - | FileCheck %s --check-prefix=IR
// CHECK: executed: identical (25 elements)

// The value of the position is kept from tile to tile, and only then.
// IR-DAG: func.func private @argmax_k0({{.*}}) -> (tensor<1xi32>, tensor<1xi64>)
// IR-DAG: stream.ct @horner_k{{.*}} {accumulates, layer = "horner"
// IR-DAG: stream.ct @argmax_k{{.*}} {accumulates, layer = "argmax"
// IR-DAG: stream.ct @sums_part0_k{{.*}} {layer = "sums.part0"
// IR-DAG: %{{.*}}:2 = stream.ct @sums_k{{.*}} {layer = "sums"
#id = affine_map<(d0, d1, d2) -> (d0, d1, d2)>
#row = affine_map<(d0, d1, d2) -> (d0)>
func.func @main(%x: tensor<5x12x7xi32>, %f: tensor<5x12x7xi32>) -> (tensor<5xi32>, tensor<5xi64>, tensor<5xi32>, tensor<5xi32>, tensor<5xi64>) {
  %c0 = arith.constant 0 : i32
  %c3 = arith.constant 3 : i32
  %z = arith.constant 0 : i64
  %e = tensor.empty() : tensor<5xi32>
  %el = tensor.empty() : tensor<5xi64>
  %f0 = linalg.fill ins(%c0 : i32) outs(%e : tensor<5xi32>) -> tensor<5xi32>
  %fl = linalg.fill ins(%z : i64) outs(%el : tensor<5xi64>) -> tensor<5xi64>
  // polynomial: out * 3 + x
  %h = linalg.generic {indexing_maps = [#id, #row], iterator_types = ["parallel", "reduction", "reduction"]} ins(%x : tensor<5x12x7xi32>) outs(%f0 : tensor<5xi32>) attrs = {stream.layer = "horner"} {
  ^bb0(%a: i32, %o: i32):
    %p = arith.muli %o, %c3 : i32
    %s = arith.addi %p, %a : i32
    linalg.yield %s : i32
  } -> tensor<5xi32>
  %m:2 = linalg.generic {indexing_maps = [#id, #row, #row], iterator_types = ["parallel", "reduction", "reduction"]} ins(%x : tensor<5x12x7xi32>) outs(%f0, %fl : tensor<5xi32>, tensor<5xi64>) attrs = {stream.layer = "argmax"} {
  ^bb0(%a: i32, %v: i32, %i: i64):
    %j = linalg.index 1 : index
    %j2 = linalg.index 2 : index
    %c7 = arith.constant 7 : index
    %jj = arith.muli %j, %c7 : index
    %jk = arith.addi %jj, %j2 : index
    %k = arith.index_cast %jk : index to i64
    %c = arith.cmpi sgt, %a, %v : i32
    %nv = arith.select %c, %a, %v : i32
    %ni = arith.select %c, %k, %i : i64
    linalg.yield %nv, %ni : i32, i64
  } -> (tensor<5xi32>, tensor<5xi64>)
  %q:2 = linalg.generic {indexing_maps = [#id, #row, #row], iterator_types = ["parallel", "reduction", "reduction"]} ins(%f : tensor<5x12x7xi32>) outs(%f0, %f0 : tensor<5xi32>, tensor<5xi32>) attrs = {stream.layer = "sums", stream.plan = #stream.plan<split = [1, 3, 1]>} {
  ^bb0(%a: i32, %v: i32, %i: i32):
    %s = arith.addi %v, %a : i32
    %t = arith.muli %a, %a : i32
    %u = arith.addi %t, %i : i32
    linalg.yield %s, %u : i32, i32
  } -> (tensor<5xi32>, tensor<5xi32>)
  return %h, %m#1, %q#0, %q#1, %m#1 : tensor<5xi32>, tensor<5xi64>, tensor<5xi32>, tensor<5xi32>, tensor<5xi64>
}
