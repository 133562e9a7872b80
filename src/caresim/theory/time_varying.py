"""M(t)/M/c(t)+M: a line through a day, from one interval to the next, with callers who redial.

The Kolmogorov forward equations of the number in the system are integrated, so that what an interval leaves waiting is
there in the next one; nothing is taken to have settled. Redials come from a mean number of callers who will call again
(Mandelbaum, Massey, Reiman, Stolyar, Rider 2002: the fluid of retrials).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.linalg.lapack import dgttrf, dgttrs
from scipy.special import gammaln

from caresim.theory.checks import not_negative, positive, share, whole
from caresim.theory.offered import Floats

GAMMA = 1.0 - 1.0 / math.sqrt(2.0)
"""Of the two-stage implicit Runge-Kutta step of order 2 that damps what is fast (Alexander 1977)."""
STEPS_A_SERVICE = 6
"""Steps within one mean handling time. With twice as many no level moves by 0.001 (tests/theory)."""
MOST_STEPS = 400
"""Within one stretch at the same rates."""
REDIAL_STEP = 8
"""Redials are brought up to date so often within a mean gap, and at least once in an interval."""


@dataclass(frozen=True)
class Seen:
    """What the calls of an interval met, a row for each line that was followed."""

    calls: Floats
    """Of the interval, redials included; shape (lines,)."""
    found: Floats
    """Probability that a call finds 0, 1, ... calls in the system; shape (lines, places + 1)."""
    servers: int
    service_mean: float
    patience_mean: float

    def _of_calls(self, by_turns: Floats) -> Floats:
        """The mean over all calls of what a call has that needs 0, 1, 2, ... departures until its turn."""
        waits = self.found[:, self.servers :]
        return self.found[:, : self.servers].sum(axis=1) * by_turns[0] + waits @ by_turns[1 : waits.shape[1] + 1]

    def _hazard(self) -> tuple[Floats, float]:
        """Rate of departures ahead of whoever needs 1, 2, ... of them, and of giving up."""
        hazard = 1.0 / self.patience_mean
        turns = np.arange(self.found.shape[1] - self.servers)
        return self.servers / self.service_mean + turns * hazard, hazard

    def served_within(self, time: float) -> Floats:
        """Share that is answered after a wait of at most `time`."""
        return self._of_calls(self._in_time(not_negative("time", time))[0])

    def abandoned_within(self, time: float) -> Floats:
        """Share that hangs up after a wait of at most `time`."""
        served, beyond = self._in_time(not_negative("time", time))
        return self._of_calls(np.maximum(0.0, 1.0 - served - beyond))

    def service_level(self, within: float, short_abandonment: float = 0.0) -> Floats:
        """Answered `within` that time, divided by answered or abandoned after more than `short_abandonment`."""
        forgiven = self.abandoned_within(short_abandonment) if short_abandonment > 0 else 0.0
        return self.served_within(within) / np.maximum(1.0 - forgiven, 1e-12)

    @property
    def abandonment(self) -> Floats:
        """Share that hangs up before being answered, at some time."""
        rates, hazard = self._hazard()
        stays = np.concatenate(([1.0], np.cumprod(rates / (rates + hazard))))
        return self._of_calls(1.0 - stays)

    @property
    def mean_wait(self) -> Floats:
        """Mean wait of all calls, until the answer or until they hang up."""
        rates, hazard = self._hazard()
        waits = np.zeros(len(rates) + 1)
        for turn, rate in enumerate(rates, start=1):
            waits[turn] = (1.0 + rate * waits[turn - 1]) / (rate + hazard)
        return self._of_calls(waits)

    def _in_time(self, time: float) -> tuple[Floats, Floats]:
        states = self.found.shape[1] - self.servers
        return _turns_within(self.servers / self.service_mean, 1.0 / self.patience_mean, states, time)


@lru_cache(maxsize=512)
def _turns_within(drain: float, hazard: float, states: int, time: float) -> tuple[Floats, Floats]:
    """Probability that whoever needs 0, 1, 2, ... departures is answered within `time`, and that they still wait.

    By uniformisation of the chain of departures ahead: exact, with positive terms only (Jensen 1953).
    """
    rates = drain + np.arange(states) * hazard
    top = float(rates[-1] + hazard)
    mean = top * time
    terms = np.arange(int(mean + 10.0 * math.sqrt(mean) + 30))
    weights = np.exp(terms * math.log(mean) - mean - gammaln(terms + 1)) if mean > 0 else (terms == 0).astype(float)
    on, stay = rates / top, 1.0 - (rates + hazard) / top
    vectors = np.zeros((2, states + 1))
    vectors[0, 0], vectors[1, 1:] = 1.0, 1.0
    totals = np.zeros_like(vectors)
    for weight in weights:
        totals += weight * vectors
        vectors[:, 1:] = on * vectors[:, :-1] + stay * vectors[:, 1:]
    totals[0, 0] = 1.0
    return totals[0], totals[1]


@dataclass(frozen=True)
class TimeVarying:
    """Lines side by side at one moment, such as the same desk on a quiet day and on a busy one."""

    probability: Floats
    """Of 0, 1, ... calls in the system; shape (lines, places + 1). A call that finds all places taken is lost."""
    redialling: Floats
    """Callers who will call again; shape (lines,)."""
    patience_mean: float = math.inf
    redial_share: float = 0.0
    redial_gap: float = 1.0

    def after(self, fresh: Floats, service_mean: float, servers: int, length: float) -> tuple[TimeVarying, Seen]:
        """The lines `length` later, and what the calls of that time met.

        `fresh`: first calls per unit of time, shape (lines,). `servers` of fewer people than before leave at once: a
        call in hand goes back to the head of the queue.
        """
        mean, number = positive("service_mean", service_mean), whole("servers", servers)
        lines, redialling = self.probability, self.redialling
        calls, found = np.zeros(len(lines)), np.zeros_like(lines)
        stretches = 1
        if self.redial_share > 0:
            stretches = max(1, math.ceil(length * REDIAL_STEP / self.redial_gap))
        stretch = length / stretches
        keep = math.exp(-stretch / self.redial_gap)
        waiting = np.maximum(np.arange(lines.shape[1]) - number, 0)
        for _ in range(stretches):
            again = redialling / self.redial_gap if self.redial_share > 0 else 0.0
            rate = fresh + again
            lines, average = _onward(lines, rate, mean, number, 1.0 / self.patience_mean, stretch)
            calls += rate * stretch
            found += average * (rate * stretch)[:, None]
            if self.redial_share > 0:
                joins = self.redial_share * (average @ waiting) / self.patience_mean
                redialling = redialling * keep + joins * self.redial_gap * (1.0 - keep)
        seen = Seen(calls, found / np.maximum(calls, 1e-300)[:, None], number, mean, self.patience_mean)
        return TimeVarying(lines, redialling, self.patience_mean, self.redial_share, self.redial_gap), seen


def time_varying(
    lines: int, places: int, patience_mean: float = math.inf, redial_share: float = 0.0, redial_gap: float = 1.0
) -> TimeVarying:
    """So many empty lines M(t)/M/c(t)+M, to be followed interval by interval with `after`.

    `patience_mean` may be endless. `redial_share` of those who hang up call again after an exponential time with the
    mean `redial_gap`. `places` must be well above the number of servers: calls beyond it are lost.
    """
    if patience_mean != math.inf:
        positive("patience_mean", patience_mean)
    share("redial_share", redial_share)
    positive("redial_gap", redial_gap)
    empty = np.zeros((whole("lines", lines), whole("places", places) + 1))
    empty[:, 0] = 1.0
    return TimeVarying(empty, np.zeros(len(empty)), float(patience_mean), float(redial_share), float(redial_gap))


def _onward(
    lines: Floats, rate: Floats, mean: float, servers: int, hazard: float, length: float
) -> tuple[Floats, Floats]:
    """The probabilities `length` later at these rates, and their average on the way."""
    states = np.arange(lines.shape[1])
    down = np.minimum(states, servers) / mean + np.maximum(states - servers, 0) * hazard
    steps = min(MOST_STEPS, max(2, math.ceil(length * STEPS_A_SERVICE / mean)))
    step = length / steps
    size = GAMMA * step
    up = np.repeat(rate[:, None], len(states), axis=1)
    up[:, -1] = 0.0
    # All lines are one tridiagonal system: nothing leads from the last place of a line to the first of the next.
    below = -size * up.ravel()[:-1]
    above = -size * np.tile(down, len(lines))[1:]
    middle = 1.0 + size * (up + down).ravel()
    *factors, failed = dgttrf(below, middle, above)
    assert not failed
    now = lines.ravel()
    average = 0.5 * now
    for _ in range(steps):
        first = dgttrs(*factors, now)[0]
        now = dgttrs(*factors, now + (1.0 - GAMMA) / GAMMA * (first - now))[0]
        average = average + now
    average = (average - 0.5 * now) / steps
    return now.reshape(lines.shape), average.reshape(lines.shape)
