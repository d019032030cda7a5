// One refusal per rule of CTs, transfers, residents, and of what they refer to.
// RUN: stream-opt %s --split-input-file --verify-diagnostics

func.func private @k(tensor<1x4xf32>) -> tensor<1x4xf32>
func.func @f(%x: tensor<2x4xf32>) -> tensor<2x4xf32> {
  // expected-error @below {{'stream.ct' op input #0 has rank 2, but 1 offsets}}
  %r = stream.ct @k(%x[0]) into %x[0, 0] {layer = "a"} : (tensor<2x4xf32>) into tensor<2x4xf32>
  return %r : tensor<2x4xf32>
}

// -----
func.func private @k(tensor<1x4xf32>) -> tensor<1x4xf32>
func.func @f(%x: tensor<2x4xf32>) -> tensor<2x4xf32> {
  // expected-error @below {{'stream.ct' op has 1 inputs, but offsets for 2}}
  %r = "stream.ct"(%x, %x) <{operandSegmentSizes = array<i32: 1, 1>, kernel = @k, input_offsets = [array<i64: 0, 0>, array<i64: 0, 0>],
    output_offsets = array<i64: 0, 0>, layer = "a"}> : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  return %r : tensor<2x4xf32>
}

// -----
func.func private @k(tensor<1x4xf32>) -> tensor<1x4xf32>
func.func @f(%x: tensor<2x4xf32>) -> tensor<2x4xf32> {
  // expected-error @below {{'stream.ct' op requires attribute 'layer'}}
  %r = "stream.ct"(%x, %x) <{operandSegmentSizes = array<i32: 1, 1>, kernel = @k, input_offsets = [array<i64: 0, 0>],
    output_offsets = array<i64: 0, 0>}> : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  return %r : tensor<2x4xf32>
}

// -----
func.func private @k(tensor<1x4xf32>) -> tensor<1x4xf32>
func.func @f(%x: tensor<2x4xf32>) -> tensor<2x4xf32> {
  // expected-error @below {{'stream.ct' op input #0 begins at -1 in dimension 1, must be in the tensor}}
  %r = stream.ct @k(%x[0, -1]) into %x[0, 0] {layer = "a"} : (tensor<2x4xf32>) into tensor<2x4xf32>
  return %r : tensor<2x4xf32>
}

// -----
func.func private @k(tensor<1x4xf32>) -> tensor<1x4xf32>
func.func @f(%x: tensor<2x4xf32>) -> tensor<2x4xf32> {
  // expected-error @below {{'stream.ct' op input #0 covers [2, 3) in dimension 0, which has size 2}}
  %r = stream.ct @k(%x[2, 0]) into %x[0, 0] {layer = "a"} : (tensor<2x4xf32>) into tensor<2x4xf32>
  return %r : tensor<2x4xf32>
}

// -----
func.func private @k(tensor<1x4xf32>) -> tensor<1x4xf32>
func.func @f(%x: tensor<2x4xf32>) -> tensor<2x4xf32> {
  // expected-error @below {{'stream.ct' op output #0 has rank 2, but 3 offsets}}
  %r = stream.ct @k(%x[0, 0]) into %x[0, 0, 0] {layer = "a"} : (tensor<2x4xf32>) into tensor<2x4xf32>
  return %r : tensor<2x4xf32>
}

// -----
func.func private @k(tensor<1x4xf32>) -> tensor<1x4xf32>
func.func @f(%x: tensor<2x4xf32>) -> tensor<2x4xf32> {
  // expected-error @below {{'stream.ct' op output #0 covers [9223372036854775807, 9223372036854775807) in dimension 0, which has size 2}}
  %r = stream.ct @k(%x[0, 0]) into %x[9223372036854775807, 0] {layer = "a"} : (tensor<2x4xf32>) into tensor<2x4xf32>
  return %r : tensor<2x4xf32>
}

// -----
func.func @f(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  // expected-error @below {{custom op 'stream.ct' 'into' must be variadic of statically shaped tensor of any type values, but got 'tensor<?x4xf32>'}}
  %r = stream.ct @k(%x[0, 0]) into %x[0, 0] {layer = "a"} : (tensor<?x4xf32>) into tensor<?x4xf32>
  return %r : tensor<?x4xf32>
}

