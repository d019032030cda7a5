// The tiled program computes what the network does, bit for bit, however it is cut: reversed and shifted indexing maps,
// loop counters in bodies, strided insertion, broadcasts with constant indices, an op of two results.
// RUN: stream-compile %s --run --quiet | FileCheck %s
// RUN: stream-compile %s --run --quiet --rows 3 --memories explicit | FileCheck %s
// RUN: stream-compile %s --run --quiet --fusion layer-by-layer --memories explicit | FileCheck %s
// CHECK: executed: identical
#id = affine_map<(d0, d1) -> (d0, d1)>
#rev = affine_map<(d0, d1) -> (-d0 + 7, d1)>
#shift = affine_map<(d0, d1) -> (d0 + 1, d1 + 2)>
#one = affine_map<(d0, d1) -> (d0, 0)>
#row = affine_map<(d0, d1) -> (d0)>
module {
  stream.accelerator @dual {
    stream.core @c0 compute array [4, 4] mac_pj 0.5 {
      stream.memory @sram size 1048576 holds [I1, I2, O] read_pj 1.0 write_pj 1.0
          ports [<rw read_write 64 to 64 [I1 fh, I1 tl, I2 fh, I2 tl, O fl, O th, O fh, O tl]>]
    }
    stream.core @c1 compute array [4, 4] mac_pj 0.5 {
      stream.memory @sram size 1048576 holds [I1, I2, O] read_pj 1.0 write_pj 1.0
          ports [<rw read_write 64 to 64 [I1 fh, I1 tl, I2 fh, I2 tl, O fl, O th, O fh, O tl]>]
    }
    stream.core @dram offchip {
      stream.memory @dram size 100000000 holds [I1, I2, O] read_pj 100.0 write_pj 100.0
          ports [<rw read_write 64 to 64 [I1 fh, I1 tl, I2 fh, I2 tl, O fl, O th, O fh, O tl]>]
    }
    stream.bus @bus of [@c0, @c1, @dram] bandwidth 64
  }

  func.func @main(%x: tensor<8x6xf32>, %w: tensor<9x8xf32>, %c: tensor<8x1xf32>) -> (tensor<8x6xf32>, tensor<17x6xf32>, tensor<8xi32>) {
    %zero = arith.constant 0.0 : f32
    %none = arith.constant 0 : i32
    %e = tensor.empty() : tensor<8x6xf32>
    // c[i, 0] everywhere in row i
    %b = linalg.generic {indexing_maps = [#one, #id], iterator_types = ["parallel", "parallel"]}
        ins(%c : tensor<8x1xf32>) outs(%e : tensor<8x6xf32>) {
    ^bb0(%p: f32, %o: f32):
      linalg.yield %p : f32
    } -> tensor<8x6xf32>
    %r = linalg.generic {indexing_maps = [#rev, #shift, #id, #id], iterator_types = ["parallel", "parallel"]}
        ins(%x, %w, %b : tensor<8x6xf32>, tensor<9x8xf32>, tensor<8x6xf32>) outs(%e : tensor<8x6xf32>) {
    ^bb0(%p: f32, %q: f32, %s: f32, %o: f32):
      %i = linalg.index 0 : index
      %j = arith.index_cast %i : index to i32
      %k = arith.sitofp %j : i32 to f32
      %t = arith.mulf %p, %q : f32
      %u = arith.addf %t, %k : f32
      %v = arith.addf %u, %s : f32
      linalg.yield %v : f32
    } -> tensor<8x6xf32>
    // zeros between the rows, then a sum with a shifted copy
    %e17 = tensor.empty() : tensor<17x6xf32>
    %z = linalg.fill ins(%zero : f32) outs(%e17 : tensor<17x6xf32>) -> tensor<17x6xf32>
    %up = tensor.insert_slice %r into %z[1, 0] [8, 6] [2, 1] : tensor<8x6xf32> into tensor<17x6xf32>
    %both = tensor.insert_slice %x into %up[0, 0] [8, 6] [2, 1] : tensor<8x6xf32> into tensor<17x6xf32>
    %y = linalg.add ins(%both, %up : tensor<17x6xf32>, tensor<17x6xf32>) outs(%e17 : tensor<17x6xf32>) -> tensor<17x6xf32>
    // position of the largest element of each row; the value is not used
    %ef = tensor.empty() : tensor<8xf32>
    %ei = tensor.empty() : tensor<8xi32>
    %low = arith.constant -3.0e38 : f32
    %f0 = linalg.fill ins(%low : f32) outs(%ef : tensor<8xf32>) -> tensor<8xf32>
    %i0 = linalg.fill ins(%none : i32) outs(%ei : tensor<8xi32>) -> tensor<8xi32>
    %m:2 = linalg.generic {indexing_maps = [#id, #row, #row], iterator_types = ["parallel", "reduction"]}
        ins(%r : tensor<8x6xf32>) outs(%f0, %i0 : tensor<8xf32>, tensor<8xi32>) {
    ^bb0(%p: f32, %best: f32, %at: i32):
      %i = linalg.index 1 : index
      %j = arith.index_cast %i : index to i32
      %more = arith.cmpf ogt, %p, %best : f32
      %nb = arith.select %more, %p, %best : f32
      %na = arith.select %more, %j, %at : i32
      linalg.yield %nb, %na : f32, i32
    } -> (tensor<8xf32>, tensor<8xi32>)
    return %r, %y, %m#1 : tensor<8x6xf32>, tensor<17x6xf32>, tensor<8xi32>
  }
}
