#!/usr/bin/env python3
"""bench/eight_bits.py: an imported network of floats on standard input, as the quantised one that a chip runs on standard output."""
import re
import sys


def eight_bits(text):
    """An imported network of floats with all numbers as 8-bit integers; only its shapes matter here."""
    def number(m):
        value = -128 if m[1].startswith("0x") else max(-128, min(127, round(float(m[1]))))
        return f"arith.constant {value} : i8"
    text = re.sub(r"arith\.constant (0x\w+|-?[\d.]+e?[+-]?\d*) : i8", number, text.replace("f32", "i8"))
    text = re.sub(r"dense<\[?[^>]*[.][^>]*>", "dense<1>", text)
    for old, new in (("addf", "addi"), ("mulf", "muli"), ("subf", "subi"), ("maximumf", "maxsi"), ("minimumf", "minsi"), ("divf", "divsi")):
        text = text.replace("arith." + old, "arith." + new)
    return text


if __name__ == "__main__":
    sys.stdout.write(eight_bits(sys.stdin.read()))
