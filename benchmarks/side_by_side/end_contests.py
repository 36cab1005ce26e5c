"""Runs to a target loss: the problems, the systems, and the commands that start them on a ring."""
import gzip
import sys
from dataclasses import dataclass
from pathlib import Path

import steps
from steps import FASHION

PEERS = Path(__file__).resolve().parent / "end_peers.py"
WORLD = 4
H = 16  # of all that take local steps; what the examples have
LINKS = ("fast", "weak")
IMAGES, LABELS = "train-images-idx3-ubyte", "train-labels-idx1-ubyte"
PORT = 7077
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


@dataclass(frozen=True)
class Problem:
    """target: of f over all shards. rates: the step sizes that are tried. best: what annulet adds to
    local steps here."""

    name: str
    text: str
    dimension: int
    batch: int
    target: float
    rates: tuple
    model: str
    best: dict

    def whole(self, data):
        """Where unpacked() has put it."""
        return Path(data) / "whole" / self.name

    def part(self, data, rank):
        ending = ".libsvm" if self.name == "w8a" else ""
        return Path(data) / self.name / f"part-{rank + 1}{ending}"

    def data_key(self, data):
        """For a run file."""
        whole = self.whole(data)
        return f"data.train = '{whole}'\n" if self.name == "w8a" else (
            f"data.train = {{ images = '{whole / IMAGES}', labels = '{whole / LABELS}' }}\n")


PROBLEMS = {problem.name: problem for problem in [
    Problem("w8a", "w8a, logistic regression", 300, 16, 0.14, (4, 8, 16, 32),
            '[model]\nkind = "logistic"\nl2 = "1/n"\n', {"net.exchange": "auto"}),
    Problem("mlp", "Fashion-MNIST, mlp 784-64-10", 50_890, 32, 0.5, (0.1, 0.2, 0.4, 0.8),
            '[model]\nkind = "mlp"\nlayers = [64]\nactivation = "tanh"\n', {"net.compress": "q4"}),
]}


@dataclass(frozen=True)
class System:
    """h: local steps a round. momenta: those that are tried, of annulet's rounds or PyTorch's steps."""

    name: str
    text: str
    h: int
    momenta: tuple = (0,)

    @property
    def is_ours(self):
        return self.name.startswith("annulet")


SYSTEMS = {system.name: system for system in [
    System("annulet", "annulet, best", H, (0, 0.5)),
    System("annulet:plain", "annulet, plain", H),
    System("annulet:1", "annulet, H = 1", 1),
    System("pytorch:local", "PyTorch PostLocalSGD", H, (0, 0.5)),
    System("pytorch:ddp", "PyTorch DDP", 1, (0, 0.5)),
]}


@dataclass(frozen=True)
class Settings:
    """What a search has found, or tries: step size, momentum, and local steps of each worker."""

    rate: float
    momentum: float
    steps: int


def unpacked(problem, w8a, data):
    """So that reading costs nobody more than it must; what is not there has been looked for before."""
    whole = problem.whole(data)
    whole.parent.mkdir(exist_ok=True)
    if problem.name == "w8a":
        whole.write_bytes(steps.unpacked(w8a))
        return
    whole.mkdir()
    for name in (IMAGES, LABELS):
        (whole / name).write_bytes(gzip.decompress((FASHION / f"{name}.gz").read_bytes()))


def run_file(problem, system, settings, data, link=None):
    """The text of annulet's run file. Its data are of the whole, of which each rank takes a part: so
    ranks may come in any order, and the model stays the same. link: None in a search."""
    # All systems have the congestion control that the shim gives them.
    keys = {"outer.momentum": settings.momentum, "net.congestion": "system"}
    if system.name == "annulet":
        keys.update(problem.best)
        if link and link.loss:
            keys["net.streams"] = 4
    lines = [f"{key} = {value if isinstance(value, (int, float)) else repr(value)}\n"
             for key, value in keys.items()]
    return (f"{problem.data_key(data)}{''.join(lines)}[run]\nsteps = {settings.steps}\n{problem.model}"
            f"[train]\nbatch = {problem.batch}\n"
            f'lr = {{ kind = "constant", value = {settings.rate} }}\n'
            f'[schedule]\nkind = "fixed"\nh = {system.h}\n[output]\ncheckpoint_every = "0"\n')


def ours(network, folder, programs):
    """run on rank 0, join on the others; run.toml is in folder."""
    program = programs.build / "annulet"
    where, found = f"{network.address(0)}:{PORT}", []
    for rank in range(WORLD):
        words = (["run", Path(folder) / "run.toml", "--devices", WORLD, "--listen", where] if rank == 0
                 else ["join", where])
        words += ["--token", "bench", "--json", "--out", Path(folder) / str(rank)]
        found.append((network.enter(rank) + [program, *words], {}))
    return found


def theirs(problem, system, network, data, settings, search=()):
    """PyTorch's ranks. search: further words, with which it stops at the target."""
    device = "lo" if network.link.kind == "loopback" else "eth0"
    return [(network.enter(rank) + [
        sys.executable, "-B", PEERS, problem.name, system.name.partition(":")[2],
        problem.part(data, rank), "--rank", rank, "--world", WORLD,
        "--meet", f"tcp://{network.address(0)}:{PORT}", "--batch", problem.batch, "--h", system.h,
        "--rate", settings.rate, "--momentum", settings.momentum, "--steps", settings.steps, *search],
        {**ONE_THREAD, "GLOO_SOCKET_IFNAME": device}) for rank in range(WORLD)]
