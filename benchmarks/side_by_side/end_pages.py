"""What docs/whole-runs.md says of the runs to a target loss."""
import results
from end import END
from end_search import GRID
from end_tables import behind_text, end_text, grid_text


def parts_of(folder):
    """(name of a marker: its text, what was measured (pages.runs_text), rows)."""
    runs, rows = results.read(folder / "end.csv", END)
    grid_runs, grid = results.read(folder / "end-grid.csv", GRID)
    parts = {"whole": end_text(rows), "whole grid": grid_text(grid), "whole behind": behind_text(rows)}
    return parts, [("end grid", grid_runs, grid), ("end", runs, rows)], rows


def pictures(rows):
    """Name: SVG. Needs matplotlib."""
    import end_plots

    return {"end.svg": end_plots.end_picture(rows)} if rows else {}
