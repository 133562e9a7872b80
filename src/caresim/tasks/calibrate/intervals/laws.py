"""What an interval report tells of handling times and patience, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from caresim.tasks.calibrate.history import Codes, Floats
from caresim.tasks.calibrate.intervals.at_work import Cells, cells_of, people_at_work
from caresim.tasks.calibrate.intervals.report import Report
from caresim.tasks.calibrate.shrinkage import shrunk

HOURS = 24
FEWEST = 30
"""Answered contacts from which a mean handling time is told, hang-ups from which patience is. Assumption."""
LEAST_CV, MOST_CV = 0.2, 2.0
"""Of single handling times: what the means of intervals say beyond that is their days, or a rounding."""
PASSES = 4
"""Patience follows from people, and people from patience, in turns; after so many nothing moves any more."""
FIRST_PATIENCE_MIN = 5.0
"""Where the turns begin."""


@dataclass(frozen=True)
class Means:
    """Handling, by channel: mean (minutes; NaN: not known), the error of its logarithm, and factors by hour: logarithm,
    its standard deviation.
    """

    mean: Floats
    mean_sd: Floats
    cv: Floats
    """Coefficient of variation of single times."""
    hours: dict[tuple[int, int], tuple[float, float]]
    of_row: Floats
    """Mean minutes of each row of the report: its own, else that of channel and hour."""


@dataclass(frozen=True)
class Patience:
    """By channel: the mean (minutes) and the error of its logarithm; and people at work by interval, with decimals."""

    mean: Floats
    sd: Floats
    cells: Cells
    people: Floats


def means_of(report: Report) -> Means | None:
    """Mean handling by channel and hour; None where fewer than FEWEST contacts have one.

    The spread of single times is told from how much the means of intervals differ. Factors of hours are drawn towards
    their middle (shrinkage.py), and the mean's error is from day to day.
    """
    known = ~np.isnan(report.handling_s) & (np.nan_to_num(report.answered) > 0)
    if float(report.answered[known].sum()) < FEWEST:
        return None
    kinds, hour = len(report.history.kinds), report.minute // 60
    mean, mean_sd, cv = np.full(kinds, np.nan), np.full(kinds, np.nan), np.full(kinds, np.nan)
    hours: dict[tuple[int, int], tuple[float, float]] = {}
    of_row = report.handling_s / 60.0
    for k in range(kinds):
        mine = known & (report.channel == k)
        count, minutes = report.answered[mine], report.handling_s[mine] / 60.0
        if count.sum() < FEWEST:
            continue
        mean[k] = float((count * minutes).sum() / count.sum())
        total = np.bincount(hour[mine], count * minutes, minlength=HOURS)
        weight = np.bincount(hour[mine], count, minlength=HOURS)
        seen = np.flatnonzero(weight > 0)
        own = total[seen] / weight[seen]
        away = (minutes / own[np.searchsorted(seen, hour[mine])] - 1.0) ** 2 * count
        cv2 = float(away.sum()) / max(len(count) - len(seen), 1)
        cv[k] = min(max(np.sqrt(cv2), LEAST_CV), MOST_CV)
        found = shrunk(np.log(own / mean[k]), cv2 / weight[seen])
        hours |= {(k, int(h)): (m, s) for h, m, s in zip(seen, found.mean.tolist(), found.sd.tolist(), strict=True)}
        mean_sd[k] = max(_by_days(count, minutes, report.day[mine]), np.sqrt(cv2 / count.sum()))
        usual = np.array([mean[k] * np.exp(hours.get((k, h), (0.0, 0.0))[0]) for h in range(HOURS)])
        empty = (report.channel == k) & np.isnan(of_row)
        of_row = np.where(empty, usual[hour], of_row)
    return Means(mean, mean_sd, cv, hours, np.where(np.isnan(of_row), np.nanmean(mean), of_row))


def _by_days(count: Floats, minutes: Floats, day: Codes) -> float:
    """Standard error of the logarithm of a weighted mean, from day to day."""
    mean = float((count * minutes).sum() / count.sum())
    _, place = np.unique(day, return_inverse=True)
    away = np.bincount(place, count * (minutes - mean))
    days = len(away)
    return float(np.sqrt((away**2).sum() * days / max(days - 1, 1)) / count.sum() / mean)


def patience_of(report: Report, means: Means | None) -> Patience | None:
    """Patience and people at work; None where the report lacks waits, hang-ups or handling, or has too few of them.

    Whoever waits may hang up at any moment: hang-ups are the time waited, divided by the mean patience (Mandelbaum and
    Zeltyn 2007). Those who were answered waited as the report says, the others as Erlang A says for as many people.
    Drawn towards that of all channels; the error is from day to day.
    """
    known = ~np.isnan(report.asa_s) & ~np.isnan(report.abandoned) & (np.nan_to_num(report.answered) > 0)
    lost = np.where(known, np.nan_to_num(report.abandoned), 0.0)
    if means is None or lost.sum() < FEWEST:
        return None
    cells = cells_of(report, means.of_row)
    waited = np.where(known, np.nan_to_num(report.answered * report.asa_s) / 60.0, 0.0)
    patience, people = FIRST_PATIENCE_MIN, np.zeros(0)
    exposed = waited
    for _ in range(PASSES):
        people, theirs = people_at_work(cells, patience)
        exposed = waited + lost * np.nan_to_num(theirs[cells.of_row])
        patience = float(exposed.sum() / lost.sum())
    kinds = len(report.history.kinds)
    log, variance, seen = [], [], []
    for k in range(kinds):
        mine = known & (report.channel == k)
        events = float(lost[mine].sum())
        if events < 2:
            continue
        rate = events / float(exposed[mine].sum())
        _, place = np.unique(report.day[mine], return_inverse=True)
        away = np.bincount(place, lost[mine]) - rate * np.bincount(place, exposed[mine])
        days = len(away)
        log.append(np.log(rate))
        variance.append(max(float((away**2).sum()) * days / max(days - 1, 1) / events**2, 1.0 / events))
        seen.append(k)
    found = shrunk(np.array(log), np.array(variance))
    hazard = np.full(kinds, found.centre)
    sd = np.full(kinds, float(np.hypot(found.spread, 1.0 / np.sqrt(lost.sum()))))
    hazard[seen], sd[seen] = found.mean, found.sd
    return Patience(np.exp(-hazard), sd, cells, people)
