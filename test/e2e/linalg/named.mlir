// Named ops of all kinds, and a reduction of two tensors of which both results are used; two results from one
// destination, executed.
// RUN: stream-compile %s --accelerator %examples/accelerators/homogeneous_quad.yaml --run --optimize 0 --quiet --model simple | FileCheck %s
// RUN: stream-compile %s --accelerator %examples/accelerators/homogeneous_quad.yaml --run --optimize 0 --quiet --model simple --rows 2 --tiles outer-reduction=2 | FileCheck %s
// CHECK: executed: identical (132 elements)
func.func @main(%a: tensor<4x6xf32>, %b: tensor<6x5xf32>, %v: tensor<6xf32>, %w: tensor<6xf32>, %p: tensor<2x3x4x5xf32>, %q: tensor<2x3x2x5xf32>, %c1: tensor<9xf32>, %k1: tensor<3xf32>)
  -> (tensor<f32>, tensor<4xf32>, tensor<4x5xf32>, tensor<2x2x4x2xf32>, tensor<4x6xf32>, tensor<4x6xf32>, tensor<7xf32>, tensor<4xf32>, tensor<4xi32>, tensor<3x4xindex>) {
  %zero = arith.constant 0.0 : f32
  %izero = arith.constant 0 : i32
  %e0 = tensor.empty() : tensor<f32>
  %z0 = linalg.fill ins(%zero : f32) outs(%e0 : tensor<f32>) -> tensor<f32>
  %dot = linalg.dot ins(%v, %w : tensor<6xf32>, tensor<6xf32>) outs(%z0 : tensor<f32>) -> tensor<f32>
  %e1 = tensor.empty() : tensor<4xf32>
  %z1 = linalg.fill ins(%zero : f32) outs(%e1 : tensor<4xf32>) -> tensor<4xf32>
  %mv = linalg.matvec ins(%a, %v : tensor<4x6xf32>, tensor<6xf32>) outs(%z1 : tensor<4xf32>) -> tensor<4xf32>
  %e2 = tensor.empty() : tensor<4x5xf32>
  %z2 = linalg.fill ins(%zero : f32) outs(%e2 : tensor<4x5xf32>) -> tensor<4x5xf32>
  %ct = linalg.contract indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (k, n)>, affine_map<(m, n, k) -> (m, n)>] ins(%a, %b : tensor<4x6xf32>, tensor<6x5xf32>) outs(%z2 : tensor<4x5xf32>) -> tensor<4x5xf32>
  %e3 = tensor.empty() : tensor<2x2x4x2xf32>
  %z3 = linalg.fill ins(%zero : f32) outs(%e3 : tensor<2x2x4x2xf32>) -> tensor<2x2x4x2xf32>
  %mm = linalg.mmt4d ins(%p, %q : tensor<2x3x4x5xf32>, tensor<2x3x2x5xf32>) outs(%z3 : tensor<2x2x4x2xf32>) -> tensor<2x2x4x2xf32>
  %e4 = tensor.empty() : tensor<4x6xf32>
  %ew = linalg.elementwise kind=#linalg.elementwise_kind<add> ins(%a, %a : tensor<4x6xf32>, tensor<4x6xf32>) outs(%e4 : tensor<4x6xf32>) -> tensor<4x6xf32>
  %mp = linalg.map { arith.addf } ins(%a, %ew : tensor<4x6xf32>, tensor<4x6xf32>) outs(%e4 : tensor<4x6xf32>)
  %e5 = tensor.empty() : tensor<7xf32>
  %z5 = linalg.fill ins(%zero : f32) outs(%e5 : tensor<7xf32>) -> tensor<7xf32>
  %cv = linalg.conv_1d ins(%c1, %k1 : tensor<9xf32>, tensor<3xf32>) outs(%z5 : tensor<7xf32>) -> tensor<7xf32>
  %ei = tensor.empty() : tensor<4xi32>
  %zi = linalg.fill ins(%izero : i32) outs(%ei : tensor<4xi32>) -> tensor<4xi32>
  %r:2 = linalg.reduce ins(%a, %a : tensor<4x6xf32>, tensor<4x6xf32>) outs(%z1, %zi : tensor<4xf32>, tensor<4xi32>) dimensions = [1]
    (%u: f32, %t: f32, %o: f32, %oi: i32) {
      %s = arith.addf %u, %o : f32
      %i = arith.fptosi %t : f32 to i32
      %si = arith.addi %i, %oi : i32
      linalg.yield %s, %si : f32, i32
    }
  %idx = tensor.generate {
  ^bb0(%i: index, %j: index):
    %s = arith.addi %i, %j : index
    tensor.yield %s : index
  } : tensor<3x4xindex>
  return %dot, %mv, %ct, %mm, %ew, %mp, %cv, %r#0, %r#1, %idx : tensor<f32>, tensor<4xf32>, tensor<4x5xf32>, tensor<2x2x4x2xf32>, tensor<4x6xf32>, tensor<4x6xf32>, tensor<7xf32>, tensor<4xf32>, tensor<4xi32>, tensor<3x4xindex>
}
