"""latency: every request is answered, waits, or ended without an answer, and it is said how."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from tests.support.figure_words import words

from caresim.tasks.compare.figures import FIGURES


def test_latency_areas_add_up_to_all_requests(results):
    figure = FIGURES["latency"].draw(results)
    stacks = [axes for axes in figure.axes if len(axes.collections) == 3]
    assert len(stacks) == 2 * len(results.staffings)
    for axes in stacks:
        tops = [area.get_paths()[0].vertices[:, 1].max() for area in axes.collections]
        assert max(tops) == pytest.approx(100)


def test_latency_marks_a_quarter_and_a_whole_hour(results):
    axes = FIGURES["latency"].draw(results).axes[0]
    upright = {line.get_xdata()[0] for line in axes.get_lines() if len(set(line.get_xdata())) == 1}
    assert {15, 60} <= upright
    assert [text.get_text() for text in axes.get_xticklabels()] == ["1 min", "5", "15", "60 min", "6 h", "1 d", "5 d"]


def test_busy_tones_are_named_beside_those_who_gave_up_where_calls_were_blocked(make_results):
    made = make_results(staffings=2, replications=2)
    for blocked, times in ((0.0, 0), (4000.0, 4)):  # social media and phone of two staffing models
        made.replications["phone_blocked"] = blocked
        figure = FIGURES["latency"].draw(made)
        told = [text.get_text() for axes in figure.axes for text in axes.texts]
        assert sum("no answer" in each for each in told) == times
        assert sum("gave up" in each for each in told) == 4 - times
        assert ("gave up, met a busy tone or still wait" in words(figure)) is (blocked > 0)


def test_what_an_assistant_ends_is_named_where_there_is_one(make_results):
    made = make_results(staffings=2, replications=2)
    assert "ended by the assistant" not in words(FIGURES["latency"].draw(made))
    made.experiment.staffing = {name: SimpleNamespace(assistant=object()) for name in made.staffings}
    assert "gave up, were ended by the assistant or still wait" in words(FIGURES["latency"].draw(made))
