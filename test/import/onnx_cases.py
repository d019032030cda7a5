"""Single-operator ONNX models over random attributes; see onnx_reference.py.

cases(n, seed) yields (name, make); make() gives (model, inputs or None, expected or None), where
`expected` replaces the reference evaluator for operators it lacks or gets wrong.
"""
import numpy as np
from onnx import TensorProto as T
from onnx import helper

F, H, B, D = T.FLOAT, T.FLOAT16, T.BFLOAT16, T.DOUBLE


def model(op, inputs, outputs, opset, attrs=None, constants=None, domain="", node_inputs=None):
    """inputs: {name: (elem, shape)}; constants: {name: array}; outputs: {name: elem}."""
    constants = constants or {}
    names = node_inputs or list(inputs) + list(constants)
    node = helper.make_node(op, names, list(outputs), name="n", domain=domain, **(attrs or {}))
    graph = helper.make_graph(
        [node], "g", [helper.make_tensor_value_info(n, e, s) for n, (e, s) in inputs.items()],
        [helper.make_tensor_value_info(n, e, None) for n, e in outputs.items()],
        [helper.make_tensor(n, helper.np_dtype_to_tensor_dtype(a.dtype), a.shape,
                            a.tobytes(), raw=True) for n, a in constants.items()])
    ids = [helper.make_opsetid("", opset)] + ([helper.make_opsetid(domain, 1)] if domain else [])
    return helper.make_model(graph, opset_imports=ids, ir_version=8)


class Draw:
    """Random choices with short names."""

    def __init__(self, rng):
        self.rng = rng

    def int(self, low, high):
        return int(self.rng.integers(low, high + 1))

    def pick(self, *options):
        return options[self.int(0, len(options) - 1)]

    def shape(self, rank, high=5):
        return [self.int(1, high) for _ in range(rank)]

    def floats(self, shape):
        return self.rng.standard_normal(shape).astype(np.float32)


def window(d, n, sizes, pool=False):
    """kernel, strides, dilations, pads that fit into `sizes`."""
    attrs = {"kernel_shape": [d.int(1, 3) for _ in range(n)],
             "strides": [d.int(1, 3) for _ in range(n)],
             "dilations": [d.int(1, 2) for _ in range(n)]}
    reach = [(k - 1) * e + 1 for k, e in zip(attrs["kernel_shape"], attrs["dilations"])]
    mode = d.pick("NOTSET", "NOTSET", "NOTSET", "SAME_UPPER", "SAME_LOWER", "VALID")
    if mode == "NOTSET":
        limit = [k - 1 if pool else 3 for k in attrs["kernel_shape"]]
        attrs["pads"] = [d.int(0, x) for x in limit] + [d.int(0, x) for x in limit]
    else:
        attrs["auto_pad"] = mode
    ok = all(s >= r for s, r in zip(sizes, reach))
    return attrs if ok else window(d, n, sizes, pool)


def conv(d):
    n, group = d.pick(1, 2, 2, 2, 3), d.pick(1, 1, 2, 3)
    per, out = d.int(1, 3), group * d.int(1, 3)
    sizes = [d.int(5, 9) for _ in range(n)]
    attrs = window(d, n, sizes)
    attrs["group"] = group
    elem = d.pick(F, F, F, H, D)
    x, w = (elem, [d.int(1, 2), group * per] + sizes), (elem, [out, per] + attrs["kernel_shape"])
    inputs = {"x": x, "w": w}
    if d.int(0, 1):
        inputs["b"] = (elem, [out])
    if d.int(0, 1):
        del attrs["kernel_shape"]
    return model("Conv", inputs, {"y": elem}, d.pick(8, 11, 22), attrs)


def depthwise(d):
    c, sizes = d.int(2, 5), [d.int(5, 9), d.int(5, 9)]
    attrs = window(d, 2, sizes)
    attrs["group"] = c
    many = d.pick(1, 1, 2)
    return model("Conv", {"x": (F, [2, c] + sizes), "w": (F, [c * many, 1] + attrs["kernel_shape"]),
                          "b": (F, [c * many])}, {"y": F}, 13, attrs)


def conv_integer(d):
    ex, ew = d.pick(T.UINT8, T.INT8), d.pick(T.UINT8, T.INT8)
    group, sizes = d.pick(1, 2), [d.int(4, 7), d.int(4, 7)]
    attrs = window(d, 2, sizes)
    attrs["group"] = group
    kind = {T.UINT8: np.uint8, T.INT8: np.int8}
    constants = {}
    if d.int(0, 1):
        constants["zx"] = np.array(d.int(0, 100), kind[ex])
        if d.int(0, 1):
            constants["zw"] = np.array(d.int(0, 100), kind[ew])
    m = model("ConvInteger", {"x": (ex, [1, 2 * group] + sizes),
                              "w": (ew, [2 * group, 2] + attrs["kernel_shape"])}, {"y": T.INT32},
              10, attrs, constants)
    return m


