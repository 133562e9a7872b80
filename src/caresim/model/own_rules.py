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
from numba.extending import intrinsic

from .codes import NEVER
from .contact import waits_on_the_spot
from .jit import INTERPRETED, OPTIONS, boolean, branch_on, compiled, float64, int64, world_type
from .routing import RANK, RULES, Rule, meaning_of
from .world import World, rows

BUILT_IN = len(RULES)
NO_RANK = "a routing rule gave no rank (a number that is not NaN), or failed"
"""What a run ends with where a user's rule does."""

OWN: dict[str, Rule] = {}
"""The rules of users, by name; their numbers follow those of RULES."""
_sources: dict[str, str] = {}
"""What stood around each rule when it was registered: the code that runs, whatever its file says later."""
_addresses: dict[str, int] = {}
_kept: list[Any] = []
"""Compiled rules, which must live as long as somebody may call them."""


def routing_rule(function: Callable[[Any, int], float]) -> Callable[[Any, int], float]:
    """Register a function (world, contact) -> rank as the routing rule of its name: the smallest rank is next.

    `world` has the tables of docs/model.md, `contact` is a row of `world.contacts`. The rule is compiled by Numba when
    a run first needs it; it may call functions of caresim.model and functions that are compiled by Numba themselves.
    Registering a rule of the same name again replaces it, if it comes from the same module. TypeError where the name is
    that of one of caresim's own rules or of another module's, the docstring is missing, or nobody can read its source.
    """
    name = function.__name__
    if name in RULES:
        raise TypeError(f"caresim has a routing rule {name}: give yours another name")
    if name in OWN and OWN[name].function.__module__ != function.__module__:
        raise TypeError(
            f"{OWN[name].function.__module__} has a routing rule {name}, too: give one of them another name"
        )
    number = OWN[name].number if name in OWN else BUILT_IN + len(OWN)
    rule, source = Rule(name, number, meaning_of(function), function), source_of(function)
    OWN[name], _sources[name] = rule, source
    _addresses.pop(name, None)
    return function


def every_rule() -> dict[str, Rule]:
    """All rules by name: caresim's own, then those of users."""
    return RULES | OWN


def modules() -> list[str]:
    """The modules that the users' rules come from: what another process must import to have them."""
    return sorted({rule.function.__module__ for rule in OWN.values()})


def source_of(function: Callable) -> str:
    """The text of the module around a rule; of the rule alone in a notebook. TypeError where there is none."""
    file = getattr(sys.modules.get(function.__module__), "__file__", None)
    try:
        return Path(file).read_text(encoding="utf-8") if file else inspect.getsource(function)
    except (OSError, TypeError) as error:
        raise TypeError(
            f"the source of the routing rule {function.__name__} cannot be read: put it into a module"
        ) from error


def digest() -> str:
    """A hash of the source of every user's rule and of the module around it; empty where there is none."""
    if not OWN:
        return ""
    text = "".join(f"{name}\0{source}\0" for name, source in sorted(_sources.items()) if name in OWN)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


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
    except Exception as error:  # Numba's own errors, and a KeyError for a field that no record has
        reason = " ".join(f"{type(error).__name__}: {error}".split())
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
        world.own_rules[number - BUILT_IN].failed_at = world.contacts[c].desk + 1
        raise ValueError(NO_RANK)
    return value


@branch_on({rule.number: rule.function for rule in RULES.values()}, RANK, own_rank)
def _rank_by(world, number, c):
    """The rank of a contact by the rule of this number."""


@compiled(RANK)
def rank(world, c):
    """Small is next: what the desk sees when the contact joins its queue."""
    contact = world.contacts[c]
    desk = world.desks[contact.desk]
    return _rank_by(world, int64(desk.routing) if waits_on_the_spot(world, c) else int64(desk.routing_deferred), c)
