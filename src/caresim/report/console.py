"""Where tables are printed, and in which letters: a terminal as it is, anything else 120 columns wide."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

WIDTH = 120
"""Columns where the output is no terminal."""
PLAIN = str.maketrans(
    {"✔": "+", "✘": "x", "★": "*", "–": "-", "×": "x", "°": "'", "€": "EUR", "…": "...", "−": "-"}
    | {"“": '"', "”": '"', "’": "'"}
)
"""For terminals that know ASCII only."""


def opened(console: Console | None = None) -> Console:
    """The console given, else standard output."""
    from rich.console import Console

    if console is not None:
        return console
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=WIDTH)


class Printer:
    """Prints text in letters that the console knows."""

    def __init__(self, console: Console | None = None) -> None:
        self.console = opened(console)
        self.ascii_only = self.console.options.ascii_only

    def letters(self, text: str) -> str:
        """The text in letters that the console knows."""
        return text.translate(PLAIN) if self.ascii_only else text

    def text(self, text: str, style: str = "") -> Text:
        """The same as rich text, to be printed or put into a cell."""
        from rich.text import Text

        return Text(self.letters(text), style=style)

    def line(self, text: str | Text = "", style: str = "", indent: int = 0) -> None:
        """Print a line or a paragraph, `indent` columns from the left."""
        from rich.padding import Padding

        words = self.text(text, style) if isinstance(text, str) else text
        self.console.print(Padding(words, (0, 0, 0, indent)) if indent else words)
