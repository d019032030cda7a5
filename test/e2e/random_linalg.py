#!/usr/bin/env python3
"""Random linalg programs with random plans: one function of many independent ones.

    random_linalg.py SEED PROGRAMS [--plans none]

Integers throughout, so that any order of additions gives the same bits. Each program is a chain of ops on a few
values (so that diamonds occur) and returns its last value; every layer has a #stream.plan with tiles, splits or
neither. Element-wise ops may be fused behind the layer before them (residual adds too) or are forbidden to be; ops of two or
three results (of one shape, or an element-wise one and its sum) give some or all of them to others.

random_linalg.py SEED PROGRAMS --plans none leaves all plans out, for the options of the tools to decide.
"""
import random
import sys

ELEMENT = "i32"
MOST = 160  # elements of a value


def tensor(shape):
    return "tensor<" + "".join(f"{size}x" for size in shape) + ELEMENT + ">"


def volume(shape):
    product = 1
    for size in shape:
        product *= size
    return product


def dims(n):
    return ", ".join(f"d{i}" for i in range(n))


def affine(n, results):
    return f"affine_map<({dims(n)}) -> ({', '.join(results)})>"


class Value:
    def __init__(self, name, shape):
        self.name, self.shape = name, tuple(shape)


class Program:
    """Text of one program; `module` has what all share."""

    def __init__(self, module, rng):
        self.module, self.rng, self.values = module, rng, []
        rank = rng.choice([1, 2, 2, 3, 4, 4])
        self.values.append(self.argument([rng.randint(1, 5 if rank > 2 else 7) for _ in range(rank)]))

    def argument(self, shape):
        self.module.arguments.append(tensor(shape))
        return Value(f"%a{len(self.module.arguments) - 1}", shape)

    def emit(self, text, shape=None):
        if shape is None:
            self.module.lines.append("    " + text)
            return None
        name = self.module.name()
        self.module.lines.append(f"    {name} = {text}")
        value = Value(name, shape)
        return value

    def keep(self, value):
        self.values.append(value)

    def empty(self, shape):
        return self.emit(f"tensor.empty() : {tensor(shape)}", shape)

    def filled(self, shape, constant="%c0"):
        to = self.empty(shape)
        return self.emit(f"linalg.fill ins({constant} : {ELEMENT}) outs({to.name} : {tensor(shape)}) -> {tensor(shape)}",
                         shape)

    def plan(self, bounds):
        """Attributes with tiles, perhaps a split of one loop, parallel or reduction."""
        rng, tile, split, divided = self.rng, [], [], 0
        if not self.module.plans:
            return ""
        for loop, bound in enumerate(bounds):
            divide = bound > 1 and divided < 3 and rng.random() < 0.45
            divided += divide
            tile.append(rng.randint((bound + 3) // 4, bound - 1) if divide else rng.choice([0, bound]))
            can_split = bound > 1 and not any(s > 1 for s in split)
            split.append(rng.randint(2, min(3, bound)) if can_split and rng.random() < 0.2 else 1)
        if rng.random() < 0.25:
            return ""
        text = f"tile = [{', '.join(map(str, tile))}]"
        if any(s > 1 for s in split):
            text += f", split = [{', '.join(map(str, split))}]"
        return f"stream.plan = #stream.plan<{text}>"

    def fusible(self, bounds):
        """Attributes of an element-wise op, which may run behind the layer before it, or not."""
        if not self.module.plans:
            return ""
        return self.rng.choice([self.plan(bounds), "", "", "stream.plan = #stream.plan<fuse = never>"])

    def ordered(self, bounds, reductions, selects=False):
        """The same for a recurrence: of its reduction loops, only the outermost is tiled, and split only if it selects."""
        rng, tile, split, outer = self.rng, [], [], True
        if not self.module.plans or rng.random() < 0.3:
            return ""
        for loop, bound in enumerate(bounds):
            outermost = outer and loop in reductions and bound > 1
            may = bound > 1 and (loop not in reductions or outermost)
            outer = outer and not outermost
            tile.append(rng.randint((bound + 3) // 4, bound - 1) if may and rng.random() < 0.5 else 0)
            split.append(rng.randint(2, min(3, bound)) if selects and outermost and rng.random() < 0.6 else 1)
        text = f"tile = [{', '.join(map(str, tile))}]"
        if any(s > 1 for s in split):
            text += f", split = [{', '.join(map(str, split))}]"
        return f"stream.plan = #stream.plan<{text}>"

    def generic(self, bounds, inputs, out, out_map, body, reductions=(), attrs=None):
        """linalg.generic; inputs are (value, map results), the body has %x0 ... and %o and gives %r."""
        n = len(bounds)
        maps = [affine(n, m) for _, m in inputs] + [affine(n, out_map)]
        kinds = ['"reduction"' if i in reductions else '"parallel"' for i in range(n)]
        plan = self.plan(bounds) if attrs is None else attrs
        ins = ""
        if inputs:
            ins = (" ins(" + ", ".join(v.name for v, _ in inputs) + " : "
                   + ", ".join(tensor(v.shape) for v, _ in inputs) + ")")
        block = ", ".join([f"%x{i}: {ELEMENT}" for i in range(len(inputs))] + [f"%o: {ELEMENT}"])
        return self.emit(
            f"linalg.generic {{indexing_maps = [{', '.join(maps)}], iterator_types = [{', '.join(kinds)}]}}{ins} "
            f"outs({out.name} : {tensor(out.shape)}){' attrs = {' + plan + '}' if plan else ''} {{\n"
            f"    ^bb0({block}):\n      {body}\n      linalg.yield %r : {ELEMENT}\n    }} -> {tensor(out.shape)}", out.shape)

    def several(self, bounds, inputs, outs, body, reductions, attrs):
        """linalg.generic of several results: outs are (value, map); the body gives %r0, %r1 ... The results, by name."""
        n, types = len(bounds), ", ".join(tensor(o.shape) for o, _ in outs)
        maps = ", ".join(affine(n, m) for _, m in inputs + outs)
        kinds = ", ".join('"reduction"' if i in reductions else '"parallel"' for i in range(n))
        block = ", ".join([f"%x{i}: {ELEMENT}" for i in range(len(inputs))] + [f"%o{i}: {ELEMENT}" for i in range(len(outs))])
        name = self.module.name()
        self.module.lines.append(
            f"    {name}:{len(outs)} = linalg.generic {{indexing_maps = [{maps}], iterator_types = [{kinds}]}} ins("
            + ", ".join(v.name for v, _ in inputs) + " : " + ", ".join(tensor(v.shape) for v, _ in inputs)
            + ") outs(" + ", ".join(o.name for o, _ in outs) + f" : {types}){' attrs = {' + attrs + '}' if attrs else ''} {{\n"
            f"    ^bb0({block}):\n      {body}\n      linalg.yield " + ", ".join(f"%r{i}" for i in range(len(outs))) + " : "
            + ", ".join([ELEMENT] * len(outs)) + f"\n    }} -> ({types})")
        return [Value(f"{name}#{i}", o.shape) for i, (o, _) in enumerate(outs)]

    def some(self, results):
        """Keeps results for later ops, and gives one."""
        for value in results:
            if self.rng.random() < 0.6:
                self.keep(value)
        return self.rng.choice(results)

    # ---- ops: each takes a value and gives a new one, or None where it does not fit

    def elementwise(self, x):
        n = len(x.shape)
        body = self.rng.choice(["%r = arith.muli %x0, %c3 : i32", "%r = arith.maxsi %x0, %c3 : i32",
                                "%i = linalg.index 0 : index\n      %j = arith.index_cast %i : index to i32\n"
                                "      %r = arith.addi %x0, %j : i32"])
        same = [f"d{i}" for i in range(n)]
        return self.generic(x.shape, [(x, same)], self.empty(x.shape), same, body, attrs=self.fusible(x.shape))

    def binary(self, x):
        same = [f"d{i}" for i in range(len(x.shape))]
        others = [v for v in self.values if v.shape == x.shape]
        y = self.rng.choice(others)
        return self.generic(x.shape, [(x, same), (y, same)], self.empty(x.shape), same,
                            "%r = arith.addi %x0, %x1 : i32", attrs=self.fusible(x.shape))

    def bias(self, x):
        same = [f"d{i}" for i in range(len(x.shape))]
        axis = self.rng.randrange(len(x.shape))
        y = self.argument([x.shape[axis]])
        return self.generic(x.shape, [(x, same), (y, [f"d{axis}"])], self.empty(x.shape), same,
                            "%r = arith.addi %x0, %x1 : i32", attrs=self.fusible(x.shape))

    def read_through(self, x):
        """Reversed, strided, upsampled, rotated by one: maps of one dimension."""
        axis, rng = self.rng.randrange(len(x.shape)), self.rng
        size = x.shape[axis]
        new, form = rng.choice([(size, f"-d{axis} + {size - 1}"), ((size + 1) // 2, f"d{axis} * 2"),
                                (2 * size, f"d{axis} floordiv 2"), (size, f"(d{axis} + 1) mod {size}"),
                                (3 * size, f"d{axis} mod {size}")])
        shape = list(x.shape)
        shape[axis] = new
        index = [f"d{i}" for i in range(len(shape))]
        through = list(index)
        through[axis] = form
        return self.generic(shape, [(x, through)], self.empty(shape), index, "%r = arith.addi %x0, %c3 : i32")

    def gather(self, x):
        """Element of the first dimension that data names; the others as they are."""
        index = [f"d{i}" for i in range(len(x.shape))]
        at = self.argument([x.shape[0]])
        name = f"%n{self.module.count}"
        self.emit(f"{name} = arith.constant {x.shape[0]} : i32")
        reads = "".join(f"%j{i} = linalg.index {i} : index\n      " for i in range(1, len(x.shape)))
        where = ", ".join(["%w"] + [f"%j{i}" for i in range(1, len(x.shape))])
        body = (f"%m = arith.remui %x0, {name} : i32\n      %w = arith.index_cast %m : i32 to index\n      {reads}"
                f"%r = tensor.extract {x.name}[{where}] : {tensor(x.shape)}")
        return self.generic(x.shape, [(at, ["d0"])], self.empty(x.shape), index, body)

    def butterfly(self, x):
        """Two results of one shape: a sum and a product with what fits."""
        same = [f"d{i}" for i in range(len(x.shape))]
        y = self.rng.choice([v for v in self.values if v.shape == x.shape] or [x])
        outs = [(self.empty(x.shape), same), (self.empty(x.shape), same)]
        return self.some(self.several(x.shape, [(x, same), (y, same)], outs,
                                      "%r0 = arith.addi %x0, %x1 : i32\n      %r1 = arith.muli %x0, %x1 : i32", (),
                                      self.plan(x.shape)))

    def argmax(self, x):
        """The largest elements along one or two dimensions and where they are: a recurrence."""
        n, rng = len(x.shape), self.rng
        axes = sorted(rng.sample(range(n), rng.randint(1, min(2, n))))
        kept = [f"d{i}" for i in range(n) if i not in axes]
        shape = [s for i, s in enumerate(x.shape) if i not in axes]
        where = "".join(f"%i{a} = linalg.index {a} : index\n      %j{a} = arith.index_cast %i{a} : index to i32\n      "
                        for a in axes)
        if len(axes) == 2:
            size = self.module.name()
            self.emit(f"{size} = arith.constant {x.shape[axes[1]]} : i32")
            where += (f"%m = arith.muli %j{axes[0]}, {size} : i32\n      "
                      f"%w = arith.addi %m, %j{axes[1]} : i32\n      ")
        at = "%w" if len(axes) == 2 else f"%j{axes[0]}"
        body = (f"{where}%g = arith.cmpi sgt, %x0, %o0 : i32\n      %r0 = arith.select %g, %x0, %o0 : i32\n      "
                f"%r1 = arith.select %g, {at}, %o1 : i32")
        outs = [(self.filled(shape, "%c3"), kept), (self.filled(shape), kept)]
        return self.some(self.several(x.shape, [(x, [f"d{i}" for i in range(n)])], outs, body, tuple(axes),
                                      self.ordered(x.shape, axes, selects=True)))

    def moments(self, x):
        """Sum, sum of squares and greatest element along one dimension: three results that add up on their own."""
        axis, n = self.rng.randrange(len(x.shape)), len(x.shape)
        kept = [f"d{i}" for i in range(n) if i != axis]
        shape = [s for i, s in enumerate(x.shape) if i != axis]
        outs = [(self.filled(shape), kept), (self.filled(shape, "%c3"), kept), (self.filled(shape), kept)]
        body = ("%r0 = arith.addi %o0, %x0 : i32\n      %q = arith.muli %x0, %x0 : i32\n      "
                "%r1 = arith.addi %q, %o1 : i32\n      %r2 = arith.maxsi %x0, %o2 : i32")
        return self.some(self.several(x.shape, [(x, [f"d{i}" for i in range(n)])], outs, body, (axis,), self.plan(x.shape)))

    def mixed(self, x):
        """An element-wise result and its sum: written through different maps."""
        axis, n = self.rng.randrange(len(x.shape)), len(x.shape)
        same = [f"d{i}" for i in range(n)]
        kept = [d for i, d in enumerate(same) if i != axis]
        shape = [s for i, s in enumerate(x.shape) if i != axis]
        outs = [(self.empty(x.shape), same), (self.filled(shape), kept)]
        return self.some(self.several(x.shape, [(x, same)], outs,
                                      "%r0 = arith.muli %x0, %c3 : i32\n      %r1 = arith.addi %o1, %r0 : i32", (axis,), ""))

    def horner(self, x):
        """A polynomial: a recurrence of one result."""
        n, rng = len(x.shape), self.rng
        axes = sorted(rng.sample(range(n), rng.randint(1, min(2, n))))
        kept = [f"d{i}" for i in range(n) if i not in axes]
        shape = [s for i, s in enumerate(x.shape) if i not in axes]
        return self.generic(x.shape, [(x, [f"d{i}" for i in range(n)])], self.filled(shape, "%c3"), kept,
                            "%p = arith.muli %o, %c3 : i32\n      %r = arith.addi %p, %x0 : i32", reductions=tuple(axes),
                            attrs=self.ordered(x.shape, axes))

    def residual(self, x):
        """A convolution-like product, a bias, an activation and the sum with its input: what fuses into one kernel."""
        if len(x.shape) < 2:
            return None
        *batch, m, k = x.shape
        b = len(batch)
        y = self.argument([k, k])
        lead = [f"d{i}" for i in range(b)]
        z = self.generic((*batch, m, k, k), [(x, lead + [f"d{b}", f"d{b + 2}"]), (y, [f"d{b + 2}", f"d{b + 1}"])],
                         self.filled((*batch, m, k)), lead + [f"d{b}", f"d{b + 1}"],
                         "%p = arith.muli %x0, %x1 : i32\n      %r = arith.addi %o, %p : i32", reductions=(b + 2,),
                         attrs=self.rng.choice(["", self.plan((*batch, m, k, k))]))
        same = [f"d{i}" for i in range(b + 2)]
        bias = self.argument([k])
        z = self.generic(x.shape, [(z, same), (bias, [f"d{b + 1}"])], self.empty(x.shape), same,
                         "%r = arith.addi %x0, %x1 : i32", attrs=self.fusible(x.shape))
        z = self.generic(x.shape, [(z, same)], self.empty(x.shape), same, "%r = arith.maxsi %x0, %c0 : i32",
                         attrs=self.fusible(x.shape))
        return self.generic(x.shape, [(z, same), (x, same)], self.empty(x.shape), same, "%r = arith.addi %x0, %x1 : i32",
                            attrs=self.fusible(x.shape))

    def reduce(self, x):
        axis = self.rng.randrange(len(x.shape))
        n = len(x.shape)
        kept = [f"d{i}" for i in range(n) if i != axis]
        shape = [s for i, s in enumerate(x.shape) if i != axis]
        op = self.rng.choice(["addi", "maxsi", "muli"])
        return self.generic(x.shape, [(x, [f"d{i}" for i in range(n)])], self.filled(shape, "%c3"), kept,
                            f"%r = arith.{op} %o, %x0 : i32", reductions=(axis,))

    def matmul(self, x):
        if len(x.shape) < 2:
            return None
        *batch, m, k = x.shape
        n = self.rng.randint(1, 5)
        b = len(batch)
        y = self.argument([k, n])
        lead = [f"d{i}" for i in range(b)]
        bounds = (*batch, m, n, k)
        return self.generic(bounds, [(x, lead + [f"d{b}", f"d{b + 2}"]), (y, [f"d{b + 2}", f"d{b + 1}"])],
                            self.filled((*batch, m, n)), lead + [f"d{b}", f"d{b + 1}"],
                            "%p = arith.muli %x0, %x1 : i32\n      %r = arith.addi %o, %p : i32",
                            reductions=(b + 2,))

    def window(self, x):
        """Convolution, depthwise convolution or pool along the last one or two dimensions."""
        rng = self.rng
        spatial = rng.randint(1, 2)
        if len(x.shape) < spatial + 1:
            return None
        pads = [rng.randint(0, 2) for _ in range(2 * spatial)]
        x = self.padded(x, [0] * (len(x.shape) - spatial) + pads[:spatial],
                        [0] * (len(x.shape) - spatial) + pads[spatial:])
        lead, sizes = x.shape[:-spatial], x.shape[-spatial:]
        stride = [rng.randint(1, 3) for _ in sizes]
        dilation = [rng.randint(1, 2) for _ in sizes]
        kernel = [rng.randint(1, 3) for _ in sizes]
        outs = [(s - d * (k - 1) - 1) // t + 1 for s, d, k, t in zip(sizes, dilation, kernel, stride)]
        if min(outs) < 1:
            return None
        kind = rng.choice(["conv", "depthwise", "max"])
        if kind == "conv":
            lead, channels = lead[:-1], lead[-1]
            features = rng.randint(1, 4)
            front = [f"d{i}" for i in range(len(lead))]
            f, o = len(lead), len(lead) + 1
            c = o + spatial
            w = c + 1
            bounds = (*lead, features, *outs, channels, *kernel)
            reductions = tuple(range(c, len(bounds)))
            extra = [(self.argument([features, channels, *kernel]),
                      [f"d{f}", f"d{c}"] + [f"d{w + i}" for i in range(spatial)])]
            x_map = front + [f"d{c}"]
            out_map = front + [f"d{f}"] + [f"d{o + i}" for i in range(spatial)]
            shape = (*lead, features, *outs)
        else:
            front = [f"d{i}" for i in range(len(lead))]
            o = len(lead)
            w = o + spatial
            bounds = (*lead, *outs, *kernel)
            reductions = tuple(range(w, len(bounds)))
            taps = [f"d{w + i}" for i in range(spatial)]
            extra = [(self.argument([lead[-1], *kernel]), [front[-1]] + taps)] if kind == "depthwise" else \
                [(self.empty(kernel), taps)]
            x_map, shape = front, (*lead, *outs)
            out_map = front + [f"d{o + i}" for i in range(spatial)]
        at = [f"d{o + i} * {stride[i]} + d{w + i} * {dilation[i]}" for i in range(spatial)]
        body = ("%r = arith.maxsi %o, %x0 : i32" if kind == "max" else
                "%p = arith.muli %x0, %x1 : i32\n      %r = arith.addi %o, %p : i32")
        return self.generic(bounds, [(x, x_map + at)] + extra, self.filled(shape), out_map, body, reductions)

    # ---- data movement

    def padded(self, x, low, high):
        if not any(low) and not any(high):
            return x
        shape = [a + s + b for a, s, b in zip(low, x.shape, high)]
        block = ", ".join(f"%p{i}: index" for i in range(len(shape)))
        return self.emit(f"tensor.pad {x.name} low[{', '.join(map(str, low))}] high[{', '.join(map(str, high))}] {{\n"
                         f"    ^bb0({block}):\n      tensor.yield %c3 : {ELEMENT}\n"
                         f"    }} : {tensor(x.shape)} to {tensor(shape)}", shape)

    def pad(self, x):
        return self.padded(x, [self.rng.randint(0, 2) for _ in x.shape], [self.rng.randint(0, 2) for _ in x.shape])

    def transpose(self, x):
        order = list(range(len(x.shape)))
        self.rng.shuffle(order)
        shape = [x.shape[i] for i in order]
        to = self.empty(shape)
        return self.emit(f"linalg.transpose ins({x.name} : {tensor(x.shape)}) outs({to.name} : {tensor(shape)}) "
                         f"permutation = [{', '.join(map(str, order))}]", shape)

    def broadcast(self, x):
        if len(x.shape) > 3:
            return None
        at, size = self.rng.randint(0, len(x.shape)), self.rng.randint(1, 3)
        shape = list(x.shape[:at]) + [size] + list(x.shape[at:])
        to = self.empty(shape)
        return self.emit(f"linalg.broadcast ins({x.name} : {tensor(x.shape)}) outs({to.name} : {tensor(shape)}) "
                         f"dimensions = [{at}]", shape)

    def collapse(self, x):
        if len(x.shape) < 2:
            return None
        at = self.rng.randrange(len(x.shape) - 1)
        groups = [[i] for i in range(at)] + [[at, at + 1]] + [[i] for i in range(at + 2, len(x.shape))]
        shape = list(x.shape[:at]) + [x.shape[at] * x.shape[at + 1]] + list(x.shape[at + 2:])
        return self.emit(f"tensor.collapse_shape {x.name} {groups} : {tensor(x.shape)} into {tensor(shape)}", shape)

    def expand(self, x):
        choices = [(i, f) for i, s in enumerate(x.shape) for f in range(2, s) if s % f == 0]
        if not choices or len(x.shape) > 3:
            return None
        at, factor = self.rng.choice(choices)
        groups = [[i] for i in range(at)] + [[at, at + 1]] + [[i + 1] for i in range(at + 1, len(x.shape))]
        shape = list(x.shape[:at]) + [factor, x.shape[at] // factor] + list(x.shape[at + 1:])
        return self.emit(f"tensor.expand_shape {x.name} {groups} output_shape {shape} : {tensor(x.shape)} into "
                         f"{tensor(shape)}", shape)

    def slice(self, x):
        rng, offset, size, stride = self.rng, [], [], []
        for s in x.shape:
            stride.append(rng.choice([1, 1, 2]))
            offset.append(rng.randint(0, (s - 1) // 2))
            size.append(rng.randint(1, (s - offset[-1] - 1) // stride[-1] + 1))
        return self.emit(f"tensor.extract_slice {x.name}{offset} {size} {stride} : {tensor(x.shape)} to {tensor(size)}",
                         size)

    def insert(self, x):
        rng = self.rng
        stride = [rng.choice([1, 1, 2]) for _ in x.shape]
        offset = [rng.randint(0, 1) for _ in x.shape]
        shape = [o + (s - 1) * t + 1 + rng.randint(0, 1) for o, s, t in zip(offset, x.shape, stride)]
        to = self.filled(shape)
        return self.emit(f"tensor.insert_slice {x.name} into {to.name}{offset} {list(x.shape)} {stride} : "
                         f"{tensor(x.shape)} into {tensor(shape)}", shape)

    def concat(self, x):
        axis = self.rng.randrange(len(x.shape))
        fits = [v for v in self.values if len(v.shape) == len(x.shape)
                and all(a == b or i == axis for i, (a, b) in enumerate(zip(v.shape, x.shape)))]
        y = self.rng.choice(fits)
        shape = list(x.shape)
        shape[axis] += y.shape[axis]
        return self.emit(f"tensor.concat dim({axis}) {x.name}, {y.name} : ({tensor(x.shape)}, {tensor(y.shape)}) -> "
                         f"{tensor(shape)}", shape)

    def run(self):
        layers = [self.elementwise, self.binary, self.bias, self.read_through, self.gather, self.reduce, self.matmul,
                  self.window, self.window, self.butterfly, self.argmax, self.moments, self.mixed, self.horner, self.residual]
        moves = [self.pad, self.transpose, self.broadcast, self.collapse, self.expand, self.slice, self.insert,
                 self.concat]
        for _ in range(self.rng.randint(2, 6)):
            x = self.values[-1] if self.rng.random() < 0.8 else self.rng.choice(self.values)
            op = self.rng.choice(layers if self.rng.random() < 0.6 else moves)
            result = op(x) if x.shape else None
            if result and volume(result.shape) <= MOST and result.shape:
                self.keep(result)
        last = self.values[-1]
        same = [f"d{i}" for i in range(len(last.shape))]
        return self.generic(last.shape, [(last, same)], self.empty(last.shape), same, "%r = arith.addi %x0, %x0 : i32",
                            attrs=self.plan(last.shape))


class Module:
    def __init__(self, plans):
        self.arguments, self.lines, self.count, self.plans = [], [], 0, plans

    def name(self):
        self.count += 1
        return f"%v{self.count}"


def main(seed, programs, plans):
    rng = random.Random(seed)
    module = Module(plans)
    results = [Program(module, rng).run() for _ in range(programs)]
    types = ", ".join(tensor(r.shape) for r in results)
    arguments = ", ".join(f"%a{i}: {t}" for i, t in enumerate(module.arguments))
    print(f"func.func @main({arguments}) -> ({types}) {{")
    print("    %c0 = arith.constant 0 : i32\n    %c3 = arith.constant 3 : i32")
    print("\n".join(module.lines))
    print(f"    return {', '.join(r.name for r in results)} : {types}\n}}")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:] != ["--plans", "none"])
