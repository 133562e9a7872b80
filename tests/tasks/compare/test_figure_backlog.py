"""backlog: who waits by medium, apart from who is no passenger and what is too old."""

from __future__ import annotations

from tests.support.figure_words import words

import caresim
from caresim.model.media import STAFFED, Medium
from caresim.report.style import INK, QUIET
from caresim.tasks.compare.figures import FIGURES
from caresim.tasks.compare.figures.backlog import OTHERS


def test_a_medium_is_called_and_coloured_as_its_row_says(make_results):
    made = make_results(staffings=1, replications=2)
    for medium in STAFFED:
        made.courses[f"waiting_{medium.word}"] = 5 + int(medium)
    figure = FIGURES["backlog"].draw(made)
    keys = {text.get_text(): text.get_color() for text in figure.texts if text.get_text().startswith("●")}
    assert keys == {f"● {medium.row.label}": medium.row.colour for medium in STAFFED}
    lines = {line.get_label(): line.get_color() for line in figure.axes[0].get_lines()}
    assert lines == {medium.word: medium.row.colour for medium in STAFFED} | dict.fromkeys(OTHERS, QUIET)


def test_who_waits_stands_apart_from_who_is_no_passenger_and_what_is_too_old(make_results):
    made = make_results(staffings=1, replications=2)
    figure = FIGURES["backlog"].draw(made)
    styles = {line.get_label(): line.get_linestyle() for line in figure.axes[0].get_lines()}
    assert {column: styles[column] for column in OTHERS} == {column: line for column, (_, line) in OTHERS.items()}
    assert all(name in words(figure) for name, _ in OTHERS.values())
    made.courses["expired"] = 0
    assert "expired" not in words(FIGURES["backlog"].draw(made))


def test_results_of_a_release_that_did_not_count_them_apart_show_the_queues(make_results):
    made = make_results(staffings=1, replications=2, media=(Medium.PHONE,))
    made.courses = made.courses.rename(columns={"waiting_phone": "backlog_phone"}).drop(columns=list(OTHERS))
    assert [line.get_label() for line in FIGURES["backlog"].draw(made).axes[0].get_lines()] == ["phone"]


def test_where_nobody_answers_the_panel_is_not_empty():
    results = caresim.compare(caresim.load("experiment=activism", "only=[nobody]", "replications=1"), workers=1)
    figure = FIGURES["backlog"].draw(results)
    heights = {line.get_label(): max(line.get_ydata()) for line in figure.axes[0].get_lines()}
    assert heights["public"] > 100
    assert heights["waiting_bystanders"] > heights["public"]


def test_where_a_colour_means_a_medium_it_means_no_staffing_model(results):
    figure = FIGURES["backlog"].draw(results)
    titles = [axes.title for axes in figure.axes] + [axes._left_title for axes in figure.axes]
    assert {title.get_color() for title in titles if title.get_text()} == {INK}


def test_a_medium_nobody_offers_is_left_out(make_results):
    with_counter = FIGURES["backlog"].draw(make_results(staffings=2, replications=2))
    without = FIGURES["backlog"].draw(make_results(staffings=2, replications=2, media=(Medium.PHONE, Medium.PUBLIC)))
    assert "counter" in words(with_counter)
    assert "counter" not in words(without)
