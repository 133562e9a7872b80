"""The hours behind and ahead: what was seen until now, and bands of what will come, by alternative."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from caresim.config.arguments import one_name
from caresim.inference.scores import BANDS, band
from caresim.report.on_axes import on_axes
from caresim.report.style import INK, PALETTE, QUIET, drawn, page, panels, quiet_grid, save_both
from caresim.tasks.nowcast.ahead import ABANDONED, BACKLOG, CONTACTS, HALF_HOUR, WAIT, observed
from caresim.tasks.nowcast.mood import anger_of
from caresim.tasks.nowcast.settings import AS_GIVEN
from caresim.tasks.nowcast.words import called

if TYPE_CHECKING:
    from caresim.tasks.nowcast.nowcast import Nowcasted

PANELS = {
    CONTACTS: "Contacts in a half hour",
    BACKLOG: "Waiting at the end of a half hour, customers",
    WAIT: "First response: mean wait of those who come, s",
    ABANDONED: "Hang up, % of those who come",
}
SCALES = {ABANDONED: 100.0}
"""What is drawn is the quantity times this."""
IN_A_LINE = 5
"""Names of the legend."""
BEHIND_H = 6.0
"""Hours that are shown of what was."""
SHADES = (0.34, 0.16)
"""Of the bands of 50 and 90 %."""
BLUE_FIRST = PALETTE[1:]
Panel = Callable[[Axes, str], None]
"""Draws a quantity on axes."""


@on_axes
def one_quantity(axes: Axes, found: Nowcasted, quantity: str | None = None) -> None:
    """One of the four panels, the contacts unless it is named, with its key."""
    one_panel(axes, quantity, PANELS, found.known.history.zone, partial(_panel, found=found, past=_behind(found)))


@drawn
def hours_ahead(found: Nowcasted) -> Figure:
    """Four panels over the same hours; dots: half hours that were, lines and bands: those that come."""
    known = found.known
    dashed = " Dashed: alternatives, from where they differ." if len(found.ahead) > 1 else ""
    subtitle = (
        f"{known.moment:%A %d %B %Y, %H:%M} ({known.history.zone}). Dots: half hours that have passed. Lines: mean of "
        f"{found.settings.replications} replications.\n"
        f"Bands: half and nine tenths of them, of the roster as expected.{dashed}"
    )
    title = f"The next {found.settings.hours} hours"
    draw = partial(_panel, found=found, past=_behind(found))
    return four_panels(title, subtitle, len(found.ahead), PANELS, known.history.zone, draw)


def one_panel(axes: Axes, quantity: str | None, titles: Mapping[str, str], zone: str, draw: Panel) -> None:
    """The panel of a quantity (None: the first that has a title) on axes of a notebook's, with its key."""
    name = one_name("quantity", quantity, titles, "quantity")
    draw(axes, name)
    axes.set_title(titles[name])
    axes.set_xlabel(f"local time ({zone})")
    axes.legend(frameon=False, fontsize=10)