// -----
func.func @f(%x: tensor<2x4xf32>) -> tensor<2x4xf32> {
  // expected-error @below {{'stream.ct' op kernel @k is no function of the module}}
  %r = stream.ct @k(%x[0, 0]) into %x[0, 0] {layer = "a"} : (tensor<2x4xf32>) into tensor<2x4xf32>
  return %r : tensor<2x4xf32>
}

// -----
module @k {}
func.func @f(%x: tensor<2x4xf32>) -> tensor<2x4xf32> {
  // expected-error @below {{'stream.ct' op kernel @k is no function of the module}}
  %r = stream.ct @k(%x[0, 0]) into %x[0, 0] {layer = "a"} : (tensor<2x4xf32>) into tensor<2x4xf32>
  return %r : tensor<2x4xf32>
}

// -----
func.func private @k(tensor<1x4xf32>, tensor<1x4xf32>) -> tensor<1x4xf32>
func.func @f(%x: tensor<2x4xf32>) -> tensor<2x4xf32> {
  // expected-error @below {{'stream.ct' op kernel @k has 2 arguments and 1 results, the CT needs 1 and 1}}
  %r = stream.ct @k(%x[0, 0]) into %x[0, 0] {layer = "a"} : (tensor<2x4xf32>) into tensor<2x4xf32>
  return %r : tensor<2x4xf32>
}

// -----
func.func private @k(tensor<1x4xf32>)
func.func @f(%x: tensor<2x4xf32>) -> tensor<2x4xf32> {
  // expected-error @below {{'stream.ct' op kernel @k has 1 arguments and 0 results, the CT needs 1 and 1}}
  %r = stream.ct @k(%x[0, 0]) into %x[0, 0] {layer = "a"} : (tensor<2x4xf32>) into tensor<2x4xf32>
  return %r : tensor<2x4xf32>
}

// -----
func.func private @k(tensor<1x4xf32>) -> tensor<1x4xf32>
func.func @f(%x: tensor<2x4xf32>) -> tensor<2x4xf32> {
  // expected-error @below {{'stream.ct' op kernel @k has 1 arguments and 1 results, the CT needs 2 and 1}}
  %r = stream.ct @k(%x[0, 0]) into %x[0, 0] {accumulates, layer = "a"} : (tensor<2x4xf32>) into tensor<2x4xf32>
  return %r : tensor<2x4xf32>
}

// -----
func.func private @k(tensor<1x4xf32>, tensor<1x2xf32>) -> tensor<1x4xf32>
func.func @f(%x: tensor<2x4xf32>) -> tensor<2x4xf32> {
  // expected-error @below {{'stream.ct' op accumulates, so the last argument and the result of kernel @k must have the same type}}
  %r = stream.ct @k(%x[0, 0]) into %x[0, 0] {accumulates, layer = "a"} : (tensor<2x4xf32>) into tensor<2x4xf32>
  return %r : tensor<2x4xf32>
}

// -----
func.func private @k(tensor<4xf32>) -> tensor<1x4xf32>
func.func @f(%x: tensor<2x4xf32>) -> tensor<2x4xf32> {
  // expected-error @below {{'stream.ct' op input #0 of the kernel must be a static tensor with rank 2 and the element type of the CT's}}
  %r = stream.ct @k(%x[0, 0]) into %x[0, 0] {layer = "a"} : (tensor<2x4xf32>) into tensor<2x4xf32>
  return %r : tensor<2x4xf32>
}

// -----
func.func private @k(tensor<1x4xf32>) -> tensor<1x4xf64>
func.func @f(%x: tensor<2x4xf32>) -> tensor<2x4xf32> {
  // expected-error @below {{'stream.ct' op output #0 of the kernel must be a static tensor with rank 2 and the element type of the CT's}}
  %r = stream.ct @k(%x[0, 0]) into %x[0, 0] {layer = "a"} : (tensor<2x4xf32>) into tensor<2x4xf32>
  return %r : tensor<2x4xf32>
}

// -----
func.func private @k(memref<1x4xf32>) -> tensor<1x4xf32>
func.func @f(%x: tensor<2x4xf32>) -> tensor<2x4xf32> {
  // expected-error @below {{'stream.ct' op input #0 of the kernel must be a static tensor with rank 2 and the element type of the CT's}}
  %r = stream.ct @k(%x[0, 0]) into %x[0, 0] {layer = "a"} : (tensor<2x4xf32>) into tensor<2x4xf32>
  return %r : tensor<2x4xf32>
}

