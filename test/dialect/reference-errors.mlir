// Names of cores, memories and links are those of the module's accelerator, wherever they stand.
// RUN: stream-opt %s --split-input-file --verify-diagnostics

stream.accelerator @a { stream.core @dram offchip {} }
func.func private @k(tensor<4xf32>) -> tensor<4xf32>
func.func @f(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @below {{'stream.ct' op refers to @c9, which is no core of the accelerator}}
  %r = stream.ct @k(%x[0]) into %x[0] {layer = "a"} on @c9 : (tensor<4xf32>) into tensor<4xf32>
  return %r : tensor<4xf32>
}

// -----
stream.accelerator @a { stream.core @dram offchip {} }
func.func private @k(tensor<4xf32>) -> tensor<4xf32>
func.func @f(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @below {{'stream.ct' op refers to @c9, which is no core of the accelerator}}
  %r = stream.ct @k(%x[0]) into %x[0] {layer = "a", cores = [@dram, @c9]} : (tensor<4xf32>) into tensor<4xf32>
  return %r : tensor<4xf32>
}

// -----
stream.accelerator @a {
  stream.core @dram offchip { stream.memory @m size 64 holds [O] ports [] }
  stream.core @c0 memory { stream.memory @m size 64 holds [O] ports [] }
}
func.func @f(%x: tensor<4xf32>) {
  // expected-error @below {{'stream.transfer' op refers to @dram::@n, but core @dram has no such memory}}
  stream.transfer %x[0][4] from @dram::@n to [@c0::@m] : tensor<4xf32>
  return
}

// -----
stream.accelerator @a {
  stream.core @dram offchip { stream.memory @m size 64 holds [O] ports [] }
  stream.core @c0 memory { stream.memory @m size 64 holds [O] ports [] }
}
func.func @f(%x: tensor<4xf32>) {
  // expected-error @below {{'stream.transfer' op refers to @c1, which is no core of the accelerator}}
  stream.transfer %x[0][4] from @dram::@m to [@c0::@m, @c1::@m] : tensor<4xf32>
  return
}

// -----
stream.accelerator @a {
  stream.core @dram offchip { stream.memory @m size 64 holds [O] ports [] }
  stream.core @c0 memory { stream.memory @m size 64 holds [O] ports [] }
}
func.func @f(%x: tensor<4xf32>) {
  // expected-error @below {{'stream.transfer' op goes over @c0, which is no link or bus of the accelerator}}
  stream.transfer %x[0][4] from @dram::@m address 0 to [@c0::@m] address [0] until [9] over [@c0] rate 8 at 0 to 9 : tensor<4xf32>
  return
}

// -----
stream.accelerator @a { stream.core @dram offchip {} }
func.func @f(%x: tensor<4xf32>) {
  // expected-error @below {{'stream.resident' op refers to @dram::@m, but core @dram has no such memory}}
  stream.resident %x in @dram::@m address 0 until 9 : tensor<4xf32>
  return
}

// -----
stream.accelerator @a { stream.core @dram offchip {} }
// expected-error @below {{'func.func' op refers to @c0, which is no core of the accelerator}}
func.func private @k() attributes {stream.costs = [#stream.cost<core = @c0, cycles = 1, energy_fj = 1>]}

// -----
stream.accelerator @a { stream.core @dram offchip {} }
func.func @f(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @below {{'linalg.copy' op refers to @c0, which is no core of the accelerator}}
  %r = linalg.copy {stream.plan = #stream.plan<cores = [@c0]>} ins(%x : tensor<4xf32>) outs(%x : tensor<4xf32>) -> tensor<4xf32>
  return %r : tensor<4xf32>
}

// -----
stream.accelerator @a {
  stream.core @dram offchip { stream.memory @m size 64 holds [O] ports [] }
  stream.core @c0 memory { stream.memory @m size 64 holds [O] ports [] }
}
func.func private @k(tensor<4xf32>) -> tensor<4xf32>
func.func @f(%x: tensor<4xf32>) {
  // expected-error @below {{'stream.ct' op goes over @l9, which is no link or bus of the accelerator}}
  %r = stream.ct @k(%x[0]) into %x[0] {layer = "a"} on @c0 at 0 to 4 address 0 until 4 streaming {O = {write_over = [@l9], write_rate = 1 : i64}} : (tensor<4xf32>) into tensor<4xf32>
  return
}
