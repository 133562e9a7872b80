"""The time axis: minutes since the start of the disruption, read as local dates and hours, nights shaded."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from matplotlib.axes import Axes
from matplotlib.ticker import FixedFormatter, FixedLocator, NullFormatter

from caresim.report.style import NIGHT

DUSK, DAWN = 22, 6
"""Hours of local clock time between which most desks are closed."""


def zone(experiment: Any) -> ZoneInfo:
    return ZoneInfo(str(experiment.timezone))


def local_time(experiment: Any) -> str:
    return f"local time ({zone(experiment).key})"


def minute_of(experiment: Any, moment: datetime) -> float:
    """Minutes from the start of the disruption to `moment`."""
    return (moment - experiment.start) / timedelta(minutes=1)


def moments(experiment: Any, first: float, last: float, hours: tuple[int, ...]) -> list[tuple[float, datetime]]:
    """Every local clock hour of `hours` from `first` to `last` as (minutes, local moment)."""
    local = zone(experiment)
    day = (experiment.start.astimezone(UTC) + timedelta(minutes=first)).astimezone(local).date() - timedelta(days=1)
    passed: list[tuple[float, datetime]] = []
    while not passed or passed[-1][0] <= last:
        for hour in hours:
            moment = datetime(day.year, day.month, day.day, hour, tzinfo=local)
            passed.append((minute_of(experiment, moment.astimezone(UTC)), moment))
        day += timedelta(days=1)
    return [(minute, moment) for minute, moment in passed if first <= minute <= last]


def shade_nights(axes: Axes, experiment: Any, first: float, last: float) -> None:
    """A pale band from 22:00 to 06:00 local time."""
    dusks = moments(experiment, first - 1440, last, (DUSK,))
    for dusk, moment in dusks:
        dawn = (moment + timedelta(days=1)).replace(hour=DAWN)
        end = min(minute_of(experiment, dawn.astimezone(UTC)), last)
        if end > first:
            axes.axvspan(max(dusk, first), end, color=NIGHT, linewidth=0, zorder=0, label="_night")


def clock_axis(axes: Axes, experiment: Any, first: float, last: float, label: bool = True) -> None:
    """Limits, ticks and label of the time axis from `first` to `last` minutes: days if there are many, else hours."""
    last = max(last, first + 1.0)  # a run of a single interval has one moment
    axes.set_xlim(first, last)
    shade_nights(axes, experiment, first, last)
    figure = axes.get_figure(root=True)
    assert figure is not None
    width = figure.get_size_inches()[0] * axes.get_position().width
    axes.xaxis.set_minor_formatter(NullFormatter())
    if last - first > 3 * 1440:
        midnights = moments(experiment, first, last, (0,))
        room = int(width / 0.62)
        step = max(1, -(-len(midnights) // max(room, 1)))
        margin = 0.2 / width * (last - first)  # half a label: it must not reach into the next panel
        days = [(minute, day) for minute, day in midnights[::step] if first + margin < minute < last - margin]
        axes.xaxis.set_minor_locator(FixedLocator([minute for minute, _ in midnights]))
        axes.xaxis.set_major_locator(FixedLocator([minute for minute, _ in days]))
        form = "{m:%a}\n{m.day} {m:%b}"
        axes.xaxis.set_major_formatter(FixedFormatter([form.format(m=moment) for _, moment in days]))
    else:
        step = next(h for h in (1, 2, 3, 6, 12) if (last - first) / 60 / h <= max(width / 0.7, 2) or h == 12)
        ticks = moments(experiment, first, last, tuple(range(0, 24, step)))
        texts = [
            f"{m:%H:%M}" + (f"\n{m:%a} {m.day} {m:%b}" if not i or not m.hour else "") for i, (_, m) in enumerate(ticks)
        ]
        axes.xaxis.set_major_locator(FixedLocator([minute for minute, _ in ticks]))
        axes.xaxis.set_major_formatter(FixedFormatter(texts))
    if label:
        axes.set_xlabel(local_time(experiment))
