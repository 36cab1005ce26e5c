"""Rounds of local steps: annulet, what a user would take instead, and Eigen's products alone."""
import lzma
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import machine
import results
from processes import MeasurementError, json_of, measured
from progress import Progress
from ring import Missing, locked
from systems import turned

PACKAGES = ("python3-sklearn", "python3-torch", "libopenblas0-pthread", "libeigen3-dev")
FASHION = Path("/usr/share/datasets/fashion-mnist")
PEERS = Path(__file__).resolve().parent / "step_peers.py"
SECONDS = 3  # a measurement
PATIENCE = 120
WIDE = "w8a and a row with column 1,000,000"  # stands for the file
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


@dataclass(frozen=True)
class Problem:
    """hidden: width of the hidden layer; 0: none. more: further options of ours, which is then
    compared with itself without them, under the name `plain`."""

    name: str
    objective: str
    batch: int
    hidden: int = 0
    more: tuple = ()
    plain: str = ""

    @property
    def is_sparse(self):
        return self.objective == "logistic"

    @property
    def peer(self):
        return "scikit-learn" if self.is_sparse else "PyTorch"


PROBLEMS = [
    Problem("w8a", "logistic", 1),
    Problem("softmax 784-10", "softmax", 32),
    Problem("mlp 784-64-10", "mlp", 32, 64),
    Problem("mlp 784-256-10", "mlp", 64, 256),
    Problem("w8a, averaged and corrected", "logistic", 1,
            more=("--average", "--correct-drift"), plain="neither"),
    Problem("w8a, d = 1,000,000", "logistic", 1, more=("--data", WIDE), plain="d = 300"),
    Problem("mlp 784-256-10, 2 threads", "mlp", 64, 256, more=("--threads", "2"), plain="1 thread"),
]


def widened(w8a, folder):
    """The same rows, as text, and one more that makes x a million long."""
    file = Path(folder) / "wide.libsvm"
    file.write_bytes(unpacked(w8a) + b"-1 1000000:1\n")
    return file


def commands(problem, w8a, wide, programs):
    """What is measured of a problem: (system, words)."""
    data = w8a if problem.is_sparse else FASHION
    ours = [programs.build / "annulet", "bench", "step", "--json", "--objective", problem.objective,
            "--batch", problem.batch, "--time", f"{SECONDS}s"]
    ours += ["--layers", problem.hidden] if problem.hidden else []
    ours += ["--data", data] if data.exists() else []
    if problem.more:
        more = [wide if word == WIDE else word for word in problem.more]
        plain = [word for word in ours if word != "--data" and word != data] if wide in more else ours
        return [("annulet", [*plain, *more]), (problem.plain, ours)]
    beside = [sys.executable, "-B", PEERS, problem.peer, data, "--batch", problem.batch,
              "--hidden", problem.hidden, "--seconds", SECONDS]
    found = [("annulet", ours), (problem.peer, beside)]
    if not problem.is_sparse:
        widths = ",".join(str(width) for width in (784, problem.hidden, 10) if width)
        found.append(("Eigen's products", [programs.of("gemm_peak"), problem.batch, widths, SECONDS]))
    return found


def unpacked(file):
    try:
        return lzma.decompress(file.read_bytes())
    except (lzma.LZMAError, EOFError):
        raise Missing(f"{file} is damaged, so nothing was measured: xz -t says where") from None


def w8a_of(options):
    file = options.data / "w8a.xz"
    if not file.is_file():
        raise Missing(f"{file} is not there: w8a comes from the LIBSVM data pages; pack it with xz")
    return file.resolve()


def time_steps(options, programs, root):
    """The exit code, which is 1 where something gave no figure, and the rows of this run."""
    w8a = w8a_of(options)
    if not FASHION.is_dir():
        print("script/bench: Fashion-MNIST is not here, so rows that are made take its place: "
              "apt-get install dataset-fashion-mnist", file=sys.stderr)
    run = machine.describe(root, programs.build, PACKAGES)
    machine.warn(run)
    partial = results.Partial(options.results / "steps.csv", results.STEPS, run)
    with tempfile.TemporaryDirectory() as folder, partial:
        wide = widened(w8a, folder)
        plan = [(problem, system, words) for problem in PROBLEMS
                for system, words in commands(problem, w8a, wide, programs)]
        failed = take_rounds(plan, options, partial)
        return (1 if failed else 0), partial.keep()


def take_rounds(plan, options, partial):
    """How many measurements failed."""
    failed = 0
    with Progress(len(plan) * options.rounds) as progress:
        for number in range(1, options.rounds + 1):
            for problem, system, words in turned(plan, number):
                progress.next(f"{problem.name}, round {number} of {options.rounds}: {system}")
                try:
                    with locked(options.lock):
                        output, _ = measured([(words, ONE_THREAD)], PATIENCE)
                    rate = json_of(output, "steps_per_second")["steps_per_second"]
                except MeasurementError as error:
                    failed += 1
                    progress.say(f"script/bench: {system} on {problem.name}: {error}; no figure of "
                                 "it, going on")
                    continue
                partial.add(round=number, problem=problem.name, batch=problem.batch, system=system,
                            steps_per_second=f"{rate:.1f}")
    return failed
