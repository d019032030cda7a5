#!/usr/bin/env python3
"""Compares imported ONNX models with onnx.reference.ReferenceEvaluator on random inputs.

    onnx_reference.py --translate "build/bin/stream-translate --import-onnx" [--random N] [--seed S]
                      [--light] [model.onnx ...]

The emitted MLIR is bufferized and compiled with stock MLIR 22 tools, loaded, and called. A helper
for people and for CI that has the PyPI packages `onnx` and `numpy`; nothing else needs it.
--light: the networks of onnx/backend/test/data/light. --random: generated single-operator models.
"""
import argparse
import glob
import os
import re
import sys
import tempfile

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator

from onnx.reference.op_run import OpRun

import onnx_cases
from onnx_execute import PIPELINE, compiled, run


class LRN(OpRun):
    """As the standard says; onnx 1.23's own handles only the first N of the C channels."""

    def _run(self, x, alpha=None, beta=None, bias=None, size=None):
        total = np.zeros_like(x)
        for c in range(x.shape[1]):
            first, last = max(0, c - (size - 1) // 2), min(x.shape[1] - 1, c + size // 2)
            total[:, c] = (x[:, first:last + 1] ** 2).sum(axis=1)
        return ((x / (bias + alpha / size * total) ** beta).astype(x.dtype),)


class BatchNormalization(OpRun):
    """Inference; onnx 1.23's own mixes in batch statistics below opset 14."""

    def _run(self, x, scale, bias, mean, var, epsilon=None, momentum=None, training_mode=None):
        s, b, m, v = (p.astype(np.float64).reshape([-1] + [1] * (x.ndim - 2))
                      for p in (scale, bias, mean, var))
        return ((s * (x - m) / np.sqrt(v + epsilon) + b).astype(x.dtype),)


class Softmax(OpRun):
    """Below opset 13: over all dims from `axis` on; onnx 1.23's own takes the last one alone."""

    def _run(self, x, axis=None):
        given = [a.i for a in self.onnx_node.attribute if a.name == "axis"]
        axis = given[0] if given else 1
        rows = x.reshape([int(np.prod(x.shape[:axis % x.ndim], dtype=int)), -1])
        e = np.exp(rows - rows.max(axis=1, keepdims=True))
        return ((e / e.sum(axis=1, keepdims=True)).reshape(x.shape).astype(x.dtype),)


def reference(model):
    opset = next(o.version for o in model.opset_import if o.domain in ("", "ai.onnx"))
    flat = [Softmax] if opset < 13 else []
    return ReferenceEvaluator(model, new_ops=[LRN, BatchNormalization] + flat)


def dtype_of(elem):
    return helper.tensor_dtype_to_np_dtype(elem)


def random_array(rng, shape, elem):
    dtype = np.dtype(dtype_of(elem))
    if elem == TensorProto.BOOL:
        return rng.integers(0, 2, shape).astype(bool)
    if np.issubdtype(dtype, np.integer):
        low, high = (0, 100) if dtype.kind == "u" else (-50, 50)
        if dtype.itemsize == 1:
            low, high = np.iinfo(dtype).min, np.iinfo(dtype).max + 1
        return rng.integers(low, high, shape).astype(dtype)
    return rng.standard_normal(shape).astype(dtype)


def feeds_of(model, rng, given):
    constant = {i.name for i in model.graph.initializer}
    feeds = {}
    for v in model.graph.input:
        if v.name in constant:
            continue
        shape = [d.dim_value for d in v.type.tensor_type.shape.dim]
        feeds[v.name] = given.get(v.name) if v.name in given else random_array(
            rng, shape, v.type.tensor_type.elem_type)
    return feeds


def tolerance(dtype):
    return {"float32": 2e-4, "float64": 1e-6, "float16": 4e-3, "bfloat16": 2e-2}.get(str(dtype), 0)


def differences(got, want, slack):
    """The largest error relative to the scale of the result; integers may be off by `slack`."""
    if want.dtype.kind in "iub" and str(want.dtype) != "bfloat16":
        return float(np.max(np.abs(got.astype(np.int64) - want.astype(np.int64)), initial=0)) > slack
    got, want = got.astype(np.float64), want.astype(np.float64)
    if not np.array_equal(np.isfinite(got), np.isfinite(want)):
        return True
    finite = np.isfinite(want)
    scale = max(np.abs(want[finite]).max(initial=0), 1e-6)
    return bool((np.abs(got - want)[finite] > slack * scale).any())


def compare(model, args, rng, given=None, expected=None):
    with tempfile.TemporaryDirectory() as work:
        path = os.path.join(work, "model.onnx")
        onnx.save(model, path)
        lower = [os.path.join(args.mlir_bin, "mlir-opt")] + PIPELINE
        program = compiled(run(args.translate.split() + [path]), lower, args.mlir_bin, work)
        feeds = feeds_of(model, rng, given or {})
        want = expected(feeds) if expected else reference(model).run(None, feeds)
        want = [np.asarray(w) for w in want]
        if program.shapes != [w.shape for w in want]:
            raise AssertionError(f"shapes {program.shapes}, want {[w.shape for w in want]}")
        got = program(feeds, want)
    for name, g, w in zip(program.outputs, got, want):
        quantised = any(n.op_type.startswith("QLinear") for n in model.graph.node)
        slack = tolerance(w.dtype) or int(quantised)
        if differences(g, w, slack):
            worst = np.abs(g.astype(np.float64) - w.astype(np.float64)).max()
            raise AssertionError(f"{name}: {g.shape} differs by {worst}")


def stored(path):
    """A light network with the output that is stored beside it, for the input 0, 1/n, 2/n, ..."""
    model = onnx.load(path)
    constant = {i.name for i in model.graph.initializer}
    value, = [v for v in model.graph.input if v.name not in constant]
    shape = [d.dim_value for d in value.type.tensor_type.shape.dim]
    n = int(np.prod(shape))
    x = (np.arange(n).reshape(shape) / n).astype(np.float32)
    want = onnx.TensorProto()
    with open(path[:-len(".onnx")] + "_output_0.pb", "rb") as f:
        want.ParseFromString(f.read())
    return model, {value.name: x}, lambda feeds: [numpy_helper.to_array(want)]


def randomised(path, rng):
    """The network with random weights instead of constant ones: large ones as inputs."""
    model = onnx.load(path)
    shapes = {i.name: numpy_helper.to_array(i) for i in model.graph.initializer}
    keep, given = [], {}
    for node in model.graph.node:
        if node.op_type != "ConstantOfShape":
            keep.append(node)
            continue
        name, shape = node.output[0], [int(d) for d in shapes[node.input[0]]]
        fan_in = max(1, int(np.prod(shape[1:])))
        w = (rng.standard_normal(shape) * np.sqrt(2 / fan_in)).astype(np.float32)
        w = np.abs(w) * 0.3 + np.float32(0.7) if len(shape) == 1 else w
        if w.size > 1 << 15:
            given[name] = w
            model.graph.input.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, shape))
        else:
            model.graph.initializer.append(numpy_helper.from_array(w, name))
    del model.graph.node[:]
    model.graph.node.extend(keep)
    return model, given, None


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("models", nargs="*")
    parser.add_argument("--translate", default="stream-translate --import-onnx")
    parser.add_argument("--mlir-bin", default="/usr/lib/llvm-22/bin")
    parser.add_argument("--random", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="regular expression on case or network names")
    parser.add_argument("--light", action="store_true")
    args = parser.parse_args()
    jobs = [(os.path.basename(p), lambda p=p: (onnx.load(p), None, None)) for p in args.models]
    light = glob.glob(os.path.join(os.path.dirname(onnx.__file__), "backend/test/data/light/*.onnx"))
    for p in sorted(light) if args.light else []:
        if re.search(args.only, p):
            jobs.append((os.path.basename(p), lambda p=p: stored(p)))
            jobs.append(("random " + os.path.basename(p),
                         lambda p=p: randomised(p, np.random.default_rng(args.seed))))
    jobs += [(n, f) for n, f in onnx_cases.cases(args.random, args.seed) if re.search(args.only, n)]
    passed = failed = 0
    for name, make in jobs:
        try:
            model, given, expected = make()
            compare(model, args, np.random.default_rng(args.seed), given, expected)
            passed += 1
            if name.endswith(".onnx"):
                print(f"ok {name}", flush=True)
        except Exception as e:  # every failure is reported, none ends the run
            failed += 1
            print(f"FAILED {name}: {type(e).__name__}: {str(e)[:1500]}", flush=True)
    print(f"{passed} passed, {failed} failed")
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
