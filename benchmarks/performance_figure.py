"""The figures of docs/performance.md, from sizes.csv and history.csv: `python benchmarks/performance_figure.py`."""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure as Drawing
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter, NullLocator

sys.path.insert(0, str(Path(__file__).parent))
from figure import HERE, HISTORY, SIZES, read

from caresim.view.style import INK, PALETTE, QUIET, drawn, page, panels, quiet_grid, save

FIGURES = HERE.parent / "docs" / "figures"
LOADS = ("M/M/10+M", "tokyo", "ash_cloud, light", "ash_cloud, overloaded")
COLOURS = dict(zip(LOADS, (PALETTE[1], PALETTE[2], PALETTE[3], PALETTE[5]), strict=True))
PANELS = (
    ("Seconds, building included", "s", lambda row: row["build_s"] + row["run_s"]),
    ("Run, time an event", "ns", lambda row: 1e9 * row["run_s"] / row["events"]),
    ("Peak memory", "GB", lambda row: row["run_mb"] / 1024),
)
TRACED = (
    ("times_simpy", "times SimPy", PALETTE[1]),
    ("times_mesa", "times Mesa's events", PALETTE[3]),
    ("times_ciw", "times Ciw", PALETTE[2]),
    ("times_cimba", "times Cimba", PALETTE[5]),
    ("speed_of_cpp", "share of C++", INK),
    ("two_threads", "two threads", QUIET),
)
"""Ratios, because seconds of different machines say nothing about the code."""


def latest(rows: Sequence[dict[str, str]]) -> dict[str, list[dict[str, float]]]:
    """The rows of each load in the last run that has them, by size."""
    found: dict[str, list[dict[str, float]]] = {}
    for load in LOADS:
        own = [row for row in rows if row["load"] == load]
        last = max((row["run"] for row in own), default="")
        numbers = [
            {name: float(value) for name, value in row.items() if name not in ("run", "load")}
            for row in own
            if row["run"] == last
        ]
        if numbers:
            found[load] = sorted(numbers, key=lambda row: row["passengers"])
    return found


@drawn
def size_figure(rows: Sequence[dict[str, str]]) -> Drawing:
    """Cost against size, a panel a cost, a line a load."""
    loads = latest(rows)
    figure = page(
        "Cost against size",
        "One replication in a process of its own, one thread, warm, no rows recorded. All axes are logarithmic.",
        height=5.2,
    )
    for axes, (title, unit, cost) in zip(
        panels(figure, 1, 3, across=0.85, right=2.2, top=1.5, left=0.8)[0], PANELS, strict=True
    ):
        for load, sizes in loads.items():
            xs, ys = [row["passengers"] for row in sizes], [cost(row) for row in sizes]
            axes.plot(xs, ys, color=COLOURS[load], marker="o", markersize=4.5)
        _logarithmic(axes)
        axes.set(title=title, xlabel="passengers", ylabel=unit)
        quiet_grid(axes, "both")
        axes.margins(x=0.06, y=0.12)
    cost = PANELS[-1][2]
    _name(axes, [(load, rows[-1]["passengers"], cost(rows[-1]), COLOURS[load]) for load, rows in loads.items()])
    return figure


def _logarithmic(axes: Axes) -> None:
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.xaxis.set_major_locator(LogLocator(numticks=12))
    axes.xaxis.set_major_formatter(FuncFormatter(_short))
    axes.yaxis.set_major_formatter(FuncFormatter(_short))
    axes.yaxis.set_minor_locator(LogLocator(subs=(2.0, 5.0)))
    low, high = axes.get_ylim()
    axes.yaxis.set_minor_formatter(FuncFormatter(_short) if high < 1000 * low else NullFormatter())
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.tick_params(axis="y", which="minor", labelsize=9)


def _short(value: float, _: object = None) -> str:
    """1,000,000 as 1M."""
    for size, letter in ((1e6, "M"), (1e3, "k")):
        if value >= size:
            return f"{value / size:g}{letter}"
    return f"{value:g}"


def _name(axes: Axes, ends: Sequence[tuple[str, float, float, str]]) -> None:
    """What each line is (label, x, y, colour) beside its end, pushed up where two labels would overlap."""
    axes.autoscale_view()
    point = 72 / axes.figure.dpi
    ends = sorted(ends, key=lambda end: end[2])
    floors: dict[float, float] = {}
    for label, x, y, colour in ends:
        at = axes.transData.transform((x, y))[1] * point
        place = max(at, floors.get(x, at))
        floors[x] = place + 15
        axes.annotate(
            label, (x, y), (10, place - at), textcoords="offset points", color=colour, va="center", fontsize=11,
            annotation_clip=False,
        )  # fmt: skip


@drawn
def history_figure(rows: Sequence[dict[str, str]]) -> Drawing:
    """Ratios from run to run, with their spread within a run."""
    runs = sorted({row["run"] for row in rows})
    place = {run: number for number, run in enumerate(runs)}
    known: dict[str, list[tuple[int, float, float, float]]] = defaultdict(list)
    for row in rows:
        told = (place[row["run"]], float(row["median"]), float(row["low"]), float(row["high"]))
        known[row["name"]].append(told)
    figure = page(
        "From run to run",
        "Ratios taken within one run of the benchmark: the median of its repeats, from the lowest to the highest.",
        height=5.2,
    )
    axes = panels(figure, 1, 1, right=2.6, top=1.3, bottom=0.8)[0][0]
    ends = []
    for name, label, colour in TRACED:
        if not (points := sorted(known.get(name, []))):
            continue
        xs, ys = [point[0] for point in points], [point[1] for point in points]
        below, above = [point[1] - point[2] for point in points], [point[3] - point[1] for point in points]
        axes.errorbar(xs, ys, [below, above], color=colour, marker="o", markersize=4.5, capsize=3, linewidth=1.5)
        ends.append((f"{label} {ys[-1]:.3g}", float(xs[-1]), ys[-1], colour))
    axes.set_yscale("log")
    axes.yaxis.set_major_formatter(FuncFormatter(_short))
    axes.set_xticks(range(len(runs)), [run[2:16].replace("T", "\n") for run in runs])
    axes.set(ylabel="ratio", xlim=(-0.2, len(runs) - 0.9))
    quiet_grid(axes)
    _name(axes, ends)
    return figure


def draw() -> None:
    """Both figures, as far as there is something to draw."""
    for name, file, figure in (("size", SIZES, size_figure), ("history", HISTORY, history_figure)):
        if rows := read(file):
            save(figure(rows), FIGURES / f"performance_{name}.png")


if __name__ == "__main__":
    draw()
