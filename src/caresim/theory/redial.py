"""Callers who try again: redials after hanging up, reconnects after being served."""

from __future__ import annotations

from dataclasses import dataclass

from scipy.optimize import brentq

from caresim.config.errors import BadInput
from caresim.theory.checks import positive, share, whole
from caresim.theory.erlang_a import Impatience, erlang_a


@dataclass(frozen=True)
class FluidRedials:
    """Steady state of the fluid limit: many servers, rates in proportion, no chance left."""

    fresh_rate: float
    servers: int
    offered_rate: float
    """Calls per unit of time: fresh ones, redials and reconnects."""
    queue_length: float
    """Number waiting."""
    busy: float
    """Number of busy servers."""
    abandonment: float
    """Share of calls that hang up before being answered."""
    mean_wait: float
    """Mean wait of all calls, until the answer or until they hang up."""

    @property
    def calls_per_fresh_call(self) -> float:
        """Calls offered for each fresh one."""
        return self.offered_rate / self.fresh_rate

    @property
    def occupancy(self) -> float:
        """Share of their time that servers are busy."""
        return self.busy / self.servers


@dataclass(frozen=True)
class Redials:
    """Erlang A under all calls, fresh ones and repeated ones."""

    fresh_rate: float
    redial_share: float
    reconnect_share: float
    line: Impatience
    """The line as all calls meet it: abandonment, waits and service level of a call, fresh or repeated."""

    @property
    def offered_rate(self) -> float:
        """Calls per unit of time: fresh ones, redials and reconnects."""
        return self.line.arrival_rate

    @property
    def calls_per_fresh_call(self) -> float:
        """Calls offered for each fresh one."""
        return self.offered_rate / self.fresh_rate

    @property
    def abandonment(self) -> float:
        """Share of calls that hang up before being answered."""
        return self.line.abandonment

    @property
    def given_up(self) -> float:
        """Callers who leave for good after hanging up, for each fresh call."""
        return (1 - self.redial_share) * self.abandonment * self.calls_per_fresh_call


def redials_fluid(
    arrival_rate: float,
    service_mean: float,
    servers: int,
    patience_mean: float,
    redial_share: float,
    reconnect_share: float = 0.0,
) -> FluidRedials:
    """Fluid limit of M/M/c+M whose callers try again (Ding, Remerova, van der Mei, Zwart 2013).

    `arrival_rate` is that of fresh calls. `redial_share` p of those who hang up call again, `reconnect_share` q of
    those who were served. In balance, offered = fresh + p theta Q + q mu min(N, c) = theta Q + mu min(N, c), with
    Q = max(0, N - c) waiting: how long they wait before they call again does not matter.
    """
    rate, mean, number, patience = _checked(arrival_rate, service_mean, servers, patience_mean)
    again, back = _shares(rate, mean, number, redial_share, reconnect_share)
    busy = min(float(number), rate * mean / (1 - back))
    excess = max(0.0, rate - (1 - back) * number / mean)
    queue = excess * patience / (1 - again) if excess else 0.0
    lost = queue / patience
    offered = busy / mean + lost
    return FluidRedials(rate, number, offered, queue, busy, lost / offered, queue / offered)


def redials(
    arrival_rate: float,
    service_mean: float,
    servers: int,
    patience_mean: float,
    redial_share: float,
    reconnect_share: float = 0.0,
) -> Redials:
    """Erlang A fed by the rate that its own redials and reconnects bring about (arguments as `redials_fluid`).

    The rate x solves x = fresh + p x P(x) + q x (1 - P(x)), P(x) the abandonment of Erlang A at x. An approximation:
    it takes repeated calls for fresh Poisson arrivals, which is good when callers pause for long before they call again
    (Cohen 1957) and too hopeful when they redial at once, into the same congestion.
    """
    rate, mean, number, patience = _checked(arrival_rate, service_mean, servers, patience_mean)
    again, back = _shares(rate, mean, number, redial_share, reconnect_share)

    def leaving(offered: float) -> float:
        """Callers who leave for good per unit of time: it grows with what is offered."""
        lost = erlang_a(offered, mean, number, patience).abandonment
        return offered * ((1 - again) * lost + (1 - back) * (1 - lost))

    high = rate
    while leaving(high) < rate:
        high *= 2
    offered = rate if high == rate else float(brentq(lambda x: leaving(x) - rate, rate, high, xtol=1e-300, rtol=1e-14))
    return Redials(rate, again, back, erlang_a(offered, mean, number, patience))


def _checked(rate: float, mean: float, servers: int, patience: float) -> tuple[float, float, int, float]:
    return (
        positive("arrival_rate", rate),
        positive("service_mean", mean),
        whole("servers", servers),
        positive("patience_mean", patience),
    )


def _shares(rate: float, mean: float, servers: int, again: float, back: float) -> tuple[float, float]:
    redial, reconnect = share("redial_share", again), share("reconnect_share", back)
    if reconnect == 1:
        raise BadInput("reconnect_share", back, "must be below 1, or nobody ever leaves")
    if redial == 1 and rate * mean >= (1 - reconnect) * servers:
        raise BadInput("redial_share", again, "must be below 1 where the servers cannot serve all, or calls pile up")
    return redial, reconnect
