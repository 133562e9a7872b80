"""Routing rules, one small function each: whose turn is next at a desk.

A rule looks at a contact when it joins its desk's queue and returns its rank: the smallest is next, and equal ranks go
by order of arrival. Its name is what a desk's `routing` says, the first line of its docstring is what documentation
says. To add one, write a function below `@rule`; what is not a rank of one contact cannot be a rule. Users add rules in
modules of their own (own_rules.py).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .codes import NEVER, NOBODY
from .draws import Purpose, happens
from .jit import compiled, float64, int64, world_type
from .traits import followers_of

RANK = float64(world_type, int64)


@dataclass(frozen=True)
class Rule:
    """A routing rule: its number in the records, what it does in a sentence, and the compiled function."""

    name: str
    number: int
    meaning: str
    function: Callable[[Any, int], float]


RULES: dict[str, Rule] = {}
"""The rules that come with caresim, by name."""


def meaning_of(function: Callable) -> str:
    """The first line of a rule's docstring; TypeError where there is none."""
    if not function.__doc__ or not function.__doc__.strip():
        raise TypeError(f"the routing rule {function.__name__} needs a docstring: whose turn is next, in a sentence")
    return function.__doc__.strip().splitlines()[0]


def rule(function: Callable[[Any, int], float]) -> Callable[[Any, int], float]:
    """Register a function (world, contact) -> rank, in minutes or any other unit, as the rule of its name."""
    name = function.__name__
    if name in RULES:
        raise TypeError(f"there are two routing rules {name}")
    ranked = compiled(RANK)(function)
    RULES[name] = Rule(name, len(RULES), meaning_of(function), ranked)
    return ranked


@compiled(RANK)
def priority_of(world, i):
    """The priority of a passenger, as a replay or the cohort says."""
    if i < len(world.replay_inputs):
        return world.replay_inputs[i].priority
    return world.cohorts[world.passengers[i].cohort].priority


@rule
def first_come(world, c):
    """Whoever came first is next."""
    return world.contacts[c].arrival


@rule
def newest(world, c):
    """What was posted last, as of when it joined the queue, is next; only a reminder of an expired post counts anew."""
    return -world.contacts[c].posted


@rule
def angriest(world, c):
    """The passenger who was angriest at their last post or call is next; bystanders come last."""
    i = world.contacts[c].passenger
    return NEVER if i == NOBODY else -world.passengers[i].anger


@rule
def nearest_deadline(world, c):
    """The passenger whose deadline is nearest is next; bystanders come last."""
    i = world.contacts[c].passenger
    return NEVER if i == NOBODY else world.passengers[i].deadline


@rule
def most_followers(world, c):
    """The author with most followers is next; bystanders come last."""
    i = world.contacts[c].passenger
    return NEVER if i == NOBODY else -followers_of(world, i)


@rule
def questions_first(world, c):
    """Whoever asks something is next, in order of arrival; bystanders' posts that look like no question come last."""
    contact = world.contacts[c]
    if contact.passenger != NOBODY:
        return contact.arrival
    share = world.behaviour[0].joke_question
    question = happens(share, world.clock[0].luck, contact.key, Purpose.LOOKS_LIKE_QUESTION, 0)
    return contact.arrival if question else NEVER


@rule
def priority(world, c):
    """The passenger of the highest priority is next, as a replay or the cohort says; bystanders come last."""
    i = world.contacts[c].passenger
    return NEVER if i == NOBODY else -priority_of(world, i)


@rule
def head_start(world, c):
    """Whoever came first is next, as if a priority of 1 had come `head_start` earlier; bystanders come last."""
    contact = world.contacts[c]
    i = contact.passenger
    if i == NOBODY:
        return NEVER
    return contact.arrival - world.desks[contact.desk].head_start * priority_of(world, i)
