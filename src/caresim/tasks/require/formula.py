"""How many people a desk of calls needs, by formulas: time-varying Erlang A with redials, on days that differ.

A day's calls are those of the file times a factor that no planner knows: gamma distributed with the mean 1 (Jongbloed,
Koole 2001). Levels fall as it grows. So a target is met with a probability p just when it is met on the day whose
factor is the p-quantile (Gurvich, Luedtke, Tezcan 2010). That day is what people are found for, interval by interval.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from caresim.config.pace import Pace
from caresim.tasks.require.grid import Floats
from caresim.tasks.require.settings import ABANDONMENT, SERVICE_LEVEL, Requirement
from caresim.tasks.require.traffic import Calls
from caresim.theory import TimeVarying, time_varying
from caresim.theory.time_varying import Seen

DAYS = np.array([0.005, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.98, 0.995])
"""Quantiles of the days that the people who were found are judged on."""
NOBODY_CALLS = 1e-6
"""Calls of an interval below which there is nobody to judge by."""


@dataclass(frozen=True)
class Found:
    """What a desk needs, by interval; NaN and 0 people where it is closed."""

    people: Floats
    attempts: Floats
    """Calls of a mean day with these people, redials included."""
    level: Floats
    """Of all calls, over all days."""
    probability: Floats
    """Share of days on which the target is met in this interval."""


def required(calls: Calls, settings: Requirement, within: float, short: float, width: float) -> Found:
    """The fewest people of each interval that meet the target with its probability; `within`, `short` in minutes."""
    measure = Measure(settings, within, short)
    factors, weights = days(settings.day_cv.value)
    busy = quantile(settings.day_cv.value, settings.probability.value)
    mean = calls.service_mean
    places = places_for(calls, float(factors.max()), within, width)
    one, many = (_empty(calls, lines, places) for lines in (1, len(factors)))
    found = Found(*(np.full(len(calls.fresh), np.nan) for _ in range(4)))
    found.people[:] = 0.0
    least, before = int(settings.least.value), 0
    pace = Pace("finding people by theory", len(calls.fresh))
    for place, rate in enumerate((calls.fresh / width).tolist()):
        pace.at(place)
        if not calls.open[place]:
            one, many = (_empty(calls, lines, places) for lines in (1, len(factors)))
            continue
        rates, length = np.array([busy * rate]), float(mean[place])

        def met(servers: int, line: TimeVarying = one, rates: Floats = rates, length: float = length) -> bool:
            return measure.met(line.after(rates, length, servers, width)[1])

        start = before or math.ceil(busy * rate * length)
        people = fewest(met, start, least, places - 2)
        before = people
        one, _ = one.after(rates, length, people, width)
        many, seen = many.after(factors * rate, length, people, width)
        level = measure.of(seen)
        found.people[place] = people
        # The days that are looked at are a little quieter than the mean day; a mean day has the calls of the forecast.
        found.attempts[place] = float(weights @ seen.calls) / float(weights @ factors)
        found.level[place] = float(weights @ (seen.calls * level) / max(float(weights @ seen.calls), 1e-300))
        found.probability[place] = measure.probability(level, factors, settings.day_cv.value)
        if found.attempts[place] < NOBODY_CALLS:
            found.level[place], found.probability[place] = np.nan, 1.0
    return found


@dataclass(frozen=True)
class Measure:
    """The target as a number of a line, and which numbers meet it."""

    settings: Requirement
    within: float
    short: float

    def of(self, seen: Seen) -> Floats:
        """Of each line: the share within the time, the share that hangs up, or the mean wait in minutes."""
        if self.settings.target == SERVICE_LEVEL:
            return seen.service_level(self.within, self.short)
        return seen.abandonment if self.settings.target == ABANDONMENT else seen.mean_wait

    def met(self, seen: Seen) -> bool:
        """Does the first line meet the target? Where nobody calls it does."""
        return float(seen.calls[0]) < NOBODY_CALLS or self.margin(float(self.of(seen)[0])) >= 0.0

    def margin(self, level: float) -> float:
        """By how much a level is better than the target."""
        if self.settings.target == SERVICE_LEVEL:
            return level - self.settings.share
        return (self.settings.share if self.settings.target == ABANDONMENT else self.within) - level

    def probability(self, levels: Floats, factors: Floats, cv: float) -> float:
        """Share of days that meet the target: up to the factor, between two that were looked at, where it is lost."""
        margins = np.array([self.margin(float(level)) for level in levels])
        if len(factors) == 1:
            return float(margins[0] >= 0.0)
        lost = np.flatnonzero(margins < 0.0)
        if not len(lost):
            return float(DAYS[-1])
        if lost[0] == 0:
            return 0.0
        low, high = lost[0] - 1, lost[0]
        part = margins[low] / (margins[low] - margins[high])
        return below(cv, float(factors[low] + part * (factors[high] - factors[low])))


def fewest(met: Callable[[int], bool], start: int, least: int, most: int) -> int:
    """The smallest number from `least` on that is met, looked for around `start`; `most` where none below it is."""
    now, step = min(max(start, least), most), 1
    if met(now):
        low, high = least - 1, now
        while high > least:
            down = max(least, high - step)
            if not met(down):
                low = down
                break
            high, step = down, 2 * step
    else:
        low, high = now, most
        while low < most:
            up = min(most, low + step)
            if up == most or met(up):
                high = up
                break
            low, step = up, 2 * step
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if met(middle) else (middle, high)
    return high


def quantile(cv: float, probability: float) -> float:
    """The factor on a day's calls that a share `probability` of days does not exceed; gamma with the mean 1."""
    from scipy.special import gammaincinv

    return float(gammaincinv(cv**-2, probability) * cv**2) if cv > 0 else 1.0


def below(cv: float, factor: float) -> float:
    """The share of days whose factor is at most this."""
    from scipy.special import gammainc

    return float(gammainc(cv**-2, factor * cv**-2)) if cv > 0 else float(factor >= 1.0)


def days(cv: float) -> tuple[Floats, Floats]:
    """Factors of some days from quiet to busy, and the share of all days that each stands for."""
    if cv <= 0:
        return np.ones(1), np.ones(1)
    edges = np.concatenate(([0.0], (DAYS[1:] + DAYS[:-1]) / 2.0, [1.0]))
    factors = np.array([quantile(cv, float(share)) for share in DAYS])
    return factors, np.diff(edges)


def places_for(calls: Calls, busiest: float, within: float, width: float) -> int:
    """Room for everybody who may be in the system, with a wide margin."""
    rate = busiest * float(calls.fresh.max(initial=0.0)) / width / max(1.0 - calls.redial_share, 0.2)
    load = rate * float(calls.service_mean.max())
    stays = min(max(within, 2.0), calls.patience_mean, 30.0)
    return math.ceil(1.2 * load + 12.0 * math.sqrt(load) + 3.0 * rate * stays) + 60


def _empty(calls: Calls, lines: int, places: int) -> TimeVarying:
    return time_varying(lines, places, calls.patience_mean, calls.redial_share, calls.redial_gap)
