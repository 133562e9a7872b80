"""The queues of a desk: pairing heaps threaded through the contacts themselves (Fredman et al. 1986), so never full.

A desk has two: those who wait on the spot, and what has been written. A contact's rank is fixed when it joins.
"""

from __future__ import annotations

from .codes import NEVER, NOBODY, Routing, State
from .contact import is_live
from .draws import Purpose, happens
from .jit import find, int64, law, query, relate, transition, void, world_type
from .traits import followers_of


@query
def priority(world, i):
    """Large comes first: as a replay says, else as the cohort has it."""
    if i < len(world.given):
        return world.given[i].priority
    return world.cohorts[world.passengers[i].cohort].priority


@query
def rank(world, c):
    """Small is next: what the desk sees when the contact joins its queue (an author's anger is that of this post)."""
    contact = world.contacts[c]
    routing = world.desks[contact.desk].routing
    i = contact.passenger
    if routing == Routing.FIRST_COME:
        return contact.arrival
    if routing == Routing.NEWEST:
        return -contact.posted
    if i == NOBODY:
        rules = world.rules[0]
        question = happens(rules.joke_question, world.clock[0].luck, contact.key, Purpose.LOOKS_LIKE_QUESTION, 0)
        return contact.arrival if routing == Routing.QUESTIONS_FIRST and question else NEVER
    if routing == Routing.PRIORITY:
        return -priority(world, i)
    passenger = world.passengers[i]
    if routing == Routing.ANGRIEST:
        return -passenger.anger
    if routing == Routing.NEAREST_DEADLINE:
        return passenger.deadline
    if routing == Routing.MOST_FOLLOWERS:
        return -followers_of(world, i)
    return contact.arrival


@relate
def meld(world, a, b):
    """Join two heaps; ties go to the lower row."""
    if a == NOBODY:
        return b
    if b == NOBODY:
        return a
    first = world.contacts[a].rank
    second = world.contacts[b].rank
    if second < first or (second == first and b < a):
        a, b = b, a
    world.contacts[b].sibling = world.contacts[a].child
    world.contacts[a].child = b
    return a


@find
def without_root(world, root):
    """The heap that is left when its first contact is taken away (two-pass pairing)."""
    pair = int64(world.contacts[root].child)
    melded = int64(NOBODY)
    while pair != NOBODY:
        a = pair
        b = int64(world.contacts[a].sibling)
        pair = int64(world.contacts[b].sibling) if b != NOBODY else int64(NOBODY)
        world.contacts[a].sibling = NOBODY
        if b != NOBODY:
            world.contacts[b].sibling = NOBODY
        m = meld(world, a, b)
        world.contacts[m].sibling = melded
        melded = m
    heap = int64(NOBODY)
    while melded != NOBODY:
        following = int64(world.contacts[melded].sibling)
        world.contacts[melded].sibling = NOBODY
        heap = meld(world, heap, melded)
        melded = following
    world.contacts[root].child = NOBODY
    return heap


@transition
def take_place(world, c):
    """Stand in the desk's queue, where the contact's rank says."""
    contact = world.contacts[c]
    desk = world.desks[contact.desk]
    contact.child = NOBODY
    contact.sibling = NOBODY
    contact.queued = 1
    contact.state = State.WAITING
    world.channels[contact.channel].waiting += 1
    if is_live(contact.medium):
        desk.live = meld(world, desk.live, c)
        desk.waiting_live += 1
    else:
        desk.text = meld(world, desk.text, c)
        desk.waiting_text += 1


@transition
def join_line(world, c):
    """Come to the desk's queue, and be ranked."""
    world.contacts[c].rank = rank(world, c)
    take_place(world, c)


@transition
def leave_line(world, c):
    """One fewer waits. (The row stays in the heap until its turn comes and is passed over.)"""
    contact = world.contacts[c]
    if contact.queued:
        contact.queued = 0
        world.channels[contact.channel].waiting -= 1
        if is_live(contact.medium):
            world.desks[contact.desk].waiting_live -= 1
        else:
            world.desks[contact.desk].waiting_text -= 1


@law(void(world_type, int64, int64))
def drop_first(world, d, live):
    """Take the root out of the heap of a queue of the desk."""
    desk = world.desks[d]
    if live:
        desk.live = without_root(world, desk.live)
    else:
        desk.text = without_root(world, desk.text)


@law(int64(world_type, int64, int64))
def first_of(world, d, live):
    """The first who still waits in a queue of the desk, or NOBODY; what was written too long ago is put aside."""
    desk = world.desks[d]
    while True:
        c = int64(desk.live) if live else int64(desk.text)
        if c == NOBODY:
            return c
        if world.contacts[c].queued:
            if live or world.clock[0].now - world.contacts[c].posted <= desk.expires:
                return c
            leave_line(world, c)
            world.contacts[c].aside = 1
        drop_first(world, d, live)


@law(int64(world_type, int64, int64))
def call_next(world, d, live):
    """Take the first who still waits off a queue of the desk, or NOBODY."""
    c = first_of(world, d, live)
    if c != NOBODY:
        drop_first(world, d, live)
        leave_line(world, c)
    return c


@relate
def without(world, root, taken):
    """The heap that is left when any one contact is taken out; all others keep their rank."""
    heap = int64(NOBODY)
    todo = int64(root)
    while todo != NOBODY:
        c = todo
        contact = world.contacts[c]
        todo = int64(contact.sibling)
        if contact.child != NOBODY:
            last = int64(contact.child)
            while world.contacts[last].sibling != NOBODY:
                last = int64(world.contacts[last].sibling)
            world.contacts[last].sibling = todo
            todo = int64(contact.child)
        contact.child = NOBODY
        contact.sibling = NOBODY
        if c != taken:
            heap = meld(world, heap, c)
    return heap


@transition
def take_out(world, c):
    """Take a contact that waits out of its desk's queue, whatever its rank."""
    contact = world.contacts[c]
    desk = world.desks[contact.desk]
    leave_line(world, c)
    if is_live(contact.medium):
        desk.live = without(world, desk.live, c)
    else:
        desk.text = without(world, desk.text, c)
