"""The rules of a desk that a history does not say itself: candidates, of which the one that predicts best is taken."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass, replace
from typing import Any

from caresim.tasks.calibrate.desks import ALONE, Desk, Desks

FIRST_COME, HEAD_START, STRICT = "first_come", "head_start", "priority"
RESTS_MIN = (10.0, 15.0, 20.0, 30.0)
"""Minutes between two contacts of an agent from which they were off duty."""
HEAD_STARTS_MIN = (1.5, 5.0)
"""What a priority of 1 may be worth."""
DESK = "calls"
"""The desk that all kinds go to."""
MOST_NAMED = 3
"""Kinds of a desk that a sentence names."""


@dataclass(frozen=True)
class Rules:
    """Who is on duty, who serves what, and whose turn is next."""

    rest_min: float = 15.0
    after_call: bool = True
    """Agents are away for a while after a contact, as they were seen to be."""
    shared: bool = False
    """Everybody serves every kind; else those that they have had."""
    desks: Desks = ()
    """Of main kinds, some with an overflow; none: one desk of all kinds."""
    routing: str = FIRST_COME
    head_start_min: float = 0.0

    @property
    def text(self) -> str:
        """In words."""
        turn = {
            FIRST_COME: "whoever came first is next",
            HEAD_START: f"a priority of 1 is worth {self.head_start_min:g} min of waiting",
            STRICT: "the highest priority is next",
        }[self.routing]
        people = "everybody serves every kind" if self.shared else "agents serve the kinds that they have had"
        if self.desks:
            people = "".join(["agents serve their main kinds", *(f", and {one}" for one in self.helping)])
        away = "they are away after contacts as was seen" if self.after_call else "they are back at once"
        return f"a rest of {self.rest_min:g} min ends a spell of duty, {away}; {people}; {turn}"

    @property
    def helping(self) -> list[str]:
        """Who helps out with what, in words."""
        return [
            f"those who serve {_kinds(self.desks[desk.to])} take {_kinds(desk)} after {desk.after_min:g} min"
            for desk in self.desks
            if desk.to != ALONE
        ]

    @property
    def at_one_desk(self) -> Rules:
        """The same where there is one desk only."""
        return replace(self, desks=())

    @property
    def staffing(self) -> dict[str, dict[str, Any]]:
        """The keys of each desk, by its name."""
        if not self.desks:
            return {DESK: self._routing}
        return {desk.name: self._routing | self._overflow(desk) for desk in self.desks}

    def _overflow(self, desk: Desk) -> dict[str, Any]:
        if desk.to == ALONE:
            return {}
        return {"overflow": {"to": self.desks[desk.to].name, "after": f"{desk.after_min:g} min"}}

    @property
    def _routing(self) -> dict[str, Any]:
        if self.routing == HEAD_START:
            return {"routing": HEAD_START, "head_start": f"{self.head_start_min:g} min"}
        return {"routing": self.routing}


def _kinds(desk: Desk) -> str:
    """The kinds of a desk in words."""
    first, more = desk.kinds[:MOST_NAMED], len(desk.kinds) - MOST_NAMED
    return " and ".join(first) + (f" and {more} more kinds" if more > 0 else "")


def steps(
    rules: Rules, kinds: int, priorities: bool, overflows: Callable[[Desks], list[Desks]]
) -> Generator[list[Rules], Rules, None]:
    """Candidates step by step, `rules` among them: the caller sends back the best of each step.

    `overflows` are the desks that may be tried, given those that were chosen.
    """
    chosen = yield _duty(rules)
    if kinds > 1:
        chosen = yield [replace(chosen, shared=shared) for shared in (False, True)]
    found = chosen
    while more := overflows(found.desks):
        found = yield [chosen, *(replace(chosen, shared=False, desks=desks) for desks in more)]
        if found == chosen:
            break
        chosen = found
    if chosen.desks:
        chosen = yield _duty(chosen)
    if priorities:
        worth = [replace(chosen, routing=HEAD_START, head_start_min=minutes) for minutes in HEAD_STARTS_MIN]
        yield [chosen, *worth, replace(chosen, routing=STRICT)]


def _duty(rules: Rules) -> list[Rules]:
    """The same with each way to tell who is on duty."""
    return [replace(rules, rest_min=rest, after_call=away) for away in (True, False) for rest in RESTS_MIN]
