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


def run(command, timeout=None, **kw):
    try:
        done = subprocess.run(command, capture_output=True, timeout=timeout, **kw)
    except subprocess.TimeoutExpired:
        raise Failed(command, -1, f"not finished after {timeout} s") from None
    if done.returncode:
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
    return [bytes.fromhex(re.sub(r"\\([0-9A-F]{2})|(.)", lambda m: m[1] or m[2].encode().hex(), n))
            .decode() for n in re.findall(r'stream\.name = "((?:[^"\\]|\\.)*)"', signature)]


class Compiled:
    """A model imported, compiled and loaded; call it with a dict of arrays.

    text      the imported module, from translate()
    lower     the command that takes `module` (default: text) on stdin to the LLVM dialect
    optimize  LLVM's -O level
    """

    def __init__(self, text, lower, bin_dir, work, optimize=2, timeout=None, module=None):
        lib_dir = os.path.join(os.path.dirname(bin_dir), "lib")
        tool = lambda name: os.path.join(bin_dir, name)
        low = run(lower, input=module or text, timeout=timeout)
        ir = run([tool("mlir-translate"), "--mlir-to-llvmir"], input=low, timeout=timeout)
        if optimize > 1:
            ir = run([tool("opt"), f"-O{optimize}"], input=ir, timeout=timeout)
        obj, so = os.path.join(work, "m.o"), os.path.join(work, f"m{id(self)}.so")
        run([tool("llc"), f"-O{optimize}", "-relocation-model=pic", "-filetype=obj", "-o", obj],
            input=ir, timeout=timeout)
        run(["cc", "-shared", "-o", so, obj, "-L" + lib_dir, "-lmlir_c_runner_utils",
             "-lmlir_float16_utils", "-Wl,-rpath," + lib_dir, "-lm"])
        self.so = so
        head = text.decode().split("func.func @main(", 1)[1].split(" {\n", 1)[0]
        arguments, results = re.split(r"\)\s*-> ", head, maxsplit=1)
        self.inputs, self.outputs = names_of(arguments), names_of(results)
        types = re.findall(r"tensor<([^>]*)>", results)
        self.shapes = [tuple(int(d) for d in t.split("x")[:-1]) for t in types]
        self.elements = [t.split("x")[-1] for t in types]

    def __call__(self, feeds, like):
        main = ctypes.CDLL(self.so)._mlir_ciface_main
        main.restype = None
        keep = [np.ascontiguousarray(feeds[n]).reshape(feeds[n].shape) for n in self.inputs]
        args = [to_memref(a) for a in keep]
        types = [memref(a.ndim) for a in like]
        fields = [(f"r{i}", t) for i, t in enumerate(types)]
        result = type("Result", (ctypes.Structure,), {"_fields_": fields})()
        main(ctypes.byref(result), *[ctypes.byref(a) for a in args])
        return [from_memref(getattr(result, f"r{i}"), a.ndim, a.dtype) for i, a in enumerate(like)]
