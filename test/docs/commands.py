#!/usr/bin/env python3
"""Runs every command shown in a documentation file.

    commands.py FILE.md --source DIR --build DIR --scratch DIR

The ```sh blocks of the file are run in order, as one script, in a scratch directory that looks like the
source tree after scripts/build: examples/, docs/ and test/ are links into it, build/bin is the build's.
Commands that are a build or a test run of their own (scripts/..., git clone, cmake, ninja) are left to
scripts/check, which runs them; `$` prompts are not used in our documents.
"""
import argparse
import os
import re
import subprocess
import sys

OWN_STEP = re.compile(r"^\s*(scripts/|git clone|cd |cmake |ninja |sudo )")


def commands(path):
    text = open(path, encoding="utf-8").read()
    lines = []
    for block in re.findall(r"^```sh\n(.*?)^```", text, re.M | re.S):
        block = block.replace("\\\n", " ")
        lines += [line for line in block.splitlines() if not OWN_STEP.match(line)]
    return lines


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("file")
    parser.add_argument("--source", required=True)
    parser.add_argument("--build", required=True)
    parser.add_argument("--scratch", required=True)
    args = parser.parse_args()
    lines = commands(args.file)
    os.makedirs(os.path.join(args.scratch, "build"), exist_ok=True)
    for name, target in (
        ("examples", os.path.join(args.source, "examples")),
        ("docs", os.path.join(args.source, "docs")),
        ("test", os.path.join(args.source, "test")),
        ("build/bin", os.path.join(args.build, "bin")),
        ("build/lib", os.path.join(args.build, "lib")),
    ):
        link = os.path.join(args.scratch, name)
        if not os.path.lexists(link):
            os.symlink(target, link)
    script = "set -euo pipefail\n" + "\n".join(lines) + "\n"
    done = subprocess.run(["bash", "-c", script], cwd=args.scratch, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode != 0:
        print(script)
        print(done.stdout)
        sys.exit(f"{args.file}: a command failed with exit code {done.returncode}")
    print(f"{args.file}: {len([l for l in lines if l.strip() and not l.startswith('#')])} commands ran")


if __name__ == "__main__":
    main()
