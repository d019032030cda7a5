// Fusion that is asked for and cannot be: located errors.
// RUN: stream-opt %s --stream-tile --split-input-file --verify-diagnostics

#m = affine_map<(d0, d1) -> (d0, d1)>
#t = affine_map<(d0, d1) -> (d1, d0)>
module {
  stream.accelerator @one {
    stream.core @c0 compute array [4, 4] operators [MatMul, Exp] post_processing [Relu] {
      stream.memory @sram size 1048576 holds [I1, I2, O] ports [<rw read_write 64 to 64 [I1 fh, I1 tl, I2 fh, I2 tl, O fl, O th, O fh, O tl]>]
    }
    stream.core @dram offchip {
      stream.memory @dram size 100000000 holds [I1, I2, O] ports [<rw read_write 64 to 64 [I1 fh, I1 tl, I2 fh, I2 tl, O fl, O th, O fh, O tl]>]
    }
    stream.bus @bus of [@c0, @dram] bandwidth 64
  }
  func.func @main(%x: tensor<4x4xf32>, %w: tensor<4x4xf32>) -> tensor<4x4xf32> {
    %e = tensor.empty() : tensor<4x4xf32>
    %y = linalg.matmul {stream.layer = "dense"} ins(%x, %w : tensor<4x4xf32>, tensor<4x4xf32>) outs(%e : tensor<4x4xf32>) -> tensor<4x4xf32>
    // expected-error @below {{'linalg.exp' op is to be fused into layer 'dense', which cannot be: core 'c0', which may run 'dense', lists no post-processing operator 'Exp'}}
    %z = linalg.exp {stream.plan = #stream.plan<fuse = always>} ins(%y : tensor<4x4xf32>) outs(%e : tensor<4x4xf32>) -> tensor<4x4xf32>
    return %z : tensor<4x4xf32>
  }
}

// -----

#m = affine_map<(d0, d1) -> (d0, d1)>
#t = affine_map<(d0, d1) -> (d1, d0)>
module {
  stream.accelerator @one {
    stream.core @c0 compute array [4, 4] {
      stream.memory @sram size 1048576 holds [I1, I2, O] ports [<rw read_write 64 to 64 [I1 fh, I1 tl, I2 fh, I2 tl, O fl, O th, O fh, O tl]>]
    }
    stream.core @dram offchip {
      stream.memory @dram size 100000000 holds [I1, I2, O] ports [<rw read_write 64 to 64 [I1 fh, I1 tl, I2 fh, I2 tl, O fl, O th, O fh, O tl]>]
    }
    stream.bus @bus of [@c0, @dram] bandwidth 64
  }
  func.func @main(%x: tensor<4x4xf32>, %w: tensor<4x4xf32>) -> tensor<4x4xf32> {
    %e = tensor.empty() : tensor<4x4xf32>
    %y = linalg.matmul {stream.layer = "dense"} ins(%x, %w : tensor<4x4xf32>, tensor<4x4xf32>) outs(%e : tensor<4x4xf32>) -> tensor<4x4xf32>
    // expected-error @below {{'linalg.generic' op is to be fused into layer 'dense', which cannot be: it reads it in another order}}
    %z = linalg.generic {indexing_maps = [#t, #m], iterator_types = ["parallel", "parallel"]} ins(%y : tensor<4x4xf32>) outs(%e : tensor<4x4xf32>)
        attrs = {stream.plan = #stream.plan<fuse = always>} {
    ^bb0(%u: f32, %o: f32):
      %v = math.exp %u : f32
      linalg.yield %v : f32
    } -> tensor<4x4xf32>
    return %z : tensor<4x4xf32>
  }
}

// -----

module {
  stream.accelerator @one {
    stream.core @c0 compute array [4, 4] {
      stream.memory @sram size 1048576 holds [I1, I2, O] ports [<rw read_write 64 to 64 [I1 fh, I1 tl, I2 fh, I2 tl, O fl, O th, O fh, O tl]>]
    }
    stream.core @dram offchip {
      stream.memory @dram size 100000000 holds [I1, I2, O] ports [<rw read_write 64 to 64 [I1 fh, I1 tl, I2 fh, I2 tl, O fl, O th, O fh, O tl]>]
    }
    stream.bus @bus of [@c0, @dram] bandwidth 64
  }
  func.func @main(%x: tensor<4x4xf32>, %w: tensor<4x4xf32>) -> tensor<4x4xf32> {
    %e = tensor.empty() : tensor<4x4xf32>
    %y = linalg.matmul {stream.layer = "dense", stream.plan = #stream.plan<tile = [0, 0, 2]>} ins(%x, %w : tensor<4x4xf32>, tensor<4x4xf32>) outs(%e : tensor<4x4xf32>) -> tensor<4x4xf32>
    // expected-error @below {{'linalg.exp' op is to be fused into layer 'dense', which cannot be: its reduction is divided into tiles, or has to be for its CTs to fit, and what is fused runs on finished sums}}
    %z = linalg.exp {stream.plan = #stream.plan<fuse = always>} ins(%y : tensor<4x4xf32>) outs(%e : tensor<4x4xf32>) -> tensor<4x4xf32>
    return %z : tensor<4x4xf32>
  }
}

// -----

module {
  stream.accelerator @one {
    stream.core @c0 compute array [4, 4] {
      stream.memory @sram size 1048576 holds [I1, I2, O] ports [<rw read_write 64 to 64 [I1 fh, I1 tl, I2 fh, I2 tl, O fl, O th, O fh, O tl]>]
    }
    stream.core @dram offchip {
      stream.memory @dram size 100000000 holds [I1, I2, O] ports [<rw read_write 64 to 64 [I1 fh, I1 tl, I2 fh, I2 tl, O fl, O th, O fh, O tl]>]
    }
    stream.bus @bus of [@c0, @dram] bandwidth 64
  }
  func.func @main(%x: tensor<4x4xf32>) -> tensor<4x4xf32> {
    %e = tensor.empty() : tensor<4x4xf32>
    // expected-error @below {{'linalg.exp' op is to be fused, which cannot be: it reads no result of a layer}}
    %z = linalg.exp {stream.plan = #stream.plan<fuse = always>} ins(%x : tensor<4x4xf32>) outs(%e : tensor<4x4xf32>) -> tensor<4x4xf32>
    return %z : tensor<4x4xf32>
  }
}

// -----

// A mapping decides by layer name, or by operator.
module {
  stream.accelerator @one {
    stream.core @c0 compute array [4, 4] operators [MatMul, Exp] post_processing [Relu] {
      stream.memory @sram size 1048576 holds [I1, I2, O] ports [<rw read_write 64 to 64 [I1 fh, I1 tl, I2 fh, I2 tl, O fl, O th, O fh, O tl]>]
    }
    stream.core @dram offchip {
      stream.memory @dram size 100000000 holds [I1, I2, O] ports [<rw read_write 64 to 64 [I1 fh, I1 tl, I2 fh, I2 tl, O fl, O th, O fh, O tl]>]
    }
    stream.bus @bus of [@c0, @dram] bandwidth 64
  }
  stream.mapping @mapping {layers = [{name = "activation", fuse = "always"}, {name = "MatMul", core_allocation = [0]}]}
  func.func @main(%x: tensor<4x4xf32>, %w: tensor<4x4xf32>) -> tensor<4x4xf32> {
    %e = tensor.empty() : tensor<4x4xf32>
    %y = linalg.matmul {stream.layer = "dense"} ins(%x, %w : tensor<4x4xf32>, tensor<4x4xf32>) outs(%e : tensor<4x4xf32>) -> tensor<4x4xf32>
    // expected-error @below {{'linalg.exp' op is to be fused into layer 'dense', which cannot be: core 'c0', which may run 'dense', lists no post-processing operator 'Exp'}}
    %z = linalg.exp {stream.layer = "activation"} ins(%y : tensor<4x4xf32>) outs(%e : tensor<4x4xf32>) -> tensor<4x4xf32>
    return %z : tensor<4x4xf32>
  }
}
