"""A nowcast: what is known until now, the fit to the days before, and replications of the hours ahead."""

from __future__ import annotations

import importlib
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from caresim.config.errors import BadInput
from caresim.config.replay import PLUS, STAFFING
from caresim.run.progress import Nobody, Watch
from caresim.tasks.calibrate.calibrate import chosen
from caresim.tasks.calibrate.fit import Fit, fit
from caresim.tasks.calibrate.history import period, read
from caresim.tasks.calibrate.simulated import replicated
from caresim.tasks.nowcast import begin
from caresim.tasks.nowcast.ahead import Ahead, ahead_of, edges, table_of
from caresim.tasks.nowcast.begin import Start
from caresim.tasks.nowcast.hours_ahead import HoursAhead
from caresim.tasks.nowcast.known import Known, known_at
from caresim.tasks.nowcast.level import HOUR, rates_ahead, rhythm_of, stretches
from caresim.tasks.nowcast.mood import anger_of
from caresim.tasks.nowcast.people import Roster, roster_ahead
from caresim.tasks.nowcast.rules import rules_of
from caresim.tasks.nowcast.settings import AS_GIVEN, FILE, Nowcast

Floats = NDArray[np.float64]
FIGURE = "caresim.tasks.nowcast.figure"


@dataclass(frozen=True)
class Nowcasted(HoursAhead):
    """What came out: `table` as in ahead.py, `ahead` with all replications by alternative."""

    settings: Nowcast
    known: Known
    fitted: Fit
    roster: Roster
    candidates: pd.DataFrame
    ahead: Mapping[str, Ahead]
    table: pd.DataFrame
    usual: float
    """Contacts that the days before let expect from midnight until now."""
    coming: Floats
    """Contacts expected in the hours ahead, by draw."""
    durations: dict[str, float]
    at_one_desk: bool = False
    """The rules have desks that help each other out, which the hours ahead cannot have."""

    @staticmethod
    def drawn_by() -> ModuleType:
        return importlib.import_module(FIGURE)

    @property
    def open_contacts(self) -> pd.DataFrame:
        """Who waits and who is being handled: a row each."""
        known, history = self.known, self.known.history
        rows = np.concatenate((known.waiting, known.handled))
        begun = np.where(np.isnan(history.wait_s), history.arrival, history.began)[rows]
        agents = np.array([*history.agents, ""])[history.agent[rows]]
        return pd.DataFrame(
            {
                "arrival": [history.moment(minute) for minute in history.arrival[rows].tolist()],
                "kind": np.array(history.kinds)[history.kind[rows]],
                "state": ["waiting"] * len(known.waiting) + ["in_a_call"] * len(known.handled),
                "agent": agents,
                "for_s": np.round(60.0 * (known.now - begun), 3),
            }
        )


def nowcast(settings: Nowcast, watch: Watch | None = None) -> Nowcasted:
    """Read, fit, run. BadInput where the file cannot be used, or tells too little."""
    watch, started = watch or Nobody(), time.perf_counter()
    whole = read(FILE, settings.contacts, settings.timezone, settings.format)
    known = known_at(whole, settings.moment, settings.open_at_most.value)
    check(known, settings)
    train = period(known.history, settings.train_from, settings.train_to, "train", 1)
    was_read = time.perf_counter()
    rules, candidates = rules_of(settings), pd.DataFrame()
    if rules is None:
        rules, candidates = chosen(train, settings, watch)
    fitted = fit(train, rules, settings.seed)
    if fitted.handling is None:
        allowed = "has fewer than 30 handling times (service_s where answered) until train_to; allowed: more"
        raise BadInput(FILE, settings.contacts, allowed)
    was_fitted = time.perf_counter()
    watch.expect(len(candidates) * settings.choosing + settings.replications * (1 + len(settings.alternatives)))
    found = of_hours(known, fitted, settings, watch)
    durations = {
        "read_s": was_read - started,
        "fit_s": was_fitted - was_read,
        "predict_s": time.perf_counter() - was_fitted,
    }
    return Nowcasted(
        settings, known, fitted, found.start.roster, candidates, found.ahead, table_of(found.ahead, known.history),
        found.usual, found.start.rates.sum(axis=0), durations, found.at_one_desk,
    )  # fmt: skip


def check(known: Known, settings: Nowcast) -> None:
    """BadInput where the file says nothing of today, or not who waited."""
    history = known.history
    for column in ("wait_s", "outcome"):
        if column not in history.given:
            allowed = f"has no column {column}; allowed: one, which says who waits (format.columns)"
            raise BadInput(FILE, settings.contacts, allowed)
    if not len(history):
        raise BadInput("now", settings.now, "is before the first contact of the file; allowed: a later moment")
    days = history.days
    if known.today > days[-1] and (known.today - days[-1]).days > 1:
        allowed = f"is days after the last contact of the file, {days[-1]}; allowed: a moment of that day"
        raise BadInput("now", settings.now, allowed)


@dataclass(frozen=True)
class Hours:
    """A start, and what came of it by alternative."""

    start: Start
    ahead: Mapping[str, Ahead]
    usual: float
    """Contacts that the days before let expect from midnight until now."""
    at_one_desk: bool


def of_hours(
    known: Known, fitted: Fit, settings: Nowcast, watch: Watch, learns: str = HOUR, roster: Roster | None = None
) -> Hours:
    """The hours ahead, with each alternative; `learns` of today as level.py says, `roster` None: that of people.py."""
    until = known.now + 60.0 * settings.hours
    passed, to_come = stretches(known.history, known.now, until)
    rhythm = rhythm_of(fitted.history)
    luck = np.random.default_rng([settings.seed, 4])
    rates = rates_ahead(known.history, rhythm, known.now, to_come, passed, settings.draws, luck, learns)
    start = Start(known, fitted, roster or roster_ahead(known, fitted, until), to_come, rates, settings.seed)
    marks, anger = edges(known.now, settings.hours), anger_of("phone")
    more = {AS_GIVEN: [], **{name: _written(people) for name, people in settings.alternatives.items()}}
    found = {}
    with tempfile.TemporaryDirectory(prefix="caresim_") as folder:
        place = Path(folder)
        written = begin.write(start, place, more)
        contacts = pd.read_csv(place / "contacts.csv", usecols=["arrival"], dtype=str)
        shift = begin.midnight(known, contacts)
        for name, experiment in written.experiments.items():
            staffing = PLUS if more[name] else STAFFING
            runs = replicated(
                place, experiment, settings.seed, settings.replications, settings.workers, watch, staffing
            )
            found[name] = ahead_of(runs, shift, marks, anger)
    return Hours(start, found, float(sum(rhythm.expected(cell) for cell in passed)), written.at_one_desk)


def _written(people: Any) -> list[dict[str, Any]]:
    """As replay.extra takes them."""
    return [row.model_dump(mode="json", exclude_none=True) for row in people]
