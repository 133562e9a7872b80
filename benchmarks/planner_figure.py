"""How long one waits, in one figure: the first time, for a study, for a large crisis."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure as Drawing
from matplotlib.ticker import FixedLocator, NullFormatter, NullLocator
from planner import ALL_WAIT, FEW_WAIT, Known, Sizes, Wait, crisis_waits, duration, first_waits, study_waits

from caresim.report.style import BLUE, FAINT, QUIET, VERMILLION, drawn, page, panels

TICKS = {0.1: "0.1 s", 1.0: "1 s", 10.0: "10 s", 60.0: "1 min", 600.0: "10 min"}
LINE, GAP = 0.42, 0.75
"""Inches of the page for a line, and between the parts."""
BESIDE = 9
"""Points between a dot and what is said of it."""


@drawn
def planner_figure(known: Known, sizes: Sizes, cores: str) -> Drawing | None:
    """A line for whatever one waits for, in three parts; None: nothing was measured."""
    few, everybody = crisis_waits(sizes, FEW_WAIT), crisis_waits(sizes, ALL_WAIT)
    parts = [
        ("The first time, and later", [("", BLUE, first_waits(known))]),
        ("A study of tokyo", [("", BLUE, study_waits(known, sizes))]),
        (
            "One replication of a large crisis (ash_cloud)",
            [("hardly anybody waits", BLUE, few), ("everybody redials", VERMILLION, everybody)],
        ),
    ]
    parts = [(title, filled) for title, rows in parts if (filled := [row for row in rows if row[2]])]
    if not parts:
        return None
    lines = [len({wait.what for _, _, waits in rows for wait in waits}) for _, rows in parts]
    height = 1.55 + 0.75 + sum(lines) * LINE + GAP * (len(parts) - 1)
    figure = page(
        "How long does it take?",
        f"Time on the wall on a machine with {cores} cores, and memory where it matters.\n"
        "Times are on a logarithmic scale: a step to the right is six to ten times as long.",
        height=height,
    )
    grid = panels(figure, len(parts), 1, left=5.0, right=2.2, top=1.6, bottom=0.7, down=GAP, heights=lines, sharex=True)
    for (axes,), (title, rows) in zip(grid, parts, strict=True):
        _part(axes, title, rows)
    for (axes,) in grid[:-1]:
        axes.tick_params(axis="x", labelbottom=False)
    return figure


def _part(axes: Axes, title: str, rows: Sequence[tuple[str, str, Sequence[Wait]]]) -> None:
    """Lines from top to bottom; loads of one size stand in the same line."""
    whats = list(dict.fromkeys(wait.what for _, _, waits in rows for wait in waits))
    axes.set_xscale("log")
    axes.set_xlim(0.03, 1000)
    for load, colour, waits in rows:
        for wait in waits:
            y = whats.index(wait.what)
            axes.plot(wait.seconds, y, "o", color=colour, markersize=9, clip_on=False)
            on_the_left = len(rows) > 1 and load == rows[0][0]
            told = ", ".join(filter(None, (duration(wait.seconds), wait.says, load if wait is waits[-1] else "")))
            axes.annotate(
                told, (wait.seconds, y), (-BESIDE if on_the_left else BESIDE, 0), textcoords="offset points",
                color=colour, va="center", ha="right" if on_the_left else "left", fontsize=11.5, annotation_clip=False,
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.5},
            )  # fmt: skip
    axes.set_yticks(range(len(whats)), whats)
    axes.set_ylim(len(whats) - 0.5, -0.5)
    axes.tick_params(axis="y", length=0)
    axes.hlines(range(len(whats)), *axes.get_xlim(), color=FAINT, linewidth=0.7, zorder=0)
    axes.set_title(title)
    axes.spines["left"].set_visible(False)
    axes.xaxis.set_major_locator(FixedLocator(list(TICKS)))
    axes.set_xticklabels(list(TICKS.values()))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.grid(True, axis="x", color=FAINT, linewidth=0.7)
    axes.tick_params(axis="x", colors=QUIET)
