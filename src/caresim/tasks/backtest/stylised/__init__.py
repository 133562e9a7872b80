"""Stylised facts: what published studies measured on real desks, measured in the same way on finished runs.

Every measure takes runs of one replication, one a staffing model and in the order in which they are named, and its
settings by keyword (durations in minutes, shares 0-1, clock times in minutes after local midnight). It returns one
number; NaN where there is nothing to measure, inf for a time that is never reached.
"""

from __future__ import annotations

from collections.abc import Callable

from caresim.tasks.backtest.stylised import answers, arrivals, authors, calls, crisis
from caresim.tasks.backtest.stylised.crisis import persons_of

PARTS = (answers, authors, arrivals, calls, crisis)

MEASURES: dict[str, Callable[..., float]] = {measure.__name__: measure for part in PARTS for measure in part.MEASURES}

__all__ = ["MEASURES", "persons_of"]
