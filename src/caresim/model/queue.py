"""The queues of a desk: pairing heaps threaded through the contacts themselves (Fredman et al. 1986), so never full.

A desk has two: those who wait on the spot, and what has been written. A contact's rank is fixed when it joins.
"""

from __future__ import annotations

from .codes import NOBODY, State
from .contact import is_synchronous
from .jit import TRANSITION, compiled, int64, transition, void, world_type
from .own_rules import rank


@compiled(int64(world_type, int64, int64))
def meld(world, a, b):
    """Join two heaps; ties go to who came into being first."""
    if a == NOBODY:
        return b
    if b == NOBODY:
        return a
    first = world.contacts[a].rank
    second = world.contacts[b].rank
    if second < first or (second == first and world.contacts[b].number < world.contacts[a].number):
        a, b = b, a
    world.contacts[b].sibling = world.contacts[a].child
    world.contacts[a].child = b
    return a


@compiled(int64(world_type, int64))
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
    contact.linked = 1
    contact.state = State.WAITING
    world.channels[contact.channel].waiting += 1
    if is_synchronous(contact.medium):
        desk.synchronous_queue = meld(world, desk.synchronous_queue, c)
        desk.waiting_synchronous += 1
    else:
        desk.deferred_queue = meld(world, desk.deferred_queue, c)
        desk.waiting_deferred += 1


@compiled(TRANSITION, by_python=True)
def join_queue(world, c):
    """Come to the desk's queue, and be ranked."""
    world.contacts[c].rank = rank(world, c)
    take_place(world, c)


@transition
def leave_queue(world, c):
    """One fewer waits. (The row stays in the heap until its turn comes and is passed over.)"""
    contact = world.contacts[c]
    if contact.queued:
        contact.queued = 0
        world.channels[contact.channel].waiting -= 1
        if is_synchronous(contact.medium):
            world.desks[contact.desk].waiting_synchronous -= 1
        else:
            world.desks[contact.desk].waiting_deferred -= 1


@compiled(void(world_type, int64, int64))
def drop_first(world, d, synchronous):
    """Take the root out of the heap of a queue of the desk."""
    desk = world.desks[d]
    world.contacts[desk.synchronous_queue if synchronous else desk.deferred_queue].linked = 0
    if synchronous:
        desk.synchronous_queue = without_root(world, desk.synchronous_queue)
    else:
        desk.deferred_queue = without_root(world, desk.deferred_queue)


@compiled(int64(world_type, int64, int64))
def first_of(world, d, synchronous):
    """The first who still waits in a queue of the desk, or NOBODY; what was written too long ago is put aside."""
    desk = world.desks[d]
    while True:
        c = int64(desk.synchronous_queue) if synchronous else int64(desk.deferred_queue)
        if c == NOBODY:
            return c
        if world.contacts[c].queued:
            if synchronous or world.clock[0].now - world.contacts[c].posted <= desk.expires:
                return c
            leave_queue(world, c)
            world.contacts[c].expired = 1
        drop_first(world, d, synchronous)


@compiled(int64(world_type, int64, int64))
def call_next(world, d, synchronous):
    """Take the first who still waits off a queue of the desk, or NOBODY."""
    c = first_of(world, d, synchronous)
    if c != NOBODY:
        drop_first(world, d, synchronous)
        leave_queue(world, c)
    return c


@compiled(int64(world_type, int64, int64))
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


@compiled(TRANSITION, by_python=True)
def take_out(world, c):
    """Take a contact that waits out of its desk's queue, whatever its rank."""
    contact = world.contacts[c]
    desk = world.desks[contact.desk]
    leave_queue(world, c)
    contact.linked = 0
    if is_synchronous(contact.medium):
        desk.synchronous_queue = without(world, desk.synchronous_queue, c)
    else:
        desk.deferred_queue = without(world, desk.deferred_queue, c)
