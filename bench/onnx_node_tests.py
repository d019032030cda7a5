#!/usr/bin/env python3
"""Runs the node tests of the PyPI package `onnx` through import, tiling and execution on the host.

    bench/onnx_node_tests.py --build BUILD [--venv DIR] [--only REGEX] [--json FILE] [--reasons]

Every test of onnx/backend/test/data/node is imported, tiled by the default plan for an accelerator,
lowered, compiled and called with its recorded inputs; its results are compared with the recorded
ones as ONNX's own runner compares them (rtol 1e-3, atol 1e-7, integers exactly). A test

    passes    when type, shape and numbers agree;
    is refused    when the importer or the tiling says why it cannot take it;
    is wrong    when anything else happens: other numbers, a crash, a hang, an error without message,
                IR that does not compile.

A network in which nothing is left to compute (constants, reshapes, slices) has no tiles: it is lowered
without them. Four tests record what QLinearMatMul gives when it wraps around, where the standard says
that it saturates: they are compared with the saturated numbers and counted as disputed.

Inputs that an operator needs at import time (shapes, axes, ...: BOUND below) are bound as constants
with the recorded values. --venv: where onnx and numpy are installed when this Python lacks them.
"""
import argparse
import collections
import concurrent.futures
import functools
import glob
import json
import multiprocessing
import os
import re
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PACKAGE = "onnx==1.19.1"

# Inputs by operator whose values decide shapes or axes.
BOUND = {"AffineGrid": [1], "CenterCropPad": [1], "Col2Im": [1, 2], "Compress": [1],
         "ConstantOfShape": [0], "CumSum": [1], "DFT": [1, 2], "Dropout": [1, 2], "Expand": [1],
         "BlackmanWindow": [0], "HammingWindow": [0], "HannWindow": [0], "If": [0],
         "MaxUnpool": [2], "OneHot": [1], "Pad": [1, 2, 3], "Range": [0, 1, 2], "Reshape": [1],
         "Resize": [1, 2, 3], "Slice": [1, 2, 3, 4], "Split": [1], "Squeeze": [1],
         "STFT": [1, 3], "Tile": [1], "TopK": [1], "Trilu": [1], "Unsqueeze": [1],
         "Upsample": [1]}
BOUND_ELEMENTS = 64
BATCH = 16  # tests that are compiled together
for reduce in "L1 L2 LogSum LogSumExp Max Mean Min Prod Sum SumSquare".split():
    BOUND["Reduce" + reduce] = [1]

# Not carried over from one tensor to another: the shape is known whatever the values are.
SHAPE_ONLY = {"Shape", "Size"}


def ensure_packages(venv):
    """Continues in `venv` (made if need be) unless this Python has the packages."""
    try:
        import numpy  # noqa: F401
        import onnx  # noqa: F401
        return
    except ImportError:
        if not venv:
            sys.exit(f"this Python has no {PACKAGE}: give --venv DIR to install it there")
    python = os.path.join(venv, "bin", "python")
    if os.path.abspath(sys.executable) == os.path.abspath(python):
        sys.exit(f"{venv} has no {PACKAGE}")
    if not os.path.exists(python):
        subprocess.check_call([sys.executable, "-m", "venv", venv])
        subprocess.check_call([python, "-m", "pip", "install", "-q", PACKAGE, "numpy"])
    os.execv(python, [python] + sys.argv)


def tensors(directory, prefix, infos):
    """The recorded values, or None where one is not a tensor."""
    import onnx
    from onnx import numpy_helper
    values = []
    for i, info in enumerate(infos):
        if info.type.WhichOneof("value") != "tensor_type":
            return None
        with open(os.path.join(directory, f"{prefix}_{i}.pb"), "rb") as f:
            tensor = onnx.TensorProto()
            tensor.ParseFromString(f.read())
        values.append(numpy_helper.to_array(tensor))
    return values


def needed_inputs(graph):
    """Names whose values are needed at import, found backwards from the positions in BOUND."""
    producer = {name: node for node in graph.node for name in node.output}
    wanted = [node.input[i] for node in graph.node for i in BOUND.get(node.op_type, [])
              if i < len(node.input)]
    needed = set()
    while wanted:
        name = wanted.pop()
        if name in needed:
            continue
        needed.add(name)
        node = producer.get(name)
        if node is not None and node.op_type not in SHAPE_ONLY:
            wanted += node.input
    return needed


def bind(model, values):
    """Turns needed small inputs into initializers; returns the other ones by name."""
    from onnx import numpy_helper
    needed = needed_inputs(model.graph)
    feeds, kept = {}, []
    for info, value in zip(model.graph.input, values):
        if info.name in needed and value.size <= BOUND_ELEMENTS:
            model.graph.initializer.append(numpy_helper.from_array(value, info.name))
        else:
            feeds[info.name] = value
            kept.append(info)
    del model.graph.input[:]
    model.graph.input.extend(kept)
    return feeds


