"""Tables of how runs grow and of what protects a round, for the terminal and the page."""
import results
from goals import judge_growth, judge_protection
from growth_figures import FLOAT, Growth, Protection, formula_us
from links import LINKS
from protection import PROGRAMS
from tables import duration, goals_table, markdown, median_of, plain, rounds_option, say_goals

NOT_MEASURED = "Not measured yet."


def memory(count):
    return f"{count / 1e6:,.1f} MB"


def virtual_table(growth):
    lines = []
    for cell in growth.cells("virtual"):
        limit, average = formula_us(*cell[1:]), growth.average_us[cell]
        lines.append([str(cell[1]), f"{growth.rounds[cell]:.0f}", f"{growth.sent_bytes[cell]:,.0f} B",
                      duration(limit), duration(growth.planned_us[cell]), duration(average),
                      f"{average / limit:.3f}"])
    return ["W", "rounds", "sent a round", "formula", "plan", "average", "over formula"], lines


def processes_table(growth):
    lines = [[str(cell[1]), duration(growth.start_us[cell]), duration(growth.round_us[cell]),
              duration(growth.average_us[cell]), memory(growth.rss_bytes[cell])]
             for cell in growth.cells("processes")]
    return ["W", "first round after", "a round", "average in it", "memory"], lines


def sizes_table(growth):
    lines = []
    for cell in growth.cells("sizes"):
        size, rss, average = cell[2] * FLOAT, growth.rss_bytes[cell], growth.average_us[cell]
        lines.append([f"{cell[2]:,}", memory(size), duration(growth.round_us[cell]), duration(average),
                      f"{average * 1e3 / cell[2]:.2f} ns", memory(rss), memory(rss - 3 * size)])
    return ["parameters", "model", "a round", "average in it", "for a parameter", "memory",
            "without 3 models"], lines


def protection_table(protection):
    lines = []
    for link, world in protection.rings():
        for system in PROGRAMS:
            key, share = (link, world, system), protection.share(link, world, system)
            if key in protection.time_us:
                saved = "-" if system == "all on" or share is None else f"{100 * share:.1f} %"
                lines.append([f"{LINKS[link].text}, W = {world}", system,
                              duration(protection.time_us[key]), saved,
                              duration(protection.cpu_us.get(key))])
    return ["ring", "rounds with", "a round", "saved", "processor time"], lines


TABLES = {"virtual": virtual_table, "processes": processes_table, "sizes": sizes_table}
WORDS = {"virtual": "virtual time, links of 100 Mbit/s and 1 ms, 100,000 parameters",
         "processes": "processes on loopback, 100,000 parameters",
         "sizes": "two processes on loopback"}


def how_often(rows):
    """"median of 3 rounds": what is virtual is measured once."""
    numbers = {row["round"] for row in rows}
    return median_of(str(len(numbers)))


def say(rows, guarded):
    growth, parts = Growth(rows), []
    for part, table in TABLES.items():
        if growth.cells(part):
            parts += [WORDS[part], plain(*table(growth)) + "\n"]
    if guarded:
        parts += ["what protects a round, 16 MiB", plain(*protection_table(Protection(guarded))) + "\n"]
    parts.append(say_goals([*judge_growth(rows), *judge_protection(guarded)]))
    return "\n".join(parts)


def text_of(rows, table, part):
    if not rows:
        return NOT_MEASURED
    command = f"script/bench growth --parts {part}"
    if part != "virtual":
        command += rounds_option(str(len(results.by_round(rows))))
    return f"Of each, {how_often(rows)}: `{command}`\n\n{markdown(*table)}"


def parts_of(folder):
    """Name of a marker: its text; what was measured (pages.runs_text); the rows of growth."""
    runs, rows = results.read(folder / "growth.csv", results.GROWTH)
    guarded_runs, guarded = results.read(folder / "protection.csv", results.RING)
    growth = Growth(rows)
    parts = {f"growth {part}": text_of([row for row in rows if row["part"] == part], table(growth),
                                       part)
             for part, table in TABLES.items()}
    parts["protection"] = text_of(guarded, protection_table(Protection(guarded)), "protection")
    parts["goals growth"] = markdown(*goals_table([*judge_growth(rows), *judge_protection(guarded)]))
    return parts, [("growth", runs, rows), ("protection", guarded_runs, guarded)], rows
