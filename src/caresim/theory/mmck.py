"""M/M/c/K: a queue with room for so many calls, patient or not."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.special import betainc, betaincc, gammainc, gammaincc, logsumexp

from caresim.theory.checks import not_negative, positive, whole
from caresim.theory.erlang_b import blocking_of
from caresim.theory.offered import Floats
from caresim.theory.performance import Line


@dataclass(frozen=True)
class _States:
    """Long-run probabilities of M/M/c/K+M, as arrivals find them (Wolff 1982)."""

    free: float
    """A server is free."""
    waiting: Floats
    """[j]: all servers are busy and j calls wait; the last one is the full system."""

    @property
    def joining(self) -> Floats:
        """[j]: an admitted call finds all servers busy and j calls before it; sums to the probability of a wait."""
        return self.waiting[:-1] / (self.free + np.sum(self.waiting[:-1]))


@dataclass(frozen=True)
class FiniteLines(Line):
    """M/M/c/K+M, or M/M/c/K where `patience_mean` is infinite."""

    capacity: int
    """Most calls in the system, being served or waiting."""
    patience_mean: float

    @cached_property
    def _joining(self) -> Floats:
        return _states(self.load, self.servers, self.capacity, self.service_mean / self.patience_mean).joining

    def waits_beyond(self, time: float) -> float:
        # The offered wait behind j calls is a sum of j + 1 exponentials with rates drain + i hazard, i = 0..j, so
        # exp(-hazard wait) is Beta(drain / hazard, j + 1) (Renyi 1953); without abandonment it is a gamma.
        waited, stages = not_negative("time", time), np.arange(1, len(self._joining) + 1)
        drain = self.servers / self.service_mean
        if self.patience_mean == math.inf:
            return float(np.sum(self._joining * gammaincc(stages, drain * waited)))
        gone = -math.expm1(-waited / self.patience_mean)
        still = self._joining * betaincc(stages, drain * self.patience_mean, gone)
        return math.exp(-waited / self.patience_mean) * float(np.sum(still))

    def served_within(self, time: float) -> float:
        waited, stages = not_negative("time", time), np.arange(1, len(self._joining) + 1)
        drain, at_once = self.servers / self.service_mean, 1 - self.probability_of_wait
        if self.patience_mean == math.inf:
            return at_once + float(np.sum(self._joining * gammainc(stages, drain * waited)))
        gone, ratio = -math.expm1(-waited / self.patience_mean), drain * self.patience_mean
        answered = self._joining * ratio / (ratio + stages) * betainc(stages, ratio + 1, gone)
        return at_once + float(np.sum(answered))


def mmck(
    arrival_rate: float, service_mean: float, servers: int, capacity: int, patience_mean: float = math.inf
) -> FiniteLines:
    """M/M/c/K+M: at most `capacity` calls, being served or waiting; the next one hears a busy tone (Kleinrock 1975).

    With a finite `patience_mean` calls also hang up, their patience being exponential. A birth and death process, in
    logarithms, so any load is allowed. `capacity` equal to `servers` is Erlang B.
    """
    rate, mean = positive("arrival_rate", arrival_rate), positive("service_mean", service_mean)
    number = whole("servers", servers)
    room = whole("capacity", capacity, least=number)
    patience = math.inf if patience_mean == math.inf else positive("patience_mean", patience_mean)
    states = _states(rate * mean, number, room, mean / patience)
    joining, stages = states.joining, np.arange(1, room - number + 1)
    admitted = states.free + float(np.sum(states.waiting[:-1]))
    length = float(np.sum(np.arange(len(states.waiting)) * states.waiting))
    wait = length / (rate * admitted)
    # Behind j calls: answered with probability drain / (drain + (j + 1) hazard), then after the sum of j + 1 stages.
    drain, hazard = number / mean, 1 / patience
    answered = joining * drain / (drain + stages * hazard)
    served = states.free / admitted + float(np.sum(answered))
    asa = float(np.sum(answered * np.cumsum(1 / (drain + stages * hazard)))) / served
    blocking, waiting = float(states.waiting[-1]), float(np.sum(joining))
    return FiniteLines(rate, mean, number, blocking, waiting, wait / patience, wait, asa, room, patience)


def _states(load: float, servers: int, capacity: int, impatience: float) -> _States:
    """`impatience` is the mean service time over the mean patience."""
    ratios = math.log(load) - np.log(servers + impatience * np.arange(1, capacity - servers + 1))
    blocking = blocking_of(load, servers)
    if blocking == 0:
        return _States(1.0, np.zeros(capacity - servers + 1))
    waiting = np.concatenate([[0.0], np.cumsum(ratios)])
    free = math.log((1 - blocking) / blocking) if blocking < 1 else -math.inf
    total = logsumexp(np.append(waiting, free))
    return _States(math.exp(free - total), np.exp(waiting - total))
