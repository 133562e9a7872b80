"""A backtest on a history: calibrated on the training days, held against the days after them."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import date

import pandas as pd

from caresim.config.errors import BadInput
from caresim.run.progress import Nobody, Watch
from caresim.tasks.backtest.history.evaluate import Track, evaluated, full_days
from caresim.tasks.backtest.history.predict import forecast, given
from caresim.tasks.backtest.history.settings import FORECAST, GIVEN, OfHistory
from caresim.tasks.calibrate.calibrate import Calibrated, calibrate
from caresim.tasks.calibrate.coming import last_week
from caresim.tasks.calibrate.duty import spells_of
from caresim.tasks.calibrate.history import period

CONTACTS = "contacts"
"""The key that names the file."""


@dataclass(frozen=True)
class HeldAgainst:
    """What came out: `scores` and `cells` as in evaluate.py; `days` are those that were scored."""

    settings: OfHistory
    calibrated: Calibrated
    scores: pd.DataFrame
    cells: pd.DataFrame
    days: list[date]
    left_out: list[date]
    durations: dict[str, float]


def backtest(settings: OfHistory, watch: Watch | None = None) -> HeldAgainst:
    """Calibrate, predict both tracks, score. BadInput where the file cannot be used, or no hour can be scored."""
    watch = watch or Nobody()
    calibrated, whole = calibrate(settings, watch, CONTACTS)
    started = time.perf_counter()
    fitted, rest_min = calibrated.fit, calibrated.carried.rest_min
    for column in ("wait_s", "outcome"):
        if column not in whole.given:
            allowed = f"has no column {column}; allowed: one, to hold predictions against (format.columns)"
            raise BadInput(CONTACTS, settings.contacts, allowed)
    if fitted.handling is None:
        allowed = "has fewer than 30 handling times (service_s where answered) until train_to; allowed: more"
        raise BadInput(CONTACTS, settings.contacts, allowed)
    test = period(whole, settings.test_from, settings.test_to, "test", 1)
    tracks = (GIVEN, FORECAST) if settings.tracks == "both" else (settings.tracks,)
    watch.expect(len(calibrated.candidates) * settings.choosing + settings.replications * len(tracks))
    tables = []
    for name in tracks:
        if name == GIVEN:
            found, spells = given(fitted, test, settings, watch), spells_of(test, fitted.rules.rest_min)
        else:
            found = forecast(fitted, rest_min, test.days, settings, watch)
            spells = last_week(fitted.history, test.days, rest_min)
        track = Track(name, found, test.days[0], spells, whole.start.date())
        tables.append(evaluated(fitted, test, track, settings.hours))
    scores, cells = (pd.concat(parts, ignore_index=True) for parts in zip(*tables, strict=True))
    if scores.empty:
        asked = f"{settings.test_from} to {settings.test_to}"
        raise BadInput("test_from", asked, "has no half hour with 10 contacts; allowed: more days, or other hours")
    days = full_days(test)
    durations = {**calibrated.durations, "predict_s": time.perf_counter() - started}
    return HeldAgainst(
        settings, calibrated, scores, cells, days, [day for day in test.days if day not in days], durations
    )
