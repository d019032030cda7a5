// Generic rewrites leave CTs, transfers, residents, the accelerator and kernels alone: they count. Two equal
// CTs stay two, a CT whose result nobody reads stays, kernels are used by CTs.
// RUN: stream-opt %s --canonicalize --cse --symbol-dce --inline --sccp --remove-dead-values | FileCheck %s

// CHECK: stream.core @c0 compute
// CHECK: stream.core @dram offchip
stream.accelerator @single {
  stream.core @c0 compute array [8] {
    stream.memory @sram size 8388608 holds [I1, I2, O] ports [<rw read_write 64 to 1024 []>]
  }
  stream.core @dram offchip {
    stream.memory @dram size 10000000000 holds [I1, I2, O] ports [<rw read_write 64 to 64 []>]
  }
}

// CHECK: func.func private @k(
func.func private @k(%a: tensor<1x4xf32>) -> tensor<1x4xf32> {
  return %a : tensor<1x4xf32>
}

// CHECK-LABEL: func.func @main
func.func @main(%x: tensor<2x4xf32>) -> tensor<2x4xf32> {
  %t = tensor.empty() : tensor<2x4xf32>
  // CHECK: stream.resident %{{.*}} in @dram::@dram
  stream.resident %x in @dram::@dram address 0 until 40 : tensor<2x4xf32>
  // CHECK-COUNT-2: stream.transfer %{{.*}}[0, 0] [1, 4] from @dram::@dram to [@c0::@sram]
  stream.transfer %x[0, 0][1, 4] from @dram::@dram to [@c0::@sram] : tensor<2x4xf32>
  stream.transfer %x[0, 0][1, 4] from @dram::@dram to [@c0::@sram] : tensor<2x4xf32>
  // CHECK-COUNT-3: stream.ct @k
  %dead = stream.ct @k(%x[0, 0]) into %t[0, 0] {layer = "a"} : (tensor<2x4xf32>) into tensor<2x4xf32>
  %u = stream.ct @k(%x[1, 0]) into %t[1, 0] {layer = "a"} : (tensor<2x4xf32>) into tensor<2x4xf32>
  %v = stream.ct @k(%x[1, 0]) into %t[1, 0] {layer = "a"} : (tensor<2x4xf32>) into tensor<2x4xf32>
  return %v : tensor<2x4xf32>
}
