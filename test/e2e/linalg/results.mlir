// Layers of several results: sum and difference of element-wise ops; the largest element of each row and where it is, of
// which one is used alone, too; three results of 8, 32 and 64 bits; results that are written through different maps. Tiled
// and reduced in parts, moved between cores, and on memories so small that results are written back and fetched again.
// RUN: stream-compile %s --run --quiet --evaluations 0 --optimize 0 --tiles parallel=5 | FileCheck %s
// RUN: stream-compile %s --run --quiet --evaluations 0 --optimize 0 --model simple --tiles parallel=5 --memories explicit | FileCheck %s
// RUN: stream-compile %s --run --quiet --evaluations 0 --optimize 0 --model simple --tiles parallel=4,outer-reduction=/3 | FileCheck %s
// RUN: stream-compile %s --run --quiet --evaluations 0 --optimize 0 --model simple --tiles parallel=4,outer-reduction=/3 --memories explicit | FileCheck %s
// RUN: stream-compile %s --run --quiet --evaluations 0 --optimize 0 --model simple --fusion layer-by-layer --memories explicit 2>&1 | FileCheck %s --check-prefixes=CHECK,MAPS
// RUN: stream-compile %s --quiet --evaluations 0 --model simple --tiles parallel=5 -o - | FileCheck %s --check-prefix=IR
// CHECK-DAG: executed: identical (1206 elements)
// MAPS-DAG: note: its results are not written alike: it becomes 2 layers, each of which computes what its own results need

