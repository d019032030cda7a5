#!/usr/bin/env python3
"""Changes a scheduled module at random, one edit per copy, and asks stream-verify-schedule.

    mutate.py scheduled.mlir [--count 200] [--seed 1] [--opt stream-opt] [--run convert-same_results]

Every copy must be accepted or refused with a message of a rule (or by the verifier of an op); edits that no
schedule survives (a CT that is longer, a transfer that is shorter, another source address ...) must be
refused. What is accepted must also go through `stream-lower=memories=explicit`, and, with --run, give the
results of the unscheduled order there (up to --run-limit copies). All copies are one file of parts, so one
process checks them. Prints the counts; exit code 1 if anything is not as it should be.
"""
import argparse
import bisect
import collections
import random
import re
import subprocess
import sys
import tempfile

CT, TRANSFER, RESIDENT = 'stream.ct', 'stream.transfer', 'stream.resident'


def change(pattern, line, new):
    """Replaces the first group of `pattern` in `line` by new(value); None if it is not there."""
    match = re.search(pattern, line)
    if not match:
        return None
    value = new(int(match.group(1)))
    return line[:match.start(1)] + str(value) + line[match.end(1):]


def step(rng, word=8):
    return rng.choice([1, -1, 2, -2, word, -word, 8 * word, -8 * word, 512, -512])


def shifted(rng, pattern, line, word=8):
    by = step(rng, word)
    return change(pattern, line, lambda v: v + by if v + by >= 0 else v - by)


def move(rng, line):
    by = rng.choice([1, -1, 5, -5, 100])
    match = re.search(r' at (\d+) to (\d+)', line)
    if not match or int(match.group(1)) + by < 0:
        return None
    times = ' at %d to %d' % (int(match.group(1)) + by, int(match.group(2)) + by)
    return line[:match.start()] + times + line[match.end():]


# name, op, edit of its line (None: not here), whether every such edit is illegal
EDITS = [
    ('CT moved', CT, move, False),
    ('CT longer', CT, lambda r, l: change(r' to (\d+) address', l, lambda v: v + 1), True),
    ('CT address', CT, lambda r, l: shifted(r, r' address (\d+)', l), False),
    ('CT until', CT, lambda r, l: shifted(r, r' until (\d+)', l), False),
    ('transfer moved', TRANSFER, move, False),
    ('transfer shorter', TRANSFER, lambda r, l: change(r' at \d+ to (\d+)', l, lambda v: v - 1), True),
    ('transfer rate', TRANSFER, lambda r, l: change(r' rate (\d+)', l, lambda v: v * 2), True),
    ('transfer source', TRANSFER, lambda r, l: shifted(r, r' address (\d+) to', l), False),
    ('transfer target', TRANSFER, lambda r, l: shifted(r, r' address \[(\d+)', l), False),
    ('transfer until', TRANSFER, lambda r, l: shifted(r, r' until \[(\d+)', l), False),
    ('transfer box', TRANSFER, lambda r, l: change(r'\] \[(?:\d+, )*(\d+)\] from', l,
                                                   lambda v: v - 1 if v > 1 else v + 1), False),
    ('transfer source memory', TRANSFER, lambda r, l: re.sub(r'from @\w+::', 'from @c0::', l, count=1), False),
    ('resident address', RESIDENT, lambda r, l: shifted(r, r' address (\d+)', l), False),
    ('resident until', RESIDENT, lambda r, l: shifted(r, r' until (\d+)', l), False),
]


def dropped(rng, lines, where):
    i = rng.choice(where[TRANSFER])
    text = '\n'.join(lines[:i] + lines[i + 1:])
    return re.sub(r'transfer_count = (\d+)', lambda m: 'transfer_count = %d' % (int(m.group(1)) - 1), text)


def swapped(rng, lines, where):
    """Two CTs exchange their cores."""
    i, k = rng.sample(where[CT], 2)
    core = [re.search(r' on (@\w+) ', lines[x]).group(1) for x in (i, k)]
    if core[0] == core[1]:
        return None
    lines = list(lines)
    for x, old, new in ((i, core[0], core[1]), (k, core[1], core[0])):
        lines[x] = lines[x].replace(' on %s ' % old, ' on %s ' % new, 1)
    return '\n'.join(lines)


