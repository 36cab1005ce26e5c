"""Rounds of whole runs to a target loss on shaped links: annulet beside PyTorch on Gloo."""
import importlib.util
import os
import sys
import tempfile
import time
from pathlib import Path

import end_search
import links
import machine
import results
import ring
from end_contests import LINKS, PROBLEMS, SYSTEMS, WORLD, ours, run_file, theirs, unpacked
from processes import MeasurementError, Together, json_of, measured
from progress import Progress
from steps import FASHION, w8a_of
from systems import turned

PACKAGES = ("python3-torch", "libgloo0", "libopenblas0-pthread")
END = ("run", "round", "link", "congestion", "problem", "system", "h", "rate", "momentum", "steps",
       "averages", "target", "objective", "seconds", "compute_s", "whole_s", "sent_bytes", "cpu_s",
       "training_cpu_s", "peak_rss_bytes")


class Counted(Together):
    """Processes whose time of the processor is counted: seconds, one for each."""

    def __init__(self):
        super().__init__()
        self.cpu = {}

    def require_well(self, number):
        process = self.processes[number]
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        self.cpu[number] = used.ru_utime + used.ru_stime
        super().require_well(number)


def sent_bytes(network):
    """What each rank's network device has sent since it was made, headers and all."""
    return [int(measured([(network.enter(rank) + ["cat", "/sys/class/net/eth0/statistics/tx_bytes"], {})],
                         10)[0]) for rank in range(network.world)]


def computing(folder):
    """Seconds of rank 0's local steps, by its log."""
    with open(Path(folder) / "0/log.jsonl", encoding="utf-8") as file:
        events = [json_of(line, "ev") for line in file]
    return sum(event["compute_s"] for event in events if event["ev"] == "round")


def patience(problem, system, settings, link):
    """Seconds: twenty times the limit for each average, and two minutes for all else."""
    return 120 + 20 * settings.steps / system.h * link.limit(WORLD, 4 * problem.dimension)


