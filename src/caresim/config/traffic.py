"""Contacts, interval reports and staff plans as contact centres keep them: CSV files as rows and crews."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from caresim.config.base import MEDIA, NEEDS
from caresim.config.errors import BadInput, choice
from caresim.config.table import Table

WIDTH = 30.0
"""Minutes of an interval where a report has only one."""
LONGEST = 5_256_000.0
"""Minutes in ten years: what is farther off is another unit, or a slip in the year."""
MOST_HEADS = 10_000
"""People at one desk: more is a slip."""
PLACE = ("channel", "medium", "desk")
CONTACTS = ("arrival", *PLACE, "need", "cohort", "service_s", "patience_s", "priority", "wait_s", "outcome")
INTERVALS = ("interval_start", "offered", *PLACE, "interval_end", "aht_s", "staff", "staffing", "replication")
STAFF = ("start", "end", "desk", "headcount")


class Row(NamedTuple):
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

    @property
    def identity(self) -> str:
        """What tells it from other contacts, wherever in the file it stands and whatever else the file holds."""
        return f"{self.channel}/{self.need}/{self.cohort}/{self.arrival!r}/{self.width!r}"


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
    ignored: tuple[str, ...] = ()
    """Columns of the files that say nothing to us."""

    @cached_property
    def keys(self) -> list[int]:
        """A 64-bit key for the luck of each row: that of its identity, and of its number among equal ones.

        So a contact more, or a column more, changes nobody else's luck.
        """
        seen: dict[str, int] = {}
        found = []
        for row in self.rows:
            number = seen.get(row.identity, 0)
            seen[row.identity] = number + 1
            origin = "" if self.start is None else self.start.astimezone(UTC).isoformat()
            text = f"replay/{origin}/{row.identity}/{number}"
            found.append(int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little"))
        return found


class _Clock:
    """Times of several files on one scale: minutes as written, or since midnight of the first day of the first file."""

    def __init__(self, zone: str) -> None:
        self.zone = ZoneInfo(zone)
        self.start: datetime | None = None
        self.numbers: bool | None = None

    def read(self, table: Table, column: str) -> list[float]:
        """Minutes of every row."""
        moments = [self._moment(table, row, column, raw) for row, raw in enumerate(table.texts(column))]
        numbers = isinstance(moments[0], float) if self.numbers is None else self.numbers
        for row, moment in enumerate(moments):
            if isinstance(moment, float) != numbers:
                allowed = "must be a number of minutes" if numbers else "must be a date and time"
                raise table.wrong(row, column, table.texts(column)[row], f"{allowed}, as the first arrival is")
        if self.numbers is None and not numbers:
            first = min(moments).astimezone(self.zone)  # type: ignore[type-var, union-attr]
            self.start = first.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
        self.numbers = numbers
        minutes = [self._minutes(moment) for moment in moments]
        for row, minute in enumerate(minutes):
            if not 0 <= minute <= LONGEST:
                allowed = f"must be at most {LONGEST:.0f} minutes (ten years) after the start, and not before it"
                raise table.wrong(row, column, table.texts(column)[row], allowed)
        return minutes

    def _minutes(self, moment: float | datetime) -> float:
        if isinstance(moment, float):
            return moment
        # In UTC: two times of one zone would differ by what its clock says, an hour wrong over a change of clock.
        assert self.start is not None
        return (moment - self.start.astimezone(UTC)).total_seconds() / 60.0

    def _moment(self, table: Table, row: int, column: str, raw: str) -> float | datetime:
        try:
            value = float(raw)
        except ValueError:
            return self._dated(table, row, column, raw)
        if not math.isfinite(value) or value < 0:
            raise table.wrong(row, column, raw, "must be a number of minutes, 0 or more")
        return value

    def _dated(self, table: Table, row: int, column: str, raw: str) -> datetime:
        allowed = "must be minutes or a date and time (2026-01-31T08:30:00)"
        try:
            moment = datetime.fromisoformat(raw)
        except ValueError:
            raise table.wrong(row, column, raw, allowed) from None
        if not 1900 <= moment.year <= 2200:
            raise table.wrong(row, column, raw, f"{allowed}, in our time")
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=self.zone)
            before, after = moment.utcoffset(), moment.replace(fold=1).utcoffset()
            if before != after and before is not None and after is not None:
                told = "comes twice" if before > after else "is left out"
                allowed = (
                    f"{told} in {self.zone.key}, where the clock changes; allowed: the time with its offset (+01:00)"
                )
                raise table.wrong(row, column, raw, allowed)
        return moment.astimezone(UTC)


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
        table = Table("replay.contacts", contacts, CONTACTS)
        columns = _observed(table)
        rows = _contacts(table, clock, columns)
    else:
        table = Table("replay.intervals", str(intervals), INTERVALS, needed=2)
        rows, crews = _intervals(_of_one(table, staffing), clock)
    ignored = table.ignored
    if staff is not None:
        plan = Table("replay.staff", staff, STAFF, needed=2)
        crews = _crews(plan, clock)
        ignored += plan.ignored
    if not rows:
        raise BadInput(table.key, table.path, "offers no contact; allowed: at least one")
    return Traffic(rows, crews, clock.start, columns, ignored)


def _places(table: Table) -> list[tuple[str, str, str]]:
    """Channel, medium and desk of each row: a channel's name is its medium, and a desk's its channel, unless told."""
    channels = table.words("channel", "phone", () if table.has("medium") else MEDIA[:5])
    media = table.words("medium", [name if name in MEDIA else "phone" for name in channels], MEDIA[:5])
    places = list(zip(channels, media, table.words("desk", channels), strict=True))
    first: dict[str, tuple[str, str, str]] = {}
    for row, place in enumerate(places):
        for column, this, other in zip(PLACE, place, first.setdefault(place[0], place), strict=True):
            if this != other:
                raise table.wrong(row, column, this, f"must be {other}, as in the first row of channel {place[0]}")
    return places


def _patiences(table: Table, observed: dict[str, tuple[Any, ...]]) -> list[float]:
    """Seconds; who was seen to hang up had that much patience, where the file says nothing else."""
    found = table.numbers("patience_s", math.nan, infinite=True)
    if "wait_s" not in observed or "outcome" not in observed:
        return found
    seen = zip(found, observed["wait_s"], observed["outcome"], strict=True)
    return [waited if math.isnan(told) and fate == "abandoned" else told for told, waited, fate in seen]


def _contacts(table: Table, clock: _Clock, observed: dict[str, tuple[Any, ...]]) -> tuple[Row, ...]:
    arrivals, places = clock.read(table, "arrival"), _places(table)
    needs = table.words("need", "acknowledgement", NEEDS)
    cohorts = table.words("cohort", "customers")
    services = table.numbers("service_s", math.nan)
    patiences = _patiences(table, observed)
    priorities = table.numbers("priority", math.nan, least=-math.inf)
    return tuple(
        Row(row, arrivals[row], 0.0, *places[row], needs[row], cohorts[row], services[row] / 60.0, False,
            patiences[row] / 60.0, priorities[row])
        for row in range(len(table))
    )  # fmt: skip


def _observed(table: Table) -> dict[str, tuple[Any, ...]]:
    found: dict[str, tuple[Any, ...]] = {}
    if table.has("wait_s"):
        found["wait_s"] = tuple(table.numbers("wait_s", math.nan))
    if table.has("outcome"):
        found["outcome"] = tuple(text.lower() or None for text in table.texts("outcome"))
    return found


def _of_one(table: Table, staffing: str | None) -> Table:
    """The rows of one staffing model and its first replication, where a report holds several."""
    told = table.texts("staffing")
    models = list(dict.fromkeys(told)) if table.has("staffing") else []
    if staffing is None and len(models) > 1:
        raise BadInput("replay.staffing", None, f"is required: the report holds several; {choice(models)}")
    if staffing is not None and staffing not in models:
        raise BadInput("replay.staffing", staffing, choice(models, staffing))
    if models:
        table.keep([row for row, name in enumerate(told) if name == (staffing or models[0])])
        replications = table.texts("replication")
        table.keep([row for row, number in enumerate(replications) if number == replications[0]])
    return table


def _intervals(table: Table, clock: _Clock) -> tuple[tuple[Row, ...], tuple[Crew, ...]]:
    """`offered` contacts spread over each interval, with its mean handling time; and the staff it had."""
    starts, places = clock.read(table, "interval_start"), _places(table)
    _once(table, starts, places)
    widths = _widths(table, clock, starts)
    offered, handling = table.counts("offered", 0.0), table.numbers("aht_s", math.nan)
    rows = [
        Row(row, starts[row], widths[row], *places[row], service=seconds / 60.0, service_is_mean=seconds == seconds)
        for row, seconds in enumerate(handling)
        for _ in range(offered[row])
    ]
    return tuple(sorted(rows, key=lambda row: (row.arrival, row.line))), _staff(table, starts, widths, places)


def _once(table: Table, starts: Sequence[float], places: Sequence[tuple[str, str, str]]) -> None:
    """Refuse an interval that a channel has twice."""
    seen: dict[tuple[str, float], int] = {}
    for row, (start, (channel, _, _)) in enumerate(zip(starts, places, strict=True)):
        other = seen.setdefault((channel, start), row)
        if other != row:
            told = f"channel {channel} has this interval in line {table.lines[other]} already; allowed: once"
            raise table.wrong(row, "interval_start", table.texts("interval_start")[row], told)


def _widths(table: Table, clock: _Clock, starts: Sequence[float]) -> list[float]:
    """Minutes of each interval: to its end where the file says that, else the shortest step from one to the next.

    A longer step is a gap, as at night. Two in a row would make the interval between them one of another length.
    """
    if table.has("interval_end"):
        ends = clock.read(table, "interval_end")
        for row, (start, end) in enumerate(zip(starts, ends, strict=True)):
            if end <= start:
                raise table.wrong(row, "interval_end", table.texts("interval_end")[row], "must be after the start")
        return [end - start for start, end in zip(starts, ends, strict=True)]
    steps = [round(later - earlier, 6) for earlier, later in pairwise(sorted(set(starts)))]
    shortest = min(steps, default=WIDTH)
    for one, other in pairwise(steps):
        if one > shortest and other > shortest:
            allowed = (
                f"has intervals {shortest:g} and {min(one, other):g} min apart; allowed: a column interval_end too"
            )
            raise BadInput(table.key, table.path, allowed)
    return [shortest] * len(starts)


def _staff(
    table: Table, starts: Sequence[float], widths: Sequence[float], places: Sequence[tuple[str, str, str]]
) -> tuple[Crew, ...]:
    """People at each desk, where the report says it; a desk that serves several channels shows the same on each row."""
    if not table.has("staff"):
        return ()
    heads: dict[tuple[str, float, float], float] = {}
    for row, told in enumerate(table.texts("staff")):
        if not told:
            raise table.wrong(row, "staff", told, "must be a number, 0 where nobody is there; or leave the column out")
    for start, width, (_, _, desk), count in zip(starts, widths, places, table.numbers("staff", 0.0), strict=True):
        heads[desk, start, start + width] = max(heads.get((desk, start, start + width), 0.0), count)
    crews = tuple(Crew(*spell, math.floor(count + 0.5)) for spell, count in heads.items() if count >= 0.5)
    if not crews:
        raise BadInput(table.key, table.path, "has nobody in its column staff; allowed: somebody, or no such column")
    return crews


def _crews(table: Table, clock: _Clock) -> tuple[Crew, ...]:
    starts, ends = clock.read(table, "start"), clock.read(table, "end")
    for row, (start, end) in enumerate(zip(starts, ends, strict=True)):
        if end <= start:
            raise table.wrong(row, "end", table.texts("end")[row], "must be after the start")
    desks, counts = table.words("desk", "phone"), table.counts("headcount", 1.0)
    for row, count in enumerate(counts):
        if count > MOST_HEADS:
            raise table.wrong(row, "headcount", count, f"must be at most {MOST_HEADS:,}")
    return tuple(Crew(*spell) for spell in zip(desks, starts, ends, counts, strict=True))


def seats(crews: tuple[Crew, ...], desk: str) -> list[list[tuple[float, float]]]:
    """Spells of duty of each seat of a desk: seat k is taken whenever more than k people are rostered.

    So a change of headcount sends home, or calls in, only the difference; the others stay where they are.
    """
    changes: dict[float, int] = {}
    for crew in crews:
        if crew.desk == desk:
            changes[crew.start] = changes.get(crew.start, 0) + crew.headcount
            changes[crew.end] = changes.get(crew.end, 0) - crew.headcount
    spells: list[list[tuple[float, float]]] = []
    there: list[float] = []
    """Since when the people who are there have been, seat by seat."""
    for moment in sorted(changes):
        change = changes[moment]
        for _ in range(-change):
            since = there.pop()
            spells[len(there)].append((since, moment))
        for _ in range(change):
            there.append(moment)
            if len(there) > len(spells):
                spells.append([])
    return spells
