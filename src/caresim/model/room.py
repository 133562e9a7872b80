"""Hotel rooms: whoever needs help on the spot takes one a party, as long as the operator has any."""

from __future__ import annotations

from .codes import NOBODY
from .jit import boolean, compiled, int64, world_type
from .power import BY_DEED


@compiled(boolean(world_type, int64, int64))
def house(world, i, o):
    """Does operator `o` have what the passenger needs beside somebody who acts: a room, if that is the need?

    The party has it from then on. Needs that no deed on the spot settles take none.
    """
    operator = world.operators[o]
    if not (BY_DEED >> world.passengers[i].need) & 1 or operator.rooms == NOBODY:
        return True
    if operator.rooms == 0:
        return False
    operator.rooms -= 1
    return True
