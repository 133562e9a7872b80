"""Covering: so many whole people to each shift that the hours they cost meet as much of the demand as possible.

Set covering as in Dantzig (1954), with a price on what is not covered in place of a requirement: the hours of a crisis
do not meet it all. It is a linear programme in whole numbers, which SciPy's HiGHS solves in milliseconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Whole = NDArray[np.int64]

GAP = 1e-4
"""The solver may stop this close to the best (relative)."""
LEAST_SPREAD = 1e-6
"""Erlangs."""


class NoRosterError(ValueError):
    """No roster keeps to the limits."""


@dataclass(frozen=True)
class Stretch:
    """Some time in which the same shifts are at work."""

    shifts: tuple[int, ...]
    """Which of those that may be changed."""
    fixed: int
    """People of the others."""
    gains: Floats
    """What the first, second, ... person at work is worth, never rising; people beyond those are worth nothing."""
    least: int
    most: int
    """People at work, those of `fixed` included. Where `fixed` breaks a limit, it is not made worse."""


def shortfall_saved(load: Floats, worth: Floats, minutes: Floats, on_duty: float, roots: float, most: int) -> Floats:
    """What each further person on the roster saves, by stretch: minutes of work that would find nobody, at their worth.

    Work in progress is taken as normal with mean `load` (erlangs) and standard deviation `roots` times the root of it,
    the square-root law of staffing; a person on the roster is on duty for the share `on_duty`. Shape (stretches, most).
    """
    from scipy.special import ndtr

    people = np.arange(most + 1) * on_duty
    spread = np.maximum(roots * np.sqrt(load), LEAST_SPREAD)[:, None]
    z = (load[:, None] - people[None, :]) / spread
    short = spread * (z * ndtr(z) + np.exp(-0.5 * z * z) / np.sqrt(2.0 * np.pi))
    return (short[:, :-1] - short[:, 1:]) * (worth * minutes)[:, None]


def cover(stretches: Sequence[Stretch], prices: Floats, budget: float | None, most: int) -> Whole:
    """Whole people in each shift that gain the most, at `prices` a person and no more than `budget` in all.

    Without a budget the prices are subtracted from what is gained. NoRosterError where no roster keeps to the limits.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_array

    count = len(prices)
    rows: list[int] = []
    columns: list[int] = []
    values: list[float] = []
    low: list[float] = []
    high: list[float] = []
    gains: list[Any] = [np.zeros(count) if budget is not None else -prices]
    width = count

    def constrain(where: Sequence[int], factors: Sequence[float], least: float, at_most: float) -> None:
        rows.extend([len(low)] * len(where))
        columns.extend(where)
        values.extend(factors)
        low.append(least)
        high.append(at_most)

    for stretch in stretches:
        if not stretch.shifts:
            continue
        own = len(stretch.gains)
        levels = list(range(width, width + own))
        # People beyond the levels are allowed, and worth nothing.
        constrain([*levels, *stretch.shifts], [1.0] * own + [-1.0] * len(stretch.shifts), -np.inf, stretch.fixed)
        least, room = max(0, stretch.least - stretch.fixed), max(0, stretch.most - stretch.fixed)
        constrain(stretch.shifts, [1.0] * len(stretch.shifts), least, max(room, least))
        gains.append(stretch.gains)
        width += own
    if budget is not None:
        constrain(range(count), list(prices), 0.0, budget)
    upper = np.ones(width)
    upper[:count] = most
    matrix = csr_array((values, (rows, columns)), shape=(len(low), width))
    whole = np.zeros(width)
    whole[:count] = 1
    found = milp(
        -np.concatenate(gains), integrality=whole, bounds=Bounds(0.0, upper),
        constraints=LinearConstraint(matrix, low, high), options={"mip_rel_gap": GAP},
    )  # fmt: skip
    if found.x is None:
        raise NoRosterError(found.message)
    return np.asarray(np.round(found.x[:count]), dtype=np.int64)
