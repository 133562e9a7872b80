"""report.html and results.xlsx of a nowcast of a written desk."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from caresim.report.page import document as written
from caresim.report.page.document import Cell, Document, Paragraph, Section, Table, figure_of
from caresim.run import spreadsheet
from caresim.tasks.nowcast.desk.ahead import BACKLOG, FIRST, MEANINGS, POSTS, REPLIES, SHARE, WAITING
from caresim.tasks.nowcast.desk.words import NAMES, answer, called, caution, duration, named
from caresim.tasks.nowcast.layout import page_of, table_of_hours

if TYPE_CHECKING:
    from caresim.tasks.nowcast.desk.nowcast import NowcastedDesk

RULE = (
    "The hours ahead begin with the posts that wait now: how long they wait still, and whether a reply comes at all, "
    "follows from how long they have waited. How many posts come is told from the hours until now (a particle filter). "
    "Big numbers are medians; those in small letters are the band that holds nine tenths of the courses, and for the "
    "first response nine tenths of all replies in them."
)


def save(found: NowcastedDesk, folder: Path, command: str) -> None:
    """Write the page and the workbook into the folder, whose figure is drawn already."""
    written.save(document(found, folder, command), folder)
    spreadsheet.write({"nowcast": found.table, "open_posts": found.open_posts}, folder / spreadsheet.WORKBOOK)


def document(found: NowcastedDesk, folder: Path, command: str) -> Document:
    """The page of this nowcast."""
    settings, known = found.settings, found.known
    picture = figure_of(
        folder,
        "hours_ahead",
        "The hours behind and ahead.",
        "Dots: what was; of replies, where nine tenths of them must have come. Lines and bands: what is expected.",
    )
    weights = "; ".join(f"{name} {100 * weight:.0f} %" for name, weight in found.fitted.weights.items())
    return page_of(
        found,
        of=named(found),
        moment=known.moment(known.now),
        answer=answer(found),
        picture=picture,
        tables=[table(found.table, name) for name in found.ahead],
        rule=RULE,
        cautions=caution(found),
        command=command,
        runs=f"{settings.draws} courses",
        analyst=Section("Weights of the forecasts", [Paragraph(f"{weights}.")]),
        every="hour",
    )


def table(rows: pd.DataFrame, name: str) -> Table:
    """A row an hour of an alternative, a column a quantity."""
    meanings = "; ".join(f"{NAMES[quantity]}: {MEANINGS[quantity]}" for quantity in NAMES)
    return table_of_hours(rows, name, list(NAMES), NAMES, f"{called(name).capitalize()}, by hours. {meanings}.", cell)


def cell(row: pd.Series, quantity: str) -> Cell:
    """The median, and below it the band of 90 %."""
    if pd.isna(row["median"]):
        return Cell("hardly any comes")
    form = FORMS[quantity]
    return Cell(form(row["median"]), f"{form(row['low_90'])} to {form(row['high_90'])}")


def _whole(value: float) -> str:
    return f"{value:.0f}"


def _percent(value: float) -> str:
    return f"{100 * value:.0f} %"


FORMS: dict[str, Callable[[float], str]] = {
    POSTS: _whole,
    WAITING: _whole,
    BACKLOG: _whole,
    REPLIES: _whole,
    FIRST: duration,
    SHARE: _percent,
}
