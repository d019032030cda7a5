// Tiles of all layers by rules: by name of a loop, by role, in parts; what an op's own plan says stays.
// RUN: stream-compile %s --accelerator %examples/accelerators/homogeneous_quad.yaml --tiles K=/3,row=2,reduction=/2 --run --quiet | FileCheck %s
// RUN: stream-compile %s --accelerator %examples/accelerators/homogeneous_quad.yaml --tiles K=/3,row=2,reduction=/2 -o - --quiet | FileCheck %s --check-prefix=IR
// RUN: not stream-compile %s --accelerator %examples/accelerators/homogeneous_quad.yaml --tiles K 2>&1 | FileCheck %s --check-prefix=TEXT
// RUN: not stream-compile %s --accelerator %examples/accelerators/homogeneous_quad.yaml --tiles OZ=3 2>&1 | FileCheck %s --check-prefix=LOOP
// RUN: not stream-compile %s --accelerator %examples/accelerators/homogeneous_quad.yaml --tiles K=3,row=2,K=4 2>&1 | FileCheck %s --check-prefix=TWICE
// RUN: not stream-compile %s --accelerator %examples/accelerators/homogeneous_quad.yaml --tiles K=/8 2>&1 | FileCheck %s --check-prefix=PARTS
// RUN: stream-translate --import-accelerator %examples/accelerators/homogeneous_quad.yaml > %t.in && cat %s >> %t.in
// RUN: not stream-opt %t.in --stream-tile="tiles=row=0" 2>&1 | FileCheck %s --check-prefix=PASS
// PASS: in:{{[0-9]+}}:1: error: 'row=0' is no rule for tiles
// RUN: not stream-opt %t.in --stream-schedule="model=coala-v0 tiles=OZ=3" 2>&1 | FileCheck %s --check-prefix=PASSV0
// PASSV0: in:{{[0-9]+}}:1: error: the rule 'OZ=3' for tiles fits no loop
// The rows of a product are M, which prices call D.
// RUN: stream-compile %s --accelerator %examples/accelerators/homogeneous_quad.yaml --tiles K=/3,D=2,reduction=/2 -o - --quiet | FileCheck %s --check-prefix=IR
// CHECK: executed: identical (35 elements)
// TEXT: tile-rules.mlir:{{[0-9]+}}:1: error: 'K' is no rule for tiles: NAME=SIZE or NAME=/PARTS, from 1 on
// LOOP: error: the rule 'OZ=3' for tiles fits no loop: no layer has a loop 'OZ'; loops are M, K, C, or by role row, channel,
// TWICE: error: the rules 'K=3' and 'K=4' for tiles are for the same loops; give one
// PARTS: error: the rule 'K=/8' for tiles asks for 8 parts, but the longest loop that it divides has 7 iterations
// 5 rows in tiles of 2, 7 columns in tiles of 3, 11 terms in tiles of 6; the first layer is cut as it says.
// IR: func.func private @first_k0(%{{.*}}: tensor<5x8xi32> {{.*}}, %{{.*}}: tensor<8x11xi32>
// IR: func.func private @second_k0(%{{.*}}: tensor<2x6xi32> {{.*}}, %{{.*}}: tensor<6x3xi32>
// IR-COUNT-18: stream.ct @second_k
func.func @main(%x: tensor<5x8xi32>, %a: tensor<8x11xi32>, %b: tensor<11x7xi32>) -> tensor<5x7xi32> {
  %zero = arith.constant 0 : i32
  %e = tensor.empty() : tensor<5x11xi32>
  %z = linalg.fill ins(%zero : i32) outs(%e : tensor<5x11xi32>) -> tensor<5x11xi32>
  %y = linalg.matmul {stream.layer = "first", stream.plan = #stream.plan<tile = [5, 11, 8]>} ins(%x, %a : tensor<5x8xi32>, tensor<8x11xi32>) outs(%z : tensor<5x11xi32>) -> tensor<5x11xi32>
  %f = tensor.empty() : tensor<5x7xi32>
  %w = linalg.fill ins(%zero : i32) outs(%f : tensor<5x7xi32>) -> tensor<5x7xi32>
  %r = linalg.matmul {stream.layer = "second"} ins(%y, %b : tensor<5x11xi32>, tensor<11x7xi32>) outs(%w : tensor<5x7xi32>) -> tensor<5x7xi32>
  return %r : tensor<5x7xi32>
}
