"""Erlang B, M/M/c/c: a call that finds every server busy is lost."""

from __future__ import annotations

from dataclasses import dataclass

from caresim.config.errors import BadInput
from caresim.theory.checks import MOST, between, positive, whole


@dataclass(frozen=True)
class Loss:
    """M/M/c/c, and M/G/c/c: only the mean of the service time matters."""

    arrival_rate: float
    service_mean: float
    servers: int
    blocking: float
    """Share of calls that are lost, which is also the share of time all servers are busy."""

    @property
    def load(self) -> float:
        """Offered load, Erlang."""
        return self.arrival_rate * self.service_mean

    @property
    def served_rate(self) -> float:
        """Calls served per unit of time."""
        return self.arrival_rate * (1 - self.blocking)

    @property
    def number_in_system(self) -> float:
        """Mean number of busy servers, the carried load."""
        return self.load * (1 - self.blocking)

    @property
    def occupancy(self) -> float:
        """Share of their time that servers are busy."""
        return self.number_in_system / self.servers


def erlang_b(arrival_rate: float, service_mean: float, servers: int) -> Loss:
    """M/M/c/c: calls that find all servers busy are lost (Erlang 1917).

    With `service_mean=1`, `arrival_rate` is the load in Erlang, any number above 0. Takes `servers` steps.
    """
    rate, mean = positive("arrival_rate", arrival_rate), positive("service_mean", service_mean)
    number = whole("servers", servers)
    return Loss(rate, mean, number, blocking_of(rate * mean, number))


def servers_for_blocking(load: float, blocking: float) -> int:
    """The smallest number of servers that loses at most the share `blocking` of a `load` in Erlang."""
    load, target = positive("load", load), between("blocking", blocking)
    if load > MOST:
        raise BadInput("load", load, f"must be at most {MOST:,} Erlang")
    lost, servers = 1.0, 0
    while lost > target:
        servers += 1
        lost = load * lost / (servers + load * lost)
    return servers


def blocking_of(load: float, servers: int) -> float:
    """Erlang's B for a `load` in Erlang and 0 or more `servers`.

    By the recursion B(n) = a B(n - 1) / (n + a B(n - 1)), B(0) = 1 (Jagerman 1974): all terms are positive and at most
    as large as a, so nothing overflows and nothing cancels.
    """
    blocking = 1.0
    for number in range(1, servers + 1):
        blocking = load * blocking / (number + load * blocking)
    return blocking
