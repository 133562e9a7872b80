"""The public side: mood and posts per hour, from the timeline within the window."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from caresim.measure.metrics.metric import HOUR, Metric, largest
from caresim.measure.sample import Sample, once

TALLIES = ()
VISIBLE = "exponentially decaying sum of visible anger, half-life in the behaviour's configuration"


@once
def bins(sample: Sample) -> NDArray[Any]:
    """The bins of the timeline that end within the window."""
    time = sample.ticks["time"]
    return sample.ticks[(time > 0) & (time <= sample.window)]


def area(sample: Sample) -> float:
    """Levels times hours; NaN without bins."""
    mood = bins(sample)["mood"]
    return float(mood.sum() * sample.bin / HOUR) if len(mood) else float("nan")


def busiest_hour(counts: NDArray[np.int64], width: float) -> float:
    """Largest count per hour over any hour of whole bins of `width` minutes (over one bin, if it is longer)."""
    bins = max(round(HOUR / width), 1)
    if len(counts) < bins:
        return float("nan")
    total = np.concatenate(([0], np.cumsum(counts)))
    return float((total[bins:] - total[:-bins]).max() * HOUR / (bins * width))


METRICS = (
    Metric(
        "mood_area",
        "Negative mood, area",
        "angry posts x h",
        "lower",
        f"Negative public mood ({VISIBLE}) summed over the window: level at the end of each bin times its length",
        VISIBLE,
        "ratio",
        value=area,
    ),
    Metric(
        "mood_peak",
        "Negative mood, peak",
        "angry posts",
        "lower",
        f"Highest negative public mood at the end of a bin within the window: {VISIBLE}",
        VISIBLE,
        "ratio",
        value=lambda sample: largest(bins(sample)["mood"]),
    ),
    Metric(
        "posts_per_hour_peak",
        "Posts an hour, peak",
        "/h",
        "lower",
        "Most public posts (passengers, bystanders, ordinary traffic) within any hour of the window made of whole bins",
        compare="ratio",
        value=lambda sample: busiest_hour(bins(sample)["posts"], sample.bin),
    ),
    Metric(
        "requests_per_hour_peak",
        "Requests an hour, peak",
        "/h",
        "lower",
        "Most public posts that ask for something within any hour of the window made of whole bins",
        compare="ratio",
        value=lambda sample: busiest_hour(bins(sample)["requests"], sample.bin),
    ),
)
