"""Patience: the waits of those who hung up and of those who were answered, and how sure its scale is by kind."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from caresim.config.empirical import LEAST
from caresim.tasks.calibrate.history import History
from caresim.tasks.calibrate.shrinkage import shrunk

Floats = NDArray[np.float64]
FEWEST = 2
"""Customers of a kind who hung up, from which its scale is told."""


@dataclass(frozen=True)
class Patience:
    """The waits, and by kind the log factor by which the law that is drawn from is stretched."""

    rows: NDArray[np.intp]
    """The contacts that waited and of which it is known how that ended."""
    hung_up: NDArray[np.bool_]
    scale: Floats
    scale_sd: Floats
    hazard: Floats
    """Customers a minute of waiting who hang up, by kind, drawn towards that of all."""


def patience_of(history: History) -> Patience | None:
    """None where fewer than LEAST customers hung up: an empirical law takes so many.

    The law is that of Kaplan and Meier (1958), by kind where LEAST hung up, else that of all. Its scale is that of the
    rate at which people hang up, by kind, drawn towards that of all; its error is from day to day.
    """
    known = (history.answered | history.abandoned) & (history.wait_s > 0)
    rows = np.flatnonzero(known)
    hung_up = history.abandoned[rows]
    if hung_up.sum() < LEAST:
        return None
    waited, kind, day = history.wait_s[rows] / 60.0, history.kind[rows], history.day[rows]
    kinds = len(history.kinds)
    log, variance, seen = [], [], []
    events = np.bincount(kind, hung_up, minlength=kinds)
    exposed = np.bincount(kind, waited, minlength=kinds)
    for k in np.flatnonzero(events >= FEWEST).tolist():
        here, rate = kind == k, events[k] / exposed[k]
        _, place = np.unique(day[here], return_inverse=True)
        away = np.bincount(place, hung_up[here]) - rate * np.bincount(place, waited[here])
        days = len(away)
        across = float((away**2).sum()) * days / max(days - 1, 1) / events[k] ** 2
        log.append(np.log(rate))
        variance.append(max(across, 1.0 / events[k]))
        seen.append(k)
    overall = float(hung_up.sum() / waited.sum())
    found = shrunk(np.array(log), np.array(variance))
    hazard = np.full(kinds, found.centre if seen else np.log(overall))
    sd = np.full(kinds, float(np.hypot(found.spread, 1.0 / np.sqrt(hung_up.sum()))))
    hazard[seen], sd[seen] = found.mean, found.sd
    own = events >= LEAST
    of_law = np.where(own, np.log(np.where(own, events, 1) / np.where(own, exposed, 1)), np.log(overall))
    return Patience(rows, hung_up, of_law - hazard, sd, np.exp(hazard))
