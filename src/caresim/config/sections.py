"""What a `queue` or a `replay` writes into the sections that every experiment has, and what both are made of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any

from caresim.config.base import NEEDS, Frozen
from caresim.config.errors import MISSING, BadInput, complaint
from caresim.config.quantity import RATES, TIMES, Dimension, Quantity, written
from caresim.model.media import Medium

Minutes = Annotated[Quantity, Dimension("duration", TIMES, bare=True, above=0)]
"""A duration; a bare number is in minutes."""
PerMinute = Annotated[Quantity, Dimension("rate", RATES, bare=True, above=0)]
"""A rate; a bare number is per minute."""
Variation = Annotated[Quantity, Dimension("number", {"x": 1.0}, bare=True, minimum=0)]
"""A coefficient of variation."""
SERVICES = ("exponential", "deterministic", "lognormal", "hyperexponential")
PATIENCE_LAWS = ("exponential", "deterministic")
SOURCE = "as the queue or replay says"


def check_certain(section: Frozen, but: str = "") -> None:
    """Complain of a range: what follows from the section would not follow its draws. `but`: a key that may have one."""
    for key, value in section:
        if isinstance(value, Quantity) and value.uncertain and key != but:
            raise complaint("has a range; allowed: a value", value.text, key)


def check_whole(count: Quantity, key: str) -> None:
    """Complain of a fraction."""
    if count.value != int(count.value):
        raise complaint("must be a whole number", count.text, key)


def check_service(service: str, cv: Quantity | None) -> None:
    """Complain of a coefficient of variation that is missing, without use, or beyond what the distribution can have."""
    takes_cv = service in ("lognormal", "hyperexponential")
    if takes_cv and cv is None:
        raise complaint(f"is required where service is {service}", None, "service_cv")
    if cv is not None and not takes_cv:
        raise complaint(f"is left out where service is {service}", cv.text, "service_cv")
    if cv is not None and service == "hyperexponential" and cv.value < 1:
        raise complaint("must be at least 1 where service is hyperexponential", cv.text, "service_cv")


def service_of(law: str, mean: Quantity, cv: Quantity | None, media: Iterable[Medium]) -> dict[str, Any]:
    """The members of behaviour.handling, with one mean for all needs on each medium."""
    means = {medium.word: dict.fromkeys(NEEDS, entry(mean)) for medium in media}
    return {"law": law, **means, "cv": entry(cv) if cv else None}


def put_patience(sections: dict[str, Any], law: str, mean: Quantity | None, media: Iterable[Medium]) -> None:
    """Write how long customers wait on these synchronous media, with one mean for all needs; None: without end."""
    if mean is None:
        put(sections, "behaviour.phone.patience_law", "endless")
        return
    put(sections, "behaviour.phone.patience_law", "weibull" if law == "exponential" else law)
    if law == "exponential":
        put(sections, "behaviour.phone.patience_shape", {"value": "1 x", "source": "by definition: exponential"})
    for medium in media:
        put(sections, f"behaviour.{medium.row.patience}", dict.fromkeys(NEEDS, entry(mean)))


def entry(quantity: Quantity, unit: str = "") -> dict[str, Any]:
    """The quantity as the sections take it: with its unit, which for a count is the noun that is counted."""
    return {"value": f"{written(quantity.value, quantity.dimension)} {unit}".strip(), "source": SOURCE}


def put(tree: dict[str, Any], path: str, value: Any) -> None:
    """Write `value` at a dotted path."""
    *way, last = path.split(".")
    for step in way:
        tree = tree.setdefault(step, {})
    tree[last] = value


def merged(raw: Any, sections: Any) -> Any:
    """`raw` with the leaves of `sections` in their places."""
    if not (isinstance(raw, Mapping) and isinstance(sections, Mapping)) or "value" in sections:
        return sections
    return {**raw, **{key: merged(raw.get(key), value) for key, value in sections.items()}}


def table_at(raw: Any, *steps: str) -> dict[str, Any]:
    """The table at a place of the raw configuration, before anybody has checked it. BadInput where there is none."""
    node = raw
    for count, step in enumerate(steps, start=1):
        path = ".".join(steps[:count])
        if not isinstance(node, Mapping) or step not in node:
            raise BadInput(path, MISSING, "is required: a table of keys")
        node = node[step]
        if not isinstance(node, Mapping):
            raise BadInput(path, node, "must be a table of keys")
    return dict(node)


def must_follow(raw: Mapping[str, Any], sections: Mapping[str, Any], path: str, sources: str) -> None:
    """Refuse another value in `raw` than the one that `sections` have at a dotted path, because it follows."""
    value, wanted = _at(raw, path), _at(sections, path)
    if value not in (None, wanted):
        raise BadInput(path, value, f"follows from {sources}; allowed: to set those")


def _at(tree: Any, path: str) -> Any:
    """The value at a dotted path, without its source; None where there is none."""
    for step in (*path.split("."), "value"):
        if not isinstance(tree, Mapping):
            return tree
        tree = tree.get(step)
    return tree
