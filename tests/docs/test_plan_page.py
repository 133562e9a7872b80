"""What docs/plan.md says of tokyo is what was measured."""

from __future__ import annotations

import pandas as pd
import pytest
from benchmarks import plan as benchmark


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return pd.read_csv(benchmark.TABLE)


def test_the_table_of_the_page_is_that_of_the_benchmark(table, monkeypatch, tmp_path):
    copy = tmp_path / "plan.md"
    written = benchmark.PAGE.read_text(encoding="utf-8")
    copy.write_text(written, encoding="utf-8")
    monkeypatch.setattr(benchmark, "PAGE", copy)
    benchmark.page(table)
    assert copy.read_text(encoding="utf-8") == written


def test_the_words_below_the_table_hold(table):
    early, moved, late, seen, stays, _ = (one for _, one in table.iterrows())
    assert early["gap"] >= 0.85
    assert early["gap_low"] > 0.75
    assert late["gap"] >= 0.70
    assert seen["gap"] >= 0.50
    assert early["ordinary_answered_low"] > 0
    assert early["ordinary_minute_low"] > 0
    assert -0.05 < early["worst_day_low"] < early["worst_day_high"] < 0
    assert min(early["csat_all_additive_low"], early["csat_all_justice_low"]) > 0
    assert stays["gap"] < 0.5 * seen["gap"]
    assert moved["gap_low"] < early["gap_high"]
    assert moved["gap"] - early["gap"] < early["gap_high"] - early["gap"]
    assert moved["runs"] > 3 * early["runs"]
    assert early["seconds"] < 300