// -----
func.func private @k(tensor<1x4xf32>) -> tensor<1x4xf32>
func.func @f(%x: tensor<2x4xf32>) -> tensor<2x4xf32> {
  // expected-error @below {{'stream.ct' op stack is -1, must be at least 0}}
  %r = stream.ct @k(%x[0, 0]) into %x[0, 0] {layer = "a", stack = -1 : i64} : (tensor<2x4xf32>) into tensor<2x4xf32>
  return %r : tensor<2x4xf32>
}

// -----
func.func private @k(tensor<1x4xf32>) -> tensor<1x4xf32>
func.func @f(%x: tensor<2x4xf32>) -> tensor<2x4xf32> {
  // expected-error @below {{'stream.ct' op split is -2, must be at least 0}}
  %r = stream.ct @k(%x[0, 0]) into %x[0, 0] {layer = "a", split = -2 : i64} : (tensor<2x4xf32>) into tensor<2x4xf32>
  return %r : tensor<2x4xf32>
}

// -----
func.func private @k(tensor<1x4xf32>) -> tensor<1x4xf32>
func.func @f(%x: tensor<2x4xf32>) -> tensor<2x4xf32> {
  // expected-error @below {{'stream.ct' op may run on no core: leave 'cores' out, or name some}}
  %r = stream.ct @k(%x[0, 0]) into %x[0, 0] {layer = "a", cores = []} : (tensor<2x4xf32>) into tensor<2x4xf32>
  return %r : tensor<2x4xf32>
}

// -----
func.func private @k(tensor<1x4xf32>) -> tensor<1x4xf32>
func.func @f(%x: tensor<2x4xf32>) -> tensor<2x4xf32> {
  // expected-error @below {{'stream.ct' op lists core 'c0' twice}}
  %r = stream.ct @k(%x[0, 0]) into %x[0, 0] {layer = "a", cores = [@c0, @c0]} : (tensor<2x4xf32>) into tensor<2x4xf32>
  return %r : tensor<2x4xf32>
}

// -----
func.func private @k(tensor<1x4xf32>) -> tensor<1x4xf32>
func.func @f(%x: tensor<2x4xf32>) -> tensor<2x4xf32> {
  // expected-error @below {{'stream.ct' op is on core @c1, which is not in its 'cores'}}
  %r = stream.ct @k(%x[0, 0]) into %x[0, 0] {layer = "a", cores = [@c0]} on @c1 : (tensor<2x4xf32>) into tensor<2x4xf32>
  return %r : tensor<2x4xf32>
}

// -----
func.func private @k(tensor<1x4xf32>) -> tensor<1x4xf32>
func.func @f(%x: tensor<2x4xf32>) -> tensor<2x4xf32> {
  // expected-error @below {{'stream.ct' op has a time but no core}}
  %r = stream.ct @k(%x[0, 0]) into %x[0, 0] {layer = "a"} at 0 to 1 address 0 until 1 : (tensor<2x4xf32>) into tensor<2x4xf32>
  return %r : tensor<2x4xf32>
}

// -----
func.func private @k(tensor<1x4xf32>) -> tensor<1x4xf32>
func.func @f(%x: tensor<2x4xf32>) -> tensor<2x4xf32> {
  // expected-error @below {{'stream.ct' op has 'start' but not 'until': a schedule is given whole or not at all}}
  %r = "stream.ct"(%x, %x) <{operandSegmentSizes = array<i32: 1, 1>, kernel = @k, input_offsets = [array<i64: 0, 0>], output_offsets = array<i64: 0, 0>,
    layer = "a", start = 0 : i64}> : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  return %r : tensor<2x4xf32>
}

// -----
func.func private @k(tensor<1x4xf32>) -> tensor<1x4xf32>
func.func @f(%x: tensor<2x4xf32>) -> tensor<2x4xf32> {
  // expected-error @below {{'stream.ct' op runs at [5, 5), must obey 0 <= start < end}}
  %r = stream.ct @k(%x[0, 0]) into %x[0, 0] {layer = "a"} on @c0 at 5 to 5 address 0 until 9 : (tensor<2x4xf32>) into tensor<2x4xf32>
  return %r : tensor<2x4xf32>
}

