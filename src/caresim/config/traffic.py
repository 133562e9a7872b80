"""Contacts, interval reports and staff plans as contact centres keep them: CSV files, read row by row."""

from __future__ import annotations

import csv
import hashlib
import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from caresim.config.base import MEDIA, NAME, NEEDS
from caresim.config.errors import BadInput, choice

WIDTH = 30.0
"""Minutes of an interval where a report has only one."""
PLACE = ("channel", "medium", "desk")
CONTACTS = ("arrival", *PLACE, "need", "cohort", "service_s", "patience_s", "priority", "wait_s", "outcome")
INTERVALS = ("interval_start", "offered", *PLACE, "aht_s", "staff", "staffing", "replication")
STAFF = ("start", "end", "desk", "headcount")


@dataclass(frozen=True)
class Row:
    """One contact to come; times in minutes since midnight of the file's first day, or as numbered in the file."""

    line: int
    arrival: float
    width: float = 0.0
    """It arrives anywhere within so many minutes from `arrival` on."""
    channel: str = "phone"
    medium: str = "phone"
    desk: str = "phone"
    need: str = "acknowledgement"
    cohort: str = "customers"
    service: float = math.nan
    """Minutes; NaN: drawn."""
    service_is_mean: bool = False
    patience: float = math.nan
    priority: float = math.nan
    """NaN: that of the cohort."""


@dataclass(frozen=True)
class Crew:
    """So many people at a desk from `start` to `end` (minutes)."""

    desk: str
    start: float
    end: float
    headcount: int


@dataclass(frozen=True)
class Traffic:
    """What the files say. `start` is the moment of minute 0, None where times are plain numbers."""

    rows: tuple[Row, ...]
    crews: tuple[Crew, ...]
    start: datetime | None
    columns: dict[str, tuple[Any, ...]] = field(default_factory=dict)
    """What was observed of each contact: `wait_s` and `outcome`, where the file says it."""


@dataclass
class _Table:
    """One CSV file: its key for messages, its lines as mappings."""

    key: str
    path: str
    known: tuple[str, ...]

    def __post_init__(self) -> None:
        try:
            text = Path(self.path).read_text(encoding="utf-8-sig")
        except OSError as error:
            raise BadInput(self.key, self.path, f"cannot be read ({error.strerror}); allowed: a CSV file") from None
        except UnicodeDecodeError:
            raise BadInput(self.key, self.path, "is not text in UTF-8; allowed: a CSV file") from None
        self.lines = list(csv.DictReader(text.splitlines()))
        self.columns = tuple(self.lines[0]) if self.lines else ()
        if self.known[0] not in self.columns:
            wanted = f"must have a column {self.known[0]} and at least one row; columns: {', '.join(self.known)}"
            raise BadInput(self.key, self.path, wanted)

    def wrong(self, line: int, column: str, value: Any, allowed: str) -> BadInput:
        return BadInput(f"{self.key} ({Path(self.path).name}, line {line + 2}, {column})", value, allowed)

    def text(self, line: int, column: str, default: str = "") -> str:
        return (self.lines[line].get(column) or "").strip() or default

    def word(self, line: int, column: str, default: str, allowed: tuple[str, ...] = ()) -> str:
        """A name in lower case, or one of the words allowed."""
        value = self.text(line, column, default).lower()
        if allowed and value not in allowed:
            raise self.wrong(line, column, value, choice(allowed, value))
        if not NAME.fullmatch(value):
            raise self.wrong(line, column, value, "must be letters, digits and _, starting with a letter")
        return value

    def number(self, line: int, column: str, default: float, least: float = 0.0, infinite: bool = False) -> float:
        raw = self.text(line, column)
        if not raw:
            return default
        try:
            value = float(raw)
        except ValueError:
            value = math.nan
        if math.isnan(value) or value < least or (math.isinf(value) and not infinite):
            raise self.wrong(line, column, raw, f"must be a number of at least {least:g}, or empty")
        return value

    def has(self, column: str) -> bool:
        return column in self.columns

    def __iter__(self) -> Iterator[int]:
        return iter(range(len(self.lines)))


