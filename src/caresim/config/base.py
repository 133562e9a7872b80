"""What all configuration objects share: frozen, no unknown keys, tables of named things, words from a list."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, model_validator

from caresim.config.errors import choice, complaint
from caresim.model import media, needs

NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")
NAMES = "lower-case letters, digits and _, starting with a letter, at most 64 of them"
SWALLOWED = "YAML reads bare on, off, yes, no, true and false as true or false: write the word in quotes"


class Frozen(BaseModel):
    """A configuration object: frozen, every key known, every value of its type."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _keys_known(cls, raw: Any) -> Any:
        if isinstance(raw, cls):
            return raw
        keys = [field.alias or name for name, field in cls.model_fields.items()]
        if not isinstance(raw, Mapping):
            raise complaint(f"must be a mapping with keys such as {', '.join(keys[:6])}")
        for key, value in raw.items():
            if key not in keys:
                raise complaint(f"unknown key, {choice(keys, str(key))}", value, str(key))
        return raw


def _named(raw: Any) -> Any:
    """A table of named things; an entry set to null is taken out (so that a file can leave out what it builds on)."""
    if raw is None or not isinstance(raw, Mapping):
        return raw
    for name, value in raw.items():
        if isinstance(name, bool):
            raise complaint(SWALLOWED, name, str(name))
        if not NAME.fullmatch(str(name)):
            raise complaint(f"names are {NAMES}", value, str(name))
    return {name: value for name, value in raw.items() if value is not None}


def _sourced(raw: Any) -> Any:
    """A table of quantities, which may carry one `source` and `no_range` for all its members."""
    if not isinstance(raw, Mapping):
        return raw
    for name in raw:
        if isinstance(name, bool):
            raise complaint(SWALLOWED, name, str(name))
    shared = {key: raw[key] for key in ("source", "no_range") if key in raw}
    members = {key: value for key, value in raw.items() if key not in shared and value is not None}
    if not shared:
        return members
    quantities = {key: value if isinstance(value, Mapping) else {"value": value} for key, value in members.items()}
    return {key: shared | dict(quantity) for key, quantity in quantities.items()}


Named = BeforeValidator(_named)
Sourced = BeforeValidator(_sourced)


def _text(raw: Any) -> str:
    """Text with single spaces; a word that YAML has turned into true or false is refused."""
    if isinstance(raw, bool):
        raise complaint(SWALLOWED)
    if not isinstance(raw, str) or not raw.strip():
        raise complaint("must be text")
    return " ".join(raw.split())


Text = Annotated[str, BeforeValidator(_text)]


class OfNoEffect:
    """Marks a field that changes no run: words for the reader, how results are judged, where and by whom they are made.

    Blocks that are finished outlast a change of such a field; every other one is part of what names them.
    """


NO_EFFECT = OfNoEffect()
Prose = Annotated[Text, NO_EFFECT]
"""Words for the reader."""


@dataclass(frozen=True)
class OneOf:
    """Marks a type of a few words, for whoever lists them."""

    words: tuple[str, ...]


def one_of(*words: str) -> Any:
    """The type of a key that takes one of `words`."""

    def chosen(raw: Any) -> str:
        if isinstance(raw, bool):
            raise complaint(f"{choice(words)}; {SWALLOWED}")
        if not isinstance(raw, str) or raw not in words:
            raise complaint(choice(words, str(raw)))
        return raw

    return Annotated[str, BeforeValidator(chosen), OneOf(words)]


NEEDS, MEDIA = needs.WORDS, media.WORDS
Need = one_of(*NEEDS)
Medium = one_of(*MEDIA)
