"""The rules of a desk that a history does not say itself: candidates, of which the one that predicts best is taken."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, replace
from typing import Any

FIRST_COME, HEAD_START, STRICT = "first_come", "head_start", "priority"
RESTS_MIN = (10.0, 15.0, 20.0, 30.0)
"""Minutes between two contacts of an agent from which they were off duty."""
HEAD_STARTS_MIN = (1.5, 5.0)
"""What a priority of 1 may be worth."""


@dataclass(frozen=True)
class Rules:
    """Who is on duty, who serves what, and whose turn is next."""

    rest_min: float = 15.0
    after_call: bool = True
    """Agents are away for a while after a contact, as they were seen to be."""
    shared: bool = False
    """Everybody serves every kind; else those that they have had."""
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
        away = "they are away after contacts as was seen" if self.after_call else "they are back at once"
        return f"a rest of {self.rest_min:g} min ends a spell of duty, {away}; {people}; {turn}"

    @property
    def desk(self) -> dict[str, Any]:
        """The keys of the desk."""
        if self.routing == HEAD_START:
            return {"routing": HEAD_START, "head_start": f"{self.head_start_min:g} min"}
        return {"routing": self.routing}


def steps(rules: Rules, kinds: int, priorities: bool) -> Generator[list[Rules], Rules, None]:
    """Candidates step by step, `rules` among them: the caller sends back the best of each step."""
    chosen = rules
    duty = [replace(chosen, rest_min=rest, after_call=away) for away in (True, False) for rest in RESTS_MIN]
    chosen = yield duty
    if kinds > 1:
        chosen = yield [replace(chosen, shared=shared) for shared in (False, True)]
    if priorities:
        worth = [replace(chosen, routing=HEAD_START, head_start_min=minutes) for minutes in HEAD_STARTS_MIN]
        yield [chosen, *worth, replace(chosen, routing=STRICT)]
