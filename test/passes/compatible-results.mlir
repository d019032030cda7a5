// Several results of one layer in the compatible mode: each element of each has 8 bits, whatever its type is, and an edge
// carries the whole tile of the producer, all results.
// RUN: stream-compile %s --accelerator %examples/accelerators/homogeneous_quad.yaml --schedule-model coala-v0 --model exact --quiet --json - | FileCheck %s
// CHECK: "edges":[
// CHECK-NEXT: {{\[\[}}0,0],[1,0],80,"from I1"],
// CHECK-NEXT: {{\[\[}}0,0],[2,0],80,"from I1"]],
func.func @f(%x: tensor<5x12xf32>) -> (tensor<5xf32>, tensor<5xf32>) {
  %l = arith.constant 0xFF800000 : f32
  %w = arith.constant 0 : i64
  %em = tensor.empty() : tensor<5xf32>
  %ei = tensor.empty() : tensor<5xi64>
  %fm = linalg.fill ins(%l : f32) outs(%em : tensor<5xf32>) -> tensor<5xf32>
  %fi = linalg.fill ins(%w : i64) outs(%ei : tensor<5xi64>) -> tensor<5xi64>
  %s:2 = linalg.generic {indexing_maps = [affine_map<(a,b)->(a,b)>, affine_map<(a,b)->(a)>, affine_map<(a,b)->(a)>], iterator_types = ["parallel","reduction"]} ins(%x : tensor<5x12xf32>) outs(%fm, %fi : tensor<5xf32>, tensor<5xi64>) attrs = {stream.layer = "pick", stream.plan = #stream.plan<cores = [@simd_5]>} {
  ^bb0(%a: f32, %o: f32, %p: i64):
    %i = linalg.index 1 : index
    %j = arith.index_cast %i : index to i64
    %c = arith.cmpf ogt, %a, %o : f32
    %m = arith.maximumf %a, %o : f32
    %q = arith.select %c, %j, %p : i64
    linalg.yield %m, %q : f32, i64 } -> (tensor<5xf32>, tensor<5xi64>)
  %y = linalg.exp {stream.plan = #stream.plan<cores = [@simd_5]>} ins(%s#0 : tensor<5xf32>) outs(%em : tensor<5xf32>) -> tensor<5xf32>
  %z = linalg.generic {indexing_maps = [affine_map<(a)->(a)>, affine_map<(a)->(a)>], iterator_types = ["parallel"]} ins(%s#1 : tensor<5xi64>) outs(%em : tensor<5xf32>) attrs = {stream.layer = "cast", stream.plan = #stream.plan<cores = [@simd_5]>} {
  ^bb0(%a: i64, %o: f32):
    %c = arith.sitofp %a : i64 to f32
    linalg.yield %c : f32 } -> tensor<5xf32>
  return %y, %z : tensor<5xf32>, tensor<5xf32> }
