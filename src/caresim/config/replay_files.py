"""The files of a replay: a list of contacts or an interval report, and a staff plan."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from caresim.config.contacts import Contacts
from caresim.config.errors import BadInput
from caresim.config.exports import contact_list, interval_report, staff_plan, times_file
from caresim.config.exports.clock import Clock
from caresim.config.exports.export_table import ExportTable
from caresim.config.exports.file_format import Format
from caresim.config.exports.proposal import unread, with_way_out
from caresim.config.traffic import Crew, Interval, Traffic

COLUMNS = {
    "contacts": (contact_list.COLUMNS, 1),
    "intervals": (interval_report.COLUMNS, 2),
    "staff": (staff_plan.COLUMNS, 2),
    "service_times": (times_file.SERVICE, 1),
    "patience_times": (times_file.PATIENCE, 1),
}
"""Our names of the columns of each kind of file, and how many of the first must be there."""


def digest(*paths: str) -> str:
    """A word of 32 letters that stands for what the files contain."""
    contents = hashlib.sha256()
    for path in paths:
        with Path(path).open("rb") as file:
            while piece := file.read(1 << 20):
                contents.update(piece)
        contents.update(b"\1")
    return contents.hexdigest()[:32]


@lru_cache(maxsize=8)
def read(
    contacts: str | None, intervals: str | None, staff: str | None, zone: str, staffing: str | None, content: str,
    written: str = "{}", volume: float = 1.0,
) -> Traffic:  # fmt: skip
    """The traffic in these files; `content` is their digest, so that changed files are read anew.

    `written` is their format as JSON, `volume` multiplies what an interval report offers. BadInput names file, line and
    column of what cannot be used, and the format by which the file could be read, if there is one.
    """
    form = Format.model_validate_json(written)
    kind, path = ("contacts", contacts) if contacts is not None else ("intervals", str(intervals))
    clock = Clock(zone, form.dates)
    traffic = _or_way_out(
        kind, path, form, lambda form, clock: _of_customers(kind, path, form, clock, staffing, volume), clock
    )
    if staff is None:
        return traffic
    places = list(dict.fromkeys((kind.channel, kind.desk) for kind in traffic.contacts.kinds))
    plan = _or_way_out("staff", staff, form, lambda form, clock: _of_staff(staff, form, clock, places), clock)
    return replace(traffic, crews=plan.crews, ignored=traffic.ignored + plan.ignored, notes=traffic.notes + plan.notes)


def read_alone(kind: str, path: str, zone: str, staffing: str | None, form: Format) -> Traffic:
    """The traffic in one file; a staff plan has spells of duty and no contacts."""
    if kind == "staff":
        return _or_way_out(
            kind, path, form, lambda form, clock: _of_staff(path, form, clock, None), Clock(zone, form.dates)
        )
    files = (path, None, None) if kind == "contacts" else (None, path, None)
    return read(*files, zone, staffing, digest(path), form.model_dump_json())


def _or_way_out(kind: str, path: str, form: Format, read: Callable[[Format, Clock], Traffic], clock: Clock) -> Traffic:
    """What is read; the BadInput says how the file could be read, where there is a way."""
    before = like(clock, form)
    try:
        return read(form, clock)
    except BadInput as problem:
        raise with_way_out(problem, kind, path, form, lambda proposed: read(proposed, like(before, proposed))) from None


def like(clock: Clock, form: Format) -> Clock:
    """A clock of the same scale for another format."""
    other = Clock(clock.zone.key, form.dates)
    other.start, other.numbers = clock.start, clock.numbers
    return other


def _of_customers(kind: str, path: str, form: Format, clock: Clock, staffing: str | None, volume: float) -> Traffic:
    """The contacts of a list or of an interval report, and the staff that the report has."""
    table = opened(kind, path, form)
    crews: tuple[Crew, ...] = ()
    report: tuple[Interval, ...] = ()
    columns: dict[str, NDArray[Any]] = {}
    if kind == "contacts":
        to_come, columns = contact_list.contacts_of(table, clock)
    else:
        report = interval_report.intervals_of(table, clock, staffing)
        to_come = interval_report.contacts_in(table, report, volume)
        crews = interval_report.crews_in(table, report)
    if not len(to_come):
        raise BadInput(table.key, table.path, "offers no contact; allowed: at least one")
    hint = unread(kind, path, form, table.ignored) if table.ignored else ""
    return Traffic(to_come, crews, clock.start, columns, report, table.ignored, (*table.notes, *filter(None, [hint])))


def _of_staff(path: str, form: Format, clock: Clock, places: Sequence[tuple[str, str]] | None) -> Traffic:
    """The spells of duty of a staff plan; `places` are channel and desk of the contacts, None where nobody knows."""
    plan = opened("staff", path, form)
    crews = staff_plan.crews_of(plan, clock, places)
    return Traffic(Contacts.none(), crews, clock.start, {}, (), plan.ignored, tuple(plan.notes))


def opened(kind: str, path: str, form: Format) -> ExportTable:
    """The table in a file of this kind."""
    columns, needed = COLUMNS[kind]
    return ExportTable(f"replay.{kind}", path, columns, needed, form)
