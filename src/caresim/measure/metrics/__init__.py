"""The registry of metrics, in the order tables show them, and `measure`, which takes them all from one run."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from caresim.measure.metrics import (
    cost,
    evenness,
    latency,
    load,
    mood,
    ordinary,
    persons,
    phone,
    resolution,
    satisfaction,
)
from caresim.measure.metrics.metric import Metric
from caresim.measure.sample import Sample

if TYPE_CHECKING:
    from caresim.scenario.run import Run

__all__ = ["REGISTRY", "Metric", "measure", "registry"]

FILES = (satisfaction, persons, resolution, ordinary, evenness, latency, mood, phone, load, cost)
TALLIES = tuple(dict.fromkeys(tally for file in FILES for tally in file.TALLIES))
"""What is counted over all contacts, in one go."""


def registry(metrics: Iterable[Metric]) -> dict[str, Metric]:
    """Metrics by name; TypeError where two have the same."""
    by_name: dict[str, Metric] = {}
    for metric in metrics:
        if metric.name in by_name:
            raise TypeError(f"metric {metric.name} is there twice: give one of them another name")
        by_name[metric.name] = metric
    return by_name


REGISTRY = registry(metric for file in FILES for metric in file.METRICS)


def measure(run: Run, sample: Sample | None = None) -> dict[str, float]:
    """Every metric of the registry for one run, in its order.

    NaN where a metric is undefined (no counter, nobody answered); +inf for a median that is not reached. `sample` is
    that of the run, if there is one already. TypeError where a metric's `value` gives anything but a float.
    """
    sample = sample or Sample(run)
    sample.take(*TALLIES)
    return {name: metric.of(sample) for name, metric in REGISTRY.items()}
