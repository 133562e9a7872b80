"""Names beside what they name, moved apart just as far as they need to be read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes

from caresim.report.wording import wrapped

WIDE = 18
"""Letters of a line beyond which a name beside a row is written smaller."""


def spread(wanted: Sequence[float], gap: float, low: float, high: float) -> np.ndarray:
    """Positions as near to `wanted` as can be (least squares), at least `gap` apart and within [low, high].

    When they cannot all fit, they are set evenly from low to high. The order of equal positions is that of the input.
    Pool-adjacent-violators (Ayer et al. 1955) on the positions less their place times the gap.
    """
    wish = np.asarray(wanted, dtype=float)
    count = len(wish)
    if count == 0:
        return wish
    if (count - 1) * gap >= high - low:
        place = np.empty(count)
        place[np.argsort(wish, kind="stable")] = np.linspace(low, high, count) if count > 1 else (low + high) / 2
        return place
    order = np.argsort(wish, kind="stable")
    steps = gap * np.arange(count)
    pools: list[tuple[float, int]] = []
    for value in wish[order] - steps:
        pools.append((value, 1))
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            (left, many), (right, more) = pools[-2:]
            pools[-2:] = [((left * many + right * more) / (many + more), many + more)]
    level = np.repeat([value for value, _ in pools], [many for _, many in pools])
    place = np.empty(count)
    place[order] = np.clip(level, low, high - steps[-1]) + steps
    return place


def label_ends(
    axes: Axes,
    ends: Sequence[tuple[float, float, str, str]],
    *,
    size: float = 11,
    offset: float = 0.35,
    weight: str = "bold",
) -> None:
    """Write each (x, y, text, colour) right of the axes at the height of y, with a thin line where it had to move.

    Call it when limits and scales are final; `offset` is in inches from the right edge.
    """
    ends = [end for end in ends if np.isfinite(end[1])]
    if not ends:
        return
    figure = axes.get_figure(root=True)
    assert figure is not None
    box = axes.get_position()
    wide, tall = figure.get_size_inches() * np.array([box.width, box.height])
    lines = max(text.count("\n") for *_, text, _ in ends) + 1
    to_share = axes.transData + axes.transAxes.inverted()
    points = np.array([to_share.transform((x, y)) for x, y, *_ in ends])
    gap = size * (1.12 * lines + 0.15) / 72 / tall
    heights = spread(np.clip(points[:, 1], 0, 1), gap, gap * 0.2, 1 - gap * 0.1)
    for (x, y), height, (*_, text, colour) in zip(points, heights, ends, strict=True):
        axes.plot(
            [min(x, 1.0), 1 + 0.35 * offset / wide, 1 + 0.85 * offset / wide],
            [y, height if x >= 0.995 else y, height],
            transform=axes.transAxes,
            color=colour,
            linewidth=0.9,
            alpha=0.7,
            clip_on=False,
            scalex=False,
            scaley=False,
            label="_leader",
        )
        axes.text(
            1 + offset / wide,
            height,
            text,
            transform=axes.transAxes,
            color=colour,
            size=size,
            weight=weight,
            va="center",
            linespacing=1.0,
        )


def row_names(axes: Axes, staffings: Sequence[str], palette: Mapping[str, str]) -> None:
    """Staffing models as rows from the top, each named in its colour."""
    axes.set_yticks([])
    axes.set_ylim(len(staffings) - 0.5, -0.5)
    for row, name in enumerate(staffings):
        text = wrapped(name, 20)
        size = 12 if max(map(len, text.split("\n"))) <= WIDE else 11
        axes.text(
            -0.02, row, text, transform=axes.get_yaxis_transform(), color=palette[name], weight="bold", size=size,
            ha="right", va="center",
        )  # fmt: skip


def outlined(axes: Axes, x: float, y: float, text: str, **style: object) -> None:
    """Text on a pale ground, legible on top of lines and areas."""
    ground = {"facecolor": "white", "alpha": 0.72, "edgecolor": "none", "boxstyle": "square,pad=0.12"}
    axes.text(x, y, text, bbox=ground, **style)  # type: ignore[arg-type]
