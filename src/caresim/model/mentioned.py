"""Who is mentioned: passengers to whose rows something still refers, in a run that uses their rows again.

Nobody counts references while the run goes on: what can refer to a passenger is looked through in a sweep
(finished.py): contacts that are not over, the agenda, and the waitlists. An event mentions its passenger though it be
void: so no row changes hands while an event of who had it before lies about.
"""

from __future__ import annotations

from .agenda import OF_PASSENGERS
from .codes import NOBODY
from .events import Event
from .jit import compiled, int64, transition, void, world_type


@compiled(void(world_type, int64, int64), inline=True)
def mention(world, kind, subject):
    """Mark the passenger whom an event is about."""
    if (OF_PASSENGERS >> kind) & 1:
        world.passenger_rows[subject].mentioned = 1


@compiled(void(world_type))
def mention_planned(world):
    """Whom the agenda mentions."""
    clock = world.clock[0]
    for n in range(clock.head, clock.tail):
        todo = world.immediate[n & (len(world.immediate) - 1)]
        mention(world, todo.kind, todo.subject)
    if world.head_slot[0].kind != Event.NOTHING:
        mention(world, world.head_slot[0].kind, world.head_slot[0].subject)
    for n in range(clock.pending):
        mention(world, world.events[n].kind, world.events[n].subject)
    for slot in range(len(world.buckets)):
        n = int64(world.buckets[slot].last)
        while n != NOBODY:
            far = world.far_events[n]
            mention(world, far.kind, far.subject)
            n = int64(far.before)


@compiled(void(world_type))
def mention_in_contact(world):
    """Whom a contact that is not over mentions."""
    for c in range(world.clock[0].contact_end):
        contact = world.contacts[c]
        if contact.number != NOBODY and contact.passenger != NOBODY:
            world.passenger_rows[contact.passenger].mentioned = 1


@compiled(void(world_type))
def mention_waitlisted(world):
    """Who is on a waitlist, be it as one who no longer waits."""
    for o in range(len(world.operators)):
        i = int64(world.operators[o].first_waiting)
        while i != NOBODY:
            world.passenger_rows[i].mentioned = 1
            i = int64(world.passengers[i].next_waiting)


@transition
def mention_all(world, rows):
    """Mark whoever is mentioned among the first `rows` rows, and nobody else."""
    for i in range(rows):
        world.passenger_rows[i].mentioned = 0
    mention_planned(world)
    mention_in_contact(world)
    mention_waitlisted(world)
