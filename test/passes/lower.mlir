// RUN: stream-opt %s --stream-lower | FileCheck %s
// Two halves of a reduction, then an element-wise layer in two row tiles: one call per CT, in order.
module {
  stream.accelerator @one {
    stream.core @c0 compute array [4, 4] mac_pj 0.5 {
      stream.memory @sram size 1048576 holds [I1, I2, O] read_pj 1.0 write_pj 1.0
          ports [<rw read_write 64 to 64 [I1 fh, I1 tl, I2 fh, I2 tl, O fl, O th, O fh, O tl]>]
    }
    stream.core @dram offchip {
      stream.memory @dram size 10000000 holds [I1, I2, O] read_pj 100.0 write_pj 100.0
          ports [<rw read_write 64 to 64 [I1 fh, I1 tl, I2 fh, I2 tl, O fl, O th, O fh, O tl]>]
    }
    stream.link @l0 between @c0, @dram bandwidth 64
  }
  func.func private @mm_k0(%a: tensor<4x3xf32> {stream.operand = "I1"}, %b: tensor<3x8xf32> {stream.operand = "I2"})
      -> tensor<4x8xf32> attributes {stream.kernel = {layer = "mm", operator = "Gemm"}} {
    %zero = arith.constant 0.0 : f32
    %e = tensor.empty() : tensor<4x8xf32>
    %f = linalg.fill ins(%zero : f32) outs(%e : tensor<4x8xf32>) -> tensor<4x8xf32>
    %r = linalg.matmul ins(%a, %b : tensor<4x3xf32>, tensor<3x8xf32>) outs(%f : tensor<4x8xf32>) -> tensor<4x8xf32>
    return %r : tensor<4x8xf32>
  }
  func.func private @mm_k1(%a: tensor<4x3xf32> {stream.operand = "I1"}, %b: tensor<3x8xf32> {stream.operand = "I2"},
                           %o: tensor<4x8xf32> {stream.operand = "O"})
      -> tensor<4x8xf32> attributes {stream.kernel = {layer = "mm", operator = "Gemm"}} {
    %r = linalg.matmul ins(%a, %b : tensor<4x3xf32>, tensor<3x8xf32>) outs(%o : tensor<4x8xf32>) -> tensor<4x8xf32>
    return %r : tensor<4x8xf32>
  }
  func.func private @exp_k0(%a: tensor<2x8xf32> {stream.operand = "I1"})
      -> tensor<2x8xf32> attributes {stream.kernel = {layer = "exp", operator = "Exp"}} {
    %e = tensor.empty() : tensor<2x8xf32>
    %r = linalg.exp ins(%a : tensor<2x8xf32>) outs(%e : tensor<2x8xf32>) -> tensor<2x8xf32>
    return %r : tensor<2x8xf32>
  }
  func.func @main(%x: tensor<4x6xf32> {stream.name = "x"}, %w: tensor<6x8xf32>) -> tensor<4x4x2xf32> {
    %m0 = tensor.empty() : tensor<4x8xf32>
    %m1 = stream.ct @mm_k0(%x[0, 0], %w[0, 0]) into %m0[0, 0] {layer = "mm", stack = 0 : i64}
        : (tensor<4x6xf32>, tensor<6x8xf32>) into tensor<4x8xf32>
    %m2 = stream.ct @mm_k1(%x[0, 3], %w[3, 0]) into %m1[0, 0] {accumulates, layer = "mm", stack = 0 : i64}
        : (tensor<4x6xf32>, tensor<6x8xf32>) into tensor<4x8xf32>
    %e0 = tensor.empty() : tensor<4x8xf32>
    %e1 = stream.ct @exp_k0(%m2[0, 0]) into %e0[0, 0] {layer = "exp", stack = 0 : i64}
        : (tensor<4x8xf32>) into tensor<4x8xf32>
    %e2 = stream.ct @exp_k0(%m2[2, 0]) into %e1[2, 0] {layer = "exp", stack = 0 : i64}
        : (tensor<4x8xf32>) into tensor<4x8xf32>
    %r = tensor.expand_shape %e2 [[0], [1, 2]] output_shape [4, 4, 2] : tensor<4x8xf32> into tensor<4x4x2xf32>
    return %r : tensor<4x4x2xf32>
  }
}

// CHECK-NOT: stream.
// CHECK-LABEL: func.func private @mm_k0(
// CHECK-SAME: memref<4x6xf32>, %{{.*}}: index, %{{.*}}: index, %{{.*}}: memref<6x8xf32>, %{{.*}}: index, %{{.*}}: index, %[[O:.*]]: memref<4x8xf32>)
// CHECK: memref.subview %{{.*}} : memref<4x6xf32> to memref<4x3xf32, strided<[6, 1], offset: ?>>
// CHECK: bufferization.to_tensor %{{.*}} restrict
// CHECK: bufferization.materialize_in_destination %{{.*}} in restrict writable %[[O]]

// The present content of the output is copied before the kernel writes there.
// CHECK-LABEL: func.func private @mm_k1(
// CHECK: %[[COPY:.*]] = memref.alloc() : memref<4x8xf32>
// CHECK: memref.copy %{{.*}}, %[[COPY]]

// CHECK-LABEL: func.func private @main_part0(
// CHECK: call @mm_k0
// CHECK-NEXT: call @mm_k1
// CHECK-NEXT: call @exp_k0
// CHECK-NEXT: call @exp_k0
// CHECK-NEXT: return

// CHECK-LABEL: func.func @main(
// CHECK-SAME: tensor<4x6xf32>, %{{.*}}: tensor<6x8xf32>) -> tensor<4x4x2xf32>
// CHECK-DAG: bufferization.to_buffer %{{.*}} read_only : tensor<4x6xf32>
// CHECK-DAG: %[[M:.*]] = memref.alloc() : memref<4x8xf32>
// CHECK: call @main_part0(
// CHECK: memref.dealloc
// CHECK: bufferization.to_tensor %{{.*}} restrict : memref<4x8xf32> to tensor<4x8xf32>
// CHECK: tensor.expand_shape
// CHECK-NOT: stream.
