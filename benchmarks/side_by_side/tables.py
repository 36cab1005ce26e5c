"""Tables of what was measured, for the terminal and, in Markdown, for the page."""
from goals import Ring, judge_ring, judge_steps, size_text
from links import LINKS
from results import medians

NAMES = {"annulet": "annulet", "unchecked": "unchecked", "annulet:4": "4 streams", "annulet:8": "8 streams",
         "gloo:ring": "Gloo ring", "gloo:ring_chunked": "Gloo chunked",
         "gloo:halving_doubling": "Gloo h-d", "gloo:bcube": "Gloo bcube",
         "openmpi:own": "OpenMPI", "openmpi:ring": "OpenMPI ring"}


def with_unit(value, units):
    """Three digits and the first unit that it reaches; None where it reaches none."""
    for unit, name in units:
        if value >= unit:
            value /= unit
            digits = 0 if value >= 99.95 else 1 if value >= 9.995 else 2
            return f"{value:.{digits}f} {name}"
    return None


def duration(us):
    if us is None:
        return "-"
    return with_unit(us, ((1e6, "s"), (1e3, "ms"), (1, "us"))) or f"{us:.2f} us"


def ratio(value):
    if value is None:
        return "-"
    digits = 0 if value >= 99.5 else 1 if value >= 9.95 else 2
    return f"{value:.{digits}f}x"


def ring_cells(rows):
    """(link, congestion, W) of all that was measured, in the order of the links."""
    cells = {(row["link"], row["congestion"], int(row["world"])) for row in rows
             if row["system"] != "iperf3" and row["link"] in LINKS}
    order = list(LINKS)
    return sorted(cells, key=lambda cell: (order.index(cell[0]), cell[1] != "cubic", cell[2]))


def ring_table(rows, link, congestion, world):
    """The header and the lines of one link and W."""
    ring = Ring(rows)
    here = [key for key in ring.time_us if key[:3] == (link, congestion, str(world))]
    names = [name for name in NAMES if any(key[3] == name for key in here)]
    sizes = sorted({int(key[4]) for key in here})
    lines = []
    for size in sizes:
        where = (link, congestion, world, size)
        limit, share = ring.limit_us(*where), ring.figure(*where, "limit")
        line = [size_text(size), duration(limit)]
        line += [duration(ring.time_us.get((link, congestion, str(world), name, str(size))))
                 for name in names]
        line += ["-" if share is None else f"{100 * share:.0f} %", ratio(ring.figure(*where, "gloo")),
                 ratio(ring.figure(*where, "openmpi"))]
        lines.append(line)
    return ["bytes", "limit", *(NAMES[name] for name in names), "of limit", "x Gloo", "x OpenMPI"], lines


def cpu_table(rows, link, congestion, world):
    """CPU time of rank 0 for each all-reduce."""
    ring = Ring(rows)
    here = [key for key in ring.cpu_us if key[:3] == (link, congestion, str(world))]
    names = [name for name in NAMES if any(key[3] == name for key in here)]
    lines = [[size_text(size)] + [
        duration(ring.cpu_us.get((link, congestion, str(world), name, str(size)))) for name in names]
        for size in sorted({int(key[4]) for key in here})]
    return ["bytes", *(NAMES[name] for name in names)], lines


def behind_table(ring_rows, steps_rows, slack=1.05):
    """Where somebody else was quicker than annulet, by more than slack."""
    ring, lines = Ring(ring_rows), []
    for link, congestion, world in ring_cells(ring_rows):
        for size in sorted({int(key[4]) for key in ring.time_us
                            if key[:3] == (link, congestion, str(world))}):
            where = (link, congestion, world, size)
            text = f"{LINKS[link].text}, {congestion}, W = {world}, {size_text(size)}"
            # Each number of connections for itself: nobody sets it by size.
            for streams in ("", ":4", ":8"):
                ours = ring.time_us.get((link, congestion, str(world), f"annulet{streams}", str(size)))
                for kind in ("gloo", "openmpi"):
                    theirs, name = ring.best(kind, *where)
                    if ours and theirs and ours > slack * theirs:
                        also = f", {streams[1:]} connections" if streams else ""
                        lines.append([text + also, name, duration(theirs), duration(ours),
                                      ratio(ours / theirs)])
    rates = medians(steps_rows, ("problem", "system"), "steps_per_second")
    for (problem, system), rate in rates.items():
        ours = rates.get((problem, "annulet"))
        if system in ("scikit-learn", "PyTorch") and ours and rate > slack * ours:
            lines.append([problem, system, f"{rate:,.0f}/s", f"{ours:,.0f}/s", ratio(rate / ours)])
    return ["where", "who", "theirs", "ours", "quicker"], lines