// -----
func.func private @k(tensor<1x4xf32>) -> tensor<1x4xf32>
func.func @f(%x: tensor<2x4xf32>) -> tensor<2x4xf32> {
  // expected-error @below {{'stream.ct' op address is -8, must not be negative}}
  %r = stream.ct @k(%x[0, 0]) into %x[0, 0] {layer = "a"} on @c0 at 0 to 5 address -8 until 9 : (tensor<2x4xf32>) into tensor<2x4xf32>
  return %r : tensor<2x4xf32>
}

// -----
func.func private @k(tensor<1x4xf32>) -> tensor<1x4xf32>
func.func @f(%x: tensor<2x4xf32>) -> tensor<2x4xf32> {
  // expected-error @below {{'stream.ct' op drops its buffer at 4, before it is complete at 5}}
  %r = stream.ct @k(%x[0, 0]) into %x[0, 0] {layer = "a"} on @c0 at 0 to 5 address 0 until 4 : (tensor<2x4xf32>) into tensor<2x4xf32>
  return %r : tensor<2x4xf32>
}

// -----
func.func @f(%x: tensor<2x4xf32>) {
  // expected-error @below {{'stream.transfer' op tensor #0 has rank 2, but 1 offsets}}
  stream.transfer %x[0][1, 4] from @d::@m to [@c::@m] : tensor<2x4xf32>
  return
}

// -----
func.func @f(%x: tensor<2x4xf32>) {
  // expected-error @below {{'stream.transfer' op tensor #0 has rank 2, but 3 sizes}}
  stream.transfer %x[0, 0][1, 4, 1] from @d::@m to [@c::@m] : tensor<2x4xf32>
  return
}

// -----
func.func @f(%x: tensor<2x4xf32>) {
  // expected-error @below {{'stream.transfer' op tensor #0 covers [1, 5) in dimension 1, which has size 4}}
  stream.transfer %x[0, 1][1, 4] from @d::@m to [@c::@m] : tensor<2x4xf32>
  return
}

// -----
func.func @f(%x: tensor<2x4xf32>) {
  // expected-error @below {{'stream.transfer' op tensor #0 covers [0, 0) in dimension 0, which has size 2}}
  stream.transfer %x[0, 0][0, 4] from @d::@m to [@c::@m] : tensor<2x4xf32>
  return
}

// -----
func.func @f(%x: tensor<2x4xf32>) {
  // expected-error @below {{'stream.transfer' op has no target}}
  stream.transfer %x[0, 0][1, 4] from @d::@m to [] : tensor<2x4xf32>
  return
}

// -----
func.func @f(%x: tensor<2x4xf32>) {
  // expected-error @below {{'stream.transfer' op @c is no memory: write core and memory, such as @c0::@sram}}
  stream.transfer %x[0, 0][1, 4] from @d::@m to [@c] : tensor<2x4xf32>
  return
}

// -----
func.func @f(%x: tensor<2x4xf32>) {
  // expected-error @below {{'stream.transfer' op @a is no memory: write core and memory, such as @c0::@sram}}
  stream.transfer %x[0, 0][1, 4] from @a::@d::@m to [@c::@m] : tensor<2x4xf32>
  return
}

// -----
func.func @f(%x: tensor<2x4xf32>) {
  // expected-error @below {{'stream.transfer' op copies from @d::@m to itself}}
  stream.transfer %x[0, 0][1, 4] from @d::@m to [@c::@m, @d::@m] : tensor<2x4xf32>
  return
}

// -----
func.func @f(%x: tensor<2x4xf32>) {
  // expected-error @below {{'stream.transfer' op lists target 'm' twice}}
  stream.transfer %x[0, 0][1, 4] from @d::@m to [@c::@m, @c::@m] : tensor<2x4xf32>
  return
}

// -----
func.func @f(%x: tensor<2x4xf32>) {
  // expected-error @below {{'stream.transfer' op has 'end' but not 'over': a schedule is given whole or not at all}}
  stream.transfer %x[0, 0][1, 4] from @d::@m address 0 to [@c::@m] address [0] until [9] rate 8 at 0 to 9 : tensor<2x4xf32>
  return
}

// -----
func.func @f(%x: tensor<2x4xf32>) {
  // expected-error @below {{'stream.transfer' op rate is 0, must be at least 1}}
  stream.transfer %x[0, 0][1, 4] from @d::@m address 0 to [@c::@m] address [0] until [9] over [@l] rate 0 at 0 to 9 : tensor<2x4xf32>
  return
}

