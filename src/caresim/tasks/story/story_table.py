"""A story in the terminal: staffing models side by side where they fit, else one below the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from caresim.report.console import opened
from caresim.report.wording import readable

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

NARROWEST = 34
"""Characters that a tale needs to be read with ease."""
PLAIN = str.maketrans({"“": '"', "”": '"', "’": "'"})
"""For terminals that know ASCII only."""


def show(story: Any, console: Console | None = None) -> None:
    """Print the story. Without a console: to standard output, 120 columns wide where that is no terminal."""
    from rich.text import Text

    console = opened(console)
    plain = console.options.ascii_only

    def say(text: str) -> str:
        return text.translate(PLAIN) if plain else text

    console.print()
    console.print(Text(f"{story.experiment.name}: what happened to one passenger", style="bold"))
    console.print(Text(say(story.lead)))
    console.print()
    together = max(1, (console.width - 2) // (NARROWEST + 2))
    together = together if together >= len(story.tales) else 1
    for first in range(0, len(story.tales), together):
        console.print(_columns(story.tales[first : first + together], say, console.width))


def _columns(tales: Any, say: Any, width: int) -> Table:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, show_edge=False)
    column = min((width - 2) // len(tales) - 2, 100)
    cells = []
    for tale in tales:
        heading = Text(readable(tale.staffing), style="bold").append(f"\n{say(tale.lead)}", style="not bold")
        table.add_column(heading, width=column, overflow="fold")
        cells.append(_lines(tale, say))
    table.add_row(*cells)
    table.add_row()
    return table


def _lines(tale: Any, say: Any) -> Any:
    """The clock in one column and the sentences in another, days in between."""
    from rich.table import Table
    from rich.text import Text

    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_column(width=5)
    grid.add_column(overflow="fold")
    for line in tale.lines:
        if line.day:
            grid.add_row("", Text(line.day, style="bold"))
        grid.add_row(Text(line.clock, style="dim"), Text(say(line.sentence)))
    return grid
