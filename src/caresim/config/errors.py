"""Bad input: one message that names the key, the value and what is allowed."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import ValidationError
from pydantic_core import PydanticCustomError

LONGEST = 120
MISSING = object()
"""Stands for the value of a key that is not there."""


class BadInput(ValueError):
    """Input that cannot be used. `str()` is the one line to show; `key`, `value` and `allowed` are its parts."""

    def __init__(self, key: str, value: Any, allowed: str) -> None:
        self.key, self.value, self.allowed = key, value, allowed
        super().__init__(f"{key}: {allowed}" if value is MISSING else f"{key} = {shortened(value)}: {allowed}")

    def __reduce__(self) -> tuple[Any, ...]:
        return BadInput, (self.key, None if self.value is MISSING else self.value, self.allowed)


def shortened(value: Any) -> str:
    """The value as a user would recognise it, at most LONGEST characters."""
    text = repr(value)
    return text if len(text) <= LONGEST else text[: LONGEST - 3] + "..."


def nearest(word: str, known: Iterable[str]) -> str:
    """A hint such as `; did you mean headcount?`, empty when nothing is near."""
    near = difflib.get_close_matches(str(word), [str(name) for name in known], n=2, cutoff=0.6)
    return f"; did you mean {' or '.join(near)}?" if near else ""


def choice(known: Iterable[str], word: str = "") -> str:
    """What is allowed where one of several words is wanted."""
    names = [str(name) for name in known]
    return f"allowed: {', '.join(names) or 'nothing'}{nearest(word, names)}"


def known(name: str, names: Iterable[str], key: str, what: str) -> None:
    """BadInput where the name is none of `names`; `what` it should name."""
    names = list(names)
    if name not in names:
        raise BadInput(key, name, f"unknown {what}, {choice(names, name)}")


def complaint(allowed: str, value: Any = MISSING, key: str = "") -> PydanticCustomError:
    """What a validator raises. `key` is relative to the object being read; without `value` its input is shown."""
    told = {"allowed": allowed, "key": key, "told": value is not MISSING, "value": None if value is MISSING else value}
    return PydanticCustomError("caresim", "{allowed}", told)


PLAIN_WORDS = {
    "missing": "is required",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_type": "must be a number",
    "float_parsing": "must be a number",
    "list_type": "must be a list",
    "tuple_type": "must be a list",
    "dict_type": "must be a mapping of names to values",
    "mapping_type": "must be a mapping of names to values",
    "string_type": "must be text",
    "greater_than_equal": "must be at least {ge:g}",
    "greater_than": "must be more than {gt:g}",
    "less_than_equal": "must be at most {le:g}",
    "less_than": "must be less than {lt:g}",
}


def located(steps: Iterable[str | int]) -> str:
    """`staffing.social_team.desks.social.shifts[1].end` from the steps of a pydantic location."""
    path = ""
    for step in steps:
        if step == "[key]":
            continue
        path += f"[{step}]" if isinstance(step, int) else f".{step}" if path else str(step)
    return path


def from_validation(error: ValidationError, within: str = "") -> BadInput:
    """The first of pydantic's complaints, in our words; says how many more there are.

    `within` is the path of what was read, where it is not the whole configuration.
    """
    found = error.errors(include_url=False)
    # A quantity that is shared complains wherever it stands: speak of the place where it is given.
    found = [one for one in found if not (isinstance(one["input"], Mapping) and "same_as" in one["input"])] or found
    first = found[0]
    context = first.get("ctx", {})
    key = located((within, *first["loc"]) if within else first["loc"])
    if first["type"] == "caresim":
        inner = context["key"]
        key = (key + inner if inner.startswith("[") or not key else f"{key}.{inner}") if inner else key
        value, allowed = context["value"] if context["told"] else first["input"], context["allowed"]
    elif first["type"] == "missing":
        value, allowed = MISSING, PLAIN_WORDS["missing"]
    else:
        value, allowed = first["input"], PLAIN_WORDS.get(first["type"], first["msg"].lower()).format(**context)
    more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
    return BadInput(key or "configuration", value, allowed + more)
