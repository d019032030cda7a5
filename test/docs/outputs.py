#!/usr/bin/env python3
"""Checks what a documentation file says that its commands print.

    outputs.py FILE.md --source DIR --build DIR

Every line of a plain ``` block that follows a ```sh block, before the next one, must be a line of that
command's output. The commands run in the source tree, with build/ replaced by the build's directory.
"""
import argparse
import re
import subprocess
import sys


def blocks(path):
    """(language, text) of every fenced block, in order."""
    text = open(path, encoding="utf-8").read()
    return re.findall(r"^```(\w*)\n(.*?)^```$", text, re.M | re.S)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("file")
    parser.add_argument("--source", required=True)
    parser.add_argument("--build", required=True)
    args = parser.parse_args()
    printed, checked, missing = None, 0, 0
    for language, text in blocks(args.file):
        if language == "sh":
            script = text.replace("build/bin/", args.build + "/bin/")
            done = subprocess.run(["bash", "-euo", "pipefail", "-c", script], cwd=args.source,
                                  text=True, stdout=subprocess.PIPE)
            if done.returncode != 0:
                sys.exit(f"{args.file}: exit code {done.returncode}: {text}")
            printed = done.stdout.splitlines()
        elif language == "" and printed is not None:
            for line in text.splitlines():
                checked += 1
                if line not in printed:
                    missing += 1
                    print(f"{args.file}: not printed: {line}")
            printed = None
    print(f"{checked - missing} of {checked} lines")
    sys.exit(missing > 0 or checked == 0)


if __name__ == "__main__":
    main()
