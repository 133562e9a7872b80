"""Configurations as plain mappings, with keys and values of every section spoiled."""

from __future__ import annotations

import re
from copy import deepcopy
from functools import lru_cache
from random import Random
from typing import Any

from caresim.config.composition import resolved
from tests.fuzz.case import Step
from tests.fuzz.values import value
from tests.support.properties.small_worlds import minimal

DEEP = 3000
NUMBER = re.compile(r"^[0-9.]+(?= )|^[0-9.]+$")
BASES = {
    "minimal": (),
    "tokyo": ("experiment=tokyo", "population.scale=0.01"),
    "compiegne": ("experiment=compiegne", "population.scale=0.05"),
    "activism": ("experiment=activism", "population.scale=0.05"),
    "insourcing": ("experiment=insourcing", "population.scale=0.1"),
    "messenger": ("experiment=messenger", "population.scale=0.02"),
    "desks": ("experiment=desks", "window=1 d"),
    "queue": ("experiment=queue", "queue.customers=200"),
}


@lru_cache(maxsize=16)
def _composed(base: str) -> dict[str, Any]:
    return resolved(BASES[base]) if BASES[base] else minimal()


def good(base: str) -> dict[str, Any]:
    """A configuration to be spoiled."""
    return deepcopy(_composed(base))


def draw(luck: Random) -> tuple[str, tuple[Step, ...]]:
    """A base and its steps."""
    base = luck.choice((*BASES, *("minimal",) * 8, "queue"))
    whole = good(base)
    steps: list[Step] = []
    for _ in range(luck.choice((1, 1, 1, 2, 3, 8))):
        way = place(luck, whole)
        what = luck.choice(
            ("tweak",) * 14 + ("set",) * 8 + ("drop", "drop", "rename", "copy", "copy", "add", "add", "cycle", "deep")
        )
        if what == "deep" and luck.random() < 0.8:
            what = "copy"
        further: Any = None
        if what in ("set", "add"):
            further = value(luck)
        elif what == "copy":
            further = place(luck, whole)
        elif what == "tweak":
            further = luck.choice((0, 0.01, 0.5, 0.9, 1.1, 2, 10, 1000, -1))
        if what in ("rename", "add"):
            further = [
                luck.choice(("x", "a b", "", 5, None, True, "é", "CON", "x" * 300, "\ud800", "x_1", 1.5)),
                further,
            ]
        steps.append([what, way, further])
    return base, tuple(steps)


def place(luck: Random, whole: dict[str, Any]) -> list[Any]:
    """Where something stands, at any depth; deep places are as likely as those at the top."""
    way: list[Any] = []
    node: Any = whole
    while isinstance(node, dict | list) and node and (not way or luck.random() < 0.8):
        key = luck.choice(list(node)) if isinstance(node, dict) else luck.randrange(len(node))
        way.append(key)
        node = node[key]
    return way


def spoil(base: str, steps: tuple[Step, ...]) -> dict[str, Any]:
    """The configuration after its steps. A step whose place is gone does nothing."""
    whole = good(base)
    for what, way, further in steps:
        holder, node = _at(whole, way[:-1]), _at(whole, way)
        last = way[-1]
        there = holder if isinstance(holder, dict) else range(len(holder)) if isinstance(holder, list) else ()
        if last not in there:
            continue
        if what == "set":
            holder[last] = deepcopy(further)
        elif what == "drop":
            del holder[last]
        elif what == "copy":
            holder[last] = deepcopy(_at(whole, further))
        elif what == "tweak":
            holder[last] = tweaked(node, further)
        elif what == "cycle":
            holder[last] = holder if isinstance(node, str) else node
            if isinstance(node, dict):
                node["cycle"] = node
            elif isinstance(node, list):
                node.append(node)
        elif what == "deep":
            for _ in range(DEEP):
                holder[last] = [holder[last]]
        elif isinstance(holder, dict) and what == "rename":
            holder[further[0]] = holder.pop(last)
        elif isinstance(node, dict):
            node[further[0]] = deepcopy(further[1])
    return whole


def tweaked(node: Any, factor: float) -> Any:
    """The same with other numbers: as well meant as before, as a rule."""
    if isinstance(node, bool) or node is None:
        return not node
    if isinstance(node, int | float):
        return type(node)(node * factor)
    if isinstance(node, str):
        return NUMBER.sub(lambda match: f"{float(match.group()) * factor:g}", node, count=1)
    if isinstance(node, dict):
        return {key: tweaked(member, factor) if key == "value" else member for key, member in node.items()}
    return node[::-1]


def _at(node: Any, way: list[Any]) -> Any:
    for key in way:
        try:
            node = node[key]
        except (KeyError, IndexError, TypeError):
            return None
    return node
