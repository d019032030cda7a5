stream.accelerator @single_core {
  stream.core @any_32x32_0 compute type any_32x32 array [32, 32] mac_pj 1.2 mac_area 1.0 at [0, 0] {
    stream.memory @weight_registers size 32 holds [I2] read_pj 0.03 write_pj 0.03 ports [<r_port_1 read 32 to 32 [I2 tl]>, <w_port_1 write 32 to 32 [I2 fh]>]
    stream.memory @accumulators size 32 holds [O] read_pj 0.03 write_pj 0.03 shared_by [D2] ports [<r_port_1 read 32 to 32 [O tl, O th]>, <w_port_1 write 32 to 32 [O fh, O fl]>]
    stream.memory @activations size 16777216 holds [I1, O] read_pj 1.5e+02 write_pj 1.7e+02 shared_by [D1, D2] ports [<r_port_1 read 64 to 1024 [I1 tl, O tl, O th]>, <w_port_1 write 64 to 1024 [I1 fh, O fh, O fl]>]
    stream.memory @weights size 16777216 holds [I2] read_pj 1.5e+02 write_pj 1.7e+02 shared_by [D1, D2] ports [<r_port_1 read 64 to 1024 [I2 tl]>, <w_port_1 write 64 to 1024 [I2 fh]>]
  }
  stream.core @dram_1 offchip type dram array [0] at [0, 1] {
    stream.memory @dram size 34359738368 holds [I1, I2, O] read_pj 4096.0 write_pj 4096.0 shared_by [D1] kind dram ports [<rw_port_1 read_write 64 to 256 [I1 fh, I1 tl, I2 fh, I2 tl, O fh, O tl, O fl, O th]>]
  }
  stream.link @link_0 between @any_32x32_0, @dram_1 bandwidth 256 pj_per_bit 1.0
}
