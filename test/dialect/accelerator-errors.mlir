// One refusal per rule of the accelerator's ops.
// RUN: stream-opt %s --split-input-file --verify-diagnostics

// expected-error @below {{'stream.accelerator' op has no off-chip core: one 'stream.core @dram offchip' must hold inputs and outputs}}
stream.accelerator @a {
  stream.core @c0 compute array [8] {}
}

// -----
stream.accelerator @a {
  stream.core @d0 offchip {}
  // expected-error @below {{'stream.core' op is a second off-chip core; an accelerator has one}}
  stream.core @d1 offchip {}
}

// -----
// expected-error @below {{'stream.accelerator' op holds cores, links, buses and shares, not 'arith.constant'}}
stream.accelerator @a {
  stream.core @d0 offchip {}
  %c = arith.constant 1 : i32
}

// -----
stream.accelerator @a {
  // expected-note @below {{see existing symbol definition here}}
  stream.core @c0 offchip {}
  // expected-error @below {{redefinition of symbol named 'c0'}}
  stream.core @c0 compute array [8] {}
}

// -----
// expected-error @below {{'stream.core' op expects parent op 'stream.accelerator'}}
stream.core @c0 compute array [8] {}

// -----
stream.accelerator @a {
  // expected-error @below {{'stream.core' op is 'compute', 'memory', 'shim' or 'offchip', not 'gpu'}}
  stream.core @c0 gpu {}
}

// -----
stream.accelerator @a {
  // expected-error @below {{'stream.core' op is a compute core and needs an array, such as 'array [32, 32]'}}
  stream.core @c0 compute {}
}

// -----
stream.accelerator @a {
  // expected-error @below {{'stream.core' op array dimension D2 is 0, must be at least 1}}
  stream.core @c0 compute array [8, 0] {}
}

// -----
stream.accelerator @a {
  // expected-error @below {{'stream.core' op array has 10 dimensions, at most 9 are supported}}
  stream.core @c0 compute array [1, 1, 1, 1, 1, 1, 1, 1, 1, 1] {}
}

// -----
stream.accelerator @a {
  // expected-error @below {{'stream.core' op 'D3' is no dimension of the array, which has 2: D1 to D2}}
  stream.core @c0 compute array [8, 8] systolic [D3] {}
}

// -----
stream.accelerator @a {
  // expected-error @below {{'stream.core' op lists dimension 'D1' twice}}
  stream.core @c0 compute array [8, 8] systolic [D1, D1] {}
}

// -----
stream.accelerator @a {
  // expected-error @below {{'stream.core' op mac_pj is -1, must be finite and not negative}}
  stream.core @c0 compute array [8] mac_pj -1.0 {}
}

// -----
stream.accelerator @a {
  // expected-error @below {{'stream.core' op static_pj is -2, must be finite and not negative}}
  stream.core @c0 compute array [8] static_pj -2.0 {}
}

// -----
stream.accelerator @a {
  // expected-error @below {{'stream.core' op mac_area is inf, must be finite and not negative}}
  "stream.core"() <{sym_name = "c0", kind = "compute", array = array<i64: 8>, mac_area = 0x7FF0000000000000 : f64}> ({
    ^bb0:
  }) : () -> ()
}

// -----
stream.accelerator @a {
  // expected-error @below {{'stream.core' op lists operator 'Conv' twice}}
  stream.core @c0 compute array [8] operators [Conv, Gemm, Conv] {}
}

// -----
stream.accelerator @a {
  // expected-error @below {{'stream.core' op 'D2' is no dimension of the array, which has 1: D1 to D1}}
  stream.core @c0 compute array [8] dataflows [[D1 K 8], [D2 C 8]] {}
}

// -----
stream.accelerator @a {
  // expected-error @below {{'stream.core' op unrolls loop 'K' by 0, must be at least 1}}
  stream.core @c0 compute array [8] dataflows [[D1 K 0]] {}
}

// -----
stream.accelerator @a {
  // expected-error @below {{'stream.core' op a dataflow is an array of {dim = "D1", loop = "K", unroll = 32 : i64}}}
  "stream.core"() <{sym_name = "c0", kind = "compute", array = array<i64: 8>, dataflows = [["D1"]]}> ({
    ^bb0:
  }) : () -> ()
}

// -----
stream.accelerator @a {
  // expected-error @below {{'stream.core' op utilization is 1.5, must be in (0, 1]}}
  stream.core @c0 compute array [8] utilization 1.5 {}
}

// -----
stream.accelerator @a {
  // expected-error @below {{'stream.core' op coordinates are a column and a row, such as 'at [0, 1]'}}
  stream.core @c0 compute array [8] at [1] {}
}

// -----
stream.accelerator @a {
  stream.core @c0 compute array [8] {
    // expected-error @below {{'stream.memory' op size_bits is 0, must be at least 1}}
    stream.memory @m size 0 holds [O] ports []
  }
}

// -----
stream.accelerator @a {
  stream.core @c0 compute array [8] {
    // expected-error @below {{'stream.memory' op holds no operand class: 'holds [I1, I2, O]' or some of them}}
    stream.memory @m size 64 holds [] ports []
  }
}

