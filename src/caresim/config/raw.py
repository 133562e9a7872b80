"""What may stand in a configuration at all, whoever gives it: plain tables, lists, text and numbers, of some depth."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from caresim.config.errors import BadInput, located

MOST_VALUES = 1_000_000
"""In a configuration, with what stands in several places counted as often."""
MOST_LEVELS = 60
"""Tables within tables."""
LARGEST = 2**63 - 1
"""Whole numbers beyond it have no room in the records."""
UNWRITABLE = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
"""Characters that no text file, drawing or terminal should be given: control characters, and halves of characters."""
KEYS = (str, int, float, bool, type(None))
LONGEST_WORD = 50_000
"""Characters of a word of the command line."""
MOST_BRACKETS = 20
"""Within each other in a word: more than a configuration has, and what Hydra reads at once."""
OPENING, CLOSING = "[{(", "]})"


def check_raw(raw: Any) -> None:
    """BadInput for the first value that no configuration can hold."""
    count = 0
    left: list[tuple[tuple[Any, ...], Any]] = [((), raw)]
    while left:
        path, value = left.pop()
        count += 1
        if count > MOST_VALUES:
            raise BadInput("configuration", count, f"has too many values; allowed: at most {MOST_VALUES:,}")
        members: Any = ()
        if isinstance(value, str):
            check_text(value, path)
        elif isinstance(value, Mapping):
            members = value.items()
        elif isinstance(value, list | tuple):
            members = enumerate(value)
        elif isinstance(value, int) and not -LARGEST <= value <= LARGEST:
            shown = f"a whole number of {value.bit_length() * 3 // 10 + 1} digits"
            raise BadInput(located(path), shown, f"is too large; allowed: at most {LARGEST}")
        elif not isinstance(value, int | float | date | None) and not _is_read(value):
            raise BadInput(located(path), value, "must be text, a number, true, false, null, a list or a table")
        if len(path) > MOST_LEVELS:
            allowed = f"is nested deeper than {MOST_LEVELS} levels, or contains itself; allowed: fewer"
            raise BadInput(located(path[:3]), "...", allowed)
        for key, member in members:
            if not isinstance(key, KEYS):
                raise BadInput(located(path), key, "is no name of a key; allowed: text or a whole number")
            if isinstance(key, str):
                check_text(key, path)
            left.append(((*path, key), member))


def _is_read(value: Any) -> bool:
    """Is it a part of an experiment that has been read already?"""
    from pydantic import BaseModel

    from caresim.config.quantity import Quantity

    return isinstance(value, BaseModel | Quantity)


def check_text(text: str, path: tuple[Any, ...]) -> None:
    """BadInput for characters that could not be written down or shown."""
    found = UNWRITABLE.search(text)
    if found:
        allowed = f"has a character that cannot be written (U+{ord(found.group()):04X}); allowed: text in UTF-8"
        raise BadInput(located(path) or "configuration", text, allowed)


def check_word(word: str) -> None:
    """BadInput for a word that Hydra could not read, or only in a very long time."""
    if found := UNWRITABLE.search(word):
        what = f"has a byte or a character that is no text (U+{ord(found.group()):04X})"
        raise BadInput("command line", word, f"{what}; allowed: words in UTF-8, without control characters")
    if len(word) > LONGEST_WORD:
        raise BadInput("command line", word, f"has {len(word):,} characters; allowed: at most {LONGEST_WORD:,}")
    level = 0
    for sign in word:
        level += (sign in OPENING) - (sign in CLOSING)
        if level > MOST_BRACKETS:
            allowed = f"has brackets within each other, deeper than {MOST_BRACKETS} levels; allowed: fewer"
            raise BadInput("command line", word, allowed)


def put(values: dict[str, Any], way: Sequence[str], value: Any, key: str) -> None:
    """Write a value at the end of a way of keys, tables into tables. BadInput names `key` where a value is on it."""
    *above, last = way
    node = values
    for step in above:
        node = node.setdefault(step, {})
        if not isinstance(node, dict):
            raise BadInput(key, value, f"goes below {step}, which has a value; allowed: one of the two")
    both = isinstance(value, Mapping) and isinstance(node.get(last), Mapping)
    node[last] = {**node[last], **value} if both else value
