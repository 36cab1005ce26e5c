"""What of a round's time protects it: rounds of programs that lack one part of that each."""
import tempfile

import machine
import results
from links import LINKS, MI, Network
from processes import MeasurementError, measured
from progress import Progress
from ring import Missing, locked
from ring import require as require_network
from systems import per_rank, rows_of, turned

BYTES = 16 * MI
CONGESTION = "cubic"
PATIENCE = 120  # seconds
# (link, W, rounds of a run, two of which are to warm up)
RINGS = [("gbit", 4, 26), ("gbit", 2, 26), ("loop", 2, 102)]
# What the rows are called, and benchmarks/CMakeLists.txt what it builds.
PROGRAMS = {"all on": "round_bench", "no checksums": "round_bench_unchecked",
            "no facts": "round_bench_factless", "no hashes": "round_bench_unhashed",
            "no events": "round_bench_silent", "all off": "round_bench_bare"}


def require(programs, command):
    require_network(programs, CONGESTION, command)
    for name in PROGRAMS.values():
        if not programs.is_there(name):
            raise Missing(f"{programs.of(name)} is not built, so nothing was measured: script/bench")


def rows_on(network, system, rounds, programs):
    environment = {"LD_PRELOAD": str(programs.of("congestion.so")), "BENCH_CONGESTION": CONGESTION}
    with tempfile.TemporaryDirectory() as folder:
        words = [programs.of(PROGRAMS[system]), "@", network.world, BYTES // 4, rounds, folder]
        return rows_of(*measured(per_rank(network, words, environment), PATIENCE))


def take_rounds(options, programs, partial):
    """How many measurements failed."""
    failed = 0
    with Progress(len(RINGS) * len(PROGRAMS) * options.rounds) as progress:
        for link, world, rounds in RINGS:
            with Network(LINKS[link], world, programs.of("ethernet_switch")) as network:
                for number in range(1, options.rounds + 1):
                    for system in turned(list(PROGRAMS), number):
                        where = f"{LINKS[link].text}, W = {world}, {system}"
                        progress.next(f"{where}, round {number} of {options.rounds}")
                        try:
                            with locked(options.lock):
                                rows = rows_on(network, system, rounds, programs)
                        except MeasurementError as error:
                            failed += 1
                            progress.say(f"script/bench: {where}: {error}; no figure of it, going on")
                            continue
                        for row in rows:
                            partial.add(round=number, link=link, congestion=CONGESTION,
                                        system=system, **row)
    return failed


def time_protection(options, programs, root):
    """How many measurements failed, and the rows of this run."""
    run = machine.describe(root, programs.build, ())
    machine.warn(run)
    with results.Partial(options.results / "protection.csv", results.RING, run) as partial:
        failed = take_rounds(options, programs, partial)
        return failed, partial.keep()
