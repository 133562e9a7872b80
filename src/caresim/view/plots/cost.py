"""What satisfaction costs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from caresim.view.interval import draw_interval
from caresim.view.label import label_points, spread
from caresim.view.series import replications_in_words
from caresim.view.style import QUIET, colours, drawn, page, panels, quiet_grid
from caresim.view.wording import large, readable


@drawn
def cost(results: Any) -> Figure:
    """Cost against mean satisfaction: a labelled point a staffing model, intervals both ways, the baseline ringed."""
    from caresim.analysis.metrics import REGISTRY

    summary = results.summary().set_index(["metric", "staffing"])
    palette = colours(results.staffings)
    figure = page(
        "What does satisfaction cost?",
        replications_in_words(results, "thick: 95 % interval, luck; thin: luck and assumptions")
        + ".\nRing: the baseline. Up and to the left is better. Equal costs are drawn side by side.",
    )
    axes = panels(figure, 1, 1, left=1.1, right=0.5, top=1.6, bottom=0.9)[0, 0]
    points: list[tuple[float, float, str]] = []
    for staffing in results.staffings:
        if ("cost", staffing) not in summary.index or ("csat", staffing) not in summary.index:
            continue
        money, happy = summary.loc[("cost", staffing)], summary.loc[("csat", staffing)]
        x, y = float(money["mean"]), float(happy["mean"])
        if not np.isfinite([x, y]).all():
            continue
        points.append((x, y, staffing))
    money_metric = REGISTRY["cost"]
    axes.set_xlabel(f"{money_metric.label} (€)")
    axes.set_ylabel("mean satisfaction, all affected (1 to 5)")
    axes.xaxis.set_major_locator(MaxNLocator(6))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: large(value)))
    quiet_grid(axes, "both")
    if not points:
        axes.text(0.5, 0.5, "cost or satisfaction is not known", transform=axes.transAxes, ha="center", color=QUIET)
        return figure
    places = side_by_side([x for x, _, _ in points])
    bars: list[tuple[float, float, float, float]] = []
    for place, (x, y, staffing) in zip(places, points, strict=True):
        money, happy, colour = summary.loc[("cost", staffing)], summary.loc[("csat", staffing)], palette[staffing]
        draw_interval(axes, happy, place, colour, label=staffing, upright=True, size=10)
        edges = ["ci_low", "ci_high", "luck_low", "luck_high"]
        draw_interval(axes, {"mean": place, **(money[edges] + place - x)}, y, colour, size=10, label="_money")
        bars.append((place, float(happy["ci_low"]), place, float(happy["ci_high"])))
        bars.append((float(money["ci_low"]) + place - x, y, float(money["ci_high"]) + place - x, y))
        if staffing == results.baseline:
            axes.plot(
                place,
                y,
                marker="o",
                markersize=19,
                markerfacecolor="none",
                markeredgecolor=colour,
                markeredgewidth=1.6,
                label="_ring",
            )
    axes.margins(x=0.18, y=0.12)
    axes.autoscale_view()
    label_points(
        axes,
        [(place, y, readable(name), palette[name]) for place, (_, y, name) in zip(places, points, strict=True)],
        [bar for bar in bars if np.isfinite(bar).all()],
        size=13,
    )
    return figure


def side_by_side(costs: Sequence[float]) -> np.ndarray:
    """Costs moved apart just so far that points of (nearly) equal cost can be told apart."""
    middle = float(np.mean(costs))
    wide = max(max(costs) - min(costs), 0.1 * abs(middle), 1e-9)
    return spread(costs, 0.022 * wide, min(costs) - wide, max(costs) + wide)
