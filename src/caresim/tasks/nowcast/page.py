"""report.html and results.xlsx of a nowcast."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from caresim.report.page import document as written
from caresim.report.page.document import Cell, Document, Paragraph, Section, Table, figure_of
from caresim.run import spreadsheet
from caresim.tasks.nowcast.ahead import ABANDONED, BACKLOG, CONTACTS, MEANINGS, WAIT
from caresim.tasks.nowcast.layout import page_of, table_of_hours
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
    settings, days = found.settings, found.fitted.history.days
    runs = f"{settings.replications} replications in worlds of {settings.draws} draws"
    return page_of(
        found,
        of=Path(settings.contacts).name,
        moment=found.known.moment,
        answer=answer(found),
        picture=picture,
        tables=[table(found.table, name) for name in found.ahead],
        rule=RULE,
        cautions=caution(found),
        command=command,
        runs=f"{runs}; fitted to {days[0]} to {days[-1]}",
        analyst=Section("How the model was fitted", [Paragraph(found.fitted.rules.text)]),
        every="half hour",
    )


def table(rows: pd.DataFrame, name: str) -> Table:
    """A row a half hour of an alternative, a column a quantity."""
    meanings = "; ".join(f"{NAMES[quantity]}: {MEANINGS[quantity]}" for quantity in SHOWN)
    return table_of_hours(rows, name, SHOWN, NAMES, f"{called(name).capitalize()}, by half hours. {meanings}.", cell)


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
