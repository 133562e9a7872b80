"""What docs/plan.md says of tokyo is what was measured."""

from __future__ import annotations

import re
import shlex

import pandas as pd
import pytest
from benchmarks import plan as benchmark
from tests.support.pages import ROOT

from caresim.tasks.plan.judging import EARLIER, HOURS, MORE
from caresim.tasks.plan.planning import UNSEEN, WEIGHTS
from caresim.tasks.plan.search import COARSE, FINE, LEVELS


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
    early, moved, late, seen, stays, falls, *_ = (one for _, one in table.iterrows())
    assert early["gap"] >= 0.85
    assert early["gap_low"] > 0.75
    assert late["gap"] >= 0.70
    assert seen["gap"] >= 0.50
    assert early["ordinary_answered_low"] > 0
    assert early["ordinary_minute_low"] < 0 < early["ordinary_minute_high"]  # about as often
    assert abs(early["ordinary_minute"]) < 0.01
    for one in (early, moved, late, seen, stays):
        assert -0.045 <= one["worst_day"] <= -0.03
        assert one["worst_day_high"] < 0
    assert round(100 * early["worst_day_low"]) == -6
    assert round(100 * falls["worst_day"]) == -8
    assert min(early["csat_all_additive_low"], early["csat_all_justice_low"]) > 0
    assert stays["gap"] < 0.5 * seen["gap"]
    assert moved["gap_low"] < early["gap_high"]
    assert moved["gap"] - early["gap"] < early["gap_high"] - early["gap"]
    assert moved["runs"] > 3 * early["runs"]
    assert early["seconds"] < 300


def test_what_the_late_days_are_spared_costs_what_the_page_says(table):
    text = " ".join(benchmark.PAGE.read_text(encoding="utf-8").split())
    two, one, none = (row for _, row in table.iloc[6:].iterrows())
    assert f"it closes {100 * two['gap']:.0f} % of the gap" in text
    assert f"at 1 point {100 * one['gap']:.0f} %" in text
    assert f"not be answered less on any day, {100 * none['gap']:.0f} %" in text
    assert two["ordinary_minute_low"] > 0
    for row, least in ((two, -0.02), (one, -0.01), (none, 0.0)):
        assert row["worst_day"] == pytest.approx(least, abs=0.003)  # the worst of ten days, on fresh luck
        assert row["ordinary_answered_low"] > 0
        assert min(row["csat_all_additive_low"], row["csat_all_justice_low"]) > 0


def test_the_candidates_are_those_of_the_page():
    text = benchmark.PAGE.read_text(encoding="utf-8")
    assert len(WEIGHTS) == 9
    assert "nine candidates" in text
    assert {weights.roots for weights in WEIGHTS} == {1.0, 2.0, 3.0}
    assert "with 1, 2 or 3 square roots" in text
    assert {weights.least_worth for weights in WEIGHTS} == {0.0, 0.3, 1.0}
    assert "a least share (0, 0.3 or 1)" in text
    assert (UNSEEN.roots, UNSEEN.least_worth) == (2.0, 1.0)
    assert HOURS == (0.8, 0.9, 1.1, 1.2)
    assert "0.8, 0.9, 1.1 and 1.2 of the hours" in text
    assert (LEVELS[0], LEVELS[-1]) == (0.05, 1.5)
    assert "from a twentieth to one and a half times what it is" in " ".join(text.split())
    assert (COARSE, FINE) == (0.05, 0.0025)
    assert "first in steps of 5 %, then, about the step that is found, in steps of 0.25 %" in " ".join(text.split())
    assert (EARLIER / 60.0, MORE) == (4.0, 6)


def test_the_command_for_an_interval_report_plans_all_of_its_days(monkeypatch):
    """Its rules hold nothing still, and begin at the start of the file."""
    from caresim.config.compose import compose
    from caresim.tasks.plan.rules import rules_of

    monkeypatch.chdir(ROOT)
    text = benchmark.PAGE.read_text(encoding="utf-8")
    (words,) = re.findall(r"^    python -m caresim (task=plan experiment=replay .*)$", text, re.MULTILINE)
    experiment = compose(shlex.split(words))
    rules = rules_of(experiment, experiment.setting("plan"))
    assert rules.changes_from == 0.0
    assert rules.template.free[rules.template.paid > 0].all()
    assert (rules.least, rules.most, rules.on_duty) == (0, 30, 0.7)


def test_a_roster_that_nobody_gave_is_said_to_be_taken_for_granted(monkeypatch):
    from caresim.config.compose import compose
    from caresim.tasks.plan.baseline import nobody_said

    monkeypatch.chdir(ROOT)
    words = [
        "experiment=replay",
        "replay.intervals=experiments/require/report.csv",
        "replay.format.medium=phone",
        "replay.format.desk=phone",
    ]
    (told,) = nobody_said(compose(words), "as_given", "phone")
    assert told.startswith("Nobody said who works now: 10 people around the clock")
    (told,) = nobody_said(compose([*words, "replay.servers=20 people"]), "as_given", "phone")
    assert told.startswith("Nobody said who works now: 20 people around the clock")
    queue = compose(["experiment=queue"])
    assert nobody_said(queue, queue.baseline, next(iter(queue.staffing[queue.baseline].desks))) == []


def test_the_commands_of_the_readme_for_an_interval_report_are_composed(monkeypatch):
    """One says how the file is read; what it answers is what the other one is given."""
    import caresim
    from caresim.tasks.registry import TASKS

    monkeypatch.chdir(ROOT)
    readme = (ROOT / "README.md").read_text(encoding="utf-8").replace("\\\n", " ")
    (looked,) = re.findall(r"-m caresim (task=import .*)$", readme, re.MULTILINE)
    (needed,) = re.findall(r"-m caresim (task=require .*)$", readme, re.MULTILINE)
    shape = dict(word.removeprefix("format.").split("=") for word in shlex.split(looked) if word.startswith("format."))
    replay = caresim.load(*shlex.split(needed)).replay
    assert {name: getattr(replay.format, name) for name in shape} == shape
    assert f"import={replay.intervals}" in looked
    assert {"import", "require"} <= set(TASKS)
