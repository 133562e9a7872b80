"""What was read from an export, as the columns of a file that needs no format."""

from __future__ import annotations

import math
from datetime import UTC, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from caresim.config.contacts import Kind
from caresim.config.exports import contact_list
from caresim.config.exports.export_table import ExportTable
from caresim.config.exports.file_format import Format
from caresim.config.exports.vocabulary import OF_HISTORY
from caresim.config.traffic import Traffic


def of_history(path: str, form: Format) -> dict[str, list[str | None]]:
    """Those of OF_HISTORY that the file has, a cell a contact, in the order of the clean file."""
    plain = ExportTable("replay.contacts", path, contact_list.COLUMNS, 1, form)
    there = [name for name in OF_HISTORY if name in form.columns or name in plain.header]
    if not there:
        return {}
    table = ExportTable("replay.contacts", path, (*contact_list.COLUMNS, *there), 1, form)
    table.keep(np.flatnonzero(~contact_list.outcomes_of(table).among(contact_list.LEFT_OUT)))
    return {name: [text or None for text in table.texts(name)] for name in there}


def cleaned(kind: str, traffic: Traffic, zone: str | None) -> dict[str, list[Any]]:
    """The columns of a clean file of this kind; a column that would be empty is left out."""
    if kind == "contacts":
        columns = _contacts(traffic, zone)
    elif kind == "intervals":
        columns = _intervals(traffic, zone)
    else:
        columns = {
            "start": [_moment(traffic, crew.start, zone) for crew in traffic.crews],
            "end": [_moment(traffic, crew.end, zone) for crew in traffic.crews],
            "desk": [crew.desk for crew in traffic.crews],
            "headcount": [crew.headcount for crew in traffic.crews],
            "agent": [crew.agent or None for crew in traffic.crews],
            "speed": [crew.speed for crew in traffic.crews],
            "skills": [" ".join(crew.skills) or None for crew in traffic.crews],
        }
    return {name: values for name, values in columns.items() if any(value is not None for value in values)}


def _contacts(traffic: Traffic, zone: str | None) -> dict[str, list[Any]]:
    contacts = traffic.contacts
    patience = np.where(contacts.patience_is_least, math.nan, contacts.patience * 60.0)
    columns: dict[str, list[Any]] = {
        "arrival": [_moment(traffic, arrival, zone) for arrival in contacts.arrival.tolist()]
    }
    for place, name in enumerate(Kind._fields):
        columns[name] = np.array([kind[place] for kind in contacts.kinds], object)[contacts.kind].tolist()
    numbers = {"service_s": contacts.service * 60.0, "patience_s": patience, "priority": contacts.priority}
    numbers["wait_s"] = traffic.columns.get("wait_s", np.empty(0))
    columns |= {name: [_number(value) for value in values.tolist()] for name, values in numbers.items()}
    columns["outcome"] = traffic.columns.get("outcome", np.empty(0, object)).tolist()
    return columns


def _intervals(traffic: Traffic, zone: str | None) -> dict[str, list[Any]]:
    lines = traffic.intervals
    return {
        "interval_start": [_moment(traffic, one.start, zone) for one in lines],
        "interval_end": [_moment(traffic, one.start + one.width, zone) for one in lines],
        "channel": [one.channel for one in lines],
        "medium": [one.medium for one in lines],
        "desk": [one.desk for one in lines],
        "offered": [one.offered for one in lines],
        "answered": [_number(one.answered) for one in lines],
        "abandoned": [_number(one.abandoned) for one in lines],
        "aht_s": [_number(one.aht_s) for one in lines],
        "asa_s": [_number(one.asa_s) for one in lines],
        "staff": [_number(one.staff) for one in lines],
    }


def _moment(traffic: Traffic, minute: float, zone: str | None) -> str | float:
    """A date and time with its offset (without one where nobody named a zone), or minutes where the file had those."""
    if traffic.start is None:
        return minute
    moment = traffic.start.astimezone(UTC) + timedelta(minutes=minute)
    moment = moment.replace(tzinfo=None) if zone is None else moment.astimezone(ZoneInfo(zone))
    return moment.isoformat(timespec="auto" if moment.microsecond else "seconds")


def _number(value: float) -> float | None:
    return None if math.isnan(value) else value
