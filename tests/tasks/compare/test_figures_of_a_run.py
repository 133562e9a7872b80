"""Which figures are drawn of which run, and the axes of a run whose waits are short."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd
import pytest

from caresim.model.media import Medium
from caresim.tasks.compare.figures import FIGURES, save_all
from caresim.tasks.compare.figures.backlog import OTHERS


def without_behaviour(made):
    """The results as those of an experiment with the behaviour switched off: no posts, no seats, nothing rated."""
    made.experiment.behaviour = SimpleNamespace(rates=False)
    made.courses = made.courses.assign(mood=0.0, seats_free=0)
    return made


def brief(made):
    """The results with all waits over after twenty minutes."""
    curves = made.curves.assign(gave_up=0.05, answered=0.95 * (made.curves["minutes"] / 20).clip(upper=1) ** 0.3)
    made.curves = curves.assign(waiting=(1 - curves["answered"] - curves["gave_up"]).clip(lower=0))
    return made


def without_requests(made):
    """The results as those of a handful of passengers none of whom needs anything: all that is a share is missing."""
    made.curves[["answered", "gave_up", "waiting"]] = float("nan")
    metrics = [name for name in made.replications if name not in ("staffing", "replication", "draw")]
    made.replications[metrics] = float("nan")
    for name, columns in (("summary", ("mean", "sd")), ("comparison", ("difference",))):
        table = made.rows[name]
        ends = [column for column in table if column.endswith(("_low", "_high"))]
        table[[*(column for column in columns if column in table), *ends]] = float("nan")
    made.passengers = made.passengers.iloc[:0]
    return made


def shown(made):
    return [name for name, figure in FIGURES.items() if figure.applies(made)]


def test_a_crisis_with_several_models_has_every_figure(make_results):
    assert shown(make_results(staffings=2, replications=2)) == list(FIGURES)


def test_a_single_model_has_nothing_to_compare(make_results):
    assert set(FIGURES) - set(shown(make_results(staffings=1, replications=2))) == {"differences", "cost", "headline"}


def test_without_behaviour_there_are_waits_and_differences_only(make_results):
    assert shown(without_behaviour(make_results(staffings=2, replications=2))) == [
        "differences",
        "latency",
        "backlog",
        "waits",
        "waiting",
        "duty",
        "headline",
    ]


def test_what_has_nothing_to_show_is_not_written(make_results, tmp_path):
    made = without_behaviour(make_results(staffings=1, replications=2))
    wanted = {"latency", "backlog", "waits", "waiting", "duty"}
    assert {path.stem for path in save_all(made, tmp_path)} == wanted
    assert {path.stem for path in tmp_path.iterdir()} == wanted


def test_where_nobody_asked_for_anything_what_is_missing_is_left_out_and_the_rest_is_drawn(make_results, tmp_path):
    made = without_requests(make_results(staffings=2, replications=2))
    assert shown(made) == ["differences", "backlog", "mood", "resolution", "waiting", "duty", "headline"]
    assert {path.stem for path in save_all(made, tmp_path)} == set(shown(made))


@pytest.mark.parametrize("name", FIGURES)
def test_every_figure_can_be_asked_for_where_nobody_asked_for_anything(make_results, name):
    assert FIGURES[name].draw(without_requests(make_results(staffings=2, replications=2))).axes


def test_nobody_asked_is_said_in_the_latency_figure(make_results):
    axes = FIGURES["latency"].draw(without_requests(make_results(staffings=2, replications=2))).axes[0]
    assert [text.get_text() for text in axes.texts] == ["no requests"]


def test_short_waits_are_read_in_seconds_and_minutes(make_results):
    axes = FIGURES["latency"].draw(brief(make_results(staffings=1, replications=2))).axes[0]
    low, high = axes.get_xlim()
    assert low == pytest.approx(0.1)
    assert 20 <= high < 25
    assert [tick.get_text() for tick in axes.get_xticklabels()] == ["10 s", "1 min", "5", "15"]


def test_long_waits_are_read_in_minutes_and_days(make_results):
    axes = FIGURES["latency"].draw(make_results(staffings=1, replications=2)).axes[0]
    assert axes.get_xlim() == pytest.approx((0.5, 7200))  # nothing is answered later
    assert [tick.get_text() for tick in axes.get_xticklabels()][-1] == "5 d"


def test_channels_without_requests_have_no_panel(make_results):
    made = make_results(staffings=1, replications=2)
    silent = made.curves["group"] == "social"
    made.curves.loc[silent, ["answered", "gave_up", "waiting"]] = float("nan")
    titles = [axes.get_title(loc="left") for axes in FIGURES["latency"].draw(made).axes]
    assert "Phone: share answered" in titles
    assert not any("Social media" in title for title in titles)


def test_the_first_two_groups_with_requests_stand_beside_each_other(make_results):
    made = make_results(staffings=1, replications=2)
    counter = made.curves[made.curves["group"] == "phone"].assign(group="counter")
    made.curves = pd.concat([counter, made.curves])
    assert [axes.get_title(loc="left") for axes in FIGURES["latency"].draw(made).axes[:2]] == [
        "Social media: share answered", "Phone: share answered",
    ]  # fmt: skip
    made.curves = made.curves[made.curves["group"] != "phone"]
    assert FIGURES["latency"].draw(made).axes[1].get_title(loc="left") == "Counter: share answered"


def test_a_short_queue_has_an_even_scale_and_an_idle_drain_is_not_drawn(make_results):
    made = make_results(staffings=1, replications=2, media=(Medium.PHONE,))
    late = made.courses["time_min"] > made.experiment.window.value
    made.courses[list(OTHERS)] = 0
    made.courses["waiting_phone"] = made.courses["waiting_phone"].clip(upper=6).where(~late, 0)
    axes = FIGURES["backlog"].draw(made).axes[0]
    assert axes.get_yscale() == "linear"
    assert axes.get_xlim()[1] == made.experiment.window.value
    made.courses.loc[late, "waiting_phone"] = 3
    assert FIGURES["backlog"].draw(made).axes[0].get_xlim()[1] == made.courses["time_min"].max()
