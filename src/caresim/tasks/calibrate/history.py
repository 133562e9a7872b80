"""The history of a centre: its contacts as columns, on the days that may be looked at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from caresim.config.errors import BadInput
from caresim.config.exports.clock import Clock
from caresim.config.exports.contact_list import outcomes_of
from caresim.config.exports.export_table import ExportTable
from caresim.config.exports.file_format import Format
from caresim.config.exports.proposal import with_way_out
from caresim.config.exports.vocabulary import slug
from caresim.config.paths import is_file
from caresim.config.traffic import CHANNEL

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]
Truths = NDArray[np.bool_]

COLUMNS = ("arrival", "kind", "agent", "wait_s", "outcome", "service_s", "priority", "customer")
NOBODY = -1
MOST_KINDS = 50
"""A column with more names holds something else."""


@dataclass(frozen=True, eq=False)
class History:
    """A column an entry a contact, in order of arrival; what the file does not say is NaN, NOBODY or ""."""

    start: datetime
    """Midnight, local, of the file's first day: minute 0."""
    zone: str
    kinds: tuple[str, ...]
    agents: tuple[str, ...]
    ignored: tuple[str, ...]
    """Columns of the file that are not read."""
    given: frozenset[str]
    """Those of COLUMNS that the file has."""
    arrival: Floats
    """Minutes."""
    kind: Codes
    agent: Codes
    wait_s: Floats
    answered: Truths
    abandoned: Truths
    service_s: Floats
    priority: Floats
    customer: NDArray[np.str_]

    def __len__(self) -> int:
        return len(self.arrival)

    def of(self, rows: NDArray[np.intp] | Truths) -> History:
        """Only these contacts."""
        columns = {
            field.name: value[rows]
            for field in fields(self)
            if isinstance(value := getattr(self, field.name), np.ndarray)
        }
        return replace(self, **columns)

    def between(self, first: date, last: date) -> History:
        """The contacts that come on these days, both included."""
        return self.of((self.day >= first.toordinal()) & (self.day <= last.toordinal()))

    @cached_property
    def _moments(self) -> list[datetime]:
        local, start = ZoneInfo(self.zone), self.start.astimezone(UTC)
        return [(start + timedelta(minutes=minute)).astimezone(local) for minute in self.arrival.tolist()]

    @cached_property
    def day(self) -> Codes:
        """The local date of each contact, as its ordinal number."""
        return np.array([moment.toordinal() for moment in self._moments], np.int64)

    @cached_property
    def hour(self) -> Codes:
        """The local hour of the day in which each comes."""
        return np.array([moment.hour for moment in self._moments], np.int64)

    @cached_property
    def minute_of_day(self) -> Codes:
        """Minutes after local midnight, by the clock, at which each comes."""
        return np.array([moment.hour * 60 + moment.minute for moment in self._moments], np.int64)

    @property
    def days(self) -> list[date]:
        """The days on which somebody comes."""
        return [date.fromordinal(day) for day in np.unique(self.day).tolist()]

    @cached_property
    def began(self) -> Floats:
        """Minutes at which handling began."""
        return self.arrival + self.wait_s / 60.0

    @cached_property
    def ended(self) -> Floats:
        """Minutes at which it ended; when it began, where its length is not known."""
        return self.began + np.nan_to_num(self.service_s) / 60.0

    def moment(self, minute: float) -> str:
        """A minute as a local time with its offset."""
        at = (self.start.astimezone(UTC) + timedelta(minutes=float(minute))).astimezone(ZoneInfo(self.zone))
        return at.isoformat(timespec="milliseconds")


def read(key: str, path: str, zone: str, form: Format) -> History:
    """The history in a file. BadInput names line and column of what cannot be used, and a format that would do."""
    if not is_file(path):
        raise BadInput(key, path, "no such file; allowed: the path of a CSV file or a workbook")
    try:
        return _read(key, path, zone, form)
    except BadInput as problem:
        raise with_way_out(problem, "contacts", path, form, lambda other: _read(key, path, zone, other)) from None


def _read(key: str, path: str, zone: str, form: Format) -> History:
    """The history, as the format says."""
    table = ExportTable(key, path, COLUMNS, 1, form)
    outcomes = outcomes_of(table)
    table.keep(np.flatnonzero(~outcomes.among("left_out")))
    outcomes = outcomes_of(table)
    clock = Clock(zone, form.dates)
    arrival = clock.read(table, "arrival")
    if clock.start is None:
        raise BadInput(key, path, "has plain minutes; allowed: dates and times, by which days can be told apart")
    order = np.argsort(arrival, kind="stable")
    kinds, kind = _coded([slug(text) or CHANNEL for text in table.texts("kind")])
    if len(kinds) > MOST_KINDS:
        raise BadInput(key, path, f"has {len(kinds)} kinds; allowed: at most {MOST_KINDS} (column kind)")
    agents, agent = _coded([" ".join(text.split()) for text in table.texts("agent")])
    wait, service = table.seconds("wait_s"), table.seconds("service_s")
    known = frozenset(column for column in COLUMNS if table.has(column))
    answered = outcomes.among("answered") if "outcome" in known else ~np.isnan(service)
    history = History(
        clock.start, zone, kinds, tuple(name for name in agents if name), table.ignored, known, arrival, kind,
        agent - (1 if agents[:1] == ("",) else 0), wait, answered, outcomes.among("abandoned"), service,
        table.numbers("priority", np.nan, least=-np.inf), np.array(list(table.texts("customer")), np.str_),
    )  # fmt: skip
    return history.of(order)


def period(history: History, first: date | None, last: date | None, key: str, least: int) -> History:
    """The contacts from a day to another. BadInput where there are fewer than `least` days with contacts."""
    there = history.days
    chosen = history.between(first or there[0], last or there[-1])
    if len(chosen.days) < least:
        found = f"{len(chosen.days)} days with contacts; the file has {there[0]} to {there[-1]}"
        asked = f"{first or there[0]} to {last or there[-1]}"
        raise BadInput(key, asked, f"has {found}; allowed: at least {least} of them, {key}_from and {key}_to")
    return chosen


def _coded(words: Sequence[str]) -> tuple[tuple[str, ...], Codes]:
    names, codes = np.unique(np.array(words, np.str_), return_inverse=True)
    return tuple(names.tolist()), codes.astype(np.int64)
