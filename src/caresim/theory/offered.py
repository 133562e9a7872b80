"""The wait that a customer of endless patience would meet in a queue that others leave: integrals over its density."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

NODES, WEIGHTS = np.polynomial.legendre.leggauss(20)
PANELS = 32
NEGLIGIBLE = 50.0
"""Where the density has fallen by exp(-50) from its peak, the rest is below the last digit."""


@dataclass(frozen=True)
class OfferedWait:
    """The density exp(g(x)) of a positive offered wait, up to a constant (Baccelli and Hebuterne 1981).

    g(x) = arrival_rate (1 - exp(-hazard x)) / hazard - drain x, where `hazard` is one by the mean patience and `drain`
    the rate at which all servers together finish. It is concave, so one peak is looked for and panels of Gauss-Legendre
    nodes are laid around it. What is integrated is exp(g(x) - g(mode)), which neither over- nor underflows.
    """

    arrival_rate: float
    drain: float
    hazard: float

    @property
    def mode(self) -> float:
        """Where the density is highest: 0 unless more arrive than are served."""
        excess = max(0.0, (self.arrival_rate - self.drain) / self.drain)
        return math.log1p(excess) / self.hazard

    @property
    def log_peak(self) -> float:
        """g(mode), at least 0, as g(0) = 0."""
        return -float(self.exponent(np.array([0.0]))[0])

    def exponent(self, times: Floats) -> Floats:
        """g(x) - g(mode), expanded around the mode, where the two parts of g almost cancel."""
        offset = times - self.mode
        slope = min(self.arrival_rate, self.drain)
        return (slope - self.drain) * offset - slope * self.hazard * offset**2 * _curvature(self.hazard * offset)

    def integral(self, weight: Callable[[Floats], Floats], low: float = 0.0, high: float = math.inf) -> float:
        """The integral of weight(x) exp(g(x) - g(mode)) from `low` to `high`."""
        edges = self._edges(low, high)
        half = np.diff(edges)[:, None] / 2
        times = edges[:-1, None] + half * (1 + NODES)
        return float(np.sum(half * WEIGHTS * weight(times) * np.exp(self.exponent(times))))

    def _edges(self, low: float, high: float) -> Floats:
        """Panels between `low` and `high`: even ones, and ones that halve towards the peak.

        The halving ones catch what happens within one mean patience, however short that is.
        """
        peak = min(max(self.mode, low), high)
        finest = 1 / self.hazard / 16
        edges = [np.array([peak])]
        for side, far in ((-1.0, low), (1.0, high)):
            reach = min(abs(far - peak), self._reach(peak, side, abs(far - peak)))
            halvings = max(0, math.ceil(math.log2(reach / finest))) if reach > finest else 0
            steps = np.concatenate([np.linspace(0, reach, PANELS + 1), reach * 0.5 ** np.arange(halvings + 1)])
            edges.append(peak + side * steps)
        return np.unique(np.clip(np.concatenate(edges), low, high))

    def _reach(self, peak: float, side: float, most: float) -> float:
        """A distance from `peak` by which the density has become negligible, within a factor of 2, or `most`."""
        top = self._at(peak)

        def negligible(distance: float) -> bool:
            return top - self._at(peak + side * distance) > NEGLIGIBLE

        reach = min(1 / self.drain, most)
        while reach < most and not negligible(reach):
            reach = min(2 * reach, most)
        while reach > 0 and negligible(reach / 2):
            reach /= 2
        return reach

    def _at(self, time: float) -> float:
        return float(self.exponent(np.array([time]))[0])


def _curvature(z: Floats) -> Floats:
    """(z - 1 + exp(-z)) / z^2, by its series where z is small and the difference would cancel."""
    small = np.abs(z) < 0.5
    near, far = np.where(small, z, 0.0), np.where(small, 1.0, z)
    return np.where(small, _series(near), (far + np.expm1(-far)) / far**2)


def _series(z: Floats) -> Floats:
    """The sum of (-z)^k / (k + 2)! over k, exact to the last digit for |z| < 0.5 after 14 terms."""
    total = np.zeros_like(z)
    for order in range(14, -1, -1):
        total = 1 / math.factorial(order + 2) - z * total
    return total
