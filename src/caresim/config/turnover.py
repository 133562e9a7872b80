"""What it costs that people leave: others are found and trained in their place."""

from __future__ import annotations

from caresim.config.base import Frozen
from caresim.config.quantity import Money, PositiveDuration, Share

MINUTES = 60.0
"""Of an hour."""


class Turnover(Frozen):
    """Replacing people, as a cost on every paid hour."""

    leave: Share
    """Share of the people who leave within a year."""
    replacing: Money
    """Recruiting and training one person."""
    year: PositiveDuration
    """Paid time of one person in a year, such as '1600 h'."""

    @property
    def an_hour(self) -> float:
        """EUR on a paid hour."""
        return self.leave.value * self.replacing.value / (self.year.value / MINUTES)
