"""The picture of the runs to a target loss: bytes over time, a panel for each problem and link."""
import matplotlib
from matplotlib import pyplot

from end_contests import PROBLEMS, SYSTEMS
from end_tables import Ends, bytes_text, one_average
from links import LINKS
from plots import COLOURS, GREY, STYLE, svg_of
from tables import duration

OURS, THEIRS = COLOURS["annulet"], COLOURS["PyTorch"]
POINTS = {"annulet": (OURS, "o", OURS), "annulet:plain": (OURS, "o", "none"),
          "annulet:1": (OURS, "s", "none"), "pytorch:local": (THEIRS, "o", THEIRS),
          "pytorch:ddp": (THEIRS, "s", "none")}  # colour, mark, what fills it


def ticks_of(low, high):
    """1 and 3 of each power of ten, where powers alone would be fewer than three."""
    powers = [10.0 ** power for power in range(-6, 10)]
    found = [tick for tick in powers if low <= tick <= high]
    if len(found) < 3:
        found = [tick for power in powers for tick in (power, 3 * power) if low <= tick <= high]
    return found


def short(text):
    return text.replace(".00", "").replace(".0", "")


def draw_panel(axes, ends, cell):
    link, congestion, problem = cell
    for name in ends.systems(cell):
        colour, mark, fill = POINTS[name]
        axes.plot(ends.of["seconds"][(*cell, name)], ends.of["sent_bytes"][(*cell, name)],
                  linestyle="none", marker=mark, color=colour, markerfacecolor=fill, markersize=8,
                  markeredgewidth=1.8, label=SYSTEMS[name].text, zorder=4)
    least = ends.of["compute_s"].get((*cell, "annulet"))
    if least:
        axes.axvline(least, color=GREY, linestyle=(0, (4, 3)), linewidth=1.4,
                     label="limit: steps alone, one average")
    axes.axhline(one_average(PROBLEMS[problem]), color=GREY, linestyle=(0, (4, 3)), linewidth=1.4)
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.margins(0.12)
    axes.minorticks_off()
    across, up = ticks_of(*axes.get_xlim()), ticks_of(*axes.get_ylim())
    axes.set_xticks(across, [short(duration(tick * 1e6)) for tick in across])
    axes.set_yticks(up, [short(bytes_text(tick)) for tick in up])
    axes.grid(True)
    more = "" if congestion == "cubic" else f", {congestion}"
    axes.set_title(f"{PROBLEMS[problem].text}\n{LINKS[link].text}{more}", loc="left")


def end_picture(rows):
    """The SVG."""
    ends = Ends(rows)
    cells = ends.cells()
    columns = max(2, max(sum(cell[2] == problem for cell in cells) for problem in PROBLEMS))
    problems = [problem for problem in PROBLEMS if any(cell[2] == problem for cell in cells)]
    with matplotlib.rc_context(STYLE):
        figure, panels = pyplot.subplots(len(problems), columns, squeeze=False,
                                         figsize=(5.6 * columns, 3.9 * len(problems)))
        for axes in panels.flat:
            axes.set_visible(False)
        for line, problem in zip(panels, problems):
            for axes, cell in zip(line, [cell for cell in cells if cell[2] == problem]):
                axes.set_visible(True)
                draw_panel(axes, ends, cell)
            line[0].set_ylabel("bytes that a rank sent")
        for axes in panels[-1]:
            axes.set_xlabel("time to the target")
        entries = {}
        for axes in panels.flat:
            handles, labels = axes.get_legend_handles_labels()
            entries.update(zip(labels, handles))
        figure.legend(entries.values(), entries.keys(), loc="upper center", frameon=False,
                      bbox_to_anchor=(0.5, 0.0), ncol=3)
        figure.tight_layout()
        return svg_of(figure)
