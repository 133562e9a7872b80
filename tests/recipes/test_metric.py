"""A metric is a `Metric` and its value, in one file of measure/metrics/: tables and the comparison show it."""

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
    ),
"""
VALUE = """\
        "hours_per_resolved": quotient(float(sample.staff["paid_minutes"].sum()) / MINUTES_AN_HOUR, resolved),
"""
CODE = f"""
results = caresim.compare(caresim.load(*{SMALL}), workers=1)
comparison = results.comparison()
said = {{
    "rows": results.replications.to_dict("records"),
    "compared": sorted(set(comparison.loc[comparison["metric"] == "hours_per_resolved", "staffing"])),
}}
"""


def test_a_metric_is_measured_shown_and_compared(recipe: Recipe) -> None:
    recipe.insert(FILE, r"METRICS = \(", METRIC)
    recipe.insert(FILE, r"    return \{", VALUE)
    said = recipe.run(CODE)
    assert len(said["rows"]) == 4
    for row in said["rows"]:
        resolved = row["cost"] / row["cost_per_resolved"]
        assert row["hours_per_resolved"] == pytest.approx(row["paid_hours"] / resolved, rel=1e-12)
    assert said["compared"] == ["customer_service"]
    assert recipe.touched == {FILE}
