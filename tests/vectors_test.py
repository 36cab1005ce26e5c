#!/usr/bin/env python3
"""Are the loops of sums, q8 and q4 vector code in the program for 64-bit ARM?

    vectors_test.py BUILD

BUILD is the folder of that board's build. Its own compile commands are run again without link-time
optimisation, for what the compiler makes of each file. Exit codes: 0; 1 a loop is not, which is said.
"""
import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

# What a loop must have, at least once: NEON on four floats, or on the bytes of sixteen.
ADD = r"\bfadd\s+v\d+\.4s"
CODEC = {"the greatest of a block": r"\bsmax\s+v\d+\.4s", "encode": r"\buzp1\s+v\d+\.16b",
         "decode": r"\bscvtf\s+v\d+\.4s", "decode and add": ADD}
LOOPS = {"transport/codec_q8.cpp": CODEC, "transport/codec_q4.cpp": CODEC,
         "transport/vector_sum.cpp": {"add": ADD}}


def assembly(entry):
    words = [word for word in shlex.split(entry["command"])
             if word not in ("ccache", "-fno-fat-lto-objects") and not word.startswith("-flto")]
    words[words.index("-o") + 1] = "-"
    words[words.index("-c")] = "-S"
    return subprocess.run(words, cwd=entry["directory"], stdout=subprocess.PIPE, text=True, timeout=300,
                          check=True).stdout


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    entries = json.loads((Path(sys.argv[1]) / "compile_commands.json").read_text(encoding="utf-8"))
    missing = []
    for file, loops in LOOPS.items():
        entry = next((entry for entry in entries if entry["file"].endswith(file)), None)
        if entry is None:
            sys.exit(f"{file} is not compiled there")
        text = assembly(entry)
        missing += [f"{file}: {loop}" for loop, pattern in loops.items() if not re.search(pattern, text)]
    for line in missing:
        print(f"{line}: no vector code; which options has it in its CMakeLists.txt?")
    count = sum(map(len, LOOPS.values()))
    print(f"{count - len(missing)} of {count} loops are vector code")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