// -----
stream.accelerator @a {
  stream.core @c0 compute array [8] {
    // expected-error @below {{'stream.memory' op holds 'I1', 'I2' and 'O', not 'W'}}
    stream.memory @m size 64 holds [W] ports []
  }
}

// -----
stream.accelerator @a {
  stream.core @c0 compute array [8] {
    // expected-error @below {{'stream.memory' op lists operand class 'O' twice}}
    stream.memory @m size 64 holds [O, O] ports []
  }
}

// -----
stream.accelerator @a {
  stream.core @c0 compute array [8] {
    // expected-error @below {{'stream.memory' op read_pj is -0.5, must be finite and not negative}}
    stream.memory @m size 64 holds [O] read_pj -0.5 ports []
  }
}

// -----
stream.accelerator @a {
  stream.core @c0 compute array [8] {
    // expected-error @below {{'stream.memory' op write_pj is -2, must be finite and not negative}}
    stream.memory @m size 64 holds [O] write_pj -2 ports []
  }
}

// -----
stream.accelerator @a {
  stream.core @c0 compute array [8] {
    // expected-error @below {{'stream.memory' op latency_cycles is -1, must be at least 0}}
    stream.memory @m size 64 holds [O] latency -1 ports []
  }
}

// -----
stream.accelerator @a {
  stream.core @c0 compute array [8] {
    // expected-error @below {{'stream.memory' op 'D2' is no dimension of the array, which has 1: D1 to D1}}
    stream.memory @m size 64 holds [O] shared_by [D2] ports []
  }
}

// -----
stream.accelerator @a {
  stream.core @c0 compute array [8] {
    // expected-error @below {{'stream.memory' op has two ports named 'p'}}
    stream.memory @m size 64 holds [O] ports [<p read 8 to 8 []>, <p write 8 to 8 []>]
  }
}

// -----
stream.accelerator @a {
  stream.core @c0 offchip {}
  // expected-error @below {{'stream.link' op joins core @c0 to itself}}
  stream.link @l between @c0, @c0 bandwidth 8
}

// -----
stream.accelerator @a {
  stream.core @c0 offchip {}
  // expected-error @below {{'stream.link' op bandwidth_bits is 0, must be at least 1}}
  stream.link @l between @c0, @c1 bandwidth 0
}

// -----
stream.accelerator @a {
  stream.core @c0 offchip {}
  // expected-error @below {{'stream.link' op pj_per_bit is -1, must be finite and not negative}}
  stream.link @l between @c0, @c1 bandwidth 8 pj_per_bit -1.0
}

// -----
stream.accelerator @a {
  stream.core @c0 offchip {}
  // expected-error @below {{'stream.link' op latency_cycles is -3, must be at least 0}}
  stream.link @l between @c0, @c1 bandwidth 8 latency -3
}

// -----
stream.accelerator @a {
  stream.core @c0 offchip {}
  // expected-error @below {{'stream.link' op refers to @c1, which is no core of the accelerator}}
  stream.link @l between @c0, @c1 bandwidth 8
}

// -----
stream.accelerator @a {
  stream.core @c0 offchip {}
  // expected-error @below {{'stream.link' op refers to @l, which is no core of the accelerator}}
  stream.link @l between @c0, @l bandwidth 8
}

// -----
stream.accelerator @a {
  stream.core @c0 offchip {}
  // expected-error @below {{'stream.bus' op needs at least 2 cores, got 1}}
  stream.bus @b of [@c0] bandwidth 8
}

// -----
stream.accelerator @a {
  stream.core @c0 offchip {}
  // expected-error @below {{'stream.bus' op lists core 'c0' twice}}
  stream.bus @b of [@c0, @c1, @c0] bandwidth 8
}

// -----
stream.accelerator @a {
  stream.core @c0 offchip {}
  // expected-error @below {{'stream.bus' op bandwidth_bits is -8, must be at least 1}}
  stream.bus @b of [@c0, @c1] bandwidth -8
}

// -----
stream.accelerator @a {
  stream.core @c0 offchip {}
  // expected-error @below {{'stream.bus' op refers to @c1, which is no core of the accelerator}}
  stream.bus @b of [@c0, @c1] bandwidth 8
}

// -----
stream.accelerator @a {
  stream.core @c0 offchip {}
  stream.core @c1 compute array [1] {}
  // expected-error @below {{'stream.share' op has operands of 1 cores, but 2 cores}}
  stream.share [@c0, @c1] operands ["I1"]
}

// -----
stream.accelerator @a {
  stream.core @c0 offchip {}
  stream.core @c1 compute array [1] {}
  // expected-error @below {{'stream.share' op operands "I1,O" must be words of I1, I2 and O}}
  stream.share [@c0, @c1] operands ["I1,O", "O"]
}

// -----
stream.accelerator @a {
  stream.core @c0 offchip {}
  // expected-error @below {{'stream.share' op needs at least 2 cores, got 0}}
  stream.share []
}

// -----
stream.accelerator @a {
  stream.core @c0 offchip {}
  // expected-error @below {{'stream.share' op refers to @c1, which is no core of the accelerator}}
  stream.share [@c0, @c1]
}
