#!/usr/bin/env python3
"""many_operands.py N: a layer into which N element-wise sums are fused, each with an input of its own."""
import sys

n = int(sys.argv[1])
inputs = ", ".join(f"%x{i}: tensor<4x8xf32>" for i in range(n + 1))
print("#id = affine_map<(i, j) -> (i, j)>")
print(f"func.func @main({inputs}) -> tensor<4x8xf32> {{\n  %empty = tensor.empty() : tensor<4x8xf32>")
last = "%x0"
for i in range(1, n + 1):
    print(f"  %s{i} = linalg.generic {{indexing_maps = [#id, #id, #id], iterator_types = [\"parallel\", \"parallel\"]}}"
          f" ins({last}, %x{i} : tensor<4x8xf32>, tensor<4x8xf32>) outs(%empty : tensor<4x8xf32>) {{\n"
          "  ^bb0(%a: f32, %b: f32, %o: f32):\n    %r = arith.addf %a, %b : f32\n    linalg.yield %r : f32\n"
          "  } -> tensor<4x8xf32>")
    last = f"%s{i}"
print(f"  return {last} : tensor<4x8xf32>\n}}")
