"""A column gives back what was put into it, and holds it in little memory."""

from __future__ import annotations

import tracemalloc

import numpy as np

from caresim.config.exports.column import PIECE, Column, Words, together

CELLS = [f'cell {n % 5}\n\u00e9,"{n // 7}' for n in range(2 * PIECE + 100)]


def test_every_cell_comes_back_in_its_row() -> None:
    column = Column(CELLS)
    assert len(column) == len(CELLS)
    assert list(column) == CELLS
    assert [column[row] for row in (0, PIECE - 1, PIECE, len(CELLS) - 1)] == [
        CELLS[row] for row in (0, PIECE - 1, PIECE, len(CELLS) - 1)
    ]
    assert list(Column.repeated("x", 3)) == ["x", "x", "x"]


def test_a_piece_has_its_texts_in_the_order_of_their_first_rows() -> None:
    piece, *_ = Column(["b", "a", "b", "c"]).pieces()
    assert piece.texts == ["b", "a", "c"]
    assert piece.rows(0).tolist() == [0, 2]


def test_rows_that_are_kept_keep_their_order() -> None:
    rows = np.flatnonzero(np.arange(len(CELLS)) % 3 == 1)
    assert list(Column(CELLS).kept(rows)) == CELLS[1::3]


def test_words_come_in_the_order_of_their_first_rows() -> None:
    words = Column(["b", "a", "b", ""]).words()
    assert (words.words, list(words), words.first_row(1)) == (["b", "a", ""], ["b", "a", "b", ""], 1)
    assert words.mapped(lambda word: word or "a").words == ["b", "a"]
    assert words.among("a", "").tolist() == [False, True, False, True]
    assert list(words.kept(np.array([1, 3]))) == ["a", ""]


def test_combinations_come_in_the_order_of_their_first_rows() -> None:
    one, two = Column(["b", "a", "b", "a"]).words(), Column(["y", "x", "x", "x"]).words()
    constant = Words(np.zeros(4, np.int32), ["k"])
    both = together(one, constant, two)
    assert both.words == [("b", "k", "y"), ("a", "k", "x"), ("b", "k", "x")]
    assert list(both) == [("b", "k", "y"), ("a", "k", "x"), ("b", "k", "x"), ("a", "k", "x")]


def test_a_long_column_takes_hardly_more_than_its_letters() -> None:
    """40,000 texts of twenty letters: as objects they would take 69 bytes and a place of 8 each."""
    tracemalloc.start()
    column = Column(f"2026-01-01 {n:09d}" for n in range(40_000))
    took, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(column) == 40_000
    assert took < 40 * 40_000
