"""A column of a file: its cells as written, packed piece by piece, and words of which there are few."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Generic, NamedTuple, TypeVar, overload

import numpy as np
from numpy.typing import NDArray

from caresim.config.contacts import constant

T = TypeVar("T")
PIECE = 8192
"""Cells of a piece: so few that a code has two bytes, and that one piece at a time is no matter."""


class Piece(NamedTuple):
    """Some cells of a column that follow each other: row `first` + n has the text `texts[codes[n]]`."""

    first: int
    texts: list[str]
    """Each text once, in the order of the first row that has it."""
    codes: NDArray[np.uint16]

    def rows(self, code: int) -> NDArray[np.intp]:
        """The rows with a text."""
        return self.first + np.flatnonzero(self.codes == code)


class Column(Sequence[str]):
    """The cells of a column. A piece is unpacked when it is looked at, and only as long: an object for each cell of a
    large file would fill the memory.
    """

    def __init__(self, cells: Iterable[str] = ()) -> None:
        self._packed: list[tuple[str, NDArray[np.uint16]]] = []
        self._open: list[str] = []
        self._length = 0
        for cell in cells:
            self.append(cell)

    @classmethod
    def repeated(cls, cell: str, rows: int) -> Column:
        """The same cell in so many rows."""
        column = cls()
        column._packed.append((json.dumps([cell]), constant(np.uint16(0), rows)))
        column._length = rows
        return column

    def append(self, cell: str) -> None:
        """One more row."""
        self._open.append(cell)
        self._length += 1
        if len(self._open) == PIECE:
            self._pack()

    def _pack(self) -> None:
        known: dict[str, int] = {}
        codes = np.array([known.setdefault(cell, len(known)) for cell in self._open], np.uint16)
        self._packed.append((json.dumps(list(known), ensure_ascii=False), codes))
        self._open = []

    def pieces(self) -> Iterator[Piece]:
        """The rows, from the first to the last."""
        if self._open:
            self._pack()
        first = 0
        for texts, codes in self._packed:
            yield Piece(first, json.loads(texts), codes)
            first += len(codes)

    def __len__(self) -> int:
        return self._length

    def __iter__(self) -> Iterator[str]:
        for piece in self.pieces():
            yield from map(piece.texts.__getitem__, piece.codes.tolist())

    @overload
    def __getitem__(self, row: int) -> str: ...
    @overload
    def __getitem__(self, row: slice) -> list[str]: ...
    def __getitem__(self, row: int | slice) -> str | list[str]:
        if isinstance(row, slice):
            return list(self)[row]
        for piece in self.pieces():
            if row < piece.first + len(piece.codes):
                return piece.texts[piece.codes[row - piece.first]]
        raise IndexError(row)

    def kept(self, rows: NDArray[np.intp]) -> Column:
        """The same with these rows only, which rise."""
        column = Column()
        for piece in self.pieces():
            here = rows[np.searchsorted(rows, piece.first) : np.searchsorted(rows, piece.first + len(piece.codes))]
            for code in piece.codes[here - piece.first].tolist():
                column.append(piece.texts[code])
        return column

    def words(self) -> Words[str]:
        """The texts, each once, and which of them stands in each row: for a column with few different ones."""
        known: dict[str, int] = {}
        codes = np.empty(len(self), np.int32)
        for piece in self.pieces():
            places = np.array([known.setdefault(text, len(known)) for text in piece.texts], np.int32)
            codes[piece.first : piece.first + len(piece.codes)] = places[piece.codes]
        return Words(codes, list(known))


class Words(Sequence[T], Generic[T]):
    """A word in each row, of which there are few: row n has `words[codes[n]]`."""

    def __init__(self, codes: NDArray[np.int32], words: Sequence[T]) -> None:
        self.codes, self.words = codes, list(words)
        """The words in the order of the first row that has each."""

    def __len__(self) -> int:
        return len(self.codes)

    def __iter__(self) -> Iterator[T]:
        return map(self.words.__getitem__, self.codes.tolist())

    @overload
    def __getitem__(self, row: int) -> T: ...
    @overload
    def __getitem__(self, row: slice) -> list[T]: ...
    def __getitem__(self, row: int | slice) -> T | list[T]:
        return [self.words[code] for code in self.codes[row]] if isinstance(row, slice) else self.words[self.codes[row]]

    def first_row(self, code: int) -> int:
        """The first row with a word."""
        return int(np.argmax(self.codes == code))

    def count(self, word: Any) -> int:
        """Rows with this word."""
        return int(np.count_nonzero(self.among(word)))

    def among(self, *words: Any) -> NDArray[np.bool_]:
        """The rows with one of these words, as a mask."""
        return np.array([word in words for word in self.words], dtype=bool)[self.codes]

    def mapped(self, meaning: Callable[[T], Any]) -> Words[Any]:
        """What each word means in its place; words of one meaning become one."""
        known: dict[Any, int] = {}
        codes = np.array([known.setdefault(meaning(word), len(known)) for word in self.words], np.int32)
        return Words(codes[self.codes] if len(known) > 1 else constant(np.int32(0), len(self)), list(known))

    def kept(self, rows: NDArray[np.intp]) -> Words[T]:
        """The same with these rows only."""
        return together(Words(self.codes[rows], self.words)).mapped(lambda word: word[0])


def together(*columns: Words[Any]) -> Words[tuple[Any, ...]]:
    """What stands side by side in several columns: each combination as one word."""
    key = np.zeros(len(columns[0]), np.int64)
    for column in columns:
        if len(column.words) > 1:
            # Numbered anew column by column, so that no number becomes too large.
            _, key = np.unique(key * len(column.words) + column.codes, return_inverse=True)
    _, firsts, key = np.unique(key, return_index=True, return_inverse=True)
    order = np.argsort(firsts)
    place = np.empty(len(order), np.int32)
    place[order] = np.arange(len(order))
    return Words(place[key], [tuple(column[int(firsts[code])] for column in columns) for code in order])
