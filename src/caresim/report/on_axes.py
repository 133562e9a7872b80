"""A panel of a figure on axes that a notebook gives, in the project's look."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec

from matplotlib.axes import Axes

from caresim.config.errors import BadInput
from caresim.report.style import look, named_by

P = ParamSpec("P")
Panel = Callable[Concatenate[Any, P], Axes]


def on_axes(draw: Callable[Concatenate[Axes, P], None]) -> Panel[P]:
    """`draw` with the project's look, and with the names that the experiment of its second argument gives.

    The result draws on the axes that it is given, on nothing else, and returns them. It raises BadInput where they are
    no axes.
    """

    @functools.wraps(draw)
    def wrapper(axes: Any, /, *args: P.args, **kwargs: P.kwargs) -> Axes:
        if not isinstance(axes, Axes):
            allowed = "must be one Axes of Matplotlib: write figure, axes = plt.subplots() and ax=axes, or axes[0, 1]"
            raise BadInput("ax", axes, allowed)
        with look(), named_by(*args[:1]):
            draw(axes, *args, **kwargs)
        return axes

    return wrapper