class Setup:
    """Paths and texts that all tests share."""

    def __init__(self, args):
        self.directory = os.path.join(args.build, "bin")
        self.mlir_bin, self.timeout = args.mlir_bin, args.timeout
        if args.accelerator.endswith(".mlir"):
            with open(args.accelerator, "rb") as f:
                self.accelerator = f.read()
        else:
            self.accelerator = subprocess.check_output(
                [self.bin("stream-translate"), "--import-accelerator", args.accelerator])

    def bin(self, name):
        return os.path.join(self.directory, name)

    def lower(self):
        import onnx_execute as ex
        return [self.bin("stream-opt"), "-", "--stream-tile", "--stream-lower"] + ex.PIPELINE


def answer(error):
    """A command's failure: refused when it says why."""
    if error.code < 0 or not re.search(r"error: *\S", error.message):
        return "wrong", f"exit code {error.code}: {error.message.strip()[-300:]}"
    return "refused", re.search(r"error: *(.*)", error.message)[1]


def element_type(dtype):
    bits = dtype.itemsize * 8
    return {"b": "i1", "i": f"i{bits}", "u": f"i{bits}"}.get(dtype.kind) or (
        "bf16" if str(dtype) == "bfloat16" else f"f{bits}")


def call(program, feeds, wanted, timeout):
    """Calls in a process of its own, which may crash or hang: (results, None) or (None, why)."""
    receive, send = multiprocessing.Pipe(False)

    def child():
        send.send(program(feeds, wanted))

    process = multiprocessing.get_context("fork").Process(target=child, daemon=True)
    process.start()
    try:
        if not receive.poll(timeout):
            return None, f"the program did not finish in {timeout} s"
        return receive.recv(), None
    except EOFError:
        process.join()
        return None, f"the program ended with code {process.exitcode}"
    finally:
        process.kill()
        process.join()


def difference(got, want):
    import numpy as np
    if want.dtype.kind in "iub" and str(want.dtype) != "bfloat16":
        return "" if np.array_equal(got, want) else f"{got.ravel()[:6]}, want {want.ravel()[:6]}"
    try:
        np.testing.assert_allclose(got.astype(np.float64), want.astype(np.float64), 1e-3, 1e-7)
        return ""
    except AssertionError as e:
        return " ".join(str(e).split())[:300]


def compile_alone(setup, text, work):
    """(the program, None) or (None, why it is wrong); raises Failed when the tiling refuses."""
    import onnx_execute as ex
    module, opt = setup.accelerator + text, setup.bin("stream-opt")
    compiled = functools.partial(ex.compiled, text, bin_dir=setup.mlir_bin, work=work, optimize=0,
                                 timeout=setup.timeout)
    try:
        return compiled(setup.lower(), module=module), None
    except ex.Failed as e:
        failure = e
    tiled = ex.run([opt, "-", "--stream-tile"], input=module, timeout=setup.timeout)
    if b"stream.ct" in tiled:
        return None, f"does not compile: {failure}"
    try:
        return compiled([opt, "-"] + ex.PIPELINE), None
    except ex.Failed as e:
        return None, f"does not compile: {e}"


def compile_batch(setup, tests, work):
    """Programs of the imported tests, all at once where that works; None where it does not."""
    import onnx_execute as ex
    texts = [t.text for t in tests]
    try:
        return ex.compiled_together(texts, [setup.accelerator + t for t in texts], setup.lower(),
                                    setup.mlir_bin, work, timeout=setup.timeout)
    except ex.Failed:
        return [None] * len(tests)


def saturated(feeds):
    """QLinearMatMul as the standard says, for scalar scales."""
    import numpy as np
    a, sa, za, b, sb, zb, sy, zy = (feeds[n] for n in (
        "a", "a_scale", "a_zero_point", "b", "b_scale", "b_zero_point", "y_scale", "y_zero_point"))
    product = np.matmul(a.astype(np.int64) - za, b.astype(np.int64) - zb)
    scale = sa.astype(np.float64) * sb.astype(np.float64) / sy.astype(np.float64)
    limits = np.iinfo(zy.dtype)
    return np.clip(np.rint(product * scale) + zy, limits.min, limits.max).astype(zy.dtype)


DISPUTED = {f"qlinearmatmul_{rank}D_int8_{scale}": saturated
            for rank in (2, 3) for scale in ("float16", "float32")}


