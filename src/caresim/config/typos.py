"""A named thing that lacks most of what it needs: as a rule one of the others, misspelt on the command line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, get_args, get_origin

from pydantic import BaseModel, ValidationError

from caresim.config.errors import BadInput, choice

SOME = 4
"""So many of the keys that are lacking are told."""


def misnamed(error: ValidationError, whole: Mapping[str, Any], model: type[BaseModel]) -> BadInput | None:
    """BadInput where an entry of a table lacks at least as many keys as it has; None where there is no such entry.

    `whole` is what `model` was to be read from, the first complaint of `error` is looked at.
    """
    found = error.errors(include_url=False)
    if found[0]["type"] != "missing":
        return None
    lacking = [one["loc"] for one in found if one["type"] == "missing"]
    node: Any = whole
    for depth, table in enumerate(tables(found[0]["loc"][:-1], model)):
        step = found[0]["loc"][depth]
        if not isinstance(node, Mapping) or step not in node:
            return None
        others = [str(name) for name, entry in node.items() if name != step and isinstance(entry, Mapping)]
        node = node[step]
        way = found[0]["loc"][: depth + 1]
        keys = [str(loc[-1]) for loc in lacking if loc[:-1] == way]
        if table and others and isinstance(node, Mapping) and keys and len(keys) >= len(node):
            more = f" and {len(keys) - SOME} more" if len(keys) > SOME else ""
            needs = f"a new one needs {', '.join(keys[:SOME])}{more} as well"
            allowed = f"unknown, {choice(others, str(step))} ({needs})"
            return BadInput(".".join(map(str, way)), node, allowed)
    return None


def tables(steps: Sequence[Any], model: type[BaseModel]) -> list[bool]:
    """For each step of a location, whether it names an entry of a table (and no field)."""
    kind: Any = model
    told = []
    for step in steps:
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            fields = {field.alias or name: field for name, field in kind.model_fields.items()}
            kind = bare(fields[step].annotation) if step in fields else None
            told.append(False)
        elif get_origin(kind) is dict:
            kind = bare(get_args(kind)[1])
            told.append(True)
        else:
            kind = None
            told.append(False)
    return told


def bare(kind: Any) -> Any:
    """A type without what annotates it, and without None."""
    while get_origin(kind) is Annotated:
        kind = get_args(kind)[0]
    members = [each for each in get_args(kind) if each is not type(None)]
    return members[0] if len(members) == 1 and get_origin(kind) is not dict and type(None) in get_args(kind) else kind