// -----
func.func @f(%x: tensor<2x4xf32>) {
  // expected-error @below {{'stream.transfer' op runs at [-1, 9), must obey 0 <= start < end}}
  stream.transfer %x[0, 0][1, 4] from @d::@m address 0 to [@c::@m] address [0] until [9] over [@l] rate 8 at -1 to 9 : tensor<2x4xf32>
  return
}

// -----
func.func @f(%x: tensor<2x4xf32>) {
  // expected-error @below {{'stream.transfer' op address is -1, must not be negative}}
  stream.transfer %x[0, 0][1, 4] from @d::@m address -1 to [@c::@m] address [0] until [9] over [@l] rate 8 at 0 to 9 : tensor<2x4xf32>
  return
}

// -----
func.func @f(%x: tensor<2x4xf32>) {
  // expected-error @below {{'stream.transfer' op has 1 targets, but 2 addresses and 1 untils}}
  stream.transfer %x[0, 0][1, 4] from @d::@m address 0 to [@c::@m] address [0, 0] until [9] over [@l] rate 8 at 0 to 9 : tensor<2x4xf32>
  return
}

// -----
func.func @f(%x: tensor<2x4xf32>) {
  // expected-error @below {{'stream.transfer' op address is -64, must not be negative}}
  stream.transfer %x[0, 0][1, 4] from @d::@m address 0 to [@c::@m, @e::@m] address [0, -64] until [9, 9] over [@l] rate 8 at 0 to 9 : tensor<2x4xf32>
  return
}

// -----
func.func @f(%x: tensor<2x4xf32>) {
  // expected-error @below {{'stream.transfer' op drops its buffer at 8, before it is complete at 9}}
  stream.transfer %x[0, 0][1, 4] from @d::@m address 0 to [@c::@m] address [0] until [8] over [@l] rate 8 at 0 to 9 : tensor<2x4xf32>
  return
}

// -----
func.func @f(%x: tensor<2x4xf32>) {
  // expected-error @below {{'stream.transfer' op lists link 'l' twice}}
  stream.transfer %x[0, 0][1, 4] from @d::@m address 0 to [@c::@m] address [0] until [9] over [@l, @l] rate 8 at 0 to 9 : tensor<2x4xf32>
  return
}

// -----
func.func @f(%x: tensor<2x4xf32>) {
  // expected-error @below {{'stream.transfer' op target_operand is 'I1', 'I2' or 'O', not 'W'}}
  stream.transfer %x[0, 0][1, 4] from @d::@m to [@c::@m] {target_operand = "W"} : tensor<2x4xf32>
  return
}

// -----
func.func @f(%x: tensor<2x4xf32>) {
  // expected-error @below {{'stream.resident' op @m is no memory: write core and memory, such as @c0::@sram}}
  stream.resident %x in @m address 0 until 1 : tensor<2x4xf32>
  return
}

// -----
func.func @f(%x: tensor<2x4xf32>) {
  // expected-error @below {{'stream.resident' op address is -1, must not be negative}}
  stream.resident %x in @d::@m address -1 until 1 : tensor<2x4xf32>
  return
}

// -----
func.func @f(%x: tensor<2x4xf32>) {
  // expected-error @below {{'stream.resident' op drops its buffer at -1, before it is complete at 0}}
  stream.resident %x in @d::@m address 0 until -1 : tensor<2x4xf32>
  return
}

// -----
func.func private @k(tensor<1x4xf32>) -> (tensor<1x4xf32>, tensor<1x4xi8>)
func.func @f(%x: tensor<2x4xf32>, %y: tensor<2x5xi8>) -> tensor<2x4xf32> {
  // expected-error @below {{'stream.ct' op output #1 has another shape than output #0, of which the same box is meant}}
  %r:2 = stream.ct @k(%x[0, 0]) into (%x, %y)[0, 0] {layer = "a"} : (tensor<2x4xf32>) into (tensor<2x4xf32>, tensor<2x5xi8>)
  return %r#0 : tensor<2x4xf32>
}

// -----
func.func private @k(tensor<1x4xf32>) -> (tensor<1x4xf32>, tensor<1x4xi8>)
func.func @f(%x: tensor<2x4xf32>, %y: tensor<2x4xi16>) -> tensor<2x4xf32> {
  // expected-error @below {{'stream.ct' op output #1 of the kernel must be a static tensor with rank 2 and the element type of the CT's}}
  %r:2 = stream.ct @k(%x[0, 0]) into (%x, %y)[0, 0] {layer = "a"} : (tensor<2x4xf32>) into (tensor<2x4xf32>, tensor<2x4xi16>)
  return %r#0 : tensor<2x4xf32>
}

