"""What both kinds of nowcast have in common: bands of each stretch of the hours ahead, and a figure."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from caresim.config.arguments import only_with_axes
from caresim.inference.scores import BANDS, band

FEWEST = 20
"""Values without which nothing is said of a stretch."""
BOUNDS = ("low_50", "high_50", "low_90", "high_90")


def average_and_bands(values: NDArray[np.float64], average: Callable[[Any], Any]) -> list[float]:
    """The average of the finite values, and BOUNDS; all NaN where they are too few."""
    seen = values[np.isfinite(values)]
    if len(seen) < FEWEST:
        return [np.nan] * (1 + len(BOUNDS))
    ends = [band(seen[None, :], share) for share in BANDS]
    return [float(average(seen)), *(float(side[0]) for pair in ends for side in pair)]


class HoursAhead(ABC):
    """A nowcast, of whichever kind."""

    @staticmethod
    @abstractmethod
    def drawn_by() -> ModuleType:
        """The module that draws its `hours_ahead` and `one_quantity`; imported late, for Matplotlib takes seconds."""

    def plot(self, quantity: str | None = None, *, ax: Any = None) -> Any:
        """The figure: what was, and bands of what comes.

        On Matplotlib's `ax`, which is returned, one `quantity` of `.table` (None: the first that the figure shows);
        without it a page with four. BadInput for a quantity that the figure does not show.
        """
        figures = self.drawn_by()
        if ax is not None:
            return figures.one_quantity(ax, self, quantity)
        only_with_axes("quantity", quantity)
        return figures.hours_ahead(self)
