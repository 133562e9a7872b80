"""What a notebook shows of an object fits a screen; `dir(caresim)` lists the interface; results are saved, tidied."""

from __future__ import annotations

from pathlib import Path

import pytest

import caresim
from caresim.config.errors import BadInput

SCREEN, PAGE = 400, 8000
"""Characters of a line or two, and of a table that is no longer than a screen."""
SMALL = ("experiment=tokyo", "population.scale=0.01", "replications=2", "record=none")


@pytest.fixture(scope="module")
def results() -> caresim.Results:
    return caresim.compare(caresim.load(*SMALL, "only=[social_team,hybrid]"), workers=1)


def test_objects_are_shown_on_a_screen(results: caresim.Results) -> None:
    outcome = caresim.simulate(results.experiment, "hybrid")
    for shown in (caresim.load("experiment=tokyo"), outcome, results):
        assert len(repr(shown)) < SCREEN, type(shown)
        assert "tokyo" in repr(shown)
        assert 0 < len(shown._repr_html_()) < PAGE, type(shown)
    assert "hybrid, replication 0" in repr(outcome)
    assert str(results.experiment) == repr(results.experiment)


def test_the_interface_is_what_dir_shows() -> None:
    assert dir(caresim) == sorted(caresim.__all__)
    assert all(getattr(caresim, name) is not None for name in dir(caresim))


def test_results_are_long_for_seaborn(results: caresim.Results) -> None:
    rows = results.tidy()
    assert list(rows) == ["staffing", "replication", "draw", "metric", "value", "unit", "label"]
    row = rows[(rows["staffing"] == "hybrid") & (rows["replication"] == 1) & (rows["metric"] == "cost")]
    wide = results.replications.set_index(["staffing", "replication"])
    assert row["value"].item() == wide.loc[("hybrid", 1), "cost"]


def test_results_are_saved_where_they_are_wanted(results: caresim.Results, tmp_path: Path) -> None:
    folder = results.save(tmp_path / "mine")
    assert folder == tmp_path / "mine"
    assert caresim.Results.load(folder).replications.equals(results.replications)
    with pytest.raises(BadInput, match="is there already"):
        results.save(folder)


def test_the_answer_is_that_of_the_terminal(results: caresim.Results) -> None:
    from caresim.tasks.compare.answer import sentences

    assert results.answer() == sentences(results)
