"""A CSV file of a user: columns of text, words and numbers. Every message about a mistake names its line."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from caresim.config.amounts import in_memory, rounded_down
from caresim.config.base import NAME
from caresim.config.errors import BadInput, choice, nearest
from caresim.config.machine import memory
from caresim.config.pace import STEP, Pace

MOST_COLUMNS = 500
"""A contact centre's exports have some dozens; a file with more is another table, or has lost its line ends."""
PROBED = 1 << 20
"""Bytes at the beginning of a file, by which its number of rows is estimated."""
BYTES_A_ROW = 1500.0
"""Of memory for a contact of a file, from its line to its run (price.py: a given contact, a person, a case)."""
SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "bars"}


class CsvTable:
    """The rows of one file; empty lines are left out.

    `key` names the file in messages, `known` names its columns, the first `needed` of which it must have. A column that
    is not `known` is left alone, unless it looks like one that is.
    """

    def __init__(self, key: str, path: str, known: Sequence[str], needed: int = 1) -> None:
        self.key, self.path, self.known, self.needed = key, path, tuple(known), tuple(known[:needed])
        self.lines: list[int] = []
        """Where each row begins in the file, from 1."""
        self._columns: dict[str, list[str]] = {}
        check_size(key, path)
        self.header: list[str] = []
        for line, cells in self._rows():
            if not self.header:
                self._take_header(cells)
            else:
                self._take(line, cells)
        if not self.header:
            self._check_header()
        if not self.lines:
            raise BadInput(key, path, "has no row beneath the header; allowed: at least one")

    def _take_header(self, cells: list[str]) -> None:
        self.header = [name.strip() for name in cells]
        self._check_header()
        self._places = [
            (self._columns.setdefault(name, []), at) for at, name in enumerate(self.header) if name in self.known
        ]

    def _take(self, line: int, cells: list[str]) -> None:
        """A row: the cells of known columns are kept."""
        if len(cells) > len(self.header):
            allowed = f"has {len(cells)} cells where the header has {len(self.header)}; quote cells that hold commas"
            raise BadInput(f"{self.key} ({Path(self.path).name}, line {line})", ",".join(cells), allowed)
        self.lines.append(line)
        for column, place in self._places:
            column.append(cells[place].strip() if place < len(cells) else "")

    def _rows(self) -> Iterator[tuple[int, list[str]]]:
        """Line and cells of the header and of every row that is not empty."""
        before = 0
        try:
            with Path(self.path).open("rb") as file:
                pace = Pace(f"reading {Path(self.path).name}", Path(self.path).stat().st_size)
                text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
                reader = csv.reader(text, strict=True)
                for cells in reader:
                    if any(cell.strip() for cell in cells):
                        yield before + 1, cells
                    before = reader.line_num
                    if not before % STEP:
                        pace.at(file.tell())
        except OSError as error:
            raise BadInput(self.key, self.path, f"cannot be read ({error.strerror}); allowed: a CSV file") from None
        except UnicodeDecodeError:
            raise BadInput(self.key, self.path, "is not text in UTF-8; allowed: a CSV file in UTF-8") from None
        except csv.Error as error:
            where = f"{self.key} ({Path(self.path).name}, from line {before + 1})"
            raise BadInput(where, self.path, f"is no CSV: {error}; allowed: cells parted by commas") from None

    def _check_header(self) -> None:
        if len(self.header) > MOST_COLUMNS:
            read = ", ".join(self.known)
            allowed = f"has {len(self.header):,} columns; allowed: at most {MOST_COLUMNS} (those that are read: {read})"
            raise BadInput(self.key, self.path, allowed)
        separator = next((word for sign, word in SEPARATORS.items() if sign in "".join(self.header)), "")
        for name in self.needed:
            if name in self.header:
                continue
            if separator:
                raise BadInput(self.key, self.path, f"is parted by {separator}; allowed: commas, and a column {name}")
            wanted = f"must have a column {name} in its first line{nearest(name, self.header)}"
            raise BadInput(self.key, self.path, f"{wanted}; columns: {', '.join(self.known)}")
        for name in self.header:
            where = f"{self.key} ({Path(self.path).name}, line 1)"
            if name in self.known and self.header.count(name) > 1:
                raise BadInput(where, name, "stands there twice; allowed: each column once")
            missing = [known for known in self.known if known not in self.header]
            if name and name not in self.known and nearest(name.lower().replace(" ", "_"), missing):
                raise BadInput(where, name, f"unknown column, {choice(self.known, name)}")

    def __len__(self) -> int:
        return len(self.lines)

    def wrong(self, row: int, column: str, value: Any, allowed: str) -> BadInput:
        """The BadInput to raise about a cell."""
        return BadInput(f"{self.key} ({Path(self.path).name}, line {self.lines[row]}, {column})", value, allowed)

    @property
    def ignored(self) -> tuple[str, ...]:
        """Columns that are left alone."""
        return tuple(name for name in self.header if name and name not in self.known)

    def has(self, column: str) -> bool:
        """Does the file have this column?"""
        return column in self._columns

    def keep(self, rows: Sequence[int]) -> None:
        """Go on with these rows only."""
        self.lines = [self.lines[row] for row in rows]
        self._columns = {name: [cells[row] for row in rows] for name, cells in self._columns.items()}

    def texts(self, column: str) -> list[str]:
        """The cells of a column, empty ones as ""."""
        return self._columns.get(column) or [""] * len(self)

    def words(self, column: str, default: str | list[str], allowed: Sequence[str] = ()) -> list[str]:
        """Names in lower case; an empty cell is its `default`.

        Only the `allowed` words may stand there; if there are none, any name may.
        """
        defaults = [default] * len(self) if isinstance(default, str) else default
        cells = self.texts(column)
        lower = {cell: cell.lower() for cell in set(cells)}  # one object for each word, however many rows have it
        words = [lower[cell] or other for cell, other in zip(cells, defaults, strict=True)]
        bad = {word for word in set(words) if not (word in allowed if allowed else NAME.fullmatch(word))}
        if bad:
            row = next(row for row, word in enumerate(words) if word in bad)
            rule = choice(allowed, words[row]) if allowed else "must be letters, digits and _, starting with a letter"
            raise self.wrong(row, column, words[row], rule)
        return words

    def numbers(self, column: str, default: float, least: float = 0.0, infinite: bool = False) -> list[float]:
        """Numbers of at least `least`; empty cells are `default`."""
        if not self.has(column):
            return [default] * len(self)
        cells = self.texts(column)
        number_of = {cell: _number(cell, least, infinite) for cell in set(cells)}
        number_of[""] = default
        for row, cell in enumerate(cells):
            if number_of[cell] is None:
                rule = "a number" if math.isinf(least) else f"a number of at least {least:g}"
                raise self.wrong(row, column, cell, f"must be {rule}, or empty")
        return [number_of[cell] for cell in cells]  # type: ignore[misc]

    def counts(self, column: str, default: float) -> list[int]:
        """Whole numbers, 0 or more."""
        numbers = self.numbers(column, default)
        for row, number in enumerate(numbers):
            if number != int(number):
                raise self.wrong(row, column, self.texts(column)[row], "must be a whole number")
        return [int(number) for number in numbers]


def _number(cell: str, least: float, infinite: bool) -> float | None:
    """The number in a cell; None where there is none that is allowed."""
    try:
        value = float(cell)
    except ValueError:
        return None
    return None if math.isnan(value) or value < least or (math.isinf(value) and not infinite) else value


def check_size(key: str, path: str) -> None:
    """BadInput for a file that does not fit into memory once it is read, judged by its size and its first lines."""
    try:
        size = Path(path).stat().st_size
        with Path(path).open("rb") as file:
            beginning = file.read(PROBED)
    except OSError:
        return  # whoever reads it says why it cannot be read
    lines = beginning.count(b"\n") or beginning.count(b"\r")
    if not lines and size > PROBED:
        raise BadInput(key, path, "has no line end in its first million characters; allowed: a CSV file, a row a line")
    rows, free = size * lines / max(len(beginning), 1), memory()
    if rows * BYTES_A_ROW > free:
        needs = f"has about {rows:,.0f} rows, which need {in_memory(rows * BYTES_A_ROW)} of memory"
        most = f"at most {rounded_down(free / BYTES_A_ROW):,.0f} rows with the {in_memory(free)} that can be had here"
        raise BadInput(key, path, f"{needs}; allowed: {most}")
