"""A replay that begins now: who waits waits on, who is busy stays busy, and who will come is drawn."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from caresim.config.errors import MISSING, BadInput, choice
from caresim.config.posterior import BUSY, CALLS, COLUMNS, SPEED
from caresim.tasks.calibrate import files
from caresim.tasks.calibrate.fit import Fit
from caresim.tasks.calibrate.layout import laid_out
from caresim.tasks.calibrate.rules import DESK
from caresim.tasks.nowcast.busy import busy_until
from caresim.tasks.nowcast.known import Known
from caresim.tasks.nowcast.level import Stretch
from caresim.tasks.nowcast.people import PERSON, Roster

Floats = NDArray[np.float64]
NAME = "nowcast"


class Start(NamedTuple):
    """What the hours ahead begin with."""

    known: Known
    fitted: Fit
    roster: Roster
    ahead: list[Stretch]
    rates: Floats
    """Contacts expected in each stretch ahead, by draw."""
    seed: int

    @property
    def draws(self) -> int:
        return self.rates.shape[1]


class Written(NamedTuple):
    """What was written."""

    experiments: dict[str, str]
    """The name of each by that of its set of people on top."""
    at_one_desk: bool
    """The rules have desks that help each other out, which these hours cannot have."""


def write(start: Start, place: Path, more: Mapping[str, list[dict[str, Any]]]) -> Written:
    """Write an experiment for each set of people on top, and what it reads.

    BadInput where nobody will be on duty.
    """
    known, fitted, roster = start.known, start.fitted, start.roster
    if not roster.spells:
        moment = known.moment.isoformat(timespec="minutes")
        allowed = "has nobody on duty in the hours ahead, now or on the last same weekday; allowed: another moment"
        raise BadInput("now", moment, allowed)
    luck = np.random.default_rng([start.seed, 5])
    contacts, counts = _contacts(start, luck)
    channels = sorted(set(contacts["channel"]))
    posterior = fitted.posterior(start.draws, np.random.default_rng([start.seed, 2]), roster.names)
    busy = busy_until(known, fitted, roster, start.draws, _speeds(posterior, fitted, roster), luck)
    names = roster.names or tuple(f"{PERSON} {n + 1}" for n in range(len(roster.spells)))
    for spell in roster.spells:
        if spell.start <= known.now:
            busy.setdefault(names[spell.agent], np.full(start.draws, known.now))
    zero = midnight(known, contacts)
    rows = [_rows(start.draws, BUSY, name, until - zero) for name, until in busy.items()]
    draws = pd.concat([posterior, *counts, *rows], ignore_index=True)
    tables = {"contacts": contacts, "staff": _staff(start, channels)}
    layout = laid_out(tables, fitted)
    desks = list(layout.rules.staffing)
    written = {}
    for name, people in more.items():
        experiment = f"{NAME}_{name}"
        settings = {"extra": _at_desks(name, people, fitted, desks)} if people else {}
        files.write(place, place, experiment, fitted, tables, settings, draws)
        written[name] = experiment
    return Written(written, layout.falls_back(fitted.rules))


def _at_desks(name: str, people: list[dict[str, Any]], fitted: Fit, desks: list[str]) -> list[dict[str, Any]]:
    """People on top at the desks that the hours ahead have. BadInput where it is not said at which of several."""
    if not fitted.rules.desks:
        return people
    known = [desk.name for desk in fitted.rules.desks]
    for number, row in enumerate(people):
        key, desk = f"alternatives.{name}[{number}].desk", row.get("desk")
        if desk is None:
            raise BadInput(key, MISSING, f"is required, as the calibration found several desks; {choice(known)}")
        if desk not in known:
            raise BadInput(key, desk, choice(known, desk))
    return people if len(desks) > 1 else [{**row, "desk": desks[0]} for row in people]


def midnight(known: Known, contacts: pd.DataFrame) -> float:
    """The minute of the history that is minute 0 of the replay: local midnight of its first contact's day."""
    zone, zero = ZoneInfo(known.history.zone), known.history.start.astimezone(UTC)
    first = min(datetime.fromisoformat(text) for text in set(contacts["arrival"])).astimezone(zone)
    day = datetime(first.year, first.month, first.day, tzinfo=zone).astimezone(UTC)
    return (day - zero) / timedelta(minutes=1)


