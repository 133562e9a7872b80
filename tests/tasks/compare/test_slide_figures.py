"""The figures for slides: no text is cut off or lies on another, from one staffing model to eight, however called."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from tests.support.figure_words import boxes, cut_off, overprinted, words

from caresim.report.style import WIDTH
from caresim.tasks.compare.figures import FIGURES
from caresim.tasks.compare.figures.duty import calendar
from caresim.tasks.compare.figures.waits import WITHIN, parts

SLIDES = ("headline", "waits", "waiting", "duty")
HIGHEST = 7.5
"""Inches of a slide that is 13.33 wide."""


def called(made, name):
    """The results with staffing models of other names."""
    names = {old: name(place) for place, old in enumerate(made.staffings)}
    for table in (made.replications, made.curves, made.courses, made.passengers, *made.rows.values()):
        table["staffing"] = table["staffing"].map(names)
    made.staffings, made.baseline = list(names.values()), names[made.baseline]
    return made


@pytest.mark.parametrize("name", SLIDES)
@pytest.mark.parametrize(("staffings", "replications"), [(1, 2), (2, 2), (3, 8), (8, 4)])
def test_no_text_is_cut_off_or_overprinted(make_results, name, staffings, replications):
    made = make_results(staffings=staffings, replications=replications)
    if not FIGURES[name].applies(made):
        assert (name, staffings) == ("headline", 1)
        return
    figure = FIGURES[name].draw(made)
    assert cut_off(figure) == []
    assert overprinted(figure) == []
    assert (figure.get_figwidth(), figure.get_figheight() <= HIGHEST) == (WIDTH, True)


@pytest.mark.parametrize("name", SLIDES)
def test_nor_where_names_are_long(make_results, name):
    made = called(
        make_results(staffings=8, replications=4), lambda place: f"a_team_of_volunteers_number_{place}_from_abroad"
    )
    figure = FIGURES[name].draw(made)
    assert cut_off(figure) == []
    assert overprinted(figure) == []


@pytest.mark.parametrize("name", SLIDES)
def test_nor_where_labels_are_as_long_as_they_may_be(make_results, name):
    """Of words, and of one word, as German has them."""
    made = make_results(staffings=3, replications=2)
    labels = ("A team of volunteers who work from home", "Krisenkommunikationszentralenbereitschaft"[:40], None)
    models = zip(made.staffings, labels, strict=True)
    made.experiment.staffing = {key: SimpleNamespace(label=label, differs="") for key, label in models}
    figure = FIGURES[name].draw(made)
    assert cut_off(figure) == []
    assert overprinted(figure) == []
    assert "volunteers" in words(figure)


@pytest.mark.parametrize("name", SLIDES)
def test_a_label_is_no_formula(make_results, name):
    made = make_results(staffings=3, replications=8)
    labels = (r"A $\foo$ team", "<b>&</b> $1 of $2", None)
    models = zip(made.staffings, labels, strict=True)
    made.experiment.staffing = {key: SimpleNamespace(label=label, differs="") for key, label in models}
    figure = FIGURES[name].draw(made)
    figure.canvas.draw()
    assert "$1 of $2" in words(figure)


def test_a_ratio_to_zero_and_one_beyond_counting_have_room(make_results):
    made = make_results(staffings=8, replications=32)
    rows = made.rows["comparison"]
    rows.loc[rows["metric"] == "mood_area", ["difference", "ci_low", "ci_high"]] = [0.001, 0.0005, 0.002]
    rows.loc[(rows["metric"] == "mood_area") & (rows["staffing"] == "hybrid"), "difference"] = 0.0
    rows["verdict_detail"] = "surely worse, perhaps too little to matter"
    figure = FIGURES["headline"].draw(made)
    assert cut_off(figure) == []
    assert overprinted(figure) == []
    assert "to zero (✘)" in words(figure)
    assert "below ×0.01 (✘)" in words(figure)


@pytest.mark.parametrize("name", SLIDES)
def test_staffing_models_may_be_categories(make_results, name):
    """So they are in results that were just computed."""
    made = make_results(staffings=2, replications=4)
    kept = words(FIGURES[name].draw(made))
    made.curves["staffing"] = made.curves["staffing"].astype("category")
    made.courses["staffing"] = pd.Categorical(made.courses["staffing"], [*made.staffings, "never_run"])
    assert words(FIGURES[name].draw(made)) == kept


def test_the_headline_figure_counts_worlds_and_signs_the_finer_verdict(make_results):
    made = make_results(staffings=2, replications=32)
    rows = made.rows["comparison"]
    rows[["worlds", "worlds_better", "worlds_matter"]] = [16, 14 / 16, 7 / 16]
    rows["verdict_detail"] = "depends on the assumptions"
    said = words(FIGURES["headline"].draw(made))
    assert said.count("14 of 16 worlds") == 4
    assert "pp ±" in said
    assert "worlds" not in words(FIGURES["headline"].draw(make_results(staffings=2, replications=2)))


def test_the_eye_of_the_test_sees_what_is_wrong(make_results):
    figure = FIGURES["waits"].draw(make_results(staffings=2, replications=2))
    figure.text(0.99, 0.5, "over the edge")
    figure.text(0.5, 0.05, "on top of")
    figure.text(0.5, 0.055, "each other")
    assert cut_off(figure) == ["over the edge"]
    assert ("on top of", "each other") in overprinted(figure)
    assert len(boxes(figure)) > 10


def test_the_parts_of_a_bar_are_all_requests():
    minutes = [0.1, 15.0, 60.0, 360.0, 14400.0]
    curves = pd.DataFrame({"minutes": minutes, "answered": [0.05, 0.2, 0.5, 0.6, 0.7]})
    assert len(WITHIN) == 4
    assert parts(curves) == pytest.approx([20, 30, 10, 10, 30])
    assert np.isnan(parts(curves.assign(answered=np.nan))).all()


def test_the_calendar_has_the_mean_of_each_local_hour(make_results):
    made = make_results(staffings=1, replications=2)
    ends = made.courses["time_min"]
    made.courses["staff_on_duty"] = np.where(ends <= -1440 + 30, 3, 5)
    days, table = calendar(made, made.baseline)
    assert (days[0].isoformat(), table.shape[1]) == ("2011-03-10", 24)
    assert np.isnan(table[0, :6]).all()  # the run begins at 06:46 in Paris
    assert table[0, 7] == pytest.approx(4)
    assert table[1, 12] == pytest.approx(5)