def steps_table(rows):
    rates = medians(rows, ("problem", "batch", "system"), "steps_per_second")
    lines = []
    for (problem, batch, system), rate in rates.items():
        ours = rates.get((problem, batch, "annulet"))
        if system != "annulet":
            lines.append([problem, batch, "-" if ours is None else f"{ours:,.0f}", system,
                          f"{rate:,.0f}", ratio(ours / rate if ours else None)])
    return ["problem", "batch", "annulet", "beside", "steps/s", "times"], lines


def say_goals(verdicts):
    """For the terminal: those that were measured."""
    measured = [verdict for verdict in verdicts if verdict.value is not None]
    text = plain(*goals_table(measured)) if measured else ""
    if len(measured) < len(verdicts):
        text += f"\n{len(verdicts) - len(measured)} more goals were not measured"
    return text


def goals_table(verdicts):
    return ["goal", "aim", "measured", "in each round", ""], [
        [v.text, v.aim, v.said, v.spread, v.word] for v in verdicts]


def plain(header, lines):
    """Columns below each other, the first one to the left."""
    table = [header, *lines]
    widths = [max(len(line[i]) for line in table) for i in range(len(header))]
    return "\n".join("  ".join(
        word.ljust(width) if i == 0 else word.rjust(width)
        for i, (word, width) in enumerate(zip(line, widths))).rstrip() for line in table)


def markdown(header, lines):
    rule = ["---"] + ["---:"] * (len(header) - 1)
    return "\n".join("| " + " | ".join(line) + " |" for line in [header, rule, *lines])


def rounds_of(rows, **where):
    """How many rounds the figures are medians of: "3", or "2 to 3"."""
    counts = {}
    for row in rows:
        if all(row[key] == str(value) for key, value in where.items()):
            system = row["system"], row.get("bytes") if row["system"] != "iperf3" else ""
            counts.setdefault((system, row.get("world"), row.get("problem")), set()).add(row["round"])
    numbers = sorted({len(rounds) for rounds in counts.values()})
    return "-" if not numbers else str(numbers[0]) if len(numbers) == 1 else (
        f"{numbers[0]} to {numbers[-1]}")


def median_of(rounds):
    return "one round" if rounds == "1" else f"median of {rounds} rounds"


def rounds_option(rounds):
    """What of a command measures as often: "" where that is the default."""
    number = rounds.split()[-1]
    return "" if number in ("3", "-") else f" --rounds {number}"


def about(rows, link, congestion, world):
    """How often a table was measured, and what one stream of iperf3 got there."""
    rounds = median_of(rounds_of(rows, link=link, congestion=congestion, world=world))
    text = f"W = {world}, {congestion}, {rounds}"
    rates = [rate for where, rate in Ring(rows).iperf3.items()  # of each size, mostly one
             if where[:3] == (link, congestion, str(world))]
    if not rates:
        return text
    found = dict.fromkeys(f"{rate / 125:.1f} Gbit/s" if rate > 125 else f"{rate * 8:.1f} Mbit/s"
                          for rate in sorted(rates))
    return f"{text}; one stream of iperf3 gets {' to '.join([*found][::len(found) - 1 or 1])}"


def say_ring(rows):
    parts = []
    for link, congestion, world in ring_cells(rows):
        parts.append(f"{LINKS[link].text}: {about(rows, link, congestion, world)}")
        parts.append(plain(*ring_table(rows, link, congestion, world)) + "\n")
    parts.append(say_goals(judge_ring(rows)))
    return "\n".join(parts)


def say_steps(rows):
    return "\n".join([f"steps a second, one thread: {median_of(rounds_of(rows))}",
                      plain(*steps_table(rows)) + "\n", say_goals(judge_steps(rows))])
