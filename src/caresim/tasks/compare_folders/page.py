"""report.html and results.xlsx of two runs side by side."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from caresim.report.number_format import effect_span, effect_text
from caresim.report.page import document as written
from caresim.report.page.document import Cell, Document, Paragraph, Section, Table, Words
from caresim.report.verdicts import LOOKS, VERDICTS
from caresim.report.wording import level, quantity, readable
from caresim.run import spreadsheet
from caresim.run.block import package_version
from caresim.tasks.compare_folders.answer import brief
from caresim.tasks.compare_folders.side_by_side import where

if TYPE_CHECKING:
    from collections.abc import Sequence

    from caresim.tasks.compare_folders.side_by_side import SideBySide

MOST_ROWS = 60
"""Keys in the page's table; differs.csv has all of them."""


def save(both: SideBySide, metrics: Sequence[str], folder: Path, command: str) -> None:
    """Write the page and the workbook into the folder."""
    written.save(document(both, metrics, command), folder)
    spreadsheet.write({"comparison": both.table(), "differs": both.differs()}, folder / spreadsheet.WORKBOOK)


def document(both: SideBySide, metrics: Sequence[str], command: str) -> Document:
    """The page of these two runs."""
    one, other = where(both.one), where(both.other)
    return Document(
        title=f"{other} beside {one}",
        question="Two runs side by side: what differs between them, and what comes of it?",
        answer=both.answer(),
        sections=[
            Section("What differs", [differing(both)]),
            *(Section(readable(name), [of_model(both, name, metrics)]) for name in both.staffings),
            Section("What to know of it", [Paragraph(said) for said in to_know(both)]),
            Section("How to reproduce it", [Words(command)]),
        ],
        made_by=f"Made by caresim {package_version()}. Every metric is in comparison.csv.",
    )


def differing(both: SideBySide) -> Paragraph | Table:
    """The keys that are not the same, with both values."""
    rows = both.differs()
    if not len(rows):
        return Paragraph("Nothing that changes a run differs.")
    told = [[str(row.key), brief(str(row.one)), brief(str(row.other))] for row in rows.head(MOST_ROWS).itertuples()]
    more = f" {len(rows) - MOST_ROWS} more are in differs.csv." if len(rows) > MOST_ROWS else ""
    return Table(f"What is written in one run and not in the other.{more}", ["Key", *both_runs(both)], told)


def both_runs(both: SideBySide) -> list[str]:
    """What the two columns of values are called."""
    return [f"{word}: {where(run)}" for word, run in (("One", both.one), ("Other", both.other))]


def of_model(both: SideBySide, name: str, metrics: Sequence[str]) -> Table:
    """A row a metric: both values, the difference with its interval, the verdict."""
    rows = both.table().set_index(["staffing", "metric"])
    lines = [line(rows.loc[name, metric], metric, bool(both.few_draws)) for metric in metrics]
    return Table("Other less one; in small letters the interval.", ["", "One", "Other", "Difference"], lines)


def line(row: Any, name: str, hidden: bool) -> list[Cell | str]:
    """A metric in both runs; `hidden`: there are too few draws for an interval and a verdict."""
    from caresim.measure.metrics import REGISTRY

    metric = REGISTRY[name]
    ratio, look = metric.compare == "ratio", None if hidden else VERDICTS.get(row["verdict"])
    difference = Cell(
        effect_text(row["difference"], metric.unit, ratio),
        "" if hidden else effect_span(row["ci_low"], row["ci_high"], metric.unit, ratio),
        look.text if look else "",
        LOOKS[row["verdict"]] if look else "",
    )
    return [metric.label, quantity(row["one"], metric.unit), quantity(row["other"], metric.unit), difference]


def to_know(both: SideBySide) -> list[str]:
    """How the runs were compared, and what makes the difference another one than that of staffing."""
    confidence = level(both.confidence)
    if both.paired:
        how = f"{len(both.shared)} replications are compared in pairs: both runs have the same luck."
    else:
        how = "The runs are compared as two samples that have nothing in common, not in pairs."
    few = both.few_draws
    what = few or f"Intervals: {confidence}, luck and assumptions; those of headline metrics hold together."
    return [how, what, *both.cautions]
