"""Runs the commands of a page as they are printed there, and compares what they print.

    python3 tests/tour.py PAGE --program DIR --at DIR   every `console` block of the page, in order
    python3 tests/tour.py --self-test                   checks that the comparison can fail

A line of a block that starts with "$ " is a command; what follows is what it prints on standard
output (progress goes to the other one). "..." as a line stands for any lines; the time that
something took ("1.6 s", "40 ms", "2 min 3 s") may differ, and so may control bytes, as the run file
travels with the paths of its data, by a fifth. A number of seven digits and more is what a float32
holds, whose last digits are those of the processor (it may multiply and add with one rounding or
two): it may differ by a hundred-thousandth. Every other character must be as printed.
Commands run in the folder --at, all in one, with the folder --program first in PATH.
"""
import argparse
import os
import re
import subprocess
import sys
from pathlib import Path

SECONDS = 300  # after which a command counts as hung
TIME = re.compile(r"\b\d[\d,.]*( ?(ns|us|ms|s|min|h))\b( \d+ (ms|s|min))?")
CONTROL = re.compile(r"\bcontrol (\d[\d.]*) (k?)B\b")
FIFTH = 0.2
FLOAT32 = re.compile(r"\b\d+\.\d+\b")
FLOAT32_DIGITS = 7  # from here on, digits differ between processors
HUNDRED_THOUSANDTH = 1e-5


def blocks(page):
    """(line number, [(command, [expected lines])]) of each console block."""
    found, steps, inside = [], [], False
    for number, line in enumerate(page.splitlines(), 1):
        if not inside:
            if line.strip() == "```console":
                inside, steps = True, []
                found.append((number, steps))
        elif line.strip() == "```":
            inside = False
        elif line.startswith("$ "):
            steps.append((line[2:], []))
        elif not steps:
            raise SystemExit(f"line {number}: a console block starts with a command, \"$ ...\"")
        elif steps[-1][0].endswith("\\") and not steps[-1][1]:
            steps[-1] = (steps[-1][0] + "\n" + line, [])
        else:
            steps[-1][1].append(line)
    return found


def is_float32(number):
    return len(number.replace(".", "").lstrip("0")) >= FLOAT32_DIGITS


def plain(line):
    """A line without what may differ: times, control bytes, last digits, the spaces of columns."""
    line = CONTROL.sub("control BYTES", TIME.sub("TIME", line))
    line = FLOAT32.sub(lambda found: "FLOAT32" if is_float32(found[0]) else found[0], line)
    return re.sub(r"\s+", " ", line).strip()


def control_bytes(line):
    return [float(number) * (1000 if kilo else 1) for number, kilo in CONTROL.findall(line)]


def float32s(line):
    return [float(number) for number in FLOAT32.findall(TIME.sub("", line)) if is_float32(number)]


def near(wanted, printed, share):
    return all(abs(a - b) <= share * a for a, b in zip(wanted, printed))


def same(wanted, printed):
    return (plain(wanted) == plain(printed)
            and near(control_bytes(wanted), control_bytes(printed), FIFTH)
            and near(float32s(wanted), float32s(printed), HUNDRED_THOUSANDTH))


def difference(expected, printed):
    """The first expected line that is not there, or None."""

    def match(i, j):
        while i < len(expected):
            if expected[i].strip() == "...":
                return any(match(i + 1, k) for k in range(j, len(printed) + 1))
            if j == len(printed) or not same(expected[i], printed[j]):
                return False
            i, j = i + 1, j + 1
        return j == len(printed)

    if match(0, 0):
        return None
    for line in expected:
        if line.strip() != "..." and not any(same(line, other) for other in printed):
            return line
    return "(the lines are there, but in another order, or there are more)"


def run(command, at, path):
    """Exit code, the lines of standard output, and all of standard error."""
    environment = {**os.environ, "PATH": path, "TERM": "dumb", "NO_COLOR": "1", "LC_ALL": "C.UTF-8"}
    done = subprocess.run(["bash", "-o", "pipefail", "-c", command], cwd=at, env=environment,
                          stdin=subprocess.DEVNULL, capture_output=True, timeout=SECONDS,
                          check=False)
    text = done.stdout.decode("utf-8", "replace")
    lines = [line for line in text.splitlines() if line.strip()]
    return done.returncode, lines, done.stderr.decode("utf-8", "replace")


def walk(page, at, path):
    failures = 0
    for number, steps in blocks(page.read_text()):
        for command, expected in steps:
            print(f"{page.name}:{number}: {command}", flush=True)
            code, printed, errors = run(command, at, path)
            expected = [line for line in expected if line.strip()]
            missing = difference(expected, printed)
            if code != 0 or missing is not None:
                failures += 1
                what = f"it ended with code {code}" if code != 0 else f"not printed: {missing}"
                print(f"  {what}\n  it printed:")
                print("".join(f"    {line}\n" for line in printed) + errors[-2000:], flush=True)
    return failures


def self_test():
    page = "text\n```console\n$ one \\\n  more\nout 1.5 s\n...\nend\n$ two\n```\n"
    assert blocks(page) == [(2, [("one \\\n  more", ["out 1.5 s", "...", "end"]), ("two", [])])]
    assert difference(["took 1.5 s", "...", "end"], ["took 22 ms", "a", "b", "end"]) is None
    assert difference(["a", "..."], ["a"]) is None
    assert difference(["model 2 kB, control 28.4 kB"], ["model 2 kB, control 31 kB"]) is None
    assert difference(["model 2 kB, control 28.4 kB"], ["model 2 kB, control 99 kB"]) is not None
    assert difference(["control 1 kB"], ["control 999 B"]) is None
    assert difference(["model 2 kB, control 1 B"], ["model 3 kB, control 1 B"]) is not None
    assert difference(["loss 0.25"], ["loss 0.26"]) == "loss 0.25"
    assert difference(["1,0.0009339149,0.9990661"], ["1,0.00093391514,0.9990661"]) is None
    assert difference(["1,0.0009339149"], ["1,0.0009349149"]) is not None
    assert difference(["1,0.0009339149"], ["1,0.000934"]) is not None
    assert difference(["f 0.000934"], ["f 0.000935"]) is not None
    assert difference(["a"], ["a", "b"]) is not None
    assert difference(["a", "b"], ["b", "a"]) is not None
    assert difference(["took 1 min 3 s, 4 rounds"], ["took 2.5 s, 5 rounds"]) is not None
    assert run("exit 3", ".", os.environ["PATH"])[0] == 3
    return 0


def main():
    if sys.argv[1:] == ["--self-test"]:
        return self_test()
    parser = argparse.ArgumentParser()
    parser.add_argument("page", type=Path)
    parser.add_argument("--program", type=Path, required=True)
    parser.add_argument("--at", type=Path, required=True)
    options = parser.parse_args()
    path = f"{options.program.resolve()}:{os.environ['PATH']}"
    failures = walk(options.page, options.at, path)
    print("as printed" if failures == 0 else f"{failures} commands are not as printed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
