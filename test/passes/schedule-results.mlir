// One result of an op is an output of the network and the other is not: that one alone is written off-chip, here the
// counts (12 elements of 8 bits), while the sums are read on chip. What lies between two results that are outputs leaves
// with them (layer "three"). Both lowerings give the same numbers as the original.
// RUN: stream-compile %s --accelerator %examples/accelerators/homogeneous_quad.yaml --evaluations 0 --model simple --run --tiles parallel=4 --fusion layer-by-layer -o %t.mlir 2>&1 | FileCheck %s
// RUN: FileCheck --check-prefix=IR %s < %t.mlir
// RUN: stream-compile %s --accelerator %examples/accelerators/homogeneous_quad.yaml --evaluations 0 --model simple --run --tiles parallel=4 --fusion layer-by-layer --memories explicit 2>&1 | FileCheck %s
// CHECK: off-chip      read 768 B, written 216 B
// CHECK: executed: identical
// IR-DAG: stream.transfer %{{[0-9]+}}#1[0] [4] from {{.*}} to [@dram_6::@dram]
// IR-DAG: stream.transfer %{{[0-9]+}}#1[4] [4] from {{.*}} to [@dram_6::@dram]
// IR-DAG: stream.transfer %{{[0-9]+}}#1[8] [4] from {{.*}} to [@dram_6::@dram]
// IR-DAG: stream.transfer (%[[Q:[0-9]+]]#0, %[[Q]]#1, %[[Q]]#2)[0] [4] from {{.*}} to [@dram_6::@dram]
// IR-NOT: stream.transfer (%{{[0-9]+}}#0, %{{[0-9]+}}#1)[
#row = affine_map<(i, j) -> (i, j)>
#sum = affine_map<(i, j) -> (i)>
#id = affine_map<(i) -> (i)>
func.func @main(%x: tensor<12x16xf32>)
    -> (tensor<12xi8>, tensor<12xf32>, tensor<12xf32>, tensor<12xi8>, tensor<12xf32>) {
  %z = arith.constant 0.0 : f32
  %z8 = arith.constant 0 : i8
  %e = tensor.empty() : tensor<12xf32>
  %e8 = tensor.empty() : tensor<12xi8>
  %s = linalg.fill ins(%z : f32) outs(%e : tensor<12xf32>) -> tensor<12xf32>
  %n = linalg.fill ins(%z8 : i8) outs(%e8 : tensor<12xi8>) -> tensor<12xi8>
  %r:2 = linalg.generic {indexing_maps = [#row, #sum, #sum], iterator_types = ["parallel", "reduction"]}
      ins(%x : tensor<12x16xf32>) outs(%s, %n : tensor<12xf32>, tensor<12xi8>) attrs = {stream.layer = "two"} {
  ^bb0(%v: f32, %a: f32, %c: i8):
    %one = arith.constant 1 : i8
    %zero = arith.constant 0.0 : f32
    %t = arith.addf %a, %v : f32
    %p = arith.cmpf ogt, %v, %zero : f32
    %d = arith.addi %c, %one : i8
    %k = arith.select %p, %d, %c : i8
    linalg.yield %t, %k : f32, i8
  } -> (tensor<12xf32>, tensor<12xi8>)
  %y = linalg.exp ins(%r#0 : tensor<12xf32>) outs(%e : tensor<12xf32>) -> tensor<12xf32>
  %q:3 = linalg.generic {indexing_maps = [#id, #id, #id, #id], iterator_types = ["parallel"]}
      ins(%y : tensor<12xf32>) outs(%e, %e, %e8 : tensor<12xf32>, tensor<12xf32>, tensor<12xi8>) attrs = {stream.layer = "three"} {
  ^bb0(%v: f32, %a: f32, %b: f32, %c: i8):
    %t = arith.addf %v, %v : f32
    %m = arith.negf %t : f32
    %i = arith.fptosi %v : f32 to i8
    linalg.yield %t, %m, %i : f32, f32, i8
  } -> (tensor<12xf32>, tensor<12xf32>, tensor<12xi8>)
  %w = linalg.abs ins(%q#1 : tensor<12xf32>) outs(%e : tensor<12xf32>) -> tensor<12xf32>
  return %r#1, %y, %q#0, %q#2, %w : tensor<12xi8>, tensor<12xf32>, tensor<12xf32>, tensor<12xi8>, tensor<12xf32>
}
