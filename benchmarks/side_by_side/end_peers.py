"""One rank of PyTorch on Gloo, which learns from its shard; called by end.py and end_search.py.

    end_peers.py (w8a | mlp) (ddp | local) PART --rank R --world W --meet tcp://ADDR:PORT --batch B
                 --h H --rate ETA --momentum BETA --steps T [--every N --target F]

ddp: DistributedDataParallel, which averages the gradients of every step. local: steps of the rank's
own, and PostLocalSGDOptimizer averages the models after each H. With a target f is looked at every N
steps, and reaching it ends the run. Rank 0 prints one JSON object. Clocks stand still while f is found.
"""
import argparse
import json
import re
import time
from pathlib import Path

import numpy
import torch
from torch import distributed

PROBE_STEPS = 64  # that are timed alone, without averages


class Timer:
    """Seconds by the clock and of the processor."""

    def __init__(self):
        self.wall = self.cpu = 0.0

    def __enter__(self):
        self.begin = time.perf_counter(), time.process_time()
        return self

    def __exit__(self, *_):
        self.wall += time.perf_counter() - self.begin[0]
        self.cpu += time.process_time() - self.begin[1]


def idx(path, header):
    return numpy.frombuffer(path.read_bytes(), numpy.uint8, offset=header)


def rows_of(problem, part):
    """Dense float32 rows, also of w8a: on batches as small as these they are the quicker ones."""
    if problem == "w8a":
        from sklearn.datasets import load_svmlight_file

        rows, labels = load_svmlight_file(str(part), n_features=300, dtype=numpy.float32)
        return torch.from_numpy(rows.toarray()), torch.from_numpy((labels > 0).astype(numpy.float32))
    images = idx(part / "train-images-idx3-ubyte", 16).reshape(-1, 784).astype(numpy.float32) / 255
    return torch.from_numpy(images), torch.from_numpy(idx(part / "train-labels-idx1-ubyte", 8)
                                                      .astype(numpy.int64))


def model_of(problem):
    """The start of annulet's: 0, or Glorot's uniform weights, from one seed on all ranks."""
    torch.manual_seed(1)
    if problem == "w8a":
        linear = torch.nn.Linear(300, 1, bias=False)
        torch.nn.init.zeros_(linear.weight)
        return torch.nn.Sequential(linear, torch.nn.Flatten(0))
    network = torch.nn.Sequential(torch.nn.Linear(784, 64), torch.nn.Tanh(), torch.nn.Linear(64, 10))
    for layer in (network[0], network[2]):
        torch.nn.init.xavier_uniform_(layer.weight)
        torch.nn.init.zeros_(layer.bias)
    return network


class Learner:
    def __init__(self, options):
        self.options = options
        self.rows, self.labels = rows_of(options.problem, options.part)
        count = torch.tensor([float(len(self.rows))])
        distributed.all_reduce(count)
        self.count = count.item()  # of all shards
        self.l2 = 1 / self.count if options.problem == "w8a" else 0.0
        self.bare = model_of(options.problem)
        self.loss = (torch.nn.BCEWithLogitsLoss() if options.problem == "w8a"
                     else torch.nn.CrossEntropyLoss())
        local = torch.optim.SGD(self.bare.parameters(), lr=options.rate, momentum=options.momentum,
                                weight_decay=self.l2)
        if options.how == "ddp":
            self.model = torch.nn.parallel.DistributedDataParallel(self.bare)
            self.optimiser = local
        else:
            self.model, self.optimiser = self.bare, self.averaging(local)
        self.draw = torch.Generator().manual_seed(1000 + options.rank)

    def averaging(self, local):
        from torch.distributed.algorithms.model_averaging.averagers import PeriodicModelAverager
        from torch.distributed.optim import PostLocalSGDOptimizer

        # The first average comes after H steps, as all others.
        return PostLocalSGDOptimizer(local, PeriodicModelAverager(
            period=self.options.h, warmup_steps=self.options.h - 1))

    def take(self, steps, model, optimiser):
        for _ in range(steps):
            chosen = torch.randint(len(self.rows), (self.options.batch,), generator=self.draw)
            optimiser.zero_grad()
            self.loss(model(self.rows[chosen]), self.labels[chosen]).backward()
            optimiser.step()

    def objective(self):
        """f over all shards."""
        with torch.no_grad():
            mean = self.loss(self.bare(self.rows), self.labels).double() * len(self.rows) / self.count
            distributed.all_reduce(mean)
            norm = sum(parameter.double().pow(2).sum() for parameter in self.bare.parameters())
        return float(mean + self.l2 / 2 * norm)

    def learn(self):
        """(steps, f) at the end."""
        options, timer, taken, f = self.options, Timer(), 0, None
        while taken < options.steps and (f is None or f > options.target):
            distributed.barrier()
            with timer:
                chunk = min(options.every or options.steps, options.steps - taken)
                self.take(chunk, self.model, self.optimiser)
            taken += chunk
            f = self.objective()
        return timer, taken, f

    def alone(self):
        """Seconds of a step without averages, on all ranks at once, as they share the cores."""
        optimiser = torch.optim.SGD(self.bare.parameters(), lr=0.0)
        self.take(PROBE_STEPS, self.bare, optimiser)
        distributed.barrier()
        with Timer() as timer:
            self.take(PROBE_STEPS, self.bare, optimiser)
        return timer.wall / PROBE_STEPS


def peak_rss():
    with open("/proc/self/status", encoding="ascii") as file:
        return int(re.search(r"VmHWM:\s+(\d+) kB", file.read()).group(1)) * 1024


def parsed():
    words = argparse.ArgumentParser(allow_abbrev=False)
    words.add_argument("problem", choices=["w8a", "mlp"])
    words.add_argument("how", choices=["ddp", "local"])
    words.add_argument("part", type=Path)
    for name, kind in (("rank", int), ("world", int), ("meet", str), ("batch", int), ("h", int),
                       ("rate", float), ("momentum", float), ("steps", int)):
        words.add_argument(f"--{name}", type=kind, required=True)
    words.add_argument("--every", type=int, default=0)
    words.add_argument("--target", type=float, default=-1.0)
    return words.parse_args()


def main():
    options = parsed()
    torch.set_num_threads(1)
    distributed.init_process_group("gloo", init_method=options.meet, rank=options.rank,
                                   world_size=options.world)
    learner = Learner(options)
    timer, steps, f = learner.learn()
    said = {"steps": steps, "objective": f, "seconds": timer.wall, "training_cpu_s": timer.cpu}
    if not options.every:
        said["compute_s"] = steps * learner.alone()
    print(json.dumps({**said, "peak_rss_bytes": peak_rss()}))
    distributed.barrier()


if __name__ == "__main__":
    main()
