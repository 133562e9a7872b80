"""A metric is a row of `METRICS` with its value, in one file of measure/metrics/: tables and the comparison show it."""

from __future__ import annotations

import pytest
from tests.support.recipes import SMALL, Recipe

FILE = "src/caresim/measure/metrics/cost.py"
METRIC = """    Metric(
        "hours_per_resolved",
        "Paid hours per resolved passenger",
        HOURS,
        "lower",
        "Paid hours / affected passengers with a need who were resolved",
        compare="ratio",
        value=lambda sample: quotient(float(sample.staff["paid_minutes"].sum()) / 60.0, resolved(sample)),
    ),
"""
CODE = f"""
experiment = caresim.load(*{SMALL}, "study.headline=[csat,hours_per_resolved]")
results = caresim.compare(experiment, workers=1)
comparison = results.comparison()
mine = comparison[comparison["metric"] == "hours_per_resolved"]
said = {{
    "rows": results.replications.to_dict("records"),
    "compared": sorted(mine["staffing"]),
    "headline": bool(mine["headline"].all()),
}}
"""


def test_a_metric_is_measured_compared_and_may_be_a_headline(recipe: Recipe) -> None:
    recipe.insert(FILE, r"METRICS = \(", METRIC)
    said = recipe.run(CODE)
    assert len(said["rows"]) == 6  # three staffing models, two replications
    for row in said["rows"]:
        resolved = row["cost"] / row["cost_per_resolved"]
        assert row["hours_per_resolved"] == pytest.approx(row["paid_hours"] / resolved, rel=1e-12)
    assert said["compared"] == ["customer_service", "customer_service_trained"]
    assert said["headline"]
    assert recipe.touched == {FILE}
