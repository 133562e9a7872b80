"""The first rows of a file as a table, whatever separates its cells and whatever its columns are called."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from caresim.config.errors import BadInput
from caresim.config.exports.cells import is_empty
from caresim.config.exports.file_format import DURATIONS, SEPARATORS, Format
from caresim.config.exports.grid import MOST_TITLES, UTF_16_MARKS, WORKBOOK_MARK, lines_of
from caresim.config.exports.room import check_size
from caresim.config.exports.vocabulary import COLUMNS, folded, is_of_totals, listed

SAMPLE = 5_000
"""Rows that are looked at."""
OF_KIND = {
    "contacts": ("arrival", "outcome", "wait_s", "service_s", "patience_s", "channel", "medium", "desk", "contact_id",
                 "need", "cohort", "priority", "agent", "kind"),
    "intervals": ("interval_start", "interval_end", "offered", "answered", "abandoned", "aht_s", "asa_s", "staff",
                  "channel", "medium", "desk", "staffing", "replication"),
    "staff": ("start", "end", "headcount", "desk", "agent", "skills", "speed"),
    "service_times": ("service_s", "channel", "need", "hour"),
    "patience_times": ("patience_s", "censored", "channel", "need", "hour"),
}  # fmt: skip
"""Our columns that are looked for in each kind of file, the most telling first."""


@dataclass
class Look:
    """A sample of a file of one kind, and what has been found out about it so far."""

    kind: str
    header: list[str]
    rows: list[list[str]]
    known: dict[str, Any]
    """Members of the format that reads it."""
    takes: dict[str, str] = field(default_factory=dict)
    """Our column, by the file's name of it."""
    rules: list[str] = field(default_factory=list)
    """What speaks for the format, in sentences without an end."""
    doubts: list[str] = field(default_factory=list)
    """What might be otherwise, in sentences."""
    questions: list[str] = field(default_factory=list)
    """Members of the format that nobody but the user can know."""

    def cells(self, name: str) -> list[str]:
        """What stands in a column of the file, without empty cells."""
        place = self.header.index(name)
        return [row[place] for row in self.rows if not is_empty(row[place])]

    def matched(self) -> dict[str, tuple[str, ...]]:
        """Names in the file of our columns."""
        return matched(self.kind, self.header, Format.model_validate(self.known))


def look_at(kind: str, path: str, known: Mapping[str, Any]) -> Look | None:
    """Separator, header and rows that make most of the file: the most of our columns, by whatever name.

    `known` are members of its format. None where no line holds any of our columns.
    """
    check_size("", path)
    known = {**known, **likely_encoding(path, known)}
    form = Format.model_validate(known)
    best, found = 0, None
    for separator in [form.separator] if form.separator else SEPARATORS:
        try:
            read = lines_of("", path, form.model_copy(update={"separator": separator}))
            lines = [line.cells for line in islice(read, SAMPLE)]
        except BadInput:
            continue  # It is no table with this separator.
        for place, header in enumerate(lines[:MOST_TITLES]):
            found_here = matched(kind, header, form)
            score = len(found_here)
            if score > best:
                filled = [row + [""] * (len(header) - len(row)) for row in lines[place + 1 :]]
                first, *_ = OF_KIND[kind]
                names = [name for column in (first, "channel") for name in found_here.get(column, ())]
                places = (0, *(header.index(name) for name in names))
                rows = [row for row in filled if not is_of_totals(row, places)]
                best, found = score, Look(kind, header, rows, {**known, "separator": separator})
    if found is not None and found.known["separator"] == "comma" and form.separator is None:
        del found.known["separator"]
    elif found is not None and form.separator is None:
        found.rules.append(f"cells are parted by {found.known['separator']}s")
    return found


def likely_encoding(path: str, known: Mapping[str, Any]) -> dict[str, Any]:
    """The encoding, where the file is not text in UTF-8 and does not say by its mark what else."""
    with Path(path).open("rb") as file:
        start = file.read(1 << 16)
    if "encoding" in known or start.startswith((*UTF_16_MARKS, WORKBOOK_MARK)):
        return {}
    if b"\0" in start:
        return {"encoding": "utf-16-le" if start[1::2].count(0) > start[::2].count(0) else "utf-16-be"}
    try:
        with Path(path).open(encoding="utf-8") as text:
            while text.read(len(start) or 1):
                pass
    except UnicodeDecodeError:
        return {"encoding": "cp1252"}
    return {}


def matched(kind: str, header: Sequence[str], form: Format) -> dict[str, tuple[str, ...]]:
    """Names in the file of our columns: those that the format gives, those that are ours, those that are usual."""
    found: dict[str, tuple[str, ...]] = {}
    for column in OF_KIND[kind]:
        given = form.named(column)
        if all(name in header for name in given):
            found[column] = given
    taken = {name for given in found.values() for name in given}
    for column in OF_KIND[kind]:
        if column in found or column in form.columns:
            continue
        for usual in listed(COLUMNS.get(column, "")):
            ways = (folded, _without_unit) if column in DURATIONS else (folded,)
            names = [name for name in header if name and name not in taken and usual in {way(name) for way in ways}]
            if names:
                found[column] = (names[0],)
                taken.add(names[0])
                break
    return found


def _without_unit(name: str) -> str:
    """A folded name of a column without its unit: `Talk time (sec)` is talk time."""
    words = folded(name).split()
    while len(words) > 1 and words[-1] in ("s", "sec", "secs", "seconds", "ms", "min", "minutes", "h", "hours", "avg"):
        words.pop()
    return " ".join(words)
