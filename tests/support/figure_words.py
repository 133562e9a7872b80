"""What can be read of a figure: its panels and its words."""

from __future__ import annotations

from typing import Any

from matplotlib.text import Text


def visible_panels(figure: Any) -> list[Any]:
    return [axes for axes in figure.axes if axes.get_visible()]


def words(figure: Any) -> str:
    return " ".join(text.get_text() for text in figure.findobj(Text)).replace("\n", " ")
