"""The room that words of a sweep's figures take: ticks in words, names at the ends of lines, names of axes."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd
from matplotlib.axes import Axes

from caresim.report.wording import readable
from caresim.tasks.compare.sweep.keys import setting_words

LETTER, LINE = 0.095, 0.19
"""Inches that a letter and a line of a tick or of an axis's name take."""
BOLD = 0.098
"""Inches that a letter of a name in bold takes."""
OFFSET = 0.6
"""Inches between a panel and the names at its right, with the margin behind them."""
MOST_LINES = 4
SLANT, UPRIGHT = 30, 90
"""Degrees of ticks that have no room side by side, and of those that would reach too far to the left."""
FURTHEST = 1.0
"""Inches that a slanted tick may reach to the left."""


class Ticks(NamedTuple):
    """Texts below an axis: on several lines where their words fit, else slanted, or upright where they are long."""

    texts: list[str]
    angle: int
    below: float
    """Inches that they take beyond one line."""


def ticks(texts: Sequence[str], spacing: float) -> Ticks:
    """Texts that are so many inches apart."""
    letters = max(int(0.92 * spacing / LETTER), 1)
    wrapped = [textwrap.wrap(text, letters, break_long_words=False) or [""] for text in texts]
    most = max(map(len, wrapped), default=1)
    if most <= MOST_LINES and all(len(line) <= letters for lines in wrapped for line in lines):
        return Ticks(["\n".join(lines) for lines in wrapped], 0, LINE * (most - 1))
    longest = LETTER * max(map(len, texts), default=0)
    angle = SLANT if longest * math.cos(math.radians(SLANT)) <= FURTHEST else UPRIGHT
    return Ticks(list(texts), angle, max(0.0, longest * math.sin(math.radians(angle)) - 0.1))


def name_ticks(axes: Axes, spots: Sequence[float], made: Ticks) -> None:
    """Write them below the axes; slanted ones end at their ticks, so that they stay within their own panel."""
    if made.angle == SLANT:
        axes.set_xticks(spots, made.texts, rotation=SLANT, ha="right", rotation_mode="anchor")
    else:
        axes.set_xticks(spots, made.texts, rotation=made.angle)


def size_of(axes: Axes) -> tuple[float, float]:
    """Inches across and down."""
    figure = axes.get_figure(root=True)
    assert figure is not None
    box = axes.get_window_extent()
    return box.width / figure.dpi, box.height / figure.dpi


def beside(table: pd.DataFrame, others: Sequence[str] = (), least: float = 0.0) -> float:
    """Inches right of a panel for the names of its lines, which tell the values of the `others` as well."""
    longest = max((len(readable(str(name))) for name in table["staffing"].unique()), default=0)
    settings = table[list(others)].drop_duplicates().to_numpy().tolist() if others else []
    words = [", ".join(setting_words(key, value) for key, value in zip(others, row, strict=True)) for row in settings]
    longest += max((len(text) + 3 for text in words), default=0)
    return max(least, OFFSET + BOLD * longest)


def fitted(words: str, inches: float) -> str:
    """The name of an axis on as many lines as it takes in so much room."""
    return "\n".join(textwrap.wrap(words, max(int(inches / LETTER), 8)))