def mutant(rng, lines, where):
    """(name of the edit, text, must be refused)"""
    while True:
        kind = rng.randrange(len(EDITS) + 4)
        if kind >= len(EDITS) + 2:
            return 'transfer dropped', dropped(rng, lines, where), False
        if kind >= len(EDITS):
            text = swapped(rng, lines, where)
            if text:
                return 'cores swapped', text, False
            continue
        name, op, edit, illegal = EDITS[kind]
        i = rng.choice(where[op])
        line = edit(rng, lines[i])
        if line and line != lines[i]:
            return name, '\n'.join(lines[:i] + [line] + lines[i + 1:]), illegal


def verdicts(opt, parts, passes):
    """For each part its first message, or None."""
    text = '\n// -----\n'.join(parts)
    run = subprocess.run([opt, '-', '--split-input-file', '-o', '/dev/null'] + passes, input=text,
                         capture_output=True, text=True)
    if run.returncode not in (0, 1):
        sys.exit('%s ended with %d:\n%s' % (opt, run.returncode, run.stderr[-2000:]))
    begin, at = {}, 1
    for i, part in enumerate(parts):
        begin[at] = i
        at += part.count('\n') + 2
    first, starts = [None] * len(parts), sorted(begin)
    for match in re.finditer(r'^<stdin>:(\d+):\d+: error: (.*)', run.stderr, re.M):
        line = int(match.group(1))
        i = begin[starts[bisect.bisect_right(starts, line) - 1]]
        first[i] = first[i] or match.group(2)
    return first, run.returncode


def run_all(program, texts):
    """None, or what went wrong."""
    with tempfile.TemporaryDirectory() as folder:
        paths = ['%s/%d.mlir' % (folder, i) for i in range(len(texts))]
        for path, text in zip(paths, texts):
            with open(path, 'w') as file:
                file.write(text)
        run = subprocess.run([program] + paths, capture_output=True, text=True)
    return None if run.returncode == 0 else 'accepted, but it computes something else:\n' + run.stdout[-600:]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('file')
    parser.add_argument('--count', type=int, default=200)
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--opt', default='stream-opt')
    parser.add_argument('--run')
    parser.add_argument('--run-limit', type=int, default=8)
    args = parser.parse_args()
    rng = random.Random(args.seed)
    printed = subprocess.run([args.opt, args.file], capture_output=True, text=True, check=True).stdout
    lines = printed.rstrip('\n').split('\n')  # one operation a line
    where = {op: [i for i, l in enumerate(lines) if op + ' ' in l] for op in (CT, TRANSFER, RESIDENT)}
    mutants = [mutant(rng, lines, where) for _ in range(args.count)]
    verify = ['--stream-verify-schedule']
    messages, code = verdicts(args.opt, ['\n'.join(lines)] + [m[1] for m in mutants], verify)
    failures = []
    if messages[0]:
        failures.append('the schedule itself: ' + messages[0])
    counts, legal, rules = collections.Counter(), [], collections.Counter()
    for (name, text, illegal), message in zip(mutants, messages[1:]):
        counts[name, message is not None] += 1
        if message is None:
            legal.append(text)
            if illegal:
                failures.append('accepted: ' + name)
        else:
            rule = re.match(r'(R\d+):', message)
            rules[rule.group(1) if rule else 'op'] += 1
            if not rule and not message.startswith("'stream."):
                failures.append('%s: no rule in: %s' % (name, message))
    if code != (1 if len(legal) < len(mutants) else 0):
        failures.append('exit code %d' % code)
    if legal:
        lowered, _ = verdicts(args.opt, legal, ['--stream-lower=memories=explicit'])
        failures += ['accepted, but not lowered: ' + m for m in lowered if m]
    if args.run and not failures:
        ran = legal[:args.run_limit]
        failures += filter(None, [run_all(args.run, ['\n'.join(lines)] + ran)])
        print('%d of the legal ones run: same results' % len(ran) if not failures else 'run')
    print('seed %d: %d mutants, %d refused, %d still legal' %
          (args.seed, len(mutants), len(mutants) - len(legal), len(legal)))
    print('by first message: ' + ', '.join('%s %d' % r for r in sorted(rules.items())))
    for name in sorted({n for n, _ in counts}):
        print('  %-22s refused %3d, legal %3d' % (name, counts[name, True], counts[name, False]))
    for failure in failures:
        print('FAILED ' + failure)
    return 1 if failures else 0


if __name__ == '__main__':
    sys.exit(main())
