"""Writes the networks of the reference's runs as linalg on 8-bit tensors, with the tiles of each layer as its plan.

usage: networks.py depfin|diana|aimc > network.mlir

A layer is (producers, output channels, input channels, rows, columns, window, stride, padding, tiles of channels, rows and
columns). No input channels: a pooling; two producers: a sum. Producer -1 is the input.
"""

import sys

FSRCNN = [
    ((-1,), 56, 1, 540, 960, 5, 1, 2, (1, 540, 1)),
    ((0,), 12, 56, 540, 960, 1, 1, 0, (1, 540, 1)),
    *[((i,), 12, 12, 540, 960, 3, 1, 1, (1, 540, 1)) for i in range(1, 5)],
    ((5,), 56, 12, 540, 960, 1, 1, 0, (1, 540, 1)),
    ((6,), 16, 56, 540, 960, 3, 1, 1, (1, 540, 1)),
]
ROWS = (1, 56, 1)
RESNET18 = [
    ((-1,), 64, 3, 112, 112, 7, 2, 3, (4, 112, 8)),
    ((0,), 64, 0, 56, 56, 2, 2, 0, (1, 56, 4)),
    ((1,), 64, 64, 56, 56, 3, 1, 1, ROWS),
    ((1,), 64, 64, 56, 56, 1, 1, 0, ROWS),
    ((2,), 64, 64, 56, 56, 3, 1, 1, ROWS),
    ((3, 4), 64, 0, 56, 56, 1, 1, 0, ROWS),
    ((5,), 64, 64, 56, 56, 3, 1, 1, ROWS),
    ((6,), 64, 64, 56, 56, 3, 1, 1, ROWS),
    ((5, 7), 64, 0, 56, 56, 1, 1, 0, ROWS),
]
PAIRS = (1, 56, 28)
RESNET50 = [
    ((-1,), 64, 256, 56, 56, 1, 1, 0, PAIRS),
    ((0,), 64, 64, 56, 56, 3, 1, 1, PAIRS),
    ((1,), 256, 64, 56, 56, 1, 1, 0, PAIRS),
    ((2,), 64, 256, 56, 56, 1, 1, 0, PAIRS),
    ((3,), 64, 64, 56, 56, 3, 1, 1, PAIRS),
]
NETWORKS = {"depfin": FSRCNN, "diana": RESNET18, "aimc": RESNET50}


def tensor(*shape):
    return "tensor<" + "".join(f"{d}x" for d in shape) + "i8>"


def value(layer):
    return "%x" if layer < 0 else f"%y{layer}"


def padded(i, name, channels, rows, columns, pad):
    """The value that layer i reads, and its type."""
    before = tensor(1, channels, rows, columns)
    if pad == 0:
        return name, before
    after = tensor(1, channels, rows + 2 * pad, columns + 2 * pad)
    print(f"  %p{i} = tensor.pad {name} low[0, 0, {pad}, {pad}] high[0, 0, {pad}, {pad}] {{")
    print("  ^bb0(%b: index, %c: index, %h: index, %w: index):\n    tensor.yield %zero : i8")
    print(f"  }} : {before} to {after}")
    return f"%p{i}", after


def layer(i, l):
    producers, k, c, rows, columns, window, stride, pad, tiles = l
    out = tensor(1, k, rows, columns)
    plan = f"#stream.plan<tile = [1, {k // tiles[0]}, {rows // tiles[1]}, {columns // tiles[2]}]>"
    attrs = f'stream.layer = "layer{i}", stream.plan = {plan}'
    print(f"  %e{i} = tensor.empty() : {out}")
    if len(producers) == 2:
        a, b = (value(p) for p in producers)
        print(f"  %y{i} = linalg.add {{{attrs}}} ins({a}, {b} : {out}, {out}) outs(%e{i} : {out}) -> {out}")
        return
    size = [(d - 1) * stride + window - 2 * pad for d in (rows, columns)]
    x, x_type = padded(i, value(producers[0]), c or k, *size, pad)
    print(f"  %f{i} = linalg.fill ins(%zero : i8) outs(%e{i} : {out}) -> {out}")
    op = "conv_2d_nchw_fchw" if c else "pooling_nchw_max"
    strides = f"strides = dense<{stride}> : tensor<2xi64>, dilations = dense<1> : tensor<2xi64>"
    w = f"%w{i}" if c else f"%v{i}"
    w_type = tensor(k, c, window, window) if c else tensor(window, window)
    if not c:
        print(f"  %v{i} = tensor.empty() : {w_type}")
    print(f"  %y{i} = linalg.{op} {{{strides}, {attrs}}}")
    print(f"      ins({x}, {w} : {x_type}, {w_type}) outs(%f{i} : {out}) -> {out}")


def main():
    layers = NETWORKS[sys.argv[1]]
    _, _, c, rows, columns, window, stride, pad, _ = layers[0]
    size = [(d - 1) * stride + window - 2 * pad for d in (rows, columns)]
    arguments = [f"%x: {tensor(1, c, *size)}"]
    for i, l in enumerate(layers):
        if l[2]:
            arguments.append(f"%w{i}: {tensor(l[1], l[2], l[5], l[5])}")
    out = tensor(1, layers[-1][1], *layers[-1][3:5])
    print(f"func.func @main({', '.join(arguments)}) -> {out} {{\n  %zero = arith.constant 0 : i8")
    for i, l in enumerate(layers):
        layer(i, l)
    print(f"  return %y{len(layers) - 1} : {out}\n}}")


main()
