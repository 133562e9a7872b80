"""Staffing models that are like another one but for what is said of them: `staffing.more.like=as_given`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from caresim.config.errors import BadInput, choice
from caresim.config.sections import merged

LIKE = "like"
LABEL = "label"
"""What a copy does not take over: two staffing models would have one name."""
SAID = 3
"""Keys that the words on what differs name."""


def filled(whole: Mapping[str, Any]) -> Mapping[str, Any]:
    """The raw configuration with those staffing models in full. BadInput where there is none of that name."""
    models = whole.get("staffing")
    if not isinstance(models, Mapping):
        return whole
    alike = {name: model[LIKE] for name, model in models.items() if isinstance(model, Mapping) and LIKE in model}
    if not alike:
        return whole
    others = [name for name in models if name not in alike]
    found = dict(models)
    for name, other in alike.items():
        if other not in others:
            raise BadInput(f"staffing.{name}.{LIKE}", other, choice(others, str(other)))
        said = {key: value for key, value in models[name].items() if key != LIKE}
        unnamed = {key: value for key, value in models[other].items() if key != LABEL}
        found[name] = merged(unnamed, {"differs": _words(other, said), **said})
    return {**whole, "staffing": found}


def _words(other: str, said: Mapping[str, Any]) -> str:
    """What differs, where nobody says it."""
    keys = list(_leaves(said))
    if not keys:
        return f"As {other}"
    more = f" and {len(keys) - SAID} keys more" if len(keys) > SAID else ""
    return f"As {other}, but for {', '.join(keys[:SAID])}{more}"


def _leaves(said: Any, path: str = "") -> Iterator[str]:
    """`key=value` of everything that is said, by dotted key."""
    if isinstance(said, Mapping) and said and "value" not in said:
        for key, value in said.items():
            yield from _leaves(value, f"{path}.{key}" if path else str(key))
    else:
        yield f"{path}={said['value'] if isinstance(said, Mapping) and 'value' in said else said}"