// -----
func.func private @k(tensor<1x4xf32>) -> tensor<1x4xf32>
func.func @f(%x: tensor<2x4xf32>, %y: tensor<2x4xf32>) -> tensor<2x4xf32> {
  // expected-error @below {{'stream.ct' op kernel @k has 1 arguments and 1 results, the CT needs 1 and 2}}
  %r:2 = stream.ct @k(%x[0, 0]) into (%x, %y)[0, 0] {layer = "a"} : (tensor<2x4xf32>) into (tensor<2x4xf32>, tensor<2x4xf32>)
  return %r#0 : tensor<2x4xf32>
}

// -----
func.func private @k(tensor<1x4xf32>)
func.func @f(%x: tensor<2x4xf32>) {
  // expected-error @below {{'stream.ct' op has no output}}
  "stream.ct"(%x) <{operandSegmentSizes = array<i32: 1, 0>, kernel = @k, input_offsets = [array<i64: 0, 0>],
    output_offsets = array<i64: 0, 0>, layer = "a"}> : (tensor<2x4xf32>) -> ()
  return
}

// -----

func.func private @k(tensor<2x4xf32>) -> tensor<2x4xf32>
func.func @f(%x: tensor<2x4xf32>) {
  // expected-error @below {{'stream.ct' op streams, but has no time}}
  %r = stream.ct @k(%x[0, 0]) into %x[0, 0] {layer = "a"} on @c0 streaming {I1 = {}} : (tensor<2x4xf32>) into tensor<2x4xf32>
  return
}

// -----

func.func private @k(tensor<2x4xf32>) -> tensor<2x4xf32>
func.func @f(%x: tensor<2x4xf32>) {
  // expected-error @below {{'stream.ct' op streams nothing: leave 'streaming' out}}
  %r = stream.ct @k(%x[0, 0]) into %x[0, 0] {layer = "a"} on @c0 at 0 to 4 address 0 until 4 streaming {} : (tensor<2x4xf32>) into tensor<2x4xf32>
  return
}

// -----

func.func private @k(tensor<2x4xf32>) -> tensor<2x4xf32>
func.func @f(%x: tensor<2x4xf32>) {
  // expected-error @below {{'stream.ct' op streams 'I3', which is none of 'I1', 'I2' and 'O'}}
  %r = stream.ct @k(%x[0, 0]) into %x[0, 0] {layer = "a"} on @c0 at 0 to 4 address 0 until 4 streaming {I3 = {}} : (tensor<2x4xf32>) into tensor<2x4xf32>
  return
}

// -----

func.func private @k(tensor<2x4xf32>) -> tensor<2x4xf32>
func.func @f(%x: tensor<2x4xf32>) {
  // expected-error @below {{'stream.ct' op streaming of I1 must be {address, read_over, read_rate, write_over, write_rate}}}
  %r = stream.ct @k(%x[0, 0]) into %x[0, 0] {layer = "a"} on @c0 at 0 to 4 address 0 until 4 streaming {I1 = {read_over = [@l]}} : (tensor<2x4xf32>) into tensor<2x4xf32>
  return
}

// -----

func.func private @k(tensor<2x4xf32>) -> tensor<2x4xf32>
func.func @f(%x: tensor<2x4xf32>) {
  // expected-error @below {{'stream.ct' op streaming of O must be {address, read_over, read_rate, write_over, write_rate}}}
  %r = stream.ct @k(%x[0, 0]) into %x[0, 0] {layer = "a"} on @c0 at 0 to 4 address 0 until 4 streaming {O = {write_over = [@l], write_rate = 0 : i64}} : (tensor<2x4xf32>) into tensor<2x4xf32>
  return
}

// -----

func.func private @k(tensor<2x4xf32>) -> tensor<2x4xf32>
func.func @f(%x: tensor<2x4xf32>) {
  // expected-error @below {{'stream.ct' op streaming of O must be {address, read_over, read_rate, write_over, write_rate}}}
  %r = stream.ct @k(%x[0, 0]) into %x[0, 0] {layer = "a"} on @c0 at 0 to 4 address 0 until 4 streaming {O = {rate = 4 : i64}} : (tensor<2x4xf32>) into tensor<2x4xf32>
  return
}
