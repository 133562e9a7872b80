"""A queue as textbooks have it: arrivals, one desk, and no behaviour but patience and redials.

It is a scenario like the others. What `queue` says is written into the sections that every experiment has.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from pydantic import model_validator

from caresim.config.base import NEEDS, Frozen, one_of
from caresim.config.errors import BadInput, complaint
from caresim.config.quantity import RATES, TIMES, Dimension, PositiveCount, Quantity, Share, exactly, written

Minutes = Annotated[Quantity, Dimension("duration", TIMES, bare=True, above=0)]
"""A duration; a bare number is in minutes."""
PerMinute = Annotated[Quantity, Dimension("rate", RATES, bare=True, above=0)]
"""A rate; a bare number is a minute's."""
Variation = Annotated[Quantity, Dimension("number", {"x": 1.0}, bare=True, minimum=0)]
SERVICES = ("exponential", "deterministic", "lognormal", "hyperexponential")
PATIENCE_LAWS = ("exponential", "deterministic")
MOST_BINS = 2000
"""Bins of the timeline of a long run; shorter runs have the 30 minutes of a contact centre's report."""
BIN = 30.0
ENDLESS_LINES = {"value": "1e9 lines", "source": "by definition: no limit"}
LN2 = 0.6931471805599453
SOURCE = "as the queue or replay says"


class Queue(Frozen):
    """Customers in a Poisson stream, `servers` people around the clock, first come first served."""

    arrival_rate: PerMinute
    arrival_swing: Share = exactly(0, "share")
    """Of a wave: the rate is arrival_rate x (1 + arrival_swing sin(2 pi t / arrival_cycle))."""
    arrival_cycle: Minutes | None = None
    service_mean: Minutes
    service: one_of(*SERVICES) = "exponential"  # type: ignore[valid-type]
    service_cv: Variation | None = None
    """Coefficient of variation, for lognormal and hyperexponential service."""
    patience_mean: Minutes | None = None
    """Null: nobody ever gives up."""
    patience: one_of(*PATIENCE_LAWS) = "exponential"  # type: ignore[valid-type]
    servers: PositiveCount
    capacity: PositiveCount | None = None
    """Customers waiting or served at most; who comes beyond them is blocked. Null: any number."""
    customers: PositiveCount
    """Expected number of arrivals in the window."""
    redial_share: Share = exactly(0, "share")
    """Of those who gave up or were blocked."""
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


def check_certain(section: Frozen) -> None:
    """Complain of a range: what follows from the section would not follow its draws."""
    for key, value in section:
        if isinstance(value, Quantity) and value.uncertain:
            raise complaint("has a range; allowed: a value", value.text, key)


def check_whole(count: Quantity, key: str) -> None:
    if count.value != int(count.value):
        raise complaint("must be a whole number", count.text, key)


def check_service(service: str, cv: Quantity | None) -> None:
    """Complain of a coefficient of variation that is missing, idle, or beyond what the distribution can have."""
    spread = service in ("lognormal", "hyperexponential")
    if spread and cv is None:
        raise complaint(f"is required where service is {service}", None, "service_cv")
    if cv is not None and not spread:
        raise complaint(f"is left out where service is {service}", cv.text, "service_cv")
    if cv is not None and service == "hyperexponential" and cv.value < 1:
        raise complaint("must be at least 1 where service is hyperexponential", cv.text, "service_cv")