class Test:
    """One node test: what it feeds and wants, and its imported module `text`."""

    def __init__(self, directory):
        import onnx
        self.name = os.path.basename(directory)[len("test_"):]
        base = re.sub(r"_expanded(_ver\d+)?$", "", directory)
        self.operator = onnx.load(os.path.join(base, "model.onnx")).graph.node[0].op_type
        self.model = onnx.load(os.path.join(directory, "model.onnx"))
        data = os.path.join(directory, "test_data_set_0")
        inputs = tensors(data, "input", self.model.graph.input)
        self.wanted = tensors(data, "output", self.model.graph.output) or []
        self.feeds = bind(self.model, inputs) if inputs is not None else {}
        self.text = None

    def load(self, setup, work):
        import onnx
        import onnx_execute as ex
        path = os.path.join(work, self.name + ".onnx")
        onnx.save(self.model, path)
        try:
            self.text = ex.run([setup.bin("stream-translate"), "--import-onnx", path],
                               timeout=setup.timeout)
        except ex.Failed as e:
            e.message = e.message.replace(path + ": ", "")
            raise

    def compare(self, setup, program):
        """(status, message) of the program's results."""
        wanted, verdict = self.wanted, "passed"
        if self.name in DISPUTED:
            wanted, verdict = [DISPUTED[self.name](self.feeds)], "disputed"
        want_types = [(element_type(w.dtype), w.shape) for w in wanted]
        types = list(zip(program.elements, program.shapes))
        if types != want_types:
            return "wrong", f"types {types}, want {want_types}"
        got, why = call(program, self.feeds, wanted, setup.timeout)
        if why:
            return "wrong", why
        for output, g, w in zip(program.outputs, got, wanted):
            why = difference(g, w)
            if why:
                return "wrong", f"{output}: {why}"
        return verdict, ""


def run_batch(setup, directories):
    """[(operator, name, status, message)] of some tests, imported one by one, compiled together."""
    import onnx_execute as ex
    results, loaded = [], []
    with tempfile.TemporaryDirectory() as work:
        for test in map(Test, directories):
            try:
                test.load(setup, work)
                loaded.append(test)
            except ex.Failed as e:
                results.append((test.operator, test.name) + answer(e))
        for test, program in zip(loaded, compile_batch(setup, loaded, work)):
            try:
                alone = os.path.join(work, test.name)
                os.mkdir(alone)
                program, why = (program, None) if program else compile_alone(setup, test.text, alone)
                outcome = ("wrong", why) if why else test.compare(setup, program)
            except ex.Failed as e:
                outcome = answer(e)
            results.append((test.operator, test.name) + outcome)
    return results


def table(results):
    """One row per operator, in alphabetical order; only the statuses that occur."""
    rows = collections.defaultdict(collections.Counter)
    for operator, _, status, _ in results:
        rows[operator][status] += 1
    print("| operator | passed | refused | wrong |\n|---|---|---|---|")
    for operator in sorted(rows):
        c = rows[operator]
        print(f"| {operator} | {c['passed']} | {c['refused']} | {c['wrong']} |")


def reasons(results):
    groups = collections.defaultdict(list)
    for operator, name, status, message in results:
        if status == "refused":
            reason = re.sub(r"^.*node \S+ \(op [^)]*\): ", "", message)
            groups[reason].append((operator, name))
    for reason, tests in sorted(groups.items(), key=lambda g: -len(g[1])):
        operators = collections.Counter(operator for operator, _ in tests)
        print(f"{len(tests):5} {reason[:200]}\n      " +
              ", ".join(f"{o} {n}" for o, n in sorted(operators.items())))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--build", default=os.path.join(ROOT, "build"))
    parser.add_argument("--venv", help=f"directory for {PACKAGE}, when this Python lacks it")
    parser.add_argument("--accelerator", help=".yaml or .mlir", default=os.path.join(
        ROOT, "examples/accelerators/homogeneous_quad.yaml"))
    parser.add_argument("--mlir-bin", default="/usr/lib/llvm-22/bin")
    parser.add_argument("--only", default="", help="regular expression on test names")
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    parser.add_argument("--timeout", type=int, default=60, help="seconds for one command")
    parser.add_argument("--json", help="write every test with its message")
    parser.add_argument("--reasons", action="store_true", help="print why tests are refused")
    args = parser.parse_args()
    ensure_packages(args.venv)
    sys.path.insert(0, os.path.join(ROOT, "test", "import"))
    import onnx
    tests = sorted(glob.glob(os.path.join(os.path.dirname(onnx.__file__),
                                          "backend/test/data/node/test_*")))
    tests = [t for t in tests if re.search(args.only, os.path.basename(t)[len("test_"):])]
    with concurrent.futures.ProcessPoolExecutor(args.workers) as pool:
        batches = [tests[i:i + BATCH] for i in range(0, len(tests), BATCH)]
        results = sorted(sum(pool.map(functools.partial(run_batch, Setup(args)), batches), []))
    table(results)
    if args.reasons:
        reasons(results)
    for operator, name, status, message in results:
        if status == "wrong":
            print(f"WRONG {name} ({operator}): {message}")
    if args.json:
        with open(args.json, "w") as f:
            json.dump(results, f, indent=0)
    count = collections.Counter(status for _, _, status, _ in results)
    print(f"{len(results)} tests of onnx {onnx.__version__}: {count['passed']} passed, "
          f"{count['refused']} refused with a message, {count['wrong']} wrong"
          + (f", {count['disputed']} disputed" if count["disputed"] else ""))
    return count["wrong"] != 0


if __name__ == "__main__":
    sys.exit(main())
