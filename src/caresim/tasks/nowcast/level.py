"""How many contacts the hours ahead will bring: the level of the day, told from its hours until now.

A contact rate is the level of the weekday times a factor of the day times a factor of the hour (calibrate/arrivals.py).
The factor of the day stays, those of the hours resemble their neighbours (an autoregression of the logarithm). A
particle filter (Gordon, Salmond and Smith 1993) weighs draws of both by the counts of the hours that have passed.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from caresim.tasks.calibrate.arrivals import (
    HOURS,
    LEAST_SPREAD,
    MOST_AWAY,
    USUAL_SPREAD,
    Arrivals,
    arrivals_of,
    profile_of,
)
from caresim.tasks.calibrate.history import History

Floats = NDArray[np.float64]
NOTHING, DAY, HOUR = FILTERS = ("nothing", "day", "hours")
"""What is learnt from today: nothing; the factor of the day; that, and how the last hours were."""
PARTICLES = 4000
MOST_ALIKE = 0.95
"""Correlation of an hour's factor with the one before, at most: beyond it would be another factor of the day."""


JITTER = 0.1
"""By how much of their spread copies of a particle are drawn apart."""


class Stretch(NamedTuple):
    """An hour of the local clock, or what lies of it on one side of now; minutes of the history."""

    begins: float
    ends: float
    day: date
    hour: int

    @property
    def share(self) -> float:
        """Of an hour."""
        return (self.ends - self.begins) / 60.0


class Rhythm(NamedTuple):
    """How a centre's arrivals vary: `arrivals` as calibrated, and of the hours' factors how alike neighbours are."""

    arrivals: Arrivals
    spread: float
    """Of the logarithm of an hour's factor."""
    alike: float
    """Correlation with that of the hour before."""

    def expected(self, stretch: Stretch) -> float:
        """Contacts, before any factor. A weekday that was never seen has the level of the mean of all."""
        level = self.arrivals.level[stretch.day.weekday()]
        if np.isnan(level):
            level = float(np.exp(np.nanmean(np.log(self.arrivals.level))))
        return float(level * self.arrivals.profile[stretch.day.weekday(), stretch.hour] * stretch.share)


def rhythm_of(history: History, arrivals: Arrivals | None = None) -> Rhythm:
    """That of the training days. Each day's hours are held against its own total times the profile of the other days,
    so that what a profile misses counts as factors of the hours: their variance by the method of moments, and the
    covariance of neighbours in the same way.
    """
    arrivals = arrivals or arrivals_of(history)
    days = np.unique(history.day)
    counts = np.array([np.bincount(history.hour[history.day == day], minlength=HOURS) for day in days], np.float64)
    weekday = (days - 1) % 7
    excess, squares, above, below = 0.0, 0.0, 0.0, 0.0
    for n in range(len(days) if len(days) > 1 else 0):
        others = np.arange(len(days)) != n
        whole = counts[others].sum(axis=0) / counts[others].sum()
        expected = counts[n].sum() * profile_of(counts[others & (weekday == weekday[n])], whole)
        away = counts[n] - expected
        excess += float((away**2 - expected).sum())
        squares += float((expected**2).sum())
        above += float((away[1:] * away[:-1]).sum())
        below += float((expected[1:] * expected[:-1]).sum())
    variance = max(excess / squares, LEAST_SPREAD**2) if squares > 0 else USUAL_SPREAD**2
    alike = float(np.clip(above / below / variance, 0.0, MOST_ALIKE)) if below > 0 else 0.0
    return Rhythm(arrivals, float(np.sqrt(np.log1p(variance))), alike)


def stretches(history: History, now: float, until: float) -> tuple[list[Stretch], list[Stretch]]:
    """The hours of today until now, and those from now to minute `until`."""
    zone, zero = ZoneInfo(history.zone), history.start.astimezone(UTC)
    moment = (zero + timedelta(minutes=now)).astimezone(zone)
    at = (datetime(moment.year, moment.month, moment.day, tzinfo=zone).astimezone(UTC) - zero) / timedelta(minutes=1)
    passed, ahead = [], []
    while at < until - 1e-9:
        local = (zero + timedelta(minutes=at)).astimezone(zone)
        left = 60.0 - local.minute - local.second / 60.0 - local.microsecond / 6e7
        ends = min(at + left, now if at < now - 1e-9 else until)
        (passed if at < now - 1e-9 else ahead).append(Stretch(at, ends, local.date(), local.hour))
        at = ends
    return passed, ahead


