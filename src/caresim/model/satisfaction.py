"""Settlement: what a passenger thinks of each operator's care when it is over (care is rated, not blame).

The same history is settled under two laws; marks are expected ones, without chance.
"""

from __future__ import annotations

from .additive import additive
from .anger import feel
from .case import case_row, person_of
from .codes import MISSING, Status
from .draws import Purpose, happens, join
from .history import note_history
from .jit import boolean, compiled, float64, int64, transition, void, world_type
from .justice import justice
from .silent import be_told


@compiled(float64(world_type, int64, int64, float64))
def made_up_for(world, i, o, mark):
    """The mark once a gesture has come, a letter say: up by a part of what is missing to a good service."""
    passenger = world.passengers[i]
    cohorts = len(world.cohorts)
    for g in range(len(world.gestures)):
        gesture = world.gestures[g]
        share = world.reaches[(len(world.notices) + g) * cohorts + passenger.cohort].share
        who = join(gesture.key, person_of(world, i))
        if gesture.operator == o and happens(share, world.clock[0].luck, who, Purpose.GESTURE, 0):
            mark += gesture.strength * max(0.0, gesture.ceiling - mark)
    return mark


@compiled(boolean(world_type, int64, int64))
def rates(world, i, o):
    """Does the passenger think anything of the operator? Of those they turned to, and of the one the ticket is from."""
    own = o == world.cohorts[world.passengers[i].cohort].first_operator
    return own or world.cases[case_row(world, i, o)].contacts > 0


@compiled(void(world_type, int64, int64))
def rate(world, i, o):
    """Both marks of the operator, and what gestures make of them."""
    row = case_row(world, i, o)
    case = world.cases[row]
    note_history(world, i, o)
    case.additive = additive(world.behaviour[0], world.histories[0])
    case.justice = justice(world.behaviour[0], world.histories[0])
    if len(world.amends) > 0:
        world.amends[row].additive = made_up_for(world, i, o, case.additive)
        world.amends[row].justice = made_up_for(world, i, o, case.justice)


@transition
def settle(world, i):
    """Rate every operator one has had to do with; who needed nobody, the operator the ticket is from.

    Customers of any other day rate nobody, nor does anybody where behaviour is switched off.
    """
    passenger = world.passengers[i]
    if passenger.ordinary or passenger.status == Status.UNAWARE:
        return
    if passenger.status == Status.NO_NEED:
        be_told(world, i)
    else:
        feel(world, i)
    if not world.behaviour[0].rates:
        return
    for o in range(len(world.operators)):
        case = world.cases[case_row(world, i, o)]
        case.additive = case.justice = MISSING
        if rates(world, i, o):
            rate(world, i, o)
