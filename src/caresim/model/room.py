"""Hotel rooms: whoever needs help on the spot takes one a party, as long as the operator has any."""

from __future__ import annotations

from .codes import NOBODY
from .jit import boolean, compiled, int64, world_type
from .power import BY_DEED


@compiled(boolean(world_type, int64, int64))
def house(world, i, o):
    """Does operator `o` have what the passenger needs beside somebody who acts: a room, if that is the need?

    The party has it from then on. Any other need takes none, and the rooms are for those of the disruption.
    """
    passenger = world.passengers[i]
    operator = world.operators[o]
    if not (BY_DEED >> passenger.need) & 1 or passenger.ordinary or operator.rooms == NOBODY:
        return True
    if operator.rooms == 0:
        return False
    operator.rooms -= 1
    return True
