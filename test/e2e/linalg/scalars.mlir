// Scalars made of elements of tensors, as operands of ops: zero points of a quantized product and of a convolution, a factor of a
// linalg.generic. They are computed in the bodies that use them, and what they are made of is read.
// RUN: stream-compile %s --accelerator %examples/accelerators/homogeneous_quad.yaml --run --quiet --evaluations 0 | FileCheck %s
// RUN: stream-compile %s --accelerator %examples/accelerators/homogeneous_quad.yaml --run --quiet --evaluations 0 --tiles row=2,outer-reduction=/2 --memories explicit | FileCheck %s
// RUN: stream-compile %s --accelerator %examples/accelerators/homogeneous_quad.yaml --quiet --evaluations 0 -o - | FileCheck %s --check-prefix=IR
// CHECK: executed: identical (76 elements)
// IR-DAG: func.func private @product_k0(%{{.*}}: tensor<{{.*}}xi8> {{.*}}, %{{.*}}: tensor<7x6xi8> {{.*}}, %{{.*}}: tensor<1xi8> {{.*}}, %{{.*}}: tensor<1xi8> {{.*}}) -> tensor<{{.*}}x6xi32> {{.*}}operator = "MatMul"
func.func @scalars(%a: tensor<5x7xi8>, %b: tensor<7x6xi8>, %za: tensor<1xi8>, %zb: tensor<2xi8>, %f: tensor<f32>,
    %i: tensor<1x4x5x2xi8>, %k: tensor<3x2x2x2xi8>) -> (tensor<5x6xi32>, tensor<5x2xf32>, tensor<1x3x4x3xi32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %zero = arith.constant 0 : i32
  %sa = tensor.extract %za[%c0] : tensor<1xi8>
  %sb = tensor.extract %zb[%c1] : tensor<2xi8>
  %wa = arith.extui %sa : i8 to i32
  %wb = arith.extsi %sb : i8 to i32
  %e = tensor.empty() : tensor<5x6xi32>
  %n = linalg.fill ins(%zero : i32) outs(%e : tensor<5x6xi32>) -> tensor<5x6xi32>
  %y = linalg.quantized_matmul {stream.layer = "product"} ins(%a, %b, %wa, %wb : tensor<5x7xi8>, tensor<7x6xi8>, i32, i32)
      outs(%n : tensor<5x6xi32>) -> tensor<5x6xi32>
  %factor = tensor.extract %f[] : tensor<f32>
  %s = tensor.extract_slice %a[0, 0] [5, 2] [1, 1] : tensor<5x7xi8> to tensor<5x2xi8>
  %ef = tensor.empty() : tensor<5x2xf32>
  %scaled = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> ()>, affine_map<(d0, d1) -> (d0, d1)>],
      iterator_types = ["parallel", "parallel"]} ins(%s, %factor : tensor<5x2xi8>, f32) outs(%ef : tensor<5x2xf32>) {
  ^bb0(%v: i8, %g: f32, %o: f32):
    %x = arith.sitofp %v : i8 to f32
    %r = arith.mulf %x, %g : f32
    linalg.yield %r : f32
  } -> tensor<5x2xf32>
  %ec = tensor.empty() : tensor<1x3x4x3xi32>
  %nc = linalg.fill ins(%zero : i32) outs(%ec : tensor<1x3x4x3xi32>) -> tensor<1x3x4x3xi32>
  %conv = linalg.conv_2d_nhwc_fhwc_q ins(%i, %k, %wb, %wa : tensor<1x4x5x2xi8>, tensor<3x2x2x2xi8>, i32, i32)
      outs(%nc : tensor<1x3x4x3xi32>) -> tensor<1x3x4x3xi32>
  return %y, %scaled, %conv : tensor<5x6xi32>, tensor<5x2xf32>, tensor<1x3x4x3xi32>
}
