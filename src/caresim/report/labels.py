"""Names beside what they name, moved apart just as far as they need to be read."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes

from caresim.report.wording import wrapped


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
        axes.text(
            -0.02, row, wrapped(name, 20), transform=axes.get_yaxis_transform(), color=palette[name],
            weight="bold", size=12, ha="right", va="center",
        )  # fmt: skip


def outlined(axes: Axes, x: float, y: float, text: str, **style: object) -> None:
    """Text on a pale ground, legible on top of lines and areas."""
    ground = {"facecolor": "white", "alpha": 0.72, "edgecolor": "none", "boxstyle": "square,pad=0.12"}
    axes.text(x, y, text, bbox=ground, **style)  # type: ignore[arg-type]


def label_points(
    axes: Axes,
    points: Sequence[tuple[float, float, str, str]],
    bars: Sequence[tuple[float, float, float, float]] = (),
    *,
    size: float = 12,
) -> None:
    """Write each (x, y, text, colour) beside its point, covering no other point, name or bar (left, foot, right, top).

    Limits must be final.

    Tries places in rings of growing distance and takes the first free one, else the one that covers least.
    """
    figure = axes.get_figure(root=True)
    assert figure is not None
    frame = axes.get_window_extent()
    unit = figure.dpi / 72
    marks = axes.transData.transform([(x, y) for x, y, *_ in points])
    reach = 0.75 * size * unit
    taken = [np.array([x - reach, y - reach, x + reach, y + reach]) for x, y in marks]
    for left, foot, right, top in bars:
        corners = axes.transData.transform([(left, foot), (right, top)])
        taken.append(np.concatenate([corners[0] - reach / 3, corners[1] + reach / 3]))
    for (x, y), (*_, text, colour) in zip(marks, points, strict=True):
        wide, tall = 0.64 * size * unit * len(text), 1.3 * size * unit
        best, least = (0.0, 0.0), np.inf
        for ring in (1.4, 2.6, 4.0, 6.0, 9.0, 13.0):
            for right, up in ((1, 0), (1, 1), (1, -1), (-1, 0), (-1, 1), (-1, -1), (0, 1), (0, -1)):
                away = ring * reach
                corner_x = x + right * away - (wide if right < 0 else wide / 2 if right == 0 else 0)
                corner_y = y + up * away - tall / 2
                box = np.array([corner_x, corner_y, corner_x + wide, corner_y + tall])
                outside = wide * tall - _common(box, frame.extents)
                covered = 4 * outside + math.fsum(_common(box, other) for other in taken)
                if covered < least - 1e-9:
                    best, least = (corner_x, corner_y), covered
            if least <= 1e-9:
                break
        corner_x, corner_y = best
        box = np.array([corner_x, corner_y, corner_x + wide, corner_y + tall])
        taken.append(box)
        anchor = np.array([np.clip(x, box[0], box[2]), np.clip(y, box[1], box[3])])
        if np.hypot(*(anchor - (x, y))) > 2.2 * reach:
            ends = axes.transData.inverted().transform([(x, y), anchor])
            axes.plot(*ends.T, color=colour, linewidth=0.8, alpha=0.7, scalex=False, scaley=False, label="_leader")
        spot_x, spot_y = axes.transData.inverted().transform((box[0], (box[1] + box[3]) / 2))
        outlined(axes, spot_x, spot_y, text, color=colour, size=size, weight="bold", va="center", ha="left")


def _common(one: np.ndarray, other: np.ndarray) -> float:
    """Area that two boxes (left, bottom, right, top) share."""
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    return float(max(width, 0) * max(height, 0))
