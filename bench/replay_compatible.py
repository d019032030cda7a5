#!/usr/bin/env python3
"""bench/replay_compatible.py [BUILD]: the default model's schedules beside those of the compatible mode.

Networks with 8-bit data, a core for each layer (in turn among those that can run it), rows as tiles (output channels, too,
where weights are large), so that both modes cut the same CTs. Three figures per network and accelerator, in cycles:

  compatible  by the compatible mode's own rules
  replayed    its order of CTs, on its cores, under the default rules (policy=given)
  default     the default model's order on the same cores

The last may never be later than the one before it; the exit code says so."""
import json
import os
import re
import subprocess
import sys
import tempfile

from eight_bits import eight_bits

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
NETWORKS = ["fsrcnn", "resnet18", "mobilenetv2", "resnet18_segment", "resnet50_segment"]
ACCELERATORS = ["single_core", "homogeneous_quad", "heterogeneous_quad"]
CHIPS = [("fsrcnn", "depfin", "depfin_fsrcnn"), ("resnet18_segment", "diana", "diana_resnet18"),
         ("resnet50_segment", "aimc", "aimc_resnet50")]
ROWS, WEIGHT_BITS = 4, 1 << 20
TILED = ("Conv", "MaxPool", "AveragePool", "Add", "Relu")
CT = re.compile(r'^(\s*)(%\S+) = stream\.ct @(\S+?)\((.*)\) into (%[\w#]+)\[([\d, ]*)\] (\{.*?layer = "(.*?)".*?\}) on (\S+) (.*)$')
VALUE = re.compile(r"%[\w#]+")


def run(*command):
    r = subprocess.run(command, capture_output=True, text=True)
    if r.returncode:
        raise SystemExit(" ".join(command) + ": " + r.stderr.strip()[:500])
    return r.stdout


def divisor(n, most):
    return max(k for k in range(1, min(n, most) + 1) if n % k == 0)


def make_mapping(tool, network, accelerator, scratch):
    """Path of a mapping: each layer on one core, residual adds as layers, and its tiles."""
    text = open(network).read()
    adds = [n for n in re.findall(r'stream\.layer = "(.*?)"', text) if "add" in n.lower()]
    apart, module, summary = scratch + "/apart.yaml", scratch + "/any.mlir", scratch + "/any.json"
    open(apart, "w").write("layers:\n" + "".join(f"  - name: {n}\n    fuse: never\n" for n in adds))
    run(tool("stream-compile"), network, "--accelerator", accelerator, *(["--mapping", apart] if adds else []), "--model", "simple", "--evaluations", "0",
        "--quiet", "--json", summary, "-o", module)
    cores_of_kernel, cores_of = {}, {}
    for line in open(module):
        if m := re.match(r"\s*func.func private @(\S+?)\(", line):
            cores_of_kernel[m[1]] = re.findall(r"#stream.cost<core = @(\w+)", line)
        elif m := re.search(r'stream\.ct @(\S+?)\(.*layer = "(.*?)"', line):
            cores_of.setdefault(m[2], cores_of_kernel[m[1]])
    shape, weights = {}, {}
    for m in re.finditer(r'stream\.layer = "(.*?)"[^\n]*', text):
        tensors = [[int(x) for x in t.split("x")[:-1]] for t in re.findall(r"tensor<([\dx]+i8)>", m[0])]
        if len(tensors) >= 3:
            weights[m[1]] = tensors[1]
    for m in re.finditer(r'stream\.layer = "(.*?)".*?-> tensor<(\S+?)>', text, re.S):
        shape.setdefault(m[1], [int(x) for x in m[2].split("x")[:-1]])
    summary = json.load(open(summary))
    names = [c["name"] for c in summary["cores"]]
    out, tiles, turn = ["layers:"], [], 0
    for layer in summary["layers"]:
        name, kind = layer["name"], layer["operator"]
        cores = cores_of[name]
        out += [f"  - name: {name}", "    core_allocation:", f"      - [{names.index(cores[turn % len(cores)])}]"]
        out += ["    fuse: never"] if name in adds else []
        turn += len(cores) > 1
        if kind in TILED and len(shape[name]) == 4:
            tiles += [f"      - dim: {name}.OY", f"        tile: {divisor(shape[name][2], ROWS)}"]
        w = weights.get(name, [0])
        bits = 8
        for n in w:
            bits *= n
        if kind in ("Conv", "Gemm") and bits > WEIGHT_BITS:
            k = shape[name][1]
            tiles += [f"      - dim: {name}.K", f"        tile: {divisor(k, max(1, WEIGHT_BITS * k // bits))}"]
    out += ["fused_groups:", "  - name: all", "    layers: [" + ", ".join(l["name"] for l in summary["layers"]) + "]",
            "    intra_core_tiling:"] + tiles
    path = scratch + "/mapping.yaml"
    open(path, "w").write("\n".join(out) + "\n")
    return path


