"""Figures of a sweep on axes of one's own, of some staffing models and metrics; names are those that were given."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd
import pytest
from matplotlib.figure import Figure
from tests.support.figure_words import words
from tests.support.made_results import MODELS, swept
from tests.support.on_axes import drawn_on_a_part, drawn_on_axes

import caresim
from caresim.config.errors import BadInput
from caresim.report.style import PALETTE
from caresim.tasks.compare.sweep.result import Sweep

HEADS = "staffing.social_team.desks.social.headcount"
SURGE = "population.surge"


def sweep_of(table: pd.DataFrame) -> Sweep:
    study = SimpleNamespace(confidence=SimpleNamespace(value=0.95))
    models = {name: SimpleNamespace(label=None, desks={}) for name in MODELS[:3]}
    models[MODELS[1]].label = "The whole clock"
    return Sweep(SimpleNamespace(name="made", study=study, staffing=models), table)


@pytest.fixture(scope="module")
def along() -> Sweep:
    """Along a number."""
    return sweep_of(swept([2, 4, 6]))


@pytest.fixture(scope="module")
def grid() -> Sweep:
    """Over two keys."""
    parts = [swept(["a", "b"], SURGE).assign(job=lambda rows, n=n: f"{n} " + rows["job"], **{HEADS: n}) for n in (2, 4)]
    table = pd.concat(parts, ignore_index=True)
    return sweep_of(table[["job", HEADS, SURGE, *table.columns.difference(["job", HEADS, SURGE], sort=False)]])


@pytest.mark.parametrize("name", ["levels", "differences", "map"])
def test_what_is_drawn_is_on_the_axes_given_and_nowhere_else(along: Sweep, grid: Sweep, name: str) -> None:
    for one in (grid,) if name == "map" else (along, grid):
        axes = drawn_on_axes(getattr(one.plot, name))
        assert "Satisfaction, all affected with a need" in axes.get_title(loc="left")
        drawn_on_a_part(getattr(one.plot, name))


@pytest.mark.parametrize("name", ["levels", "differences", "map"])
def test_a_metric_is_chosen(grid: Sweep, name: str) -> None:
    plot = getattr(grid.plot, name)
    assert "Cost" in drawn_on_axes(lambda ax: plot("cost", ax=ax)).get_title(loc="left")
    assert "Cost" in words(plot("cost"))
    with pytest.raises(BadInput, match="unknown metric, did you mean csat"):
        plot("csatt")
    with pytest.raises(BadInput, match="must be one Axes"):
        plot(ax=Figure())


def test_staffing_models_are_chosen_and_keep_their_colours(along: Sweep, grid: Sweep) -> None:
    for one in (along, grid):
        for name in ("levels", "differences"):
            said = words(getattr(one.plot, name)(models=MODELS[2]))
            assert "whole clock" not in said
        lines = drawn_on_axes(lambda ax, one=one: one.plot.levels(models=MODELS[2], ax=ax)).lines
        assert {line.get_color() for line in lines} == {PALETTE[2]}
    assert "funded" in drawn_on_axes(lambda ax: grid.plot.map(models=MODELS[2], ax=ax)).get_title(loc="left")
    with pytest.raises(BadInput, match="must name one staffing model"):
        grid.plot.map(models=MODELS[1:3], ax=Figure().subplots())
    with pytest.raises(BadInput, match="leave nothing to compare"):
        grid.plot.differences(models=MODELS[0])
    with pytest.raises(BadInput, match="did you mean social_team"):
        grid.plot.levels(models="social_tem")


def test_labels_are_read_in_figures_of_tables(along: Sweep) -> None:
    """A table has no experiment: the names are those of the sweep that it belongs to."""
    assert "The whole clock" in words(along.plot.levels())
    assert "The whole clock" in words(along.plot.differences())
    assert any("The whole clock" in text.get_text() for text in drawn_on_axes(along.plot.levels).texts)


def test_the_figures_that_can_be_drawn_are_listed(along: Sweep, grid: Sweep) -> None:
    assert repr(along.plot) == "Figures(levels, differences)"
    assert repr(grid.plot) == "Figures(levels, differences, map)"
    assert repr(sweep_of(along.table.iloc[:0]).plot) == "Figures(none: no point has results)"


def test_a_map_of_one_key_is_refused(along: Sweep) -> None:
    with pytest.raises(ValueError, match="two keys"):
        along.plot.map(ax=Figure().subplots())


def test_one_staffing_model_is_shown_against_the_first_point() -> None:
    queue = caresim.load("experiment=queue", "queue.customers=300", "queue.warm_up=0 %", "replications=4")
    keys = {"queue.servers": [10, 12], "queue.patience_mean": ["2 min", "4 min"]}
    found = caresim.sweep(queue, keys, ["phone_asa"])
    axes = drawn_on_axes(found.plot.map)
    assert "reference" in [text.get_text() for text in axes.texts]
    assert len(drawn_on_axes(found.plot.differences).get_yticklabels()) == 3
