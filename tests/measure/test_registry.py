"""A metric is one description with its value; what it lacks is refused, when it is written down or first measured."""

from __future__ import annotations

import dataclasses
import importlib
import pkgutil

import pytest

from caresim.measure import metrics
from caresim.measure.metrics import FILES, REGISTRY, Metric, measure, registry
from caresim.measure.sample import Sample, once

CSAT = REGISTRY["csat"]


def test_every_metric_is_measured_in_the_order_of_the_registry(small) -> None:
    assert list(measure(small.run())) == list(REGISTRY)


def test_every_file_of_metrics_is_in_the_registry() -> None:
    modules = [
        importlib.import_module(f"{metrics.__name__}.{file.name}") for file in pkgutil.iter_modules(metrics.__path__)
    ]
    assert {module for module in modules if hasattr(module, "METRICS")} == set(FILES)


def test_a_median_says_what_it_is_where_it_is_not_reached() -> None:
    medians = [metric for metric in REGISTRY.values() if metric.average == "median"]
    assert medians
    assert [metric.name for metric in medians if "inf (not" not in metric.formula] == []


def test_a_metric_without_a_value_is_refused() -> None:
    with pytest.raises(TypeError, match="value"):
        Metric("worth", "Worth", "share", "higher", "What it is worth")  # type: ignore[call-arg]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"better": "more"}, "metric csat: better must be one of higher, lower, neither"),
        ({"compare": "quotient"}, "metric csat: compare must be one of difference, ratio"),
        ({"average": "mode"}, "metric csat: average must be one of mean, median"),
        ({"formula": ""}, "metric csat: name, label, unit, formula and source must not be empty"),
        ({"unit": "min"}, "metric csat: no study says which difference in min matters"),
    ],
)
def test_a_description_that_contradicts_itself_is_refused(change: dict[str, str], message: str) -> None:
    with pytest.raises(TypeError, match=message):
        dataclasses.replace(CSAT, **change)


def test_two_metrics_of_one_name_are_refused() -> None:
    with pytest.raises(TypeError, match="metric csat is there twice"):
        registry([CSAT, REGISTRY["cost"], CSAT])


def test_a_value_that_is_no_number_is_refused_by_the_first_measure(small, monkeypatch) -> None:
    monkeypatch.setitem(REGISTRY, "csat", dataclasses.replace(CSAT, value=lambda sample: None))
    with pytest.raises(TypeError, match="metric csat: value must give a float"):
        measure(small.run())


def test_what_metrics_share_is_made_once_for_a_sample_and_anew_for_a_part_of_it(small) -> None:
    sizes = []

    @once
    def size(sample: Sample) -> int:
        sizes.append(len(sample.contacts))
        return sizes[-1]

    small.contact(small.passenger(), 0.0)
    sample = Sample(small.run())
    assert [size(sample), size(sample), size(sample.emptied())] == [1, 1, 0]
    assert sizes == [1, 0]
