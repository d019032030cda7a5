"""Imports an ONNX model, compiles it with MLIR 22's tools, loads it and calls it with numpy arrays.

Shared by onnx_reference.py and bench/onnx_node_tests.py; needs numpy alone.
"""
import ctypes
import os
import re
import subprocess

import numpy as np

PIPELINE = ["--allow-unregistered-dialect", "--one-shot-bufferize=bufferize-function-boundaries "
            "function-boundary-type-conversion=identity-layout-map", "--canonicalize", "--cse",
            "--convert-linalg-to-loops", "--expand-strided-metadata", "--lower-affine",
            "--convert-scf-to-cf", "--arith-expand",
            "--llvm-request-c-wrappers", "--convert-math-to-llvm", "--convert-math-to-libm",
            "--finalize-memref-to-llvm", "--convert-func-to-llvm", "--convert-index-to-llvm",
            "--convert-arith-to-llvm", "--convert-cf-to-llvm", "--reconcile-unrealized-casts"]


class Failed(RuntimeError):
    """A command failed. `message`: what it wrote; `code`: negative when a signal ended it."""

    def __init__(self, command, code, message):
        super().__init__(f"{os.path.basename(command[0])}: {message}")
        self.code, self.message = code, message


def run(command, timeout=None, check=True, **kw):
    try:
        done = subprocess.run(command, capture_output=True, timeout=timeout, **kw)
    except subprocess.TimeoutExpired:
        raise Failed(command, -1, f"not finished after {timeout} s") from None
    if done.returncode and check:
        raise Failed(command, done.returncode, done.stderr.decode(errors="replace")[:2000])
    return done.stdout


def memref(rank):
    class Descriptor(ctypes.Structure):
        _fields_ = [("base", ctypes.c_void_p), ("data", ctypes.c_void_p),
                    ("offset", ctypes.c_int64)]
        if rank:
            _fields_ += [("sizes", ctypes.c_int64 * rank), ("strides", ctypes.c_int64 * rank)]
    return Descriptor


def to_memref(a):
    d = memref(a.ndim)()
    d.base = d.data = a.ctypes.data
    d.offset = 0
    for i in range(a.ndim):
        d.sizes[i] = a.shape[i]
        d.strides[i] = a.strides[i] // a.itemsize
    return d


def from_memref(d, rank, dtype):
    if 0 in getattr(d, "sizes", []):
        return np.empty(list(d.sizes), dtype)
    if rank == 0:
        return np.frombuffer(ctypes.string_at(d.data + d.offset * dtype.itemsize, dtype.itemsize),
                             dtype)[0].reshape(())
    sizes, strides = list(d.sizes), [s * dtype.itemsize for s in d.strides]
    last = sum((n - 1) * s for n, s in zip(sizes, strides)) + dtype.itemsize
    raw = ctypes.string_at(d.data + d.offset * dtype.itemsize, last)
    return np.lib.stride_tricks.as_strided(np.frombuffer(raw, np.uint8).view(np.uint8)[:last]
                                           .copy()[: last].view(dtype), sizes, strides).copy()


def names_of(signature):
    return [bytes.fromhex(re.sub(r"\\([0-9A-F]{2})|\\?(.)", lambda m: m[1] or m[2].encode().hex(), n))
            .decode() for n in re.findall(r'stream\.name = "((?:[^"\\]|\\.)*)"', signature)]


class Program:
    """A function of a shared library; call it with a dict of arrays. `text`: the imported module."""

    def __init__(self, text, library, function="main"):
        self.library, self.function = library, function
        head = text.decode().split("func.func @main(", 1)[1].split(" {\n", 1)[0]
        arguments, results = re.split(r"\)\s*-> ", head, maxsplit=1)
        self.inputs, self.outputs = names_of(arguments), names_of(results)
        types = re.findall(r"tensor<([^>]*)>", results)
        self.shapes = [tuple(int(d) for d in t.split("x")[:-1]) for t in types]
        self.elements = [t.split("x")[-1] for t in types]

    def __call__(self, feeds, like):
        main = getattr(ctypes.CDLL(self.library), "_mlir_ciface_" + self.function)
        main.restype = None
        keep = [np.ascontiguousarray(feeds[n]).reshape(feeds[n].shape) for n in self.inputs]
        args = [to_memref(a) for a in keep]
        types = [memref(a.ndim) for a in like]
        fields = [(f"r{i}", t) for i, t in enumerate(types)]
        result = type("Result", (ctypes.Structure,), {"_fields_": fields})()
        main(ctypes.byref(result), *[ctypes.byref(a) for a in args])
        return [from_memref(getattr(result, f"r{i}"), a.ndim, a.dtype) for i, a in enumerate(like)]


def link(ir, bin_dir, work, optimize, timeout=None):
    """LLVM IR (text or bitcode) to a shared library."""
    lib_dir = os.path.join(os.path.dirname(bin_dir), "lib")
    obj, library = os.path.join(work, "m.o"), os.path.join(work, "m.so")
    run([os.path.join(bin_dir, "llc"), f"-O{optimize}", "-relocation-model=pic", "-filetype=obj",
         "-o", obj], input=ir, timeout=timeout)
    run(["cc", "-shared", "-o", library, obj, "-L" + lib_dir, "-lmlir_c_runner_utils",
         "-lmlir_float16_utils", "-Wl,-rpath," + lib_dir, "-lm"])
    return library


def compiled(text, lower, bin_dir, work, optimize=2, timeout=None, module=None):
    """A Program of one model.

    text      the imported module
    lower     the command that takes `module` (default: text) on stdin to the LLVM dialect
    optimize  LLVM's -O level
    """
    low = run(lower, input=module or text, timeout=timeout)
    ir = run([os.path.join(bin_dir, "mlir-translate"), "--mlir-to-llvmir"], input=low,
             timeout=timeout)
    if optimize > 1:
        ir = run([os.path.join(bin_dir, "opt"), f"-O{optimize}"], input=ir, timeout=timeout)
    return Program(text, link(ir, bin_dir, work, optimize, timeout))


SPLIT = b"// -----\n"
SPLITTING = ["--split-input-file", "--output-split-marker=// -----"]


def compiled_together(texts, modules, lower, bin_dir, work, optimize=0, timeout=None):
    """Programs of many models from one run of each tool; None where `lower` fails.

    Raises Failed when what could be lowered cannot be linked.
    """
    named = [m.replace(b"@main(", b"@main_%d(" % i, 1) for i, m in enumerate(modules)]
    low = run(lower + SPLITTING, check=False, input=SPLIT.join(named),
              timeout=timeout).split(SPLIT)
    good = [i for i, part in enumerate(low) if part.strip() and len(low) == len(texts)]
    programs = [None] * len(texts)
    if not good:
        return programs
    translate = [os.path.join(bin_dir, "mlir-translate"), "--mlir-to-llvmir"] + SPLITTING
    irs = run(translate, input=SPLIT.join(low[i] for i in good), timeout=timeout).split(SPLIT)
    if len(irs) != len(good):
        raise Failed(translate, 1, "some modules are missing")
    files = []
    for i, ir in zip(good, irs):
        files.append(os.path.join(work, f"{i}.ll"))
        with open(files[-1], "wb") as f:
            f.write(re.sub(rb"^define (?!.*@_mlir_ciface_main_\d+\()", b"define internal ", ir,
                           flags=re.M))
    linked = run([os.path.join(bin_dir, "llvm-link")] + files, timeout=timeout)
    library = link(linked, bin_dir, work, optimize, timeout)
    for i in good:
        programs[i] = Program(texts[i], library, f"main_{i}")
    return programs
