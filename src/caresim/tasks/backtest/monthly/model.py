"""Staffing that follows the calls with a lag, and what it leaves unanswered.

Within a month the load of an hour varies: its logarithm is normal, with mean load over staffing exp(x) and spread s.
Whatever exceeds staffing is abandoned (the fluid limit of Erlang A, in which patience sets the waits and not the share
abandoned: Whitt 2006, doi 10.1287/opre.1050.0227). So P(abandon) = E[(L - 1)+] / E[L], which has a closed form. Seen
months give x, and with the calls the staffing; it follows the calls of the month, and closes part of its gap to them
each month (error correction, long-run elasticity 1).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.stats import norm

from caresim.tasks.backtest.monthly.settings import Monthly

Floats = NDArray[np.float64]
Z90 = 1.6449
FREEDOM = 4.0
"""Of the law of jolts (Student's t): a lockdown is no usual month. Assumption."""
PRIOR_MONTHS = 4.0
"""Months that the prior of the jolts counts as."""
BURN = 0.25
FARTHEST = 4.0
"""Logarithm of load over staffing beyond which no month is."""


@dataclass(frozen=True)
class Draws:
    """Draws from the posterior, a row each."""

    headroom: Floats
    catching_up: Floats
    at_once: Floats
    jolt: Floats


def abandoned(x: Floats, spread: float) -> Floats:
    """P(abandon) where the logarithm of load over staffing is x on average (of the load) and its spread `spread`."""
    middle = x - spread**2 / 2.0
    return np.asarray(norm.cdf(middle / spread + spread) - np.exp(-x) * norm.cdf(middle / spread))


def load_of(share: Floats, spread: float) -> Floats:
    """The x at which so many calls are abandoned."""
    least, most = (float(abandoned(np.array(x), spread)) for x in (-FARTHEST, FARTHEST))

    def solved(value: float) -> float:
        kept = min(max(value, 1e-4, least * 1.01), most * 0.99)
        return float(brentq(lambda x: float(abandoned(np.array(x), spread)) - kept, -FARTHEST, FARTHEST))

    return np.array([solved(float(value)) for value in share])


def fitted(offered: Floats, staffing: Floats, settings: Monthly, rng: np.random.Generator) -> Draws:
    """The posterior of how staffing follows calls (Gibbs, with weights for Student's t: Geweke 1993).

    `offered` and `staffing` are logarithms, a month each.
    """
    change = np.diff(staffing)
    gap, calls = (offered - staffing)[:-1], np.diff(offered)
    design = np.column_stack([np.ones(len(change)), gap, calls])
    laws = [_law(settings.catching_up), _law(settings.at_once)]
    usual = settings.headroom
    assert usual.low is not None
    assert usual.high is not None
    # Where all is settled, staffing exceeds the calls by the headroom: the constant is catching_up x headroom.
    middle = np.array([laws[0][0] * usual.value, laws[0][0], laws[1][0]])
    sd = np.array([laws[0][0] * (usual.high - usual.low) / (2 * Z90), laws[0][1], laws[1][1]])
    precision = np.diag(1.0 / sd**2)
    weight, variance, rows = np.ones(len(change)), settings.jolt.value**2, []
    steps = math.ceil(settings.draws / (1.0 - BURN)) + 1
    for step in range(steps):
        scaled = design * (weight / variance)[:, None]
        root = np.linalg.cholesky(design.T @ scaled + precision)
        mean = np.linalg.solve(root.T, np.linalg.solve(root, scaled.T @ change + precision @ middle))
        at = mean + np.linalg.solve(root.T, rng.standard_normal(3))
        error = change - design @ at
        variance = (PRIOR_MONTHS * settings.jolt.value**2 + float((weight * error**2).sum())) / rng.chisquare(
            PRIOR_MONTHS + len(change)
        )
        weight = rng.gamma((FREEDOM + 1.0) / 2.0, 1.0, len(change)) * 2.0 / (FREEDOM + error**2 / variance)
        if step >= steps - settings.draws:
            rows.append((*at, math.sqrt(variance)))
    return Draws(*np.array(rows).T)


def _law(quantity: object) -> tuple[float, float]:
    low, high = quantity.low, quantity.high  # type: ignore[attr-defined]
    return quantity.value, (high - low) / (2.0 * Z90)  # type: ignore[attr-defined]


def predicted(
    draws: Draws, staffing: float, before: float, offered: Floats, spread: float, rng: np.random.Generator
) -> Floats:
    """P(abandon) of later months, (months, draws), from the last month's staffing and calls and the later calls."""
    level, earlier, shares = np.full(len(draws.jolt), staffing), before, []
    for calls in offered:
        drift = draws.headroom + draws.catching_up * (earlier - level) + draws.at_once * (calls - earlier)
        level = level + drift + draws.jolt * rng.standard_t(FREEDOM, len(level))
        earlier = float(calls)
        shares.append(abandoned(calls - level, spread))
    return np.array(shares)


def forecast(
    offered: Floats, share: Floats, last: int, until: int, settings: Monthly, rng: np.random.Generator
) -> tuple[Floats, Draws]:
    """P(abandon) of the months from `last` to `until`, (months, draws), by what is known before; and the draws."""
    spread, calls = settings.unevenness.value, np.log(offered)
    staffing = calls[:last] - load_of(share[:last], spread)
    draws = fitted(calls[:last], staffing, settings, rng)
    return predicted(draws, float(staffing[-1]), float(calls[last - 1]), calls[last:until], spread, rng), draws
