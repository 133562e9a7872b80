"""The two tracks: what comes out where arrivals and roster of the days are given, and where nothing is."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from caresim.run.progress import Watch
from caresim.tasks.backtest.history.settings import FORECAST, OfHistory
from caresim.tasks.calibrate.coming import write_coming
from caresim.tasks.calibrate.fit import Fit
from caresim.tasks.calibrate.given import predicted
from caresim.tasks.calibrate.history import History
from caresim.tasks.calibrate.simulated import Replicated, replicated


def given(fitted: Fit, test: History, settings: OfHistory, watch: Watch) -> Replicated:
    """The contacts of the days come when they came, and the agents are on duty when they were seen to be."""
    return predicted(fitted, test, settings.draws, settings.replications, settings.seed, settings.workers, watch)


def forecast(fitted: Fit, rest_min: float, days: Sequence[date], settings: OfHistory, watch: Watch) -> Replicated:
    """Arrivals are drawn; on duty is who was on duty on the last same weekday of the training days, in spells
    of `rest_min`.

    Minutes are those since midnight of the first of `days`.
    """
    with tempfile.TemporaryDirectory(prefix="caresim_") as folder:
        place = Path(folder)
        write_coming(place, place, FORECAST, fitted, days, settings.draws, settings.seed, rest_min)
        return replicated(place, FORECAST, settings.seed, settings.replications, settings.workers, watch)
