"""What the contacts of the desk meet by day, and in the worst half hours: as it was and as planned, over fresh runs."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from caresim.config.display_names import desk_name
from caresim.report.page.document import Cell, Part, Table
from caresim.report.wording import level, quantity
from caresim.tasks.plan.judging import BEFORE, PLAN
from caresim.tasks.plan.shift_table import day_name
from caresim.tasks.plan.words import clock, condition_words

if TYPE_CHECKING:
    import pandas as pd

    from caresim.tasks.plan.half_hours import Day, HalfHours

SHARE, SECONDS = "share", "s"
MEASURES = {
    "answered": ("Answered", SHARE),
    "service_level": ("Service level", SHARE),
    "asa_s": ("Mean wait of the answered", SECONDS),
    "occupancy": ("Occupancy", SHARE),
}
"""Heading and unit, in the order of the columns."""
WORST = 10
"""Half hours that are shown."""
SERVICE_LEVEL = "phone_service_level"
WIDTH = 30.0
"""Minutes of a half hour."""


def days_of(planned: Any, roster: str) -> list[Day]:
    """The local days of the window with one roster."""
    half_hours: HalfHours = planned.half_hours[roster]
    return half_hours.by_day(planned.experiment, planned.experiment.study.confidence.value)


def days(planned: Any) -> pd.DataFrame:
    """A row a roster (before, plan) and local day: the columns of days.csv.

    `offered`: contacts a run; each of MEASURES with its interval; `worst_half_hour`: the lowest service level of the
    day's half hours, of all runs together.
    """
    import pandas as pd

    rows = []
    for roster in (BEFORE, PLAN):
        for day in days_of(planned, roster):
            row: dict[str, Any] = {"roster": roster, "date": day.date, "offered": day.offered}
            for name in MEASURES:
                mean = day.means[name]
                row |= {name: mean.value, f"{name}_low": mean.low, f"{name}_high": mean.high}
            rows.append({**row, "worst_half_hour": day.worst})
    return pd.DataFrame(rows)


def half_hours(planned: Any) -> pd.DataFrame:
    """A row a roster (before, plan) and half hour of the clock: the columns of half_hours.csv.

    Means a run of `offered`, `answered`, `people` on duty; `service_level` and `asa_s` of all runs together.
    """
    import pandas as pd

    from caresim.measure.clock import wall_clock

    frames = []
    for roster in (BEFORE, PLAN):
        one: HalfHours = planned.half_hours[roster]
        columns = {
            "roster": roster,
            "start": wall_clock(planned.experiment, one.starts),
            "offered": one.counts["offered"].mean(axis=0),
            "answered": one.counts["answered"].mean(axis=0),
            "service_level": one.level(),
            "asa_s": one.asa(),
            "people": one.counts["duty"].mean(axis=0) / WIDTH,
        }
        frames.append(pd.DataFrame(columns))
    return pd.concat(frames, ignore_index=True)


def by_day(planned: Any) -> list[Part]:
    """The days as planned, with the day as it was in small letters; and the worst half hours."""
    rows, given = [], planned.rules.is_given
    for was, now in zip(days_of(planned, BEFORE), days_of(planned, PLAN), strict=True):
        cells = [Cell(f"{now.offered:,.0f}", f"as it was {was.offered:,.0f}" if given else "")]
        for name, (_, unit) in MEASURES.items():
            after = now.means[name]
            before = f"as it was {told(was.means[name].value, unit)}" if given else ""
            cells.append(Cell(told(after.value, unit), before))
        cells.append(Cell(told(now.worst, SHARE), f"as it was {told(was.worst, SHARE)}" if given else ""))
        rows.append([Cell(day_name(now.date)), *cells])
    runs = len(planned.half_hours[PLAN].draws)
    interval = level(planned.experiment.study.confidence.value)
    below = "; below them, as it was" if given else ""
    caption = (
        f"{desk_name(planned.rules.desk)} by day as planned: means of {runs} fresh runs{below}."
        f" days.csv has the {interval} interval of each. Service level: answered within the target, of those answered"
        " and those who gave up after more than a short wait; of calls the target is the study's, elsewhere the reply"
        " time that customers expect."
    )
    heads = ["Day", "Contacts", *(head for head, _ in MEASURES.values()), "Service level in its worst half hour"]
    return [Table(caption, heads, rows), worst_half_hours(planned)]


def of_the_whole(planned: Any) -> list[str]:
    """That what must hold is of the whole window, and how many half hours fall short of it."""
    of_runs = [condition for condition in planned.conditions if not condition.each]
    if not of_runs:
        return []
    names = "; ".join(condition_words(condition) for condition in of_runs)
    lines = f"What must hold ({names}) is of the whole window, not of each day or half hour."
    for condition in of_runs:
        if condition.measure == SERVICE_LEVEL and condition.at_least and condition.value is not None:
            under, of = planned.half_hours[PLAN].below(condition.value)
            target = quantity(condition.value, SHARE)
            lines += f" As planned, the service level is below {target} in {under} of {of} half hours"
            levels = [one.means["service_level"].value for one in days_of(planned, PLAN)]
            lines += f" and on {sum(value < condition.value for value in levels)} of {len(levels)} days."
    return [lines]


def worst_half_hours(planned: Any) -> Table:
    """The half hours with the lowest service level as planned."""
    now, was = planned.half_hours[PLAN], planned.half_hours[BEFORE]
    levels, before, given = now.level(), was.level(), planned.rules.is_given
    rows = [
        [
            Cell(clock(planned, float(now.starts[place]))),
            Cell(f"{now.counts['offered'][:, place].mean():,.1f}"),
            Cell(told(float(levels[place]), SHARE)),
            *([Cell(told(float(before[place]), SHARE))] if given else []),
            Cell(f"{now.counts['duty'][:, place].mean() / WIDTH:,.1f}"),
        ]
        for place in now.worst(WORST)
    ]
    heads = [
        "From",
        "Contacts",
        "Service level as planned",
        *(["As it was"] if given else []),
        "People on duty as planned",
    ]
    caption = (
        f"The worst half hours: the {len(rows)} with the lowest service level, of those with a contact a run or more."
        " half_hours.csv has all."
    )
    return Table(caption, heads, rows)


def told(value: float, unit: str) -> str:
    """A value on one line, of shares a digit more than elsewhere: days are compared with what must hold."""
    if math.isnan(value):
        return ""
    return f"{100.0 * value:.1f}\u00a0%" if unit == SHARE else quantity(value, unit).replace(" ", "\u00a0")
