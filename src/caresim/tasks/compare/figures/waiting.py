"""How many passengers wait, hour by hour: a strip a staffing model."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from caresim.report.bands import hourly, matrix_of, percentiles
from caresim.report.clock import clock_axis, zone
from caresim.report.evidence import replications_in_words
from caresim.report.labels import row_names
from caresim.report.on_axes import on_axes
from caresim.report.style import INK, MUCH, drawn, page, panels
from caresim.report.wording import large
from caresim.tasks.compare.chosen import palette_of
from caresim.tasks.compare.figure import comparison_figure

ROW_INCHES, LEAST_INCHES = 0.58, 1.2
KEY_INCHES = 2.0
SHADES = LinearSegmentedColormap.from_list("much", MUCH)
"""Of people: pale is none."""


def anybody_waits(results: Any) -> bool:
    """Does anybody wait, and is it known how many?"""
    return "waiting" in results.courses and bool((results.courses["waiting"] > 0).any())


def by_hour(results: Any, staffing: str, column: str) -> tuple[np.ndarray, np.ndarray]:
    """(end of the hour in minutes, median over replications of the mean level within it)."""
    x, levels = matrix_of(results.courses, staffing, column)
    ends, rates = hourly(x, levels)
    if len(x) < 2 or not len(ends):  # it is all over within the hour
        return x, percentiles(levels)[1]
    return ends, percentiles(rates)[1] * float(np.median(np.diff(x))) / 60


def highest(x: np.ndarray, values: np.ndarray) -> tuple[float, float]:
    """Where the highest value is, and what it is."""
    place = int(np.argmax(values))
    return float(x[place]), float(values[place])


def draw_strips(axes: Axes, results: Any) -> Any:
    """A strip a staffing model; what its shades mean can be told from the result, None where there is nothing."""
    staffings = list(results.staffings)
    strips = {staffing: by_hour(results, staffing, "waiting") for staffing in staffings}
    most = max((float(np.nan_to_num(values).max()) for _, values in strips.values()), default=1.0)
    first = max(min(float(x[0]) for x, _ in strips.values()) - 60.0, 0.0)
    last = max(float(x[-1]) for x, _ in strips.values())
    there = list(axes.patches)
    clock_axis(axes, results.experiment, first, last)
    for band in [patch for patch in axes.patches if patch not in there]:
        band.remove()  # nights would shade the strips
    drawing: Any = None
    for place, (x, values) in enumerate(strips.values()):
        shown = (x > first) & np.isfinite(values)
        if not shown.any():
            continue
        edges = np.concatenate([[x[shown][0] - 60.0], x[shown]])
        drawing = axes.pcolormesh(
            edges, [place - 0.36, place + 0.36], values[shown][None, :], cmap=SHADES, vmin=0, vmax=max(most, 1.0),
            rasterized=True,
        )  # fmt: skip
        when, peak = highest(x[shown], values[shown])
        axes.text(
            1.012, place, f"at most {large(round(peak))}, {moment(results.experiment, when - 60.0)}",
            transform=axes.get_yaxis_transform(), va="center", size=11, color=INK,
        )  # fmt: skip
    row_names(axes, staffings, palette_of(results))
    axes.spines["left"].set_visible(False)
    return drawing


@on_axes
def strips(axes: Axes, results: Any) -> None:
    """A strip a staffing model, the darker the more wait."""
    draw_strips(axes, results)
    axes.set_title("Passengers who wait; the darker, the more")


@comparison_figure(place=90, applies=anybody_waits, about=("load",), over_time=True, panel=strips)
@drawn
def waiting(results: Any) -> Figure:
    """Passengers who wait for a first answer, by hour: a strip a staffing model, the darker the more."""
    high = max(ROW_INCHES * len(results.staffings), LEAST_INCHES)
    figure = page(
        "How many passengers wait, and when?",
        replications_in_words(results, "median over replications, by hour")
        + ".\nPassengers of the disruption who wait for a first answer and can still get one; the darker, the more.",
        height=high + 2.45,
    )
    drawing = draw_strips(panels(figure, 1, 1, left=2.35, right=2.75, top=1.55, bottom=0.9)[0, 0], results)
    if drawing is not None:
        draw_key(figure, drawing, "passengers who wait")
    return figure


def draw_key(figure: Figure, drawing: Any, words: str) -> None:
    """What the shades of a drawing mean: a small scale at the upper right."""
    wide, tall = figure.get_size_inches()
    key = figure.add_axes(((wide - KEY_INCHES - 0.35) / wide, 1 - 0.62 / tall, KEY_INCHES / wide, 0.14 / tall))
    figure.colorbar(drawing, cax=key, orientation="horizontal")
    key.xaxis.set_major_locator(MaxNLocator(3, integer=True))
    key.xaxis.set_major_formatter(FuncFormatter(lambda value, _: large(value)))
    key.set_title(words, size=10, weight="normal", pad=4)
    key.tick_params(labelsize=10)


def moment(experiment: Any, minutes: float) -> str:
    """ "Sat 12, 14:00": the local hour in which it is."""
    local = (experiment.start + timedelta(minutes=minutes)).astimezone(zone(experiment))
    return f"{local:%a} {local.day}, {local:%H}:00"
