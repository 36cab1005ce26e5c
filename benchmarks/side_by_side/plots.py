"""Pictures of the results, as SVG. The only file here that needs matplotlib."""
import io

import matplotlib
from matplotlib import pyplot

from goals import Ring, size_text
from links import LINKS
from results import medians
from tables import duration, ring_cells

matplotlib.use("svg")

# No background, and of middle lightness, so that they can be read on a white page and on a black one.
GREY = "#808080"
COLOURS = {"annulet": "#e8590c", "unchecked": "#9a9a9a", "annulet:4": "#f08c3a", "annulet:8": "#c98a1b",
           "gloo:ring": "#1c7ed6", "gloo:ring_chunked": "#3bc9db", "gloo:halving_doubling": "#5c7cfa",
           "gloo:bcube": "#15aabf", "openmpi:own": "#37b24d", "openmpi:ring": "#82b93c",
           "scikit-learn": "#1c7ed6", "PyTorch": "#1c7ed6", "Eigen's products": "#9a9a9a"}
LABELS = {"annulet": "annulet", "unchecked": "annulet without checksums",
          "annulet:4": "annulet, 4 connections",
          "annulet:8": "annulet, 8 connections", "gloo:ring": "Gloo ring",
          "gloo:ring_chunked": "Gloo ring chunked", "gloo:halving_doubling": "Gloo halving-doubling",
          "gloo:bcube": "Gloo bcube", "openmpi:own": "OpenMPI, own choice",
          "openmpi:ring": "OpenMPI ring"}
MARKS = {"annulet": "o", "annulet:4": "o", "annulet:8": "o", "openmpi:own": "s", "openmpi:ring": "s"}
STYLE = {"svg.fonttype": "path",  # no font of the reader's, which could be wider
         "svg.hashsalt": "annulet", "font.size": 11, "text.color": GREY, "axes.labelcolor": GREY,
         "axes.edgecolor": GREY, "xtick.color": GREY, "ytick.color": GREY, "axes.titlesize": 11,
         "grid.color": GREY, "grid.alpha": 0.3, "grid.linewidth": 0.6, "axes.spines.top": False,
         "axes.spines.right": False}


def svg_of(figure):
    out = io.StringIO()
    figure.savefig(out, format="svg", transparent=True, bbox_inches="tight", pad_inches=0.1,
                   metadata={"Date": None})
    pyplot.close(figure)
    # matplotlib leaves blanks at the ends of lines.
    return "".join(line.rstrip() + "\n" for line in out.getvalue().splitlines())


def draw_lines(axes, ring, cell, sizes, unit):
    """Times over unit(size), in microseconds, and the limit."""
    link, congestion, world = cell
    limits = [(size, ring.limit_us(link, congestion, world, size)) for size in sizes]
    if all(limit for _, limit in limits):
        axes.plot(sizes, [limit / unit(size) for size, limit in limits], color=GREY,
                  linestyle=(0, (4, 3)), linewidth=1.4, label="limit")
    for name, label in LABELS.items():
        points = sorted((int(key[4]), value) for key, value in ring.time_us.items()
                        if key[:4] == (link, congestion, str(world), name))
        if points:
            ours = name.startswith("annulet")
            axes.plot([size for size, _ in points], [value / unit(size) for size, value in points],
                      color=COLOURS[name], label=label, marker=MARKS.get(name, "^"),
                      markersize=5 if ours else 4, linewidth=2.2 if ours else 1.3,
                      zorder=4 if ours else 3)
    axes.set_xscale("log", base=2)
    axes.set_yscale("log")
    axes.set_xticks(sizes, [size_text(size) for size in sizes], rotation=30, ha="right")
    axes.minorticks_off()
    axes.tick_params(labelleft=True)
    axes.grid(True)


def draw_times(axes, ring, cell, sizes):
    draw_lines(axes, ring, cell, sizes, lambda _: 1)
    low, high = axes.get_ylim()
    ticks = [10.0 ** power for power in range(-1, 9) if low <= 10.0 ** power <= high]
    axes.set_yticks(ticks, [duration(tick).replace(".00", "").replace(".0", "") for tick in ticks])
    link, congestion, world = cell
    axes.set_title(f"{LINKS[link].text}: W = {world}, {congestion}", loc="left")


def draw_ratios(axes, ring, cell, sizes):
    """Near one: lines that leave the panel are in the other one."""
    link, congestion, world = cell
    ours = {size: ring.best("annulet", link, congestion, world, size)[0] for size in sizes}
    if all(ours.values()):
        draw_lines(axes, ring, cell, sizes, ours.get)
    axes.set_ylim(0.55, 4.2)
    axes.set_yticks([0.6, 0.8, 1, 1.5, 2, 3, 4], ["0.6x", "0.8x", "1x", "1.5x", "2x", "3x", "4x"])


def ring_picture(rows, link):
    """Time over bytes, both logarithmic, a column for each W and congestion control; below them the
    same over annulet's time. The SVG."""
    cells = [cell for cell in ring_cells(rows) if cell[0] == link]
    ring = Ring(rows)
    with matplotlib.rc_context(STYLE):
        figure, panels = pyplot.subplots(2, len(cells), figsize=(max(7.4, 5.6 * len(cells)), 7.2),
                                         squeeze=False, sharey="row", height_ratios=(4, 3))
        for (times, ratios), cell in zip(panels.T, cells):
            sizes = sorted({int(key[4]) for key in ring.time_us
                            if key[:3] == (cell[0], cell[1], str(cell[2]))})
            draw_times(times, ring, cell, sizes)
            draw_ratios(ratios, ring, cell, sizes)
        panels[0][0].set_ylabel("time of an all-reduce")
        panels[1][0].set_ylabel("over annulet's best")
        entries = {}
        for axes in panels[0]:
            handles, labels = axes.get_legend_handles_labels()
            entries.update(zip(labels, handles))
        figure.legend(entries.values(), entries.keys(), loc="upper center", frameon=False,
                      bbox_to_anchor=(0.5, 0.0), ncol=3 if len(cells) == 1 else 4)
        figure.tight_layout()
        return svg_of(figure)


def steps_picture(rows):
    """Steps a second as bars, a panel for each problem; the SVG."""
    rates = medians(rows, ("problem", "system"), "steps_per_second")
    problems = list(dict.fromkeys(row["problem"] for row in rows
                                  if row["system"] in ("scikit-learn", "PyTorch")))
    with matplotlib.rc_context(STYLE):
        figure, panels = pyplot.subplots(1, len(problems), figsize=(3.0 * len(problems), 3.6),
                                         squeeze=False)
        for axes, problem in zip(panels[0], problems):
            names = [name for name in dict.fromkeys(row["system"] for row in rows)
                     if (problem, name) in rates]
            values = [rates[problem, name] for name in names]
            bars = axes.bar(range(len(names)), values, width=0.65,
                            color=[COLOURS.get(name, GREY) for name in names])
            axes.bar_label(bars, [f"{value / 1e6:.1f} M" if value >= 1e6 else f"{value:,.0f}"
                                  for value in values], padding=2, color=GREY)
            axes.set_xticks(range(len(names)), [name.replace(" ", "\n") for name in names],
                            fontsize=10)
            axes.set_xlim(-0.6, max(len(names), 2) - 0.4)
            axes.set_yticks([])
            axes.spines["left"].set_visible(False)
            axes.margins(y=0.12)
            axes.set_title(problem)
        figure.suptitle("local steps a second, one thread", x=0.02, ha="left", color=GREY)
        figure.tight_layout()
        return svg_of(figure)
