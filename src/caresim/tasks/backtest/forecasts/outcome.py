"""What a backtest of a forecast leaves: tables, sentences made from their rows, figures, and what they were made of."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from caresim.report.page import document as written
from caresim.report.page.document import Cell, Document, Items, Paragraph, Picture, Section, Table, Words, data_uri
from caresim.run import spreadsheet
from caresim.run.block import package_version
from caresim.run.folder import digest, made, write_csv, write_manifest
from caresim.run.output_dir import final_path, unfinished
from caresim.tasks.backtest.forecasts.settings import NONE, Forecast

SHORT = 6


@dataclass(frozen=True)
class Drawing:
    """A figure to come: its file's name, title, what is to be seen on it, and what draws it."""

    stem: str
    title: str
    finding: str
    draw: Callable[[], Figure]


@dataclass(frozen=True)
class View:
    """A table as people read it; the rows of the first is what the answer is made from."""

    title: str
    caption: str
    heads: Sequence[str]
    rows: Sequence[Sequence[Cell | str]]


@dataclass(frozen=True)
class Outcome:
    """What came out."""

    settings: Forecast
    tables: Mapping[str, pd.DataFrame]
    """By the name of their file."""
    answer: Sequence[str]
    """Sentences, the verdict first; each is made from rows."""
    views: Sequence[View]
    notes: Sequence[str] = ()
    """What the file does not tell: parameters that keep their priors, rows that are left out."""
    drawings: Sequence[Drawing] = ()
    explained: Sequence[tuple[str, str]] = ()
    """What the words and columns mean."""
    durations: Mapping[str, float] = field(default_factory=dict)


def write(outcome: Outcome, command: str) -> Path:
    """Write tables, figures, the page and the workbook into a folder of their own; returns its path."""
    from caresim.report.style import save_both

    settings = outcome.settings
    name = digest(next(iter(outcome.tables.values())))
    with unfinished(Path(settings.output_dir), settings.name, name[:SHORT]) as place:
        for stem, table in outcome.tables.items():
            write_csv(table, place / f"{stem}.csv")
        (place / "figures").mkdir()
        for drawing in outcome.drawings:
            save_both(drawing.draw(), place / "figures", drawing.stem)
        if settings.page != NONE:
            written.save(document(outcome, place, command), place)
            spreadsheet.write(dict(outcome.tables), place / spreadsheet.WORKBOOK)
        manifest = {
            "backtest": settings.name,
            "question": settings.question,
            "seed": settings.seed,
            "digest": name,
            **made(outcome.durations),
            "settings": settings.model_dump(mode="json"),
        }
        write_manifest(manifest, place)
        return final_path(place)


def document(outcome: Outcome, folder: Path, command: str) -> Document:
    """The page: the verdict, the tables, the figures, what is not known, and how to reproduce it."""
    settings = outcome.settings
    sections = [Section(view.title, [Table(view.caption, view.heads, view.rows)]) for view in outcome.views]
    pictures = [
        Picture(
            drawing.title,
            drawing.finding,
            data_uri(folder / "figures" / f"{drawing.stem}.svg"),
            f"figures/{drawing.stem}.png",
        )
        for drawing in outcome.drawings
    ]
    sections += [
        Section("In pictures", pictures),
        Section(
            "What the file does not tell", [Items([("", note) for note in outcome.notes])] if outcome.notes else []
        ),
        Section("How to read it", [Items(outcome.explained)] if outcome.explained else []),
        Section(
            "How to reproduce it", [Words(command), Paragraph(f"caresim {package_version()}, seed {settings.seed}.")]
        ),
    ]
    return Document(
        title=f"{settings.name}: predicted and observed",
        question=settings.question,
        answer=list(outcome.answer),
        sections=[section for section in sections if section.parts],
        made_by=f"Made by caresim {package_version()}. Every value is in the CSV files beside this page.",
        durations="It took: " + ", ".join(f"{key} {s:.1f} s" for key, s in outcome.durations.items()) + ".",
    )


def show(outcome: Outcome) -> None:
    """Print the tables and the verdict; 120 columns wide where that is no terminal."""
    from rich import box
    from rich.table import Table as Printed

    from caresim.report.console import Printer

    printer = Printer()
    printer.line()
    printer.line(f"{outcome.settings.name}: {outcome.settings.question}", "bold")
    for view in outcome.views:
        table = Printed(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), header_style="bold")
        for head in view.heads:
            table.add_column(printer.letters(head), overflow="fold")
        for row in view.rows:
            table.add_row(*(printer.text(cell if isinstance(cell, str) else _in_a_line(cell)) for cell in row))
        printer.line()
        printer.line(view.title, "bold")
        printer.console.print(table)
    for note in outcome.notes:
        printer.line(f"- {note}", "dim")
    for sentence in outcome.answer:
        printer.line(sentence, "bold")


def rows_of(table: pd.DataFrame) -> Iterator[Any]:
    """The rows of a table, each with its columns as attributes."""
    return iter(table.itertuples())


def _in_a_line(cell: Cell) -> str:
    return " ".join(part for part in (cell.text, f"({cell.note})" if cell.note else "", cell.verdict) if part)


def drawing(stem: str, title: str, finding: str, draw: Callable[..., Figure], *args: object) -> Drawing:
    """A figure to come, of these arguments."""
    return Drawing(stem, title, finding, partial(draw, *args))
