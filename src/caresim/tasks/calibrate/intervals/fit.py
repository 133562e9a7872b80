"""What an interval report says, in the form in which a calibrated replay is written; and draws of what stays open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd
from scipy.special import ndtri

from caresim.config.posterior import COLUMNS, HANDLING, PATIENCE
from caresim.tasks.calibrate.coming import carried
from caresim.tasks.calibrate.history import Floats, History
from caresim.tasks.calibrate.intervals.laws import Means, Patience, means_of, patience_of
from caresim.tasks.calibrate.intervals.report import Report
from caresim.tasks.calibrate.rules import DESK, Rules

QUANTILES = 200
"""A law as a file of times: its evenly spread quantiles."""


@dataclass(frozen=True)
class ReportFit:
    """Of `report`; None: it does not say it, and the prior stays."""

    report: Report
    handling: Means | None
    patience: Patience | None
    rules: Rules

    @property
    def history(self) -> History:
        return self.report.history

    def service_times(self) -> pd.DataFrame:
        """Lognormal handling times (seconds) by channel."""
        assert self.handling is not None
        whole, wide = float(np.nanmean(self.handling.mean)), float(np.nanmean(self.handling.cv))
        parts = []
        for name, mean, cv in zip(self.history.kinds, self.handling.mean, self.handling.cv, strict=True):
            own = (mean, cv) if mean > 0 else (whole, wide)
            parts.append(pd.DataFrame({"service_s": _lognormal(60.0 * own[0], own[1]), "channel": name}))
        return pd.concat(parts, ignore_index=True)

    def patience_times(self) -> pd.DataFrame:
        """Exponential patience (seconds) by channel."""
        assert self.patience is not None
        ranks = -np.log1p(-_ranks())
        parts = [
            pd.DataFrame(
                {"patience_s": np.round(60.0 * mean * ranks / ranks.mean(), 3), "censored": "no", "channel": name}
            )
            for name, mean in zip(self.history.kinds, self.patience.mean, strict=True)
        ]
        return pd.concat(parts, ignore_index=True)

    def posterior(self, draws: int, luck: np.random.Generator, agents: tuple[str, ...] = ()) -> pd.DataFrame:
        """Draws in the columns of a posterior, normal in the logarithm: means, factors of hours, patience."""
        found: list[tuple[str, str, int | str, Floats]] = []
        names = self.history.kinds
        if self.handling is not None:
            for k, name in enumerate(names):
                sd = self.handling.mean_sd[k]
                common = (0.0 if np.isnan(sd) else sd) * luck.standard_normal(draws)
                found.append((HANDLING, name, "", common))
                for hour in range(24):
                    if (k, hour) in self.handling.hours:
                        mean, sd = self.handling.hours[k, hour]
                        found.append((HANDLING, name, hour, common + mean + sd * luck.standard_normal(draws)))
        if self.patience is not None:
            found += [
                (PATIENCE, name, "", self.patience.sd[k] * luck.standard_normal(draws)) for k, name in enumerate(names)
            ]
        tables = [
            pd.DataFrame(
                dict(zip(COLUMNS, (range(draws), what, of, hour, np.clip(np.exp(log), 0.01, 100.0)), strict=True))
            )
            for what, of, hour, log in found
        ]
        return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=list(COLUMNS))

    @property
    def people(self) -> pd.DataFrame | None:
        """People at work by interval: those of the file, else those that its waits tell; None: neither."""
        report = self.report
        if not np.isnan(report.staff).all():
            frame = pd.DataFrame({"start": report.start, "width": report.width, "people": report.staff})
            return pd.DataFrame(frame.groupby(["start", "width"], as_index=False).max())
        if self.patience is None:
            return None
        cells = self.patience.cells
        return pd.DataFrame({"start": cells.start, "width": cells.width, "people": np.nan_to_num(self.patience.people)})

    def staff(self) -> pd.DataFrame:
        """The staff of the report's intervals as spells of duty; empty where nobody knows it."""
        people = self.people
        return _spells(self.history, [] if people is None else list(people.itertuples(index=False, name=None)))

    def staff_of(self, days: Sequence[date]) -> pd.DataFrame:
        """Of days to come: the people of the last same weekday that was seen, else of the last day."""
        people = self.people
        if people is None:
            return _spells(self.history, [])
        history = self.history
        day = replace(history, arrival=people["start"].to_numpy()).day
        there = history.days
        rows: list[tuple[float, float, float]] = []
        for one in days:
            like = [past for past in there if past.weekday() == one.weekday()] or there
            mine = people[day == like[-1].toordinal()]
            for begins, width, count in mine.itertuples(index=False, name=None):
                moved = carried(history, begins, one - like[-1])
                rows.append((moved, carried(history, begins + width, one - like[-1]) - moved, count))
        return _spells(history, rows)


def fit(report: Report) -> ReportFit:
    """Estimate everything from the intervals; nothing raises BadInput: what is not said stays open."""
    means = means_of(report)
    return ReportFit(report, means, patience_of(report, means), Rules(after_call=False, shared=True))


def contacts_of(report: Report) -> pd.DataFrame:
    """The report as a replay reads it: what was offered, nothing of what became of it."""
    history = report.history
    there = np.flatnonzero(report.offered > 0)
    return pd.DataFrame(
        {
            "interval_start": [history.moment(minute) for minute in report.start[there]],
            "interval_end": [history.moment(minute) for minute in (report.start + report.width)[there]],
            "offered": report.offered[there].astype(int),
            "channel": np.array(history.kinds)[report.channel[there]],
            "medium": "phone",
            "desk": DESK,
        }
    )


def _spells(history: History, rows: Sequence[tuple[float, float, float]]) -> pd.DataFrame:
    """A mean of 3.4 people is three, and a fourth for the first 40 % of the interval."""
    found = []
    for start, width, people in rows:
        whole = int(np.floor(people + 1e-9))
        part = people - whole
        if whole:
            found.append((history.moment(start), history.moment(start + width), DESK, whole))
        if part > 1e-3:
            found.append((history.moment(start), history.moment(start + part * width), DESK, 1))
    return pd.DataFrame(found, columns=["start", "end", "desk", "headcount"])


def _ranks() -> Floats:
    return (np.arange(QUANTILES) + 0.5) / QUANTILES


def _lognormal(mean: float, cv: float) -> Floats:
    """Evenly spread quantiles of this mean, whatever the tail beyond them."""
    values = np.exp(np.sqrt(np.log1p(cv * cv)) * ndtri(_ranks()))
    return np.round(mean * values / values.mean(), 3)
