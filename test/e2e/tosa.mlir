// TOSA by the passes that docs/add-a-network.md and the messages name: read, scheduled and executed.
// RUN: stream-opt %s --tosa-to-linalg-pipeline --tosa-to-tensor --tosa-to-arith --canonicalize -o %t.mlir
// RUN: stream-compile %t.mlir --accelerator %examples/accelerators/single_core.yaml --model simple --evaluations 0 --run --optimize 0 --quiet | FileCheck %s
// CHECK: executed: identical

func.func @main(%x: tensor<1x8x8x4xf32>) -> tensor<1x256xf32> {
  %z = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %w = "tosa.const"() <{values = dense<0.5> : tensor<4x1x1x4xf32>}> : () -> tensor<4x1x1x4xf32>
  %b = "tosa.const"() <{values = dense<1.0> : tensor<4xf32>}> : () -> tensor<4xf32>
  %c = tosa.conv2d %x, %w, %b, %z, %z {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x8x8x4xf32>, tensor<4x1x1x4xf32>, tensor<4xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x8x8x4xf32>
  %s = tosa.const_shape {values = dense<[1, 256]> : tensor<2xindex>} : () -> !tosa.shape<2>
  %r = tosa.reshape %c, %s : (tensor<1x8x8x4xf32>, !tosa.shape<2>) -> tensor<1x256xf32>
  return %r : tensor<1x256xf32>
}
