"""The page about studies of any size: its tables are what was measured, and what follows from it."""

from __future__ import annotations

import any_size
import pytest
from tests.support.pages import page

TEXT = page("any_size.md")
MADE = any_size.tables()


@pytest.mark.parametrize("marker", MADE)
def test_tables_are_what_was_measured(marker: str) -> None:
    """Made again from benchmarks/any_size.csv, they are the same text."""
    assert TEXT.split(f"<!-- {marker} -->\n")[1].split(f"<!-- end of {marker} -->")[0] == MADE[marker]


def test_reading_in_pieces_holds_less_and_hardly_grows() -> None:
    found = {what: value for what, (value, _, _) in any_size.kept().items()}
    few, many = any_size.POINTS
    at_once = found[f"reading {many} runs at once"] - found[f"reading {few} runs at once"]
    in_pieces = found[f"reading {many} runs in pieces"] - found[f"reading {few} runs in pieces"]
    assert in_pieces < at_once / 4
