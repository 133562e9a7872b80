"""What only a run shows and can hardly be meant: a line each, from the rows of the first replication.

What an experiment says by itself is in config/warnings.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from caresim.config.display_names import desk_name
from caresim.measure.interval_report import WIDTH
from caresim.report.wording import readable
from caresim.run.long_table import rows_of

if TYPE_CHECKING:
    import pandas as pd

IN_A_ROW = 8
"""Half hours that a peak lasts: four hours."""
STAFFED = 0.5
"""People on duty on average; with fewer, a half hour is not a staffed one."""
ENOUGH, TOO_MUCH = 1.0, 4.0
"""An average up to the first looks as if there were people enough; from the second on there is four times the work that
they have time for.
"""
MOST_NAMED = 3
FEW = 20
"""So few who wait are no backlog."""
STILL, GROWS = 0.9, 1.1
"""A backlog never falls that is at the end nearly as large as it ever was, and in the last third of the run larger than
in the second.
"""


class Load(NamedTuple):
    """Work that comes to a desk, over what its people have time for; NaN where nobody is there for so long."""

    average: float
    worst: float
    """Of four staffed hours in a row."""


def warnings_after(results: Any) -> list[str]:
    """The lines; none where nothing is out of the ordinary."""
    growing = [line for staffing in results.staffings for line in never_falling(results, staffing)]
    return [*uneven(results), *growing]


def uneven(results: Any) -> Iterator[str]:
    """Desks that have people enough on average, and far too few for hours; those with the worst hours are named."""
    experiment, report = results.experiment, results.intervals
    within = report["interval_start"].between(experiment.start, experiment.moment(experiment.window.value), "left")
    staffed = report[within & report["staff"].notna()]
    loads = {desk: load_of(rows) for desk, rows in staffed.groupby(["staffing", "desk"], observed=True, sort=False)}
    found = {desk: load for desk, load in loads.items() if load.average <= ENOUGH and load.worst >= TOO_MUCH}
    if not found:
        return
    named = sorted(found, key=lambda desk: -found[desk].worst)[:MOST_NAMED]
    parts = [
        f"{readable(staffing)}, {desk_name(desk)}: {found[staffing, desk].average:.1f} on average, "
        f"{found[staffing, desk].worst:.1f} in the worst four hours"
        for staffing, desk in named
    ]
    more = f"; and {len(found) - len(named)} more" if len(found) > len(named) else ""
    yield f"work over people's time: {'; '.join(parts)}{more}; look at overload_peak, not at overload alone"


def load_of(rows: pd.DataFrame) -> Load:
    """Of the intervals of one desk: attempts that got through x the mean handling of each channel, over duty."""
    channels = [channel for _, channel in rows.groupby("channel", observed=True)]
    work = np.sum([work_of(channel) for channel in channels], axis=0)
    duty = channels[0]["staff"].to_numpy() * WIDTH
    if len(work) < IN_A_ROW or not duty.sum() > 0:
        return Load(np.nan, np.nan)
    offers, there = (np.lib.stride_tricks.sliding_window_view(each, IN_A_ROW) for each in (work, duty))
    staffed = (there >= STAFFED * WIDTH).all(axis=1)
    worst = (offers[staffed].sum(axis=1) / there[staffed].sum(axis=1)).max() if staffed.any() else np.nan
    return Load(float(work.sum() / duty.sum()), float(worst))


def work_of(channel: pd.DataFrame) -> Any:
    """Minutes of work that come on a channel, by interval."""
    answered = channel["answered"].to_numpy()
    handled = float((np.nan_to_num(channel["aht_s"].to_numpy()) * answered).sum()) / 60.0
    return (channel["offered"] - channel["blocked"]).to_numpy() * handled / max(int(answered.sum()), 1)


def never_falling(results: Any, staffing: str) -> Iterator[str]:
    """A backlog of a staffing model that has people, and that grows to the end of the run."""
    if not results.experiment.staffing[staffing].desks:
        return
    course = rows_of(results.courses, staffing, ["staffing", "replication", "time_min", "waiting"])
    course = course[course["replication"] == course["replication"].min()].sort_values("time_min")
    waiting = course["waiting"].to_numpy()
    third = len(waiting) // 3
    if not third:
        return
    most, last = int(waiting.max()), int(waiting[-1])
    if most > FEW and last >= STILL * most and waiting[-third:].mean() >= GROWS * waiting[third : 2 * third].mean():
        yield (
            f"{readable(staffing)}: what waits never falls, and {last:,} passengers wait when the run ends: results "
            "depend on its length; more people or a longer drain would change that"
        )
