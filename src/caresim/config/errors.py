"""Bad input: one message that names the key, the value and what is allowed, whoever found the mistake.

Our own checks raise BadInput, or inside a schema class what `complaint` makes. `from_validation` and `misspelt_name`
turn what pydantic refuses into BadInput; `hydra_errors.py` does so for what Hydra and OmegaConf refuse.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import PydanticCustomError

LONGEST = 120
"""Characters of a value, or of a key, that a message shows."""
LONGEST_ADVICE = 600
"""Characters of the rest of a message."""
MOST_LISTED = 16
"""So many of the words that are allowed are listed; the rest is counted."""
MOST_MISSING_KEYS = 4
"""So many of the keys that are missing are listed."""
MISSING = object()
"""Stands for the value of a key that is not there."""


class BadInput(ValueError):
    """Input that cannot be used. `str()` is the one line to show; `key`, `value` and `allowed` are its parts."""

    def __init__(self, key: str, value: Any, allowed: str) -> None:
        self.key, self.value, self.allowed = key, value, allowed
        where, advice = in_a_line(key, LONGEST), in_a_line(allowed, LONGEST_ADVICE)
        super().__init__(f"{where}: {advice}" if value is MISSING else f"{where} = {shortened(value)}: {advice}")

    def __reduce__(self) -> tuple[Any, ...]:
        return BadInput, (self.key, None if self.value is MISSING else self.value, self.allowed)


def shortened(value: Any) -> str:
    """The value as a user would recognise it, at most LONGEST characters."""
    try:
        text = repr(value)
    except (RecursionError, ValueError):
        # It is nested too deeply, or a whole number of thousands of digits.
        text = f"({type(value).__name__})"
    return in_a_line(text, LONGEST)


def in_a_line(text: str, longest: int) -> str:
    """The text without what would break the line or command a terminal, at most so many characters."""
    text = text if len(text) <= longest else text[: longest - 3] + "..."
    return text if text.isprintable() else "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


def nearest(word: str, known: Iterable[str]) -> str:
    """A hint such as `; did you mean headcount?`, empty when no known word is near."""
    near = _near(word, known)
    return f"; did you mean {near}?" if near else ""


def _near(word: str, known: Iterable[str]) -> str:
    return " or ".join(difflib.get_close_matches(str(word), [str(name) for name in known], n=2, cutoff=0.6))


def choice(known: Iterable[str], word: str = "") -> str:
    """What is allowed where one of several words is wanted: first what `word` may have meant, then the others."""
    names = [str(name) for name in known]
    more = f" and {len(names) - MOST_LISTED} more" if len(names) > MOST_LISTED else ""
    listed = f"llowed: {', '.join(names[:MOST_LISTED]) or 'nothing'}{more}"
    near = _near(word, names) if word else ""
    return f"did you mean {near}? A{listed}" if near else f"a{listed}"


def known(name: str, names: Iterable[str], key: str, what: str) -> None:
    """BadInput where the name is none of `names`; `what` it should name."""
    names = list(names)
    if name not in names:
        raise BadInput(key, name, f"unknown {what}, {choice(names, name)}")


def complaint(allowed: str, value: Any = MISSING, key: str = "") -> PydanticCustomError:
    """What a validator raises. `key` is relative to the object being read; without `value` its input is shown."""
    has_value = value is not MISSING
    context = {"allowed": allowed, "key": key, "has_value": has_value, "value": value if has_value else None}
    return PydanticCustomError("caresim", "{allowed}", context)


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
"""Our words for pydantic's own checks, by the type of its error."""


def from_validation(error: ValidationError, within: str = "") -> BadInput:
    """The first of pydantic's errors, in our words; says how many more there are.

    `within` is the path of what was read, where it is not the whole configuration.
    """
    errors = error.errors(include_url=False)
    # A quantity that is shared is refused wherever it stands: speak of the place where it is given.
    errors = [detail for detail in errors if not _is_shared(detail["input"])] or errors
    first = errors[0]
    context = first.get("ctx", {})
    key = located((within, *first["loc"]) if within else first["loc"])
    if first["type"] == "caresim":
        inner = context["key"]
        key = (key + inner if inner.startswith("[") or not key else f"{key}.{inner}") if inner else key
        value, allowed = context["value"] if context["has_value"] else first["input"], context["allowed"]
    elif first["type"] == "missing":
        value, allowed = MISSING, PLAIN_WORDS["missing"]
    else:
        value, allowed = first["input"], PLAIN_WORDS.get(first["type"], first["msg"].lower()).format(**context)
    if value is None and allowed.startswith("must be"):
        value, allowed = MISSING, f"has no value (null); it {allowed}"
    more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
    return BadInput(key or "configuration", value, allowed + more)


def _is_shared(raw: Any) -> bool:
    return isinstance(raw, Mapping) and "same_as" in raw


def located(steps: Iterable[str | int]) -> str:
    """`staffing.social_team.desks.social.shifts[1].end` from the steps of a pydantic location."""
    path = ""
    for step in steps:
        if step == "[key]":
            continue
        path += f"[{step}]" if isinstance(step, int) else f".{step}" if path else str(step)
    return path


def misspelt_name(error: ValidationError, raw: Mapping[str, Any], schema: type[BaseModel]) -> BadInput | None:
    """BadInput about an entry of a table that lacks at least as many keys as it has; None where there is no such entry.

    As a rule it is one of the other entries, misspelt on the command line. `raw` is what `schema` was to be read from.
    Only the first of pydantic's errors is looked at.
    """
    errors = error.errors(include_url=False)
    if errors[0]["type"] != "missing":
        return None
    steps = errors[0]["loc"][:-1]
    missing = [detail["loc"] for detail in errors if detail["type"] == "missing"]
    node: Any = raw
    for depth, (step, names_entry) in enumerate(zip(steps, entry_steps(steps, schema), strict=True), start=1):
        if not isinstance(node, Mapping) or step not in node:
            return None
        others = [str(name) for name, entry in node.items() if name != step and isinstance(entry, Mapping)]
        node = node[step]
        keys = [str(loc[-1]) for loc in missing if loc[:-1] == steps[:depth]]
        if names_entry and others and isinstance(node, Mapping) and keys and len(keys) >= len(node):
            more = f" and {len(keys) - MOST_MISSING_KEYS} more" if len(keys) > MOST_MISSING_KEYS else ""
            needs = f"a new one needs {', '.join(keys[:MOST_MISSING_KEYS])}{more} as well"
            return BadInput(".".join(map(str, steps[:depth])), node, f"unknown, {choice(others, str(step))} ({needs})")
    return None


def entry_steps(steps: Sequence[Any], schema: type[BaseModel]) -> list[bool]:
    """For each step of a location, whether it names an entry of a table (and no field)."""
    kind: Any = schema
    names_entry = []
    for step in steps:
        names_entry.append(get_origin(kind) is dict)
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            fields = {field.alias or name: field for name, field in kind.model_fields.items()}
            kind = bare(fields[step].annotation) if step in fields else None
        else:
            kind = bare(get_args(kind)[1]) if get_origin(kind) is dict else None
    return names_entry


def bare(kind: Any) -> Any:
    """A type without what annotates it, and without None."""
    while get_origin(kind) is Annotated:
        kind = get_args(kind)[0]
    members = [member for member in get_args(kind) if member is not type(None)]
    return members[0] if len(members) == 1 and get_origin(kind) is not dict and type(None) in get_args(kind) else kind
