"""Minutes since the start as wall-clock time of the experiment."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

if TYPE_CHECKING:
    from caresim.config.experiment import Experiment

MICROSECONDS = 60_000_000
"""In a minute."""


def wall_clock(experiment: Experiment, minutes: ArrayLike) -> pd.DatetimeIndex:
    """Time stamps in the experiment's time zone, to the microsecond; NaN becomes NaT."""
    values = np.asarray(minutes, dtype=np.float64)
    finite = np.isfinite(values)
    offset = np.rint(np.where(finite, values, 0.0) * MICROSECONDS).astype("timedelta64[us]")
    start = np.datetime64(pd.Timestamp(experiment.start).tz_convert("UTC").tz_localize(None), "us")
    stamps = np.where(finite, start + offset, np.datetime64("NaT", "us"))
    return pd.DatetimeIndex(stamps).tz_localize("UTC").tz_convert(experiment.timezone)


def minutes_past(experiment: Experiment, width: float) -> float:
    """Minutes from the last local wall-clock multiple of `width` minutes (30: the last half hour) to the start."""
    start = pd.Timestamp(experiment.start).tz_convert(experiment.timezone)
    return float((start.hour * 60 + start.minute + start.second / 60) % width)