def figures(said, system, settings):
    """What the ranks themselves say, as a part of a row."""
    first = said[0]
    training = sum(each.get("training_cpu_s", 0) for each in said)
    return {"h": system.h, "rate": settings.rate, "momentum": settings.momentum, "steps": first["steps"],
            "averages": first.get("rounds", -(-first["steps"] // system.h)),
            "objective": first["objective"], "seconds": round(first["seconds"], 6),
            "training_cpu_s": round(training, 3) if training else "",
            "peak_rss_bytes": max(each["peak_rss_bytes"] for each in said)}


def run_once(problem, system, settings, network, data, congestion, programs):
    """One row, without what says where and when."""
    shim = {"LD_PRELOAD": str(programs.of("congestion.so")), "BENCH_CONGESTION": congestion}
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "run.toml").write_text(run_file(problem, system, settings, data, network.link),
                                               encoding="utf-8")
        commands = (ours(network, folder, programs) if system.is_ours
                    else theirs(problem, system, network, data, settings))
        before, begin, together = sent_bytes(network), time.monotonic(), Counted()
        try:
            for words, environment in commands:
                together.start(words, {**environment, **shim})
            together.wait(patience(problem, system, settings, network.link))
            whole = time.monotonic() - begin
            keys = ("steps", "objective", "seconds", "peak_rss_bytes")
            said = [json_of(together.said(rank)[0], *keys) for rank in range(WORLD)]
        finally:
            together.end()
        sent = sum(sent_bytes(network)) - sum(before)
        compute = computing(folder) if system.is_ours else said[0]["compute_s"]
    return {**figures(said, system, settings), "target": problem.target, "compute_s": round(compute, 6),
            "whole_s": round(whole, 3), "sent_bytes": round(sent / WORLD),
            "cpu_s": round(sum(together.cpu.values()), 3)}


def chosen(options):
    """The names of problems, systems and links of this call."""
    found = [name for name in SYSTEMS if not options.systems or name in options.systems]
    problems = [name for name in PROBLEMS if not options.problems or name in options.problems]
    if "mlp" in problems and not FASHION.is_dir():
        print("script/bench: Fashion-MNIST is not here, so mlp is left out: apt-get install "
              "dataset-fashion-mnist", file=sys.stderr)
        problems.remove("mlp")
    if not all(map(importlib.util.find_spec, ("torch", "sklearn"))):
        print("script/bench: PyTorch or scikit-learn is not here, so PyTorch is left out: "
              "apt-get install python3-torch python3-sklearn", file=sys.stderr)
        found = [name for name in found if SYSTEMS[name].is_ours]
    return problems, found, [name for name in LINKS if name in options.links]


class Run:
    """One call of `script/bench end`."""

    def __init__(self, options, programs, root):
        self.options, self.programs, self.root = options, programs, root
        self.w8a = w8a_of(options)
        self.problems, self.systems, self.links = chosen(options)
        self.run = machine.describe(root, programs.build, PACKAGES)
        machine.warn(self.run)
        self.failed = 0

    def split(self, data):
        """The whole of each, and the parts that the ranks of annulet take of it."""
        for name in self.problems:
            problem = PROBLEMS[name]
            unpacked(problem, self.w8a, data)
            words = [self.programs.build / "annulet", "data", "split", problem.whole(data),
                     "-n", WORLD, "--by", "iid", "-o", Path(data) / name]
            measured([(words, {})], 60)

    def search(self, data):
        """Fills the grid where it has nothing, or with --search anew."""
        rows = [] if self.options.search else end_search.grid_of(self.options.results)
        wanted = end_search.missing(rows, self.problems, self.systems)
        if not wanted:
            return
        partial = results.Partial(self.options.results / "end-grid.csv", end_search.GRID, self.run)
        with partial:
            with Progress(len(wanted)) as progress:
                self.failed += end_search.search(wanted, self.options, self.programs, data, partial,
                                                 progress)
            partial.keep()

    def one(self, system, problem, settings, network, number, data):
        link, options = network.link, self.options
        self.progress.next(f"{problem.text}, {link.text}, round {number} of {options.rounds}: "
                           f"{system.text}")
        try:
            with ring.locked(options.lock):
                row = run_once(problem, system, settings, network, data, options.congestion,
                               self.programs)
        except MeasurementError as error:
            self.failed += 1
            self.progress.say(f"script/bench: {system.text} on {problem.text}, {link.name}: {error}; "
                              "no figure of it, going on")
            return
        self.partial.add(round=number, link=link.name, congestion=options.congestion,
                         problem=problem.name, system=system.name, **row)

    def plan(self):
        """(problem, system, settings) of all that can reach its target."""
        grid, found = end_search.grid_of(self.options.results), []
        for problem in map(PROBLEMS.get, self.problems):
            for system in map(SYSTEMS.get, self.systems):
                settings = end_search.best(grid, problem, system)
                if settings:
                    found.append((problem, system, settings))
                else:
                    self.failed += 1
                    print(f"script/bench: {system.text} on {problem.text}: no point of the grid "
                          f"reached f <= {problem.target}, so it is left out", file=sys.stderr)
        return found

    def measure(self, data):
        plan = self.plan()
        self.partial = results.Partial(self.options.results / "end.csv", END, self.run)
        self.progress = Progress(len(plan) * len(self.links) * self.options.rounds)
        with self.partial:
            with self.progress:
                for name in self.links:
                    with links.Network(links.LINKS[name], WORLD,
                                       self.programs.of("ethernet_switch")) as network:
                        for number in range(1, self.options.rounds + 1):
                            for problem, system, settings in turned(plan, number):
                                self.one(system, problem, settings, network, number, data)
            return self.partial.keep()


def time_end(options, programs, root):
    """The exit code, which is 1 where something gave no figure, and the rows of this run."""
    ring.require(programs, options.congestion, options.command)
    run = Run(options, programs, root)
    with tempfile.TemporaryDirectory() as data:
        run.split(data)
        run.search(data)
        rows = run.measure(data)
    return (1 if run.failed else 0), rows
