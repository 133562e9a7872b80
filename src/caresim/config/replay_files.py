"""The files of a replay: a list of contacts or an interval report, and a staff plan."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any

from caresim.config.errors import BadInput
from caresim.config.exports import contact_list, interval_report, staff_plan
from caresim.config.exports.clock import Clock
from caresim.config.exports.export_table import ExportTable
from caresim.config.exports.file_format import Format
from caresim.config.exports.proposal import unread, with_way_out
from caresim.config.traffic import Crew, Interval, Traffic

COLUMNS = {
    "contacts": (contact_list.COLUMNS, 1),
    "intervals": (interval_report.COLUMNS, 2),
    "staff": (staff_plan.COLUMNS, 2),
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
    written: str = "{}",
) -> Traffic:  # fmt: skip
    """The traffic in these files; `content` is their digest, so that changed files are read anew.

    `written` is their format as JSON. BadInput names file, line and column of what cannot be used, and the format by
    which the file could be read, if there is one.
    """
    form = Format.model_validate_json(written)
    kind, path = ("contacts", contacts) if contacts is not None else ("intervals", str(intervals))
    clock = Clock(zone, form.dates)
    with with_way_out(kind, str(path), form):
        table = opened(kind, str(path), form)
        crews: tuple[Crew, ...] = ()
        report: tuple[Interval, ...] = ()
        columns: dict[str, tuple[Any, ...]] = {}
        if kind == "contacts":
            rows, columns = contact_list.contacts_of(table, clock)
        else:
            report = interval_report.intervals_of(table, clock, staffing)
            rows = interval_report.contacts_in(table, report)
            crews = interval_report.crews_in(table, report)
    ignored, notes = table.ignored, tuple(table.notes)
    if ignored and (hint := unread(kind, str(path), form, ignored)):
        notes += (hint,)
    if staff is not None:
        with with_way_out("staff", staff, form):
            plan = opened("staff", staff, form)
            crews = staff_plan.crews_of(plan, clock, [row.desk for row in rows])
        ignored, notes = ignored + plan.ignored, notes + tuple(plan.notes)
    if not rows:
        raise BadInput(table.key, table.path, "offers no contact; allowed: at least one")
    return Traffic(rows, crews, clock.start, columns, report, ignored, notes)


def read_alone(kind: str, path: str, zone: str, staffing: str | None, form: Format) -> Traffic:
    """The traffic in one file; a staff plan has spells of duty and no contacts."""
    if kind == "staff":
        clock = Clock(zone, form.dates)
        with with_way_out(kind, path, form):
            plan = opened(kind, path, form)
            crews = staff_plan.crews_of(plan, clock)
        return Traffic((), crews, clock.start, {}, (), plan.ignored, tuple(plan.notes))
    files = (path, None, None) if kind == "contacts" else (None, path, None)
    return read(*files, zone, staffing, digest(path), form.model_dump_json())


def opened(kind: str, path: str, form: Format) -> ExportTable:
    """The table in a file of this kind."""
    columns, needed = COLUMNS[kind]
    return ExportTable(f"replay.{kind}", path, columns, needed, form)
