"""Results in CSV: rows of several runs in one file, what each run was measured on above them.

    # {"run": "2026-01-31T12:00:00Z", "machine": ..., "commit": ...}
    run,round,link,...
    2026-01-31T12:00:00Z,1,loop,...

While it is under way a run appends to a file of its own, PATH-RUN.partial.csv, so that nothing is
lost when it is cut off. At its end its rows take the place of those that measured the same, and the
whole file is written anew in one move; unless somebody would be missing then who was measured
beside the others before, as only what was timed in the same rounds is compared.
"""
import csv
import io
import itertools
import json
import math
import os
import statistics
import sys
from pathlib import Path

RING = ("run", "round", "link", "congestion", "world", "system", "bytes", "operations", "median_us",
        "p10_us", "p90_us", "cpu_us", "switches")
STEPS = ("run", "round", "problem", "batch", "system", "steps_per_second")
GROWTH = ("run", "round", "part", "link", "world", "parameters", "rounds", "sent_bytes", "round_us",
          "average_us", "planned_us", "start_us", "rss_bytes")
KERNELS = ("run", "round", "kernel", "system", "bytes_per_second")
# By the beginning of a file's name; what protects a round is timed as all-reduces are.
COLUMNS = {"ring": RING, "steps": STEPS, "growth": GROWTH, "protection": RING,
           "kernels": KERNELS}


# Columns that are words; all others are numbers, or empty where something was not measured.
WORD_COLUMNS = ("run", "link", "congestion", "problem", "system", "part", "kernel")


class ResultsError(Exception):
    """A file that is no results of ours; the text says where."""


def cell(row):
    """What a row measured, whoever it was that was measured."""
    if "averages" in row:  # of end.csv
        return row["link"], row["congestion"], row["problem"]
    if "reached" in row:  # of end-grid.csv
        return row["problem"], row["system"]
    if "kernel" in row:
        return row["kernel"]
    if "problem" in row:
        return row["problem"]
    if "part" in row:
        return row["part"], row["link"], row["world"], row["parameters"]
    if row["system"] == "iperf3":  # what the limit was for the others of that run
        return row["link"], row["congestion"], row["run"]
    return row["link"], row["congestion"], row["world"], row["bytes"]


def is_number(text, kind=float):
    try:
        return math.isfinite(kind(text))
    except ValueError:
        return False


def is_row(row, runs):
    """One value for each column, of a run that is there, numbers where they must be."""
    return (None not in row.values() and None not in row and row["run"] in runs
            and is_number(row.get("round", "1"), int)
            and all(value == "" or is_number(value) for name, value in row.items()
                    if name not in WORD_COLUMNS))


def is_run(run):
    return isinstance(run["run"], str) and all(
        isinstance(run.get(key, 0), (int, float)) for key in ("load", "busy"))


def read(path, columns, is_partial=False):
    """(runs by name, rows as text). A file that is not there is empty. Of a partial one, half a row
    at its end, where a disk was full, is left out."""
    if not Path(path).exists():
        return {}, []
    try:
        text = Path(path).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise ResultsError(f"{path}: not results of ours: it is no text") from None
    if is_partial:
        text = text[:text.rfind("\n") + 1]
    runs, lines = {}, []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.startswith("#"):
            lines.append(line)
            continue
        try:
            run = json.loads(line[1:])
            if not is_run(run):
                raise ValueError
            runs[run["run"]] = run
        except (ValueError, KeyError, TypeError):
            raise ResultsError(f"{path}:{number}: a line with # says what a run was measured on, "
                               "in JSON with a key \"run\" and numbers as load and busy") from None
    if not lines or lines[0] != ",".join(columns):
        raise ResultsError(f"{path}: the columns must be {','.join(columns)}")
    rows = []
    for words in csv.reader(lines[1:]):
        row = dict(itertools.zip_longest(columns, words))
        if not is_row(row, runs):
            raise ResultsError(f"{path}: {','.join(words)[:80]}: a row has {len(columns)} values, numbers "
                               "where they must be, and names a run of the lines with #")
        rows.append(row)
    return runs, rows


