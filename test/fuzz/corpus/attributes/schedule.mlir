func.func private @k(tensor<1x4xf32> {stream.operand = "I1"}) -> tensor<1x4xf32>
func.func @main(%x: tensor<2x4xf32>) -> tensor<2x4xf32> {
  %t = tensor.empty() : tensor<2x4xf32>
  stream.resident %x in @dram::@dram address 0 until 40 : tensor<2x4xf32>
  stream.transfer %x[0, 0][1, 4] from @dram::@dram address 0 to [@c0::@sram] address [8] until [20] over [@bus] rate 32 at 0 to 4 {source_operand = "I1", target_operand = "I1"} : tensor<2x4xf32>
  %u = stream.ct @k(%x[0, 0]) into %t[1, 0] {layer = "a", stack = 0 : i64} on @c0 at 4 to 9 address 0 until 10 : (tensor<2x4xf32>) into tensor<2x4xf32>
  return %u : tensor<2x4xf32>
}
