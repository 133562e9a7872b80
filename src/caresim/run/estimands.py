"""The metrics of a study as estimands: what the statistics of pairs need to know of a metric and of the study."""

from __future__ import annotations

from typing import TYPE_CHECKING

from caresim.inference.estimand import Estimand
from caresim.measure.metrics import REGISTRY, Metric
from caresim.measure.metrics.metric import MONEY, SCORE, SHARE

if TYPE_CHECKING:
    from caresim.config.study import Margins, Study


def margin_of(metric: Metric, margins: Margins) -> float:
    """The smallest difference (for metrics compared by ratio: the smallest ratio) of a metric that matters."""
    if metric.compare == "ratio":
        return float((margins.cost if metric.unit == MONEY else margins.ratio).value)
    return float({SCORE: margins.csat, SHARE: margins.share}[metric.unit].value)


def estimand(metric: Metric, margins: Margins) -> Estimand:
    """A metric with the study's margin for it."""
    return Estimand(
        name=metric.name,
        unit=metric.unit,
        better=metric.better,
        compare=metric.compare,
        average=metric.average,
        bounds=metric.bounds,
        margin=margin_of(metric, margins),
    )


def estimands(study: Study) -> list[Estimand]:
    """Every metric, in the order of the registry."""
    return [estimand(metric, study.margins) for metric in REGISTRY.values()]


def ranked(study: Study) -> list[Estimand]:
    """What staffing models are ranked by: the headline metrics of which one way is better."""
    metrics = (REGISTRY[name] for name in dict.fromkeys(study.headline))
    return [estimand(metric, study.margins) for metric in metrics if metric.better != "neither"]