def merged(old, new):
    """Both: (runs, rows). What new has measured, it has measured instead of old."""
    fresh = {cell(row) for row in new[1]}
    left = [row for row in old[1] if cell(row) not in fresh]
    # Of iperf3 what others of its run are compared with.
    beside = {(row["run"], row.get("link"), row.get("congestion")) for row in left
              if row.get("system") != "iperf3"}
    rows = [row for row in left if row.get("system") != "iperf3"
            or (row["run"], row["link"], row["congestion"]) in beside] + new[1]
    used = {row["run"] for row in rows}
    return {name: run for name, run in {**old[0], **new[0]}.items() if name in used}, rows


def text_of(runs, rows, columns):
    out = io.StringIO()
    for run in runs.values():
        out.write(f"# {json.dumps(run, ensure_ascii=False)}\n")
    writer = csv.DictWriter(out, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def write_whole(path, text):
    """All of it or nothing."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with open(beside, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)


def missed(old, new):
    """The systems that were measured beside the others, of what new has measured, and are not now."""
    fresh = {(cell(row), row.get("system")) for row in new}
    cells = {found for found, _ in fresh}
    return sorted({row["system"] for row in old
                   if "system" in row and cell(row) in cells and (cell(row), row["system"]) not in fresh})


def keep(partial, path, columns):
    """The rows of a run's own file, which become a part of the results; the file goes."""
    if not Path(partial).exists():
        raise ResultsError(f"{partial} is not there")
    runs, rows = read(partial, columns, is_partial=True)
    if rows:
        write_whole(path, text_of(*merged(read(path, columns), (runs, rows)), columns))
    Path(partial).unlink()
    return rows


class Partial:
    """The file of a run that is under way, from `with` to its end; keep() is for the end of that."""

    def __init__(self, path, columns, run):
        self.results, self.columns, self.run, self.count = path, columns, run["run"], 0
        read(path, columns)  # what cannot be added to is found before anything is measured
        stamp = self.run.replace(":", "")
        self.path = Path(path).with_name(f"{Path(path).stem}-{stamp}.partial.csv")
        self.path.parent.mkdir(parents=True, exist_ok=True)
        try:
            self.path.write_text(text_of({self.run: run}, [], columns), encoding="utf-8")
        except OSError:  # a full disk: nothing is in it
            self.path.unlink(missing_ok=True)
            raise

    def add(self, **row):
        with open(self.path, "a", encoding="utf-8", newline="") as file:
            csv.DictWriter(file, self.columns, lineterminator="\n").writerow({"run": self.run, **row})
        self.count += 1

    def keep(self):
        """The rows of this run, which become a part of the results; or stay where they are, and that
        is said, where somebody is missing who was measured beside them before."""
        rows = read(self.path, self.columns)[1]
        missing = missed(read(self.results, self.columns)[1], rows)
        if not missing:
            return keep(self.path, self.results, self.columns)
        print(f"script/bench: {self.results} has the same beside {', '.join(missing)}, so it is left as "
              f"it is; these rows are in {self.path}; script/bench keep {self.path} puts them into the "
              "results in place of all of those", file=sys.stderr)
        return rows

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        if kind and not self.count:
            self.path.unlink(missing_ok=True)
        elif kind:
            print(f"script/bench: cut off; what was measured (rows: {self.count}) is in {self.path}; "
                  f"script/bench keep {self.path} puts it into the results", file=sys.stderr)


def by_round(rows):
    """The rows of each round, in order."""
    found = {}
    for row in rows:
        found.setdefault(int(row["round"]), []).append(row)
    return [found[number] for number in sorted(found)]


def medians(rows, keys, value):
    """{(row[key] for key in keys): the median of row[value] over the rounds}, without empty ones."""
    found = {}
    for row in rows:
        if row[value] != "":
            found.setdefault(tuple(row[key] for key in keys), []).append(float(row[value]))
    return {key: statistics.median(values) for key, values in found.items()}
