"""A nowcast of a written desk: what is known until now, the fit to it, and courses of the hours ahead."""

from __future__ import annotations

import importlib
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from types import ModuleType

import numpy as np
import pandas as pd

from caresim.config.pace import Pace
from caresim.tasks.backtest.desks.forecast import MOST_FITTED, ORIGINS, inner_chains, weights_earned
from caresim.tasks.backtest.desks.hours import opening_of
from caresim.tasks.backtest.desks.pool import MEMBERS, QUEUE
from caresim.tasks.backtest.desks.posterior import Fit
from caresim.tasks.nowcast.desk.ahead import DeskAhead, ahead_of, edges, table_of
from caresim.tasks.nowcast.desk.coming import coming
from caresim.tasks.nowcast.desk.courses import Fitted, by_member, courses_of, played
from caresim.tasks.nowcast.desk.known import HOUR, KnownDesk, known_at
from caresim.tasks.nowcast.desk.laws import members_of
from caresim.tasks.nowcast.desk.settings import QUEUE_ALONE, NowcastOfDesk
from caresim.tasks.nowcast.hours_ahead import HoursAhead
from caresim.tasks.nowcast.settings import AS_GIVEN

FIGURE = "caresim.tasks.nowcast.desk.figure"
WARM_UP = 1440.0
"""Minutes before now from which a forecast without the state begins, with nobody waiting."""


@dataclass(frozen=True)
class NowcastedDesk(HoursAhead):
    """What came out: `table` as in ahead.py, `ahead` with all courses by alternative."""

    settings: NowcastOfDesk
    known: KnownDesk
    fitted: Fitted
    ahead: Mapping[str, DeskAhead]
    table: pd.DataFrame
    notes: Sequence[str]
    durations: dict[str, float]

    @staticmethod
    def drawn_by() -> ModuleType:
        return importlib.import_module(FIGURE)

    @property
    def open_posts(self) -> pd.DataFrame:
        """Which posts wait, and which have expired: a row each."""
        return self.known.open_posts


def nowcast(settings: NowcastOfDesk) -> NowcastedDesk:
    """Read, fit, run. BadInput where the file cannot be used, or tells too little."""
    started = time.perf_counter()
    known, notes = known_at(settings)
    was_read = time.perf_counter()
    fitted = fit(known, settings)
    was_fitted = time.perf_counter()
    ahead = of_hours(known, fitted, settings)
    durations = {
        "read_s": was_read - started,
        "fit_s": was_fitted - was_read,
        "predict_s": time.perf_counter() - was_fitted,
    }
    return NowcastedDesk(settings, known, fitted, ahead, table_of(known, ahead), notes, durations)


def fit(known: KnownDesk, settings: NowcastOfDesk) -> Fitted:
    """The desk as backtest=desks fits it to all that is known, with the weights that its members earn."""
    asked, posts, stretches = settings.fit, known.posts, known.stretches
    luck = np.random.default_rng([settings.seed, 6])
    inner = len(ORIGINS) * inner_chains(asked)
    pace = Pace("fitting the desk", (inner + asked.chains) * (asked.steps - asked.steps // 3))
    done = 0

    def step() -> None:
        nonlocal done
        done += 1
        pace.at(done)

    weights = weights_earned(posts, stretches, asked, luck, step)
    opening = opening_of(posts, stretches, asked)
    trained = np.zeros(len(posts), bool)
    trained[np.flatnonzero(stretches.trained(posts))[-MOST_FITTED:]] = True
    walk = Fit(posts, trained, known.now, opening.hours, asked)
    desks = []
    for _ in range(asked.chains):
        for desk in walk.chain(asked.steps, luck):
            desks.append(desk)
            step()
    of_members = dict(zip(MEMBERS, weights.tolist(), strict=True))
    return Fitted(desks, opening, of_members, members_of(known), asked.priors.handling_sigma.value)


def of_hours(
    known: KnownDesk, fitted: Fitted, settings: NowcastOfDesk, watched: float = np.inf
) -> dict[str, DeskAhead]:
    """The hours ahead as the pool tells them; with alternatives, the queue alone, and it with people on top.

    `watched`: the minute until which replies would be seen.
    """
    luck = np.random.default_rng([settings.seed, 7])
    marks = edges(known.now, settings.hours)
    posts = coming(known, settings, known.now, marks[-1], settings.draws, luck)
    courses, _ = courses_of(known, fitted, by_member(fitted.weights, settings.draws), posts, luck)
    found = {AS_GIVEN: ahead_of(courses, marks, known.longest, watched)}
    if settings.alternatives:
        base, queued = courses_of(known, fitted, [QUEUE] * settings.draws, posts, luck)
        found[QUEUE_ALONE] = ahead_of(base, marks, known.longest, watched)
        for name in settings.alternatives:
            more = played(queued, on_top(known, settings, name))
            found[name] = ahead_of(more, marks, known.longest, watched)
    return found


def without_state(known: KnownDesk, fitted: Fitted, settings: NowcastOfDesk, watched: float = np.inf) -> DeskAhead:
    """The same model without the state: neither who waits is known nor how busy today is."""
    luck = np.random.default_rng([settings.seed, 8])
    marks = edges(known.now, settings.hours)
    posts = coming(known, settings, known.now - WARM_UP, marks[-1], settings.draws, luck, learns=False)
    courses, _ = courses_of(known, fitted, by_member(fitted.weights, settings.draws), posts, luck, aware=False)
    return ahead_of(courses, marks, known.longest, watched)


def on_top(known: KnownDesk, settings: NowcastOfDesk, name: str) -> list[tuple[float, float, int]]:
    """From, to (minutes) and how many people of an alternative are there in the hours ahead."""
    until = known.now + HOUR * settings.hours
    today, spells = known.moment(known.now).date(), []
    for row in settings.alternatives[name]:
        for ahead in range(-1, settings.hours // 24 + 2):
            day = today + timedelta(days=ahead)
            begins, ends = (known.minute(day, clock.minutes) for clock in (row.start, row.end))
            dated = (row.first is None or row.first <= day) and (row.last is None or day <= row.last)
            if dated and day.weekday() in row.days and ends > known.now and begins < until:
                spells.append((max(begins, known.now), ends, round(row.headcount.value)))
    return spells
