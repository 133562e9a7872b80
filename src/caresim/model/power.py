"""Who may do what: powers that a desk always has, powers that a dated instruction gives it, and tickets that allow it.

An instruction reaches each desk of its operator some time after it was issued. Some people misunderstand it, for good.
Machines, the website, the assistant and what a notice lets people do for themselves, act on it from its issue on.
"""

from __future__ import annotations

from .case import person_of
from .codes import NOBODY, Result
from .draws import Purpose, happens, join
from .facts import come_to_know
from .jit import bits_of, boolean, compiled, int64, transition, world_type
from .needs import POWERS, Settlement, settled_by

BY_NEWS, BY_SEAT = bits_of(settled_by(Settlement.NEWS)), bits_of(settled_by(Settlement.SEAT))
BY_REFUND, BY_DEED = bits_of(settled_by(Settlement.REFUND)), bits_of(settled_by(Settlement.DEED))
BY_REPLY = bits_of(settled_by(Settlement.REPLY))
"""Needs as bits, by what settles them."""
if unhandled := set(Settlement) - {*POWERS, Settlement.NEWS, Settlement.REPLY}:
    raise TypeError(f"{unhandled}: say in needs.POWERS and conversation.act who may settle it and how")
DEEDS = bits_of(need for settlement in POWERS for need in settled_by(settlement))
"""Needs as bits that take the power to do something."""


@compiled(boolean(int64), inline=True)
def wants_news(need):
    """Is the need settled by being told what answers the question?"""
    return (BY_NEWS >> need) & 1 == 1


@compiled(int64(int64), inline=True)
def bit_of(k):
    """Instruction `k` as a bit."""
    return int64(1) << k


@compiled(boolean(world_type, int64, int64))
def is_entitled(world, i, need):
    """Does the passenger's ticket allow it, whatever has been instructed?"""
    share = world.cohort_parameters[world.passengers[i].cohort].entitled[need]
    return happens(share, world.clock[0].luck, person_of(world, i), Purpose.ENTITLED, need)


@compiled(boolean(world_type, int64, int64, int64))
def has_power(world, d, i, need):
    """May desk `d` settle such a need of the passenger now, if those who work there know what they may do?"""
    desk = world.desks[d]
    if (desk.standing >> need) & 1:
        return True
    k = int64(desk.empowered_by[need])
    if k == NOBODY:
        return False
    return (desk.reached & bit_of(k)) != 0 or (desk.sees_booking != 0 and is_entitled(world, i, need))


@compiled(boolean(world_type, int64, int64))
def understands(world, s, k):
    """Has the person understood instruction `k`? Who has not never will."""
    instruction = world.instructions[k]
    who = join(world.staff[s].key, instruction.key)
    return not happens(instruction.misunderstood, world.clock[0].luck, who, Purpose.UNDERSTANDS, 0)


@compiled(boolean(world_type, int64))
def may_act(world, c):
    """May whoever handles the contact settle its need now, and know it?"""
    contact = world.contacts[c]
    i, d, need = int64(contact.passenger), int64(contact.desk), int64(contact.need)
    if not has_power(world, d, i, need):
        return False
    desk = world.desks[d]
    if (desk.standing >> need) & 1:
        return True
    if contact.staff != NOBODY and understands(world, contact.staff, int64(desk.empowered_by[need])):
        return True
    return desk.sees_booking != 0 and is_entitled(world, i, need)


@compiled(boolean(world_type, int64, int64, int64))
def machines_may(world, o, i, need):
    """May the machines of operator `o` meet such a need of the passenger?

    Where instructions of the operator allow it, only from when one has been issued, or where the ticket does.
    """
    operator = world.operators[o]
    allowing = int64(operator.allowing[need])
    return allowing == 0 or allowing & operator.issued != 0 or is_entitled(world, i, need)


@compiled(int64(world_type, int64))
def next_desk(world, c):
    """The desk to pass on to: the first one on the way that can do now what this one cannot, or NOBODY.

    That is to tell what is known, for a question, and else to do what is needed. No power is ever lost, so what has
    been passed on never comes back.
    """
    contact = world.contacts[c]
    i, d, need = int64(contact.passenger), int64(contact.desk), int64(contact.need)
    if wants_news(need):
        if world.desks[d].informs:
            return int64(NOBODY)
    elif has_power(world, d, i, need):
        return int64(NOBODY)
    for _ in range(len(world.desks)):
        d = int64(world.desks[d].escalates_to)
        if d == NOBODY:
            return d
        if world.desks[d].informs if wants_news(need) else has_power(world, d, i, need):
            return d
    return int64(NOBODY)


@compiled(int64(world_type, int64))
def refusal(world, c):
    """Why whoever handles the contact may not act on it, or says so, although the operator allows it, or will:

    NOT_YET where the instruction has not come to this desk, REFUSED where the person has misunderstood it, else NONE.
    """
    contact = world.contacts[c]
    need = int64(contact.need)
    allowing = int64(world.operators[contact.operator].allowing[need])
    if allowing == 0 or contact.passenger == NOBODY or may_act(world, c):
        return int64(Result.NONE)
    desk = world.desks[contact.desk]
    k = int64(desk.empowered_by[need])
    if k != NOBODY:
        return int64(Result.REFUSED) if desk.reached & bit_of(k) else int64(Result.NOT_YET)
    if desk.reached & allowing or is_entitled(world, contact.passenger, need):
        return int64(Result.NONE)
    return int64(Result.NOT_YET)


@compiled(boolean(world_type, int64, int64))
def can_be_kept(world, o, i):
    """Is there a desk of operator `o` that may do now what was promised to the passenger?"""
    need = int64(world.passengers[i].need)
    if not (DEEDS >> need) & 1:
        return True
    able = int64(0)
    for d in range(len(world.desks)):
        if world.desks[d].operator == o and has_power(world, d, i, need):
            able += 1
    return able > 0


@compiled(boolean(world_type, int64, int64, int64))
def says_so(world, o, need, facts):
    """Do these facts (bits) say that operator `o` allows such a need to be met now?"""
    allowing = int64(world.operators[o].allowing[need])
    told = int64(0)
    for k in range(len(world.instructions)):
        if allowing & bit_of(k):
            told |= facts & world.instructions[k].says
    return told != 0


@transition
def instruct(world, k):
    """An instruction is issued, which tells machines and what it says; or it reaches a desk."""
    order = world.orders[k]
    issued = bit_of(int64(order.instruction))
    if order.desk == NOBODY:
        world.operators[order.operator].issued |= issued
        come_to_know(world, order.operator, world.instructions[order.instruction].says)
    else:
        world.desks[order.desk].reached |= issued
