// Corners of the syntax: no inputs, rank 0, names that are no words, empty lists, whole numbers as floats.
// RUN: stream-opt %s > %t.once
// RUN: stream-opt %t.once | diff %t.once -
// RUN: stream-opt --mlir-print-op-generic %s | stream-opt | diff %t.once -
// RUN: stream-opt --emit-bytecode %s | stream-opt | diff %t.once -
// RUN: FileCheck %s < %t.once

// CHECK: stream.accelerator @"two words" {
stream.accelerator @"two words" {
  // CHECK-NEXT: stream.core @"c 0" compute type "a b" space "" array [1] operators [] dataflows [] {
  stream.core @"c 0" compute type "a b" space "" array [1] operators [] dataflows [] {
    // CHECK-NEXT: stream.memory @"m 1" size 9223372036854775807 holds [O, I1] read_pj 1.0e-300 write_pj 150.0 area 123456.5 latency 0 shared_by [] ports [<"a port" read 1 to 1 []>]
    stream.memory @"m 1" size 9223372036854775807 holds [O, I1] read_pj 1.0e-300 write_pj 150 area 123456.5
        latency 0 shared_by [] ports [<"a port" read 1 to 1 []>]
  }
  // CHECK: stream.core @dram offchip {
  stream.core @dram offchip { stream.memory @m size 8 holds [O] read_pj 1.0 write_pj 1.0 ports [] }
  // CHECK: stream.link @l between @"c 0", @dram bandwidth 1 pj_per_bit 1.2345678901234568e+18 latency 3 unmodelled {a = [1.500000e+00]}
  stream.link @l between @"c 0", @dram bandwidth 1 unmodelled {a = [1.5]} latency 3 pj_per_bit 1234567890123456789
}

func.func private @fill() -> tensor<1x4xf32> {
  %c = arith.constant dense<1.0> : tensor<1x4xf32>
  return %c : tensor<1x4xf32>
}
func.func private @both() -> (tensor<1x4xf32>, tensor<1x4xi8>) {
  %c = arith.constant dense<1.0> : tensor<1x4xf32>
  %d = arith.constant dense<1> : tensor<1x4xi8>
  return %c, %d : tensor<1x4xf32>, tensor<1x4xi8>
}
func.func private @copy(%a: tensor<f32>) -> tensor<f32> {
  return %a : tensor<f32>
}

func.func @main(%x: tensor<f32>) -> (tensor<2x4xf32>, tensor<f32>) {
  %t = tensor.empty() : tensor<2x4xf32>
  %s = tensor.empty() : tensor<f32>
  %bytes = tensor.empty() : tensor<2x4xi8>
  // CHECK: stream.ct @fill() into %{{.*}}[1, 0] {layer = "fill"} on @"c 0" : () into tensor<2x4xf32>
  %u = stream.ct @fill() into %t[1, 0] {layer = "fill"} on @"c 0" : () into tensor<2x4xf32>
  // CHECK: %{{.*}}:2 = stream.ct @both() into (%{{.*}}, %{{.*}})[1, 0] {layer = "both"} : () into (tensor<2x4xf32>, tensor<2x4xi8>)
  %both:2 = stream.ct @both() into (%t, %bytes)[1, 0] {layer = "both"} : () into (tensor<2x4xf32>, tensor<2x4xi8>)
  // CHECK: stream.transfer (%{{.*}}#0, %{{.*}}#1)[1, 0] [1, 4] from @"c 0"::@"m 1" to [@dram::@m] : (tensor<2x4xf32>, tensor<2x4xi8>)
  stream.transfer (%both#0, %both#1)[1, 0] [1, 4] from @"c 0"::@"m 1" to [@dram::@m] : (tensor<2x4xf32>, tensor<2x4xi8>)
  // CHECK: stream.ct @copy(%{{.*}}[]) into %{{.*}}[] {layer = "copy"} : (tensor<f32>) into tensor<f32>
  %v = stream.ct @copy(%x[]) into %s[] {layer = "copy"} : (tensor<f32>) into tensor<f32>
  return %u, %v : tensor<2x4xf32>, tensor<f32>
}

// CHECK: stream.plan = #stream.plan<>
func.func @planned(%x: tensor<2x4xf32>, %e: tensor<2x4xf32>) -> tensor<2x4xf32> {
  %r = linalg.copy {stream.plan = #stream.plan<>} ins(%x : tensor<2x4xf32>) outs(%e : tensor<2x4xf32>) -> tensor<2x4xf32>
  return %r : tensor<2x4xf32>
}
