"""How many servers a target takes."""

from __future__ import annotations

import math
from collections.abc import Callable

from caresim.config.errors import BadInput
from caresim.theory.checks import MOST, between, not_negative, positive
from caresim.theory.erlang_a import erlang_a
from caresim.theory.erlang_c import erlang_c
from caresim.theory.performance import Line


def servers_for(
    arrival_rate: float,
    service_mean: float,
    patience_mean: float = math.inf,
    *,
    service_level: float | None = None,
    within: float | None = None,
    asa: float | None = None,
    abandonment: float | None = None,
    probability_of_wait: float | None = None,
) -> int:
    """The smallest number of servers that reaches every target given, by Erlang A, or Erlang C for endless patience.

    `service_level` goes with `within`; `asa`, `abandonment` and `probability_of_wait` are the most allowed. Each
    improves with every server, so the number is found by halving.
    """
    rate, mean = positive("arrival_rate", arrival_rate), positive("service_mean", service_mean)
    if patience_mean != math.inf:
        positive("patience_mean", patience_mean)
    if (service_level is None) != (within is None):
        raise BadInput("within", within, "goes with service_level: give both or neither")
    level = None if service_level is None else between("service_level", service_level)
    time = None if within is None else not_negative("within", within)
    most = {
        "asa": None if asa is None else positive("asa", asa),
        "abandonment": None if abandonment is None else between("abandonment", abandonment),
        "probability_of_wait": (
            None if probability_of_wait is None else between("probability_of_wait", probability_of_wait)
        ),
    }
    limits = {name: value for name, value in most.items() if value is not None}
    if level is None and not limits:
        raise BadInput("targets", None, "give service_level and within, asa, abandonment or probability_of_wait")

    def reached(servers: int) -> bool:
        queue: Line
        if patience_mean == math.inf:
            if rate * mean >= servers:
                return False
            queue = erlang_c(rate, mean, servers)
        else:
            queue = erlang_a(rate, mean, servers, patience_mean)
        fast = level is None or time is None or queue.service_level(time) >= level
        return fast and all(getattr(queue, name) <= value for name, value in limits.items())

    return _smallest(reached)


def _smallest(reached: Callable[[int], bool]) -> int:
    """The smallest whole number that `reached` accepts; it accepts every larger one."""
    high = 1
    while not reached(high):
        high *= 2
        if high > MOST:
            raise BadInput("targets", None, f"take more than {MOST:,} servers")
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if reached(middle) else (middle, high)
    return high