class _Clock:
    """Times of several files on one scale: minutes as written, or since midnight of the first day of the first file."""

    def __init__(self, zone: str) -> None:
        self.zone = ZoneInfo(zone)
        self.start: datetime | None = None
        self.numbers: bool | None = None

    def read(self, table: _Table, column: str) -> list[float]:
        """Minutes of every line."""
        moments: list[Any] = [self._moment(table, line, column) for line in table]
        numbers = isinstance(moments[0], float) if self.numbers is None else self.numbers
        for line, moment in enumerate(moments):
            if isinstance(moment, float) != numbers:
                allowed = "must be a number of minutes" if numbers else "must be a date and time"
                raise table.wrong(line, column, table.text(line, column), f"{allowed}, as the first arrival is")
        if self.numbers is None and not numbers:
            first = min(moments).astimezone(self.zone)
            self.start = first.replace(hour=0, minute=0, second=0, microsecond=0)
        self.numbers = numbers
        if self.start is None:
            return moments
        return [(moment - self.start).total_seconds() / 60.0 for moment in moments]

    def _moment(self, table: _Table, line: int, column: str) -> float | datetime:
        raw = table.text(line, column)
        try:
            value = float(raw)
        except ValueError:
            pass
        else:
            if not math.isfinite(value) or value < 0:
                raise table.wrong(line, column, raw, "must be a number of minutes, 0 or more")
            return value
        try:
            moment = datetime.fromisoformat(raw)
        except ValueError:
            raise table.wrong(line, column, raw, "must be minutes or a date and time (2026-01-31T08:30:00)") from None
        return moment if moment.tzinfo else moment.replace(tzinfo=self.zone)


def digest(*paths: str | None) -> str:
    """Of the contents of files that have been read."""
    text = hashlib.sha256()
    for path in paths:
        text.update(b"\0" if path is None else Path(path).read_bytes() + b"\1")
    return text.hexdigest()[:32]


@lru_cache(maxsize=8)
def read(
    contacts: str | None, intervals: str | None, staff: str | None, zone: str, staffing: str | None, content: str
) -> Traffic:
    """The traffic in these files; `content` is their digest, so that changed files are read anew.

    BadInput names file, line and column of what cannot be used.
    """
    clock = _Clock(zone)
    crews: tuple[Crew, ...] = ()
    columns: dict[str, tuple[Any, ...]] = {}
    if contacts is not None:
        table = _Table("replay.contacts", contacts, CONTACTS)
        rows = _contacts(table, clock)
        columns = _observed(table)
    else:
        table = _Table("replay.intervals", str(intervals), INTERVALS)
        rows, crews = _intervals(_of_one(table, staffing), clock)
    if staff is not None:
        crews = _crews(_Table("replay.staff", staff, STAFF), clock)
    if not rows:
        raise BadInput(table.key, table.path, "has no contact; allowed: at least one")
    return Traffic(rows, crews, clock.start, columns)


def _places(table: _Table, line: int) -> dict[str, Any]:
    """Channel, medium and desk of a line: the channel's name is its medium, and the desk's its channel, unless told."""
    channel = table.word(line, "channel", "phone", () if table.has("medium") else MEDIA[:5])
    medium = table.word(line, "medium", channel if channel in MEDIA else "phone", MEDIA[:5])
    return {"channel": channel, "medium": medium, "desk": table.word(line, "desk", channel)}


def _contacts(table: _Table, clock: _Clock) -> tuple[Row, ...]:
    arrivals = clock.read(table, "arrival")
    return tuple(
        Row(
            line=line,
            arrival=arrivals[line],
            **_places(table, line),
            need=table.word(line, "need", "acknowledgement", NEEDS),
            cohort=table.word(line, "cohort", "customers"),
            service=table.number(line, "service_s", math.nan) / 60.0,
            patience=table.number(line, "patience_s", math.nan, infinite=True) / 60.0,
            priority=table.number(line, "priority", math.nan, least=-math.inf),
        )
        for line in table
    )


