"""What an hour at night or on a Sunday costs beyond an hour of any other time."""

from __future__ import annotations

from typing import Any

from pydantic import Field, model_validator

from caresim.config.base import Frozen
from caresim.config.clock import Clock
from caresim.config.errors import complaint
from caresim.config.quantity import Share, exactly


class Premium(Frozen):
    """Shares of the hourly cost that are paid on top, by the clock where these people work; both add up."""

    night: Share = exactly(0, "share")
    """On top from `from` to `to`."""
    from_: Clock | None = Field(default=None, alias="from")
    """When the night begins; required where `night` is above 0."""
    to: Clock | None = None
    """When it ends, as a rule on the day after."""
    sunday: Share = exactly(0, "share")
    """On top from midnight to midnight."""

    @model_validator(mode="after")
    def _knows_its_night(self) -> Any:
        for key, clock in (("from", self.from_), ("to", self.to)):
            if clock is None and self.night.value > 0:
                raise complaint("is required where night is above 0, such as '21:00'", None, key)
            if clock is not None and clock.minutes >= 1440:
                raise complaint(
                    "must be between '00:00' and '23:59'; a night may end on the day after", str(clock), key
                )
        if self.night.value > 0 and self.from_ == self.to:
            raise complaint(f"must differ from the beginning of the night ({self.from_})", str(self.to), "to")
        return self
