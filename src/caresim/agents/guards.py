"""Which transitions may be called from outside, and on what.

What comes off the agenda is handed to the agent whose class has its own way with it. The agent may let it happen then,
later or never, and once. Whatever else is called happens out of turn: only where the world allows it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from caresim.agents.columns import Columns
from caresim.agents.played import PLAYED
from caresim.config.errors import BadInput
from caresim.model.codes import NOBODY, State, Status
from caresim.model.events import Event

Condition = Callable[[Columns, int], bool]


def in_state(state: State) -> Condition:
    """The contact stands so."""
    return lambda columns, row: columns["contacts"]["state"].item(row) == state


def waits(columns: Columns, row: int) -> bool:
    """The contact waits for an answer, and so does its author."""
    contact = columns.world.contacts[row]
    in_reach = contact.queued or not contact.synchronous
    return bool(contact.state == State.WAITING and contact.author_waiting and in_reach)


def waits_in_a_queue(columns: Columns, row: int) -> bool:
    """The contact stands in a desk's queue on the spot, and the desk lets it move on."""
    contact = columns.world.contacts[row]
    return bool(
        contact.queued and contact.synchronous and columns["desks"]["overflows_to"].item(contact.desk) != NOBODY
    )


def is_in_hand(columns: Columns, row: int) -> bool:
    """The person whose contact it is has it in hand."""
    staff = columns["contacts"]["staff"].item(row)
    return staff != NOBODY and columns["staff"]["contact"].item(staff) == row


def is_unaware(columns: Columns, row: int) -> bool:
    """The disruption has not reached the passenger."""
    return columns["passengers"]["status"].item(row) == Status.UNAWARE


def has_dealt(columns: Columns, row: int) -> bool:
    """The passenger has dealt with an operator, who may have promised something."""
    return columns["passengers"]["operator"].item(row) != NOBODY


CONDITIONS: dict[Event, tuple[Condition, str]] = {
    Event.ABANDON: (waits, "must be a contact that still waits for its answer"),
    Event.REMIND: (waits, "must be a contact that still waits for its answer"),
    Event.OVERFLOW: (waits_in_a_queue, "must be a call or visit that still waits at a desk with an overflow"),
    Event.CUSTOMER_REPLY: (in_state(State.CUSTOMER), "must be a contact whose customer has been asked something"),
    Event.REPLY: (is_in_hand, "must be the contact in hand"),
    Event.SERVE: (in_state(State.IN_HAND), "must be a contact in hand"),
    Event.AFFECT: (is_unaware, "must be a passenger whom the disruption has not reached"),
    Event.KEPT: (has_dealt, "must be a passenger who has had to do with an operator"),
    Event.PROMISED: (has_dealt, "must be a passenger who has had to do with an operator"),
}
"""What must hold of the subject when it happens out of turn or later than its turn, and how that is said."""

ONCE = frozenset(event for event in Event if event.row.once)
GUARDED = ONCE | CONDITIONS.keys()

if GUARDED - PLAYED.keys():
    raise TypeError(f"{GUARDED - PLAYED.keys()}: no agent can call what is guarded here")


class DueEvents:
    """What has come off the agenda and was handed to an agent, who has not let it happen yet."""

    def __init__(self, columns: Columns) -> None:
        self.columns = columns
        self.present: tuple[int, int] | None = None
        """Handed over last, and not let happen yet: nothing can have changed since."""
        self.outstanding: set[tuple[int, int]] = set()

    def hand(self, kind: Event, subject: int) -> None:
        """An event has come off the agenda and goes to an agent."""
        self.present = (kind, subject)
        if kind in GUARDED:
            self.outstanding.add(self.present)

    def take(self, kind: Event, subject: int, agent: Any) -> None:
        """An agent lets an event happen; BadInput where it may not happen to the subject now, or is not the agent's."""
        who = f"{type(agent).__name__} {agent.name}"
        if PLAYED[kind].agent_of(self.columns, subject) != (agent.table, agent.row):
            raise BadInput(who, subject, "must be one of their own")
        if kind not in GUARDED:
            return
        event = (kind, subject)
        is_due, in_turn = event in self.outstanding, event == self.present
        if kind in CONDITIONS and not (is_due and in_turn):
            holds, allowed = CONDITIONS[kind]
            if not holds(self.columns, subject):
                raise BadInput(who, subject, allowed)
        if kind in ONCE and not is_due:
            raise BadInput(who, subject, f"{kind.name.lower()} happens when its turn comes, and once")
        self.outstanding.discard(event)
        self.present = None
