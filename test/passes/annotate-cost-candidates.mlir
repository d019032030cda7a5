// A core whose registers do not hold a kernel's elements is no candidate for it where another core can run
// it: no price, and a remark with the operand, the memory and the bits. Where the plan allows no other, or
// none can, the price of the simple model stands, with a warning.
//
// RUN: stream-opt %s --stream-tile --stream-annotate-cost -o %t.mlir 2> %t.err
// RUN: FileCheck %s --check-prefix=TOLD < %t.err
// RUN: FileCheck %s --check-prefix=IR < %t.mlir
// RUN: stream-opt %t.mlir --stream-allocate --stream-schedule --stream-verify-schedule | FileCheck %s --check-prefix=ALLOCATED
// RUN: sed 's/@c1 compute array \[1, 1\]/@c1 compute operators ["pooling"] array [1, 1]/' %s | stream-opt --stream-tile --stream-annotate-cost 2>&1 | FileCheck %s --check-prefix=ALONE
// RUN: stream-opt %s --stream-tile --stream-annotate-cost=model=simple 2>&1 | FileCheck %s --check-prefix=SIMPLE

// TOLD-DAG: remark: core 'c0' is no candidate for 1 kernel that others can run, since 'exact' cannot take it there; 'wide_k0': memory 'register' has 8 bits; at least 32 are needed there: 32 for 'I'
// TOLD-DAG: warning: 1 kernel on core 'c0' is priced by the model 'simple', since 'exact' cannot take it; 'held_k0': memory 'register' has 8 bits; at least 32 are needed there: 32 for 'I'

// IR-DAG: @small_k0({{.*}}stream.costs = [#stream.cost<core = @c0, {{.*}}model = "exact"{{.*}}#stream.cost<core = @c1, {{.*}}model = "exact"
// IR-DAG: @wide_k0({{.*}}stream.costs = [#stream.cost<core = @c1, {{.*}}model = "exact"
// IR-DAG: @held_k0({{.*}}#stream.cost<core = @c0, {{.*}}model = "simple"

// Not the larger array, at a price that it does not have.
// ALLOCATED: stream.ct @wide_k0{{.*}} on @c1
// ALLOCATED: stream.ct @held_k0{{.*}} on @c0

// ALONE: warning: 2 kernels on core 'c0' are priced by the model 'simple'
// ALONE-NOT: no candidate

// SIMPLE-NOT: {{remark|warning}}
// SIMPLE: @wide_k0({{.*}}stream.costs = [#stream.cost<core = @c0, {{.*}}#stream.cost<core = @c1,

module {
  stream.accelerator @two {
    stream.core @c0 compute array [4, 4] mac_pj 0.5 {
      stream.memory @register size 8 holds [I1] read_pj 0.1 write_pj 0.1
          ports [<r read 8 to 8 [I1 tl]>, <w write 8 to 8 [I1 fh]>]
      stream.memory @sram size 1048576 holds [I1, I2, O] read_pj 1.0 write_pj 1.0
          ports [<rw read_write 64 to 64 [I1 fh, I1 tl, I2 fh, I2 tl, O fl, O th, O fh, O tl]>]
    }
    stream.core @c1 compute array [1, 1] mac_pj 0.5 {
      stream.memory @sram size 1048576 holds [I1, I2, O] read_pj 1.0 write_pj 1.0
          ports [<rw read_write 64 to 64 [I1 fh, I1 tl, I2 fh, I2 tl, O fl, O th, O fh, O tl]>]
    }
    stream.core @dram offchip {
      stream.memory @dram size 100000000 holds [I1, I2, O] read_pj 100.0 write_pj 100.0
          ports [<rw read_write 64 to 64 [I1 fh, I1 tl, I2 fh, I2 tl, O fl, O th, O fh, O tl]>]
    }
    stream.bus @bus of [@c0, @c1, @dram] bandwidth 64
  }
  func.func @net(%a: tensor<4x4xi8>, %b: tensor<4x4xi8>, %c: tensor<4x4xi32>, %d: tensor<4x6xi32>) -> (tensor<4x4xi32>, tensor<4x6xi32>) {
    %zero = arith.constant 0 : i32
    %e = tensor.empty() : tensor<4x4xi32>
    %f = linalg.fill ins(%zero : i32) outs(%e : tensor<4x4xi32>) -> tensor<4x4xi32>
    %g = tensor.empty() : tensor<4x6xi32>
    %h = linalg.fill ins(%zero : i32) outs(%g : tensor<4x6xi32>) -> tensor<4x6xi32>
    %0 = linalg.matmul {stream.layer = "small"} ins(%a, %b : tensor<4x4xi8>, tensor<4x4xi8>) outs(%f : tensor<4x4xi32>) -> tensor<4x4xi32>
    %1 = linalg.matmul {stream.layer = "wide"} ins(%c, %0 : tensor<4x4xi32>, tensor<4x4xi32>) outs(%f : tensor<4x4xi32>) -> tensor<4x4xi32>
    %2 = linalg.matmul {stream.layer = "held", stream.plan = #stream.plan<cores = [@c0]>} ins(%1, %d : tensor<4x4xi32>, tensor<4x6xi32>) outs(%h : tensor<4x6xi32>) -> tensor<4x6xi32>
    return %1, %2 : tensor<4x4xi32>, tensor<4x6xi32>
  }
}
