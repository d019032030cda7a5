#!/usr/bin/env python3
"""Times ZigZag and our cost model on the same layers and core in one run, and prints a table for
docs/performance.md.

    python3 -m venv VENV && VENV/bin/pip install zigzag-dse==3.8.5
    VENV/bin/python bench/cost_vs_zigzag.py BUILD [--skip-network]

BUILD is a Release build with -DSTREAM_BENCH=ON. The core and mapping files are the ones that the
package brings (tpu_like; edge_tpu_like, ascend_like and meta_prototype for the four cores); the
layers are ResNet-18's. --skip-network leaves out ZigZag's run over the whole network, which takes
minutes. Times are CPU time.
"""

import logging
import os
import pathlib
import subprocess
import sys
import tempfile
import time

import yaml
import zigzag
from zigzag.api import get_hardware_performance_zigzag
from zigzag.cost_model.cost_model import CostModelEvaluation
from zigzag.stages.evaluation import cost_model_evaluation

INPUTS = pathlib.Path(zigzag.__file__).parent / "inputs"
CORES = {"tpu_like": "tpu_like", "edge_tpu_like": "edge_tpu_like", "ascend_like": "ascend_like",
         "meta_prototype": "meta_prototype_like"}

# K, C, OX = OY, FX = FY, stride: the convolutions of ResNet-18 in order; the classifier is 1x1.
BLOCKS = [(64, 64, 56, 3, 1)] * 4
for channels, size in ((128, 28), (256, 14), (512, 7)):
    BLOCKS += [(channels, channels // 2, size, 3, 2), (channels, channels, size, 3, 1),
               (channels, channels // 2, size, 1, 2), (channels, channels, size, 3, 1),
               (channels, channels, size, 3, 1)]
RESNET18 = [(64, 3, 112, 7, 2)] + BLOCKS + [(1000, 512, 1, 1, 1)]
CONV = (64, 64, 56, 3, 1)


def layer(index, shape):
    """A convolution in ZigZag's workload form."""
    k, c, size, kernel, stride = shape
    pad = kernel // 2
    return {
        "id": index, "operator_type": "Conv",
        "equation": "O[b][k][oy][ox]+=W[k][c][fy][fx]*I[b][c][iy][ix]",
        "dimension_relations": [f"ix={stride}*ox+1*fx", f"iy={stride}*oy+1*fy"],
        "loop_dims": ["B", "K", "C", "OY", "OX", "FY", "FX"],
        "loop_sizes": [1, k, c, size, size, kernel, kernel],
        "operand_precision": {"W": 8, "I": 8, "O": 16, "O_final": 8},
        "pr_loop_dims": ["IX", "IY"], "padding": [[pad, pad], [pad, pad]],
        "operand_source": {"I": index, "W": index},
    }


def write(path, layers):
    path.write_text(yaml.safe_dump(layers))
    return str(path)


def run_zigzag(workload, folder):
    """CPU seconds of ZigZag's search over a workload file, and its number of evaluations."""
    evaluations = 0
    original = CostModelEvaluation.__init__
    last = {}

    def counting(self, **kwargs):
        nonlocal evaluations
        evaluations += 1
        last.update(kwargs)
        original(self, **kwargs)

    CostModelEvaluation.__init__ = counting
    start = time.process_time()
    get_hardware_performance_zigzag(
        workload, str(INPUTS / "hardware/tpu_like.yaml"), str(INPUTS / "mapping/tpu_like.yaml"),
        dump_folder=str(folder), lpf_limit=6, loma_show_progress_bar=False)
    seconds = time.process_time() - start
    CostModelEvaluation.__init__ = original
    return seconds, evaluations, last


def one_evaluation(kwargs):
    """CPU seconds of one evaluation of a given mapping: the least of several."""
    times = []
    for _ in range(30):
        start = time.process_time()
        cost_model_evaluation.CostModelEvaluation(**kwargs)
        times.append(time.process_time() - start)
    return min(times)


def ours(build, workload, mapping_of):
    arguments = [str(pathlib.Path(build) / "bin/bench-cost"), workload]
    for core, mapping in mapping_of.items():
        arguments += [str(INPUTS / f"hardware/{core}.yaml"), str(INPUTS / f"mapping/{mapping}.yaml")]
    text = subprocess.run(arguments, check=True, stdout=subprocess.PIPE, text=True).stdout
    return {name: float(value) for name, value in (line.split() for line in text.splitlines())}


def row(what, theirs, mine, unit):
    ratio = f"{theirs / mine:,.0f}" if theirs else ""
    print(f"| {what} | {f'{theirs:,.3g}' if theirs else ''} | {mine:,.3g} | {unit} | {ratio} |")


def main():
    build, skip = sys.argv[1], "--skip-network" in sys.argv
    logging.disable(logging.CRITICAL)
    folder = pathlib.Path(tempfile.mkdtemp())
    conv = write(folder / "conv.yaml", [layer(0, CONV)])
    network = write(folder / "resnet18.yaml", [layer(i, s) for i, s in enumerate(RESNET18)])
    search, orders, kwargs = run_zigzag(conv, folder)
    evaluation = one_evaluation(kwargs)
    whole = None if skip else run_zigzag(network, folder)[0]
    single = ours(build, conv, {"tpu_like": "tpu_like"})
    mine = ours(build, network, CORES)
    print("| | ZigZag 3.8.5 | here | unit | ratio |\n|---|---|---|---|---|")
    row("one evaluation of a given mapping", evaluation * 1e6, single["evaluation_us"], "us")
    row(f"one convolution, {orders} and {single['search_orders']:.0f} orders", search * 1e3,
        single["search_ms"], "ms")
    row(f"ResNet-18 ({len(RESNET18)} layers)", whole and whole * 1e3, mine["network_ms"], "ms")
    for objective in ("latency", "energy", "edp"):
        row(f"ResNet-18, exact {objective} ({mine[f'exact_{objective}_proven']:.0f} proven)", None,
            mine[f"exact_{objective}_ms"], "ms")
    row(f"{mine['cores_layers']:.0f} distinct layers on four cores, exact latency, 2 threads, wall "
        "clock", None, mine["cores_ms"], "ms")
    row("the same, CPU time of both threads", None, mine["cores_cpu_ms"], "ms")


if __name__ == "__main__":
    os.environ.setdefault("MPLBACKEND", "Agg")
    main()