def four_panels(
    title: str, subtitle: str, alternatives: int, titles: Mapping[str, str], zone: str, draw: Panel
) -> Figure:
    """A panel for each of four quantities over the same hours, with one key; it names so many alternatives."""
    figure = page(title, subtitle, width=13.33, height=8.6)
    more = -(-(alternatives + len(BANDS) + 1) // IN_A_LINE) - 1
    axes = panels(figure, 2, 2, left=0.8, right=0.5, top=1.95 + 0.3 * more, bottom=0.75, across=0.75, down=0.8)
    for (quantity, words), one in zip(titles.items(), axes.ravel(), strict=True):
        one.set_title(words)
        draw(one, quantity)
    handles, names = axes[0, 1].get_legend_handles_labels()
    figure.legend(
        handles, names, loc="upper left", bbox_to_anchor=(0.02, 0.875), ncols=IN_A_LINE, frameon=False,
        columnspacing=1.6,
    )  # fmt: skip
    for one in axes[1]:
        one.set_xlabel(f"local time ({zone})")
    return figure


def mark_now(axes: Axes) -> None:
    """A line between what was and what comes."""
    axes.axvline(0.0, color=QUIET, linewidth=1.0)
    axes.annotate(
        "now", (0.0, 1.0), (4, -2), xycoords=("data", "axes fraction"), textcoords="offset points", va="top",
        color=QUIET,
    )  # fmt: skip


def _behind(found: Nowcasted) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Half hours until now, as minutes, and what was observed in them."""
    known = found.known
    first = float(max(known.history.arrival.min(), known.now - 60.0 * BEHIND_H))
    count = int((known.now - first) // HALF_HOUR)
    marks = known.now - HALF_HOUR * np.arange(count, -1, -1)
    return marks[:-1], observed(known.history, marks, anger_of("phone"), known.waiting) if count else {}


def _panel(axes: Axes, quantity: str, found: Nowcasted, past: tuple[np.ndarray, dict[str, np.ndarray]]) -> None:
    now, scale = found.known.now, SCALES.get(quantity, 1.0)
    ends = HALF_HOUR if quantity == BACKLOG else HALF_HOUR / 2
    base = found.ahead[AS_GIVEN]
    x = base.begins + ends - now
    values = scale * base.values[quantity]
    for share, shade in zip(BANDS, SHADES, strict=True):
        sides = [_bounds(row, share) for row in values]
        low, high = np.array(sides).T
        axes.fill_between(
            x, low, high, color=BLUE_FIRST[0], alpha=shade, linewidth=0, label=f"{100 * share:.0f} % of replications"
        )
    expected = np.array([_mean(row) for row in values])
    for place, name in enumerate(found.ahead):
        rows = scale * found.ahead[name].values[quantity]
        middle = np.array([_mean(row) for row in rows])
        dashes, line = ("--", from_where_it_differs(middle, expected)) if place else ("-", middle)
        axes.plot(x, line, dashes, color=BLUE_FIRST[place % len(BLUE_FIRST)], label=called(name))
    begins, seen = past
    if quantity in seen:
        axes.plot(begins + ends - now, scale * seen[quantity], "o", color=INK, markersize=4, label="what was")
    mark_now(axes)
    _clock(axes, found)
    axes.set_ylim(bottom=0)
    quiet_grid(axes)


def _bounds(row: np.ndarray, share: float) -> tuple[float, float]:
    """The band of one half hour; none where hardly anybody comes."""
    seen = row[np.isfinite(row)]
    if len(seen) < len(row) / 2:
        return np.nan, np.nan
    low, high = band(seen[None, :], share)
    return float(low[0]), float(high[0])


def from_where_it_differs(line: np.ndarray, expected: np.ndarray) -> np.ndarray:
    """An alternative's line without the half hours before it leaves the expected one, but for the last of them."""
    differs = ~np.isclose(line, expected, equal_nan=True)
    first = int(differs.argmax()) if differs.any() else len(line) + 1
    return np.where(np.arange(len(line)) >= first - 1, line, np.nan)


def _mean(row: np.ndarray) -> float:
    seen = row[np.isfinite(row)]
    return float(seen.mean()) if len(seen) >= len(row) / 2 else np.nan


def _clock(axes: Axes, found: Nowcasted) -> None:
    """Ticks at full hours of the local clock, every second or third where there are many."""
    moment, hours = found.known.moment, found.settings.hours
    past = moment.minute + moment.second / 60.0
    step = 2 if hours <= 18 else 6
    ticks, names = [], []
    for number in range(int(BEHIND_H) + hours + 2):
        minute = 60.0 * (number - int(BEHIND_H)) - past
        at = found.known.moment_after(minute)
        if at.hour % step == 0 and -60.0 * BEHIND_H <= minute <= 60.0 * hours:
            ticks.append(minute)
            names.append(f"{at:%H:%M}")
    axes.set_xticks(ticks, names)
    axes.set_xlim(-60.0 * BEHIND_H, 60.0 * hours)


def save(found: Nowcasted, folder: Path) -> list[Path]:
    """The figure as picture and drawing."""
    return save_both(hours_ahead(found), folder, "hours_ahead")
