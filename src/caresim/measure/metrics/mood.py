"""The public side: mood and posts an hour, from the timeline within the window."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from caresim.measure.metrics.metric import Metric, largest
from caresim.measure.sample import Sample

HOUR = 60.0
VISIBLE = "exponentially decaying sum of visible anger, half-life in the behaviour's configuration"

METRICS = (
    Metric(
        "mood_area",
        "Negative mood, area",
        "angry posts x h",
        "lower",
        f"Negative public mood ({VISIBLE}) summed over the window: level at the end of each bin times its length",
        VISIBLE,
        "ratio",
    ),
    Metric(
        "mood_peak",
        "Negative mood, peak",
        "angry posts",
        "lower",
        f"Highest negative public mood at the end of a bin within the window: {VISIBLE}",
        VISIBLE,
        "ratio",
    ),
    Metric(
        "posts_per_hour_peak",
        "Posts an hour, peak",
        "/h",
        "lower",
        "Most public posts (passengers, bystanders, ordinary traffic) within any hour of the window made of whole bins",
        compare="ratio",
    ),
    Metric(
        "requests_per_hour_peak",
        "Requests an hour, peak",
        "/h",
        "lower",
        "Most public posts that ask for something within any hour of the window made of whole bins",
        compare="ratio",
    ),
)


def measure(sample: Sample) -> dict[str, float]:
    ticks = sample.ticks
    inside = ticks[(ticks["time"] > 0) & (ticks["time"] <= sample.window)]
    mood = inside["mood"]
    return {
        "mood_area": float(mood.sum() * sample.bin / HOUR) if len(mood) else float("nan"),
        "mood_peak": largest(mood),
        "posts_per_hour_peak": busiest_hour(inside["posts"], sample.bin),
        "requests_per_hour_peak": busiest_hour(inside["requests"], sample.bin),
    }


def busiest_hour(counts: NDArray[np.int64], width: float) -> float:
    """Largest count an hour over any hour of whole bins of `width` minutes (over one bin, if it is longer)."""
    bins = max(round(HOUR / width), 1)
    if len(counts) < bins:
        return float("nan")
    total = np.concatenate(([0], np.cumsum(counts)))
    return float((total[bins:] - total[:-bins]).max() * HOUR / (bins * width))
