"""Is what is drawn on axes on these axes, and nowhere else?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import matplotlib
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure, SubFigure

RULES = {"font.size": 7.0, "axes.titlesize": 5.0}
"""The caller's own, which must be theirs afterwards."""


def artists(axes: Axes) -> list[Any]:
    return [*axes.lines, *axes.patches, *axes.collections, *axes.images, *axes.texts]


def drawn_on_axes(draw: Callable[..., Any]) -> Axes:
    """The axes that `draw(ax=...)` has drawn on: one of four of a figure, of which nothing else has changed."""
    figure = Figure(figsize=(14, 9), layout="constrained")
    FigureCanvasAgg(figure)
    grid = figure.subplots(2, 2)
    ours = grid[0, 1]
    with matplotlib.rc_context(RULES):
        assert draw(ax=ours) is ours
        assert {key: matplotlib.rcParams[key] for key in RULES} == RULES
    _check(figure, list(grid.flat), ours)
    return ours


def drawn_on_a_part(draw: Callable[..., Any]) -> Axes:
    """The same, on axes of a part of a figure (a SubFigure)."""
    figure = Figure(figsize=(14, 5))
    FigureCanvasAgg(figure)
    part: SubFigure = figure.subfigures(1, 2)[1]
    ours = part.subplots()
    assert draw(ax=ours) is ours
    _check(figure, [ours], ours)
    return ours


def _check(figure: Figure, there: list[Axes], ours: Axes) -> None:
    assert figure.axes == there, "axes were added"
    assert not figure.texts
    assert not figure.legends
    for other in there:
        assert bool(artists(other)) == (other is ours)
        assert bool(other.get_title(loc="left") or other.get_title()) == (other is ours), "the panel has a title"
    figure.draw_without_rendering()
