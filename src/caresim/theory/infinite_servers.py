"""M(t)/M/infinity: how many calls are in progress when nobody ever waits, while the rate of arrivals moves."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike

from caresim.config.errors import BadInput
from caresim.theory.checks import not_negative, positive
from caresim.theory.offered import Floats


@dataclass(frozen=True)
class SinusoidalLoad:
    """Mean number in the system for arrivals at the rate mean + amplitude sin(2 pi t / period), since long ago."""

    service_mean: float
    period: float
    mean: float
    """Mean number over a period."""
    amplitude: float
    """Half of the way from the lowest to the highest mean number."""
    lag: float
    """How much later than the rate the number peaks."""

    @property
    def peak(self) -> float:
        """The highest mean number."""
        return self.mean + self.amplitude

    def at(self, time: ArrayLike, start: float | None = None) -> Floats:
        """Mean number in the system at `time`, any shape; the number itself is Poisson with that mean.

        `start`: the system was empty at that time. Then no `time` may lie before it.
        """
        times = np.asarray(time, dtype=np.float64)
        settled = self._settled(times)
        if start is None:
            return settled
        if np.any(times < start):
            raise BadInput("time", time, f"must not be before start = {start:g}")
        return settled - self._settled(np.float64(start)) * np.exp(-(times - start) / self.service_mean)

    def _settled(self, times: Floats | np.float64) -> Floats:
        return np.asarray(self.mean + self.amplitude * np.sin(2 * math.pi * (times - self.lag) / self.period))


def sinusoidal_load(mean_rate: float, amplitude: float, period: float, service_mean: float) -> SinusoidalLoad:
    """M(t)/M/infinity with arrivals at mean_rate + amplitude sin(2 pi t / period) (Eick, Massey, Whitt 1993).

    The number in the system swings less than the rate, by sqrt(1 + (2 pi service_mean / period)^2), and lags behind.
    """
    rate, swing = positive("mean_rate", mean_rate), not_negative("amplitude", amplitude)
    cycle, mean = positive("period", period), positive("service_mean", service_mean)
    if swing > rate:
        raise BadInput("amplitude", amplitude, f"must be at most mean_rate = {rate:g}: no rate is below 0")
    turn = 2 * math.pi / cycle
    damped = swing * mean / math.hypot(1, turn * mean)
    return SinusoidalLoad(mean, cycle, rate * mean, damped, math.atan(turn * mean) / turn)


@dataclass(frozen=True)
class ProfileLoad:
    """Mean number in the system for a rate that is constant between `edges`; nobody arrives before or after them."""

    edges: tuple[float, ...]
    rates: tuple[float, ...]
    service_mean: float
    numbers: tuple[float, ...]
    """Mean number at each of the edges."""

    def at(self, time: ArrayLike) -> Floats:
        """Mean number in the system at `time`, any shape, from the first edge on."""
        times, edges = np.asarray(time, dtype=np.float64), np.array(self.edges)
        if not np.all(times >= edges[0]):
            raise BadInput("time", time, f"must not be before the first edge, {edges[0]:g}")
        last = np.searchsorted(edges, times, side="right") - 1
        passed = (times - edges[last]) / self.service_mean
        goal = np.array([*self.rates, 0.0])[last] * self.service_mean
        return np.asarray(np.array(self.numbers)[last] * np.exp(-passed) - goal * np.expm1(-passed))


def profile_load(
    edges: Sequence[float], rates: Sequence[float], service_mean: float, initial: float = 0.0
) -> ProfileLoad:
    """M(t)/M/infinity with arrivals at `rates[k]` from `edges[k]` to `edges[k + 1]` (Eick, Massey, Whitt 1993).

    `initial` is the mean number at the first edge. Solves m' = rate - m / service_mean piece by piece, exactly.
    """
    mean, number = positive("service_mean", service_mean), not_negative("initial", initial)
    bounds, levels = tuple(float(edge) for edge in edges), tuple(not_negative("rates", rate) for rate in rates)
    if not (len(bounds) == len(levels) + 1 >= 2 and all(math.isfinite(edge) for edge in bounds)):
        raise BadInput("edges", list(edges), f"must be {len(levels) + 1} finite times, one more than the rates")
    if any(later <= earlier for earlier, later in pairwise(bounds)):
        raise BadInput("edges", list(edges), "must increase")
    numbers = [number]
    for level, (earlier, later) in zip(levels, pairwise(bounds), strict=True):
        passed = (later - earlier) / mean
        numbers.append(numbers[-1] * math.exp(-passed) - level * mean * math.expm1(-passed))
    return ProfileLoad(bounds, levels, mean, tuple(numbers))
