"""The rows of one exported file by our names of its columns. Every message about a mistake names its line."""

from __future__ import annotations

import math
from array import array
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from caresim.config.amounts import in_memory, rounded_down
from caresim.config.base import NAME, NAMES
from caresim.config.contacts import constant
from caresim.config.errors import BadInput, choice, nearest
from caresim.config.exports import cells as reading
from caresim.config.exports import room
from caresim.config.exports.column import Column, Piece, Words
from caresim.config.exports.file_format import Format
from caresim.config.exports.grid import MOST_TITLES, Line, lines_of
from caresim.config.exports.vocabulary import folded, is_of_totals

MOST_COLUMNS = 500
"""A contact centre's exports have some dozens; a file with more is another table, or has lost its line ends."""


class ExportTable:
    """The rows of one file; empty lines, titles above the header and totals are left out.

    `key` names the file in messages, `known` names our columns, the first `needed` of which it must have. A column that
    is not `known` is left alone, unless it looks like one that is. `notes` says in sentences what was passed over.
    """

    def __init__(self, key: str, path: str, known: Sequence[str], needed: int, form: Format) -> None:
        self.key, self.path, self.form = key, path, form
        self.known, self.needed = tuple(known), tuple(known[:needed])
        self.notes: list[str] = []
        room.check_size(key, path)
        rows = lines_of(key, path, form)
        self.header, self.header_line = self._header(rows)
        self._places = self._places_of_columns()
        self.first: list[str] = []
        """The cells of the first row, as written."""
        self.lines: Sequence[int] = array("q")
        """Where each row begins in the file, from 1."""
        self._cells: dict[str, Column] = {name: Column() for name in self._places}
        self._fill(rows, self.lines)
        if not self.lines:
            raise BadInput(key, path, "has no row beneath the header; allowed: at least one")

    def _header(self, rows: Any) -> tuple[list[str], int]:
        """Names of the columns and their line: the first of the file's beginning that has all that are needed."""
        wanted = [name for column in self.needed for name in self.form.named(column)]
        first: Line | None = None
        for passed, line in enumerate(rows):
            first = first or line
            if all(name in line.cells for name in wanted):
                if passed:
                    self.notes.append(f"{passed} line{'s' if passed > 1 else ''} above the header left out")
                return line.cells, line.number
            if passed == MOST_TITLES:
                break
        self._refuse_header(first.cells if first else [], wanted)
        raise AssertionError

    def _refuse_header(self, header: list[str], wanted: list[str]) -> None:
        missing = next(name for name in wanted if name not in header)
        for sign, word in ((";", "semicolons"), ("\t", "tabs"), ("|", "bars")):
            if sign in "".join(header):
                raise BadInput(self.key, self.path, f"is parted by {word}; allowed: commas, and a column {missing}")
        hint = f"must have a column {missing} in its first line{nearest(missing, header)}"
        raise BadInput(self.key, self.path, f"{hint}; columns: {', '.join(self.known)}")

    def _places_of_columns(self) -> dict[str, tuple[int, ...]]:
        """Where the cells of each of our columns stand; two places are a date and a time."""
        where = f"{self.key} ({Path(self.path).name}, line {self.header_line})"
        for column in self.form.columns:
            for name in self.form.named(column) if column in self.known else ():
                if name not in self.header:
                    raise BadInput(f"replay.format.columns.{column}", name, choice([n for n in self.header if n], name))
        places: dict[str, tuple[int, ...]] = {}
        for column in self.known:
            names = self.form.named(column)
            if all(name in self.header for name in names):
                places[column] = tuple(self.header.index(name) for name in names)
        used = {name for column in places for name in self.form.named(column)}
        for name in self.header:
            if name in used and self.header.count(name) > 1:
                raise BadInput(where, name, "stands there twice; allowed: each column once")
            missing = [known for known in self.known if known not in places]
            if name and name not in used and nearest(folded(name).replace(" ", "_"), missing):
                allowed = f"unknown column, {choice(self.known, folded(name).replace(' ', '_'))}"
                raise BadInput(where, name, allowed)
        self.ignored = tuple(name for name in self.header if name and name not in used)
        """Columns that are left alone."""
        return places

    def _fill(self, rows: Any, lines: array[int]) -> None:
        """Read every row into its columns."""
        if len(self.header) > MOST_COLUMNS:
            read = ", ".join(self.known)
            allowed = f"has {len(self.header):,} columns; allowed: at most {MOST_COLUMNS} (those that are read: {read})"
            raise BadInput(self.key, self.path, allowed)
        first = self._places[self.needed[0]][0]
        columns = [(self._cells[name], places) for name, places in self._places.items()]
        queue = self._places.get("channel", ())
        width, totals = len(self.header), 0
        for line in rows:
            cells = line.cells
            if len(cells) > width and any(cells[width:]):
                allowed = f"has {len(cells)} cells where the header has {width}; quote cells that hold the separator"
                raise BadInput(f"{self.key} ({Path(self.path).name}, line {line.number})", ",".join(cells), allowed)
            cells += [""] * (width - len(cells))
            if is_of_totals(cells, (0, first, *queue)):
                totals += 1
                continue
            self.first = self.first or cells
            lines.append(line.number)
            for column, places in columns:
                text = " ".join(cells[place] for place in places) if len(places) > 1 else cells[places[0]]
                # What begins with a figure is no word: most cells are spared a closer look.
                column.append(text if "0" <= text[:1] <= "9" or not reading.is_empty(text) else "")
        if totals:
            self.notes.append(f"{totals} line{'s' if totals > 1 else ''} of totals left out")

    def __len__(self) -> int:
        return len(self.lines)

    def wrong(self, row: int, column: str, value: Any, allowed: str) -> BadInput:
        """The BadInput to raise about a cell."""
        return BadInput(f"{self.key} ({Path(self.path).name}, line {self.lines[row]}, {column})", value, allowed)

    def check_counts(self, column: str, counts: Sequence[float], size: float, what: str) -> None:
        """BadInput, at the largest number of a column, where so many things of `size` bytes do not fit into memory."""
        there = [0.0 if math.isnan(count) else float(count) for count in counts]
        total, free = math.fsum(there), room.memory()
        if total * size <= free:
            return
        row = max(range(len(there)), key=there.__getitem__)
        allowed = f"makes {total:,.0f} {what} in all, for which {in_memory(total * size)} of memory are needed"
        most = f"at most {rounded_down(free / size):,.0f} in all with the {in_memory(free)} that can be had here"
        raise self.wrong(row, column, self.texts(column)[row], f"{allowed}; allowed: {most}")

    def has(self, column: str) -> bool:
        """Does the file have this column?"""
        return column in self._cells

    def keep(self, rows: NDArray[np.intp]) -> None:
        """Go on with these rows only, which rise."""
        self.lines = array("q", np.asarray(self.lines)[rows].tobytes())
        self._cells = {name: column.kept(rows) for name, column in self._cells.items()}

    def texts(self, column: str) -> Column:
        """The cells of a column as written; those without data, whatever stands there instead, as ""."""
        return self._cells.get(column) or Column.repeated("", len(self))

    def names(self, column: str, default: str, allowed: Sequence[str] = ()) -> Words[str]:
        """Names in lower case; an empty cell is the `default`.

        Only the `allowed` words may stand there; if there are none, any name may.
        """
        texts = self.texts(column).words()
        for code, cell in enumerate(texts.words):
            word = cell.lower() or default
            if not (word in allowed if allowed else NAME.fullmatch(word)):
                rule = choice(allowed, word) if allowed else f"must be {NAMES}"
                raise self.wrong(texts.first_row(code), column, cell, rule)
        return texts.mapped(lambda cell: cell.lower() or default)

    def numbers(self, column: str, default: float, least: float = 0.0) -> NDArray[np.float64]:
        """Numbers of at least `least`; cells without data are `default`."""
        return self._converted(column, default, lambda cell: reading.number(cell, self.form), least)

    def seconds(self, column: str, infinite: bool = False) -> NDArray[np.float64]:
        """Durations, NaN where there are none; `infinite`: `inf` is one."""

        def read(cell: str) -> float:
            if infinite and cell.lower() in ("inf", "infinity"):
                return math.inf
            return reading.seconds(cell, self.form.unit(column), self.form)

        return self._converted(column, math.nan, read, 0.0)

    def counts(self, column: str, default: int) -> list[int]:
        """Whole numbers, 0 or more; a cell without data is `default`."""
        values = self._converted(column, default, lambda cell: reading.count(cell, self.form), 0.0)
        return [int(value) for value in values]

    def _converted(
        self, column: str, default: float, read: Callable[[str], float], least: float
    ) -> NDArray[np.float64]:
        """A number for each row; equal cells of a piece are read once."""
        if not self.has(column):
            return constant(float(default), len(self))
        values = np.empty(len(self))
        for piece in self.texts(column).pieces():
            numbers = [
                default if reading.is_empty(cell) else self._number(piece, code, column, read, least)
                for code, cell in enumerate(piece.texts)
            ]
            values[piece.first : piece.first + len(piece.codes)] = np.array(numbers, float)[piece.codes]
        return values

    def _number(self, piece: Piece, code: int, column: str, read: Callable[[str], float], least: float) -> float:
        """What a cell says. BadInput at the first row with this cell."""
        cell = piece.texts[code]
        try:
            value = read(cell)
        except reading.CannotBeReadError as problem:
            rule = str(problem)
            rule += f" of at least {least:g}" if rule.endswith("number") and math.isfinite(least) else ""
            rule += ", or empty" if rule.endswith(("number", f"{least:g}")) else ""
            raise self.wrong(int(piece.rows(code)[0]), column, cell, rule) from None
        if not value >= least:
            rule = f"must be a number of at least {least:g}, or empty"
            raise self.wrong(int(piece.rows(code)[0]), column, cell, rule)
        return value
