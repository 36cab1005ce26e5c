"""The shipped x86-64 program on this CPU and on an old one: which of its two programs runs.

    python3 tests/cpu_choice_test.py PROGRAM EMULATOR...

EMULATOR is of a CPU without AVX. Exits 77 on other machines than x86-64 ones.
"""
import os
import platform
import re
import subprocess
import sys

SKIPPED = 77
PATIENCE = 120  # seconds
# x86-64-v3, as the kernel calls its parts.
NEWER = {"avx", "avx2", "bmi1", "bmi2", "f16c", "fma", "abm", "movbe", "xsave"}


def chosen(words, **settings):
    said = subprocess.run([*words, "version"], capture_output=True, text=True, check=True,
                          timeout=PATIENCE, env={**os.environ, **settings}).stdout
    return re.search(r" for (\S+),", said)[1]


def called(program):
    """What the kernel calls the process while it runs: it dials a starter that is not there."""
    process = subprocess.Popen([program, "join", "127.0.0.1:1", "--wait", "1h"], text=True,
                               stdin=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        process.stderr.readline()  # that it dials
        with open(f"/proc/{process.pid}/comm", encoding="utf-8") as comm:
            return comm.read().strip()
    finally:
        process.kill()
        process.communicate()


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    if platform.machine() != "x86_64":
        print("skipped: no x86-64 here")
        sys.exit(SKIPPED)
    program, emulator = sys.argv[1], sys.argv[2:]
    with open("/proc/cpuinfo", encoding="utf-8") as cpu:
        flags = set(re.search(r"^flags\s*:(.*)$", cpu.read(), re.MULTILINE)[1].split())
    here = "x86-64-v3" if NEWER <= flags else "x86-64"
    assert chosen([program]) == here, f"{chosen([program])} on a CPU that is {here}"
    assert chosen([program], ANNULET_CPU="x86-64") == "x86-64"
    assert chosen([*emulator, program]) == "x86-64"
    assert called(program) == "annulet", called(program)
    print(f"here {here}, on an old CPU x86-64")


if __name__ == "__main__":
    main()