def _observed(table: _Table) -> dict[str, tuple[Any, ...]]:
    found: dict[str, tuple[Any, ...]] = {}
    if table.has("wait_s"):
        found["wait_s"] = tuple(table.number(line, "wait_s", math.nan) for line in table)
    if table.has("outcome"):
        found["outcome"] = tuple(table.text(line, "outcome").lower() or None for line in table)
    return found


def _of_one(table: _Table, staffing: str | None) -> _Table:
    """The lines of one staffing model and its first replication, where a report holds several."""
    models = list(dict.fromkeys(table.text(line, "staffing") for line in table)) if table.has("staffing") else []
    if staffing is None and len(models) > 1:
        raise BadInput("replay.staffing", None, f"is required: the report holds several; {choice(models)}")
    if staffing is not None and staffing not in models:
        raise BadInput("replay.staffing", staffing, choice(models, staffing))
    if models:
        first = table.text(0, "replication")
        chosen = staffing or models[0]
        table.lines = [
            row
            for row in table.lines
            if (row["staffing"] or "").strip() == chosen and (row.get("replication") or "").strip() == first
        ]
    return table


def _intervals(table: _Table, clock: _Clock) -> tuple[tuple[Row, ...], tuple[Crew, ...]]:
    """`offered` contacts spread over each interval, with its mean handling time; and the staff it had."""
    starts = clock.read(table, "interval_start")
    edges = sorted(set(starts))
    width = min((later - earlier for earlier, later in pairwise(edges)), default=WIDTH)
    rows: list[Row] = []
    heads: dict[tuple[str, float], float] = {}
    for line in table:
        places = _places(table, line)
        offered = table.number(line, "offered", 0.0)
        if offered != int(offered):
            raise table.wrong(line, "offered", offered, "must be a whole number")
        mean = table.number(line, "aht_s", math.nan) / 60.0
        rows += [
            Row(line, starts[line], width, **places, service=mean, service_is_mean=mean == mean)
            for _ in range(int(offered))
        ]
        if table.has("staff"):
            where = places["desk"], starts[line]
            heads[where] = max(heads.get(where, 0.0), table.number(line, "staff", 0.0))
    crews = (Crew(desk, start, start + width, math.floor(n + 0.5)) for (desk, start), n in heads.items())
    return tuple(sorted(rows, key=lambda row: (row.arrival, row.line))), tuple(crew for crew in crews if crew.headcount)


def _crews(table: _Table, clock: _Clock) -> tuple[Crew, ...]:
    starts, ends = clock.read(table, "start"), clock.read(table, "end")
    found = []
    for line in table:
        if ends[line] <= starts[line]:
            raise table.wrong(line, "end", table.text(line, "end"), "must be after the start")
        count = table.number(line, "headcount", 1.0)
        if count != int(count):
            raise table.wrong(line, "headcount", count, "must be a whole number")
        found.append(Crew(table.word(line, "desk", "phone"), starts[line], ends[line], int(count)))
    return tuple(found)


def seats(crews: tuple[Crew, ...], desk: str) -> list[list[tuple[float, float]]]:
    """Spells of duty of each seat of a desk: seat k is taken whenever more than k people are rostered.

    So a change of headcount sends home, or calls in, only the difference; the others stay where they are.
    """
    edges = sorted({edge for crew in crews if crew.desk == desk for edge in (crew.start, crew.end)})
    spells: list[list[tuple[float, float]]] = []
    for start, end in pairwise(edges):
        there = [crew.headcount for crew in crews if crew.desk == desk and crew.start <= start and end <= crew.end]
        for seat in range(sum(int(heads) for heads in there)):
            if seat == len(spells):
                spells.append([])
            if spells[seat] and spells[seat][-1][1] == start:
                spells[seat][-1] = (spells[seat][-1][0], end)
            else:
                spells[seat].append((start, end))
    return spells
