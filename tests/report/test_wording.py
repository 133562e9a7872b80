"""Names and numbers as people read them."""

from __future__ import annotations

import math

import pytest

from caresim.measure.metrics import REGISTRY
from caresim.report.number_format import effect_span, effect_text
from caresim.report.wording import axis_unit, quantity, readable, signed, signed_span, span, times


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("social_team", "Social team"),
        ("call_center_24_7", "Call centre 24/7"),
        ("call_center_24_7_funded", "Call centre 24/7 funded"),
        ("hybrid", "Hybrid"),
    ],
)
def test_names_of_staffing_models(name, said):
    assert readable(name) == said


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (0.3456, "share", "35 %"),
        (0.0123, "share", "1.2 %"),
        (2.905, "score 1-5", "2.90"),
        (0.5, "min", "30 s"),
        (0.0, "min", "at once"),
        (59.7, "min", "1 h"),
        (200, "min", "3 h 20 min"),
        (3000, "min", "2 d 2 h"),
        (math.inf, "min", "not reached"),
        (math.nan, "min", "not known"),
        (math.nan, "share", "not known"),
        (472_499, "EUR", "€ 472 k"),
        (1_234_567, "EUR", "€ 1.23 M"),
        (13_500, "h", "13 500 h"),
        (1.434, "times", "1.43 ×"),
        (150.4, "angry posts x h", "150"),
    ],
)
def test_values(value, unit, said):
    assert quantity(value, unit) == said


@pytest.mark.parametrize(
    ("low", "high", "unit", "said"),
    [
        (0.341, 0.467, "share", "34–47 %"),
        (0.012, 0.025, "share", "1.2–2.5 %"),
        (251, 370, "min", "4.2–6.2 h"),
        (0.35, 0.5, "min", "21–30 s"),
        (19, 28, "min", "19–28 min"),
        (90, math.inf, "min", "1 h 30 min – not reached"),
        (math.nan, 1, "share", ""),
        (120_000, 167_000, "EUR", "120–167 k"),
    ],
)
def test_intervals(low, high, unit, said):
    assert span(low, high, unit) == said


@pytest.mark.parametrize("metric", REGISTRY.values(), ids=REGISTRY)
def test_every_metric_can_be_written(metric):
    assert quantity(1.5, metric.unit)
    assert axis_unit(metric.unit)


@pytest.mark.parametrize(
    ("factor", "text"), [(0.84, "0.8"), (9.94, "9.9"), (9.96, "10"), (99.4, "99"), (99.6, "more than 100")]
)
def test_a_rough_factor_has_two_figures(factor, text):
    assert times(factor) == text


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (signed(math.log(0.85), "min", ratio=True), "×0.85"),
        (signed(-math.inf, "min", ratio=True), "to zero"),
        (signed(math.inf, "min", ratio=True), "from zero"),
        (signed(math.log(1e-9), "min", ratio=True), "below ×0.01"),
        (signed(math.log(7336), "min", ratio=True), "above ×1000"),
        (signed_span(-math.inf, math.log(1.2), "min", ratio=True), "zero to ×1.20"),
        (effect_text(0.0, "min", ratio=True), "to zero"),
        (effect_text(math.nan, "min", ratio=True), "not known"),
        (effect_text(-0.05, "share", ratio=False), "−5.0 pp"),
        (effect_span(0.0, 7336.0, "min", ratio=True), "too few replications"),
        (effect_span(0.5, 2.0, "min", ratio=True), "×0.50 to ×2.00"),
        (effect_span(math.nan, math.nan, "share", ratio=False), ""),
    ],
)
def test_a_ratio_that_no_number_tells_is_said_in_words(text: str, wanted: str) -> None:
    assert text == wanted
