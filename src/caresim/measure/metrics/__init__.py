"""The registry of metrics, in the order tables show them, and `measure`, which takes them all from one run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from caresim.measure.metrics import cost, latency, load, mood, phone, resolution, satisfaction
from caresim.measure.metrics.metric import Metric
from caresim.measure.sample import CaseWaits, Sample

if TYPE_CHECKING:
    from caresim.scenario.run import Run

PARTS = (satisfaction, latency, resolution, mood, phone, load, cost)

REGISTRY: dict[str, Metric] = {metric.name: metric for part in PARTS for metric in part.METRICS}

__all__ = ["REGISTRY", "Metric", "measure"]


TALLIES = (CaseWaits, latency.Requests, phone.Calls, load.Work)
"""What is counted over all contacts."""


def measure(run: Run, sample: Sample | None = None) -> dict[str, float]:
    """Every metric of the registry for one run, in its order.

    NaN where a metric is undefined (no counter, nobody answered); +inf for a median that is not reached. `sample` is
    that of the run, if there is one already.
    """
    sample = sample or Sample(run)
    sample.take(*TALLIES)
    found = {name: value for part in PARTS for name, value in part.measure(sample).items()}
    return {name: found[name] for name in REGISTRY}