def counts_in(history: History, cells: list[Stretch]) -> Floats:
    """Contacts of each."""
    edges = np.array([cell.begins for cell in cells] + [cells[-1].ends if cells else 0.0])
    return np.histogram(history.arrival, edges)[0].astype(np.float64) if cells else np.zeros(0)


def rates_ahead(
    history: History, rhythm: Rhythm, now: float, ahead: list[Stretch], passed: list[Stretch], draws: int,
    luck: np.random.Generator, learns: str = HOUR,
) -> Floats:  # fmt: skip
    """Contacts expected in each stretch ahead, shape (stretches, draws): draws of the day's and the hours' factors."""
    alike = rhythm.alike if learns == HOUR else 0.0
    of_day, of_hour = _filtered(history, rhythm, passed if learns != NOTHING else [], alike, luck)
    chosen = luck.integers(PARTICLES, size=draws)
    of_day, of_hour = of_day[chosen], of_hour[chosen]
    step = rhythm.spread * np.sqrt(1.0 - alike**2)
    rates, before = np.empty((len(ahead), draws)), passed[-1] if passed else None
    for n, cell in enumerate(ahead):
        same_hour = before is not None and before.hour == cell.hour and before.day == cell.day
        if learns == NOTHING or not same_hour:
            of_hour = alike * of_hour + step * luck.standard_normal(draws)
        if before is not None and before.day != cell.day:
            of_day = _day_factors(rhythm, draws, luck)
        rates[n] = rhythm.expected(cell) * np.exp(of_day + of_hour - rhythm.spread**2 / 2.0)
        before = cell
    return rates


def _day_factors(rhythm: Rhythm, count: int, luck: np.random.Generator) -> Floats:
    """Logarithms of factors of a new day."""
    found = rhythm.arrivals.spread * luck.standard_t(rhythm.arrivals.degrees, count)
    return np.clip(found, -MOST_AWAY, MOST_AWAY)


def _filtered(
    history: History, rhythm: Rhythm, passed: list[Stretch], alike: float, luck: np.random.Generator
) -> tuple[Floats, Floats]:
    """Equally likely draws (logarithms) of the day's factor and of the present hour's, given the hours that passed."""
    of_day = _day_factors(rhythm, PARTICLES, luck)
    of_hour = rhythm.spread * luck.standard_normal(PARTICLES)
    step = rhythm.spread * np.sqrt(1.0 - alike**2)
    counts = counts_in(history, passed)
    weights = np.zeros(PARTICLES)
    for n, (cell, count) in enumerate(zip(passed, counts.tolist(), strict=True)):
        if n:
            of_hour = alike * of_hour + step * luck.standard_normal(PARTICLES)
        log_rate = of_day + of_hour - rhythm.spread**2 / 2.0
        expected = rhythm.expected(cell)
        if expected <= 0.0:
            continue  # an hour in which nobody ever came says nothing of the others
        weights += count * log_rate - expected * np.exp(log_rate)
        likely = np.exp(weights - weights.max())
        if likely.sum() ** 2 < PARTICLES / 2 * (likely**2).sum():
            chosen = _evenly(likely, luck)
            of_day, of_hour, weights = _apart(of_day[chosen], luck), of_hour[chosen], np.zeros(PARTICLES)
    chosen = _evenly(np.exp(weights - weights.max()), luck)
    return of_day[chosen], of_hour[chosen]


def _apart(of_day: Floats, luck: np.random.Generator) -> Floats:
    """The factor of the day does not move, so that copies of it stay copies: they are drawn apart, with mean and spread
    as they were (Liu and West 2001).
    """
    noise = JITTER * of_day.std() * luck.standard_normal(len(of_day))
    return np.sqrt(1.0 - JITTER**2) * (of_day - of_day.mean()) + of_day.mean() + noise


def _evenly(weights: Floats, luck: np.random.Generator) -> NDArray[np.intp]:
    """Systematic resampling: as many copies of each as its weight is worth, to less than one."""
    places = (luck.random() + np.arange(len(weights))) / len(weights)
    return np.minimum(np.searchsorted(np.cumsum(weights) / weights.sum(), places), len(weights) - 1)
