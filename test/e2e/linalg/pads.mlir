// Padding that is data: by an element of a tensor, and by one of a tensor that is filled with a constant.
// RUN: stream-compile %s --accelerator %examples/accelerators/homogeneous_quad.yaml --run --quiet --evaluations 0 | FileCheck %s
// RUN: stream-compile %s --accelerator %examples/accelerators/homogeneous_quad.yaml --run --quiet --evaluations 0 --tiles row=2,parallel=/2 --memories explicit | FileCheck %s
// RUN: stream-compile %s --accelerator %examples/accelerators/homogeneous_quad.yaml --quiet --evaluations 0 -o - | FileCheck %s --check-prefix=IR
// CHECK: executed: identical (84 elements)
// What the constant fills is padding and no layer; the element fills a tensor.
// IR-DAG: func.func private @generic_0_k0(%{{.*}}: tensor<1xf32> {{.*}}) -> tensor<1x6xf32>
// IR-DAG: func.func private @exp_2_k0(%{{.*}}: tensor<1x5xf32> {{.*}}) -> tensor<1x6xf32>
func.func @pads(%x: tensor<4x5xf32>, %v: tensor<3xf32>) -> (tensor<7x6xf32>, tensor<7x6xf32>) {
  %c1 = arith.constant 1 : index
  %half = arith.constant 0.5 : f32
  %n = tensor.empty() : tensor<7x6xf32>
  %element = tensor.extract %v[%c1] : tensor<3xf32>
  %twice = arith.addf %element, %element : f32
  %by_element = tensor.pad %x low[1, 0] high[2, 1] {
  ^bb0(%i: index, %j: index):
    tensor.yield %twice : f32
  } : tensor<4x5xf32> to tensor<7x6xf32>
  %y = linalg.exp ins(%by_element : tensor<7x6xf32>) outs(%n : tensor<7x6xf32>) -> tensor<7x6xf32>
  %scalar = tensor.empty() : tensor<f32>
  %filled = linalg.generic {indexing_maps = [affine_map<() -> ()>], iterator_types = []} outs(%scalar : tensor<f32>) {
  ^bb0(%o: f32):
    linalg.yield %half : f32
  } -> tensor<f32>
  %known = tensor.extract %filled[] : tensor<f32>
  %by_known = tensor.pad %x low[0, 0] high[3, 1] {
  ^bb0(%i: index, %j: index):
    tensor.yield %known : f32
  } : tensor<4x5xf32> to tensor<7x6xf32>
  %z = linalg.exp ins(%by_known : tensor<7x6xf32>) outs(%n : tensor<7x6xf32>) -> tensor<7x6xf32>
  return %y, %z : tensor<7x6xf32>, tensor<7x6xf32>
}
