#!/usr/bin/env python3
"""Tiles every .mlir file of a directory in several ways, executes, and compares bit for bit.

    matrix.py STREAM_COMPILE ACCELERATOR DIRECTORY [FILE-PATTERN [MODE-PATTERN]]

One line per file and way: "identical", "differs", or the first message. Ends with "N passed, N failed".
Reductions are cut so that sums stay in order: floats must be equal too.
"""
import fnmatch
import pathlib
import subprocess
import sys
import time

MODES = {
    "default": [],
    "rows": ["--tiles", "row=3"],
    "channels": ["--tiles", "channel=/3"],
    "odd": ["--tiles", "row=/3,channel=/2"],
    "four-cores": ["--fusion", "layer-by-layer"],
    "reduction": ["--tiles", "outer-reduction=/3"],
    "explicit": ["--tiles", "row=/2,channel=/3", "--memories", "explicit"],
    "explicit-layers": ["--fusion", "layer-by-layer", "--memories", "explicit"],
}
LIMIT_S = 1200


def run(command):
    """The word for what happened, and whether it is what should happen."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT_S, check=False)
    except subprocess.TimeoutExpired:
        return f"no answer in {LIMIT_S} s", False
    for line in done.stdout.splitlines():
        if line.startswith("executed:"):
            return line.removeprefix("executed: "), done.returncode == 0
    errors = [line for line in done.stderr.splitlines() if "error:" in line]
    return errors[0] if errors else f"exit code {done.returncode}", False


def main(compiler, accelerator, directory, files="*", modes="*"):
    passed = failed = 0
    for path in sorted(pathlib.Path(directory).glob("*.mlir")):
        for mode, options in MODES.items():
            if not fnmatch.fnmatch(path.stem, files) or not fnmatch.fnmatch(mode, modes):
                continue
            begin = time.time()
            word, good = run([compiler, str(path), "--accelerator", accelerator, "--run", "--quiet",
                              "--evaluations", "0", *options])
            passed += good
            failed += not good
            print(f"{path.stem:28} {mode:16} {time.time() - begin:6.1f} s  {word}", flush=True)
    print(f"{passed} passed, {failed} failed")
    return failed > 0


if __name__ == "__main__":
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
