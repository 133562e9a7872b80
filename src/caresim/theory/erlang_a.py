"""Erlang A, M/M/c+M: those who wait too long hang up."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from caresim.theory.checks import not_negative, positive, whole
from caresim.theory.erlang_b import blocking_of
from caresim.theory.offered import Floats, OfferedWait
from caresim.theory.performance import Line


@dataclass(frozen=True)
class Impatience(Line):
    """M/M/c+M: patience is exponential; no line is ever full."""

    patience_mean: float

    @cached_property
    def _offered(self) -> OfferedWait:
        return OfferedWait(self.arrival_rate, self.servers / self.service_mean, 1 / self.patience_mean)

    @cached_property
    def _whole(self) -> float:
        return self._offered.integral(np.ones_like)

    def waits_beyond(self, time: float) -> float:
        waited = not_negative("time", time)
        stays = self.probability_of_wait * math.exp(-waited / self.patience_mean)
        return stays * self._offered.integral(np.ones_like, low=waited) / self._whole

    def served_within(self, time: float) -> float:
        waited = not_negative("time", time)
        stays = self._offered.integral(_staying(self.patience_mean), high=waited)
        return 1 - self.probability_of_wait + self.probability_of_wait * stays / self._whole


def erlang_a(arrival_rate: float, service_mean: float, servers: int, patience_mean: float) -> Impatience:
    """M/M/c+M: calls wait, and hang up when their exponential patience ends (Palm 1957).

    By integrals of the offered wait (Mandelbaum and Zeltyn 2007, after Baccelli and Hebuterne 1981), all of positive
    terms. Any load is allowed: patience keeps the queue finite. Patience without end is `erlang_c`.
    """
    rate, mean = positive("arrival_rate", arrival_rate), positive("service_mean", service_mean)
    number, patience = whole("servers", servers), positive("patience_mean", patience_mean)
    offered = OfferedWait(rate, number / mean, 1 / patience)
    total = offered.integral(np.ones_like)
    waiting = _all_busy(offered, total, blocking_of(rate * mean, number - 1))
    # A wait ends with the answer or with patience: given the offered wait x, its mean is p (1 - exp(-x / p)).
    wait = waiting * offered.integral(lambda time: -patience * np.expm1(-time / patience)) / total
    stays = _staying(patience)
    served = 1 - waiting + waiting * offered.integral(stays) / total
    asa = waiting * offered.integral(lambda time: time * stays(time)) / total / served
    return Impatience(rate, mean, number, 0.0, waiting, wait / patience, wait, asa, patience)


def _all_busy(offered: OfferedWait, total: float, blocking: float) -> float:
    """Probability that all servers are busy; `blocking` is Erlang's B with one server less.

    The odds are arrival_rate x blocking x the integral of exp(g); in logarithms, as overload makes them astronomic.
    """
    if blocking == 0:
        return 0.0
    log_odds = math.log(offered.arrival_rate * total) + offered.log_peak + math.log(blocking)
    return 1 / (1 + math.exp(-log_odds)) if log_odds > -700 else 0.0


def _staying(patience: float) -> Callable[[Floats], Floats]:
    def staying(time: Floats) -> Floats:
        """Probability that patience lasts that long."""
        return np.exp(-time / patience)

    return staying
