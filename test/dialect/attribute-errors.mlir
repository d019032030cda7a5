// One refusal per rule of the dialect's attributes, and of its attributes on other ops.
// RUN: stream-opt %s --split-input-file --verify-diagnostics

// expected-error @below {{cycles of @c0 is 0, must be at least 1}}
func.func private @k() attributes {stream.costs = [#stream.cost<core = @c0, cycles = 0, energy_fj = 1>]}

// -----
// expected-error @below {{energies of @c0 must obey 0 <= mac_energy_fj <= energy_fj, got 2 and 1}}
func.func private @k() attributes {stream.costs = [#stream.cost<core = @c0, cycles = 1, energy_fj = 1, mac_energy_fj = 2>]}

// -----
// expected-error @below {{energies of @c0 must obey 0 <= mac_energy_fj <= energy_fj, got 0 and -1}}
func.func private @k() attributes {stream.costs = [#stream.cost<core = @c0, cycles = 1, energy_fj = -1>]}

// -----
// expected-error @below {{utilization of @c0 is 2, must be in [0, 1]}}
func.func private @k() attributes {stream.costs = [#stream.cost<core = @c0, cycles = 1, energy_fj = 1, utilization = 2.0 : f64>]}

// -----
// expected-error @below {{compute, stall, onload and offload of @c0 add up to 7, but cycles is 9: correct them or leave them out}}
func.func private @k() attributes {stream.costs = [#stream.cost<core = @c0, cycles = 9, compute = 4, stall = 3, energy_fj = 1>]}

// -----
// expected-error @below {{compute, stall, onload and offload of @c0 must not be negative or overflow}}
func.func private @k() attributes {stream.costs = [#stream.cost<core = @c0, cycles = 9, compute = -4, stall = 13, energy_fj = 1>]}

// -----
// expected-error @below {{compute, stall, onload and offload of @c0 must not be negative or overflow}}
func.func private @k() attributes {stream.costs = [#stream.cost<core = @c0, cycles = 9, compute = 9223372036854775807, stall = 1, energy_fj = 1>]}

// -----
// expected-error @below {{mac_energy_fj and memory_energy_fj of @c0 add up to 7, but energy_fj is 9}}
func.func private @k() attributes {stream.costs = [#stream.cost<core = @c0, cycles = 9, energy_fj = 9, mac_energy_fj = 4, detail = {memory_energy_fj = {sram = {O = 2 : i64, W = 1 : i64}}}>]}

// -----
// expected-error @below {{memory_energy_fj of @c0 must be {memory = {operand = fJ}} with integers that are not negative and do not overflow}}
func.func private @k() attributes {stream.costs = [#stream.cost<core = @c0, cycles = 9, energy_fj = 9, detail = {memory_energy_fj = {sram = 9 : i64}}>]}

// -----
// expected-error @below {{streamed of @c0 must be {I1, I2 or O = {read_bits, write_bits, read_bits_per_cycle, write_bits_per_cycle, offchip_energy_fj, buffer_bits}} with integers that are not negative and rates that move the bits in 9 cycles}}
func.func private @k() attributes {stream.costs = [#stream.cost<core = @c0, cycles = 9, energy_fj = 9, detail = {streamed = {I3 = {read_bits = 8 : i64, read_bits_per_cycle = 1 : i64}}}>]}

// -----
// expected-error @below {{streamed of @c0 must be {I1, I2 or O = {read_bits, write_bits, read_bits_per_cycle, write_bits_per_cycle, offchip_energy_fj, buffer_bits}} with integers that are not negative and rates that move the bits in 9 cycles}}
func.func private @k() attributes {stream.costs = [#stream.cost<core = @c0, cycles = 9, energy_fj = 9, detail = {streamed = {I2 = {read_bits = 19 : i64, read_bits_per_cycle = 2 : i64}}}>]}

// -----
// expected-error @below {{streamed of @c0 must be {I1, I2 or O = {read_bits, write_bits, read_bits_per_cycle, write_bits_per_cycle, offchip_energy_fj, buffer_bits}} with integers that are not negative and rates that move the bits in 9 cycles}}
func.func private @k() attributes {stream.costs = [#stream.cost<core = @c0, cycles = 9, energy_fj = 9, detail = {streamed = {I2 = {read_bits = -1 : i64}}}>]}

// -----
// expected-error @below {{streamed of @c0 must be {I1, I2 or O = {read_bits, write_bits, read_bits_per_cycle, write_bits_per_cycle, offchip_energy_fj, buffer_bits}} with integers that are not negative and rates that move the bits in 9 cycles}}
func.func private @k() attributes {stream.costs = [#stream.cost<core = @c0, cycles = 9, energy_fj = 9, detail = {streamed = {I2 = 7 : i64}}>]}

// -----
// expected-error @below {{'func.func' op has two costs for core @c0}}
func.func private @k() attributes {stream.costs = [#stream.cost<core = @c0, cycles = 1, energy_fj = 1>, #stream.cost<core = @c0, cycles = 2, energy_fj = 1>]}

// -----
// expected-error @below {{'func.func' op attribute 'stream.costs' must be an array}}
func.func private @k() attributes {stream.costs = 1 : i64}

// -----
// expected-error @below {{'func.func' op attribute 'stream.costs' must be an array of #stream.cost}}
func.func private @k() attributes {stream.costs = [1 : i64]}

// -----
func.func @f(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @below {{stack is -1, must not be negative}}
  %r = linalg.copy {stream.plan = #stream.plan<stack = -1>} ins(%x : tensor<4xf32>) outs(%x : tensor<4xf32>) -> tensor<4xf32>
  return %r : tensor<4xf32>
}

// -----
func.func @f(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @below {{tile of loop 1 is -4, must not be negative}}
  %r = linalg.copy {stream.plan = #stream.plan<tile = [0, -4]>} ins(%x : tensor<4xf32>) outs(%x : tensor<4xf32>) -> tensor<4xf32>
  return %r : tensor<4xf32>
}

// -----
func.func @f(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @below {{split of loop 0 is -1, must not be negative}}
  %r = linalg.copy {stream.plan = #stream.plan<split = [-1]>} ins(%x : tensor<4xf32>) outs(%x : tensor<4xf32>) -> tensor<4xf32>
  return %r : tensor<4xf32>
}

// -----
func.func @f(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @below {{core @c0 is listed twice}}
  %r = linalg.copy {stream.plan = #stream.plan<cores = [@c0, @c0]>} ins(%x : tensor<4xf32>) outs(%x : tensor<4xf32>) -> tensor<4xf32>
  return %r : tensor<4xf32>
}

// -----
func.func @f(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @below {{a plan has 'stack', 'tile', 'split', 'cores', 'fuse' and 'streams', not 'stacks'}}
  %r = linalg.copy {stream.plan = #stream.plan<stacks = 1>} ins(%x : tensor<4xf32>) outs(%x : tensor<4xf32>) -> tensor<4xf32>
  return %r : tensor<4xf32>
}

// -----
func.func @f(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @below {{'stack' is given twice}}
  %r = linalg.copy {stream.plan = #stream.plan<stack = 1, stack = 1>} ins(%x : tensor<4xf32>) outs(%x : tensor<4xf32>) -> tensor<4xf32>
  return %r : tensor<4xf32>
}

// -----
func.func @f(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @below {{'linalg.copy' op attribute 'stream.plan' must be a #stream.plan}}
  %r = linalg.copy {stream.plan = {stack = 1}} ins(%x : tensor<4xf32>) outs(%x : tensor<4xf32>) -> tensor<4xf32>
  return %r : tensor<4xf32>
}

// -----
// expected-error @below {{'func.func' op attribute 'stream.plan' belongs on linalg ops, loops, arithmetic on tensors and slices at offsets that are scalars}}
func.func private @f() attributes {stream.plan = #stream.plan<stack = 1>}

// -----
func.func @f(%x: tensor<4xf32>) -> tensor<2xf32> {
  // expected-error @below {{'tensor.extract_slice' op attribute 'stream.plan' belongs on linalg ops, loops, arithmetic on tensors and slices at offsets that are scalars}}
  %r = tensor.extract_slice %x[1] [2] [1] {stream.plan = #stream.plan<stack = 1>} : tensor<4xf32> to tensor<2xf32>
  return %r : tensor<2xf32>
}

// -----
func.func @f(%i: i32) -> i32 {
  // expected-error @below {{'arith.addi' op attribute 'stream.plan' belongs on linalg ops, loops, arithmetic on tensors and slices at offsets that are scalars}}
  %r = arith.addi %i, %i {stream.plan = #stream.plan<stack = 1>} : i32
  return %r : i32
}

// -----
func.func @f(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @below {{'linalg.copy' op attribute 'stream.layer' must be a string}}
  %r = linalg.copy {stream.layer = 1} ins(%x : tensor<4xf32>) outs(%x : tensor<4xf32>) -> tensor<4xf32>
  return %r : tensor<4xf32>
}

// -----
func.func @f(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @below {{'linalg.copy' op attribute 'stream.operator' must be a string}}
  %r = linalg.copy {stream.operator = @x} ins(%x : tensor<4xf32>) outs(%x : tensor<4xf32>) -> tensor<4xf32>
  return %r : tensor<4xf32>
}

// -----
stream.accelerator @a {
  stream.core @c0 offchip {
    // expected-error @below {{port 'p' is 'read', 'write' or 'read_write', not 'both'}}
    stream.memory @m size 64 holds [O] ports [<p both 8 to 8 []>]
  }
}

// -----
stream.accelerator @a {
  stream.core @c0 offchip {
    // expected-error @below {{bandwidth of port 'p' must obey 1 <= min <= max, got 16 to 8}}
    stream.memory @m size 64 holds [O] ports [<p read 16 to 8 []>]
  }
}

// -----
stream.accelerator @a {
  stream.core @c0 offchip {
    // expected-error @below {{bandwidth of port 'p' must obey 1 <= min <= max, got 0 to 8}}
    stream.memory @m size 64 holds [O] ports [<p read 0 to 8 []>]
  }
}

// -----
stream.accelerator @a {
  stream.core @c0 offchip {
    // expected-error @below {{port 'p' lists 'O tl' twice}}
    stream.memory @m size 64 holds [O] ports [<p read 8 to 8 [O tl, O tl]>]
  }
}

// -----
stream.accelerator @a {
  stream.core @c0 offchip {
    // expected-error @below {{expected I1, I2 or O, then fh, fl, th or tl, found 'O up'}}
    stream.memory @m size 64 holds [O] ports [<p read 8 to 8 [O up]>]
  }
}

// -----
// expected-error @below {{'func.func' op unknown attribute 'stream.foo' on an op}}
func.func private @f() attributes {stream.foo = 1 : i64}

// -----
// expected-error @below {{'func.func' op unknown attribute 'stream.foo' on an argument}}
func.func private @f(i32 {stream.foo})

// -----
// expected-error @below {{'func.func' op unknown attribute 'stream.operand' on a result}}
func.func private @f() -> (i32 {stream.operand = "O"})

// -----
// expected-error @below {{'func.func' op attribute 'stream.operand' must be "I1", "I2" or "O"}}
func.func private @f(i32 {stream.operand = "W"})

// -----
// expected-error @below {{'func.func' op attribute 'stream.name' must be a string}}
func.func private @f(i32 {stream.name = 1})

// -----
// expected-error @below {{'func.func' op attribute 'stream.kernel' must be a dictionary with the strings 'layer' and 'operator'}}
func.func private @f() attributes {stream.kernel = {layer = "a"}}

// -----
// expected-error @below {{'func.func' op attribute 'stream.kernel' must be a dictionary with the strings 'layer' and 'operator', and perhaps 'streams', a list of "I1", "I2" and "O"}}
func.func private @k() attributes {stream.kernel = {layer = "a", operator = "b", streams = ["W"]}}

// -----
// expected-error @below {{'func.func' op attribute 'stream.tiling' must be a dictionary with fusion}}
func.func private @f() attributes {stream.tiling = {fusion = "capacity", rows = 0 : i64, shape = "fewest"}}

// -----
// expected-error @below {{'func.func' op attribute 'stream.tiling' must be a dictionary with fusion ("capacity" or "layer-by-layer"), rows (at least 1), shape ("fewest" or "cheapest") and, if not for all, cores ([@core, ...])}}
func.func private @f() attributes {stream.tiling = {cores = ["a"], fusion = "capacity", rows = 1 : i64, shape = "fewest"}}

// -----

// expected-error @below {{'func.func' op attribute 'stream.policy' must be "latency", "memory", "ahead", "demand" or "given"}}
func.func private @f() attributes {stream.policy = "fast"}

// -----

// expected-error @below {{'func.func' op attribute 'stream.objective' must be "latency", "energy" or "edp"}}
func.func private @f() attributes {stream.objective = "area"}

// -----
// expected-error @below {{'func.func' op attribute 'stream.schedule' must be a dictionary}}
func.func private @f() attributes {stream.schedule = 1}

// -----
// expected-error @below {{'func.func' op 'latency_cycles' of 'stream.schedule' must be an integer >= 0}}
func.func private @f() attributes {stream.schedule = {latency_cycles = -1}}

// -----
// expected-error @below {{'func.func' op 'energy_bound_fj' of 'stream.schedule' must be an integer >= 0}}
func.func private @f() attributes {stream.schedule = {energy_bound_fj = -1}}

// -----
// expected-error @below {{'builtin.module' op attribute 'stream.schedule' belongs on functions}}
module attributes {stream.schedule = {latency_cycles = 1}} {}
