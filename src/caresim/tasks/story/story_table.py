"""A story in the terminal: staffing models side by side where they fit, else one below the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from caresim.report.console import Printer

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

NARROWEST = 34
"""Characters that a tale needs to be read with ease."""


def show(story: Any, console: Console | None = None) -> None:
    """Print the story. Without a console: to standard output, 120 columns wide where that is no terminal."""
    printer = Printer(console)
    printer.line()
    printer.line(f"{story.experiment.name}: what happened to one passenger", "bold")
    printer.line(story.lead)
    printer.line()
    width = printer.console.width
    together = max(1, (width - 2) // (NARROWEST + 2))
    together = together if together >= len(story.tales) else 1
    for first in range(0, len(story.tales), together):
        printer.console.print(_columns(story.tales[first : first + together], printer, width))


def _columns(tales: Any, printer: Printer, width: int) -> Table:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, show_edge=False)
    column = min((width - 2) // len(tales) - 2, 100)
    cells = []
    for tale in tales:
        heading = printer.text(tale.called, "bold").append(printer.text(f"\n{tale.lead}", "not bold"))
        table.add_column(heading, width=column, overflow="fold")
        cells.append(_lines(tale, printer))
    table.add_row(*cells)
    table.add_row()
    return table


def _lines(tale: Any, printer: Printer) -> Any:
    """The clock in one column and the sentences in another, days in between."""
    from rich.table import Table

    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_column(width=5)
    grid.add_column(overflow="fold")
    for line in tale.lines:
        if line.day:
            grid.add_row("", printer.text(line.day, "bold"))
        grid.add_row(printer.text(line.clock, "dim"), printer.text(line.sentence))
    return grid
