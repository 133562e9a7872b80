"""What else could have been predicted: Erlang A and C on the same inputs, and the same hour of the week before."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from caresim.config.errors import BadInput
from caresim.tasks.calibrate.cells import Cell
from caresim.tasks.calibrate.duty import Spell
from caresim.tasks.calibrate.fit import Fit
from caresim.tasks.calibrate.history import Floats, History
from caresim.theory.erlang_a import erlang_a
from caresim.theory.erlang_c import erlang_c

WEEK = 7
Predicted = dict[str, Floats]
"""`wait_s` and `abandoned`, a value a cell; NaN where a rival has none."""


def erlang(
    fitted: Fit, rates: Floats, begins: Floats, width: int, spells: Sequence[Spell]
) -> tuple[Predicted, Predicted]:
    """Erlang A and C for each cell, as a stationary queue: contacts a minute, people on duty (the mean, rounded), mean
    handling and patience of the training days. Erlang C has no answer where the load is not below the people.
    """
    assert fitted.handling is not None
    service = float(fitted.handling.normal.mean())
    patience = fitted.patience
    a = {key: np.full(len(rates), np.nan) for key in ("wait_s", "abandoned")}
    c = {key: np.full(len(rates), np.nan) for key in ("wait_s", "abandoned")}
    starts = np.array([spell.start for spell in spells])
    ends = np.array([spell.end for spell in spells])
    mean_patience = None
    if patience is not None:
        waited = fitted.history.wait_s[patience.rows].sum() / 60.0
        mean_patience = float(waited / patience.hung_up.sum())
    for n, (rate, begin) in enumerate(zip(rates.tolist(), begins.tolist(), strict=True)):
        there = np.clip(np.minimum(ends, begin + width) - np.maximum(starts, begin), 0.0, None).sum() / width
        people = max(round(float(there)), 1)
        if mean_patience is not None and rate > 0:
            line = erlang_a(rate, service, people, mean_patience)
            a["wait_s"][n], a["abandoned"][n] = line.mean_wait * 60.0, line.abandonment
        if 0 < rate * service < people:
            try:
                c["wait_s"][n], c["abandoned"][n] = erlang_c(rate, service, people).mean_wait * 60.0, 0.0
            except BadInput:  # a load that rounding puts at the number of people
                continue
    return a, c


def seasonal_naive(train: History, cells: Sequence[Cell], width: int) -> Predicted:
    """The same stretch of the last same weekday of the training days; where none came then, that of all such days."""
    place = train.minute_of_day // width
    days = np.array([day.toordinal() for day in train.days])
    found = {key: np.full(len(cells), np.nan) for key in ("wait_s", "abandoned")}
    known = ~np.isnan(train.wait_s)
    for n, cell in enumerate(cells):
        same = days[(days - cell.day) % WEEK == 0]
        here = known & (place == cell.minute // width)
        rows = np.flatnonzero(here & (train.day == same[-1])) if len(same) else np.zeros(0, np.intp)
        if not len(rows):
            rows = np.flatnonzero(here)
        if len(rows):
            found["wait_s"][n] = train.wait_s[rows].mean()
            found["abandoned"][n] = train.abandoned[rows].mean()
    return found