def tile_key(offset):
    """The compatible mode numbers the tiles of a layer by output channel first, then from the innermost loop outwards."""
    o = [int(x) for x in offset.split(",")] if offset.strip() else []
    return tuple(o[:1] + o[2:] + o[1:2])


def unscheduled(text):
    lines = [l for l in text.splitlines() if "stream.transfer" not in l and "stream.resident" not in l]
    return [re.sub(r" at \d+ to \d+ address \d+ until \d+", "", l) if "stream.ct" in l else l for l in lines]


def reorder(lines, start_of):
    """The CTs in the order of start_of(layer, tile, tiles); each uses the latest value of its tensors."""
    rows = [(i, m) for i, m in ((i, CT.match(l)) for i, l in enumerate(lines)) if m]
    root, layers, order = {}, {}, []
    for i, m in rows:
        root[m[2]] = root.get(m[5], m[5])
        layers.setdefault(m[8], []).append((tile_key(m[6]), i, m))
    for layer, cts in layers.items():
        cts.sort(key=lambda c: c[0])
        order += [(start_of(layer, tile, len(cts)), i, m) for tile, (_, i, m) in enumerate(cts)]
    order.sort(key=lambda c: c[:2])
    base = lambda value: root.get(value, value)
    latest, cts = {}, []
    for n, (_, _, m) in enumerate(order):
        target = base(m[5])
        reads = VALUE.sub(lambda v: latest.get(base(v[0]), base(v[0])), m[4])
        cts.append(f"{m[1]}%ct{n} = stream.ct @{m[3]}({reads}) into {latest.get(target, target)}[{m[6]}] {m[7]} on {m[9]} {m[10]}")
        latest[target] = f"%ct{n}"
    first, last = rows[0][0], rows[-1][0]
    between = [l for l in lines[first:last + 1] if not CT.match(l)]
    after = [VALUE.sub(lambda v: latest[base(v[0])] if v[0] in root else v[0], l) for l in lines[last + 1:]]
    return lines[:first] + between + cts + after


def latency(text):
    return int(re.search(r"latency_cycles = (\d+)", text)[1])


def compare(tool, network, accelerator, mapping, scratch):
    dump, module, replayed = scratch + "/dump.json", scratch + "/default.mlir", scratch + "/replayed.mlir"
    common = [tool("stream-compile"), network, "--accelerator", accelerator, "--mapping", mapping, "--quiet"]
    run(*common, "--schedule-model", "coala-v0", "--json", dump)
    run(*common, "-o", module)
    dump = json.load(open(dump))
    starts = {}
    for node in dump["nodes"]:
        starts.setdefault(dump["layers"][node["id"][0]], {})[node["id"][1]] = (node["start"], node["id"][0])

    def start_of(layer, tile, tiles):
        if tiles != len(starts[layer]):
            raise SystemExit(f"{layer}: {tiles} CTs, {len(starts[layer])} in the compatible mode")
        return starts[layer][tile]

    text = open(module).read()
    open(replayed, "w").write("\n".join(reorder(unscheduled(text), start_of)) + "\n")
    given = latency(run(tool("stream-opt"), "--stream-schedule=policy=given", replayed))
    return len(dump["nodes"]), dump["latency"], given, latency(text)


def main():
    build = sys.argv[1] if len(sys.argv) > 1 else os.path.join(ROOT, "build")
    tool = lambda name: os.path.join(build, "bin", name)
    runs = [(n, a, None) for n in NETWORKS for a in ACCELERATORS] + CHIPS
    later = 0
    print(f"{'network':18}{'accelerator':20}{'CTs':>7}{'compatible':>13}{'replayed':>13}{'default':>13}{'replayed/default':>18}")
    for network, accelerator, mapping in runs:
        with tempfile.TemporaryDirectory() as scratch:
            path = f"{scratch}/{network}.mlir"
            open(path, "w").write(eight_bits(run(tool("stream-translate"), "--import-onnx", f"{ROOT}/examples/networks/{network}.onnx")))
            hardware = f"{ROOT}/examples/accelerators/{accelerator}.yaml"
            mapping = f"{ROOT}/examples/mappings/{mapping}.yaml" if mapping else make_mapping(tool, path, hardware, scratch)
            try:
                cts, own, replayed, default = compare(tool, path, hardware, mapping, scratch)
            except SystemExit as e:
                print(f"{network:18}{accelerator:20} {e}")
                continue
            later += default > replayed
            print(f"{network:18}{accelerator:20}{cts:7}{own:13}{replayed:13}{default:13}{replayed / default:18.3f}", flush=True)
    return later > 0


sys.exit(main())
