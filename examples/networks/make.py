#!/usr/bin/env python3
"""Writes the ONNX files of this directory: python3 make.py (needs the PyPI package onnx).

Weights are absent: each is declared as a graph input without initializer, so the files stay small
and an importer turns them into function arguments. Batch normalisation is folded into convolution
and bias, as exporters do for inference.
"""
import os

import onnx
from onnx import TensorProto, helper

HERE = os.path.dirname(os.path.abspath(__file__))


class Net:
    """A graph under construction; `shape` knows the shape of every value."""

    def __init__(self, name, opset=13):
        self.name, self.opset = name, opset
        self.inputs, self.nodes, self.constants, self.shape = [], [], [], {}

    def input(self, name, dims):
        self.inputs.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, dims))
        self.shape[name] = list(dims)
        return name

    def node(self, op, name, inputs, shape, **attributes):
        out = name + ".out"
        self.nodes.append(helper.make_node(op, inputs, [out], name=name, **attributes))
        self.shape[out] = list(shape)
        return out

    def scalar(self, name, value):
        if not any(c.name == name for c in self.constants):
            self.constants.append(helper.make_tensor(name, TensorProto.FLOAT, [], [value]))
        return name

    def conv(self, name, x, channels, kernel, stride=1, pad=0, group=1, bias=True):
        n, c, h, w = self.shape[x]
        inputs = [x, self.input(name + ".weight", [channels, c // group, kernel, kernel])]
        if bias:
            inputs.append(self.input(name + ".bias", [channels]))
        pads = [pad] * 4 if isinstance(pad, int) else pad
        out = [(d + pads[i] + pads[i + 2] - kernel) // stride + 1 for i, d in enumerate((h, w))]
        return self.node("Conv", name, inputs, [n, channels] + out, kernel_shape=[kernel] * 2,
                         strides=[stride] * 2, pads=pads, dilations=[1, 1], group=group)

    def same(self, op, name, *inputs):
        return self.node(op, name, list(inputs), self.shape[inputs[0]])

    def classifier(self, x, name, classes):
        n, c = self.shape[x][:2]
        x = self.node("GlobalAveragePool", "avgpool", [x], [n, c, 1, 1])
        x = self.node("Flatten", "flatten", [x], [n, c], axis=1)
        inputs = [x, self.input(name + ".weight", [classes, c]), self.input(name + ".bias", [classes])]
        return self.node("Gemm", name, inputs, [n, classes], transB=1)

    def save(self, out):
        result = helper.make_tensor_value_info(out, TensorProto.FLOAT, self.shape[out])
        graph = helper.make_graph(self.nodes, self.name, self.inputs, [result], self.constants)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", self.opset)],
                                  ir_version=8, producer_name="stream examples")
        onnx.checker.check_model(model, full_check=True)
        path = os.path.join(HERE, self.name + ".onnx")
        with open(path, "wb") as f:
            f.write(model.SerializeToString(deterministic=True))


def two_conv():
    net = Net("two_conv")
    x = net.input("input", [1, 8, 32, 32])
    x = net.conv("conv1", x, 16, 3, pad=1, bias=False)
    net.save(net.conv("conv2", x, 32, 3, pad=1, bias=False))


def swiglu(tokens=16, width=32, hidden=64):
    net = Net("swiglu")
    x = net.input("input", [tokens, width])
    dense = lambda name, v, n: net.node(
        "MatMul", name, [v, net.input(name + ".weight", [net.shape[v][1], n])], [tokens, n])
    gate = dense("gate", x, hidden)
    up = dense("up", x, hidden)
    silu = net.same("Mul", "silu", gate, net.same("Sigmoid", "sigmoid", gate))
    net.save(dense("down", net.same("Mul", "gated", silu, up), width))


def resnet18():
    """He et al., Deep Residual Learning for Image Recognition, table 1, 18-layer."""
    net = Net("resnet18")
    x = net.input("input", [1, 3, 224, 224])
    x = net.same("Relu", "relu1", net.conv("conv1", x, 64, 7, stride=2, pad=3))
    x = net.node("MaxPool", "maxpool", [x], [1, 64, 56, 56], kernel_shape=[3, 3], strides=[2, 2],
                 pads=[1, 1, 1, 1])
    for stage, channels in enumerate((64, 128, 256, 512), 1):
        for block in range(2):
            name = f"layer{stage}.{block}."
            stride = 2 if stage > 1 and block == 0 else 1
            y = net.conv(name + "conv1", x, channels, 3, stride=stride, pad=1)
            y = net.conv(name + "conv2", net.same("Relu", name + "relu1", y), channels, 3, pad=1)
            if stride != 1:
                x = net.conv(name + "downsample", x, channels, 1, stride=stride)
            x = net.same("Relu", name + "relu2", net.same("Add", name + "add", y, x))
    net.save(net.classifier(x, "fc", 1000))


def mobilenetv2():
    """Sandler et al., MobileNetV2, table 2, width multiplier 1."""
    net = Net("mobilenetv2")
    low, high = net.scalar("relu6.min", 0.0), net.scalar("relu6.max", 6.0)
    clip = lambda name, v: net.same("Clip", name, v, low, high)
    x = net.input("input", [1, 3, 224, 224])
    x = clip("stem.relu6", net.conv("stem.conv", x, 32, 3, stride=2, pad=1))
    index = 0
    for t, c, n, s in ((1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1),
                       (6, 160, 3, 2), (6, 320, 1, 1)):
        for i in range(n):
            name, stride, skip = f"block{index}.", s if i == 0 else 1, x
            wide = net.shape[x][1] * t
            if t != 1:
                x = clip(name + "expand.relu6", net.conv(name + "expand", x, wide, 1))
            x = net.conv(name + "depthwise", x, wide, 3, stride=stride, pad=1, group=wide)
            x = net.conv(name + "project", clip(name + "depthwise.relu6", x), c, 1)
            if stride == 1 and net.shape[skip] == net.shape[x]:
                x = net.same("Add", name + "add", x, skip)
            index += 1
    x = clip("head.relu6", net.conv("head.conv", x, 1280, 1))
    net.save(net.classifier(x, "classifier", 1000))


def fsrcnn():
    """Dong et al., Accelerating the Super-Resolution CNN, d = 56, s = 12, m = 4, on 540 x 960 pixels;
    the deconvolution as a convolution of 16 channels. Layers of COALA's validation on DepFiN."""
    net = Net("fsrcnn")
    x = net.input("input", [1, 1, 540, 960])
    for i, (channels, kernel) in enumerate(((56, 5), (12, 1), (12, 3), (12, 3), (12, 3), (12, 3),
                                            (56, 1), (16, 3))):
        x = net.conv(f"conv{i}", x, channels, kernel, pad=kernel // 2, bias=False)
    net.save(x)


def resnet18_segment():
    """The first segment of ResNet-18, as in COALA's validation on DIANA: a pooling window of 2 x 2
    and a 1 x 1 convolution on the first shortcut."""
    net = Net("resnet18_segment")
    conv = lambda name, x, kernel, pad: net.conv(name, x, 64, kernel, pad=pad, bias=False)
    x = net.conv("conv0", net.input("input", [1, 3, 224, 224]), 64, 7, stride=2, pad=[3, 3, 2, 2],
                 bias=False)
    x = net.node("MaxPool", "pool1", [x], [1, 64, 56, 56], kernel_shape=[2, 2], strides=[2, 2])
    y = conv("conv2", x, 3, 1)
    shortcut = conv("conv3", x, 1, 0)
    x = net.same("Add", "add5", shortcut, conv("conv4", y, 3, 1))
    net.save(net.same("Add", "add8", x, conv("conv7", conv("conv6", x, 3, 1), 3, 1)))


def resnet50_segment():
    """Five convolutions of ResNet-50 on 56 x 56 pixels, as in COALA's validation on a 4x4 AiMC array."""
    net = Net("resnet50_segment")
    x = net.input("input", [1, 256, 56, 56])
    for i, (channels, kernel) in enumerate(((64, 1), (64, 3), (256, 1), (64, 1), (64, 3))):
        x = net.conv(f"conv{i}", x, channels, kernel, pad=kernel // 2, bias=False)
    net.save(x)


def alexnet_convolutions():
    """Krizhevsky et al., ImageNet Classification with Deep Convolutional Networks: the five
    convolutions with their groups, batch of 4, as measured on Eyeriss (JSSC 2017)."""
    net = Net("alexnet_convolutions")
    conv = net.conv
    pool = lambda name, x: net.node("MaxPool", name, [x], net.shape[x][:2] + [
        (d - 3) // 2 + 1 for d in net.shape[x][2:]], kernel_shape=[3, 3], strides=[2, 2])
    x = pool("pool1", conv("conv1", net.input("input", [4, 3, 227, 227]), 96, 11, stride=4))
    x = pool("pool2", conv("conv2", x, 256, 5, pad=2, group=2))
    x = conv("conv3", x, 384, 3, pad=1)
    net.save(conv("conv5", conv("conv4", x, 384, 3, pad=1, group=2), 256, 3, pad=1, group=2))


if __name__ == "__main__":
    two_conv()
    fsrcnn()
    resnet18_segment()
    resnet50_segment()
    alexnet_convolutions()
    swiglu()
    resnet18()
    mobilenetv2()
