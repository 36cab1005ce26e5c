"""Pictures of how runs grow, as SVG: like plots.py it needs matplotlib."""
import matplotlib
from matplotlib import pyplot

from growth_figures import FLOAT, Growth, formula_us
from plots import COLOURS, GREY, STYLE, svg_of
from tables import duration

OURS = {"color": COLOURS["annulet"], "marker": "o", "markersize": 5, "linewidth": 2.2, "zorder": 4}
BOUND = {"color": GREY, "linestyle": (0, (4, 3)), "linewidth": 1.4, "zorder": 5}


def decades(axes, unit_of):
    """Ticks of the vertical axis at powers of ten, in words."""
    low, high = axes.get_ylim()
    ticks = [10.0 ** power for power in range(-1, 13) if low <= 10.0 ** power <= high]
    axes.set_yticks(ticks, [unit_of(tick).replace(".00", "").replace(".0", "") for tick in ticks])
    axes.minorticks_off()
    axes.grid(True)


def memory_text(count):
    return f"{count / 1e9:.0f} GB" if count >= 1e9 else f"{count / 1e6:.0f} MB"


def rings_panel(axes, growth):
    cells = growth.cells("virtual")
    worlds = [cell[1] for cell in cells]
    axes.plot(worlds, [formula_us(*cell[1:]) / 1e3 for cell in cells], label="formula", **BOUND)
    axes.plot(worlds, [growth.average_us[cell] / 1e3 for cell in cells], label="annulet", **OURS)
    axes.set_xscale("log", base=2)
    axes.set_xticks(worlds, worlds)
    axes.minorticks_off()
    axes.set_ylim(bottom=0)
    axes.grid(True)
    axes.set_xlabel("W")
    axes.set_ylabel("ms")
    axes.set_title("one average, 100,000 parameters,\nlinks of 100 Mbit/s and 1 ms", loc="left")


def sizes_panels(time, memory, growth):
    cells = growth.cells("sizes")
    sizes = [cell[2] for cell in cells]
    time.plot(sizes, [growth.average_us[cell] for cell in cells], label="annulet", **OURS)
    last = cells[-1]
    time.plot(sizes, [growth.average_us[last] * size / last[2] for size in sizes],
              label="linear", **BOUND)
    memory.plot(sizes, [growth.rss_bytes[cell] for cell in cells], label="annulet", **OURS)
    rest = growth.rss_bytes[cells[0]] - 3 * FLOAT * sizes[0]
    memory.plot(sizes, [rest + 3 * FLOAT * size for size in sizes], label="three models and a constant",
                **BOUND)
    for axes, unit_of, title in ((time, duration, "one average, two processes\non loopback"),
                                 (memory, memory_text, "memory of a process")):
        axes.set_xscale("log")
        axes.set_yscale("log")
        axes.set_xticks(sizes, [f"$10^{len(str(size)) - 1}$" for size in sizes])
        decades(axes, unit_of)
        axes.set_xlabel("parameters")
        axes.set_title(title, loc="left")


def pictures(rows):
    """Name of a file: its SVG. Nothing as long as a part is missing."""
    growth = Growth(rows)
    if not growth.cells("virtual") or not growth.cells("sizes"):
        return {}
    with matplotlib.rc_context(STYLE):
        figure, (rings, time, memory) = pyplot.subplots(1, 3, figsize=(13.2, 4.2))
        rings_panel(rings, growth)
        sizes_panels(time, memory, growth)
        for axes in (rings, time, memory):
            axes.legend(frameon=False)
        figure.tight_layout()
        return {"growth.svg": svg_of(figure)}
