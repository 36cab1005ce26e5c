"""The pages of docs/ that show results, and their pictures: `script/bench plots`."""
import re
import sys

import end_pages
import growth_tables
import kernels_tables
import machine
import results
from goals import judge_ring, judge_steps
from links import LINKS
from tables import (about, behind_table, cpu_table, goals_table, markdown, median_of, ring_cells,
                    ring_table, rounds_of, rounds_option, steps_table)

PAGES = ("performance.md", "whole-runs.md", "growth.md")
BEGIN, END = "<!-- {} -->", "<!-- end -->"


class PageError(Exception):
    """The page has no place for a part; the text says which."""


def put(page, name, text):
    """The page with text between the marker of that name and the next end."""
    begin = BEGIN.format(name)
    pattern = re.compile(rf"(?s){re.escape(begin)}\n.*?{re.escape(END)}")
    if len(pattern.findall(page)) != 1:
        raise PageError(f"there must be one {begin} with an {END} after it")
    return pattern.sub(lambda _: f"{begin}\n{text}\n{END}", page)


def names_in(page):
    return re.findall(r"<!-- (?!end)(\w+(?: \w+)*) -->", page)


def runs_text(*measured):
    """measured: (what, the runs by name, rows). The same run may be behind several."""
    runs, what = {}, {}
    for kind, found, rows in measured:
        runs |= found
        for row in rows:
            words = what.setdefault(row["run"], {})
            words[f"{kind} {row['link']}" if row.get("link") and kind in ("ring", "end") else kind] = None
    header = ["run", "measured", "machine", "kernel", "compiler", "commit", "load at the start",
              "cores busy then", "beside"]
    keys = ["machine", "kernel", "compiler", "commit", "load", "busy", "beside"]
    table = markdown(header, [[name, ", ".join(what.get(name, ())),
                               *(str(run.get(key, "-")) for key in keys)] for name, run in runs.items()])
    busy = [f"- {name}: {machine.warning(run)}." for name, run in runs.items()
            if machine.warning(run)]
    return "\n".join([table, *([""] + busy if busy else [])])


def link_text(rows, link):
    """The tables of one link, each with how often it was measured and its command."""
    parts = []
    for name, congestion, world in ring_cells(rows):
        if name != link:
            continue
        command = f"script/bench ring --links {link} --world {world}"
        command += f" --congestion {congestion}" if congestion != "cubic" else ""
        command += rounds_option(rounds_of(rows, link=link, congestion=congestion, world=world))
        parts.append(f"{about(rows, link, congestion, world)}: `{command}`")
        parts.append(markdown(*ring_table(rows, link, congestion, world)))
    return "\n\n".join(parts) or "Not measured yet."


def cpu_text(rows):
    parts = []
    for link, congestion, world in ring_cells(rows):
        if (link, congestion) == ("gbit", "cubic"):
            parts.append(markdown(*cpu_table(rows, link, congestion, world)))
    return "\n\n".join(parts) or "Not measured yet."


def steps_text(rows):
    if not rows:
        return "Not measured yet."
    return f"Of each, the {median_of(rounds_of(rows))}.\n\n{markdown(*steps_table(rows))}"


def parts_of(folder):
    """Name of a marker: its text."""
    ring_runs, ring_rows = results.read(folder / "ring.csv", results.RING)
    steps_runs, steps_rows = results.read(folder / "steps.csv", results.STEPS)
    parts = {f"link {link}": link_text(ring_rows, link) for link in LINKS}
    parts["cpu"] = cpu_text(ring_rows)
    parts["steps"] = steps_text(steps_rows)
    parts["goals ring"] = markdown(*goals_table(judge_ring(ring_rows)))
    parts["goals steps"] = markdown(*goals_table(judge_steps(steps_rows)))
    behind = behind_table(ring_rows, steps_rows)
    parts["behind"] = markdown(*behind) if behind[1] else "Nowhere in these runs."
    growth_parts, growth_measured, _ = growth_tables.parts_of(folder)
    kernels_parts, kernels_measured = kernels_tables.parts_of(folder)
    parts |= growth_parts | kernels_parts
    end_parts, end_measured, _ = end_pages.parts_of(folder)
    parts.update(end_parts)
    parts["runs"] = runs_text(("ring", ring_runs, ring_rows), ("steps", steps_runs, steps_rows),
                              *kernels_measured, *end_measured, *growth_measured)
    return parts, ring_rows, steps_rows


def filled(page, parts):
    """The page, each marker with its part."""
    text = page.read_text(encoding="utf-8")
    for name in names_in(text):
        if name not in parts:
            raise PageError(f"{page}: nothing is called {name}")
        text = put(text, name, parts[name])
    return text


def require_results(options):
    if not any(options.results.glob("*.csv")):
        raise PageError(f"{options.results} has no results: measure some first, or name another --results")


def draw(options, root):
    """Writes pages and pictures, into docs/ or beside other results; returns the exit code."""
    require_results(options)
    docs = root / "docs"
    to = docs if options.results.resolve() == root / "benchmarks/results" else options.results
    parts, ring_rows, steps_rows = parts_of(options.results)
    try:
        # Where matplotlib is missing, the tables are written all the same.
        import growth_plots
        import plots
    except ImportError:
        print("script/bench: no matplotlib here, so no pictures were drawn: apt-get install "
              "python3-matplotlib", file=sys.stderr)
        plots = None
    for name in PAGES:
        results.write_whole(to / name, filled(docs / name, parts))
        print(to / name)
    if plots is None:
        return 3
    pictures = {f"ring-{link}.svg": plots.ring_picture(ring_rows, link)
                for link in dict.fromkeys(cell[0] for cell in ring_cells(ring_rows))}
    if steps_rows:
        pictures["steps.svg"] = plots.steps_picture(steps_rows)
    pictures.update(end_pages.pictures(end_pages.parts_of(options.results)[2]))
    pictures |= growth_plots.pictures(growth_tables.parts_of(options.results)[2])
    for name, svg in pictures.items():
        results.write_whole(to / "performance" / name, svg)
        print(to / "performance" / name)
    return 0
