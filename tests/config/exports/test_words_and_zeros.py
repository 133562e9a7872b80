"""Words for outcomes, media and queues; zeros and words that mean no data."""

from __future__ import annotations

import math

import pytest

from caresim.config.errors import BadInput

LOG = "arrival,wait_s,outcome,service_s\n0,0,AGENT,600\n1,60,HANG,0\n2,480,AGENT,120\n"


def test_usual_words_for_outcomes_are_known_and_said(read):
    found = read("contacts", LOG)
    assert list(found.columns["outcome"]) == ["answered", "abandoned", "answered"]
    assert found.notes[0] == "outcome AGENT as answered, HANG as abandoned"


def test_who_hung_up_had_that_much_patience_and_who_was_answered_at_least_the_wait(read):
    rows = read("contacts", LOG).rows
    assert [(row.patience, row.patience_is_least) for row in rows[1:]] == [(1.0, False), (8.0, True)]
    assert math.isnan(rows[0].patience)


def test_an_unknown_outcome_is_refused_with_what_is_known(read):
    with pytest.raises(BadInput, match=r"line 3, outcome\) = 'Cancelled': unknown outcome; known: answered \(answered"):
        read("contacts", "arrival,outcome\n0,answered\n1,Cancelled\n")


def test_an_unknown_outcome_is_read_as_the_format_says(read):
    text = "arrival,outcome,service_s\n0,OK,60\n1,Cancelled,\n2,Wrong number,5\n"
    outcomes = {"answered": "OK", "abandoned": ["Cancelled"], "left_out": "wrong number"}
    found = read("contacts", text, outcomes=outcomes)
    assert list(found.columns["outcome"]) == ["answered", "abandoned"]
    assert "1 contacts left out (Wrong number)" in found.notes


def test_yes_and_no_are_outcomes_only_where_the_column_asks_for_an_answer(read):
    text = "arrival,Answered (Y/N)\n0,Y\n1,N\n"
    found = read("contacts", text, columns={"outcome": "Answered (Y/N)"})
    assert list(found.columns["outcome"]) == ["answered", "abandoned"]
    with pytest.raises(BadInput, match="unknown outcome"):
        read("contacts", "arrival,outcome\n0,Y\n")


def test_a_handling_time_of_zero_of_who_hung_up_is_no_data(read):
    found = read("contacts", LOG)
    assert [row.service for row in found.rows if not math.isnan(row.service)] == [10.0, 2.0]
    assert "1 handling times of 0 are no data, and drawn" in found.notes


def test_a_zero_that_may_be_either_is_refused_until_the_format_says_which(read):
    text = "arrival,service_s\n0,60\n1,0\n"
    with pytest.raises(BadInput, match=r"line 3, service_s\).*replay.format.zeros=no_data or =no_time"):
        read("contacts", text)
    assert math.isnan(read("contacts", text, zeros="no_data").rows[1].service)
    assert read("contacts", text, zeros="no_time").rows[1].service == 0.0


def test_a_mean_handling_time_of_zero_without_answers_is_that_of_the_other_intervals(read):
    report = "interval_start,offered,answered,aht_s\n0,10,10,300\n30,20,0,0\n60,30,30,100\n90,0,0,0\n"
    found = read("intervals", report)
    assert {row.service for row in found.rows if row.arrival == 30} == {150.0 / 60.0}
    assert found.notes == ("1 interval without a mean handling time: that of the channel's others",)


def test_a_mean_of_zero_with_answers_is_refused_until_the_format_says_which(read):
    report = "interval_start,offered,answered,aht_s\n0,10,10,300\n30,20,20,0\n"
    with pytest.raises(BadInput, match=r"line 3, aht_s\).*replay.format.zeros"):
        read("intervals", report)
    assert {row.service for row in read("intervals", report, zeros="no_data").rows} == {5.0}
    assert {row.service for row in read("intervals", report, zeros="no_time").rows} == {5.0, 0.0}


@pytest.mark.parametrize("word", ["NULL", "N/A", "-", "#DIV/0!", "nan"])
def test_words_for_nothing_are_empty_cells(read, word):
    assert math.isnan(read("contacts", f"arrival,service_s\n0,{word}\n").rows[0].service)


def test_a_count_is_no_word(read):
    with pytest.raises(BadInput, match=r"line 2, offered\) = '': must be a whole number, 0 where nobody came"):
        read("intervals", "interval_start,offered\n0,-\n")


def test_words_for_media_are_known_and_said(read):
    found = read("contacts", "arrival,medium,channel\n0,Voice,Refunds EN\n1,E-Mail,Mail Team\n")
    assert [(row.medium, row.channel) for row in found.rows] == [("phone", "refunds_en"), ("email", "mail_team")]
    assert "channel Refunds EN as refunds_en, Mail Team as mail_team" in found.notes


def test_a_word_for_a_medium_that_may_be_several_is_explained_by_the_format(read):
    text = "arrival,medium\n0,chat\n"
    with pytest.raises(BadInput, match=r"replay\.format\.media"):
        read("contacts", text)
    assert read("contacts", text, media={"messenger": "Chat"}).rows[0].medium == "messenger"


def test_queues_without_a_medium_are_refused_with_both_ways_out(read):
    text = "interval_start,channel,offered\n0,Refunds EN,3\n0,Group-Travel,4\n"
    with pytest.raises(
        BadInput, match=r"'Refunds EN'.*any name will do beside a column medium, or with replay.format.medium"
    ):
        read("intervals", text)
    found = read("intervals", text, medium="phone")
    assert {row.channel for row in found.rows} == {"refunds_en", "group_travel"}


def test_two_queues_that_would_have_one_name_are_refused(read):
    with pytest.raises(BadInput, match=r"'Refunds-EN': would be called refunds_en, as 'Refunds EN' is"):
        read("contacts", "arrival,medium,channel\n0,phone,Refunds EN\n1,phone,Refunds-EN\n")


def test_rows_of_one_conversation_are_said_to_be(read):
    found = read("contacts", "arrival,contact_id\n0,A\n1,A\n2,B\n")
    assert "2 conversations have 3 rows (transfers)" in found.notes[0]


def test_columns_that_look_like_ours_and_are_left_alone_are_named(read):
    found = read("contacts", "arrival,talk time,waiting time\n0,900,10\n1,900,20\n")
    assert "talk time may be service_s, waiting time may be wait_s" in found.notes[-1]
    assert "replay.format={columns:" in found.notes[-1]


def test_weeks_without_a_contact_are_questioned(read):
    found = read("contacts", "arrival\n2026-03-02T08:00\n2025-03-02T08:01\n")
    assert "nobody comes for 365 days before line 2 (2026-03-02T08:00): is a date wrong?" in found.notes
