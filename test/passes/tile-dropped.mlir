// Cores that the tile of the plan does not fit: one warning names them all and says what would let the layer run there,
// also where what is fused behind the layer could be taken apart. A kernel priced with streams on such a core is not
// said to stream there.
// RUN: stream-opt %s --stream-tile --stream-annotate-cost -o %t.mlir 2>&1 | FileCheck %s --implicit-check-not=remark: --implicit-check-not=warning:
// RUN: sed 's/tile = /streams = [I1], tile = /' %s | stream-opt --stream-tile --stream-annotate-cost -o %t.mlir 2>&1 | FileCheck %s --check-prefix=STREAMED --implicit-check-not=remark: --implicit-check-not=warning:
// RUN: sed "s/, stream.plan = [^}]*//" %s | stream-opt --stream-tile --stream-annotate-cost 2>&1 | FileCheck %s --check-prefix=SMALLER
// CHECK: warning: layer 'mm' does not use cores 'c1', 'c2': not even its smallest CT fits; 'c2', where the least is missing, lacks 32768 bits of memory 'sram' (I1 131072, I2 65536, O 65536 bits); smaller tiles than its plan gives, or a plan that streams I2, would let it run there
// STREAMED: warning: layer 'mm' does not use core 'c1': not even its smallest CT fits; it lacks 65536 bits of memory 'sram' (I1 131072, I2 65536, O 65536 bits); smaller tiles than its plan gives, or a plan that streams I1, I2, would let it run there
// STREAMED: remark: 1 kernel streams operands on core 'c0', which their plans say;
// STREAMED: remark: 1 kernel streams operands on core 'c2', which their plans say;
// SMALLER-NOT: {{warning|remark}}:
module {
  stream.accelerator @three {
    stream.core @c0 compute array [4, 4] mac_pj 0.5 {
      stream.memory @sram size 1048576 holds [I1, I2, O] shared_by [D1, D2] read_pj 1.0 write_pj 1.0
          ports [<rw read_write 64 to 256 [I1 fh, I1 tl, I2 fh, I2 tl, O fl, O th, O fh, O tl]>]
    }
    stream.core @c1 compute array [8, 8] mac_pj 0.5 {
      stream.memory @sram size 65536 holds [I1, I2, O] shared_by [D1, D2] read_pj 1.0 write_pj 1.0
          ports [<rw read_write 64 to 256 [I1 fh, I1 tl, I2 fh, I2 tl, O fl, O th, O fh, O tl]>]
    }
    stream.core @c2 compute array [16, 16] mac_pj 0.5 {
      stream.memory @sram size 229376 holds [I1, I2, O] shared_by [D1, D2] read_pj 1.0 write_pj 1.0
          ports [<rw read_write 64 to 256 [I1 fh, I1 tl, I2 fh, I2 tl, O fl, O th, O fh, O tl]>]
    }
    stream.core @dram offchip {
      stream.memory @dram size 100000000 holds [I1, I2, O] read_pj 100.0 write_pj 100.0
          ports [<rw read_write 64 to 64 [I1 fh, I1 tl, I2 fh, I2 tl, O fl, O th, O fh, O tl]>]
    }
    stream.bus @bus of [@c0, @c1, @c2, @dram] bandwidth 64
  }
  func.func @net(%x: tensor<64x64xf32>, %w: tensor<64x32xf32>) -> tensor<64x32xf32> {
    %c0 = arith.constant 0.0 : f32
    %e = tensor.empty() : tensor<64x32xf32>
    %z = linalg.fill ins(%c0 : f32) outs(%e : tensor<64x32xf32>) -> tensor<64x32xf32>
    %m = linalg.matmul {stream.layer = "mm", stream.plan = #stream.plan<tile = [64, 32, 64]>}
        ins(%x, %w : tensor<64x64xf32>, tensor<64x32xf32>) outs(%z : tensor<64x32xf32>) -> tensor<64x32xf32>
    %r = linalg.tanh ins(%m : tensor<64x32xf32>) outs(%e : tensor<64x32xf32>) -> tensor<64x32xf32>
    return %r : tensor<64x32xf32>
  }
}
