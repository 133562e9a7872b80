"""The roster as a planner publishes it: which shift of which day begins and ends when, and with how many people."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from caresim.report.page.document import Cell, Paragraph, Part, Table
from caresim.tasks.plan.words import clock, local

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("date", "start", "end", "heads")
MOST_SHIFTS = 10
"""Shifts that are columns of one table; further ones are columns of the next."""


def shifts(planned: Any) -> pd.DataFrame:
    """A row a day and shift at which anybody works within the window: COLUMNS, by the experiment's clock.

    `end` is a time such as 22:00, or 06:00+1 on the day after. Shifts before and after the window are left out.
    """
    import pandas as pd

    window = planned.experiment.window.value
    heads: dict[tuple[str, str, str], int] = {}
    for slot, people in zip(planned.rules.template.slots, planned.choice.roster.people.tolist(), strict=True):
        if people and slot.start < window and slot.end > 0.0:
            start, end = local(planned, slot.start), local(planned, slot.end)
            key = str(start.date()), f"{start:%H:%M}", ended(start, end)
            heads[key] = heads.get(key, 0) + people
    return pd.DataFrame([(*key, heads[key]) for key in sorted(heads)], columns=list(COLUMNS))


def ended(start: datetime, end: datetime) -> str:
    """When a shift ends: `22:00`, or `06:00+1` on the day after the one on which it begins."""
    later = (end.date() - start.date()).days
    return f"{end:%H:%M}{f'+{later}' if later else ''}"


def to_be_published(planned: Any) -> list[Part]:
    """The same as tables: a row a day, a column a shift."""
    table = shifts(planned)
    names = [f"{row.start}–{row.end}" for row in table.itertuples()]
    columns, days = sorted(set(names)), dict.fromkeys(table["date"])
    people = {(row.date, name): row.heads for row, name in zip(table.itertuples(), names, strict=True)}
    parts: list[Part] = []
    for first in range(0, len(columns), MOST_SHIFTS):
        these = columns[first : first + MOST_SHIFTS]
        rows = [[day_name(day), *(Cell(str(people.get((day, name), ""))) for name in these)] for day in days]
        zone = planned.experiment.timezone
        caption = f"The shifts, to be published: people who begin each ({zone}); +1: on the day after."
        parts.append(Table(caption, ["Day", *these], rows))
    count, most = int(table["heads"].sum()), int(table.groupby("date")["heads"].sum().max()) if len(table) else 0
    told = f"{count:,} shifts of one person within the window, at most {most:,} on a day. The same is in shifts.csv."
    return [*parts, Paragraph(" ".join([told, *after_the_window(planned)]))]


def after_the_window(planned: Any) -> list[str]:
    """Why the staffing model has shifts after the window; empty where it has none."""
    window, template = planned.experiment.window.value, planned.rules.template
    beyond = sum(
        people
        for slot, people in zip(template.slots, planned.choice.roster.people.tolist(), strict=True)
        if slot.start >= window
    )
    if not beyond:
        return []
    return [
        f"The staffing model also has shifts that begin after the window ({clock(planned, window)}), as they were:"
        " whoever still waits then is served by them. They are in no hours and no cost, and not in shifts.csv."
    ]


def day_name(date: str) -> str:
    """`Mon 2 November` of 2026-11-02."""
    day = datetime.fromisoformat(date)
    return f"{day:%a} {day.day} {day:%B}"
