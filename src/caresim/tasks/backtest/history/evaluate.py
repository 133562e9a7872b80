"""Observed against predicted, cell by cell, and the scores: of caresim and of what else could have been predicted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from caresim.inference.scores import BANDS, band, correlation, crps, ks_distance, scores
from caresim.tasks.backtest.history.rivals import Predicted, erlang, seasonal_naive
from caresim.tasks.backtest.history.settings import GIVEN
from caresim.tasks.calibrate.cells import Cell, cells_of
from caresim.tasks.calibrate.duty import Spell
from caresim.tasks.calibrate.fit import Fit
from caresim.tasks.calibrate.history import Floats, History
from caresim.tasks.calibrate.simulated import Replicated

OURS, ERLANG_A, ERLANG_C, NAIVE = "caresim", "erlang_a", "erlang_c", "seasonal_naive"
RIVALS = (ERLANG_A, ERLANG_C, NAIVE)
WIDTHS = {"half_hour": 30, "hour": 60, "two_hours": 120, "day": 1440}
WAIT, ABANDONED, CONTACTS = "wait_s", "abandoned", "contacts"
FULL_DAY = 0.5
"""A day with less than this share of the contacts of the median day is not scored: another kind of day. Assumption."""
STATIONARY = 60
"""Minutes: an Erlang formula of a longer stretch is the mean of those of its hours."""
SCORES = (
    "track", "measure", "width", "model", "cells", "crps", "crps_caresim", "covered_50", "covered_90", "correlation",
    "ceiling", "ks",
)  # fmt: skip
CELLS = (
    "track", "measure", "width", "day", "begins", "contacts", "observed", "predicted", "low_50", "high_50", "low_90",
    "high_90", *RIVALS,
)  # fmt: skip


@dataclass(frozen=True)
class Track:
    """A prediction: `first` is the day at whose local midnight its minutes begin; `spells` have minutes of their own,
    which begin on `spells_first`.
    """

    name: str
    found: Replicated
    first: date
    spells: Sequence[Spell]
    spells_first: date


def full_days(test: History) -> list[date]:
    """The days that are scored."""
    days, counts = np.unique(test.day, return_counts=True)
    return [date.fromordinal(day) for day in days[counts >= FULL_DAY * np.median(counts)].tolist()]


def evaluated(fitted: Fit, test: History, track: Track, hours: tuple[int, int]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """A row for each score (SCORES), and one for each measure and cell (CELLS)."""
    scored = {day.toordinal() for day in full_days(test)}
    tables, rows = [], []
    rate_of_hour: dict[tuple[int, int], dict[str, tuple[float, float]]] = {}
    for name, width in WIDTHS.items():
        cells = [cell for cell in cells_of(test, width, hours=hours) if cell.day in scored]
        if not cells:
            continue
        counts, sums = _sums(track, test, cells, width, hours)
        others = _others(fitted, test, track, cells, width, counts, rate_of_hour)
        weights = np.maximum(counts, 1.0)
        ensembles = {WAIT: sums[WAIT] / weights, ABANDONED: sums[ABANDONED] / weights}
        seen = {
            WAIT: np.array([test.wait_s[cell.rows].mean() for cell in cells]),
            ABANDONED: np.array([test.abandoned[cell.rows].mean() for cell in cells]),
        }
        if track.name != GIVEN:
            ensembles[CONTACTS] = counts
            seen[CONTACTS] = np.array([float(cell.came) for cell in cells])
        for measure, ensemble in ensembles.items():
            tables.append(_cells(track.name, measure, name, cells, seen[measure], ensemble, others))
            ks = _ks(track, test, hours, scored) if measure == WAIT and width == STATIONARY else np.nan
            rows += _scores(track.name, measure, name, seen[measure], ensemble, others, ks)
    if not tables:
        return pd.DataFrame(columns=list(SCORES)), pd.DataFrame(columns=list(CELLS))
    return pd.DataFrame(rows, columns=list(SCORES)), pd.concat(tables, ignore_index=True)


def begins_of(cells: Sequence[Cell], zone: str, first: date, hours: tuple[int, int]) -> Floats:
    """Minutes, since local midnight of `first`, at which the cells begin; days begin with the first scored hour."""
    return minutes_at([(cell.day, max(cell.minute, 60 * hours[0])) for cell in cells], zone, first)


def minutes_at(clocks: Sequence[tuple[int, int]], zone: str, first: date) -> Floats:
    """Minutes, since local midnight of `first`, of days (ordinals) and minutes of their clock."""
    local = ZoneInfo(zone)
    zero = datetime(first.year, first.month, first.day, tzinfo=local).timestamp()
    found = []
    for day, minute in clocks:
        moment = datetime.combine(date.fromordinal(day), datetime.min.time(), local) + timedelta(minutes=minute)
        found.append((moment.timestamp() - zero) / 60.0)
    return np.array(found)


def _sums(
    track: Track, test: History, cells: Sequence[Cell], width: int, hours: tuple[int, int]
) -> tuple[Floats, dict[str, Floats]]:
    """Contacts, and sums of their waits and of those who hang up, of each cell (row) and replication (column)."""
    begins = begins_of(cells, test.zone, track.first, hours)
    closes = [(cell.day, min(cell.minute + width, 60 * hours[1])) for cell in cells]
    ends = minutes_at(closes, test.zone, track.first)
    arrival = track.found.arrival
    place = np.clip(np.searchsorted(begins, np.nan_to_num(arrival, nan=-1.0), side="right") - 1, 0, None)
    inside = (arrival >= begins[place]) & (arrival < ends[place])
    row, column = np.nonzero(inside)
    at = (place[row, column], column)
    shape = (len(cells), arrival.shape[1])
    counts, sums = np.zeros(shape), {}
    np.add.at(counts, at, 1.0)
    for key, values in ((WAIT, track.found.wait_s), (ABANDONED, track.found.hung_up)):
        sums[key] = np.zeros(shape)
        np.add.at(sums[key], at, values[row, column])
    return counts, sums


def _others(
    fitted: Fit, test: History, track: Track, cells: Sequence[Cell], width: int, counts: Floats,
    of_hour: dict[tuple[int, int], dict[str, tuple[float, float]]],
) -> dict[str, Predicted]:  # fmt: skip
    """What the rivals predict for each cell; Erlang formulas of long cells are means of hours, by their contacts."""
    naive = seasonal_naive(fitted.history, cells, width)
    naive[CONTACTS] = _counts_before(fitted.history, cells, width)
    none = np.full(len(cells), np.nan)
    others = {ERLANG_A: {}, ERLANG_C: {}, NAIVE: naive}
    for name in (ERLANG_A, ERLANG_C):
        others[name] = {WAIT: none, ABANDONED: none, CONTACTS: none}
    if fitted.handling is None or not track.spells:
        return others
    expected = counts.mean(axis=1)
    if width <= STATIONARY:
        begins = begins_of(cells, test.zone, track.spells_first, (0, 24))
        both = erlang(fitted, expected / width, begins, width, track.spells)
        for name, found in zip((ERLANG_A, ERLANG_C), both, strict=True):
            others[name] |= found
        if width == STATIONARY:
            for n, cell in enumerate(cells):
                of_hour[cell.day, cell.minute] = {
                    name: (others[name][WAIT][n], others[name][ABANDONED][n]) for name in (ERLANG_A, ERLANG_C)
                } | {CONTACTS: (expected[n], 0.0)}
        return others
    for name in (ERLANG_A, ERLANG_C):
        for key, side in ((WAIT, 0), (ABANDONED, 1)):
            others[name][key] = np.array([_mean_of_hours(cell, width, name, side, of_hour) for cell in cells])
    return others


def _mean_of_hours(
    cell: Cell, width: int, name: str, side: int, of_hour: dict[tuple[int, int], dict[str, tuple[float, float]]]
) -> float:
    there = [of_hour[cell.day, m] for m in range(cell.minute, cell.minute + width, 60) if (cell.day, m) in of_hour]
    weights = np.array([hour[CONTACTS][0] for hour in there])
    values = np.array([hour[name][side] for hour in there])
    return float((weights * values).sum() / weights.sum()) if weights.sum() > 0 else np.nan


def _counts_before(train: History, cells: Sequence[Cell], width: int) -> Floats:
    """Contacts in the same stretch of the last same weekday; NaN where there is none."""
    place, days = train.minute_of_day // width, np.unique(train.day)
    found = np.full(len(cells), np.nan)
    for n, cell in enumerate(cells):
        same = days[(days - cell.day) % 7 == 0]
        if len(same):
            found[n] = ((train.day == same[-1]) & (place == cell.minute // width)).sum()
    return found


def _ks(track: Track, test: History, hours: tuple[int, int], scored: set[int]) -> float:
    """Distance between all single waits observed and predicted, in the hours and days that are scored."""
    cells = [cell for cell in cells_of(test, 60, least=1, hours=hours) if cell.day in scored]
    begins = begins_of(cells, test.zone, track.first, hours)
    arrival = track.found.arrival
    place = np.clip(np.searchsorted(begins, np.nan_to_num(arrival, nan=-1.0), side="right") - 1, 0, None)
    inside = (arrival >= begins[place]) & (arrival < begins[place] + 60.0)
    observed = test.wait_s[np.concatenate([cell.rows for cell in cells])]
    return ks_distance(observed, track.found.wait_s[inside])


def _scores(
    track: str, measure: str, width: str, seen: Floats, ensemble: Floats, others: dict[str, Predicted], ks: float
) -> list[tuple[object, ...]]:
    ours = scores(seen, ensemble)
    each = crps(seen, ensemble)
    rows: list[tuple[object, ...]] = [
        (track, measure, width, OURS, ours.cells, ours.crps, ours.crps, ours.covered_50, ours.covered_90,
         ours.correlation, ours.ceiling, ks),
    ]  # fmt: skip
    for name in RIVALS:
        values = others[name].get(measure, np.full(len(seen), np.nan))
        there = np.isfinite(values)
        if there.any():
            error = float(np.abs(values - seen)[there].mean())
            r = correlation(seen[there], values[there])
            same = float(each[there].mean())
            nan = np.nan
            rows.append((track, measure, width, name, int(there.sum()), error, same, nan, nan, r, nan, nan))
    return rows


def _cells(
    track: str, measure: str, width: str, cells: Sequence[Cell], seen: Floats, ensemble: Floats,
    others: dict[str, Predicted],
) -> pd.DataFrame:  # fmt: skip
    (low_50, high_50), (low_90, high_90) = (band(ensemble, share) for share in BANDS)
    columns: dict[str, object] = {
        "track": track, "measure": measure, "width": width,
        "day": [str(date.fromordinal(cell.day)) for cell in cells],
        "begins": [f"{cell.minute // 60:02d}:{cell.minute % 60:02d}" for cell in cells],
        "contacts": [cell.came for cell in cells],
        "observed": seen, "predicted": ensemble.mean(axis=1),
        "low_50": low_50, "high_50": high_50, "low_90": low_90, "high_90": high_90,
    }  # fmt: skip
    none = np.full(len(cells), np.nan)
    return pd.DataFrame(columns | {name: others[name].get(measure, none) for name in RIVALS})[list(CELLS)]
