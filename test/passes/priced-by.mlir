// A network whose layers are priced by three models: the exact one, the simple one where an element
// does not fit a register, and a user's table. Each output says which, and a table is never replaced.
//
// RUN: stream-opt %s --stream-tile -o %t.tiled.mlir
// RUN: sed 's/\(func.func private @given_k0.*attributes {\)/\1stream.costs = [#stream.cost<core = @c0, cycles = 7, energy_fj = 9>], /' %t.tiled.mlir > %t.table.mlir
// RUN: stream-opt %t.table.mlir --stream-annotate-cost --stream-allocate --stream-schedule -o %t.mlir 2> %t.err
// RUN: FileCheck %s --check-prefix=WARNING < %t.err
// RUN: FileCheck %s --check-prefix=IR < %t.mlir
// RUN: stream-translate --export-json %t.mlir | FileCheck %s --check-prefix=JSON
// RUN: stream-compile %s 2> /dev/null | FileCheck %s --check-prefix=SUMMARY
// RUN: stream-compile %s --model simple 2>&1 | FileCheck %s --check-prefix=ONE

// WARNING: warning: 1 kernel on core 'c0' is priced by the model 'simple', since 'exact' cannot take it; 'wide_k0': memory 'register' has 8 bits; at least 32 are needed there: 32 for 'I'

// IR-DAG: @small_k0({{.*}}#stream.cost<core = @c0, {{.*}}model = "exact"
// IR-DAG: @wide_k0({{.*}}#stream.cost<core = @c0, {{.*}}model = "simple"
// IR-DAG: @given_k0({{.*}}stream.costs = [#stream.cost<core = @c0, cycles = 7, energy_fj = 9>]

// JSON: "model": "exact, simple, user"
// JSON-DAG: {"name": "small", {{.*}}"models": ["exact"]}
// JSON-DAG: {"name": "wide", {{.*}}"models": ["simple"]}
// JSON-DAG: {"name": "given", {{.*}}"models": ["user"]}

// SUMMARY: (cost model: exact, simple)
// SUMMARY: priced        'small', 'given' by exact; 'wide' by simple
// ONE: (cost model: simple)
// ONE-NOT: priced

module {
  stream.accelerator @one {
    stream.core @c0 compute array [2, 2] mac_pj 0.5 {
      stream.memory @register size 8 holds [I1] read_pj 0.1 write_pj 0.1
          ports [<r read 8 to 8 [I1 tl]>, <w write 8 to 8 [I1 fh]>]
      stream.memory @sram size 1048576 holds [I1, I2, O] read_pj 1.0 write_pj 1.0
          ports [<rw read_write 64 to 64 [I1 fh, I1 tl, I2 fh, I2 tl, O fl, O th, O fh, O tl]>]
    }
    stream.core @dram offchip {
      stream.memory @dram size 100000000 holds [I1, I2, O] read_pj 100.0 write_pj 100.0
          ports [<rw read_write 64 to 64 [I1 fh, I1 tl, I2 fh, I2 tl, O fl, O th, O fh, O tl]>]
    }
    stream.bus @bus of [@c0, @dram] bandwidth 64
  }
  func.func @net(%a: tensor<4x4xi8>, %b: tensor<4x4xi8>, %c: tensor<4x4xi32>, %d: tensor<4x6xi8>, %g: tensor<6x4xi8>)
      -> (tensor<4x4xi32>, tensor<4x4xi32>, tensor<4x4xi32>) {
    %zero = arith.constant 0 : i32
    %e = tensor.empty() : tensor<4x4xi32>
    %f = linalg.fill ins(%zero : i32) outs(%e : tensor<4x4xi32>) -> tensor<4x4xi32>
    %0 = linalg.matmul {stream.layer = "small"} ins(%a, %b : tensor<4x4xi8>, tensor<4x4xi8>) outs(%f : tensor<4x4xi32>) -> tensor<4x4xi32>
    %1 = linalg.matmul {stream.layer = "wide"} ins(%c, %0 : tensor<4x4xi32>, tensor<4x4xi32>) outs(%f : tensor<4x4xi32>) -> tensor<4x4xi32>
    %2 = linalg.matmul {stream.layer = "given"} ins(%d, %g : tensor<4x6xi8>, tensor<6x4xi8>) outs(%f : tensor<4x4xi32>) -> tensor<4x4xi32>
    return %0, %1, %2 : tensor<4x4xi32>, tensor<4x4xi32>, tensor<4x4xi32>
  }
}
