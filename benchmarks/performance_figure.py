"""The figures of docs/performance.md, from sizes.csv and history.csv: `python benchmarks/performance_figure.py`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from figure import HERE, HISTORY, RUNS, SIZES, read, with_ratios
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Drawing
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter, NullLocator
from planner_figure import planner_figure

from caresim.report.style import INK, PALETTE, QUIET, drawn, page, panels, quiet_grid, save

FIGURES = HERE.parent / "docs" / "figures"
LOADS = ("M/M/10+M", "tokyo", "ash_cloud, light", "ash_cloud, overloaded")
COLOURS = dict(zip(LOADS, (PALETTE[1], PALETTE[2], PALETTE[3], PALETTE[5]), strict=True))
PANELS = (
    ("Whole replication: build, run and measure", "s", "whole_s", None),
    ("Run: processor time an event", "ns", "event_ns", ("event_ns_low", "event_ns_high")),
    ("Peak memory of the process", "GB", "peak_gb", None),
)
"""(title, unit, column of sizes.csv, columns of its lowest and highest)."""
TRACED = (
    (
        "times the speed of",
        (
            ("times_simpy", "SimPy", PALETTE[1]),
            ("times_mesa", "Mesa's events", PALETTE[3]),
            ("times_ciw", "Ciw", PALETTE[2]),
            ("times_cimba", "Cimba", PALETTE[5]),
            ("times_line_million", "LINE, a million", PALETTE[4]),
        ),
    ),
    ("ratio", (("speed_of_cpp", "of the speed of C++", INK), ("two_workers", "two workers to one", QUIET))),
)
"""Ratios, because seconds of different machines say nothing about the code."""


def latest(rows: Sequence[dict[str, str]]) -> dict[str, list[dict[str, str]]]:
    """The rows of each load in the last run that has them, by size."""
    found: dict[str, list[dict[str, str]]] = {}
    for load in LOADS:
        own = [row for row in rows if row["load"] == load]
        last = max((row["run"] for row in own), default="")
        if own:
            found[load] = sorted((row for row in own if row["run"] == last), key=lambda row: float(row["passengers"]))
    return found


@drawn
def size_figure(rows: Sequence[dict[str, str]]) -> Drawing:
    """Cost against size, a panel a cost, a line a load."""
    figure = page(
        "Cost against size",
        "Whole replications on one thread, warm, no rows recorded: the median of the repeats, for the time an event\n"
        "with the lowest and the highest. All axes are logarithmic.",
        height=12.5,
    )
    grid = panels(figure, 3, 1, right=2.4, top=1.7, down=0.95)
    for (axes,), (title, unit, column, spread) in zip(grid, PANELS, strict=True):
        ends = []
        for load, sizes in latest(rows).items():
            told = [row for row in sizes if row.get(column)]
            if not told:
                continue
            xs, ys = [float(row["passengers"]) for row in told], [float(row[column]) for row in told]
            axes.errorbar(
                xs, ys, spread and _around(told, ys, spread), color=COLOURS[load], marker="o", markersize=4.5, capsize=3
            )
            ends.append((load, xs[-1], ys[-1], COLOURS[load]))
        _logarithmic(axes)
        axes.set(title=title, xlabel="passengers", ylabel=unit)
        quiet_grid(axes, "both")
        axes.margins(x=0.03, y=0.12)
        _name(axes, ends)
    return figure


def _around(rows: Sequence[dict[str, str]], ys: Sequence[float], spread: tuple[str, str]) -> list[list[float]]:
    """How far below and above."""
    low, high = ([float(row[name]) for row in rows] for name in spread)
    return [[y - end for y, end in zip(ys, low, strict=True)], [end - y for y, end in zip(ys, high, strict=True)]]


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
    floors: dict[int, float] = {}
    for label, x, y, colour in ends:
        across, at = axes.transData.transform((x, y)) * point
        near = round(across / 50)  # lines that end next to each other
        place = max(at, floors.get(near, at))
        floors[near] = place + 15
        axes.annotate(
            label, (x, y), (10, place - at), textcoords="offset points", color=colour, va="center", fontsize=11,
            annotation_clip=False, bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.85, "pad": 1},
        )  # fmt: skip


@drawn
def history_figure(rows: Sequence[dict[str, str]]) -> Drawing:
    """Ratios from run to run, with their spread within a run."""
    runs = with_ratios(rows)
    place = {run: number for number, run in enumerate(runs)}
    known: dict[str, list[tuple[int, float, float, float]]] = defaultdict(list)
    for row in rows:
        if row["run"] in place:
            told = (place[row["run"]], float(row["median"]), float(row["low"]), float(row["high"]))
            known[row["name"]].append(told)
    figure = page(
        "From run to run",
        "Ratios taken within one run of the benchmark: the median of its repeats, from the lowest to the highest.",
        height=8.5,
    )
    grid = panels(figure, 2, 1, right=2.6, top=1.3, bottom=0.8, heights=(1.6, 1.0))
    for (axes,), (label, lines) in zip(grid, TRACED, strict=True):
        ends = []
        for name, told, colour in lines:
            if not (points := sorted(known.get(name, []))):
                continue
            xs, ys = [point[0] for point in points], [point[1] for point in points]
            below, above = [point[1] - point[2] for point in points], [point[3] - point[1] for point in points]
            axes.errorbar(xs, ys, [below, above], color=colour, marker="o", markersize=4.5, capsize=3, linewidth=1.5)
            ends.append((f"{told} {ys[-1]:.3g}", float(xs[-1]), ys[-1], colour))
        axes.set_ylim(bottom=0)
        axes.set_xticks(range(len(runs)), [run[2:16].replace("T", "\n") for run in runs])
        axes.set(ylabel=label, xlim=(-0.2, len(runs) - 0.9))
        quiet_grid(axes)
        _name(axes, ends)
    return figure


def draw(kept: Path = HERE, figures: Path = FIGURES) -> None:
    """The figures of what lies in `kept`, as far as there is something to draw."""
    runs = read(kept / RUNS.name)
    known = {row["name"]: row for row in sorted(read(kept / HISTORY.name), key=lambda row: row["run"])}
    sizes = [row for load in latest(read(kept / SIZES.name)).values() for row in load]
    if (planned := planner_figure(known, sizes, runs[-1]["cores"] if runs else "")) is not None:
        save(planned, figures / "performance_planner.png")
    if rows := read(kept / SIZES.name):
        save(size_figure(rows), figures / "performance_size.png")
    if with_ratios(history := read(kept / HISTORY.name)):
        save(history_figure(history), figures / "performance_history.png")


if __name__ == "__main__":
    draw()
