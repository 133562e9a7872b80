"""A figure of a comparison: what draws it, where it stands among the others, when it has something to show."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

Draw = Callable[..., Figure]
Panel = Callable[..., Axes]
Condition = Callable[[Any], bool]
MOST_OF_FEW = 4
"""Figures that are drawn with `figures=few`."""
SLIDE, ASKED, DENSE = "slide", "asked", "dense"
"""What a figure is: SLIDE says one thing; ASKED is crowded, and drawn where a headline metric is of what it is about;
DENSE is for who looks closer, another says the same in short, and it is drawn with `figures=all` alone.
"""


@dataclass(frozen=True)
class ComparisonFigure:
    """One file in figures/. An empty picture says less than none, so it `applies` to some results only."""

    draw: Draw
    """Results -> a figure that belongs to nobody."""
    place: int
    """Its place among the figures: the lower, the more telling."""
    applies: Condition
    """Results -> have they anything to show in it?"""
    about: frozenset[str] = frozenset()
    """Files of measure/metrics whose metrics it shows; none: whatever the experiment asks about."""
    over_time: bool = False
    """Does it show the timeline, which a run shorter than an interval has not?"""
    kind: str = SLIDE
    """SLIDE, ASKED or DENSE."""
    panel: Panel | None = None
    """(axes, results, what `draw` takes behind them) -> the axes, with one panel on them; None: there is none."""
    of_one: bool = False
    """Does the panel show one staffing model alone?"""

    @property
    def name(self) -> str:
        return self.draw.__name__


def comparison_figure(
    *,
    place: int,
    applies: Condition,
    about: Iterable[str] = (),
    over_time: bool = False,
    kind: str = SLIDE,
    panel: Panel | None = None,
    of_one: bool = False,
) -> Callable[[Draw], ComparisonFigure]:
    """Make a function that draws results a figure of the comparison, called like the function and its file."""
    return lambda draw: ComparisonFigure(draw, place, applies, frozenset(about), over_time, kind, panel, of_one)


def has_intervals(results: Any) -> bool:
    """Is the run as long as a step of its timeline, so that there is something to draw over time?"""
    return len(results.courses["time_min"]) > 0


def always(results: Any) -> bool:
    """For a figure that any results fill."""
    return True


def has_values(metric: str, results: Any) -> bool:
    """Has any replication a value? None has where so few are affected that none of them needs anything."""
    return metric in results.replications and bool(results.replications[metric].notna().any())


def is_rated(results: Any) -> bool:
    """Does anybody rate the care? Where behaviour is switched off, nobody does."""
    return bool(results.experiment.behaviour.rates)


def has_satisfaction(results: Any) -> bool:
    """Is there a satisfaction?"""
    return is_rated(results) and has_values("csat", results)


def slides(figures: Iterable[ComparisonFigure], headline: Iterable[str]) -> list[ComparisonFigure]:
    """The figures that say one thing each, and of the crowded ones those of the headline metrics."""
    asked = files_of(headline)
    return [each for each in figures if each.kind == SLIDE or (each.kind == ASKED and each.about & asked)]


def few(figures: Iterable[ComparisonFigure], headline: Iterable[str]) -> list[ComparisonFigure]:
    """The slides that answer what is asked: at most four, those about the headline metrics first, then by place."""
    headline = set(headline)
    asked = files_of(headline)
    telling = sorted(
        slides(figures, headline),
        key=lambda figure: (bool(figure.about) and figure.about.isdisjoint(asked), figure.place),
    )
    return sorted(telling[:MOST_OF_FEW], key=lambda figure: figure.place)


def files_of(metrics: Iterable[str]) -> set[str]:
    """The files of measure/metrics in which these metrics are."""
    from caresim.measure.metrics import FILES

    names = set(metrics)
    return {file.__name__.rpartition(".")[2] for file in FILES for metric in file.METRICS if metric.name in names}


def in_order(modules: dict[str, ModuleType]) -> dict[str, ComparisonFigure]:
    """The figures of the files, by name, the most telling first. TypeError for a file that lacks its figure."""
    figures: list[ComparisonFigure] = []
    for name, module in modules.items():
        figure = getattr(module, name, None)
        if not isinstance(figure, ComparisonFigure):
            raise TypeError(
                f"{module.__name__} needs a function {name} below @comparison_figure(place=..., applies=...)"
            )
        if rival := next((other for other in figures if other.place == figure.place), None):
            raise TypeError(f"{module.__name__}: {rival.name} has the place {figure.place} already")
        figures.append(figure)
    return {figure.name: figure for figure in sorted(figures, key=lambda figure: figure.place)}
