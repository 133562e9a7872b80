"""References from one value to another (`${replay.timezone}`), looked at before they are written out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from caresim.config.errors import MISSING, BadInput

REFERENCE = re.compile(r"\$\{([^{}$:]*)\}")
"""To a key by its dotted path; one that begins with a dot is relative to where it stands."""
STEP = re.compile(r"[^.\[\]]+")
MOST_CHARACTERS = 1_000_000
"""Of all values together, once written out: references to references multiply."""
ALLOWED = "allowed: a value of its own, or a reference to one that has none"


def check_references(whole: Mapping[str, Any]) -> None:
    """BadInput for references that lead in a circle, or would be too long when written out. `whole`: as composed."""
    _Lengths(whole).of(whole, ())


class _Lengths:
    """How long values become, by their place."""

    def __init__(self, whole: Mapping[str, Any]) -> None:
        self.whole = whole
        self.known: dict[tuple[str, ...], int] = {}
        self.way: dict[tuple[str, ...], None] = {}

    def of(self, node: Any, place: tuple[str, ...]) -> int:
        """Characters, about: a number is one."""
        if place in self.known:
            return self.known[place]
        key = ".".join(place)
        if place in self.way:
            raise BadInput(key, node if isinstance(node, str) else MISSING, f"refers back to itself; {ALLOWED}")
        self.way[place] = None
        length = 1
        for step, member in _members(node):
            length += self.of(member, (*place, step))
            self._check(length, key)
        if isinstance(node, str):
            length += len(node)
            for match in REFERENCE.finditer(node):
                target = self._target(match[1], place)
                if target is not None:
                    length += self.of(*target)
                self._check(length, key)
        del self.way[place]
        self.known[place] = length
        return length

    def _check(self, length: int, key: str) -> None:
        if length > MOST_CHARACTERS:
            raise BadInput(key or "configuration", MISSING, f"is too long with its references written out; {ALLOWED}")

    def _target(self, text: str, place: tuple[str, ...]) -> tuple[Any, tuple[str, ...]] | None:
        """What a reference leads to and where that is; None where there is nothing, which OmegaConf will say."""
        dots = len(text) - len(text.lstrip("."))
        steps = (*(place[: len(place) - dots] if dots else ()), *STEP.findall(text))
        node: Any = self.whole
        for step in steps:
            node = dict(_members(node)).get(step)
        return None if node is None else (node, steps)


def _members(node: Any) -> list[tuple[str, Any]]:
    if isinstance(node, Mapping):
        return [(str(key), member) for key, member in node.items()]
    return [(str(place), member) for place, member in enumerate(node)] if isinstance(node, list) else []
