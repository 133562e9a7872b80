"""A queue as textbooks have it: arrivals, one desk, and no behaviour but patience and redials.

It is a scenario like the others. What `queue` says is written into the sections that every experiment has.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import model_validator

from caresim.config.base import Frozen, one_of
from caresim.config.errors import complaint
from caresim.config.quantity import PositiveCount, Share, exactly
from caresim.config.sections import (
    PATIENCE_LAWS,
    SERVICES,
    SOURCE,
    Minutes,
    PerMinute,
    Variation,
    check_certain,
    check_service,
    check_whole,
    entry,
    merged,
    must_follow,
    put,
    put_patience,
    service_of,
)
from caresim.model.media import Medium

MOST_BINS = 2000
"""Bins of the timeline of a long run; shorter runs have the 30 minutes of a contact centre's report."""
BIN = 30.0
ENDLESS_LINES = {"value": "1e9 lines", "source": "by definition: no limit"}
LN2 = 0.6931471805599453
MEDIA = (Medium.PHONE,)
"""The queue is one of calls."""
RATE = "population.cohorts.customers.onset.per_hour"
HEADCOUNT = "staffing.servers.desks.desk.headcount"
LINES = "operators.centre.channels.phone.lines"
FOLLOWING = ("window", "warm_up", "drain", "bin", RATE, HEADCOUNT, LINES)
"""What follows from `queue`, and cannot be set to anything else."""


class Queue(Frozen):
    """Customers in a Poisson stream, `servers` people around the clock, first come first served."""

    arrival_rate: PerMinute
    """Mean arrivals per minute."""
    arrival_swing: Share = exactly(0, "share")
    """Height of a wave, as a share of the rate: arrival_rate x (1 + arrival_swing sin(2 pi t / arrival_cycle))."""
    arrival_cycle: Minutes | None = None
    """Length of the wave; required where arrival_swing is above 0."""
    service_mean: Minutes
    """Mean handling time."""
    service: one_of(*SERVICES) = "exponential"  # type: ignore[valid-type]
    """The distribution of handling times."""
    service_cv: Variation | None = None
    """Coefficient of variation, for lognormal and hyperexponential service."""
    patience_mean: Minutes | None = None
    """Mean time until a waiting customer gives up; null: nobody ever does."""
    patience: one_of(*PATIENCE_LAWS) = "exponential"  # type: ignore[valid-type]
    """The distribution of patience."""
    servers: PositiveCount
    """People around the clock."""
    capacity: PositiveCount | None = None
    """Customers waiting or served at most; a customer who comes beyond them is blocked. Null: any number."""
    customers: PositiveCount
    """Expected number of arrivals in the window."""
    redial_share: Share = exactly(0, "share")
    """Share of those who gave up or were blocked that call again."""
    redial_gap: Minutes | None = None
    """Mean of the exponential time until a redial."""
    warm_up: Share = exactly(0.1, "share")
    """Length of the warm-up, and of the drain, as a share of the window."""

    @model_validator(mode="after")
    def _coherent(self) -> Queue:
        check_service(self.service, self.service_cv)
        if self.arrival_swing.value > 0 and self.arrival_cycle is None:
            raise complaint("is required where arrival_swing is above 0", None, "arrival_cycle")
        if self.redial_share.value > 0 and self.redial_gap is None:
            raise complaint("is required where redial_share is above 0", None, "redial_gap")
        if self.redial_share.value >= 1:
            raise complaint("must be below 1: nobody would ever give up", self.redial_share.text, "redial_share")
        if self.capacity is not None and self.capacity.value < self.servers.value:
            raise complaint(f"must be at least servers ({self.servers.text})", self.capacity.text, "capacity")
        check_certain(self)
        check_whole(self.servers, "servers")
        if self.capacity is not None:
            check_whole(self.capacity, "capacity")
        return self


def laid_out(raw: Mapping[str, Any]) -> dict[str, Any]:
    """The raw configuration with what its `queue` says written into the sections of every experiment."""
    queue = Queue.model_validate(raw["queue"])
    sections: dict[str, Any] = _times(queue)
    put(sections, RATE, entry(queue.arrival_rate))
    if queue.arrival_cycle:
        put(sections, "population.cohorts.customers.onset.swing", entry(queue.arrival_swing))
        put(sections, "population.cohorts.customers.onset.cycle", entry(queue.arrival_cycle))
    put(sections, HEADCOUNT, entry(queue.servers, "people"))
    put(sections, LINES, entry(queue.capacity, "lines") if queue.capacity else ENDLESS_LINES)
    put(sections, "behaviour.handling", service_of(queue.service, queue.service_mean, queue.service_cv, MEDIA))
    put(sections, "behaviour.phone", _redials(queue))
    put_patience(sections, queue.patience, queue.patience_mean, MEDIA)
    for key in ("window", "warm_up", "drain", "bin"):
        must_follow(raw, sections, key, "queue.customers, queue.arrival_rate and queue.warm_up")
    must_follow(raw, sections, RATE, "queue.arrival_rate")
    must_follow(raw, sections, HEADCOUNT, "queue.servers")
    must_follow(raw, sections, LINES, "queue.capacity")
    return merged(raw, sections)


def _redials(queue: Queue) -> dict[str, Any]:
    """The members of behaviour.phone that say who calls again, and when."""
    redials = {"busy_redial": entry(queue.redial_share), "abandon_redial": entry(queue.redial_share)}
    if queue.redial_gap:
        median = f"{queue.redial_gap.value * LN2!r} min"  # of the exponential, as conf/behaviour has it
        redials |= {"busy_gap": entry(queue.redial_gap), "abandon_gap": {"value": median, "source": SOURCE}}
    return redials


def _times(queue: Queue) -> dict[str, Any]:
    """The lengths of the run: as long as the expected number of customers takes to arrive."""
    window = queue.customers.value / queue.arrival_rate.value
    edge = queue.warm_up.value * window
    bin_length = max(BIN, (window + 2 * edge) / MOST_BINS)
    lengths = {"window": window, "warm_up": edge, "drain": edge, "bin": bin_length}
    return {key: {"value": f"{minutes!r} min", "source": SOURCE} for key, minutes in lengths.items()}
