// A layer that fits no core in any tile that its plan allows is streamed (rule R9): 64 x 256 inputs by 256 x 512
// weights of 1 Mbit, in cores of 640 kbit. The smaller layer behind it fits. The results are the same, with every
// buffer at its address, too, and by every cost model.
// RUN: stream-compile %s --run -o %t.mlir --json %t.json 2>&1 | FileCheck %s
// RUN: FileCheck %s --check-prefix=JSON < %t.json
// RUN: FileCheck %s --check-prefix=IR < %t.mlir
// RUN: stream-compile %s --run --quiet --memories explicit 2>&1 | FileCheck %s --check-prefix=SAME
// RUN: stream-compile %s --run --quiet --memories explicit --model simple --policy best 2>&1 | FileCheck %s --check-prefix=SAME
// RUN: stream-compile %s --run --quiet --memories explicit --model zigzag-3.8.5 2>&1 | FileCheck %s --check-prefix=SAME
// RUN: not stream-compile %s --streaming false 2>&1 | FileCheck %s --check-prefix=OFF
// CHECK: note: layer 'big' streams I2 from and to off-chip: its smallest CT needs {{[0-9]+}} bits in memory 'sram' of core 'c0'
// CHECK: note: 1 kernel streams operands on core 'c0', which its memories do not hold; 'big_k0' {{.*}} streams I2:
// CHECK: streamed by 1 CT: read 128 KiB, written 0 B
// CHECK: executed: identical (8192 elements)
// JSON: "stream": {"pj": {{[0-9.]+}}, "bits": 1048576}
// JSON: "streams": [
// JSON-NEXT: {"ct": 0, "operand": "I2", "tensor": "arg1", "read_bits": 1048576, "read_bits_per_cycle": {{[0-9]+}}, "write_bits": 0, "write_bits_per_cycle": 0}
// IR: stream.ct @big_k0{{.*}} streaming {I2 = {address = {{[0-9]+}} : i64, read_over = [@bus], read_rate = {{[0-9]+}} : i64}}
// IR: stream.ct @small_k
// IR-NOT: streaming
// SAME: executed: identical (8192 elements)
// OFF: error: the smallest CT of layer 'big' needs {{[0-9]+}} bits {{.*}} would fit; or streaming, which is off
module @streamed {
  stream.accelerator @dual {
    stream.core @c0 compute array [8, 8] mac_pj 0.5 {
      stream.memory @rf size 8 holds [I2] read_pj 0.1 write_pj 0.1
          ports [<r read 8 to 8 [I2 tl]>, <w write 8 to 8 [I2 fh]>]
      stream.memory @sram size 655360 holds [I1, I2, O] shared_by [D1, D2] read_pj 1.0 write_pj 1.0
          ports [<rw read_write 64 to 256 [I1 fh, I1 tl, I2 fh, I2 tl, O fl, O th, O fh, O tl]>]
    }
    stream.core @c1 compute array [8, 8] mac_pj 0.5 {
      stream.memory @rf size 8 holds [I2] read_pj 0.1 write_pj 0.1
          ports [<r read 8 to 8 [I2 tl]>, <w write 8 to 8 [I2 fh]>]
      stream.memory @sram size 655360 holds [I1, I2, O] shared_by [D1, D2] read_pj 1.0 write_pj 1.0
          ports [<rw read_write 64 to 256 [I1 fh, I1 tl, I2 fh, I2 tl, O fl, O th, O fh, O tl]>]
    }
    stream.core @dram offchip {
      stream.memory @dram size 100000000 holds [I1, I2, O] read_pj 100.0 write_pj 100.0
          ports [<rw read_write 64 to 256 [I1 fh, I1 tl, I2 fh, I2 tl, O fl, O th, O fh, O tl]>]
    }
    stream.bus @bus of [@c0, @c1, @dram] bandwidth 128 pj_per_bit 0.2
  }
  func.func @main(%x: tensor<64x256xi8>, %w1: tensor<256x512xi8>, %w2: tensor<512x128xi8>) -> tensor<64x128xi32> {
    %zero = arith.constant 0 : i8
    %nil = arith.constant 0 : i32
    %e1 = tensor.empty() : tensor<64x512xi8>
    %f1 = linalg.fill ins(%zero : i8) outs(%e1 : tensor<64x512xi8>) -> tensor<64x512xi8>
    %h = linalg.matmul {stream.layer = "big", stream.plan = #stream.plan<tile = [64, 512, 256], cores = [@c0]>}
        ins(%x, %w1 : tensor<64x256xi8>, tensor<256x512xi8>) outs(%f1 : tensor<64x512xi8>) -> tensor<64x512xi8>
    %e2 = tensor.empty() : tensor<64x128xi32>
    %f2 = linalg.fill ins(%nil : i32) outs(%e2 : tensor<64x128xi32>) -> tensor<64x128xi32>
    %y = linalg.matmul {stream.layer = "small"}
        ins(%h, %w2 : tensor<64x512xi8>, tensor<512x128xi8>) outs(%f2 : tensor<64x128xi32>) -> tensor<64x128xi32>
    return %y : tensor<64x128xi32>
  }
}
