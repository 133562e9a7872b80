"""Many comparisons in one process, as a notebook has them: what it holds after each, and a figure of that.

    python benchmarks/long_life.py              measures 200, writes benchmarks/long_life.csv, draws the figure
    python benchmarks/long_life.py --count 20   fewer
    python benchmarks/long_life.py --draw       draws again from the file: docs/figures/long_life.png

The comparisons take turns: a small crisis with all its staffing models, a queue, and every fifth of them draws figures.
"""

from __future__ import annotations

import argparse
import csv
import os
import statistics
import tempfile
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

from matplotlib import pyplot
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

import caresim
from caresim.report.style import BLUE, QUIET, VERMILLION, drawn, page, panels, save

HERE = Path(__file__).parent
KEPT = HERE / "long_life.csv"
PICTURE = HERE.parent / "docs" / "figures" / "long_life.png"
WORDS = (
    ("experiment=queue", "queue.customers=1000", "replications=4"),
    ("experiment=tokyo", "population.scale=0.01", "replications=2"),
)
DRAWN = 5
"""Every so many comparisons, figures are drawn."""
WARM = 100
"""Comparisons after which libraries are loaded and the allocator has what it needs: what grows from then on leaks."""
HELD = {"resident_mb": "Memory, MB", "open_files": "Open files", "threads": "Threads"}
Row = Mapping[str, float]


def held() -> dict[str, float]:
    """What this process holds now (Linux): memory in MB, open files, threads, and figures of pyplot."""
    resident = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
    return {
        "resident_mb": resident / 1e6,
        "open_files": len(os.listdir("/proc/self/fd")),
        "threads": threading.active_count(),
        "figures": len(pyplot.get_fignums()),
    }


def lived(count: int, folder: str) -> list[dict[str, float]]:
    """What is held after each comparison."""
    rows = []
    for number in range(1, count + 1):
        words = (*WORDS[number % len(WORDS)], f"seed={number}", f"output_dir={folder}")
        results = caresim.compare(caresim.load(*words), workers=2)
        results.summary(), results.comparison()
        if number % DRAWN == 0:
            for name in ("latency", "differences"):
                getattr(results.plot, name)().savefig(Path(folder) / f"{name}.png")
        del results
        rows.append({"comparison": number, "drawn": number % DRAWN == 0, **held()})
    return rows


def growth(rows: Sequence[Row], name: str) -> float:
    """By how much the last quarter after `WARM` holds more than the first one: medians, in the units of the column."""
    warm = [row[name] for row in rows if row["comparison"] > WARM] or [row[name] for row in rows]
    quarter = max(len(warm) // 4, 1)
    return statistics.median(warm[-quarter:]) - statistics.median(warm[:quarter])


@drawn
def long_life_figure(rows: Sequence[Row]) -> Figure:
    """What the process holds after each comparison."""
    figure = page(
        "What does a process hold after many comparisons?",
        f"{len(rows)} comparisons one after the other, as in a notebook; a dot where figures were drawn, too.",
        height=8.2,
    )
    grid = panels(figure, len(HELD), 1, left=1.1, right=2.0, top=1.35, bottom=0.75, down=0.55, sharex=True)
    for (axes,), (name, title) in zip(grid, HELD.items(), strict=True):
        _panel(axes, rows, name, title)
    grid[-1][0].set_xlabel("Comparisons", color=QUIET)
    return figure


def _panel(axes: Axes, rows: Sequence[Row], name: str, title: str) -> None:
    numbers, values = [row["comparison"] for row in rows], [row[name] for row in rows]
    axes.plot(numbers, values, color=BLUE, linewidth=1.4)
    dots = [(row["comparison"], row[name]) for row in rows if row["drawn"]]
    axes.plot(*zip(*dots, strict=True), "o", color=VERMILLION, markersize=3.5)
    axes.set_ylim(0, 1.25 * max(values))
    axes.set_title(title)
    more = growth(rows, name)
    told = f"{values[-1]:.0f} at last,\n{more:+.1f} within the\nlast {len(rows) - WARM}"
    axes.yaxis.set_major_locator(MaxNLocator(4, integer=True))
    axes.annotate(
        told, (1.0, 0.5), (10, 0), xycoords="axes fraction", textcoords="offset points", va="center", color=QUIET
    )


def read() -> list[dict[str, float]]:
    with KEPT.open(newline="", encoding="utf-8") as text:
        return [{name: float(value) for name, value in row.items()} for row in csv.DictReader(text)]


def keep(rows: Sequence[Mapping[str, float]]) -> None:
    with KEPT.open("w", newline="", encoding="utf-8") as text:
        writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows({name: f"{value:.6g}" for name, value in row.items()} for row in rows)


def main(words: Sequence[str] | None = None) -> None:
    """Measure, keep, draw."""
    parser = argparse.ArgumentParser(prog="python benchmarks/long_life.py")
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--draw", action="store_true")
    asked = parser.parse_args(words)
    if not asked.draw:
        pyplot.switch_backend("agg")
        with tempfile.TemporaryDirectory() as folder:
            keep(lived(asked.count, folder))
    save(long_life_figure(rows := read()), PICTURE)
    print(", ".join(f"{title}: {growth(rows, name):+.2f}" for name, title in HELD.items()))


if __name__ == "__main__":
    main()
