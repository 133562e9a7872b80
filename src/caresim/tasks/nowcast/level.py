"""How many contacts the hours ahead will bring: the level of the day, told from its hours until now.

A contact rate is the level of the weekday times a factor of the day times a factor of the hour (calibrate/arrivals.py).
Both resemble their neighbours (autoregressions of the logarithm): that of the day changes slowly, those of the hours
quickly, and more in quiet hours. A particle filter (Gordon, Salmond and Smith 1993) weighs draws of both by the counts
of the hours that have passed.
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


KEEPS = 0.95
"""Of the day's factor, from an hour to the next. Of 0.8, 0.9, 0.95 and 1, 0.95 had the best CRPS of counts on a bank's
calls of 10 to 23 January 1999, and on posts to airlines of 2015.
"""
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
    spread: tuple[float, float]
    """Of the logarithm of an hour's factor: of quiet hours, and of busy ones (above the mean of the day)."""
    alike: float
    """Correlation with that of the hour before."""

    def spread_of(self, stretch: Stretch) -> float:
        """That of the hour."""
        profile = self.arrivals.profile[stretch.day.weekday()]
        return self.spread[int(profile[stretch.hour] > profile.mean())]

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
    expected = np.zeros_like(counts)
    for n in range(len(days) if len(days) > 1 else 0):
        others = np.arange(len(days)) != n
        whole = counts[others].sum(axis=0) / counts[others].sum()
        expected[n] = counts[n].sum() * profile_of(counts[others & (weekday == weekday[n])], whole)
    away, busy = counts - expected, expected > expected.mean(axis=1, keepdims=True)
    variance = [_variance(away[there], expected[there]) for there in (~busy, busy)]
    scale = expected * np.sqrt(np.where(busy, variance[1], variance[0]))
    below = float((scale[:, 1:] * scale[:, :-1]).sum())
    alike = float((away[:, 1:] * away[:, :-1]).sum()) / below if below > 0 else 0.0
    quiet, busiest = (float(np.sqrt(np.log1p(one))) for one in variance)
    return Rhythm(arrivals, (quiet, busiest), float(np.clip(alike, 0.0, MOST_ALIKE)))


def _variance(away: Floats, expected: Floats) -> float:
    """Of the factor, whose counts miss what was expected by so much."""
    squares = float((expected**2).sum())
    excess = float((away**2 - expected).sum()) / squares if squares > 0 else USUAL_SPREAD**2
    return max(excess, LEAST_SPREAD**2)


def stretches(history: History, now: float, until: float) -> tuple[list[Stretch], list[Stretch]]:
    """The hours of today until now, and those from now to minute `until`."""
    zone, zero = ZoneInfo(history.zone), history.start.astimezone(UTC)
    moment = (zero + timedelta(minutes=now)).astimezone(zone)
    at = (datetime(moment.year, moment.month, moment.day, tzinfo=zone).astimezone(UTC) - zero) / timedelta(minutes=1)
    passed: list[Stretch] = []
    ahead: list[Stretch] = []
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
    luck: np.random.Generator, learns: str = HOUR, keeps: float = KEEPS,
) -> Floats:  # fmt: skip
    """Contacts expected in each stretch ahead, shape (stretches, draws): draws of the day's and the hours' factors."""
    alike = rhythm.alike if learns == HOUR else 0.0
    known = passed if learns != NOTHING else []
    of_day, of_hour = _filtered(history, rhythm, known, alike, keeps, luck)
    chosen = luck.integers(PARTICLES, size=draws)
    of_day, of_hour = of_day[chosen], of_hour[chosen]
    rates, before = np.empty((len(ahead), draws)), known[-1] if known else None
    for n, cell in enumerate(ahead):
        if before is not None and (before.hour, before.day) != (cell.hour, cell.day):
            of_hour = alike * of_hour + np.sqrt(1.0 - alike**2) * luck.standard_normal(draws)
            of_day = _next(rhythm, of_day, keeps, luck)
        rates[n] = rhythm.expected(cell) * np.exp(_log_factor(rhythm, cell, of_day, of_hour))
        before = cell
    return rates


def _log_factor(rhythm: Rhythm, cell: Stretch, of_day: Floats, of_hour: Floats) -> Floats:
    """Logarithm of the factor of an hour; `of_hour` in standard deviations, so that its mean factor is 1."""
    spread = rhythm.spread_of(cell)
    return of_day + spread * of_hour - spread**2 / 2.0


def _next(rhythm: Rhythm, of_day: Floats, keeps: float, luck: np.random.Generator) -> Floats:
    """The day's factor an hour later: it keeps a share of itself, and the rest is new."""
    if keeps >= 1.0:
        return of_day
    return keeps * of_day + np.sqrt(1.0 - keeps**2) * _day_factors(rhythm, len(of_day), luck)


def _day_factors(rhythm: Rhythm, count: int, luck: np.random.Generator) -> Floats:
    """Logarithms of factors of a new day."""
    found = rhythm.arrivals.spread * luck.standard_t(rhythm.arrivals.degrees, count)
    return np.clip(found, -MOST_AWAY, MOST_AWAY)


def _filtered(
    history: History, rhythm: Rhythm, passed: list[Stretch], alike: float, keeps: float, luck: np.random.Generator
) -> tuple[Floats, Floats]:
    """Equally likely draws of the day's factor (logarithm) and the present hour's, given the hours that passed."""
    of_day = _day_factors(rhythm, PARTICLES, luck)
    of_hour = luck.standard_normal(PARTICLES)
    counts = counts_in(history, passed)
    weights = np.zeros(PARTICLES)
    for n, (cell, count) in enumerate(zip(passed, counts.tolist(), strict=True)):
        if n:
            of_hour = alike * of_hour + np.sqrt(1.0 - alike**2) * luck.standard_normal(PARTICLES)
            of_day = _next(rhythm, of_day, keeps, luck)
        expected = rhythm.expected(cell)
        if expected <= 0.0:
            continue  # an hour in which nobody ever came says nothing of the others
        log_rate = _log_factor(rhythm, cell, of_day, of_hour)
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
