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
model = {{ {model} }}
data = {{ train = "rows.libsvm", scale = "{scale}" }}
train = {{ batch = 4, lr = {{ kind = "constant", value = 0.1 }} }}
"""


def two_labels(i):
    return -1 if i % 3 else 1


def four_labels(i):
    return i % 4


def value(i):
    return i % 7 / 4 - 0.5


# A model, and a row's label from its number.
MODELS = {
    'kind = "logistic"': two_labels,
    'kind = "logistic", bias = true': two_labels,
    'kind = "softmax"': four_labels,
    'kind = "softmax", bias = true': four_labels,
    'kind = "linear"': value,
    'kind = "linear", bias = true': value,
    'kind = "mlp", layers = [5]': four_labels,
    'kind = "mlp", layers = [5, 3], activation = "relu"': two_labels,
    'kind = "mlp", layers = [4, 3], loss = "squared"': value,
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


def probabilities_of(scores):
    if scores.shape[1] == 1:
        scores = np.hstack([np.zeros_like(scores), scores])
    return np.exp(scores) / np.exp(scores).sum(1, keepdims=True)


def check(annulet, reader, folder, out, model, scale):
    rows = make_rows()
    (folder / "rows.libsvm").write_text(libsvm(rows, MODELS[model]))
    np.savetxt(folder / "rows.csv", rows, delimiter=",")
    (folder / "run.toml").write_text(RUN_FILE.format(model=model, scale=scale))
    run(annulet, "simulate", folder / "run.toml", "--devices", "2", "--out", out)
    run(annulet, "predict", out / "model.safetensors", folder / "rows.libsvm", "-o", out / "said.csv")
    said = np.array(list(csv.reader(open(out / "said.csv")))[1:], dtype=float)

    example = documented_prediction(reader)
    example = example.replace('"model.safetensors"', repr(str(out / "model.safetensors")))
    example = example.replace('"rows.csv"', repr(str(folder / "rows.csv")))
    names = dict(vars(reader))
    exec(example, names)
    # annulet sums in float32: at most 13 products in each of three layers, of numbers below 10 and
    # each off by at most 2^-24 of it.
    tolerance = 1e-5
    predicted, about = names["predicted"], names["about"]
    if len(names["labels"]) == 0:
        assert np.abs(said[:, 0] - predicted).max() < tolerance, f"{model}, {scale}: other values"
        assert said[:, 0].std() > 0.01, f"{model}, {scale}: nothing was learnt"
    else:
        assert (said[:, 0] == predicted).all(), f"{model}, {scale}: other labels"
        theirs = probabilities_of(names["scores"])
        assert np.abs(said[:, 1:] - theirs).max() < tolerance, f"{model}, {scale}: other probabilities"
    assert about["step"] == "60" and f'"{about["objective"]}"' in model, about
    assert ("scale.shift" in names["tensors"]) == (scale == "standard"), f"{model}, {scale}"


def main(annulet, root):
    sys.dont_write_bytecode = True
    sys.path.insert(0, str(Path(root) / "examples"))
    import read_model as reader
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        cases = [(model, scale) for model in MODELS for scale in ("none", "standard")]
        for number, (model, scale) in enumerate(cases):
            check(annulet, reader, folder, folder / str(number), model, scale)
        softmax = folder / str(cases.index(('kind = "softmax", bias = true', "none")))
        shown = subprocess.run(
            [sys.executable, "-B", reader.__file__, softmax / "model.safetensors"],
            check=True, capture_output=True, text=True).stdout
        assert shown.startswith("x: 28 numbers, the first [") and "labels = [0,1,2,3]" in shown, shown


if __name__ == "__main__":
    main(*sys.argv[1:])
