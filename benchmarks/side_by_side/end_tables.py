"""Tables of the runs to a target loss."""
from end_contests import PROBLEMS, SYSTEMS, WORLD
from links import LINKS, MTU_FRAME, MTU_PAYLOAD
from results import medians
from tables import duration, markdown, median_of, plain, ratio, rounds_of, rounds_option, with_unit

FIGURES = ("seconds", "compute_s", "sent_bytes", "cpu_s", "training_cpu_s", "peak_rss_bytes",
           "objective", "averages", "steps")


def bytes_text(count):
    return with_unit(count, ((1e6, "MB"), (1e3, "kB"))) or f"{count:.0f} B"


def one_average(problem):
    """Bytes that a rank sends for one average of float32, at least, in frames."""
    return 2 * (WORLD - 1) / WORLD * 4 * problem.dimension * MTU_FRAME / MTU_PAYLOAD


class Ends:
    """Medians over the rounds, by link, congestion control, problem and system."""

    def __init__(self, rows):
        keys = ("link", "congestion", "problem", "system")
        self.of = {figure: medians(rows, keys, figure) for figure in FIGURES}
        self.row = {tuple(row[key] for key in keys): row for row in rows}

    def cells(self):
        """(link, congestion, problem) of all that was measured, problems first."""
        found = {key[:3] for key in self.row if key[0] in LINKS and key[2] in PROBLEMS}
        order = list(LINKS), list(PROBLEMS)
        return sorted(found, key=lambda cell: (order[1].index(cell[2]), order[0].index(cell[0]),
                                               cell[1] != "cubic"))

    def systems(self, cell):
        return [name for name in SYSTEMS if (*cell, name) in self.row]

    def times(self, figure, cell, name):
        """How many times as much as annulet's best options."""
        ours = self.of[figure].get((*cell, "annulet"))
        theirs = self.of[figure].get((*cell, name))
        return theirs / ours if ours and theirs else None


def settings_text(row):
    text = f"{float(row['rate']):g}"
    return text + (f", {float(row['momentum']):g}" if float(row["momentum"]) else "")


def line_of(ends, cell, name):
    key, row = (*cell, name), ends.row[(*cell, name)]
    f, target = ends.of["objective"][key], float(row["target"])
    training = ends.of["training_cpu_s"].get(key)
    cpu = duration(ends.of["cpu_s"][key] * 1e6)
    return [SYSTEMS[name].text, row["h"], settings_text(row), f"{ends.of['steps'][key]:,.0f}",
            f"{ends.of['averages'][key]:,.0f}", duration(ends.of["seconds"][key] * 1e6),
            duration(ends.of["compute_s"][key] * 1e6), bytes_text(ends.of["sent_bytes"][key]),
            cpu if training is None else f"{cpu} ({duration(training * 1e6)})",
            bytes_text(ends.of["peak_rss_bytes"][key]), f"{f:.4f}" + (" missed" if f > target else ""),
            ratio(ends.times("seconds", cell, name)), ratio(ends.times("sent_bytes", cell, name))]


def end_table(ends, cell):
    """A line for each system; first what nobody can be below who computes as annulet does."""
    header = ["system", "H", "step size", "steps", "averages", "time", "steps alone", "bytes a rank",
              "CPU", "memory", "f", "x time", "x bytes"]
    least = ends.of["compute_s"].get((*cell, "annulet"))
    limit = ["limit", *["-"] * 3, "1", "-" if least is None else duration(least * 1e6), "-",
             bytes_text(one_average(PROBLEMS[cell[2]])), *["-"] * 5]
    return header, [limit] + [line_of(ends, cell, name) for name in ends.systems(cell)]


def about(rows, cell):
    link, congestion, name = cell
    rounds = rounds_of(rows, link=link, congestion=congestion, problem=name)
    problem = PROBLEMS[name]
    return (f"{problem.text}, batches of {problem.batch}, f <= {problem.target}; {LINKS[link].text}, "
            f"W = {WORLD}, {congestion}, {median_of(rounds)}")


def command(rows, cell):
    link, congestion, problem = cell
    text = f"script/bench end --data DIR --links {link} --problems {problem}"
    text += f" --congestion {congestion}" if congestion != "cubic" else ""
    return text + rounds_option(rounds_of(rows, link=link, congestion=congestion, problem=problem))


def behind_lines(ends, slack=1.05):
    """Where another system needed less than annulet with all of its options, by more than slack."""
    lines = []
    for cell in ends.cells():
        link, congestion, problem = cell
        for figure, word, said in (("seconds", "time", lambda value: duration(value * 1e6)),
                                   ("sent_bytes", "bytes", bytes_text),
                                   ("cpu_s", "CPU", lambda value: duration(value * 1e6)),
                                   ("peak_rss_bytes", "memory", bytes_text),
                                   ("steps", "steps", lambda value: f"{value:,.0f}")):
            for name in ends.systems(cell):
                times = ends.times(figure, cell, name)
                if name != "annulet" and times and times * slack < 1:
                    theirs, ours = ends.of[figure][(*cell, name)], ends.of[figure][(*cell, "annulet")]
                    lines.append([f"{PROBLEMS[problem].text}, {LINKS[link].text}, {congestion}: {word}",
                                  SYSTEMS[name].text, said(theirs), said(ours), ratio(1 / times)])
    return ["where", "who", "theirs", "ours", "less"], lines


def end_text(rows):
    """All tables, each with its command."""
    ends = Ends(rows)
    parts = []
    for cell in ends.cells():
        parts += [f"{about(rows, cell)}: `{command(rows, cell)}`", markdown(*end_table(ends, cell))]
    return "\n\n".join(parts) or "Not measured yet."


def behind_text(rows):
    header, lines = behind_lines(Ends(rows))
    return markdown(header, lines) if lines else "Nowhere in these runs."


def grid_text(rows):
    """Steps to the target at each point; "-" where it was not reached."""
    lines = []
    for problem in PROBLEMS.values():
        for system in SYSTEMS.values():
            here = [row for row in rows if (row["problem"], row["system"]) == (problem.name, system.name)]
            found = [f"{settings_text(row)}: {row['steps'] if row['reached'] == '1' else '-'}"
                     for row in here]
            if found:
                lines.append([problem.text, system.text, "; ".join(found)])
    return (markdown(["problem", "system", "step size[, momentum]: steps"], lines) if lines
            else "Not looked for yet.")


def say_end(rows):
    ends = Ends(rows)
    return "\n".join(f"{about(rows, cell)}\n{plain(*end_table(ends, cell))}\n" for cell in ends.cells())
