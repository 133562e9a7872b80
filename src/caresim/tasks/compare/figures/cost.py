"""What satisfaction costs."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from caresim.report.evidence import intervals_in_words, replications_in_words, with_intervals
from caresim.report.interval import draw_interval
from caresim.report.labels import label_ends
from caresim.report.on_axes import on_axes
from caresim.report.style import QUIET, drawn, page, panels, quiet_grid
from caresim.report.wording import large, readable
from caresim.tasks.compare.chosen import palette_of
from caresim.tasks.compare.figure import comparison_figure, has_satisfaction


def has_satisfaction_to_compare(results: Any) -> bool:
    """Are there several staffing models whose satisfaction depends on more than the wait?"""
    return len(results.staffings) > 1 and has_satisfaction(results)


def draw_points(axes: Axes, results: Any) -> None:
    """A labelled point a staffing model, with its intervals."""
    from caresim.measure.metrics import REGISTRY

    summary = with_intervals(results.summary(), results).set_index(["metric", "staffing"])
    palette = palette_of(results)
    points: list[tuple[float, float, str]] = []
    rated = "csat_all" if "csat_all" in results.experiment.study.headline else "csat"
    for staffing in results.staffings:
        if ("cost", staffing) not in summary.index or (rated, staffing) not in summary.index:
            continue
        money, happy = summary.loc[("cost", staffing)], summary.loc[(rated, staffing)]
        x, y = float(money["mean"]), float(happy["mean"])
        if not np.isfinite([x, y]).all():
            continue
        points.append((x, y, staffing))
    money_metric = REGISTRY["cost"]
    axes.set_xlabel(f"{money_metric.label} (€)")
    axes.set_ylabel(f"mean {REGISTRY[rated].label[0].lower()}{REGISTRY[rated].label[1:]} (1 to 5)")
    axes.xaxis.set_major_locator(MaxNLocator(6))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: large(value)))
    quiet_grid(axes, "both")
    if not points:
        axes.text(0.5, 0.5, "cost or satisfaction is not known", transform=axes.transAxes, ha="center", color=QUIET)
        return
    for x, y, staffing in points:
        money, happy, colour = summary.loc[("cost", staffing)], summary.loc[(rated, staffing)], palette[staffing]
        draw_interval(axes, happy, x, colour, label=staffing, upright=True, size=10)
        draw_interval(axes, money, y, colour, size=10, label="_money")
        if staffing == results.baseline:
            axes.plot(
                x,
                y,
                marker="o",
                markersize=19,
                markerfacecolor="none",
                markeredgecolor=colour,
                markeredgewidth=1.6,
                label="_ring",
            )
    axes.margins(x=0.06, y=0.12)
    axes.autoscale_view()
    label_ends(axes, [(x, y, readable(name), palette[name]) for x, y, name in points], size=12)


@on_axes
def points_of_all(axes: Axes, results: Any) -> None:
    """Cost against mean satisfaction."""
    draw_points(axes, results)
    axes.set_title("Cost against satisfaction; ring: the baseline")


@comparison_figure(place=70, applies=has_satisfaction_to_compare, about=("cost",), panel=points_of_all)
@drawn
def cost(results: Any) -> Figure:
    """Cost against mean satisfaction: a labelled point a staffing model, intervals both ways, the baseline ringed."""
    figure = page(
        "What does satisfaction cost?",
        replications_in_words(results, intervals_in_words(results))
        + ".\nRing: the baseline. Up and to the left is better.",
    )
    draw_points(panels(figure, 1, 1, left=1.1, right=3.4, top=1.6, bottom=0.9)[0, 0], results)
    return figure
