"""Forecasts that know nothing of a desk: what a model of the desk must be better than."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from caresim.tasks.backtest.desks.posterior import LEAST
from caresim.tasks.backtest.desks.posts import Posts, Stretches

Floats = NDArray[np.float64]
DAY, HOUR = 1440.0, 60.0
AROUND = 90.0
"""Minutes before and after a time of day whose replies are of that time."""
FEWEST = 10
MOST = 400
QUANTILES = 100
HALF_LIFE = 480.0
"""Minutes after which a reply counts half as much for what is usual now. Assumption."""
TRAINING, TIME_LEFT, TIME_OF_DAY, LOAD, RECENT = "training", "training, time left", "time of day", "load", "recent"
NULLS = (TRAINING, TIME_LEFT, TIME_OF_DAY, LOAD, RECENT)
MEANINGS = {
    TRAINING: "the replies of the fitted stretch, whatever the post",
    TIME_LEFT: "the same, without those that would come after the history's end",
    TIME_OF_DAY: f"those of the same time of day, {AROUND:.0f} minutes on either side; all of them where they are few",
    LOAD: "a line on the logarithm of the posts of the hour before, with what is left around it",
    RECENT: f"the replies of the fitted stretch, those of {HALF_LIFE / HOUR:.0f} hours ago counting half; time left",
}


def forecasts(posts: Posts, stretches: Stretches, tested: NDArray[np.int64]) -> dict[str, Floats]:
    """For each null, logarithms of minutes of shape (draws, posts); NaN: not within the history."""
    trained, shown = np.flatnonzero(stretches.trained(posts)), posts.clock.shown(posts.posted)
    logs = np.log(np.maximum(posts.minutes[trained], LEAST))
    logs_of = _thinned(logs)
    whole = np.repeat(logs_of[:, None], len(tested), axis=1)
    left = np.log(np.maximum(stretches.end - posts.posted[tested], LEAST))
    recent = np.repeat(_recent(posts.posted[trained], logs)[:, None], len(tested), axis=1)
    return {
        TRAINING: whole,
        TIME_LEFT: np.where(whole <= left, whole, np.nan),
        TIME_OF_DAY: _by_time(shown[trained], logs, shown[tested], logs_of),
        LOAD: _by_load(posts, trained, tested, logs),
        RECENT: np.where(recent <= left, recent, np.nan),
    }


def _thinned(logs: Floats) -> Floats:
    """At most MOST evenly spread quantiles: as good as all of them."""
    if len(logs) <= MOST:
        return np.sort(logs)
    return np.asarray(np.quantile(logs, (np.arange(MOST) + 0.5) / MOST), dtype=np.float64)


def _recent(posted: Floats, logs: Floats) -> Floats:
    """Evenly spread quantiles of the replies, each weighing half as much as one of a half-life later."""
    weights = 0.5 ** ((posted.max() - posted) / HALF_LIFE)
    order = np.argsort(logs, kind="stable")
    middle = (np.cumsum(weights[order]) - weights[order] / 2.0) / weights.sum()
    places = (np.arange(QUANTILES) + 0.5) / QUANTILES
    return np.asarray(np.interp(places, middle, logs[order]), dtype=np.float64)


def _by_time(posted: Floats, logs: Floats, later: Floats, whole: Floats) -> Floats:
    columns = []
    for moment in later:
        apart = np.abs(np.mod(posted - moment + DAY / 2.0, DAY) - DAY / 2.0)
        near = logs[apart <= AROUND]
        columns.append(_thinned(near) if len(near) >= FEWEST else whole)
    rows = max(map(len, columns), default=0)
    return np.array([np.pad(column, (0, rows - len(column)), constant_values=np.nan) for column in columns]).T


def load_before(posts: Posts, places: NDArray[np.int64]) -> Floats:
    """Posts to the desk in the hour before each of these posts."""
    moments = posts.posted[places]
    first = np.searchsorted(posts.posted, moments - HOUR, side="left")
    return np.asarray(np.searchsorted(posts.posted, moments, side="left") - first, dtype=np.float64)


def _by_load(posts: Posts, trained: NDArray[np.int64], tested: NDArray[np.int64], logs: Floats) -> Floats:
    load, later = np.log1p(load_before(posts, trained)), np.log1p(load_before(posts, tested))
    spread = float(((load - load.mean()) ** 2).sum())
    slope = float(((load - load.mean()) * logs).sum()) / spread if spread > 0 else 0.0
    around = _thinned(logs - logs.mean() - slope * (load - load.mean()))
    return around[:, None] + logs.mean() + slope * (later - load.mean())
