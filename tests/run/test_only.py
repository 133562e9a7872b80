"""`only` picks the staffing models that are run. It changes nothing about those that are."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType
from typing import Any

import pandas as pd
import pytest

import caresim
from caresim.config.errors import BadInput
from caresim.run.progress import Progress
from caresim.run.results import FRAMES, Results
from caresim.run.store import Store
from caresim.tasks.backtest.backtest import scenes_of
from caresim.tasks.backtest.settings import ALL, BASELINE, load
from caresim.tasks.compare.compare import compare
from caresim.tasks.dashboard.show import first_models

SMALL = ("experiment=tokyo", "population.scale=0.01", "replications=2", "workers=1")
PICKED = ("social_team", "hybrid")
ONLY = "only=[hybrid,social_team]"


def results_in(place: Path, *words: str) -> tuple[Results, Progress]:
    """Results whose finished blocks stay in the folder, and how many of them were there before."""
    progress = Progress()
    return compare(caresim.load(*SMALL, f"output_dir={place}", *words), Store(place), progress), progress


def assert_rows_of_picked(all_models: Results, picked: Results) -> None:
    """Every value is equal to the bit. A column's type may be wider where another model has gaps in it."""
    for name in FRAMES:
        whole, part = getattr(all_models, name), getattr(picked, name)
        rows = whole[whole["staffing"].isin(PICKED)].reset_index(drop=True)
        assert len(part)
        pd.testing.assert_frame_equal(part.astype(object), rows.astype(object), check_exact=True)


def test_models_that_are_picked_give_the_same_rows_and_their_blocks_are_used_again(tmp_path: Path) -> None:
    all_models, _ = results_in(tmp_path / "all")
    picked, progress = results_in(tmp_path / "picked", ONLY)
    assert picked.staffings == list(PICKED)
    assert (progress.finished, progress.resumed) == (4, 0)
    assert_rows_of_picked(all_models, picked)
    again, progress = results_in(tmp_path / "all", ONLY)
    assert (progress.finished, progress.resumed) == (4, 4)
    assert_rows_of_picked(all_models, again)


def test_a_model_is_still_paid_as_one_that_is_not_run() -> None:
    alone = caresim.load(*SMALL, "only=[call_center_24_7]")
    assert alone.staffing["call_center_24_7"].paid_hours.as_ == "social_team"
    assert (
        caresim.simulate(alone).metrics["paid_hours"]
        == caresim.simulate(caresim.load(*SMALL), "call_center_24_7").metrics["paid_hours"]
    )


@pytest.mark.parametrize(
    ("words", "baseline"),
    [
        ([ONLY], "social_team"),
        (["only=[people_on_call,hybrid]"], "hybrid"),
        (["only=[hybrid,people_on_call]", "baseline=people_on_call"], "people_on_call"),
    ],
)
def test_the_baseline_is_the_first_that_is_run_unless_it_is_given(words: list[str], baseline: str) -> None:
    experiment = caresim.load(*words)
    assert experiment.baseline == baseline
    assert experiment.compared == tuple(name for name in caresim.load().staffing if name in experiment.only)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["only=[hybrit]"], r"only = 'hybrit': unknown staffing model, did you mean hybrid.*Allowed: social_team, "),
        (["only=[]"], r"only = \[\]: must name at least one staffing model, allowed: social_team"),
        (["only=hybrid"], r"only = 'hybrid': must be a list"),
        (
            ["only=[hybrid]", "baseline=people_on_call"],
            r"baseline = 'people_on_call': is not among those of only: add it there, or write baseline=hybrid",
        ),
    ],
)
def test_what_cannot_be_picked(words: list[str], message: str) -> None:
    with pytest.raises(BadInput, match=message):
        caresim.load(*words)


def test_a_comparison_of_picked_models_is_read_back(tmp_path: Path, without_engine: ModuleType) -> None:
    from caresim.run.folder import write

    results, _ = results_in(tmp_path, ONLY)
    loaded = Results.load(write(results, tmp_path))
    assert loaded.staffings == list(PICKED)
    assert set(loaded.comparison()["staffing"]) == {"hybrid"}


def test_a_story_is_told_under_the_models_that_are_run() -> None:
    story = caresim.story(caresim.load(*SMALL, ONLY), passenger="most_changed")
    assert [tale.staffing for tale in story.tales] == list(PICKED)


@pytest.mark.parametrize("words", [(ONLY, "explain.other=people_on_call"), (ONLY, "explain.one=people_on_call")])
def test_an_explanation_is_of_models_that_are_run(words: tuple[str, ...], tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"= 'people_on_call': is left out by only, allowed: social_team, hybrid$"):
        caresim.explain(caresim.load(*SMALL, *words, f"output_dir={tmp_path}"))


def test_the_live_view_opens_with_models_that_are_run() -> None:
    assert first_models(caresim.load("only=[hybrid,people_on_call]")) == [
        "hybrid",
        "people_on_call",
    ]
    assert first_models(caresim.load("only=[social_team,hybrid]")) == ["social_team", "hybrid"]
    assert first_models(caresim.load("only=[call_center_24_7,hybrid]")) == ["hybrid", "call_center_24_7"]
    assert first_models(caresim.load("only=[hybrid]")) == ["hybrid"]


@pytest.mark.parametrize(("models", "looked_at"), [((ALL,), PICKED), ((BASELINE,), ("social_team",))])
def test_a_fact_of_a_backtest_may_pick_models(models: tuple[str, ...], looked_at: tuple[str, ...]) -> None:
    settings: Any = load("stylised_facts", {"replications": 2})
    name, fact = next((name, fact) for name, fact in settings.facts.items() if fact.measure == "answered_within")
    picking = fact.model_copy(update={"experiment": "tokyo", "overrides": (ONLY,), "staffing": models})
    (scene,), _ = scenes_of(settings.model_copy(update={"facts": {name: picking}, "wrong": {}}))
    assert scene.staffings[name] == looked_at
    assert scene.needed == list(looked_at)