def pool_reference(attrs, include=False, largest=False):
    """Mean (or maximum) of the taps inside the input (or the padding), by the standard's text."""
    def run(feeds):
        x = feeds["x"]
        n = x.ndim - 2
        k, s = attrs["kernel_shape"], attrs["strides"]
        e = attrs.get("dilations", [1] * n)
        reach = [(a - 1) * b + 1 for a, b in zip(k, e)]
        low, high, out = [0] * n, [0] * n, [0] * n
        for i in range(n):
            size, mode = x.shape[i + 2], attrs.get("auto_pad", "NOTSET")
            if mode.startswith("SAME"):
                out[i] = -(-size // s[i])
                total = max(0, (out[i] - 1) * s[i] + reach[i] - size)
                low[i] = total // 2 if mode == "SAME_UPPER" else total - total // 2
                high[i] = total - low[i]
                continue
            if mode == "NOTSET":
                low[i], high[i] = attrs["pads"][i], attrs["pads"][i + n]
            room = size + low[i] + high[i] - reach[i]
            out[i] = (-(-room // s[i]) if attrs.get("ceil_mode") else room // s[i]) + 1
            if attrs.get("ceil_mode") and (out[i] - 1) * s[i] >= size + low[i]:
                out[i] -= 1
        y = np.zeros(list(x.shape[:2]) + out, np.float64)
        for at in np.ndindex(*out):
            total, count = -np.inf if largest else 0, 0
            for tap in np.ndindex(*k):
                p = [at[i] * s[i] + tap[i] * e[i] - low[i] for i in range(n)]
                inside = all(0 <= p[i] < x.shape[i + 2] for i in range(n))
                padded = all(-low[i] <= p[i] < x.shape[i + 2] + high[i] for i in range(n))
                count += padded if include else inside
                if inside:
                    v = x[(slice(None), slice(None)) + tuple(p)].astype(np.float64)
                    total = np.maximum(total, v) if largest else total + v
            y[(slice(None), slice(None)) + at] = total if largest else total / count
        return [y.astype(x.dtype)]
    return run


def max_pool(d):
    n = d.pick(1, 2, 2, 3)
    sizes = [d.int(5, 9) for _ in range(n)]
    attrs = window(d, n, sizes, pool=True)
    opset = d.pick(8, 10, 12, 22)
    if opset < 10:
        del attrs["dilations"]
    elif "pads" in attrs and d.int(0, 1):
        attrs["ceil_mode"] = 1
    elem = d.pick(F, F, H, T.INT8, T.UINT8) if opset >= 12 else F
    m = model("MaxPool", {"x": (elem, [1, 2] + sizes)}, {"y": elem}, opset, attrs)
    return m, None, pool_reference(attrs, largest=True)


def average_pool(d):
    n = d.pick(1, 2, 2, 3)
    sizes = [d.int(5, 9) for _ in range(n)]
    attrs = window(d, n, sizes, pool=True)
    opset = d.pick(7, 11, 19, 22)
    if opset < 19:
        del attrs["dilations"]
    include = d.int(0, 1)
    attrs["count_include_pad"] = include
    if opset >= 10 and "pads" in attrs and d.int(0, 1):
        attrs["ceil_mode"] = 1
    elem = d.pick(F, F, H)
    m = model("AveragePool", {"x": (elem, [1, 2] + sizes)}, {"y": elem}, opset, attrs)
    return m, None, pool_reference(attrs, include)


def global_pool(d):
    elem, op, rank = d.pick(F, H), d.pick("GlobalAveragePool", "GlobalMaxPool"), d.pick(3, 4, 5)
    f = np.mean if op == "GlobalAveragePool" else np.max
    expected = lambda feeds: [f(feeds["x"].astype(np.float64), axis=tuple(range(2, rank)),
                                keepdims=True).astype(feeds["x"].dtype)]
    return model(op, {"x": (elem, d.shape(rank))}, {"y": elem}, 13), None, expected


def gemm(d):
    m, k, n = d.shape(3, 6)
    ta, tb = d.int(0, 1), d.int(0, 1)
    elem = d.pick(F, F, H, D)
    inputs = {"a": (elem, [k, m] if ta else [m, k]), "b": (elem, [n, k] if tb else [k, n])}
    shape = d.pick(None, [n], [1, n], [m, 1], [m, n], [1])
    if shape is not None:
        inputs["c"] = (elem, shape)
    attrs = {"transA": ta, "transB": tb}
    if d.int(0, 1):
        attrs["alpha"] = d.pick(0.5, 1.0)
    if d.int(0, 1):
        attrs["beta"] = d.pick(0.25, 1.0)
    return model("Gemm", inputs, {"y": elem}, d.pick(11, 13), attrs)


def matmul(d):
    elem = d.pick(F, F, H, T.INT32)
    m, k, n = d.shape(3, 4)
    a, b = d.pick(([m, k], [k, n]), ([k], [k, n]), ([m, k], [k]), ([k], [k]), ([3, m, k], [3, k, n]),
                  ([2, 3, m, k], [k, n]), ([2, 3, m, k], [2, 3, k, n]), ([2, 1, m, k], [3, k, n]),
                  ([3, m, k], [2, 1, k, n]), ([k], [3, k, n]), ([2, 3, m, k], [k]),
                  ([m, k], [2, k, n]), ([1, m, k], [3, k, n]))
    return model("MatMul", {"a": (elem, a), "b": (elem, b)}, {"y": elem}, 13)


def matmul_integer(d):
    ea, eb = d.pick(T.UINT8, T.INT8), d.pick(T.UINT8, T.INT8)
    kind = {T.UINT8: np.uint8, T.INT8: np.int8}
    m, k, n = d.shape(3, 4)
    constants = {}
    if d.int(0, 1):
        constants = {"za": np.array(d.int(0, 9), kind[ea]), "zb": np.array(d.int(0, 9), kind[eb])}
    return model("MatMulInteger", {"a": (ea, d.pick([m, k], [2, m, k])), "b": (eb, [k, n])},
                 {"y": T.INT32}, 10, None, constants)


def broadcast_pair(d):
    out = d.shape(d.int(1, 4), 4)
    cut = lambda: [1 if d.int(0, 3) == 0 else s for s in out][d.int(0, len(out)):]
    a, b = list(out), cut()
    return (a, b) if d.int(0, 1) else (b, a)


def binary(d):
    op = d.pick("Add", "Sub", "Mul", "Div", "Max", "Min", "Sum", "Mean")
    elem = d.pick(F, F, H) if op in ("Sum", "Mean", "Div") else d.pick(F, H, T.INT32, T.INT64, T.INT8)
    if elem == T.INT8 and op not in ("Max", "Min"):
        elem = T.INT32
    a, b = broadcast_pair(d)
    m = model(op, {"a": (elem, a), "b": (elem, b)}, {"y": elem}, 14)
    if op != "Mean":
        return m
    return m, None, lambda f: [((f["a"].astype(np.float64) + f["b"]) / 2).astype(f["a"].dtype)]


def constant_operand(d):
    op = d.pick("Add", "Sub", "Mul", "Div")
    a, b = broadcast_pair(d)
    return model(op, {"a": (F, a)}, {"y": F}, d.pick(7, 13), None, {"b": d.floats(b)})


def power(d):
    a, b = broadcast_pair(d)
    m = model("Pow", {"a": (F, a), "b": (F, b)}, {"y": F}, 13)
    return m, {"a": np.abs(d.floats(a)) + 0.1, "b": d.floats(b)}, None


def compare(d):
    op = d.pick("Equal", "Less", "Greater", "LessOrEqual", "GreaterOrEqual")
    elem = d.pick(F, T.INT32, T.INT64)
    a, b = broadcast_pair(d)
    return model(op, {"a": (elem, a), "b": (elem, b)}, {"y": T.BOOL}, 16)


def where(d):
    a, b = broadcast_pair(d)
    return model("Where", {"c": (T.BOOL, a), "a": (F, b), "b": (F, [])}, {"y": F}, 16)


def logic(d):
    a, b = broadcast_pair(d)
    return model(d.pick("And", "Or", "Xor"), {"a": (T.BOOL, a), "b": (T.BOOL, b)}, {"y": T.BOOL}, 7)


def unary(d):
    op, opset, attrs, positive = d.pick(
        ("Relu", 14, {}, 0), ("LeakyRelu", 16, {"alpha": 0.3}, 0), ("LeakyRelu", 6 + 1, {}, 0),
        ("Sigmoid", 13, {}, 0), ("HardSigmoid", 13, {"alpha": 0.3, "beta": 0.4}, 0),
        ("HardSigmoid", 13, {}, 0), ("HardSwish", 14, {}, 0), ("Elu", 13, {"alpha": 0.7}, 0),
        ("Selu", 13, {}, 0), ("Softplus", 13, {}, 0), ("Softsign", 13, {}, 0), ("Gelu", 20, {}, 0),
        ("Gelu", 20, {"approximate": "tanh"}, 0), ("Neg", 13, {}, 0), ("Abs", 13, {}, 0),
        ("Reciprocal", 13, {}, 1), ("Sign", 13, {}, 0), ("Sqrt", 13, {}, 1), ("Exp", 13, {}, 0),
        ("Log", 13, {}, 1), ("Erf", 13, {}, 0), ("Tanh", 13, {}, 0), ("Floor", 13, {}, 0),
        ("Ceil", 13, {}, 0), ("Round", 11, {}, 0), ("Sin", 7, {}, 0), ("Cos", 7, {}, 0),
        ("Mish", 18, {}, 0), ("ThresholdedRelu", 10, {"alpha": 0.5}, 0))
    elem = d.pick(F, F, H)
    shape = d.shape(d.int(0, 4))
    x = d.floats(shape).astype(np.float32 if elem == F else np.float16)
    x = np.asarray(np.abs(x) + x.dtype.type(0.5) if positive else x * x.dtype.type(2))
    return model(op, {"x": (elem, shape)}, {"y": elem}, opset, attrs), {"x": x}, None


def bfloat(d):
    """bf16, computed in f32 from the same inputs and rounded once."""
    a, b = broadcast_pair(d)
    op = d.pick("Add", "Mul", "Sub")
    f = {"Add": np.add, "Mul": np.multiply, "Sub": np.subtract}[op]
    expected = lambda feeds: [f(feeds["a"].astype(np.float32), feeds["b"].astype(np.float32))
                              .astype(feeds["a"].dtype)]
    return model(op, {"a": (B, a), "b": (B, b)}, {"y": B}, 13), None, expected


def bfloat_matmul(d):
    m, k, n = d.shape(3, 6)
    expected = lambda f: [(f["a"].astype(np.float32) @ f["b"].astype(np.float32))
                          .astype(f["a"].dtype)]
    return model("MatMul", {"a": (B, [m, k]), "b": (B, [k, n])}, {"y": B}, 13), None, expected


def clip(d):
    shape = d.shape(3)
    if d.int(0, 1):
        attrs = {k: v for k, v in (("min", -0.5), ("max", 0.7)) if d.int(0, 1)}
        return model("Clip", {"x": (F, shape)}, {"y": F}, 7, attrs)
    low, high = np.array(-0.5, np.float32), np.array(0.25, np.float32)
    which = d.int(0, 3)
    if which == 0:
        return model("Clip", {"x": (F, shape)}, {"y": F}, 13, None, {"l": low, "h": high})
    if which == 1:
        return model("Clip", {"x": (F, shape)}, {"y": F}, 13, None, {"h": high},
                     node_inputs=["x", "", "h"])
    if which == 2:
        return model("Clip", {"x": (F, shape)}, {"y": F}, 13, None, {"l": low})
    m = model("Clip", {"x": (F, shape), "l": (F, []), "h": (F, [])}, {"y": F}, 13)
    return m, {"x": d.floats(shape), "l": low, "h": high}, None


def prelu(d):
    c = d.int(1, 4)
    slope = d.pick([c, 1, 1], [1], [c, 3, 3])
    return model("PRelu", {"x": (F, [2, c, 3, 3]), "s": (F, slope)}, {"y": F}, 16)


def cast(d):
    a, b = d.pick(F, H, T.INT32, T.INT8, T.UINT8, T.INT64, T.BOOL), d.pick(F, H, T.INT32, T.INT64,
                                                                         D, T.BOOL)
    return model("Cast", {"x": (a, d.shape(3))}, {"y": b}, 13, {"to": b})


def softmax(d):
    rank = d.int(1, 4)
    op = d.pick("Softmax", "Softmax", "LogSoftmax")
    opset, shape = d.pick(8, 11, 13), d.shape(rank)
    axis = d.int(-rank, rank - 1) if opset >= 11 else d.int(0, rank - 1)
    elem = d.pick(F, F, H)
    m = model(op, {"x": (elem, shape)}, {"y": elem}, opset, {"axis": axis})
    if opset >= 13:
        return m

    def flat(feeds):
        x = feeds["x"].astype(np.float64)
        rows = int(np.prod(x.shape[:axis % rank], dtype=int))
        v = x.reshape(rows, -1)
        v = v - v.max(1, keepdims=True)
        e = np.exp(v)
        y = e / e.sum(1, keepdims=True) if op == "Softmax" else v - np.log(e.sum(1, keepdims=True))
        return [y.reshape(x.shape).astype(feeds["x"].dtype)]
    return m, None, flat


def reduce(d):
    op = d.pick("ReduceSum", "ReduceMean", "ReduceMax", "ReduceMin", "ReduceProd", "ReduceL1",
                "ReduceL2", "ReduceSumSquare", "ReduceLogSumExp")
    rank = d.int(1, 4)
    axes = sorted({d.int(0, rank - 1) for _ in range(d.int(1, rank))})
    axes = [a - rank if d.int(0, 1) else a for a in axes]
    opset = d.pick(11, 13, 18)
    attrs = {"keepdims": d.int(0, 1)}
    by_input = opset >= (13 if op == "ReduceSum" else 18)
    elem = d.pick(F, F, H, D)
    elem = F if op == "ReduceProd" else elem
    constants = {}
    if d.int(0, 4):
        if by_input:
            constants["axes"] = np.array(axes, np.int64)
        else:
            attrs["axes"] = axes
    return model(op, {"x": (elem, d.shape(rank))}, {"y": elem}, opset, attrs, constants)


def batch_norm(d):
    c, rank = d.int(1, 4), d.int(2, 4)
    shape = [2, c] + d.shape(rank - 2)
    attrs = {"epsilon": 0.001} if d.int(0, 1) else {}
    elem = d.pick(F, F, H)
    kind = np.float32 if elem == F else np.float16
    p = {n: d.floats([c]).astype(kind) for n in ("s", "b", "m")}
    p["v"] = np.abs(d.floats([c])).astype(kind) + kind(0.5)
    opset = d.pick(9, 15)
    if d.int(0, 1):
        return model("BatchNormalization", {"x": (elem, shape)}, {"y": elem}, opset, attrs, p)
    m = model("BatchNormalization", {"x": (elem, shape), **{n: (elem, [c]) for n in p}},
              {"y": elem}, opset, attrs)
    return m, {"x": d.floats(shape).astype(kind), **p}, None


def layer_norm(d):
    rank = d.int(1, 4)
    shape, axis = d.shape(rank, 6), d.int(-rank, rank - 1)
    inner = shape[axis % rank:]
    inputs = {"x": (F, shape), "s": (F, inner)}
    if d.int(0, 1):
        inputs["b"] = (F, inner)
    return model("LayerNormalization", inputs, {"y": F}, 17, {"axis": axis, "epsilon": 0.01})


def rms_norm(d):
    rank = d.int(1, 4)
    shape, axis = d.shape(rank, 6), d.int(-rank, rank - 1)
    return model("RMSNormalization", {"x": (F, shape), "s": (F, shape[axis % rank:])}, {"y": F}, 23,
                 {"axis": axis, "epsilon": 0.01})


def instance_norm(d):
    c = d.int(1, 4)
    return model("InstanceNormalization", {"x": (F, [2, c, 3, 4]), "s": (F, [c]), "b": (F, [c])},
                 {"y": F}, 13)


def group_norm(d):
    g, per = d.int(1, 3), d.int(1, 3)
    opset = d.pick(21, 21)
    return model("GroupNormalization", {"x": (F, [2, g * per, 3, 4]), "s": (F, [g * per]),
                                        "b": (F, [g * per])}, {"y": F}, opset, {"num_groups": g})


def lrn(d):
    attrs = {"size": d.int(1, 5), "alpha": 0.1, "beta": d.pick(0.75, 0.5), "bias": d.pick(1.0, 2.0)}
    return model("LRN", {"x": (F, [2, d.int(1, 7), 3, 4])}, {"y": F}, 13, attrs)


def transpose(d):
    rank = d.int(1, 5)
    perm = [int(p) for p in d.rng.permutation(rank)]
    return model("Transpose", {"x": (F, d.shape(rank))}, {"y": F}, 13,
                 {"perm": perm} if d.int(0, 3) else {})


def slice_(d):
    rank = d.int(1, 4)
    shape = [d.int(2, 7) for _ in range(rank)]
    axes = [int(a) for a in d.rng.permutation(rank)[:d.int(1, rank)]]
    starts, ends, steps = [], [], []
    for a in axes:
        lo, hi, step = d.int(0, shape[a] - 1), shape[a], d.int(1, 3)
        hi = d.int(lo + 1, shape[a] + 2)
        if d.int(0, 2) == 0:
            lo, hi, step = d.int(0, shape[a] + 1), -shape[a] - 1 - d.int(0, 3), -step
        elif d.int(0, 1):
            lo -= shape[a]
        starts.append(lo)
        ends.append(hi)
        steps.append(step)
    axes = [a - rank if d.int(0, 1) else a for a in axes]
    arr = lambda v: np.array(v, d.pick(np.int64, np.int64))
    return model("Slice", {"x": (F, shape)}, {"y": F}, 13, None,
                 {"starts": arr(starts), "ends": arr(ends), "axes": arr(axes), "steps": arr(steps)})


def concat(d):
    rank = d.int(1, 4)
    axis, shape = d.int(-rank, rank - 1), d.shape(rank)
    inputs = {}
    for i in range(d.int(1, 4)):
        own = list(shape)
        own[axis % rank] = d.int(1, 3)
        inputs[f"x{i}"] = (F, own)
    return model("Concat", inputs, {"y": F}, 13, {"axis": axis})


def split(d):
    parts = [d.int(1, 3) for _ in range(d.int(1, 3))]
    shape = [2, sum(parts), 3]
    outputs = {f"y{i}": F for i in range(len(parts))}
    if d.int(0, 1):
        return model("Split", {"x": (F, shape)}, outputs, 11, {"axis": 1, "split": parts})
    return model("Split", {"x": (F, shape)}, outputs, 13, {"axis": -2},
                 {"s": np.array(parts, np.int64)})


def gather(d):
    rank = d.int(1, 3)
    shape, axis = d.shape(rank), d.int(-rank, rank - 1)
    size = shape[axis % rank]
    index = d.rng.integers(-size, size, d.shape(d.int(0, 2), 3)).astype(np.int64)
    if d.int(0, 1):
        return model("Gather", {"x": (F, shape)}, {"y": F}, 13, {"axis": axis}, {"i": index})
    m = model("Gather", {"x": (F, shape), "i": (T.INT64, list(index.shape))}, {"y": F}, 13,
              {"axis": axis})
    return m, {"x": d.floats(shape), "i": np.asarray(index)}, None


def pad(d):
    rank = d.int(1, 4)
    shape = [d.int(3, 5) for _ in range(rank)]
    mode = d.pick("constant", "constant", "edge", "reflect")
    low = -1 if mode == "constant" else 0
    pads = [d.int(low, 2) for _ in range(2 * rank)]
    value = d.pick(0.0, 1.5)

    def expected(feeds):
        x = feeds["x"][tuple(slice(max(0, -pads[i]), shape[i] - max(0, -pads[i + rank]))
                             for i in range(rank))]
        width = [(max(0, pads[i]), max(0, pads[i + rank])) for i in range(rank)]
        return [np.pad(x, width, mode, **({"constant_values": value} if mode == "constant" else {}))]
    if d.int(0, 2) == 0:
        attrs = {"pads": pads, "mode": mode, "value": value}
        return model("Pad", {"x": (F, shape)}, {"y": F}, 9, attrs), None, expected
    constants = {"p": np.array(pads, np.int64)}
    if mode == "constant" and value:
        constants["v"] = np.array(value, np.float32)
    return model("Pad", {"x": (F, shape)}, {"y": F}, 13, {"mode": mode}, constants), None, expected


def expand(d):
    a, b = broadcast_pair(d)
    return model("Expand", {"x": (F, a)}, {"y": F}, 13, None, {"s": np.array(b, np.int64)})


def tile(d):
    rank = d.int(1, 4)
    return model("Tile", {"x": (F, d.shape(rank))}, {"y": F}, 13, None,
                 {"r": np.array(d.shape(rank, 3), np.int64)})


def reshape(d):
    old, new = d.pick(([2, 3, 4], [6, 4]), ([2, 3, 4], [0, -1]), ([2, 3, 4], [4, -1]),
                      ([24], [2, 3, 2, 2]), ([2, 3, 4], [3, 2, 4]), ([1, 1], []), ([], [1, 1, 1]),
                      ([2, 1, 3], [-1]), ([6, 4], [4, 6]), ([2, 3, 1], [1, 2, 1, 3]),
                      ([4, 6, 5], [4, 2, 3, 5]), ([1, 8, 2, 2], [1, 2, 4, 2, 2]))
    return model("Reshape", {"x": (F, old)}, {"y": F}, 13, None, {"s": np.array(new, np.int64)})


def flatten(d):
    rank = d.int(1, 4)
    return model("Flatten", {"x": (F, d.shape(rank))}, {"y": F}, 13, {"axis": d.int(-rank, rank)})


def squeeze(d):
    shape = [1, 3, 1, 2]
    which = d.int(0, 3)
    if which == 0:
        return model("Squeeze", {"x": (F, shape)}, {"y": F}, 11, {"axes": [0, -2]})
    if which == 1:
        return model("Squeeze", {"x": (F, shape)}, {"y": F}, 13, None, {"a": np.array([2], np.int64)})
    if which == 2:
        return model("Unsqueeze", {"x": (F, [3, 2])}, {"y": F}, 11, {"axes": [0, 3]})
    return model("Unsqueeze", {"x": (F, [3, 2])}, {"y": F}, 13, None,
                 {"a": np.array([-1, 1], np.int64)})


def resize(d):
    attrs = {"mode": "nearest",
             "coordinate_transformation_mode": d.pick("half_pixel", "asymmetric", "align_corners",
                                                      "pytorch_half_pixel"),
             "nearest_mode": d.pick("round_prefer_floor", "round_prefer_ceil", "floor", "ceil")}
    x = {"x": (F, [1, 2, 4, 5])}
    if d.int(0, 1):
        c = {"s": np.array([1, 1, d.pick(2, 1.5, 0.5), d.pick(2, 3)], np.float32)}
        return model("Resize", x, {"y": F}, 13, attrs, c, node_inputs=["x", "", "s"])
    c = {"s": np.array([1, 2, d.int(1, 9), d.int(1, 9)], np.int64)}
    return model("Resize", x, {"y": F}, 13, attrs, c, node_inputs=["x", "", "", "s"])


def depth_to_space(d):
    if d.int(0, 1):
        return model("DepthToSpace", {"x": (F, [2, 8, 2, 3])}, {"y": F}, 13,
                     {"blocksize": 2, "mode": d.pick("DCR", "CRD")})
    return model("SpaceToDepth", {"x": (F, [2, 3, 4, 6])}, {"y": F}, 13, {"blocksize": 2})


def conv_transpose(d):
    n, group = d.pick(1, 2, 2), d.pick(1, 1, 2)
    per, filters = d.int(1, 3), d.int(1, 3)
    k, s, e = ([d.int(1, 4) for _ in range(n)], [d.int(1, 3) for _ in range(n)],
               [d.int(1, 2) for _ in range(n)])
    low, high = [d.int(0, 2) for _ in range(n)], [d.int(0, 2) for _ in range(n)]
    extra = [d.int(0, max(a, b) - 1) for a, b in zip(s, e)]
    sizes = [d.int(3, 6) for _ in range(n)]
    attrs = {"kernel_shape": k, "strides": s, "dilations": e, "group": group, "pads": low + high,
             "output_padding": extra}
    weights = [group * per, filters] + k
    bias = d.int(0, 1)
    x = {"x": (F, [2, group * per] + sizes)}
    b = {"b": (F, [group * filters])} if bias else {}
    if d.int(0, 1):
        m = model("ConvTranspose", {**x, "w": (F, weights), **b}, {"y": F}, 11, attrs)
        w = None
    else:
        w = d.floats(weights)
        m = model("ConvTranspose", {**x, **b}, {"y": F}, 11, attrs, {"w": w},
                  node_inputs=["x", "w"] + list(b))

    def expected(feeds):
        x, wt = feeds["x"], feeds["w"] if w is None else w
        full = [s[i] * (x.shape[i + 2] - 1) + extra[i] + (k[i] - 1) * e[i] + 1 for i in range(n)]
        y = np.zeros([x.shape[0], group * filters] + full)
        for g in range(group):
            xs, ws = x[:, g * per:(g + 1) * per], wt[g * per:(g + 1) * per]
            for at in np.ndindex(*x.shape[2:]):
                for tap in np.ndindex(*k):
                    p = tuple(at[i] * s[i] + tap[i] * e[i] for i in range(n))
                    y[(slice(None), slice(g * filters, (g + 1) * filters)) + p] += \
                        xs[(slice(None), slice(None)) + at] @ ws[(slice(None), slice(None)) + tap]
        y = y[(slice(None), slice(None)) + tuple(slice(low[i], full[i] - high[i]) for i in range(n))]
        if bias:
            y = y + feeds["b"].reshape([1, -1] + [1] * n)
        return [y.astype(np.float32)]
    out = [s[i] * (sizes[i] - 1) + extra[i] + (k[i] - 1) * e[i] + 1 - low[i] - high[i]
           for i in range(n)]
    if min(out) < 1:
        return conv_transpose(d)
    return m, None, expected


def quantize(d):
    kind = d.pick(np.uint8, np.int8)
    elem = helper.np_dtype_to_tensor_dtype(np.dtype(kind))
    c = d.int(1, 4)
    per_axis = d.int(0, 1)
    shape = [c] if per_axis else []
    s = (np.abs(d.floats(shape)) * 0.05 + 0.02).astype(np.float32)
    z = d.rng.integers(0, 20, shape).astype(kind)
    attrs = {"axis": 1} if per_axis else {}
    if d.int(0, 1):
        return model("QuantizeLinear", {"x": (F, [2, c, 5])}, {"y": elem}, 13, attrs,
                     {"s": np.asarray(s), "z": np.asarray(z)})
    return model("DequantizeLinear", {"x": (elem, [2, c, 5])}, {"y": F}, 21, attrs,
                 {"s": np.asarray(s), "z": np.asarray(z)})


def qlinear_conv(d):
    xk, wk = d.pick(np.uint8, np.int8), d.pick(np.uint8, np.int8)
    m, sizes = d.int(1, 3), [d.int(4, 7), d.int(4, 7)]
    attrs = window(d, 2, sizes)
    if "auto_pad" in attrs:
        attrs = {k: v for k, v in attrs.items() if k != "auto_pad"}
    per = d.int(0, 1)
    f = lambda v: np.array(v, np.float32)
    c = {"sx": f(0.02), "zx": np.array(d.int(0, 9), xk),
         "sw": (np.abs(d.floats([m])) * 0.01 + 0.01) if per else f(0.02),
         "zw": np.zeros([m], wk) if per else np.array(d.int(0, 5), wk), "sy": f(0.4),
         "zy": np.array(d.int(0, 9), xk)}
    x, w = ("x", "w")
    ex, ew = (helper.np_dtype_to_tensor_dtype(np.dtype(k)) for k in (xk, wk))
    names = [x, "sx", "zx", w, "sw", "zw", "sy", "zy"]
    inputs = {"x": (ex, [1, 2] + sizes), "w": (ew, [m, 2] + attrs["kernel_shape"])}
    if d.int(0, 1):
        inputs["b"] = (T.INT32, [m])
        names.append("b")
    return model("QLinearConv", inputs, {"y": ex}, 10, attrs, c, node_inputs=names)


def qlinear_matmul(d):
    k = d.pick(np.uint8, np.int8)
    e = helper.np_dtype_to_tensor_dtype(np.dtype(k))
    f = lambda v: np.array(v, np.float32)
    c = {"sa": f(0.02), "za": np.array(3, k), "sb": f(0.03), "zb": np.array(5, k), "sy": f(0.3),
         "zy": np.array(7, k)}
    return model("QLinearMatMul", {"a": (e, [3, 4]), "b": (e, [4, 5])}, {"y": e}, 10, None, c,
                 node_inputs=["a", "sa", "za", "b", "sb", "zb", "sy", "zy"])


def einsum(d):
    eq, a, b = d.pick(("ij,jk->ik", [2, 3], [3, 4]), ("bij,bjk->bik", [2, 3, 4], [2, 4, 5]),
                      ("bhid,bhjd->bhij", [2, 2, 3, 4], [2, 2, 5, 4]), ("ij,kj->ki", [2, 3], [4, 3]),
                      ("i,j->ij", [3], [4]), ("ij,jk", [2, 3], [3, 4]))
    return model("Einsum", {"a": (F, a), "b": (F, b)}, {"y": F}, 12, {"equation": eq})


FAMILIES = [conv, depthwise, conv_integer, max_pool, average_pool, global_pool, gemm, matmul,
            matmul_integer, binary, constant_operand, power, compare, where, logic, unary, bfloat,
            bfloat_matmul, clip, prelu, cast, softmax, reduce, batch_norm, layer_norm, rms_norm,
            instance_norm, group_norm, lrn, transpose, slice_, concat, split, gather, pad, expand,
            tile, reshape, flatten, squeeze, resize, depth_to_space, conv_transpose, quantize,
            qlinear_conv, qlinear_matmul, einsum]


def cases(n, seed):
    for i in range(n):
        for number, family in enumerate(FAMILIES):
            def make(family=family, key=(seed, i, number)):
                made = family(Draw(np.random.default_rng(key)))
                return made if isinstance(made, tuple) else (made, None, None)
            yield f"{family.__name__}-{i}", make