def _contacts(start: Start, luck: np.random.Generator) -> tuple[pd.DataFrame, list[pd.DataFrame]]:
    """Those who wait, then as many for each stretch ahead as come in any draw; and which of them come in each draw."""
    known, history = start.known, start.known.history
    waiting = known.waiting
    tables = [
        pd.DataFrame(
            {
                "arrival": [history.moment(minute) for minute in history.arrival[waiting].tolist()],
                "spread_s": 0.0,
                "channel": np.array(history.kinds)[history.kind[waiting]],
                # As if answered now: they have had the patience to wait until now, and how much more is drawn.
                "wait_s": 60.0 * known.waits_min,
                "outcome": "answered",
                "priority": np.nan_to_num(history.priority[waiting]),
            }
        )
    ]
    shares = _shares(start)
    counts, line = [], len(waiting)
    for cell, rates in zip(start.ahead, start.rates, strict=True):
        for k, name in enumerate(start.fitted.history.kinds):
            come = luck.poisson(rates * shares[cell.hour, k])
            most, least = int(come.max()), int(come.min())
            if not most:
                continue
            tables.append(
                pd.DataFrame(
                    {
                        "arrival": history.moment(cell.begins),
                        "spread_s": 60.0 * (cell.ends - cell.begins),
                        "channel": name,
                        "wait_s": np.nan,
                        "outcome": "",
                        "priority": _priorities(start.fitted, k, most, luck),
                    }
                )
            )
            of = np.arange(least, most)
            counts.append(_all_rows(start.draws, (line + of).astype(str), (come > of[:, None]) * 1.0))
            line += most
    if line == 0:
        allowed = "nobody waits, and nobody is expected in the hours ahead; allowed: another moment, or more hours"
        raise BadInput("now", known.moment.isoformat(timespec="minutes"), allowed)
    found = pd.concat([table for table in tables if len(table)], ignore_index=True)
    found["medium"], found["desk"] = "phone", DESK
    if "priority" not in history.given:
        found = found.drop(columns="priority")
    return found, counts


def _shares(start: Start) -> Floats:
    from caresim.tasks.calibrate.arrivals import arrivals_of

    return arrivals_of(start.fitted.history).kinds


def _priorities(fitted: Fit, kind: int, count: int, luck: np.random.Generator) -> Floats:
    """Priorities of coming contacts of a kind, as those of the training days."""
    seen = np.nan_to_num(fitted.history.priority[fitted.history.kind == kind])
    return luck.choice(seen, count) if len(seen) else np.zeros(count)


def _speeds(posterior: pd.DataFrame, fitted: Fit, roster: Roster) -> dict[str, Floats]:
    """Factor on the handling times of each agent, by draw."""
    usual = fitted.speeds(roster.names)
    of = posterior[posterior["what"] == SPEED].groupby("of")["value"]
    return {str(name): np.exp(usual[str(name)][0]) * values.to_numpy(np.float64) for name, values in of}


def _staff(start: Start, channels: list[str]) -> pd.DataFrame:
    """The spells of duty, with speed and skills.

    Whoever is on duty now has been there since the first of those who wait came: until now, or longer, they are busy
    with what began before.
    """
    known, roster = start.known, start.roster
    since = float(known.history.arrival[known.waiting].min(initial=known.now))
    spells = [spell._replace(start=since) if spell.start <= known.now else spell for spell in roster.spells]
    history = known.history
    if roster.names:
        return files.staff_of(history, spells, start.fitted, channels)
    rows = [
        (history.moment(spell.start), history.moment(spell.end), DESK, f"{PERSON} {spell.agent + 1}")
        for spell in spells
    ]
    return pd.DataFrame(rows, columns=["start", "end", "desk", "agent"])


def _all_rows(draws: int, of: NDArray[np.str_], values: Floats) -> pd.DataFrame:
    """Rows of the file that come in some draws and in others not; `values` has shape (rows, draws)."""
    numbers = np.tile(np.arange(draws), len(of))
    return pd.DataFrame(
        dict(zip(COLUMNS, (numbers, CALLS, np.repeat(of.astype(object), draws), "", values.ravel()), strict=True))
    )


def _rows(draws: int, what: str, of: str, values: Floats) -> pd.DataFrame:
    """A quantity of the posterior."""
    return pd.DataFrame(dict(zip(COLUMNS, (range(draws), what, of, "", values), strict=True)))
