"""report.html and results.xlsx of a nowcast."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from caresim.report.page import document as written
from caresim.report.page.document import Cell, Document, Paragraph, Section, Table, Words, figure_of
from caresim.run import spreadsheet
from caresim.run.block import package_version
from caresim.tasks.nowcast.ahead import ABANDONED, BACKLOG, CONTACTS, MEANINGS, WAIT
from caresim.tasks.nowcast.words import NAMES, answer, called, caution

if TYPE_CHECKING:
    from caresim.tasks.nowcast.nowcast import Nowcasted

SHOWN = (CONTACTS, BACKLOG, WAIT, ABANDONED)
"""Anger, which rests on assumptions alone, stands in nowcast.csv."""
RULE = (
    "The hours ahead begin with those who wait now, who wait on with what patience is left to them, and with those who "
    "are in a call, which goes on as calls of its kind do that have lasted so long. How many will come is told from "
    "the days before and from today's hours until now (a particle filter). Numbers in small letters are the band that "
    "holds nine tenths of the replications."
)


def save(found: Nowcasted, folder: Path, command: str) -> None:
    """Write the page and the workbook into the folder, whose figure is drawn already."""
    written.save(document(found, folder, command), folder)
    sheets = {"nowcast": found.table, "open_contacts": found.open_contacts}
    spreadsheet.write(sheets, folder / spreadsheet.WORKBOOK)


def document(found: Nowcasted, folder: Path, command: str) -> Document:
    """The page of this nowcast."""
    picture = figure_of(
        folder,
        "hours_ahead",
        "The hours behind and ahead.",
        "Dots: what was. Lines and bands: what is expected, and half and nine tenths of the replications.",
    )
    settings = found.settings
    made = (
        f"caresim {package_version()}, seed {settings.seed}, {settings.replications} replications in worlds of "
        f"{settings.draws} draws; fitted to {found.fitted.history.days[0]} to {found.fitted.history.days[-1]}."
    )
    return Document(
        title=f"{Path(settings.contacts).name}, {found.known.moment:%Y-%m-%d %H:%M}: the next {settings.hours} hours",
        question="Given what is known now, what will the hours ahead bring, and what would more people change?",
        answer=answer(found),
        sections=[
            Section("In a picture", picture),
            Section("Hour by hour", [*(table(found.table, name) for name in found.ahead), Paragraph(RULE)]),
            Section("What to know of it", [Paragraph(said) for said in caution(found)]),
            Section("How to reproduce it", [Words(command), Paragraph(made)]),
        ],
        analyst=[Section("How the model was fitted", [Paragraph(found.fitted.rules.text)])],
        made_by=f"Made by caresim {package_version()}. Every half hour is in nowcast.csv.",
        durations="Durations: "
        + ", ".join(f"{key.removesuffix('_s')} {seconds:.1f} s" for key, seconds in found.durations.items())
        + ".",
    )


def table(rows: pd.DataFrame, name: str) -> Table:
    """A row a half hour of an alternative, a column a quantity."""
    mine = rows[rows["alternative"] == name]
    lines = []
    for begins, there in mine.groupby("begins", sort=False):
        by_name = there.set_index("quantity")
        cells = [cell(by_name.loc[quantity], quantity) for quantity in SHOWN]
        lines.append([f"{datetime.fromisoformat(str(begins)):%a %H:%M}", *cells])
    meanings = "; ".join(f"{NAMES[quantity]}: {MEANINGS[quantity]}" for quantity in SHOWN)
    caption = f"{called(name).capitalize()}, by half hours. {meanings}."
    return Table(caption, ["From", *(NAMES[quantity] for quantity in SHOWN)], lines)


def cell(row: pd.Series, quantity: str) -> Cell:
    """The mean, and below it the band of 90 %."""
    if pd.isna(row["mean"]):
        return Cell("hardly anybody comes")
    form = {CONTACTS: _whole, BACKLOG: _tenth, WAIT: _whole, ABANDONED: _percent}[quantity]
    return Cell(form(row["mean"]), f"{form(row['low_90'])} to {form(row['high_90'])}")


def _whole(value: float) -> str:
    return f"{value:.0f}"


def _tenth(value: float) -> str:
    return f"{value:.1f}"


def _percent(value: float) -> str:
    return f"{100 * value:.1f} %"
