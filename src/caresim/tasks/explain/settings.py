"""What `task=explain` compares: two staffing models and, if wanted, the seats beside them."""

from __future__ import annotations

from caresim.config.base import Frozen, Text
from caresim.config.quantity import PositiveFactor


class Explain(Frozen):
    """From which staffing model to which, and how many times the free seats the other end of the factor seats has."""

    one: Text | None = None
    """None: the baseline."""
    other: Text | None = None
    """None: the best of the others by the first headline metric."""
    seats: PositiveFactor | None = None
    """Times the free seats of every flight, beside the seats there are; None: seats are no factor."""
