"""Pages with tables that are made of numbers: each stands between its own two comments."""

from __future__ import annotations

from pathlib import Path


def put(file: Path, marker: str, table: str) -> None:
    """Put a table between the comments `marker` and `end of marker`."""
    text = file.read_text(encoding="utf-8")
    begin, end = f"<!-- {marker} -->\n", f"<!-- end of {marker} -->"
    if text.count(begin) != 1 or text.count(end) != 1:
        raise ValueError(f"{file.name} wants one pair of markers for {marker}")
    before, rest = text.split(begin)
    file.write_text(before + begin + table + rest[rest.index(end) :], encoding="utf-8")
