#!/usr/bin/env python3
"""Counts the instructions of all-reduces and of local steps, and compares them with what is
written down in benchmarks/instructions/counts.json: a change that moves one by more than 5 % says so
there. Unlike time, the count is the same each time.

    python3 tests/instructions_test.py PROGRAM --build TYPE --compiler NAME
    ... --write    writes down what it counts

Needs valgrind. Exit codes: 0; 1 a count has moved; 77 nothing to compare with: another compiler or
kind of build than any that is written down, or no valgrind."""
import argparse
import json
import pathlib
import re
import shutil
import subprocess
import sys

COUNTS = pathlib.Path(__file__).parent.parent / "benchmarks/instructions/counts.json"
MOST_MOVED = 0.05
TIMES = {"all-reduce": (2, 12), "small-sum": (20, 220), "sparse-step": (100, 2100), "network-step": (2, 12)}
SKIPPED = 77


def count(program, what, times):
    """Of the whole program."""
    command = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", program, what, str(times)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    collected = re.search(r"Collected : (\d+)", done.stderr)
    if done.returncode or not collected:
        sys.exit(f"{' '.join(command)} failed:\n{done.stderr}")
    return int(collected[1])


def count_of_one(program, what):
    few, many = TIMES[what]
    return round((count(program, what, many) - count(program, what, few)) / (many - few))


def compare(counted, written):
    """A line for each, and whether one has moved."""
    lines, moved = [], False
    for what, now in counted.items():
        share = now / written[what] - 1
        moved |= abs(share) > MOST_MOVED
        lines.append(f"{what}: {now:,} instructions, {share:+.1%} of the {written[what]:,} written down")
    return lines, moved


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--build", required=True)
    parser.add_argument("--compiler", required=True)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    if not shutil.which("valgrind"):
        print("not counted: valgrind is not installed")
        return SKIPPED
    kind = f"{options.compiler}, {options.build}"
    table = json.loads(COUNTS.read_text()) if COUNTS.exists() else {}
    if kind not in table and not options.write:
        print(f"not counted: nothing is written down for {kind}; --write does that")
        return SKIPPED
    counted = {what: count_of_one(options.program, what) for what in TIMES}
    if options.write:
        table[kind] = counted
        COUNTS.write_text(json.dumps(table, indent=2) + "\n")
        print(f"written down for {kind}: {counted}")
        return 0
    lines, moved = compare(counted, table[kind])
    print("\n".join(lines))
    if moved:
        print(f"a count has moved by more than {MOST_MOVED:.0%}. Where that is right, write it down with --write "
              "and say so in the commit")
    return 1 if moved else 0


if __name__ == "__main__":
    sys.exit(main())