def laid_out(raw: Mapping[str, Any]) -> dict[str, Any]:
    """The raw configuration with what its `queue` says written into the sections of every experiment."""
    queue = Queue.model_validate(raw["queue"])
    told: dict[str, Any] = _times(queue)
    wave = {"swing": given(queue.arrival_swing), "cycle": given(queue.arrival_cycle)} if queue.arrival_cycle else {}
    put(told, "population.cohorts.customers.onset", {"per_hour": given(queue.arrival_rate), **wave})
    put(told, "staffing.servers.desks.desk.headcount", given(queue.servers, "people"))
    put(
        told,
        "operators.centre.channels.phone.lines",
        given(queue.capacity, "lines") if queue.capacity else ENDLESS_LINES,
    )
    put(told, "behaviour.handling", service_of(queue.service, queue.service_mean, queue.service_cv, ("phone",)))
    redials = _redials(queue)
    put(told, "behaviour.phone", redials | patience_of(queue.patience, queue.patience_mean, ("patience",)))
    for key in ("window", "warm_up", "drain", "bin"):
        follows(raw, told, key, "queue.customers, queue.arrival_rate and queue.warm_up")
    follows(raw, told, "population.cohorts.customers.onset.per_hour", "queue.arrival_rate")
    follows(raw, told, "staffing.servers.desks.desk.headcount", "queue.servers")
    follows(raw, told, "operators.centre.channels.phone.lines", "queue.capacity")
    return merged(raw, told)


def service_of(law: str, mean: Quantity, cv: Quantity | None, media: Sequence[str]) -> dict[str, Any]:
    """The members of behaviour.handling, with one mean for all needs on each medium."""
    means = {medium: dict.fromkeys(NEEDS, given(mean)) for medium in media}
    return {"law": law, **means, "cv": given(cv) if cv else None}


def patience_of(law: str, mean: Quantity | None, tables: Sequence[str]) -> dict[str, Any]:
    """The members of behaviour.phone, with one mean for all needs in each of its tables."""
    if mean is None:
        return {"patience_law": "endless"}
    means = {table: dict.fromkeys(NEEDS, given(mean)) for table in tables}
    shape = {"patience_shape": {"value": "1 x", "source": "by definition: exponential"}} if law == "exponential" else {}
    return {"patience_law": "weibull" if law == "exponential" else law, **shape, **means}


def _redials(queue: Queue) -> dict[str, Any]:
    told = {"busy_redial": given(queue.redial_share), "abandon_redial": given(queue.redial_share)}
    if queue.redial_gap:
        median = f"{queue.redial_gap.value * LN2!r} min"  # of the exponential, as conf/behaviour has it
        told |= {"busy_gap": given(queue.redial_gap), "abandon_gap": {"value": median, "source": SOURCE}}
    return told


def _times(queue: Queue) -> dict[str, Any]:
    window = queue.customers.value / queue.arrival_rate.value
    edge = queue.warm_up.value * window
    bin_length = max(BIN, (window + 2 * edge) / MOST_BINS)
    lengths = {"window": window, "warm_up": edge, "drain": edge, "bin": bin_length}
    return {key: {"value": f"{minutes!r} min", "source": SOURCE} for key, minutes in lengths.items()}


def follows(raw: Mapping[str, Any], told: Mapping[str, Any], path: str, sources: str) -> None:
    """Refuse what follows from a queue or replay (at a dotted path) and has been given otherwise."""
    value, wanted = _at(raw, path), _at(told, path)
    if value not in (None, wanted):
        raise BadInput(path, value, f"follows from {sources}; allowed: to set those")


def _at(tree: Any, path: str) -> Any:
    """The value at a dotted path, without its source; None where there is none."""
    for step in (*path.split("."), "value"):
        if not isinstance(tree, Mapping):
            return tree
        tree = tree.get(step)
    return tree


def given(quantity: Quantity, unit: str = "") -> dict[str, Any]:
    """The quantity as the sections take it: with its unit, which for a count is the noun that is counted."""
    return {"value": f"{written(quantity.value, quantity.dimension)} {unit}".strip(), "source": SOURCE}


def put(tree: dict[str, Any], path: str, value: Any) -> None:
    """Let `value` stand at a dotted path."""
    *way, last = path.split(".")
    for step in way:
        tree = tree.setdefault(step, {})
    tree[last] = value


def merged(raw: Any, told: Any) -> Any:
    """`raw` with the leaves of `told` in their places."""
    if not (isinstance(raw, Mapping) and isinstance(told, Mapping)) or "value" in told:
        return told
    return {**raw, **{key: merged(raw.get(key), value) for key, value in told.items()}}
