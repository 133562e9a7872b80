"""The queues of a desk: pairing heaps threaded through the contacts themselves (Fredman et al. 1986), so never full.

A desk has two: those who wait on the spot, and what has been written. Where some of its people serve some of its
channels only, each of these channels has a queue of its own, and the two are left for what other desks pass on. A
contact's rank is fixed when it joins.

Queues are numbered: 2 d is what has been written to desk d, 2 d + 1 those who wait there on the spot, and the queues of
the channels follow.
"""

from __future__ import annotations

from .codes import NOBODY, State
from .contact import is_synchronous, waits_on_the_spot
from .jit import TRANSITION, boolean, compiled, int64, transition, void, world_type
from .own_rules import rank


@compiled(int64(int64, int64), inline=True)
def queue_at(d, synchronous):
    """The number of a queue of the desk."""
    return 2 * d + (1 if synchronous else 0)


@compiled(int64(world_type, int64), inline=True)
def queue_of(world, c):
    """The number of the queue in which the contact waits, or would wait."""
    contact = world.contacts[c]
    on_the_spot = waits_on_the_spot(world, c)
    left_a_message = is_synchronous(contact.medium) and not on_the_spot
    own = world.desks[contact.desk].by_channel and world.channels[contact.channel].desk == contact.desk
    if own and not left_a_message:
        return int64(2 * len(world.desks) + contact.channel)
    return queue_at(int64(contact.desk), on_the_spot)


@compiled(int64(world_type, int64), inline=True)
def root_of(world, q):
    """The first contact of a queue, perhaps no longer waiting, or NOBODY."""
    k = q - 2 * len(world.desks)
    if k >= 0:
        return int64(world.channels[k].queue)
    desk = world.desks[q >> 1]
    return int64(desk.synchronous_queue) if q & 1 else int64(desk.deferred_queue)


@compiled(void(world_type, int64, int64), inline=True)
def set_root(world, q, c):
    """The queue begins with this contact from now on."""
    k = q - 2 * len(world.desks)
    if k >= 0:
        world.channels[k].queue = c
    elif q & 1:
        world.desks[q >> 1].synchronous_queue = c
    else:
        world.desks[q >> 1].deferred_queue = c


@compiled(boolean(world_type, int64, int64), inline=True)
def comes_before(world, a, b):
    """Is the turn of contact `a` before that of `b`? Ties go to who came into being first."""
    first = world.contacts[a].rank
    second = world.contacts[b].rank
    return first < second or (first == second and world.contacts[a].number < world.contacts[b].number)


@compiled(int64(world_type, int64, int64))
def meld(world, a, b):
    """Join two heaps."""
    if a == NOBODY:
        return b
    if b == NOBODY:
        return a
    if comes_before(world, b, a):
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
    q = queue_of(world, c)
    set_root(world, q, meld(world, root_of(world, q), c))
    if waits_on_the_spot(world, c):
        desk.waiting_synchronous += 1
    else:
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
        if waits_on_the_spot(world, c):
            world.desks[contact.desk].waiting_synchronous -= 1
        else:
            world.desks[contact.desk].waiting_deferred -= 1


@compiled(void(world_type, int64))
def drop_first(world, q):
    """Take the root out of the heap of a queue."""
    root = root_of(world, q)
    world.contacts[root].linked = 0
    set_root(world, q, without_root(world, root))


@compiled(int64(world_type, int64))
def first_in(world, q):
    """The first who still waits in a queue, or NOBODY; what was written too long ago is put aside."""
    while True:
        c = root_of(world, q)
        if c == NOBODY:
            return c
        contact = world.contacts[c]
        if contact.queued:
            expires = world.desks[contact.desk].expires
            if is_synchronous(contact.medium) or world.clock[0].now - contact.posted <= expires:
                return c
            leave_queue(world, c)
            contact.expired = 1
        drop_first(world, q)


@compiled(int64(world_type, int64, int64, int64))
def first_of(world, d, synchronous, unserved):
    """The first who waits at a desk on the spot, or in writing, and on none of the channels `unserved`; or NOBODY."""
    first = first_in(world, queue_at(d, synchronous))
    if world.desks[d].by_channel:
        for k in range(len(world.channels)):
            channel = world.channels[k]
            if channel.desk != d or is_synchronous(channel.medium) != (synchronous != 0) or (unserved >> k) & 1:
                continue
            c = first_in(world, int64(2 * len(world.desks) + k))
            if c != NOBODY and (first == NOBODY or comes_before(world, c, first)):
                first = c
    return first


@transition
def call(world, c):
    """Take the first contact of a queue off it."""
    drop_first(world, queue_of(world, c))
    leave_queue(world, c)


@compiled(int64(world_type, int64, int64))
def call_next(world, d, synchronous):
    """Take the first who waits at a desk on the spot, or in writing, off the queue; or NOBODY."""
    c = first_of(world, d, synchronous, 0)
    if c != NOBODY:
        call(world, c)
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
    q = queue_of(world, c)
    leave_queue(world, c)
    world.contacts[c].linked = 0
    set_root(world, q, without(world, root_of(world, q), c))
