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
from caresim.config.errors import BadInput
from caresim.config.experiment import Experiment
from caresim.config.origin import Origin, origin_of, remember
from caresim.config.raw import check_raw
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
    mapping: Any = experiment.as_text() if origin is None else origin.mapping
    if origin is None and any(key.startswith("queue.") for key in values):
        # The text has the sections that follow from the queue; they are to follow anew.
        for path in queue.FOLLOWING:
            mapping = _with(mapping, path.split("."), None)
    asked: dict[str, Any] = {}
    before = mapping
    for key, value in values.items():
        _check_key(key, value)
        asked = _with(asked, key.split("."), value)
        mapping = _with(mapping, key.split("."), value)
    quick = (
        None
        if origin is None or experiment.replay is not None
        else _read_quickly(before, mapping, asked, origin, experiment)
    )
    made, read = quick or compose.read(mapping)
    remember(made, Origin(mapping, read))
    return made


def _read_quickly(
    before: Mapping[str, Any], mapping: Mapping[str, Any], asked: Mapping[str, Any], origin: Origin, old: Experiment
) -> tuple[Experiment, Mapping[str, Any]] | None:
    """The experiment and its raw form; None where that has to be told by reading everything."""
    if before == mapping:
        return None  # nothing is new, or a value is written in another way: true for 1, or in another order
    try:
        check_raw(asked)
        raw = compose.whole(mapping)
        made = Experiment.model_validate(_taken_over(raw, origin.raw, old))
        compose.check_between(made)
    except (BadInput, ValidationError):
        return None
    return made, raw


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
