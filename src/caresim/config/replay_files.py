"""The CSV files of a replay as contact centres keep them: contacts, interval reports and staff plans."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from caresim.config.amounts import in_memory, rounded_down
from caresim.config.base import MEDIA, NEEDS
from caresim.config.csv_table import BYTES_A_ROW, CsvTable
from caresim.config.errors import BadInput, choice
from caresim.config.machine import memory
from caresim.config.pace import STEP, Pace
from caresim.config.traffic import CHANNEL, COHORT, NEED, Crew, Row, Traffic
from caresim.model import media

WIDTH = 30.0
"""Minutes of an interval where a report has only one."""
LONGEST = 5_256_000.0
"""Minutes in ten years: a time that is farther off is in another unit, or has a wrong year."""
MOST_HEADS = 10_000
"""People at one desk: more is a mistake."""
READ_AT_ONCE = 1 << 20
"""Bytes."""
BYTES_A_SEAT = 1700.0
"""Of memory for a person of a staff plan, from their spell of duty to a run."""
STAFFED = tuple(medium.word for medium in media.STAFFED)
"""The media that a contact may come by."""
PLACE = ("channel", "medium", "desk")
CONTACTS = ("arrival", *PLACE, "need", "cohort", "service_s", "patience_s", "priority", "wait_s", "outcome")
INTERVALS = ("interval_start", "offered", *PLACE, "interval_end", "aht_s", "staff", "staffing", "replication")
STAFF = ("start", "end", "desk", "headcount")


def digest(*paths: str) -> str:
    """A word of 32 letters that stands for what the files contain."""
    contents = hashlib.sha256()
    for path in paths:
        with Path(path).open("rb") as file:
            while part := file.read(READ_AT_ONCE):
                contents.update(part)
        contents.update(b"\1")
    return contents.hexdigest()[:32]


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
        table = CsvTable("replay.contacts", contacts, CONTACTS)
        columns = _observed(table)
        rows = _contacts(table, clock, columns)
    else:
        table = CsvTable("replay.intervals", str(intervals), INTERVALS, needed=2)
        rows, crews = _intervals(_of_one(table, staffing), clock)
    ignored = table.ignored
    if staff is not None:
        plan = CsvTable("replay.staff", staff, STAFF, needed=2)
        crews = _crews(plan, clock)
        ignored += plan.ignored
    if not rows:
        raise BadInput(table.key, table.path, "offers no contact; allowed: at least one")
    return Traffic(rows, crews, clock.start, columns, ignored)


def _places(table: CsvTable) -> list[tuple[str, str, str]]:
    """Channel, medium and desk of each row. A channel is a medium of its name, at a desk of its name, unless given."""
    channels = table.words("channel", CHANNEL, () if table.has("medium") else STAFFED)
    of_its_name = [channel if channel in MEDIA else CHANNEL for channel in channels]
    places = list(
        zip(channels, table.words("medium", of_its_name, STAFFED), table.words("desk", channels), strict=True)
    )
    first: dict[str, tuple[str, str, str]] = {}
    for row, place in enumerate(places):
        for column, word, first_word in zip(PLACE, place, first.setdefault(place[0], place), strict=True):
            if word != first_word:
                allowed = f"must be {first_word}, as in the first row of channel {place[0]}"
                raise table.wrong(row, column, word, allowed)
    return places


def _patiences(table: CsvTable, observed: dict[str, tuple[Any, ...]]) -> list[float]:
    """Seconds. A customer who was observed to hang up had that much patience, where the file says nothing else."""
    given = table.numbers("patience_s", math.nan, infinite=True)
    if "wait_s" not in observed or "outcome" not in observed:
        return given
    rows = zip(given, observed["wait_s"], observed["outcome"], strict=True)
    return [wait if math.isnan(patience) and outcome == "abandoned" else patience for patience, wait, outcome in rows]


def _contacts(table: CsvTable, clock: _Clock, observed: dict[str, tuple[Any, ...]]) -> tuple[Row, ...]:
    """A list of contacts: what the file leaves out is drawn."""
    arrivals, places = clock.read(table, "arrival"), _places(table)
    needs = table.words("need", NEED, NEEDS)
    cohorts = table.words("cohort", COHORT)
    services = table.numbers("service_s", math.nan)
    patiences = _patiences(table, observed)
    priorities = table.numbers("priority", math.nan, least=-math.inf)
    return tuple(
        Row(row, arrivals[row], 0.0, *places[row], needs[row], cohorts[row], services[row] / 60.0, False,
            patiences[row] / 60.0, priorities[row])
        for row in range(len(table))
    )  # fmt: skip


def _observed(table: CsvTable) -> dict[str, tuple[Any, ...]]:
    """How long each contact waited (seconds) and what became of it, where the file says it."""
    columns: dict[str, tuple[Any, ...]] = {}
    if table.has("wait_s"):
        columns["wait_s"] = tuple(table.numbers("wait_s", math.nan))
    if table.has("outcome"):
        columns["outcome"] = tuple(text.lower() or None for text in table.texts("outcome"))
    return columns


def _of_one(table: CsvTable, staffing: str | None) -> CsvTable:
    """The rows of one staffing model and its first replication, where a report holds several."""
    model_of_row = table.texts("staffing")
    models = list(dict.fromkeys(model_of_row)) if table.has("staffing") else []
    if staffing is None and len(models) > 1:
        raise BadInput("replay.staffing", None, f"is required: the report holds several; {choice(models)}")
    if staffing is not None and staffing not in models:
        raise BadInput("replay.staffing", staffing, choice(models, staffing))
    if models:
        table.keep([row for row, name in enumerate(model_of_row) if name == (staffing or models[0])])
        replications = table.texts("replication")
        table.keep([row for row, number in enumerate(replications) if number == replications[0]])
    return table


def _intervals(table: CsvTable, clock: _Clock) -> tuple[tuple[Row, ...], tuple[Crew, ...]]:
    """`offered` contacts spread over each interval, with its mean handling time; and the staff it had."""
    starts, places = clock.read(table, "interval_start"), _places(table)
    _once(table, starts, places)
    widths = _widths(table, clock, starts)
    offered, handling = table.counts("offered", 0.0), table.numbers("aht_s", math.nan)
    _check_room(table, "offered", offered, BYTES_A_ROW, "contacts")
    pace, rows = Pace(f"making the contacts of {Path(table.path).name}", math.fsum(offered)), []
    for row, seconds in enumerate(handling):
        alike = Row(
            row, starts[row], widths[row], *places[row], service=seconds / 60.0, service_is_mean=seconds == seconds
        )
        rows += [alike] * offered[row]
        pace.at(len(rows))
    return tuple(sorted(rows, key=lambda row: (row.arrival, row.line))), _staff(table, starts, widths, places)


def _check_room(table: CsvTable, column: str, counts: Sequence[float], size: float, what: str) -> None:
    """BadInput, at the largest number of a column, where so many do not fit into memory."""
    total, free = math.fsum(counts), memory()
    if total * size <= free:
        return
    row = max(range(len(counts)), key=lambda row: counts[row])
    allowed = f"makes {total:,.0f} {what} in all, for which {in_memory(total * size)} of memory are needed"
    most = f"allowed: at most {rounded_down(free / size):,.0f} in all with the {in_memory(free)} that can be had here"
    raise table.wrong(row, column, table.texts(column)[row], f"{allowed}; {most}")


def _once(table: CsvTable, starts: Sequence[float], places: Sequence[tuple[str, str, str]]) -> None:
    """Refuse an interval that a channel has twice."""
    seen: dict[tuple[str, float], int] = {}
    for row, (start, (channel, _, _)) in enumerate(zip(starts, places, strict=True)):
        first = seen.setdefault((channel, start), row)
        if first != row:
            allowed = f"channel {channel} has this interval in line {table.lines[first]} already; allowed: once"
            raise table.wrong(row, "interval_start", table.texts("interval_start")[row], allowed)


def _widths(table: CsvTable, clock: _Clock, starts: Sequence[float]) -> list[float]:
    """Minutes of each interval: to its end where the file says that, else the shortest step from one to the next.

    A longer step is a gap, as at night. Two longer steps in a row would give the interval between them another length.
    """
    if table.has("interval_end"):
        ends = clock.read(table, "interval_end")
        for row, (start, end) in enumerate(zip(starts, ends, strict=True)):
            if end <= start:
                raise table.wrong(row, "interval_end", table.texts("interval_end")[row], "must be after the start")
        return [end - start for start, end in zip(starts, ends, strict=True)]
    steps = [round(later - earlier, 6) for earlier, later in pairwise(sorted(set(starts)))]
    shortest = min(steps, default=WIDTH)
    for before, after in pairwise(steps):
        if before > shortest and after > shortest:
            apart = f"{shortest:g} and {min(before, after):g} min apart"
            allowed = f"has intervals {apart}; allowed: a column interval_end too"
            raise BadInput(table.key, table.path, allowed)
    return [shortest] * len(starts)


def _staff(
    table: CsvTable, starts: Sequence[float], widths: Sequence[float], places: Sequence[tuple[str, str, str]]
) -> tuple[Crew, ...]:
    """People at each desk, where the report says it; a desk that serves several channels shows the same on each row."""
    if not table.has("staff"):
        return ()
    heads: dict[tuple[str, float, float], float] = {}
    for row, cell in enumerate(table.texts("staff")):
        if not cell:
            raise table.wrong(row, "staff", cell, "must be a number, 0 where nobody is there; or leave the column out")
    for start, width, (_, _, desk), count in zip(starts, widths, places, table.numbers("staff", 0.0), strict=True):
        heads[desk, start, start + width] = max(heads.get((desk, start, start + width), 0.0), count)
    _check_room(table, "staff", table.numbers("staff", 0.0), BYTES_A_SEAT, "people")
    crews = tuple(Crew(*spell, math.floor(count + 0.5)) for spell, count in heads.items() if count >= 0.5)
    if not crews:
        raise BadInput(table.key, table.path, "has nobody in its column staff; allowed: somebody, or no such column")
    return crews


def _crews(table: CsvTable, clock: _Clock) -> tuple[Crew, ...]:
    """The spells of duty of a staff plan."""
    starts, ends = clock.read(table, "start"), clock.read(table, "end")
    for row, (start, end) in enumerate(zip(starts, ends, strict=True)):
        if end <= start:
            raise table.wrong(row, "end", table.texts("end")[row], "must be after the start")
    desks, counts = table.words("desk", CHANNEL), table.counts("headcount", 1.0)
    for row, count in enumerate(counts):
        if count > MOST_HEADS:
            raise table.wrong(row, "headcount", count, f"must be at most {MOST_HEADS:,}")
    _check_room(table, "headcount", counts, BYTES_A_SEAT, "people")
    return tuple(Crew(*spell) for spell in zip(desks, starts, ends, counts, strict=True))


class _Clock:
    """Times of several files on one scale: minutes as written, or since midnight of the first day of the first file."""

    def __init__(self, zone: str) -> None:
        self.zone = ZoneInfo(zone)
        self.start: datetime | None = None
        self.numbers: bool | None = None

    def read(self, table: CsvTable, column: str) -> list[float]:
        """Minutes of every row."""
        texts = table.texts(column)
        pace, moments = Pace(f"reading the times of {Path(table.path).name}", len(texts)), []
        for row, raw in enumerate(texts):
            moments.append(self._moment(table, row, column, raw))
            if not row % STEP:
                pace.at(row)
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
        """Since the start of the scale."""
        if isinstance(moment, float):
            return moment
        # In UTC: two times of one zone would differ by what its clock says, an hour wrong over a change of clock.
        assert self.start is not None
        return (moment - self.start.astimezone(UTC)).total_seconds() / 60.0

    def _moment(self, table: CsvTable, row: int, column: str, raw: str) -> float | datetime:
        """A cell as minutes, or as a moment in UTC."""
        try:
            value = float(raw)
        except ValueError:
            return self._dated(table, row, column, raw)
        if not math.isfinite(value) or value < 0:
            raise table.wrong(row, column, raw, "must be a number of minutes, 0 or more")
        return value

    def _dated(self, table: CsvTable, row: int, column: str, raw: str) -> datetime:
        """The moment (UTC) in a cell; a time that the clock shows twice, or never, is refused."""
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
                problem = f"{'comes twice' if before > after else 'is left out'} in {self.zone.key}"
                allowed = f"{problem}, where the clock changes; allowed: the time with its offset (+01:00)"
                raise table.wrong(row, column, raw, allowed)
        return moment.astimezone(UTC)
