"""Numbers are written as finely as they are known, and no finer."""

from __future__ import annotations

import io
import math

import matplotlib
import numpy as np
import pandas as pd
import pytest
from rich.console import Console

from caresim.report.number_format import TOO_FEW, interval_text, pairs_text, vague, value_text
from caresim.tasks.compare.figures import FIGURES
from caresim.tasks.compare.terminal import show


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (value_text(0.824, 0.82, 0.828, "share"), "82.4 %"),
        (value_text(0.824, 0.81, 0.84, "share"), "82 %"),
        (value_text(0.824, math.nan, math.nan, "share"), "82 %"),
        (interval_text(0.8204, 0.828, "share"), "82.0–82.8 %"),
        (interval_text(0.81, 0.84, "share"), "81–84 %"),
        (interval_text(0.13, 1.0, "share"), TOO_FEW),
        (interval_text(1.2, 4.9, "score 1-5"), TOO_FEW),
        (interval_text(3.65, 3.72, "score 1-5"), "3.65–3.72"),
        (interval_text(math.nan, math.nan, "share"), ""),
        (pairs_text(1626.0), "1 626 pairs"),
        (pairs_text(36_004.0), "practically at the margin"),
    ],
)
def test_what_is_said(text, wanted):
    assert text == wanted


def test_a_ratio_of_more_than_a_hundred_between_its_ends_says_nothing():
    assert vague(0.0, 1e30, "ratio")
    assert vague(0.5, 60.0, "ratio")
    assert not vague(0.2, 3.0, "ratio")


@pytest.fixture
def unsure(make_results):
    """Two models; the interval of `resolved` takes up nearly all that is possible."""
    made = make_results(staffings=2, replications=16)
    for table in made.rows.values():
        rows = table["metric"] == "resolved"
        table.loc[rows, ["ci_low", "ci_high"]] = [-0.9, 0.9] if "difference" in table else [0.02, 0.99]
    comparison = made.rows["comparison"]
    comparison.loc[comparison["metric"] == "resolved", ["verdict", "verdict_detail"]] = "undecided"
    return made


def test_the_table_says_too_few_instead_of_an_impossible_interval(unsure):
    stream = io.StringIO()
    show(unsure, Console(file=stream, width=120))
    assert TOO_FEW in stream.getvalue()
    assert "2–99 %" not in stream.getvalue()


def test_the_figure_draws_no_interval_that_says_nothing(unsure):
    figure = FIGURES["differences"].draw(unsure)
    (axes,) = [axes for axes in figure.axes if axes.get_title(loc="left") == "Resolved"]
    assert any(TOO_FEW in text.get_text() for text in axes.texts)
    lines = [each for each in axes.collections if isinstance(each, matplotlib.collections.LineCollection)]
    assert not lines
    assert np.ptp(axes.get_xlim()) < 90


def test_two_bands_tell_the_baseline_from_the_best(results):
    from caresim.tasks.compare.figures.latency import banded

    social = results.curves[results.curves["group"] == "social"]
    assert banded([social], "social_team") == {"social_team", "assistant_first"}


def test_the_time_axis_ends_where_nothing_changes():
    from caresim.tasks.compare.figures.latency import settled

    minutes = np.array([1.0, 60.0, 200.0, 360.0, 1440.0, 14_400.0])
    curves = pd.DataFrame({"group": "social", "staffing": "one", "minutes": minutes})
    assert settled([curves.assign(waiting=[1.0, 0.5, 0.2, 0.02, 0.02, 0.02])]) == 360
    assert settled([curves.assign(waiting=[1.0, 0.5, 0.4, 0.3, 0.2, 0.0])]) == 7200


def test_no_panel_for_seats_of_which_nothing_became(make_results):
    made = make_results(staffings=2, replications=4)
    made.replications[["seats_used", "seats_perished"]] = np.nan
    titles = [axes.get_title(loc="left") for axes in FIGURES["resolution"].draw(made).axes]
    assert "What became of the free seats" not in titles
    made.courses["seats_free"] = 0
    said = " ".join(text.get_text() for text in FIGURES["resolution"].draw(made).texts)
    assert "aircraft" not in said


def test_a_line_of_steps_keeps_its_jumps_and_its_ends():
    from caresim.report.bands import jumps

    assert jumps(np.array([0, 0, 2, 2, 2, 1, 1])).tolist() == [True, False, True, False, False, True, True]


def test_people_on_duty_step(results):
    duty = [axes for axes in FIGURES["backlog"].draw(results).axes if "on duty" in axes.get_ylabel()]
    assert {line.get_drawstyle() for axes in duty for line in axes.get_lines()} == {"steps-post"}
