// The write of an output gives way to what the next CT of its core fetches: long fetches of weights follow each other
// without a gap, and the schedule ends 0.3 % above its bound. A write that is booked first splits the time between two
// fetches, and the second, which goes at one rate throughout, starts behind it.
// RUN: stream-compile %s --accelerator %source/examples/accelerators/single_core.yaml | FileCheck %s
// CHECK: latency 546,672 cycles
// CHECK: lower bound 544,880 cycles (off-chip traffic)
// CHECK: CTs 16 in 1 layer{{$}}
func.func @main(%x: tensor<16x4096xi8>, %w: tensor<4096x4096xi8>) -> tensor<16x4096xi8> {
  %zero = arith.constant 0 : i8
  %empty = tensor.empty() : tensor<16x4096xi8>
  %sums = linalg.fill ins(%zero : i8) outs(%empty : tensor<16x4096xi8>) -> tensor<16x4096xi8>
  %y = linalg.matmul ins(%x, %w : tensor<16x4096xi8>, tensor<4096x4096xi8>)
                     outs(%sums : tensor<16x4096xi8>) -> tensor<16x4096xi8>
  return %y : tensor<16x4096xi8>
}
