"""Routing rules that users bring in a Python module of their own, which they name explicitly.

    import caresim

    @caresim.routing_rule
    def longest_silence(world, contact):
        "The contact whose author has waited longest since the last post is next."
        return world.contacts[contact].posted

A rule is compiled by itself and called through its address, so that the compiled model stays as it is.
"""

from __future__ import annotations

import hashlib
import inspect
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numba import cfunc, intp, njit
from numba.core import cgutils
from numba.core.errors import NumbaError
from numba.extending import intrinsic

from .codes import NEVER
from .jit import INTERPRETED, OPTIONS, boolean, branch_on, compiled, float64, int64, world_type
from .routing import RANK, RULES, Rule, meaning_of
from .world import World, rows

BUILT_IN = len(RULES)
NO_RANK = "a routing rule gave no rank (a number that is not NaN), or failed"
"""What a run ends with where a user's rule does."""

OWN: dict[str, Rule] = {}
"""The rules of users, by name; their numbers follow those of RULES."""
_addresses: dict[str, int] = {}
_kept: list[Any] = []
"""Compiled rules, which must live as long as somebody may call them."""


def routing_rule(function: Callable[[Any, int], float]) -> Callable[[Any, int], float]:
    """Register a function (world, contact) -> rank as the routing rule of its name: the smallest rank is next.

    `world` has the tables of docs/model.md, `contact` is a row of `world.contacts`. The rule is compiled by Numba when
    a run first needs it; it may call functions of caresim.model and functions that are compiled by Numba themselves.
    Registering a rule of the same name again replaces it. TypeError where the name is that of one of caresim's own
    rules, or the docstring is missing.
    """
    name = function.__name__
    if name in RULES:
        raise TypeError(f"caresim has a routing rule {name}: give yours another name")
    number = OWN[name].number if name in OWN else BUILT_IN + len(OWN)
    OWN[name] = Rule(name, number, meaning_of(function), function)
    _addresses.pop(name, None)
    return function


def every_rule() -> dict[str, Rule]:
    """All rules by name: caresim's own, then those of users."""
    return RULES | OWN


def modules() -> list[str]:
    """The modules that the users' rules come from: what another process must import to have them."""
    return sorted({rule.function.__module__ for rule in OWN.values()})


def digest() -> str:
    """A hash of the source of every user's rule and of the module around it; empty where there is none."""
    if not OWN:
        return ""
    text = hashlib.sha256()
    for name, rule in sorted(OWN.items()):
        file = getattr(sys.modules.get(rule.function.__module__), "__file__", None)
        source = Path(file).read_text(encoding="utf-8") if file else inspect.getsource(rule.function)
        text.update(f"{name}\0{source}\0".encode())
    return text.hexdigest()[:16]


def addresses() -> np.recarray:
    """The table `own_rules` of a world: where the code of each user's rule is, by its number."""
    table = rows(len(OWN), "own_rules")
    table["address"] = list(_compiled())
    return table


def _compiled() -> Iterator[int]:
    for number, (name, rule) in enumerate(OWN.items()):
        if name not in _addresses:
            _addresses[name] = number if INTERPRETED else _address(rule)
        yield _addresses[name]


def _address(rule: Rule) -> int:
    """Compile a rule; TypeError, in one line, where Numba cannot."""
    try:
        inner = njit(RANK, **OPTIONS)(rule.function)

        def outer(address, contact):  # type: ignore[no-untyped-def]
            try:
                return inner(_world_at(address), contact)
            except Exception:
                return np.nan

        pointer = cfunc(float64(intp, int64), nopython=True)(outer)
    except NumbaError as error:
        reason = " ".join(str(error).split())
        raise TypeError(f"the routing rule {rule.name} cannot be compiled: {reason[:300]}") from error
    _kept.append(pointer)
    return int(pointer.address)


@intrinsic
def _world_at(context: Any, address: Any) -> Any:
    """The world at an address."""

    def code(target: Any, builder: Any, signature: Any, values: Any) -> Any:
        return builder.inttoptr(values[0], cgutils.voidptr_t)

    return world_type(intp), code


@intrinsic
def _call_at(context: Any, address: Any, world: Any, contact: Any) -> Any:
    """Call the rule at an address."""

    def code(target: Any, builder: Any, signature: Any, values: Any) -> Any:
        number = target.get_value_type(int64)
        kind = cgutils.ir.FunctionType(target.get_value_type(float64), [number, number])
        function = builder.inttoptr(values[0], kind.as_pointer())
        return builder.call(function, [builder.ptrtoint(values[1], number), values[2]])

    return float64(int64, world_type, int64), code


def _call_interpreted(number: int, world: World, contact: int) -> float:
    return list(OWN.values())[number].function(world, contact)


_call = _call_interpreted if INTERPRETED else _call_at


@compiled(boolean(float64), inline=True)
def is_rank(value):
    """Can a contact stand in a queue by this number?"""
    return value <= NEVER


@compiled(float64(world_type, int64, int64))
def own_rank(world, number, c):
    """The rank by a user's rule."""
    value = _call(world.own_rules[number - BUILT_IN].address, world, c)
    if not is_rank(value):
        raise ValueError(NO_RANK)
    return value


@branch_on({rule.number: rule.function for rule in RULES.values()}, RANK, own_rank)
def _rank_by(world, number, c):
    """The rank of a contact by the rule of this number."""


@compiled(RANK)
def rank(world, c):
    """Small is next: what the desk sees when the contact joins its queue."""
    return _rank_by(world, int64(world.desks[world.contacts[c].desk].routing), c)
