"""The answer in three sentences: each is derived back from the rows of the comparison."""

from __future__ import annotations

import re

import pytest

import caresim
from caresim.measure.metrics import REGISTRY
from caresim.report.wording import quantity, readable
from caresim.tasks.compare import answer
from caresim.tasks.compare.what_matters import MOST_ROWS, PAYERS, metrics_that_matter

SMALL = ("population.scale=0.1", "record=none")


@pytest.fixture(scope="module", params=["tokyo", "activism"])
def results(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory):
    words = (f"experiment={request.param}", *SMALL, "replications=16", f"output_dir={tmp_path_factory.mktemp('out')}")
    return caresim.compare(caresim.load(*words))


@pytest.fixture
def told(results) -> list[str]:
    return answer.sentences(results)


def means(results, metric: str) -> dict[str, float]:
    rows = results.summary()
    rows = rows[rows["metric"] == metric]
    return dict(zip(rows["staffing"].astype(str), rows["mean"], strict=True))


def test_there_are_three_of_them(told: list[str]) -> None:
    assert len(told) == 3


def test_the_one_that_does_most_is_surely_better_and_none_that_does_as_much_costs_less(results, told) -> None:
    metric = results.experiment.study.headline[0]
    rows = results.comparison()
    rows = rows[rows["metric"] == metric].set_index("staffing")
    sure = rows[rows["verdict_detail"].isin(["better", "surely better, perhaps too little to matter"])]
    named = next(name for name in rows.index if told[0].startswith(f"{readable(name)} does "))
    assert named in sure.index
    level, cost = means(results, metric), means(results, "cost")
    best = (max if REGISTRY[metric].better == "higher" else min)(sure.index, key=level.__getitem__)
    margin = rows.loc[best, "margin"]
    for name in sure.index:
        near = (
            level[name] < margin * level[best]
            if REGISTRY[metric].compare == "ratio"
            else abs(level[name] - level[best]) < margin
        )
        if near:
            assert cost[named] <= cost[name] * answer.SAME_COST
            assert name == named or f"{readable(name)} ({quantity(level[name], REGISTRY[metric].unit)})" in told[0]
    assert (" does most " in told[0]) == (named == best)
    unit = REGISTRY[metric].unit
    assert quantity(level[named], unit) in told[0]
    assert quantity(level[results.baseline], unit) in told[0]
    row = rows.loc[named]
    found = re.search(r"better in (\d+) of (\d+) worlds, by enough to matter in (\d+)", told[0])
    assert found
    assert [int(each) for each in found.groups()] == [
        round(row["worlds_better"] * row["worlds"]), row["worlds"], round(row["worlds_matter"] * row["worlds"]),
    ]  # fmt: skip


def test_of_equal_costs_the_best_is_named(make_results) -> None:
    made = make_results(staffings=4, replications=32)
    rows = made.rows["summary"]
    rows.loc[rows["metric"] == "cost", "mean"] = 100_000.0
    metric = made.experiment.study.headline[0]
    table = made.rows["comparison"]
    table.loc[table["metric"] == metric, "verdict_detail"] = "better"
    level = means(made, metric)
    best = max((name for name in made.staffings if name != made.baseline), key=level.__getitem__)
    assert answer.sentences(made)[0].startswith(f"{readable(best)} does most")
    rows.loc[(rows["metric"] == "cost") & (rows["staffing"] == best), "mean"] = 200_000.0
    table.loc[table["metric"] == metric, "margin"] = 5.0
    other = answer.sentences(made)[0]
    assert not other.startswith(readable(best))
    assert "does as much" in other
    assert "as any, at the least cost:" in other
    assert f"{readable(best)} ({quantity(level[best], REGISTRY[metric].unit)})" in other


def test_what_it_costs_is_its_row(results, told) -> None:
    named = next(name for name in results.staffings if told[0].startswith(f"{readable(name)} does "))
    cost = means(results, "cost")
    assert quantity(cost[named], "EUR") in told[1]
    assert ("the same" in told[1]) == (abs(cost[named] / cost[results.baseline] - 1) < answer.SAME_COST - 1)


def test_who_pays_are_those_whose_rows_are_surely_worse(results, told) -> None:
    named = next(name for name in results.staffings if told[0].startswith(f"{readable(name)} does "))
    rows = results.comparison()
    rows = rows[rows["staffing"] == named].set_index("metric")["verdict_detail"]
    asked = [name for name in dict.fromkeys((*results.experiment.study.headline, *PAYERS)) if name in rows]
    worse = [name for name in asked if str(rows[name]).replace("surely ", "").startswith("worse")]
    assert told[2].startswith("Who pays for it:" if worse else "Nobody is shown to pay for it")
    for name in worse[: answer.MOST_NAMED]:
        assert REGISTRY[name].label in told[2]


def test_a_managers_table_has_six_rows_at_most_headlines_first(results) -> None:
    rows = metrics_that_matter(results)
    assert len(rows) <= MOST_ROWS
    headline = list(results.experiment.study.headline)
    assert rows[: len(headline)] == headline


@pytest.mark.parametrize("words", [("replications=2",), ("replications=16", "only=[social_team]")])
def test_without_anything_to_compare_nothing_is_said(words: tuple[str, ...], tmp_path) -> None:
    experiment = caresim.load("experiment=tokyo", "population.scale=0.02", "record=none", *words)
    made = caresim.compare(experiment.model_copy(update={"output_dir": str(tmp_path)}))
    assert answer.sentences(made) == []


def test_where_none_is_surely_better_that_is_said(make_results) -> None:
    made = make_results(staffings=3, replications=8)
    made.rows["comparison"]["verdict_detail"] = "undecided"
    assert answer.sentences(made)[0].startswith("No staffing model is shown to do more than Social team")
