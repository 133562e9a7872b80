"""Where tables are printed: a terminal as it is, anything else 120 columns wide."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

WIDTH = 120
"""Columns where the output is no terminal."""


def opened(console: Console | None = None) -> Console:
    """The console given, else standard output."""
    from rich.console import Console

    if console is not None:
        return console
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=WIDTH)
