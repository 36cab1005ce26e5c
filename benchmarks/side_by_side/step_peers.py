"""Local steps of scikit-learn and PyTorch, timed; called by steps.py for each measurement.

    step_peers.py (scikit-learn | PyTorch) DATA --batch B --hidden N --seconds S

Prints one JSON object with steps_per_second, the median of the repetitions that fit into S.
"""
import argparse
import gzip
import json
import lzma
import statistics
import time
from pathlib import Path

import numpy


def rate(work, steps, seconds):
    """steps: of one call of work, which is called once to warm up."""
    work()
    times, end = [], time.perf_counter() + seconds
    while not times or time.perf_counter() < end:
        begin = time.perf_counter()
        work()
        times.append(time.perf_counter() - begin)
    return steps / statistics.median(times)


def sgd_classifier(options):
    from sklearn.datasets import load_svmlight_file
    from sklearn.linear_model import SGDClassifier

    with lzma.open(options.data) as file:
        rows, labels = load_svmlight_file(file)
    epochs = 100  # so that what fit() does besides is little: with 5 it was a fifth of the time

    def fit():
        SGDClassifier(loss="log_loss", alpha=1 / rows.shape[0], max_iter=epochs, tol=None,
                      fit_intercept=False, learning_rate="constant", eta0=0.1, shuffle=True,
                      random_state=1).fit(rows, labels)
    return rate(fit, epochs * rows.shape[0], options.seconds)


def pictures(folder):
    """Fashion-MNIST as numbers from 0 to 1; without it as many made rows."""
    if not folder.is_dir():
        draw = numpy.random.default_rng(1)
        return draw.random((10_000, 784), numpy.float32), draw.integers(0, 10, 10_000)
    with gzip.open(folder / "train-images-idx3-ubyte.gz") as file:
        images = numpy.frombuffer(file.read(), numpy.uint8, offset=16).reshape(-1, 784)
    with gzip.open(folder / "train-labels-idx1-ubyte.gz") as file:
        labels = numpy.frombuffer(file.read(), numpy.uint8, offset=8)
    return images.astype(numpy.float32) / 255, labels.astype(numpy.int64)


def torch_network(options):
    import torch

    torch.set_num_threads(1)
    torch.manual_seed(1)
    images, labels = map(torch.from_numpy, pictures(options.data))
    count = images.shape[0]
    layers = [torch.nn.Linear(784, 10)]
    if options.hidden:
        layers = [torch.nn.Linear(784, options.hidden), torch.nn.ReLU(),
                  torch.nn.Linear(options.hidden, 10)]
    network = torch.nn.Sequential(*layers)
    optimiser = torch.optim.SGD(network.parameters(), lr=1e-3)
    loss = torch.nn.CrossEntropyLoss()
    steps = 50

    def train():
        for _ in range(steps):
            chosen = torch.randint(0, count, (options.batch,))
            optimiser.zero_grad()
            loss(network(images[chosen]), labels[chosen]).backward()
            optimiser.step()
    return rate(train, steps, options.seconds)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("who", choices=["scikit-learn", "PyTorch"])
    parser.add_argument("data", type=Path)
    parser.add_argument("--batch", type=int)
    parser.add_argument("--hidden", type=int)
    parser.add_argument("--seconds", type=float)
    options = parser.parse_args()
    work = sgd_classifier if options.who == "scikit-learn" else torch_network
    print(json.dumps({"steps_per_second": work(options)}))


if __name__ == "__main__":
    main()
