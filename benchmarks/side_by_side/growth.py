"""How runs grow: with the ring in virtual time and as processes, and with the model."""
import csv
import datetime
import socket
import statistics
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import machine
import protection
import results
from processes import MeasurementError, Together, json_of, measured
from progress import Progress
from ring import locked

LINK, RATE, DELAY = "100mbit,1ms", 100e6, 1e-3  # of the rings in virtual time
SHARED_STEPS = 4096  # that all devices of such a ring take together
WARM_ROUNDS = 2
PATIENCE = 120  # seconds
# Two rows with three numbers each: a round is the average and what surrounds it.
ROWS = "1 1:1 3:0.5\n-1 2:1 3:0.25\n"
RUN_FILE = """[model]
kind = "logistic"
[data]
train = "rows.libsvm"
partition = "all"
[train]
batch = 1
lr = { kind = "constant", value = 0.1 }
[output]
checkpoint_every = "0"
"""


@dataclass(frozen=True)
class Case:
    """One run: of which part of the measurement, how large the ring and the model are."""

    part: str
    world: int
    parameters: int
    steps: int  # of each device

    @property
    def is_virtual(self):
        return self.part == "virtual"

    @property
    def link(self):
        return LINK if self.is_virtual else "loop"

    @property
    def text(self):
        return f"{self.part}, W = {self.world}, {self.parameters:,} parameters"


CASES = [
    *(Case("virtual", world, 100_000, SHARED_STEPS // world) for world in (2, 4, 8, 16, 32, 64)),
    *(Case("processes", world, 100_000, 60) for world in (2, 4, 8, 16)),
    *(Case("sizes", 2, 10 ** digits, steps)
      for digits, steps in ((3, 400), (4, 400), (5, 200), (6, 60), (7, 16), (8, 8))),
]
PARTS = ("virtual", "processes", "sizes", "protection")


def settings(case):
    schedule = "doubling" if case.is_virtual else "fixed"
    keys = [f"run.steps={case.steps}", f"data.features={case.parameters}",
            f"schedule.kind={schedule}", *([] if case.is_virtual else ["schedule.h=1"])]
    return [word for key in keys for word in ("--set", key)]


def steady(rows, mean):
    """What the rounds of a rounds.csv take, once all vectors are there: microseconds of a whole one,
    and of the average in it."""
    seconds = [float(row["seconds"]) for row in rows]
    averages = [float(row["wait_s"]) + float(row["average_s"]) for row in rows]
    whole = [later - before for before, later in zip(seconds, seconds[1:])][WARM_ROUNDS - 1:]
    return mean(whole) * 1e6, mean(averages[WARM_ROUNDS:]) * 1e6


def rounds_of(folder):
    with open(folder / "rounds.csv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def first_round(log):
    """When the first round had ended, in seconds as time.time() has them."""
    for line in log.read_text(encoding="utf-8").splitlines():
        event = json_of(line, "ev", "t")
        if event["ev"] == "round":
            return datetime.datetime.fromisoformat(event["t"].replace("Z", "+00:00")).timestamp()
    raise MeasurementError(f"{log} has no round")


def free_port():
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return asked.getsockname()[1]


def simulated(case, program, folder):
    """In virtual time, beside the plan of the same run: the same figures on any machine."""
    words = [folder / "run.toml", "--devices", case.world, "--link", LINK, "--profile", "server",
             *settings(case), "--json"]
    output, _ = measured([([program, "simulate", *words, "--out", folder / "0"], {})], PATIENCE)
    plan, _ = measured([([program, "plan", *words], {})], PATIENCE)
    said = json_of(output, "rounds", "sent_model_bytes_per_device")
    planned = json_of(plan, "fewest")["fewest"]
    whole, average = steady(rounds_of(folder / "0"), statistics.mean)
    return {"rounds": said["rounds"],
            "sent_bytes": said["sent_model_bytes_per_device"] / said["rounds"],
            "round_us": round(whole, 1), "average_us": round(average, 1),
            "planned_us": round(planned["average_seconds"] / planned["rounds"] * 1e6, 1)}


def started(case, program, folder):
    """As so many processes over loopback."""
    at = f"127.0.0.1:{free_port()}"
    more = ["--plain", "--json", "--out"]
    together = Together()
    try:
        begin = time.time()
        together.start([program, "run", folder / "run.toml", "--devices", case.world, "--listen", at,
                        "--name", "00", *settings(case), *more, folder / "0"], {})
        for rank in range(1, case.world):
            together.start([program, "join", at, "--name", f"{rank:02}", *more, folder / str(rank)], {})
        together.wait(PATIENCE)
        keys = ("rounds", "sent_model_bytes_per_device", "peak_rss_bytes")
        ends = [json_of(together.said(rank)[0], *keys) for rank in range(case.world)]
    finally:
        together.end()
    whole, average = steady(rounds_of(folder / "0"), statistics.median)
    return {"rounds": ends[0]["rounds"],
            "sent_bytes": ends[0]["sent_model_bytes_per_device"] / ends[0]["rounds"],
            "round_us": round(whole, 1), "average_us": round(average, 1),
            "start_us": round((first_round(folder / "0/log.jsonl") - begin) * 1e6),
            "rss_bytes": max(end["peak_rss_bytes"] for end in ends)}


def row_of(case, program):
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "rows.libsvm").write_text(ROWS, encoding="utf-8")
        (folder / "run.toml").write_text(RUN_FILE, encoding="utf-8")
        figures = (simulated if case.is_virtual else started)(case, program, folder)
    return {"part": case.part, "link": case.link, "world": case.world,
            "parameters": case.parameters, **figures}


def take_rounds(cases, options, programs, partial):
    """How many measurements failed. What is virtual is measured once."""
    plan = [(number, case) for number in range(1, options.rounds + 1) for case in cases
            if number == 1 or not case.is_virtual]
    failed = 0
    with Progress(len(plan)) as progress:
        for number, case in plan:
            progress.next(f"{case.text}, round {number} of {options.rounds}")
            try:
                with locked(options.lock):
                    row = row_of(case, programs.build / "annulet")
            except MeasurementError as error:
                failed += 1
                progress.say(f"script/bench: {case.text}: {error}; no figure of it, going on")
                continue
            partial.add(round=number, **row)
    return failed


def time_growth(options, programs, root):
    """The exit code, which is 1 where something gave no figure, and the rows of this run: of growth,
    and of what protects a round."""
    if "protection" in options.parts:
        protection.require(programs, options.command)
    cases = [case for case in CASES if case.part in options.parts]
    failed, rows = 0, []
    if cases:
        run = machine.describe(root, programs.build, ())
        machine.warn(run)
        partial = results.Partial(options.results / "growth.csv", results.GROWTH, run)
        with partial:
            failed = take_rounds(cases, options, programs, partial)
            rows = partial.keep()
    missed, guarded = (protection.time_protection(options, programs, root)
                       if "protection" in options.parts else (0, []))
    return (1 if failed + missed else 0), rows, guarded
