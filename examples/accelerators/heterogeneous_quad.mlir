stream.accelerator @heterogeneous_quad {
  stream.core @conv_k32_c32_0 compute type conv_k32_c32 array [32, 32] mac_pj 1.2 mac_area 1.0 dataflows [[D1 K 32, D2 C 32]] at [0, 0] {
    stream.memory @weight_registers size 32 holds [I2] read_pj 0.03 write_pj 0.03 ports [<r_port_1 read 32 to 32 [I2 tl]>, <w_port_1 write 32 to 32 [I2 fh]>]
    stream.memory @accumulators size 32 holds [O] read_pj 0.03 write_pj 0.03 shared_by [D2] ports [<r_port_1 read 32 to 32 [O tl, O th]>, <w_port_1 write 32 to 32 [O fh, O fl]>]
    stream.memory @activations size 8388608 holds [I1, O] read_pj 1.5e+02 write_pj 1.7e+02 shared_by [D1, D2] ports [<r_port_1 read 64 to 1024 [I1 tl, O tl, O th]>, <w_port_1 write 64 to 1024 [I1 fh, O fh, O fl]>]
    stream.memory @weights size 8388608 holds [I2] read_pj 1.5e+02 write_pj 1.7e+02 shared_by [D1, D2] ports [<r_port_1 read 64 to 1024 [I2 tl]>, <w_port_1 write 64 to 1024 [I2 fh]>]
  }
  stream.core @conv_k16_ox16_1 compute type conv_k16_ox16 array [16, 16] mac_pj 1.2 mac_area 1.0 dataflows [[D1 K 16, D2 OX 16]] at [1, 0] {
    stream.memory @weight_registers size 32 holds [I2] read_pj 0.03 write_pj 0.03 shared_by [D2] ports [<r_port_1 read 32 to 32 [I2 tl]>, <w_port_1 write 32 to 32 [I2 fh]>]
    stream.memory @accumulators size 32 holds [O] read_pj 0.03 write_pj 0.03 ports [<r_port_1 read 32 to 32 [O tl, O th]>, <w_port_1 write 32 to 32 [O fh, O fl]>]
    stream.memory @activations size 8388608 holds [I1, O] read_pj 1.5e+02 write_pj 1.7e+02 shared_by [D1, D2] ports [<r_port_1 read 64 to 512 [I1 tl, O tl, O th]>, <w_port_1 write 64 to 512 [I1 fh, O fh, O fl]>]
    stream.memory @weights size 8388608 holds [I2] read_pj 1.5e+02 write_pj 1.7e+02 shared_by [D1, D2] ports [<r_port_1 read 64 to 512 [I2 tl]>, <w_port_1 write 64 to 512 [I2 fh]>]
  }
  stream.core @conv_ox64_fx4_fy4_2 compute type conv_ox64_fx4_fy4 array [64, 4, 4] mac_pj 1.2 mac_area 1.0 dataflows [[D1 OX 64, D2 FX 4, D3 FY 4]] at [1, 1] {
    stream.memory @weight_registers size 32 holds [I2] read_pj 0.03 write_pj 0.03 shared_by [D1] ports [<r_port_1 read 32 to 32 [I2 tl]>, <w_port_1 write 32 to 32 [I2 fh]>]
    stream.memory @accumulators size 32 holds [O] read_pj 0.03 write_pj 0.03 shared_by [D2, D3] ports [<r_port_1 read 32 to 32 [O tl, O th]>, <w_port_1 write 32 to 32 [O fh, O fl]>]
    stream.memory @activations size 8388608 holds [I1, O] read_pj 1.5e+02 write_pj 1.7e+02 shared_by [D1, D2, D3] ports [<r_port_1 read 64 to 2048 [I1 tl, O tl, O th]>, <w_port_1 write 64 to 2048 [I1 fh, O fh, O fl]>]
    stream.memory @weights size 8388608 holds [I2] read_pj 1.5e+02 write_pj 1.7e+02 shared_by [D1, D2, D3] ports [<r_port_1 read 64 to 2048 [I2 tl]>, <w_port_1 write 64 to 2048 [I2 fh]>]
  }
  stream.core @depthwise_g64_fx3_fy3_3 compute type depthwise_g64_fx3_fy3 array [64, 3, 3] mac_pj 1.2 mac_area 1.0 at [0, 1] {
    stream.memory @weight_registers size 32 holds [I2] read_pj 0.03 write_pj 0.03 ports [<r_port_1 read 32 to 32 [I2 tl]>, <w_port_1 write 32 to 32 [I2 fh]>]
    stream.memory @accumulators size 32 holds [O] read_pj 0.03 write_pj 0.03 shared_by [D2, D3] ports [<r_port_1 read 32 to 32 [O tl, O th]>, <w_port_1 write 32 to 32 [O fh, O fl]>]
    stream.memory @activations size 8388608 holds [I1, O] read_pj 1.5e+02 write_pj 1.7e+02 shared_by [D1, D2, D3] ports [<r_port_1 read 64 to 1024 [I1 tl, O tl, O th]>, <w_port_1 write 64 to 1024 [I1 fh, O fh, O fl]>]
    stream.memory @weights size 4194304 holds [I2] read_pj 1.5e+02 write_pj 1.7e+02 shared_by [D1, D2, D3] ports [<r_port_1 read 64 to 1024 [I2 tl]>, <w_port_1 write 64 to 1024 [I2 fh]>]
  }
  stream.core @pooling_4 compute type pooling array [3, 3, 8] mac_pj 0.4 mac_area 1.0 operators [MaxPool, AveragePool, GlobalAveragePool, GlobalMaxPool] at [2, 0] {
    stream.memory @sram size 8388608 holds [I1, I2, O] read_pj 1.5e+02 write_pj 1.7e+02 shared_by [D1, D2, D3] ports [<r_port_1 read 64 to 512 [I1 tl, I2 tl, O tl, O th]>, <w_port_1 write 64 to 512 [I1 fh, I2 fh, O fh, O fl]>]
  }
  stream.core @simd_5 compute type simd array [64] mac_pj 0.8 mac_area 1.0 operators [Add, Sub, Mul, Div, Pow, Mod, Min, Max, Sum, Mean, Neg, Abs, Sign, Sqrt, Reciprocal, Exp, Log, Ceil, Floor, Round, Erf, Sin, Cos, Tan, Asin, Acos, Atan, Sinh, Cosh, Asinh, Acosh, Atanh, Relu, LeakyRelu, PRelu, ThresholdedRelu, Elu, Selu, Celu, Sigmoid, HardSigmoid, HardSwish, Swish, Silu, Gelu, Mish, Tanh, Softplus, Softsign, Clip, Cast, Identity, Not, And, Or, Xor, Equal, Greater, GreaterOrEqual, Less, LessOrEqual, Where, IsNaN, IsInf, BitShift, BitwiseAnd, BitwiseOr, BitwiseXor, BitwiseNot, QuantizeLinear, DequantizeLinear, DynamicQuantizeLinear, Softmax, LogSoftmax, Hardmax, LayerNormalization, RMSNormalization, GroupNormalization, InstanceNormalization, BatchNormalization, LpNormalization, LRN, MeanVarianceNormalization, ReduceMax, ReduceMin, ReduceSum, ReduceMean, ReduceProd, ReduceL1, ReduceL2, ReduceLogSum, ReduceLogSumExp, ReduceSumSquare, ArgMax, ArgMin, CumSum, Gather, GatherElements, GatherND, Resize, Upsample, Einsum, Generic] at [2, 1] {
    stream.memory @sram size 8388608 holds [I1, I2, O] read_pj 1.5e+02 write_pj 1.7e+02 shared_by [D1] ports [<r_port_1 read 64 to 2048 [I1 tl, I2 tl, O tl, O th]>, <w_port_1 write 64 to 2048 [I1 fh, I2 fh, O fh, O fl]>]
  }
  stream.core @dram_6 offchip type dram array [0] at [1, 2] {
    stream.memory @dram size 34359738368 holds [I1, I2, O] read_pj 4096.0 write_pj 4096.0 shared_by [D1] kind dram ports [<rw_port_1 read_write 64 to 256 [I1 fh, I1 tl, I2 fh, I2 tl, O fh, O tl, O fl, O th]>]
  }
  stream.link @link_0 between @conv_k32_c32_0, @conv_k16_ox16_1 bandwidth 128 pj_per_bit 0.6
  stream.link @link_1 between @conv_k16_ox16_1, @conv_ox64_fx4_fy4_2 bandwidth 128 pj_per_bit 0.6
  stream.link @link_2 between @conv_ox64_fx4_fy4_2, @depthwise_g64_fx3_fy3_3 bandwidth 128 pj_per_bit 0.6
  stream.link @link_3 between @depthwise_g64_fx3_fy3_3, @conv_k32_c32_0 bandwidth 128 pj_per_bit 0.6
  stream.link @link_4 between @conv_k16_ox16_1, @pooling_4 bandwidth 128 pj_per_bit 0.6
  stream.link @link_5 between @conv_ox64_fx4_fy4_2, @simd_5 bandwidth 128 pj_per_bit 0.6
  stream.link @link_6 between @pooling_4, @simd_5 bandwidth 128 pj_per_bit 0.6
  stream.bus @bus_7 of [@conv_k32_c32_0, @conv_k16_ox16_1, @conv_ox64_fx4_fy4_2, @depthwise_g64_fx3_fy3_3, @pooling_4, @simd_5, @dram_6] bandwidth 256 pj_per_bit 1.0
}
