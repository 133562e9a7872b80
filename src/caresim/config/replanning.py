"""A roster that follows the demand: when tomorrow is planned anew, within which bounds, and by which rule."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import model_validator

from caresim.config.base import Frozen
from caresim.config.clock import Clock
from caresim.config.errors import complaint
from caresim.config.quantity import Dimension, Duration, Factor, Quantity

Multiple = Annotated[Quantity, Dimension("number", {"%": 0.01, "x": 1.0}, bare=True, minimum=0)]


class Replans(Frozen):
    """A desk that sets the heads of tomorrow's shifts once a day, by the work of the last 24 hours, at the same hours
    in all.
    """

    at: Clock
    """Local, '00:00' to '23:59': when tomorrow is planned."""
    notice: Duration
    """From then until the first shift that is planned anew."""
    between: tuple[Multiple, Multiple]
    """Fewest and most people, as multiples of those of the roster."""
    weight: Factor
    """Roots of the work that are added to it, so that not everybody is busy all the time."""

    @model_validator(mode="after")
    def _can_be_done(self) -> Any:
        if self.at.minutes >= 1440:
            raise complaint("must be between '00:00' and '23:59'", str(self.at), "at")
        fewest, most = self.between
        if not fewest.value <= 1 <= most.value:
            raise complaint("must hold the roster itself, 100 %", [fewest.text, most.text], "between")
        return self
