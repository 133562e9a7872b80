"""The figures of a sweep speak in words, fit their page and can be read on every colour."""

from __future__ import annotations

import matplotlib
import numpy as np
import pandas as pd
import pytest

from caresim.report.style import INK
from caresim.tasks.compare.sweep.boundary import boundary, readable_on, steps_in_words
from caresim.tasks.compare.sweep.choice import as_shown, few_draws
from caresim.tasks.compare.sweep.figures import sweep
from caresim.tasks.compare.sweep.keys import key_words, many_in_words

STEPS = "staff/unevenness@staff.call_center_agent"
RATE = "population.cohorts.authors.onset.per_hour"


@pytest.mark.parametrize(
    ("key", "words"),
    [
        (STEPS, "unevenness (call centre agent)"),
        (RATE, "onset per hour (Authors)"),
        ("staffing.social_team.desks.social.headcount", "headcount (Social team, Social)"),
        ("population.scale", "population scale"),
        ("swept_replications", "replications"),
        ("seed", "seed"),
    ],
)
def test_a_key_in_words(key, words):
    assert key_words(key) == words


def test_metrics_that_are_nowhere_defined_do_not_count_as_no_replications():
    assert many_in_words(pd.DataFrame({"replications": [0, 8, 8]})) == "8"


@pytest.fixture
def two_keys(make_sweep):
    parts = []
    for rate in ("5 posts/h", "25 posts/h"):
        part = make_sweep(["none", "all_new"], STEPS)
        part.insert(2, RATE, rate)
        parts.append(part)
    table = pd.concat(parts, ignore_index=True)
    compared = table["staffing"] != "social_team"
    table.loc[compared, ["difference", "difference_ci_low", "difference_ci_high"]] = [0.4, 0.1, 0.7]
    return table.assign(verdict=None)


def test_a_second_key_has_a_column_of_panels_for_each_value(two_keys):
    figure = sweep(two_keys)
    assert [axes.get_title(loc="center") for axes in figure.axes[:2]] == ["5 posts/h", "25 posts/h"]
    assert {axes.get_title(loc="left") for axes in figure.axes} == {""}
    assert len(figure.axes) == 8


@pytest.mark.parametrize("draw", [sweep, boundary])
def test_nothing_runs_out_of_the_page(two_keys, draw):
    figure = draw(two_keys)
    figure.draw_without_rendering()
    width = figure.bbox.x1
    for text in figure.findobj(matplotlib.text.Text):
        box = text.get_window_extent()
        if text.get_text() and text.get_visible() and np.isfinite(box.x1):  # ticks outside the limits are nowhere
            assert box.x1 <= width + 1, text.get_text()


def test_the_map_says_whose_advantage_a_colour_is(two_keys):
    said = " ".join(text.get_text() for text in boundary(two_keys).findobj(matplotlib.text.Text))
    assert "Orange: " in said
    assert "purple: worse" in said
    assert "(scale 1 to 5)" in said.replace("\n", " ")
    assert "all new: A call centre where everybody is new" in said


def test_no_interval_is_shown_of_too_few_draws(make_sweep):
    few, enough = make_sweep([1, 2], draws=2), make_sweep([1, 2], draws=8)
    assert few_draws(few).startswith("2 draws of the assumptions give intervals so wide that none is shown (sweep.csv")
    assert few_draws(enough) == ""
    ends = ["ci_low", "luck_high", "difference_ci_high"]
    assert as_shown(few)[ends].isna().all().all()
    assert as_shown(few)["verdict"].equals(few["verdict"])
    assert as_shown(enough)[ends].notna().any().all()


def test_the_steps_of_a_number_need_no_words():
    assert steps_in_words(RATE, ["5 posts/h"]) == ""
    assert "none: A call centre" in steps_in_words(STEPS, ["none"])


def test_letters_are_white_on_dark_and_dark_on_pale():
    assert readable_on((0.18, 0.0, 0.3, 1.0)) == "white"
    assert readable_on((1.0, 0.9, 0.8, 1.0)) == INK
