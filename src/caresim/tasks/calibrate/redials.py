"""Who calls again after hanging up: a law, where customers are known by a name or number, and the calls that it makes.

The next call of a customer who hung up may be a redial if it comes within HORIZON_MIN. Customers call again for other
reasons, too: as many do so, and as evenly, as call again so soon after they were answered.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from caresim.tasks.calibrate.history import Floats, History

HORIZON_MIN = 240.0
"""Minutes after a hang-up within which the next call may be a redial. Assumption."""
FEWEST = 30
"""Customers known by name who hung up, from which a law is told."""
UNKNOWN = ("", "0", "-1")
"""How a file writes a customer whom it does not know."""
FEWEST_AGAIN = 10
"""Of them, who call again."""
GAIN = 4.5
"""Logarithm of the likelihood over that of no redials, below which they stay in the arrivals: three standard errors."""
LN2, Z90 = math.log(2.0), 1.6449


@dataclass(frozen=True)
class Redials:
    """Share of those who hang up, and known by name, who call again, with its 90 % interval; and how soon."""

    share: float
    low: float
    high: float
    gap_min: float
    gap_low: float
    gap_high: float
    """Mean of the exponential time from hanging up to the next call, minutes, with its 90 % interval."""
    hung_up: int
    """Known by name."""
    of_all: float
    """What is drawn of all who hang up: as many as are taken out of the arrivals, which are those of known names."""
    rows: NDArray[np.intp]
    """The contacts of the history that are taken for redials."""

    @property
    def behaviour(self) -> dict[str, Any]:
        """The keys of `behaviour` that draw them."""
        scale = self.of_all / self.share if self.share > 0 else 0.0
        source = f"fitted: of {self.hung_up} who hung up and are known by name, in the share that they are of all"
        median, *between = (f"{round(LN2 * gap, 3)} min" for gap in (self.gap_min, self.gap_low, self.gap_high))
        ends = [f"{round(100 * min(scale * end, 0.99), 3)} %" for end in (self.low, self.high)]
        return {
            "phone": {
                "abandon_redial": {"value": f"{round(100 * self.of_all, 3)} %", "range": ends, "source": source},
                "abandon_gap": {"value": median, "range": between, "source": "fitted: median of an exponential time"},
            }
        }


def redials_of(history: History, seed: int) -> Redials | None:
    """None where the file does not say who calls, too few are known who hung up, or hardly any of them call again.

    Maximum likelihood of the time from a hang-up to the next call: a share of customers redials after an exponential
    time, and all of them call for other reasons as evenly as those do who were answered. Which later calls are redials
    is drawn, each with its own chance.
    """
    named = ~np.isin(history.customer, UNKNOWN)
    lost, served = np.flatnonzero(named & history.abandoned), np.flatnonzero(named & history.answered)
    if len(lost) < FEWEST or "wait_s" not in history.given:
        return None
    following, last = _next_call(history, named), float(history.arrival.max())
    lost, served = (rows[history.ended[rows] <= last - HORIZON_MIN] for rows in (lost, served))
    (later, delays), (_, others) = (_delays(history, rows, following) for rows in (lost, served))
    if min(len(lost), len(served)) < FEWEST or len(delays) < FEWEST_AGAIN:
        return None
    usual, silent = len(others) / len(served), len(lost) - len(delays)
    at, sd, gained = _most_likely(delays, silent, usual)
    share, gap = _from_logit(at[0]), math.exp(at[1])
    if gained < GAIN or gap > HORIZON_MIN:
        return None
    rng = np.random.default_rng([seed, 5])
    taken = np.sort(later[rng.random(len(later)) < _chances(delays, share, gap, usual)]).astype(np.intp)
    return Redials(
        share, _from_logit(at[0] - Z90 * sd[0]), _from_logit(at[0] + Z90 * sd[0]), gap,
        math.exp(at[1] - Z90 * sd[1]), math.exp(at[1] + Z90 * sd[1]), len(lost),
        len(taken) / max(int(history.abandoned.sum()), 1), taken,
    )  # fmt: skip


def _parts(delays: Floats, share: float, gap: float, usual: float) -> tuple[Floats, Floats]:
    """Densities of a next call after so many minutes: as a redial, and for other reasons."""
    redial = share / gap * np.exp(-delays / gap) * (1.0 - usual * delays / HORIZON_MIN)
    return redial, (1.0 + share * np.expm1(-delays / gap)) * usual / HORIZON_MIN


def _chances(delays: Floats, share: float, gap: float, usual: float) -> Floats:
    """That each next call is a redial."""
    redial, other = _parts(delays, share, gap, usual)
    return np.asarray(redial / (redial + other))


def _most_likely(delays: Floats, silent: int, usual: float) -> tuple[Floats, Floats, float]:
    """Logit of the share and logarithm of the mean time, their standard errors by the likelihood's curvature, and by
    how much the logarithm of the likelihood exceeds that of no redials.
    """

    def loss(at: Floats) -> float:
        share, gap = _from_logit(at[0]), math.exp(at[1])
        seen = np.log(np.maximum(np.add(*_parts(delays, share, gap, usual)), 1e-300)).sum()
        none = (1.0 + share * math.expm1(-HORIZON_MIN / gap)) * (1.0 - usual)
        return -float(seen + silent * math.log(max(none, 1e-300)))

    first = np.array([-0.5, math.log(max(float(np.median(delays)), 0.1))])
    at = minimize(loss, first, method="Nelder-Mead", options={"xatol": 1e-6, "fatol": 1e-8, "maxiter": 2000}).x
    step, unit = 1e-3, np.eye(2)
    curvature = np.array(
        [
            [
                loss(at + step * (unit[i] + unit[j])) - loss(at + step * (unit[i] - unit[j]))
                - loss(at - step * (unit[i] - unit[j])) + loss(at - step * (unit[i] + unit[j]))
                for j in range(2)
            ]
            for i in range(2)
        ]
    ) / (4.0 * step * step)  # fmt: skip
    gained = loss(np.array([-50.0, first[1]])) - loss(at)
    return np.asarray(at), np.sqrt(np.maximum(np.diag(np.linalg.pinv(curvature)), 0.0)), gained


def _from_logit(value: float) -> float:
    return 1.0 / (1.0 + math.exp(-value))


def without(history: History, redials: Redials) -> History:
    """The first calls alone."""
    fresh = np.ones(len(history), bool)
    fresh[redials.rows] = False
    return history.of(fresh)


def _next_call(history: History, named: NDArray[np.bool_]) -> NDArray[np.int64]:
    """For each contact the next one of the same customer; -1: none."""
    rows = np.flatnonzero(named)
    order = rows[np.lexsort((history.arrival[rows], history.customer[rows]))]
    following = np.full(len(history), -1)
    same = history.customer[order][1:] == history.customer[order][:-1]
    following[order[:-1][same]] = order[1:][same]
    return following


def _delays(history: History, rows: NDArray[np.intp], following: NDArray[np.int64]) -> tuple[NDArray[np.int64], Floats]:
    """The next calls within HORIZON_MIN of the end of these, and how many minutes later they came."""
    later = following[rows]
    there = later >= 0
    apart = history.arrival[later[there]] - history.ended[rows[there]]
    soon = (apart > 0) & (apart <= HORIZON_MIN)
    return later[there][soon], apart[soon]
