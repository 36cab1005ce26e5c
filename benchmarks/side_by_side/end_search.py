"""What each system is run with: the best of a small grid, by local steps to the target.

annulet's runs are looked for in virtual time, where models have the bits of a real run, PyTorch's on
loopback. f is looked at after each EVERY steps, by all alike. All points of the grid are kept, in
end-grid.csv, and are not looked for again but with --search.
"""
import tempfile
from pathlib import Path

import links
import results
from end_contests import H, PROBLEMS, SYSTEMS, WORLD, Settings, run_file, theirs
from processes import MeasurementError, json_of, measured
from ring import locked

GRID = ("run", "problem", "system", "h", "rate", "momentum", "steps", "objective", "reached")
EVERY = H
MOST = 64 * EVERY  # steps: who is not there by then is no candidate
PATIENCE = 300  # seconds a point


def points(problem, system):
    return [Settings(rate, momentum, MOST) for momentum in system.momenta for rate in problem.rates]


def best(rows, problem, system):
    """The point with the fewest steps, of these the one with the least f; None where none got there."""
    found = [(int(row["steps"]), float(row["objective"]), row) for row in rows
             if (row["problem"], row["system"], row["reached"]) == (problem.name, system.name, "1")]
    if not found:
        return None
    steps, _, row = min(found, key=lambda point: point[:2])
    return Settings(float(row["rate"]), float(row["momentum"]), steps)


def missing(rows, problems, systems):
    """The points that nothing is known of: (problem, system, point)."""
    there = {(row["problem"], row["system"], float(row["rate"]), float(row["momentum"]))
             for row in rows}
    wanted = [(PROBLEMS[problem], SYSTEMS[system]) for problem in problems for system in systems]
    return [(problem, system, point) for problem, system in wanted
            for point in points(problem, system)
            if (problem.name, system.name, point.rate, point.momentum) not in there]


def ours_at(point, problem, system, data, programs):
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "run.toml"
        file.write_text(run_file(problem, system, point, data), encoding="utf-8")
        words = [programs.build / "annulet", "simulate", file, "--devices", WORLD, "--json",
                 "--out", Path(folder) / "out", "--set", f"run.target_loss={problem.target}",
                 "--set", f"output.eval_every={EVERY}"]
        output, _ = measured([(words, {})], PATIENCE)
    return json_of(output, "steps", "objective")


def theirs_at(point, problem, system, network, data):
    search = ["--every", EVERY, "--target", problem.target]
    output, _ = measured(theirs(problem, system, network, data, point, search), PATIENCE)
    return json_of(output, "steps", "objective")


def search(wanted, options, programs, data, partial, progress):
    """Puts the points wanted, (problem, system, point), into partial; how many gave none."""
    failed = 0
    with links.Network(links.LINKS["loop"], WORLD, None) as network:
        for problem, system, point in wanted:
            progress.next(f"{problem.text}: {system.text}, step size {point.rate:g}, momentum "
                          f"{point.momentum:g}")
            try:
                with locked(options.lock):
                    said = (ours_at(point, problem, system, data, programs) if system.is_ours
                            else theirs_at(point, problem, system, network, data))
            except MeasurementError as error:
                failed += 1
                progress.say(f"script/bench: {system.text} on {problem.text}, step size "
                             f"{point.rate:g}: {error}; no candidate, going on")
                continue
            partial.add(problem=problem.name, system=system.name, h=system.h, rate=point.rate,
                        momentum=point.momentum, steps=said["steps"], objective=said["objective"],
                        reached=int(said["objective"] <= problem.target))
    return failed


def grid_of(folder):
    return results.read(folder / "end-grid.csv", GRID)[1]
