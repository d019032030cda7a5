// A loop around layers: refused at the op, with its kind, also by stream-compile.
// RUN: not stream-compile %s --accelerator %examples/accelerators/single_core.yaml -o %t.mlir 2>&1 | FileCheck %s
// RUN: not ls %t.mlir
// CHECK: loop.mlir:[[#@LINE+5]]:8: error: 'scf.for' op is a loop that is no layer: its bounds are not constants, or what it runs has effects
func.func @main(%x: tensor<4xf32>, %n: index) -> tensor<4xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  // The loop:
  %r = scf.for %i = %c0 to %n step %c1 iter_args(%a = %x) -> tensor<4xf32> {
    scf.yield %a : tensor<4xf32>
  }
  return %r : tensor<4xf32>
}
