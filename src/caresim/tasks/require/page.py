"""report.html of a requirement: for whoever pays the people, and folded below it every half hour; a workbook."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from caresim.config.display_names import desk_name
from caresim.config.labels import spoken_of
from caresim.measure.clock import wall_clock
from caresim.report.page import document as written
from caresim.report.page import of_experiment
from caresim.report.page.document import (
    Cell,
    Document,
    Folded,
    Items,
    Paragraph,
    Part,
    Section,
    Table,
    figure_of,
)
from caresim.report.wording import joined, readable
from caresim.run import spreadsheet
from caresim.run.block import package_version
from caresim.tasks.require.settings import THEORY, WAIT
from caresim.tasks.require.terminal import COLUMN, by_columns, methods, target_text
from caresim.tasks.require.what_if import what_if

MOST_DAYS = 62
"""Rows of a table of days; requirement.csv has all of them."""
A_WEEK = 7
"""Days that are columns of a table of half hours."""
MOST_WEEKS = 6
"""Such tables of a desk."""
LEFT_OUT = (
    ("Shifts", "half hours may differ by more than any roster can follow; a roster of whole shifts needs more hours"),
    ("Who is there", "absence and breaks are in the people on the roster, by one share for all hours"),
    ("The days to come", "they are taken to be like those of the file or the experiment, but for what is said above"),
    ("Cost", "it is not part of the question: task=plan says what a roster costs, and what it buys"),
)
"""What no requirement says."""


def save(needed: Any, folder: Path, command: str) -> None:
    """Write report.html and results.xlsx into the folder of a requirement, whose figure is drawn already."""
    with spoken_of(needed.experiment):
        written.save(document(needed, folder, command), folder)
    table = needed.table()
    sheets = {"requirement": table, "days": days_table(table)}
    sheets["assumptions"] = of_experiment.assumptions_table(needed.experiment)
    spreadsheet.write(sheets, folder / spreadsheet.WORKBOOK)


def days_table(table: Any) -> Any:
    """A row a day of a desk: contacts, people at most, hours on duty and on the roster."""
    hours = (table["end"] - table["start"]).dt.total_seconds() / 3600.0
    by_day = table.assign(
        day=table["start"].dt.strftime("%Y-%m-%d"),
        hours_on_duty=table["people"] * hours,
        hours_on_roster=table["people_on_roster"] * hours,
        hours_of_work=table["load"] * hours,
    ).groupby(["desk", "day"], sort=False)
    sums = by_day[["attempts", "hours_of_work", "hours_on_duty", "hours_on_roster"]].sum()
    return sums.join(by_day["people"].max().rename("people_at_most")).reset_index()


def document(needed: Any, folder: Path, command: str) -> Document:
    """The page of this requirement; `command` is what was typed."""
    experiment = needed.experiment
    opened = [needs for needs in needed.desks if needs.open.any()]
    sections = [
        Section("Who is needed when", [*picture(folder), *(by_day(needed, needs) for needs in opened)]),
        Section("Hours", [hours(needed, opened)]),
        Section("The target, and how sure it is", sure(needed, opened)),
        Section("What was taken for granted", [Items([("", sentence(note)) for note in needed.notes])]),
        Section("What would overturn it", overturned(needed, opened)),
        Section("What is left out", [Items([*LEFT_OUT, *of_experiment.lines_left_out(experiment)])]),
        Section("Beside this page", [files()]),
        of_experiment.reproduced(experiment, command),
    ]
    analyst = [*(half_hours(needed, needs) for needs in opened), of_experiment.assumptions(experiment, "each run")]
    return Document(
        title=f"{experiment.name}, {readable(needed.staffing)}: how many people?",
        question=f"How many people does it take? Target: {target_text(needed)}.",
        answer=answer(needed, opened),
        sections=[section for section in sections if any(not isinstance(p, Items) or p.items for p in section.parts)],
        analyst=[section for section in analyst if section is not None],
        made_by=f"Made by caresim {package_version()}. Every number of an interval is in requirement.csv.",
    )


def sentence(text: str) -> str:
    """With a capital letter and a full stop."""
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."


def answer(needed: Any, opened: list[Any]) -> list[str]:
    """A sentence a desk, then the sum, then where the target is out of reach."""
    lines = [of_desk(needed, needs) for needs in opened]
    if len(opened) > 1:
        duty, roster = (sum(needs.hours(getattr(needs, key), needed.grid.width) for needs in opened) for key in PEOPLE)
        lines.append(f"All {len(opened)} desks together: {duty:,.0f} hours on duty, {roster:,.0f} on the roster.")
    short = [needs for needs in opened if (needs.open & ~needs.reached).any()]
    if short:
        names = joined([desk_name(needs.desk) for needs in short])
        count = sum(int((needs.open & ~needs.reached).sum()) for needs in short)
        lines.append(f"Not always: at {names} no number that was tried meets the target in {count} intervals.")
    return lines


PEOPLE = ("people", "on_roster")


def of_desk(needed: Any, needs: Any) -> str:
    """How many people a desk needs, when most, and how many hours that is."""
    people = needs.people[needs.open]
    place = int(np.flatnonzero(needs.open)[people.argmax()])
    stamp = wall_clock(needed.experiment, needed.grid.edges[place : place + 1])[0]
    duty, roster, now = (needs.hours(one, needed.grid.width) for one in (needs.people, needs.on_roster, needs.now))
    compared = "" if math.isnan(now) else f"; as configured {now:,.0f} hours are on duty"
    away = (
        f" ({roster:,.0f} on the roster, with {100 * needs.shrinkage:g} % absence and breaks)"
        if needs.shrinkage
        else ""
    )
    return (
        f"{desk_name(needs.desk)}: {people.min():.0f} to {people.max():.0f} people on duty, most on {stamp:%a}"
        f" {stamp.day} {stamp:%B} at {stamp:%H:%M}; {duty:,.0f} hours on duty in all{away}{compared}."
    )


def picture(folder: Path) -> list[Part]:
    """The heat map; none where it was not drawn."""
    finding = "People on duty: the darker, the more. The tables below have the numbers."
    return figure_of(folder, "people_needed", "People needed by day and hour.", finding)


def by_day(needed: Any, needs: Any) -> Part:
    """A row a day, a column every two hours: the most people of each."""
    columns, rows = by_columns(needed, needs)
    heads = [f"{COLUMN * column:02d}–{COLUMN * (column + 1):02d}" for column in columns]
    zone = needed.experiment.timezone
    caption = f"{desk_name(needs.desk)}: people on duty by hours of the day, the most of each {COLUMN} hours ({zone})."
    cells = [[day, *(str(row.get(column, "")) for column in columns)] for day, row in list(rows.items())[:MOST_DAYS]]
    table = Table(caption, ["Day", *heads], cells)
    if len(rows) <= MOST_DAYS:
        return table
    return Folded(f"{desk_name(needs.desk)}: the first {MOST_DAYS} days", [table])


def hours(needed: Any, opened: list[Any]) -> Table:
    """Contacts and hours of each desk."""
    width, rows = needed.grid.width, []
    for needs in opened:
        duty, roster, now = (needs.hours(one, width) for one in (needs.people, needs.on_roster, needs.now))
        work = math.fsum(float(load[needs.open].sum()) for load in needs.load.values()) * width / 60.0
        rows.append(
            [
                desk_name(needs.desk),
                f"{float(needs.attempts[needs.open].sum()):,.0f}",
                f"{work:,.0f} h",
                Cell(f"{duty:,.0f} h", f"{100 * work / duty:.0f} % of it is work" if duty else ""),
                Cell(f"{roster:,.0f} h", f"{100 * needs.shrinkage:g} % absence and breaks"),
                "not known" if math.isnan(now) else f"{now:,.0f} h",
            ]
        )
    heads = ["Desk", "Contacts", "Work", "On duty", "On the roster", "On duty as configured"]
    return Table("Over all days, calls again included.", heads, rows)


def sure(needed: Any, opened: list[Any]) -> list[Part]:
    """The target, and for each desk what is reached, how surely, and by which method."""
    rows = []
    for needs in opened:
        level, within_reach = needs.level[needs.open], needs.probability[needs.open & needs.reached]
        weights = np.nan_to_num(needs.attempts[needs.open])
        known = np.isfinite(level) & (weights > 0)
        mean = float(np.average(level[known], weights=weights[known])) if known.any() else math.nan
        missed = int((needs.open & ~needs.reached).sum())
        rows.append(
            [
                desk_name(needs.desk),
                "formulas (Erlang A)" if needs.method == THEORY else "simulation",
                level_text(needed, mean),
                f"{100 * float(np.nanmin(within_reach)):.0f} %" if np.isfinite(within_reach).any() else "not known",
                f"{missed} of {int(needs.open.sum())}" if missed else "none",
            ]
        )
    heads = [
        "Desk",
        "Found by",
        "Reached on average",
        "Least probability, where it is in reach",
        "Intervals out of reach",
    ]
    told = f"{sentence(target_text(needed))} That holds for each interval by itself, not for the mean of a day."
    return [
        Paragraph(told),
        Table("What these people reach.", heads, rows),
        Items([("", sentence(line)) for line in methods(needed)]),
    ]


def level_text(needed: Any, level: float) -> str:
    """A level in the unit of the target."""
    if math.isnan(level):
        return "not known"
    return f"{60 * level:.0f} s" if needed.settings.target == WAIT else f"{100 * level:.0f} %"


def overturned(needed: Any, opened: list[Any]) -> list[Part]:
    """What other inputs would ask for, where formulas say it at once; else what the answer rests on."""
    parts: list[Part] = []
    if rows := what_if(needed):
        caption = "By formulas, for the desks of which they hold: the same target with one number changed."
        heads = ["If", "Hours on duty", "Against the answer"]
        parts.append(Table(caption, heads, [[one.words, f"{one.hours:,.0f} h", one.apart] for one in rows]))
    if any(needs.method != THEORY for needs in opened):
        text = "of simulated desks: type the command again with other settings, such as population.scale=1.1"
        parts.append(Items([("What another demand would need", text)]))
    return parts


def files() -> Items:
    """What else lies in the folder."""
    return Items(
        [
            ("results.xlsx", "the same as a workbook: intervals, days, assumptions"),
            ("requirement.csv", "a row an interval of a desk: contacts, work, people, level, probability"),
            ("figures/people_needed.png", "also as SVG"),
            ("manifest.json", "the configuration, versions and hashes"),
        ]
    )


def half_hours(needed: Any, needs: Any) -> Section:
    """People by interval: times of day downwards, a column a day, a table a week."""
    stamps = wall_clock(needed.experiment, needed.grid.edges[:-1])
    by_date: dict[Any, dict[str, int]] = {}
    for place in np.flatnonzero(needs.open).tolist():
        stamp = stamps[place]
        by_date.setdefault(stamp.date(), {})[f"{stamp:%H:%M}"] = int(needs.people[place])
    return Section(f"{desk_name(needs.desk)}, every interval", list(week_tables(by_date)))


def week_tables(by_date: dict[Any, dict[str, int]]) -> Iterator[Part]:
    """Tables of at most A_WEEK days each."""
    dates = sorted(by_date)
    for first in range(0, min(len(dates), A_WEEK * MOST_WEEKS), A_WEEK):
        days = dates[first : first + A_WEEK]
        times = sorted({time for day in days for time in by_date[day]})
        rows = [[time, *(str(by_date[day].get(time, "")) for day in days)] for time in times]
        heads = ["From", *(f"{day:%a} {day.day} {day:%b}" for day in days)]
        yield Table(f"People on duty from {days[0]:%Y-%m-%d} on.", heads, rows)
    if len(dates) > A_WEEK * MOST_WEEKS:
        yield Paragraph(f"{len(dates) - A_WEEK * MOST_WEEKS} more days are in requirement.csv.")
