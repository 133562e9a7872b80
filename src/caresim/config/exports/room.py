"""What is in a file must fit into memory: judged by its size and its first lines."""

from __future__ import annotations

from pathlib import Path

from caresim.config.amounts import in_memory, rounded_down
from caresim.config.errors import BadInput
from caresim.config.exports.grid import WORKBOOK_MARK
from caresim.config.machine import memory
from caresim.config.pace import announce

PROBED = 1 << 20
"""Bytes at the beginning of a file, by which its number of rows is estimated."""
BYTES_A_ROW = 700.0
"""Of memory for a contact of a file, from its line to its run (price.py: a given contact, a person, a case)."""
BYTES_A_SEAT = 1700.0
"""Of memory for a person of a staff plan, from their spell of duty to a run."""


MANY = 300_000
"""Rows of a file that takes a while: that is said beforehand."""


def check_size(key: str, path: str) -> None:
    """BadInput for a file of text that does not fit into memory once it is read."""
    try:
        size = Path(path).stat().st_size
        with Path(path).open("rb") as file:
            beginning = file.read(PROBED)
    except OSError:
        return  # whoever reads it says why it cannot be read
    if beginning.startswith(WORKBOOK_MARK):
        return  # a workbook has a million rows at most
    lines = beginning.count(b"\n") or beginning.count(b"\r")
    if not lines and size > PROBED:
        raise BadInput(key, path, "has no line end in its first million characters; allowed: a CSV file, a row a line")
    rows, free = size * lines / max(len(beginning), 1), memory()
    if rows * BYTES_A_ROW > free:
        needs = f"has about {rows:,.0f} rows, which need {in_memory(rows * BYTES_A_ROW)} of memory"
        most = f"at most {rounded_down(free / BYTES_A_ROW):,.0f} rows with the {in_memory(free)} that can be had here"
        raise BadInput(key, path, f"{needs}; allowed: {most}")
    if rows >= MANY and key:
        announce(f"reading {Path(path).name}, about {rows:,.0f} rows")
