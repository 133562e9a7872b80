"""An interval report as a history: offered, answered, abandoned, mean handling and mean wait of each interval."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from caresim.config.errors import BadInput
from caresim.config.exports.clock import Clock
from caresim.config.exports.export_table import ExportTable
from caresim.config.exports.file_format import Format
from caresim.config.exports.grid import lines_of
from caresim.config.exports.interval_report import COLUMNS, intervals_of
from caresim.config.exports.proposal import propose, with_way_out
from caresim.config.paths import is_file
from caresim.config.traffic import ON_THE_SPOT, Interval
from caresim.tasks.calibrate.history import NOBODY, Codes, Floats, History, period

NEEDED = ("interval_start", "offered")


@dataclass(frozen=True, eq=False)
class Report:
    """An entry a row of the file, in order of time; NaN where it does not say."""

    history: History
    """As many contacts as were offered, evenly spread over each interval; nothing else is known of one."""
    notes: tuple[str, ...]
    start: Floats
    """Minutes, as in the history."""
    width: Floats
    channel: Codes
    """Places in `history.kinds`."""
    day: Codes
    """Ordinal of the local date."""
    minute: Codes
    """After local midnight."""
    offered: Floats
    answered: Floats
    abandoned: Floats
    handling_s: Floats
    asa_s: Floats
    """Mean wait of those who were answered."""
    staff: Floats
    """People at the desk."""

    def __len__(self) -> int:
        return len(self.start)

    def of(self, rows: NDArray[np.bool_], history: History) -> Report:
        """These rows, and the history that belongs to them."""
        columns = {
            field.name: value[rows]
            for field in fields(self)
            if isinstance(value := getattr(self, field.name), np.ndarray)
        }
        return replace(self, history=history, **columns)

    def between(self, first: date | None, last: date | None) -> Report:
        """The days that may be looked at. BadInput where the file has none of them."""
        history = period(self.history, first, last, "train", 1)
        days = history.days
        low, high = (first or days[0]).toordinal(), (last or days[-1]).toordinal()
        return self.of((self.day >= low) & (self.day <= high), history)


def is_report(path: str, form: Format) -> bool:
    """Is it an interval report, by the names of its columns? A list of contacts has a column arrival."""
    if not is_file(path):
        return False
    proposal = propose("intervals", path, form)
    if proposal is None or not set(NEEDED) <= set(proposal.takes.values()):
        return False
    wanted = [name for column in NEEDED for name in form.named(column)]
    header = next((line.cells for line in lines_of("calibrate", path, form)), [])
    return all(name in header for name in wanted) or "arrival" not in header


def read(key: str, path: str, zone: str, form: Format) -> Report:
    """The report in a file. BadInput names line and column of what cannot be used, and a format that would do."""
    try:
        return _read(key, path, zone, form)
    except BadInput as problem:
        raise with_way_out(problem, "intervals", path, form, lambda other: _read(key, path, zone, other)) from None


def _read(key: str, path: str, zone: str, form: Format) -> Report:
    table, clock = ExportTable(key, path, COLUMNS, len(NEEDED), form), Clock(zone, form.dates)
    rows = sorted(intervals_of(table, clock, None), key=lambda row: (row.start, row.row))
    if clock.start is None:
        raise BadInput(key, path, "has plain minutes; allowed: dates and times, by which days can be told apart")
    written = sorted({row.channel for row in rows if row.medium not in ON_THE_SPOT})
    rows = [row for row in rows if row.medium in ON_THE_SPOT]
    desks = sorted({row.desk for row in rows})
    if len(desks) != 1:
        found = f"has the desks {', '.join(desks)}" if desks else "has no channel on which customers wait on the line"
        raise BadInput(key, path, f"{found}; allowed: the rows of one desk of calls in a file")
    if not any(row.offered for row in rows):
        raise BadInput(key, path, "offers no contact; allowed: at least one")
    notes = list(table.notes)
    if written:
        notes.append(f"Written channels are not calibrated: {', '.join(written)}.")
    return _columns(rows, table, clock, zone, tuple(notes))


def _columns(rows: list[Interval], table: ExportTable, clock: Clock, zone: str, notes: tuple[str, ...]) -> Report:
    assert clock.start is not None
    kinds = tuple(sorted({row.channel for row in rows}))
    number = {name: place for place, name in enumerate(kinds)}
    channel = np.array([number[row.channel] for row in rows], np.int64)
    start, width, offered, answered, abandoned, handling, asa, staff = (
        np.array([getattr(row, name) for row in rows], np.float64)
        for name in ("start", "width", "offered", "answered", "abandoned", "aht_s", "asa_s", "staff")
    )
    answered = np.where(np.isnan(answered), offered - abandoned, answered)
    abandoned = np.where(np.isnan(abandoned), offered - answered, abandoned)
    count = offered.astype(np.int64)
    nth = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    arrival = np.repeat(start, count) + np.repeat(width, count) * (nth + 0.5) / np.repeat(offered, count)
    order = np.argsort(arrival, kind="stable")
    size = len(arrival)
    unknown, no = np.full(size, np.nan), np.zeros(size, bool)
    known = frozenset(name for name in COLUMNS if table.has(name))
    history = History(
        clock.start, zone, kinds, (), table.ignored, known, arrival[order], np.repeat(channel, count)[order],
        np.full(size, NOBODY, np.int64), unknown, no, no, unknown, unknown, np.full(size, "", np.str_),
    )  # fmt: skip
    clocks = replace(history, arrival=start, kind=channel)
    return Report(
        history, notes, start, width, channel, clocks.day, clocks.minute_of_day, offered, answered, abandoned,
        handling, asa, staff,
    )  # fmt: skip
