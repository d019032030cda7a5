"test.op"() {a = #stream.cost<core = @c0, cycles = 12, energy_fj = 3>, b = #stream.plan<stack = 0, tile = [0, 4], split = [1, 2], cores = [@c0]>, c = #stream.port<r read 8 to 8 [I1 tl]>} : () -> ()
