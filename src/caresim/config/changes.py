"""An experiment with other values, as if it had been composed with them: what was checked before is taken as it is.

Only what the new values change is read anew. The parts whose raw form stays are the frozen objects of the experiment
that was there. What must hold between the parts is checked as ever. Where anything is refused, everything is read, so
that the message is the same as that of composing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ValidationError

from caresim.config import compose, queue
from caresim.config.arguments import plain
from caresim.config.errors import BadInput
from caresim.config.experiment import Experiment
from caresim.config.origin import Origin, origin_of, remember
from caresim.config.raw import check_raw
from caresim.config.shared import Linked, is_apart
from caresim.config.values import keys_of

KEY = re.compile(r"\w+(\.\w+)*")
"""A dotted path."""
READ_AS_A_WHOLE = ("extra", "source", "no_range")
"""Keys of a table whose members are looked into before they are read: no object may stand among them."""


def changed(experiment: Experiment, values: Mapping[str, Any]) -> Experiment:
    """The experiment with these values by dotted key; a table is merged into the one that is there, as Hydra does.

    BadInput where a key or a value is not allowed, as `compose` says it.
    """
    origin = origin_of(experiment)
    mapping: Any = _text_of(experiment) if origin is None else origin.mapping
    values = {key: plain(value) for key, value in values.items()}
    for key, value in values.items():
        _check_key(key, value)
        mapping = _with(mapping, key.split("."), value)
    quick = None if origin is None else _read_quickly(mapping, values, origin, experiment)
    made, raw = quick or compose.read(mapping)
    remember(made, Origin(mapping, raw))
    return made


def _text_of(experiment: Experiment) -> dict[str, Any]:
    """The experiment as text, without what follows from its queue: that is to follow anew."""
    text = experiment.as_text()
    for path in queue.FOLLOWING if experiment.queue is not None else ():
        text = _with(text, path.split("."), None)
    return text


def _read_quickly(
    mapping: Mapping[str, Any], values: Mapping[str, Any], origin: Origin, old: Experiment
) -> tuple[Experiment, Linked] | None:
    """The experiment and its raw form; None where that has to be told by reading everything."""
    if old.replay is not None:  # its raw form has columns of files, which have no one answer to whether they are equal
        return None
    asked: dict[str, Any] = {}
    for key, value in values.items():
        path = key.split(".")
        if _in_another_way(_at(origin.mapping, path), _at(mapping, path)):
            return None
        asked = _with(asked, path, value)
    try:
        check_raw(asked)
        raw = _linked(mapping, values, origin)
        made = Experiment.model_validate(_taken_over(raw, origin.raw, old))
        compose.check_between(made)
    except (BadInput, ValidationError):
        return None
    return made, raw


def _in_another_way(was: Any, now: Any) -> bool:
    """Is anything in it equal to what was there, but of another type, such as 1 for true? That is not the same."""
    if isinstance(was, Mapping) and isinstance(now, Mapping):
        return any(_in_another_way(was[key], member) for key, member in now.items() if key in was)
    if isinstance(was, list) and isinstance(now, list):
        return any(map(_in_another_way, was, now))
    return bool(was == now) and type(was) is not type(now)


def _linked(mapping: Mapping[str, Any], values: Mapping[str, Any], origin: Origin) -> Linked:
    """The mapping with shared quantities in full: that of before with the values, where nothing shared follows from
    them.
    """
    before, paths = origin.mapping, [key.split(".") for key in values]
    if any(before.get(section) is not None for section in ("queue", "replay")) or not all(
        is_apart(path, before, origin.raw) and not _shares(_at(before, path)) and not _shares(value)
        for path, value in zip(paths, values.values(), strict=True)
    ):
        return compose.whole(mapping)
    raw: Mapping[str, Any] = origin.raw
    for path, value in zip(paths, values.values(), strict=True):
        raw = _with(raw, path, value)
    return Linked(raw, origin.raw.looked_up)


def _shares(value: Any) -> bool:
    """Is there a quantity in it that is shared?"""
    if isinstance(value, Mapping):
        return "same_as" in value or any(map(_shares, value.values()))
    return isinstance(value, list | tuple) and any(map(_shares, value))


def _at(table: Any, path: Sequence[str]) -> Any:
    """What is at the path; None where nothing is."""
    for step in path:
        table = table.get(step) if isinstance(table, Mapping) else None
    return table


def _taken_over(raw: Any, before: Any, part: Any) -> Any:
    """The raw table with the objects that were made of its unchanged members; `part` was made of `before`."""
    if isinstance(part, BaseModel) and raw == before:
        return part
    if not isinstance(raw, Mapping) or not isinstance(before, Mapping) or any(map(raw.get, READ_AS_A_WHOLE)):
        return raw
    names: dict[Any, str] = {}
    if isinstance(part, BaseModel):
        names = {key: name for name, key in keys_of(type(part)).items()}
    taken = dict(raw)
    for key, value in raw.items():
        member = part.get(key) if isinstance(part, Mapping) else getattr(part, names.get(key, str(key)), None)
        if key in before and isinstance(member, BaseModel | Mapping):
            taken[key] = _taken_over(value, before[key], member)
    return taken


def _with(table: Any, path: Sequence[str], value: Any) -> dict[str, Any]:
    """A copy of the table with the value at the path; tables on the way are made where there are none."""
    first, *rest = path
    there = table if isinstance(table, Mapping) else {}
    return {**there, first: _with(there.get(first), rest, value) if rest else _merged(there.get(first), value)}


def _merged(there: Any, value: Any) -> Any:
    """A copy of the value; of a table, with the members of the one that is there and that it does not name."""
    if isinstance(value, Mapping):
        known = there if isinstance(there, Mapping) else {}
        return {**known, **{key: _merged(known.get(key), member) for key, member in value.items()}}
    return [_merged(None, member) for member in value] if isinstance(value, list | tuple) else value


def _check_key(key: str, value: Any) -> None:
    """BadInput for what is no path of a value, and for a value that refers to another."""
    if not isinstance(key, str) or not KEY.fullmatch(key) or key == "experiment":
        allowed = "chooses files, or is no key; allowed: the dotted key of a value, such as population.scale"
        raise BadInput("with_", key, f"{allowed}. Files are chosen by caresim.load")
    if "${" in str(value):
        raise BadInput(key, value, "refers to another value, which is looked up by caresim.load; allowed: the value")
