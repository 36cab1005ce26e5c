"""Reads a model file of annulet's with the standard library and numpy, and predicts with it.

    python3 examples/read_model.py model.safetensors

or in a program of your own:

    tensors, about = read_model("model.safetensors")
    rows = np.loadtxt("rows.csv", delimiter=",")            # (n, features), without labels
    scores = scores_of(tensors, about, rows)                # (n, classes); else one column
    labels = np.array(json.loads(about["labels"]))          # none: the score is the value
    if len(labels) == 0:
        predicted = scores[:, 0]
    else:
        predicted = labels[scores.argmax(1) if scores.shape[1] > 1 else (scores[:, 0] > 0).astype(int)]

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


def scores_of(tensors, about, rows):
    """What the model says of each row: a score per class, one score, or the value."""
    x = tensors["x"]
    if "scale.shift" in tensors:
        rows = (rows - tensors["scale.shift"]) * tensors["scale.factor"]
    if about["objective"] == "mlp":
        return network(x, about, rows)
    if about["bias"] == "true":
        rows = np.hstack([rows, np.ones((len(rows), 1))])
    return rows @ x.reshape(-1, rows.shape[1]).T            # softmax: a row per class; else one row


def network(x, about, values):
    """Layer by layer: weights (inputs, outputs), then biases."""
    bend = np.tanh if about["activation"] == "tanh" else lambda v: np.maximum(v, 0)
    outputs = 1 if about["loss"] == "squared" else int(about["classes"])
    for width in json.loads(about["layers"]) + [outputs]:
        inputs = values.shape[1]
        weights, biases, x = np.split(x, [inputs * width, (inputs + 1) * width])
        values = values @ weights.reshape(inputs, width) + biases
        if len(x):                                          # not after the last
            values = bend(values)
    return values


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("give a model file: python3 examples/read_model.py model.safetensors")
    found, text = read_model(sys.argv[1])
    for name, numbers in found.items():
        print(f"{name}: {numbers.size} numbers, the first {numbers[:3]}")
    for name, value in text.items():
        print(f"{name} = {value}")
