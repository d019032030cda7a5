// A plan that says which operands are streamed (rule R9), although all of them fit: in the IR, and in a mapping.
// RUN: split-file %s %t
// RUN: stream-compile %t/matmul.mlir --accelerator %examples/accelerators/single_core.yaml --quiet -o %t/out.mlir 2>&1 | FileCheck %s --check-prefix=NOTE
// RUN: FileCheck %s < %t/out.mlir
// RUN: stream-opt %t/out.mlir --stream-verify-schedule -o %t/same.mlir && cmp %t/out.mlir %t/same.mlir
// RUN: stream-compile %t/matmul.mlir --accelerator %examples/accelerators/single_core.yaml --run --memories explicit --quiet 2>/dev/null | FileCheck %s --check-prefix=EXECUTED
// RUN: sed 's/, stream.plan = #stream.plan<streams = .I2.>//' %t/matmul.mlir > %t/plain.mlir
// RUN: stream-compile %t/plain.mlir --accelerator %examples/accelerators/single_core.yaml --mapping %t/mapping.yaml --quiet -o %t/mapped.mlir
// RUN: FileCheck %s < %t/mapped.mlir
// RUN: stream-compile %t/plain.mlir --accelerator %examples/accelerators/single_core.yaml --quiet -o %t/none.mlir
// RUN: FileCheck %s --check-prefix=NONE < %t/none.mlir
// All three share the one port of the off-chip memory, and the kernel takes the cycles that it needs.
// RUN: sed 's/I2]>/I1, I2, O]>/' %t/matmul.mlir > %t/all.mlir
// RUN: stream-opt %t/all.mlir | FileCheck %s --check-prefix=ALL
// RUN: stream-compile %t/all.mlir --accelerator %examples/accelerators/single_core.yaml --run --quiet 2>/dev/null | FileCheck %s --check-prefix=EXECUTED
// RUN: not stream-compile %t/matmul.mlir --accelerator %examples/accelerators/single_core.yaml --streaming=false --quiet -o %t/off 2>&1 | FileCheck %s --check-prefix=OFF
// RUN: sed 's/streams = .I2./streams = [W]/' %t/matmul.mlir | not stream-opt 2>&1 | FileCheck %s --check-prefix=WORD
// RUN: sed 's/I2/W/' %t/mapping.yaml > %t/wrong.yaml
// RUN: not stream-compile %t/plain.mlir --accelerator %examples/accelerators/single_core.yaml --mapping %t/wrong.yaml --quiet -o %t/off 2>&1 | FileCheck %s --check-prefix=YAML
// RUN: not stream-compile %t/exp.mlir --accelerator %examples/accelerators/single_core.yaml --quiet -o %t/off 2>&1 | FileCheck %s --check-prefix=NO-OPERAND

// NOTE: 1 kernel streams operands on core 'any_32x32_0', which their plans say; 'big_k0' (I1 16384, I2 32768, O 65536 bits) streams I2: 32768 bits from off-chip and 0 to it
// CHECK: stream.kernel = {layer = "big", operator = "MatMul", streams = ["I2"]}
// CHECK: stream.ct @big_k0({{.*}}) {{.*}} streaming {I2 = {address = {{[0-9]+}} : i64, read_over = [@link_0], read_rate = {{[0-9]+}} : i64}}
// EXECUTED: executed: identical
// NONE-NOT: streaming
// ALL: #stream.plan<streams = [I1, I2, O]>
// OFF: error: the plan of layer 'big' streams operands, and streaming is off
// WORD: error: an operand class is I1, I2 or O, not 'W'
// YAML: wrong.yaml:3:{{[0-9]+}}: error: streams are I1, I2 or O, not 'W'
// NO-OPERAND: error: the plan of layer 'exp_0' streams I2, which it does not have

//--- matmul.mlir
func.func @main(%x: tensor<32x64xi8>, %w: tensor<64x64xi8>) -> tensor<32x64xi32> {
  %c0 = arith.constant 0 : i32
  %e = tensor.empty() : tensor<32x64xi32>
  %f = linalg.fill ins(%c0 : i32) outs(%e : tensor<32x64xi32>) -> tensor<32x64xi32>
  %m = linalg.matmul {stream.layer = "big", stream.plan = #stream.plan<streams = [I2]>}
      ins(%x, %w : tensor<32x64xi8>, tensor<64x64xi8>) outs(%f : tensor<32x64xi32>) -> tensor<32x64xi32>
  return %m : tensor<32x64xi32>
}
//--- exp.mlir
func.func @main(%x: tensor<8x8xf32>) -> tensor<8x8xf32> {
  %e = tensor.empty() : tensor<8x8xf32>
  %r = linalg.exp {stream.plan = #stream.plan<streams = [I2]>} ins(%x : tensor<8x8xf32>) outs(%e : tensor<8x8xf32>) -> tensor<8x8xf32>
  return %r : tensor<8x8xf32>
}
//--- mapping.yaml
layers:
  - name: big
    streams: [I2]
