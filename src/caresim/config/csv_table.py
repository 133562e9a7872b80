"""A CSV file of a user: columns of text, words and numbers. Every message about a mistake names its line."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from caresim.config.base import NAME
from caresim.config.errors import BadInput, choice, nearest

SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "bars"}


class CsvTable:
    """The rows of one file; empty lines are left out.

    `key` names the file in messages, `known` names its columns, the first `needed` of which it must have. A column that
    is not `known` is left alone, unless it looks like one that is.
    """

    def __init__(self, key: str, path: str, known: Sequence[str], needed: int = 1) -> None:
        self.key, self.path, self.known, self.needed = key, path, tuple(known), tuple(known[:needed])
        rows = self._rows()
        self.header = [name.strip() for name in rows[0][1]] if rows else []
        self._check_header()
        for line, cells in rows[1:]:
            if len(cells) > len(self.header):
                allowed = (
                    f"has {len(cells)} cells where the header has {len(self.header)}; quote cells that hold commas"
                )
                raise BadInput(f"{key} ({Path(path).name}, line {line})", ",".join(cells), allowed)
        self.lines = [line for line, _ in rows[1:]]
        """Where each row begins in the file, from 1."""
        if not self.lines:
            raise BadInput(key, path, "has no row beneath the header; allowed: at least one")
        self._columns = {
            name: [cells[place].strip() if place < len(cells) else "" for _, cells in rows[1:]]
            for place, name in enumerate(self.header)
            if name in known
        }

    def _rows(self) -> list[tuple[int, list[str]]]:
        """Line and cells of the header and of every row that is not empty."""
        try:
            text = Path(self.path).read_bytes().decode("utf-8-sig")
        except OSError as error:
            raise BadInput(self.key, self.path, f"cannot be read ({error.strerror}); allowed: a CSV file") from None
        except UnicodeDecodeError:
            raise BadInput(self.key, self.path, "is not text in UTF-8; allowed: a CSV file in UTF-8") from None
        reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        rows, before = [], 0
        try:
            for cells in reader:
                if any(cell.strip() for cell in cells):
                    rows.append((before + 1, cells))
                before = reader.line_num
        except csv.Error as error:
            where = f"{self.key} ({Path(self.path).name}, from line {before + 1})"
            raise BadInput(where, self.path, f"is no CSV: {error}; allowed: cells parted by commas") from None
        return rows

    def _check_header(self) -> None:
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
        words = [cell.lower() or other for cell, other in zip(self.texts(column), defaults, strict=True)]
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
