"""Runs examples/read_model.py on model files that runs just wrote, and predicts with it as its own
text says: the same labels and, within float32, the same values as `annulet predict`.

    python3 tests/read_model_test.py ANNULET ROOT

Exits 77 where no Python here has numpy: skipped.
"""
import csv
import os
import re
import subprocess
import sys
import tempfile
import textwrap
from pathlib import Path

SKIPPED = 77
SYSTEM_PYTHON = "/usr/bin/python3"  # where Debian's python3-numpy is, whatever comes first in PATH

try:
    import numpy as np
except ImportError:
    if Path(SYSTEM_PYTHON).exists() and not os.environ.get("ANNULET_TRIED_SYSTEM_PYTHON"):
        os.environ["ANNULET_TRIED_SYSTEM_PYTHON"] = "1"
        os.execv(SYSTEM_PYTHON, [SYSTEM_PYTHON] + sys.argv)
    print("skipped: no numpy here; install the package python3-numpy")
    sys.exit(SKIPPED)

FEATURES = 6
RUN_FILE = """
run = {{ steps = 60 }}
model = {{ kind = "{kind}", bias = {bias} }}
data = {{ train = "rows.libsvm" }}
train = {{ batch = 4, lr = {{ kind = "constant", value = 0.2 }} }}
"""
# A row's label in each kind's data, from its number.
KINDS = {
    "logistic": lambda i: -1 if i % 3 else 1,
    "softmax": lambda i: i % 4,
}


def make_rows():
    return [[((5 * i + 3 * j + i * j) % 9 - 4) / 4 for j in range(FEATURES)] for i in range(50)]


def libsvm(rows, label):
    lines = [f"{label(i)} " + " ".join(f"{j + 1}:{v}" for j, v in enumerate(row))
             for i, row in enumerate(rows)]
    return "\n".join(lines) + "\n"


def run(*words):
    subprocess.run(words, check=True, capture_output=True, text=True)


def documented_prediction(reader):
    """The lines of the module's own text that predict."""
    text = re.search(r"(?m)^    tensors, about.*?(?=^\S)", reader.__doc__, re.S).group()
    return textwrap.dedent(text)


def check(annulet, reader, folder, kind, bias):
    rows = make_rows()
    (folder / "rows.libsvm").write_text(libsvm(rows, KINDS[kind]))
    np.savetxt(folder / "rows.csv", rows, delimiter=",")
    (folder / "run.toml").write_text(RUN_FILE.format(kind=kind, bias=str(bias).lower()))
    out = folder / f"{kind}-{bias}"
    run(annulet, "simulate", folder / "run.toml", "--devices", "2", "--out", out)
    run(annulet, "predict", out / "model.safetensors", folder / "rows.libsvm", "-o", out / "said.csv")
    said = list(csv.reader(open(out / "said.csv")))[1:]

    example = documented_prediction(reader)
    example = example.replace('"model.safetensors"', repr(str(out / "model.safetensors")))
    example = example.replace('"rows.csv"', repr(str(folder / "rows.csv")))
    names = dict(vars(reader))
    exec(example, names)
    assert [float(row[0]) for row in said] == list(names["predicted"]), f"{out}: other labels"
    scores = names["scores"]
    if scores.shape[1] == 1:
        scores = np.hstack([np.zeros_like(scores), scores])
    probabilities = np.exp(scores) / np.exp(scores).sum(1, keepdims=True)
    ours = np.array([row[1:] for row in said], dtype=float)
    # annulet sums in float32: seven products, each off by at most 2^-24 of scores below 10.
    assert np.abs(ours - probabilities).max() < 1e-5, f"{out}: other probabilities"
    assert names["about"]["step"] == "60" and names["about"]["objective"] == kind


def main(annulet, root):
    sys.dont_write_bytecode = True
    sys.path.insert(0, str(Path(root) / "examples"))
    import read_model as reader
    with tempfile.TemporaryDirectory() as folder:
        for kind in KINDS:
            for bias in (False, True):
                check(annulet, reader, Path(folder), kind, bias)
        shown = subprocess.run(
            [sys.executable, "-B", reader.__file__, Path(folder) / "softmax-True/model.safetensors"],
            check=True, capture_output=True, text=True).stdout
        assert shown.startswith("x: 28 numbers, the first [") and "labels = [0,1,2,3]" in shown, shown


if __name__ == "__main__":
    main(*sys.argv[1:])
