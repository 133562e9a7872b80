"""The rows of a run as tidy tables: contacts, passengers, staff, timeline, replayed contacts.

Missing is NaN or NA, never 0 or -1.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import IntEnum
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from caresim.measure.clock import wall_clock
from caresim.measure.sample import Sample
from caresim.measure.waiting import TOTALS, Waiting
from caresim.model.codes import LAWS, Fate, Kind, Outcome, Result, Status, names
from caresim.model.media import STAFFED, Medium
from caresim.model.needs import Need

if TYPE_CHECKING:
    from caresim.config.traffic import Traffic
    from caresim.scenario.run import Run

LEVELS = ("mood", "seats_free", "unresolved")
POSTS = ("posts", "requests", "passenger_posts", "bystander_posts", "relays")
ENDS = ("answered", "resolved")
"""Columns of the timeline that count within a bin, before and after those of the media."""
FIELDS: dict[str, dict[str, str]] = {
    "contacts": {
        "case": "first_contact",
        "turns": "exchanges",
        "staff_member": "staff",
        "arrival_min": "arrival",
        "handle_min": "handle",
        "closed_min": "closed",
        "reply_min": "reply",
    },
    "passengers": {"outcome": "status", "affected_min": "affected", "deadline_min": "deadline"},
    "cases": {
        "first_response_min": "first_response",
        "first_useful_min": "first_useful",
        "first_help_min": "first_help",
        "first_news_min": "first_news",
        "resolved_min": "resolved",
    },
    "staff": {
        "busy_min": "busy_minutes",
        "duty_min": "duty_minutes",
        "overtime_min": "overtime_minutes",
        "paid_min": "paid_minutes",
    },
    "ticks": {"time_min": "time"},
    "desk_ticks": {
        "on_duty": "on_duty",
        "busy": "busy",
        "waiting_live": "waiting_synchronous",
        "waiting_text": "waiting_deferred",
    },
}
"""By record of the world: columns whose field has another name. Columns of `desk_ticks`, which exist once a desk, are
all here.
"""
STAMPS = {
    "contacts": ("arrival_min", "closed_min", "reply_min"),
    "passengers": (
        "affected_min",
        "deadline_min",
        "first_response_min",
        "first_useful_min",
        "first_help_min",
        "first_news_min",
        "resolved_min",
        "first_contact_min",
    ),
    "timeline": ("time_min",),
}
"""By table: the columns that are moments, in minutes since the start. Beside each stands the same moment as a time
stamp in the experiment's time zone, in a column without `_min`.
"""
REPLAYED = {
    "staffing": "staffing",
    "replication": "replication",
    "row": "row",
    "arrival_min": "arrival_min",
    "arrival": "arrival",
    "channel": "channel",
    "desk": "desk",
    "wait_min": "wait_s",
    "handle_min": "handle_s",
    "outcome": "outcome",
}
"""Columns of `contacts` and what they are called beside those of a replayed file, which are in seconds."""
IN_SECONDS = ("wait_s", "handle_s")
MINUTE_S = 60.0


def media_of(run: Run) -> list[Medium]:
    """The media that have columns: those that every table lists, and others that the experiment has channels of."""
    there = set(np.asarray(run.world.channels)["medium"].tolist())
    return [medium for medium in Medium if medium.row.listed or medium in there]


def counts_of(media: Sequence[Medium]) -> list[str]:
    """The columns of the timeline that count within a bin."""
    return [*POSTS, *(medium.row.arrivals for medium in media if medium.row.arrivals), *ENDS]


def contacts(run: Run, sample: Sample | None = None) -> pd.DataFrame:
    """One row a contact, in order of creation; `wait_min` runs to the first reply, else to the contact's end.

    `sample` says of which contacts (None: all of the run).
    """
    sample = sample or Sample(run)
    rows = np.flatnonzero(sample.landed)
    record = sample.contacts[rows]
    arrival, reply, closed, handle = (
        _field("contacts", record, name) for name in ("arrival_min", "reply_min", "closed_min", "handle_min")
    )
    ended = np.where(sample.fate[rows] == Fate.GAVE_UP, sample.given_up[rows], np.nan)
    wait = np.where(np.isfinite(reply), reply, ended) - arrival
    passenger = record["passenger"]
    cohort = (
        np.where(passenger >= 0, sample.passengers["cohort"][passenger], -1) if len(sample.passengers) else passenger
    )
    columns = {
        "contact": rows + sample.first,
        "case": _field("contacts", record, "case").astype(np.int64),
        "passenger": _row(passenger),
        "operator": _words(record["operator"], run.names.operators),
        "channel": _words(record["channel"], run.names.channels),
        "desk": _words(record["desk"], run.names.desks),
        "staff_member": _words(_field("contacts", record, "staff_member"), run.names.staff),
        "arrival_min": arrival,
        "wait_min": wait,
        "handle_min": np.where(handle > 0, handle, np.nan),
        "closed_min": closed,
        "turns": _field("contacts", record, "turns").astype(np.int64),
        "outcome": _codes(record["outcome"], Outcome),
        "in_hours": record["in_hours"].astype(bool),
        "reply_min": reply,
        "medium": _codes(record["medium"], Medium),
        "need": _codes(np.where(passenger >= 0, record["need"], -1), Need),
        "result": _codes(record["result"], Result),
        "posts": record["posts"].astype(np.int64),
        "cohort": _words(cohort, run.names.cohorts),
        "ordinary": (passenger >= 0) & ~sample.of_disruption[rows],
        "counted": sample.requests[rows],
    }
    if len(np.asarray(run.world.replay_inputs)):
        columns["row"] = _row(_input_row(sample, record, rows + sample.first))
    return _table(run, _stamped("contacts", run, columns), len(rows))


def passengers(run: Run, sample: Sample | None = None, part: slice = slice(None)) -> pd.DataFrame:
    """One row a passenger and operator: the first of the journey, and each other one the passenger turned to.

    `part` is a stretch of the cases.
    """
    sample = sample or Sample(run)
    rows = np.flatnonzero(sample.case_real[part]) + (part.start or 0)
    case = sample.cases[rows]
    number = sample.case_passenger[rows]
    person = sample.passengers[number]
    columns = {
        "passenger": number.astype(np.int64),
        "operator": _words(rows % sample.operators, run.names.operators),
        "cohort": _words(person["cohort"], run.names.cohorts),
        "need": _codes(person["need"], Need),
        "affected_min": _field("passengers", person, "affected_min"),
        "deadline_min": _finite(_field("passengers", person, "deadline_min")),
        "contacts": case["contacts"].astype(np.int64),
        **{name: _finite(_field("cases", case, name)) for name in FIELDS["cases"]},
        "anger_peak": case["anger_peak"],
        "anger_end": case["anger_end"],
        "satisfaction": case[sample.law],
        **{f"satisfaction_{law}": case[law] for law in LAWS},
        "outcome": _codes(_field("passengers", person, "outcome"), Status),
        "replies": case["replies"].astype(np.int64),
        "first_contact_min": sample.first_contact(rows),
        "party": person["party"].astype(np.int64),
        "language": _words(person["language"], run.names.languages),
        "seat": _words(person["seat"], run.names.flights),
        "key": person["key"],
        "ordinary": sample.ordinary[number],
        "counted": sample.case_counted[rows],
    }
    return _table(run, _stamped("passengers", run, columns), len(rows))


def staff(run: Run, sample: Sample | None = None) -> pd.DataFrame:
    """One row a person on the roster (or automated assistant); `cost` adds up to the metric of that name."""
    sample = sample or Sample(run)
    record = sample.staff[: len(run.names.staff)]
    busy, duty, overtime, paid = (_field("staff", record, name) for name in FIELDS["staff"])
    columns = {
        "staff_member": _words(np.arange(len(record)), run.names.staff),
        "desk": _words(record["desk"], run.names.desks),
        "kind": _codes(record["kind"], Kind),
        "novice": record["novice"].astype(bool),
        "speed": record["speed"],
        "quality": record["quality"],
        "contacts": record["contacts"],
        "busy_min": busy,
        "duty_min": duty,
        "overtime_min": overtime,
        "paid_min": paid,
        "occupancy": np.divide(busy, duty, out=np.full(len(record), np.nan), where=duty > 0),
        "cost": (paid + overtime + record["premium_minutes"]) * record["cost_per_minute"]
        + record["contacts"] * record["cost_per_contact"],
    }
    return _table(run, columns, len(record))


def timeline(run: Run, sample: Sample | None = None) -> pd.DataFrame:
    """One row a bin: counts within it, levels at its end (`time_min`)."""
    sample = sample or Sample(run)
    ticks = sample.ticks
    desks = len(run.names.desks)
    at_desk = np.asarray(sample.world.desk_ticks)[: len(ticks) * desks].reshape(len(ticks), desks)
    ends = _field("ticks", ticks, "time_min")
    columns: dict[str, Any] = {"time_min": ends}
    media = media_of(run)
    columns |= {name: ticks[name] for name in POSTS}
    columns |= {medium.row.arrivals: ticks["arrivals"][:, medium] for medium in media if medium.row.arrivals}
    columns |= {name: ticks[name] for name in ENDS}
    columns |= {name: ticks[name] for name in LEVELS}
    columns |= {f"backlog_{medium.word}": ticks["backlog"][:, medium] for medium in media if medium in STAFFED}
    waiting = sample.tally(Waiting).levels(len(ticks))
    columns |= {name: waiting[name] for name in TOTALS}
    columns |= {f"waiting_{medium.word}": waiting[f"waiting_{medium.word}"] for medium in media if medium in STAFFED}
    columns |= {"staff_on_duty": at_desk["on_duty"].sum(axis=1), "staff_busy": at_desk["busy"].sum(axis=1)}
    for column in FIELDS["desk_ticks"]:
        levels = _field("desk_ticks", at_desk, column)
        columns |= {f"{column}_{name}": levels[:, row] for row, name in enumerate(run.names.desks)}
    return _table(run, _stamped("timeline", run, columns), len(ticks))


def replayed(contacts: pd.DataFrame, traffic: Traffic) -> pd.DataFrame:
    """One row a contact of a replayed file and recorded run, in the file's order (rows from 0), without redials.

    `wait_s` until the first reply or until the contact was given up, NaN while it is waiting; beside it, where the
    file says so, `observed_wait_s` and `observed_outcome`. Rows of an interval report are its intervals.
    """
    # These columns alone, whatever the table: that of a run of millions lies on disk.
    first = contacts[list(REPLAYED)]
    first = first[first["row"].notna()].sort_values(["replication", "row", "arrival_min"], kind="stable")
    models = first["staffing"].unique()
    table = pd.concat([first[first["staffing"] == name] for name in models]) if len(models) else first
    table = table.rename(columns=REPLAYED).reset_index(drop=True)
    for name in IN_SECONDS:
        table[name] = table[name] * MINUTE_S
    rows = table["row"].to_numpy(dtype=np.int64)
    for name, values in traffic.columns.items():
        table[f"observed_{name}"] = values[rows]
    return table


def _field(record: str, rows: NDArray[Any], column: str) -> NDArray[Any]:
    """What a column shows: the field of the record that FIELDS names."""
    return rows[FIELDS[record][column]]


def _stamped(table: str, run: Run, columns: Mapping[str, Any]) -> dict[str, Any]:
    """The columns, each moment in minutes with its time stamp beside it."""
    stamped = {}
    for name, values in columns.items():
        stamped[name] = values
        if name in STAMPS[table]:
            stamped[name.removesuffix("_min")] = wall_clock(run.experiment, values)
    return stamped


def _table(run: Run, columns: dict[str, Any], length: int) -> pd.DataFrame:
    """The columns behind the run's staffing model and replication."""
    first = {
        "staffing": _words(np.zeros(length), [run.staffing]),
        "replication": np.full(length, run.replication, dtype=np.int64),
    }
    return pd.DataFrame(first | columns, copy=False)


def _codes(values: NDArray[Any], codes: type[IntEnum]) -> pd.Categorical:
    return _words(values, names(codes))


def _words(values: NDArray[Any], words: Sequence[str]) -> pd.Categorical:
    """Rows of a list of words as a categorical; -1 is missing."""
    return pd.Categorical.from_codes(np.asarray(values, dtype=np.int64), pd.Index(list(words), dtype=object))


def _input_row(sample: Sample, record: NDArray[Any], rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """Row of the replayed file of the first contact of each passenger; -1 for all others."""
    passenger, input_row = record["passenger"], np.asarray(sample.world.replay_inputs)["row"]
    return np.where((record["first_contact"] == rows) & (passenger >= 0), input_row[passenger], -1)


def _row(values: NDArray[Any]) -> pd.arrays.IntegerArray:
    """Row numbers as nullable integers; -1 is missing."""
    return pd.arrays.IntegerArray(values.astype(np.int64), values < 0)


def _finite(values: ArrayLike) -> NDArray[np.float64]:
    """A time that never comes is missing."""
    numbers = np.asarray(values, dtype=np.float64)
    return np.where(np.isfinite(numbers), numbers, np.nan)
