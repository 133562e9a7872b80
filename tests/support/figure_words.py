"""What can be read of a figure: its panels and its words."""

from __future__ import annotations

from typing import Any

from matplotlib.text import Text


def visible_panels(figure: Any) -> list[Any]:
    return [axes for axes in figure.axes if axes.get_visible()]


def words(figure: Any) -> str:
    return " ".join(text.get_text() for text in figure.findobj(Text)).replace("\n", " ")


def boxes(figure: Any) -> list[tuple[str, Any]]:
    """Every text that is drawn, with its place in pixels."""
    figure.draw_without_rendering()
    texts = [*figure.texts, *(text for legend in figure.legends for text in legend.get_texts())]
    for axes in visible_panels(figure):
        titles = (axes.title, axes._left_title, axes._right_title, axes.xaxis.label, axes.yaxis.label)
        texts += [*axes.texts, *titles]
        for axis in (axes.xaxis, axes.yaxis):
            low, high = sorted(axis.get_view_interval())
            ticks = [tick for tick in axis.get_major_ticks() if low <= tick.get_loc() <= high]
            texts += [label for tick in ticks for label in (tick.label1, tick.label2)]
    shown = [text for text in texts if text.get_visible() and text.get_text().strip()]
    return [(text.get_text(), text.get_window_extent()) for text in shown]


def cut_off(figure: Any, slack: float = 1.0) -> list[str]:
    """Texts that reach beyond the edge of the figure by more than `slack` pixels."""
    whole = figure.bbox
    return [
        text
        for text, box in boxes(figure)
        if min(box.x0, box.y0) < -slack or box.x1 > whole.width + slack or box.y1 > whole.height + slack
    ]


def overprinted(figure: Any, slack: float = 1.5) -> list[tuple[str, str]]:
    """Pairs of texts that lie on each other by more than `slack` pixels both ways."""
    placed = boxes(figure)
    return [
        (one, other)
        for place, (one, first) in enumerate(placed)
        for other, second in placed[place + 1 :]
        if min(first.x1, second.x1) - max(first.x0, second.x0) > slack
        and min(first.y1, second.y1) - max(first.y0, second.y0) > slack
    ]
