// Four products; the plan numbers the stack of the second and third.
stream.accelerator @single_core {
  stream.core @any compute type any_32x32 array [32, 32] mac_pj 1.2 mac_area 1.0 at [0, 0] {
    stream.memory @sram size 16777216 holds [I1, I2, O] read_pj 1.5e+02 write_pj 1.7e+02 shared_by [D1, D2] ports [<r_port_1 read 64 to 1024 [I1 tl, I2 tl, O tl, O th]>, <w_port_1 write 64 to 1024 [I1 fh, I2 fh, O fh, O fl]>]
  }
  stream.core @dram offchip type dram array [0] at [0, 1] {
    stream.memory @dram size 34359738368 holds [I1, I2, O] read_pj 4096.0 write_pj 4096.0 shared_by [D1] kind dram ports [<rw_port_1 read_write 64 to 256 [I1 fh, I1 tl, I2 fh, I2 tl, O fh, O tl, O fl, O th]>]
  }
  stream.link @link_0 between @any, @dram bandwidth 256 pj_per_bit 1.0
}
func.func @main(%x: tensor<8x16xf32>, %w: tensor<16x16xf32>) -> tensor<8x16xf32> {
  %e = tensor.empty() : tensor<8x16xf32>
  %zero = arith.constant 0.0 : f32
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<8x16xf32>) -> tensor<8x16xf32>
  %a = linalg.matmul {stream.layer = "a"}
      ins(%x, %w : tensor<8x16xf32>, tensor<16x16xf32>) outs(%f : tensor<8x16xf32>) -> tensor<8x16xf32>
  %b = linalg.matmul {stream.layer = "b", stream.plan = #stream.plan<stack = 4>}
      ins(%a, %w : tensor<8x16xf32>, tensor<16x16xf32>) outs(%f : tensor<8x16xf32>) -> tensor<8x16xf32>
  %c = linalg.matmul {stream.layer = "c", stream.plan = #stream.plan<stack = 4>}
      ins(%b, %w : tensor<8x16xf32>, tensor<16x16xf32>) outs(%f : tensor<8x16xf32>) -> tensor<8x16xf32>
  %d = linalg.matmul {stream.layer = "d"}
      ins(%c, %w : tensor<8x16xf32>, tensor<16x16xf32>) outs(%f : tensor<8x16xf32>) -> tensor<8x16xf32>
  return %d : tensor<8x16xf32>
}
