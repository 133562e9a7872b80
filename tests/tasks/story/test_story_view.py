"""A story in the terminal and as a figure."""

from __future__ import annotations

import io
from types import SimpleNamespace

import pytest
from rich.console import Console

import caresim
from caresim.model.media import STAFFED
from caresim.tasks.story import figure, story_table

SMALL = ("experiment=tokyo", "population.scale=0.2")
ONLY = ("only=[social_team,call_center_24_7,hybrid]",)


@pytest.fixture(scope="module")
def told():
    return caresim.story(caresim.load(*SMALL, *ONLY), "worst")


def shown(told, width, encoding="utf-8"):
    """What a terminal of `width` columns shows."""
    page = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    story_table.show(told, Console(file=page, width=width, highlight=False))
    page.flush()
    return page.buffer.getvalue().decode(encoding)


def test_staffing_models_stand_side_by_side_where_they_fit(told):
    names = ("Social team", "Call centre 24/7", "Hybrid")
    assert [line for line in shown(told, 130).splitlines() if all(name in line for name in names)]
    assert not [line for line in shown(told, 90).splitlines() if all(name in line for name in names)]


@pytest.mark.parametrize("width", [60, 90, 130])
def test_every_sentence_is_shown_whatever_the_width(told, width):
    words = " ".join(shown(told, width).split())
    for tale in told.tales:
        for word in " ".join(line.text for line in tale.lines).split():
            assert word in words


def test_a_plain_terminal_gets_plain_letters(told):
    assert shown(told, 90, "ascii").isascii()


def test_the_figure_has_two_strips_a_staffing_model_on_one_clock(told):
    drawing = told.plot()
    assert len(drawing.axes) == 2 * len(told.tales)
    assert len({axes.get_xlim() for axes in drawing.axes}) == 1
    assert {axes.get_ylim() for axes in drawing.axes[::2]} == {(0.0, 10.0)}


def test_lanes_are_the_channels_that_were_used(told):
    for tale, axes in zip(told.tales, told.plot().axes[1::2], strict=True):
        used = {happening.channel for happening in tale.course.happenings if happening.channel >= 0}
        names = [label.get_text().lower() for label in axes.get_yticklabels()]
        assert {tale.words.lane(channel).lower() for channel in used} <= set(names)


@pytest.fixture(scope="module")
def evening():
    """Three companies, one of which never answers: the traveller waits for it until the next morning."""
    names = ("sncf_around_the_clock", "sncf_with_access", "club_med_absent", "everybody_like_air_france")
    without = [f"staffing.{name}=null" for name in (*names, "manager_informs", "railway_tells_airline")]
    return caresim.story(caresim.load("experiment=compiegne", "population.scale=0.2", *without), "traveller")


def test_hours_in_which_nobody_answers_any_more_are_cut_off_and_said(evening):
    drawing = evening.plot()
    silent = [h for h in evening.tales[0].course.happenings if h.event == "missed"][-1]
    heard = max(h.time for tale in evening.tales for h in tale.course.happenings if h.event in ("replied", "broken"))
    first, last = drawing.axes[0].get_xlim()
    assert heard < last < silent.time
    assert last - first < 1.5 * (heard - first)
    clock = evening.tales[0].words.date(silent.time)
    said = [text.get_text() for axes in drawing.axes[:2] for text in axes.texts]
    assert f"Club Med: too late {clock} ▸" in said
    assert f"no answer until {clock} ▸" in said


def test_own_marks_and_what_came_of_them_do_not_cover_the_bars(evening):
    lanes = evening.plot().axes[1]
    bars = [(bar.get_y(), bar.get_y() + bar.get_height()) for bar in lanes.patches if bar.get_height() < 1]
    places = {float(line.get_ydata()[0]) for line in lanes.lines if line.get_marker() in ("o", "D", "X", "*")}
    on_channels = {place for place in places if place % 1}
    assert len(on_channels) > 2
    assert not [place for place in on_channels for low, high in bars if low <= place <= high]


def test_a_promise_has_a_mark_of_its_own(evening):
    promises = [h.time for h in evening.tales[0].course.happenings if h.event == "replied" and h.facts["promise"]]
    drawn = [float(line.get_xdata()[0]) for line in evening.plot().axes[1].lines if line.get_marker() == "*"]
    assert promises == drawn != []


def test_the_figure_has_a_word_for_giving_up_on_every_medium():
    assert {medium.row.gave_up for medium in STAFFED} <= set(figure.FAILED)


def test_no_more_than_six_staffing_models_are_drawn(told):
    many = SimpleNamespace(tales=told.tales * 3, lead=told.lead)
    drawing = figure.story(many)
    assert len(drawing.axes) == 2 * figure.MOST
    assert any("first 6 of 9" in text.get_text() for text in drawing.texts)


def test_the_figure_is_the_same_every_time(told, tmp_path):
    from caresim.tasks.story.figure import save_story

    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        save_story(told, tmp_path / name)
    assert (tmp_path / "a" / "story.svg").read_bytes() == (tmp_path / "b" / "story.svg").read_bytes()
