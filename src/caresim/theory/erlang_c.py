"""Erlang C, M/M/c: everybody waits for as long as it takes."""

from __future__ import annotations

import math
from dataclasses import dataclass

from caresim.theory.checks import not_negative, positive, stable, whole
from caresim.theory.erlang_b import blocking_of
from caresim.theory.performance import Line


@dataclass(frozen=True)
class Delay(Line):
    """M/M/c: nobody hangs up, nobody is blocked."""

    @property
    def mean_wait_of_waiting(self) -> float:
        """Mean wait of those who are not answered at once."""
        return self.service_mean / (self.servers - self.load)

    def waits_beyond(self, time: float) -> float:
        waited = not_negative("time", time)
        return self.probability_of_wait * math.exp(-waited / self.mean_wait_of_waiting)

    def served_within(self, time: float) -> float:
        return 1 - self.waits_beyond(time)


def erlang_c(arrival_rate: float, service_mean: float, servers: int) -> Delay:
    """M/M/c: calls wait for a free server, however long it takes (Erlang 1917).

    From Erlang's B: C = B / (1 - (a / c) (1 - B)), a the load; the wait of those who wait is exponential with mean
    service_mean / (c - a) (Cooper 1981, section 3.4). BadInput where the load is not below the number of servers.
    """
    rate, mean = positive("arrival_rate", arrival_rate), positive("service_mean", service_mean)
    number, load = whole("servers", servers), rate * mean
    stable(number, load)
    blocking = blocking_of(load, number)
    waiting = blocking / (1 - load / number * (1 - blocking))
    wait = waiting * mean / (number - load)
    return Delay(rate, mean, number, 0.0, waiting, 0.0, wait, wait)
