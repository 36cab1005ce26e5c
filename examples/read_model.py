"""Reads a model file of annulet's with the standard library and numpy.

    python3 examples/read_model.py model.safetensors

or in a program of your own:

    tensors, about = read_model("model.safetensors")
    rows = np.loadtxt("rows.csv", delimiter=",")            # (n, features), without labels
    if "scale.shift" in tensors:
        rows = (rows - tensors["scale.shift"]) * tensors["scale.factor"]
    if about["bias"] == "true":
        rows = np.hstack([rows, np.ones((len(rows), 1))])
    x = tensors["x"].reshape(-1, rows.shape[1])             # softmax: a row per class; else one row
    scores = rows @ x.T
    labels = np.array(json.loads(about["labels"]))
    predicted = labels[scores.argmax(1) if len(x) > 1 else (scores[:, 0] > 0).astype(int)]

docs/model-file.md says what is in the file.
"""
import json
import sys

import numpy as np


def read_model(path):
    """The tensors of a model file as arrays, and what it says of the model, as text."""
    file = open(path, "rb").read()
    begin = 8 + int.from_bytes(file[:8], "little")
    header = json.loads(file[8:begin])
    about = header.pop("__metadata__")
    return {name: np.frombuffer(file[begin:][slice(*tensor["data_offsets"])], "<f4")
            for name, tensor in header.items()}, about


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("give a model file: python3 examples/read_model.py model.safetensors")
    found, text = read_model(sys.argv[1])
    for name, numbers in found.items():
        print(f"{name}: {numbers.size} numbers, the first {numbers[:3]}")
    for name, value in text.items():
        print(f"{name} = {value}")
