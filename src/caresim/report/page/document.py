"""What may stand on a page: paragraphs, lists, tables, pictures, each under a heading; and the page as one text.

The text needs nothing else: its style and its pictures are in it. Every word of it is escaped, wherever it comes from.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATES = Path(__file__).parent
TEMPLATE = "page.html"
PAGE = "report.html"
BETTER, WORSE, SAME, OPEN = "better", "worse", "same", "open"
"""What a cell may be marked as: the class that gives the words of its verdict their colour in page.css."""


@dataclass(frozen=True)
class Cell:
    """One cell of a table: what it says, and below it in small letters what belongs to it."""

    text: str
    note: str = ""
    verdict: str = ""
    """Words of a verdict."""
    look: str = ""
    """One of BETTER, WORSE, SAME, OPEN; empty: none."""
    share: float | None = None
    """From 0 to 1: a bar of this length behind the words."""


@dataclass(frozen=True)
class Table:
    """A table: the first cell of a row is what the row is about. One of two columns is a list without lines."""

    kind: ClassVar[str] = "table"
    caption: str
    heads: Sequence[str]
    rows: Sequence[Sequence[Cell | str]]


@dataclass(frozen=True)
class Paragraph:
    """Some sentences."""

    kind: ClassVar[str] = "paragraph"
    text: str


@dataclass(frozen=True)
class Items:
    """A list; of pairs, the first is what the second is about."""

    kind: ClassVar[str] = "items"
    items: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Words:
    """Text as it is, line by line: a command, a tale."""

    kind: ClassVar[str] = "words"
    text: str


@dataclass(frozen=True)
class Picture:
    """A picture that is part of the page, and what is to be seen on it in words."""

    kind: ClassVar[str] = "picture"
    title: str
    finding: str
    source: str
    """A data URI."""
    file: str = ""
    """Where it lies beside the page, for a slide; empty: nowhere."""


@dataclass(frozen=True)
class Folded:
    """Parts that are opened by whoever wants them."""

    kind: ClassVar[str] = "folded"
    title: str
    parts: Sequence[Part]


Part = Paragraph | Items | Words | Table | Picture | Folded


@dataclass(frozen=True)
class Section:
    """A heading, and what stands below it."""

    title: str
    parts: Sequence[Part]


@dataclass(frozen=True)
class Document:
    """A page: the question, the answer in some sentences, then sections; the analyst's are folded."""

    title: str
    question: str
    answer: Sequence[str]
    sections: Sequence[Section]
    analyst: Sequence[Section] = ()
    made_by: str = ""
    durations: str = ""
    """What may differ between two pages of equal inputs: it stands in a line of its own, which is marked."""


def save(document: Document, folder: Path) -> None:
    """Write the page into a folder, as `PAGE`."""
    (folder / PAGE).write_text(rendered(document), encoding="utf-8", newline="\n")


def rendered(document: Document) -> str:
    """The page as one text; its bytes depend on the document alone."""
    return _environment().get_template(TEMPLATE).render(document=document)


def data_uri(drawing: Path) -> str:
    """A drawing (SVG) or a picture (PNG) as it can stand in a page."""
    kind = "image/svg+xml" if drawing.suffix == ".svg" else "image/png"
    return f"data:{kind};base64,{base64.b64encode(drawing.read_bytes()).decode('ascii')}"


def figure_of(folder: Path, name: str, title: str, finding: str) -> list[Part]:
    """The figure of that name in a run's folder; none where it was not drawn."""
    drawing = folder / "figures" / f"{name}.svg"
    return [Picture(title, finding, data_uri(drawing), f"figures/{name}.png")] if drawing.exists() else []


def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    loader = FileSystemLoader(TEMPLATES)
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
