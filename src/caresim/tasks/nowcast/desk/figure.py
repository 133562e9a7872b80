"""The hours behind and ahead of a written desk: what was seen until now, and bands of what will come."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, NullFormatter

from caresim.inference.scores import BANDS, band
from caresim.report.on_axes import on_axes
from caresim.report.style import INK, PALETTE, drawn, quiet_grid, save_both
from caresim.tasks.nowcast.desk.ahead import BACKLOG, FIRST, POSTS, WAITING, DeskAhead, ahead_of
from caresim.tasks.nowcast.desk.courses import Course
from caresim.tasks.nowcast.desk.known import HOUR
from caresim.tasks.nowcast.desk.words import called, named
from caresim.tasks.nowcast.figure import SHADES, four_panels, from_where_it_differs, mark_now, one_panel
from caresim.tasks.nowcast.hours_ahead import FEWEST
from caresim.tasks.nowcast.settings import AS_GIVEN

if TYPE_CHECKING:
    from caresim.tasks.nowcast.desk.nowcast import NowcastedDesk

PANELS = {
    POSTS: "Posts in an hour",
    WAITING: "Posts without a reply at the end of an hour, not expired",
    BACKLOG: "Posts that wait for a reply which comes",
    FIRST: "First response, minutes (median; logarithmic)",
}
BEHIND_H = 12
"""Hours that are shown of what was."""
MOSTLY = 0.9
"""Of the replies must have come, for a dot to say what was."""
TICKS = (1.0, 2.0, 5.0)
"""Of each power of ten on a logarithmic axis."""
BLUE_FIRST = PALETTE[1:]


@on_axes
def one_quantity(axes: Axes, found: NowcastedDesk, quantity: str | None = None) -> None:
    """One of the four panels, the posts unless it is named, with its key."""
    one_panel(axes, quantity, PANELS, found.known.zone, partial(_panel, found=found, past=behind(found)))


@drawn
def hours_ahead(found: NowcastedDesk) -> Figure:
    """Four panels over the same hours; dots: hours that were, lines and bands: those that come."""
    known = found.known
    dashed = " Dashed: by the queue alone, which knows people." if len(found.ahead) > 1 else ""
    subtitle = (
        f"{known.moment(known.now):%A %d %B %Y, %H:%M} ({known.zone}). Dots: hours that have passed. Lines: medians of "
        f"{found.settings.draws} courses.\n"
        f"Bands: half and nine tenths of them; of the first response, of all replies in them.{dashed}"
    )
    title = f"{named(found)}: the next {found.settings.hours} hours"
    draw = partial(_panel, found=found, past=behind(found))
    return four_panels(title, subtitle, len(found.ahead), PANELS, known.zone, draw)


def behind(found: NowcastedDesk) -> DeskAhead | None:
    """Hours until now: what was observed in them.

    What rests on replies is left out where more than a tenth of them may be still to come: those that have come already
    are the quick ones.
    """
    known = found.known
    count = int(min(BEHIND_H, (known.now - known.seen_from) // HOUR))
    if not count:
        return None
    marks = np.asarray(known.now - HOUR * np.arange(count, -1, -1), np.float64)
    seen = ahead_of([Course(known.posts.posted, known.posts.replied)], marks, known.longest)
    told = marks[1:] <= known.now - np.nanquantile(known.posts.minutes, MOSTLY)
    backlog = np.where(told[:, None], seen.values[BACKLOG], np.nan)
    first = [minutes if there else minutes[:0] for minutes, there in zip(seen.first, told.tolist(), strict=True)]
    return seen._replace(values=seen.values | {BACKLOG: backlog}, first=first)


def _values(ahead: DeskAhead, quantity: str) -> list[np.ndarray]:
    """What is drawn of each hour."""
    return ahead.first if quantity == FIRST else list(ahead.values[quantity])


def _panel(axes: Axes, quantity: str, found: NowcastedDesk, past: DeskAhead | None) -> None:
    now, base = found.known.now, found.ahead[AS_GIVEN]
    at_end = quantity in (WAITING, BACKLOG)
    x = (base.begins - now) / HOUR + (1.0 if at_end else 0.5)
    for share, shade in zip(BANDS, SHADES, strict=True):
        low, high = np.array([_bounds(row, share) for row in _values(base, quantity)]).T
        label = f"{100 * share:.0f} % of courses"
        axes.fill_between(x, low, high, color=BLUE_FIRST[0], alpha=shade, linewidth=0, label=label)
    before: np.ndarray | None = None
    for place, (name, ahead) in enumerate(found.ahead.items()):
        middle = np.array([_middle(row) for row in _values(ahead, quantity)])
        line = middle if place < 2 or before is None else from_where_it_differs(middle, before)
        before = middle if place == 1 else before
        axes.plot(x, line, "--" if place else "-", color=BLUE_FIRST[place % len(BLUE_FIRST)], label=called(name))
    if past is not None:
        seen = [float(np.median(row)) if len(row) else np.nan for row in _values(past, quantity)]
        axes.plot(
            (past.begins - now) / HOUR + (1.0 if at_end else 0.5), seen, "o", color=INK, markersize=4, label="what was"
        )
    mark_now(axes)
    if quantity == FIRST:
        axes.set_yscale("log")
        axes.yaxis.set_major_locator(LogLocator(subs=TICKS))
        axes.yaxis.set_major_formatter(lambda value, _: f"{value:g}")
        axes.yaxis.set_minor_formatter(NullFormatter())
    else:
        axes.set_ylim(bottom=0)
    _clock(axes, found)
    quiet_grid(axes)


def _bounds(row: np.ndarray, share: float) -> tuple[float, float]:
    """The band of one hour; none where hardly anybody comes."""
    seen = row[np.isfinite(row)]
    if len(seen) < FEWEST:
        return np.nan, np.nan
    low, high = band(seen[None, :], share)
    return float(low[0]), float(high[0])


def _middle(row: np.ndarray) -> float:
    seen = row[np.isfinite(row)]
    return float(np.median(seen)) if len(seen) >= FEWEST else np.nan


def _clock(axes: Axes, found: NowcastedDesk) -> None:
    """Ticks at full hours of the local clock, every third or sixth."""
    known, hours = found.known, found.settings.hours
    moment = known.moment(known.now)
    past = (moment.minute + moment.second / 60.0) / 60.0
    step = 3 if hours <= 18 else 6
    ticks, names = [], []
    for number in range(-BEHIND_H, hours + 2):
        at = known.moment(known.now + HOUR * (number - past))
        if at.hour % step == 0 and -BEHIND_H <= number - past <= hours:
            ticks.append(number - past)
            names.append(f"{at:%H:%M}")
    axes.set_xticks(ticks, names)
    axes.set_xlim(-BEHIND_H, hours)


def save(found: NowcastedDesk, folder: Path) -> list[Path]:
    """The figure as picture and drawing."""
    return save_both(hours_ahead(found), folder, "hours_ahead")
