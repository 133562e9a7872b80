"""sweep: a line a staffing model, and how many replications stand behind it."""

from __future__ import annotations

import pytest
from tests.support.figure_words import visible_panels, words

from caresim.tasks.compare.sweep.figures import save_sweep, sweep


def test_a_sweep_of_replications_says_how_many_there_are(make_sweep):
    table = make_sweep([2, 8], "swept_replications")
    table["replications"] = table["swept_replications"]
    said = words(sweep(table))
    assert "What changes with replications?" in said
    assert "2 to 8 paired replications" in said


@pytest.mark.parametrize("values", [[1, 2, 4, 8], ["a strike", "a storm"], [3]])
def test_a_sweep_has_a_line_a_staffing_model_in_each_headline_panel(make_sweep, tmp_path, values):
    table = make_sweep(values)
    figure = sweep(table)
    panels = visible_panels(figure)
    assert len(panels) == 4
    for axes in panels:
        for staffing in table["staffing"].unique():
            (line,) = [line for line in axes.get_lines() if line.get_label() == staffing]
            assert len(line.get_xdata()) == len(values)
    assert [path.name for path in save_sweep(table, tmp_path)] == [
        f"{name}.{kind}" for name in ("sweep", "differences") for kind in ("png", "svg")
    ]


def test_a_second_key_of_many_values_is_told_by_the_line(make_sweep):
    import pandas as pd

    parts = []
    for scale in (1, 2, 3, 4, 5):
        part = make_sweep([1, 2, 4, 8, 16, 32])
        part.insert(1, "population.scale", scale)
        parts.append(part)
    figure = sweep(pd.concat(parts))
    styles = {line.get_linestyle() for line in figure.axes[0].get_lines() if line.get_label() == "social_team"}
    assert len(styles) == 2  # every dash is called the same
    assert "Social team (scale 2)" in words(figure)


def test_a_table_without_a_swept_key_is_refused(make_sweep):
    table = make_sweep([1, 2]).drop(columns="staffing.social_team.desks.social.headcount")
    with pytest.raises(ValueError, match="swept key"):
        sweep(table)
