"""Whose turn it is: which transitions may be called from outside, and on what.

What comes off the agenda is handed to the agent whose class has its own way with it, who may let it happen then, later
or never, and once. Whatever else is called happens out of turn: only where the world allows it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from caresim.config.errors import BadInput
from caresim.model.codes import NOBODY, State, Status
from caresim.model.events import Event

if TYPE_CHECKING:
    from caresim.agents.model import CareModel


def in_state(state: State) -> Callable[[CareModel, int], bool]:
    return lambda model, row: model.columns["contacts"]["state"].item(row) == state


def waits(model: CareModel, row: int) -> bool:
    """For an answer that its author still cares for."""
    contact = model.world.contacts[row]
    in_reach = contact.queued or not contact.synchronous
    return bool(contact.state == State.WAITING and contact.author_waiting and in_reach)


def is_in_hand(model: CareModel, row: int) -> bool:
    """Of the person whose contact it is."""
    staff = model.columns["contacts"]["staff"].item(row)
    return staff != NOBODY and model.columns["staff"]["contact"].item(staff) == row


def is_unaware(model: CareModel, row: int) -> bool:
    return model.columns["passengers"]["status"].item(row) == Status.UNAWARE


def has_dealt(model: CareModel, row: int) -> bool:
    """With somebody who may have promised something."""
    return model.columns["passengers"]["operator"].item(row) != NOBODY


STANDS: dict[Event, tuple[Callable[[CareModel, int], bool], str]] = {
    Event.ABANDON: (waits, "must be a contact that still waits for its answer"),
    Event.REMIND: (waits, "must be a contact that still waits for its answer"),
    Event.CUSTOMER_REPLY: (in_state(State.CUSTOMER), "must be a contact whose customer has been asked something"),
    Event.REPLY: (is_in_hand, "must be the contact in hand"),
    Event.SERVE: (in_state(State.IN_HAND), "must be a contact in hand"),
    Event.AFFECT: (is_unaware, "must be a passenger whom the disruption has not reached"),
    Event.KEPT: (has_dealt, "must be a passenger who has had to do with an operator"),
    Event.PROMISED: (has_dealt, "must be a passenger who has had to do with an operator"),
}
"""What must hold of the subject when it happens out of turn or later than its turn, and how that is said."""

IN_TURN = frozenset({
    Event.AFFECT, Event.ADMIT, Event.SERVE, Event.RECEIVE, Event.LEFT, Event.START_DUTY, Event.END_DUTY, Event.STOP,
    Event.CHECK_IN, Event.DEPART, Event.PUBLISH, Event.SPONTANEOUS_POST, Event.FOLLOW_ON_POST,
})  # fmt: skip
"""What happens to a subject when its turn comes and at no other time: a second one would be counted twice."""

GUARDED = IN_TURN | STANDS.keys()


class Turns:
    """What has come off the agenda and was handed to an agent, who has not let it happen yet."""

    def __init__(self, model: CareModel) -> None:
        self.model = model
        self.present: tuple[int, int] | None = None
        self.put_off: set[tuple[int, int]] = set()

    def hand(self, kind: Event, subject: int) -> None:
        self.present = (kind, subject)
        if kind in GUARDED:
            self.put_off.add(self.present)

    def take(self, kind: Event, subject: int, agent: Any, owner: tuple[str, int]) -> None:
        """BadInput where this may not happen to the subject now, or is not this agent's."""
        what = f"{type(agent).__name__} {agent.name}"
        if owner != (agent.table, agent.row):
            raise BadInput(what, subject, "must be one of their own")
        if kind not in GUARDED:
            return
        turn = (kind, subject)
        came, at_once = turn in self.put_off, turn == self.present
        stands, told = STANDS.get(kind, (None, ""))
        if stands is not None and not (came and at_once) and not stands(self.model, subject):
            raise BadInput(what, subject, told)
        if kind in IN_TURN and not came:
            raise BadInput(what, subject, f"{kind.name.lower()} happens when its turn comes, and once")
        self.put_off.discard(turn)
        self.present = None