// IR: func.func private @largest_k0(%{{.*}}: tensor<5x37xf32> {stream.operand = "I1"}) -> (tensor<5xf32>, tensor<5xi64>)
// IR: %{{.*}}:2 = stream.ct @largest_k0(%{{.*}}#0[0, 0]) into (%{{.*}}, %{{.*}})[0] {layer = "largest", stack = 0 : i64}
// IR-SAME: (tensor<13x37xf32>) into (tensor<13xf32>, tensor<13xi64>)
#id = affine_map<(d0, d1) -> (d0, d1)>
#row = affine_map<(d0, d1) -> (d0)>
module {
  stream.accelerator @dual {
    stream.core @c0 compute array [4, 4] mac_pj 0.5 {
      stream.memory @sram size 24576 holds [I1, I2, O] read_pj 1.0 write_pj 1.0
          ports [<rw read_write 64 to 64 [I1 fh, I1 tl, I2 fh, I2 tl, O fl, O th, O fh, O tl]>]
    }
    stream.core @c1 compute array [4, 4] mac_pj 0.5 {
      stream.memory @sram size 24576 holds [I1, I2, O] read_pj 1.0 write_pj 1.0
          ports [<rw read_write 64 to 64 [I1 fh, I1 tl, I2 fh, I2 tl, O fl, O th, O fh, O tl]>]
    }
    stream.core @dram offchip {
      stream.memory @dram size 100000000 holds [I1, I2, O] read_pj 100.0 write_pj 100.0
          ports [<rw read_write 64 to 64 [I1 fh, I1 tl, I2 fh, I2 tl, O fl, O th, O fh, O tl]>]
    }
    stream.bus @bus of [@c0, @c1, @dram] bandwidth 64
  }

  func.func @main(%x: tensor<13x37xf32>, %y: tensor<13x37xf32>, %q: tensor<8x20xi8>)
      -> (tensor<13xf32>, tensor<13xi64>, tensor<13x37xf32>, tensor<13xf32>, tensor<8xi8>, tensor<8xi32>, tensor<8xi64>, tensor<8xi64>,
          tensor<13x37xf32>, tensor<13xf32>, tensor<8x20xi8>) {
    %zero = arith.constant 0.0 : f32
    %low = arith.constant -3.0e38 : f32
    %z8 = arith.constant 0 : i8
    %z32 = arith.constant 0 : i32
    %z64 = arith.constant 0 : i64
    %ef = tensor.empty() : tensor<13xf32>
    %el = tensor.empty() : tensor<13xi64>
    %e = tensor.empty() : tensor<13x37xf32>
    %ff = linalg.fill ins(%low : f32) outs(%ef : tensor<13xf32>) -> tensor<13xf32>
    %fz = linalg.fill ins(%zero : f32) outs(%ef : tensor<13xf32>) -> tensor<13xf32>
    %fl = linalg.fill ins(%z64 : i64) outs(%el : tensor<13xi64>) -> tensor<13xi64>

    %two:2 = linalg.generic {indexing_maps = [#id, #id, #id, #id], iterator_types = ["parallel", "parallel"]}
        ins(%x, %y : tensor<13x37xf32>, tensor<13x37xf32>) outs(%e, %e : tensor<13x37xf32>, tensor<13x37xf32>)
        attrs = {stream.layer = "butterfly"} {
    ^bb0(%a: f32, %b: f32, %o: f32, %p: f32):
      %s = arith.addf %a, %b : f32
      %d = arith.subf %a, %b : f32
      linalg.yield %s, %d : f32, f32
    } -> (tensor<13x37xf32>, tensor<13x37xf32>)
    %m:2 = linalg.generic {indexing_maps = [#id, #row, #row], iterator_types = ["parallel", "reduction"]}
        ins(%two#0 : tensor<13x37xf32>) outs(%ff, %fl : tensor<13xf32>, tensor<13xi64>) attrs = {stream.layer = "largest"} {
    ^bb0(%a: f32, %v: f32, %i: i64):
      %j = linalg.index 1 : index
      %k = arith.index_cast %j : index to i64
      %c = arith.cmpf ogt, %a, %v : f32
      %nv = arith.select %c, %a, %v : f32
      %ni = arith.select %c, %k, %i : i64
      linalg.yield %nv, %ni : f32, i64
    } -> (tensor<13xf32>, tensor<13xi64>)
    %product = linalg.mul ins(%two#0, %two#1 : tensor<13x37xf32>, tensor<13x37xf32>) outs(%e : tensor<13x37xf32>) -> tensor<13x37xf32>
    %double = linalg.add ins(%m#0, %m#0 : tensor<13xf32>, tensor<13xf32>) outs(%ef : tensor<13xf32>) -> tensor<13xf32>

    // Least element, sum of squares, and how many are negative: results of 8, 32 and 64 bits.
    %q8 = tensor.empty() : tensor<8xi8>
    %q32 = tensor.empty() : tensor<8xi32>
    %q64 = tensor.empty() : tensor<8xi64>
    %f8 = linalg.fill ins(%z8 : i8) outs(%q8 : tensor<8xi8>) -> tensor<8xi8>
    %f32 = linalg.fill ins(%z32 : i32) outs(%q32 : tensor<8xi32>) -> tensor<8xi32>
    %f64 = linalg.fill ins(%z64 : i64) outs(%q64 : tensor<8xi64>) -> tensor<8xi64>
    %three:3 = linalg.generic {indexing_maps = [#id, #row, #row, #row], iterator_types = ["parallel", "reduction"]}
        ins(%q : tensor<8x20xi8>) outs(%f8, %f32, %f64 : tensor<8xi8>, tensor<8xi32>, tensor<8xi64>) {
    ^bb0(%a: i8, %least: i8, %sum: i32, %count: i64):
      %l = arith.minsi %a, %least : i8
      %w = arith.extsi %a : i8 to i32
      %sq = arith.muli %w, %w : i32
      %ns = arith.addi %sum, %sq : i32
      %neg = arith.cmpi slt, %a, %z8 : i8
      %one = arith.extui %neg : i1 to i64
      %nc = arith.addi %count, %one : i64
      linalg.yield %l, %ns, %nc : i8, i32, i64
    } -> (tensor<8xi8>, tensor<8xi32>, tensor<8xi64>)
    %mixed = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>],
        iterator_types = ["parallel"]} ins(%three#1, %three#2 : tensor<8xi32>, tensor<8xi64>) outs(%q64 : tensor<8xi64>) {
    ^bb0(%s: i32, %c: i64, %o: i64):
      %w = arith.extsi %s : i32 to i64
      %r = arith.addi %w, %c : i64
      linalg.yield %r : i64
    } -> tensor<8xi64>
    %broad = linalg.generic {indexing_maps = [#id, #row, #id], iterator_types = ["parallel", "parallel"]}
        ins(%q, %three#0 : tensor<8x20xi8>, tensor<8xi8>) outs(%q : tensor<8x20xi8>) {
    ^bb0(%a: i8, %l: i8, %o: i8):
      %r = arith.subi %a, %l : i8
      linalg.yield %r : i8
    } -> tensor<8x20xi8>

    // Exponents and their sum: of different shapes.
    %exp:2 = linalg.generic {indexing_maps = [#id, #id, #row], iterator_types = ["parallel", "reduction"]}
        ins(%two#1 : tensor<13x37xf32>) outs(%e, %fz : tensor<13x37xf32>, tensor<13xf32>) {
    ^bb0(%a: f32, %o: f32, %s: f32):
      %t = arith.mulf %a, %a : f32
      %n = arith.addf %s, %t : f32
      linalg.yield %t, %n : f32, f32
    } -> (tensor<13x37xf32>, tensor<13xf32>)
    %scaled = linalg.generic {indexing_maps = [#id, #row, #id], iterator_types = ["parallel", "parallel"]}
        ins(%exp#0, %exp#1 : tensor<13x37xf32>, tensor<13xf32>) outs(%e : tensor<13x37xf32>) {
    ^bb0(%a: f32, %s: f32, %o: f32):
      %r = arith.subf %a, %s : f32
      linalg.yield %r : f32
    } -> tensor<13x37xf32>
    return %m#0, %m#1, %product, %double, %three#0, %three#1, %three#2, %mixed, %scaled, %exp#1, %broad
        : tensor<13xf32>, tensor<13xi64>, tensor<13x37xf32>, tensor<13xf32>, tensor<8xi8>, tensor<8xi32>, tensor<8xi64>, tensor<8xi64>,
          tensor<13x37xf32>, tensor<13xf32>, tensor<8x20xi8>
  }
}
