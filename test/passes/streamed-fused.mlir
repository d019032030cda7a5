// A kernel that streams the operand (rule R9) in whose memory what is fused behind it is read, too: both come from off-chip
// while it runs, 1,048,576 bits of weights and 262,144 of the addend. stream-tile would take the addend apart; here the
// memories have become smaller since.
// RUN: stream-opt %s --stream-annotate-cost --stream-allocate --stream-schedule --stream-verify-schedule -o %t.mlir 2>&1 | FileCheck %s
// RUN: FileCheck %s --check-prefix=IR < %t.mlir
// RUN: stream-opt %s --stream-annotate-cost=model=simple --stream-allocate --stream-schedule --stream-verify-schedule -o %t.mlir 2>&1 | FileCheck %s
// RUN: stream-opt %t.mlir --stream-lower=memories=explicit | FileCheck %s --check-prefix=LOWER
// CHECK: remark: 1 kernel streams operands on core 'c0', which its memories do not hold; 'big_k0' (I1 131072, I2 1310720, O 262144 bits) streams I2: 1310720 bits from off-chip and 0 to it in {{[0-9]+}} cycles
// IR: stream.ct @big_k0({{.*}} streaming {I2 = {address = {{[0-9]+}} : i64, read_over = [@bus], read_rate = 4 : i64}}
// LOWER: call @big_k0(
module {
  stream.accelerator @dual {
    stream.core @c0 compute array [8, 8] mac_pj 0.5 {
      stream.memory @rf size 8 holds [I2] read_pj 0.1 write_pj 0.1
          ports [<r read 8 to 8 [I2 tl]>, <w write 8 to 8 [I2 fh]>]
      stream.memory @sram size 655360 holds [I1, I2, O] shared_by [D1, D2] read_pj 1.0 write_pj 1.0
          ports [<rw read_write 64 to 256 [I1 fh, I1 tl, I2 fh, I2 tl, O fl, O th, O fh, O tl]>]
    }
    stream.core @dram offchip {
      stream.memory @dram size 100000000 holds [I1, I2, O] read_pj 100.0 write_pj 100.0
          ports [<rw read_write 64 to 256 [I1 fh, I1 tl, I2 fh, I2 tl, O fl, O th, O fh, O tl]>]
    }
    stream.bus @bus of [@c0, @dram] bandwidth 128 pj_per_bit 0.2
  }
  func.func private @big_k0(%x: tensor<64x256xi8> {stream.operand = "I1"}, %w: tensor<256x512xi8> {stream.operand = "I2"},
      %b: tensor<64x512xi8> {stream.operand = "I2"}) -> tensor<64x512xi8>
      attributes {stream.kernel = {fused = ["Add"], layer = "big", operator = "MatMul"}} {
    %zero = arith.constant 0 : i8
    %empty = tensor.empty() : tensor<64x512xi8>
    %none = linalg.fill ins(%zero : i8) outs(%empty : tensor<64x512xi8>) -> tensor<64x512xi8>
    %h = linalg.matmul ins(%x, %w : tensor<64x256xi8>, tensor<256x512xi8>) outs(%none : tensor<64x512xi8>) -> tensor<64x512xi8>
    %y = linalg.add ins(%h, %b : tensor<64x512xi8>, tensor<64x512xi8>) outs(%empty : tensor<64x512xi8>) -> tensor<64x512xi8>
    return %y : tensor<64x512xi8>
  }
  func.func @main(%x: tensor<64x256xi8>, %w: tensor<256x512xi8>, %b: tensor<64x512xi8>) -> tensor<64x512xi8> {
    %e = tensor.empty() : tensor<64x512xi8>
    %y = stream.ct @big_k0(%x[0, 0], %w[0, 0], %b[0, 0]) into %e[0, 0] {layer = "big", stack = 0 : i64}
        : (tensor<64x256xi8>, tensor<256x512xi8>, tensor<64x512xi8>) into tensor<64x512xi8>
    return %y : tensor<64x512xi8>
  }
}
