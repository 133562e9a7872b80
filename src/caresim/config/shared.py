"""Quantities that are one and the same in several places, so that a draw gives them one value.

`{same_as: information}` names a neighbour in the same table, `{same_as: behaviour.handling.public.rebooking}` any
quantity by its dotted path. What a desk says nothing about is that of its kind of staff (`staff.<kind>`) or, at a
public feed, of `feeds`; what a flight series says nothing about is that of its operator.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from caresim.config import feeds
from caresim.config.clock import CLOCK
from caresim.config.errors import BadInput

OF_KIND = (
    "shrinkage",
    "absence",
    "speed_cv",
    "quality",
    "quality_spread",
    "novices",
    "novice_slowness",
    "novice_quality",
    "overtime",
    "cost_per_hour",
    "premium",
    "turnover",
)
OF_TABLE = ("source", "no_range")
"""What a table may say for all its members."""
OF_OPERATOR = {"free": "free_seats", "no_show": "no_show", "check_in_close": "check_in_close"}


class Linked(dict[str, Any]):
    """A raw configuration in which every shared quantity stands in full.

    `looked_up` has the path of everything that was looked up for that, whether it was there or not: a change of
    anything else leaves what is shared as it is.
    """

    def __init__(self, raw: Mapping[str, Any], looked_up: set[str]) -> None:
        super().__init__(raw)
        self.looked_up = looked_up


def linked(raw: Mapping[str, Any]) -> Linked:
    """A copy of the raw configuration in which every shared quantity stands in full, with the path it shares."""
    whole = Linked({key: _copied(value) for key, value in raw.items()}, set())
    for model in _tables(whole.get("staffing")):
        feeds.set_defaults(whole, _tables(model.get("desks")))
        for desk in _tables(model.get("desks")):
            kind = desk.get("kind")
            for key in OF_KIND:
                if desk.get(key) is None and _at(whole, f"staff.{kind}.{key}") is not None:
                    desk[key] = {"same_as": f"staff.{kind}.{key}"}
    for name, operator in (whole.get("operators") or {}).items() if isinstance(whole.get("operators"), dict) else ():
        for series in _tables(operator.get("flights")) if isinstance(operator, dict) else ():
            if series.get("cancelled") is True and series.get("free") is None:
                series["free"] = "0 %"  # nobody gets a seat on what does not fly
            for key, shared in OF_OPERATOR.items():
                if series.get(key) is None and operator.get(shared) is not None:
                    series[key] = {"same_as": f"operators.{name}.{shared}"}
    _resolve(whole, whole, "")
    return whole


DEFAULTED = frozenset((*OF_KIND, "kind", "serves", "routing", "routing_in_writing", "expires"))
"""Keys of a desk that have a default from elsewhere, or decide which."""
OF_DESK = 4
"""Where in the path of a value of a desk its key stands: staffing.hybrid.desks.social.headcount."""


def is_apart(path: Sequence[str], raw: Mapping[str, Any], whole: Linked) -> bool:
    """May the value at the path be changed without linking anew: is nothing shared, or given by default, because of it?

    `raw` is what `whole` was made of. What stands at the path is not looked at.
    """
    if path[0] in ("feeds", "operators", "queue", "replay") or path[-1] in (*OF_TABLE, "same_as"):
        return False
    if path[0] == "staffing" and (len(path) <= OF_DESK or path[2] != "desks" or path[OF_DESK] in DEFAULTED):
        return False
    node: Any = raw
    for step in path[:-1]:
        node = node.get(step) if isinstance(node, Mapping) else None
        if not isinstance(node, Mapping) or "same_as" in node:
            return False
    there = ".".join(path)
    return not any(
        there == seen or there.startswith(f"{seen}.") or seen.startswith(f"{there}.") for seen in whole.looked_up
    )


def _tables(table: Any) -> list[dict[str, Any]]:
    """The members of a table that are tables themselves."""
    return [member for member in table.values() if isinstance(member, dict)] if isinstance(table, dict) else []


PLAIN = frozenset((str, int, float, bool, type(None)))
"""Most of a configuration: values that hold no others. They are passed by at once, as there are thousands."""


def _copied(node: Any) -> Any:
    if type(node) is dict or isinstance(node, Mapping):
        return {key: value if type(value) in PLAIN else _copied(value) for key, value in node.items()}
    if isinstance(node, list | tuple):
        return [value if type(value) in PLAIN else _copied(value) for value in node]
    return node


def _resolve(node: Any, whole: Linked, path: str) -> None:
    """Put every quantity or table that is shared below `node` in full, in its place."""
    for key, member in node.items() if isinstance(node, dict) else enumerate(node):
        if isinstance(member, dict):
            if "same_as" in member:
                inner = f"{path}.{key}" if path else str(key)
                node[key] = _with_own(_in_full(member, whole, inner), member, inner)
            elif not PLAIN.issuperset(map(type, member.values())):
                _resolve(member, whole, f"{path}.{key}" if path else str(key))
        elif isinstance(member, list) and not PLAIN.issuperset(map(type, member)):
            _resolve(member, whole, f"{path}.{key}" if path else str(key))


def _with_own(shared: dict[str, Any], member: dict[str, Any], path: str) -> dict[str, Any]:
    """A shared table may have members of its own beside `same_as`; a shared quantity has nothing."""
    own = {key: value for key, value in member.items() if key != "same_as"}
    if own and "value" in shared:
        raise BadInput(path, member, "has nothing beside same_as; allowed: same_as alone, or a quantity of its own")
    return {**shared, **own}


def _in_full(member: dict[str, Any], whole: Linked, path: str, seen: tuple[str, ...] = ()) -> Any:
    """What the path leads to, through other shared quantities if need be."""
    reference, key = member["same_as"], f"{path}.same_as"
    wanted = "the path of a quantity, or the name of a neighbour"
    if not isinstance(reference, str):
        raise BadInput(key, reference, f"must be {wanted}")
    target = reference if "." in reference else f"{path.rpartition('.')[0]}.{reference}"
    original = _at(whole, target)
    if target in seen:
        raise BadInput(key, reference, f"leads back to itself; allowed: {wanted}")
    if original is None or isinstance(original, list):
        raise BadInput(key, reference, f"must be {wanted}")
    if isinstance(original, dict) and "same_as" in original:
        return _in_full(original, whole, target, (*seen, target))
    return _shared(original, whole, target, _source_of(_at(whole, target.rpartition(".")[0])))


def _shared(original: Any, whole: Linked, target: str, source: dict[str, Any]) -> Any:
    """One quantity, or a table of quantities such as overtime, each with the path it shares; a clock time is none."""
    if isinstance(original, str) and CLOCK.fullmatch(original):
        return original
    if isinstance(original, dict) and "value" not in original:
        if "same_as" in original:
            return _in_full(original, whole, target)
        members = {key: value for key, value in original.items() if key not in OF_TABLE}
        return {key: _shared(value, whole, f"{target}.{key}", _source_of(original)) for key, value in members.items()}
    return {"same_as": target} | source | (dict(original) if isinstance(original, dict) else {"value": original})


def _source_of(table: Any) -> dict[str, Any]:
    """What a table says about the source of all its members."""
    return {key: table[key] for key in OF_TABLE if isinstance(table.get(key), str)} if isinstance(table, dict) else {}


def _at(whole: Linked, path: str) -> Any:
    """What stands at a dotted path; None where nothing does."""
    whole.looked_up.add(path)
    node: Any = whole
    for step in path.split("."):
        if not isinstance(node, dict):
            return None
        node = node.get(step)
    return node
