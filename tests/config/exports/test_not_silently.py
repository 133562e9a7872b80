"""What may be read in two ways is refused, or said: nothing is guessed silently."""

from __future__ import annotations

import math

import pytest

from caresim.config.errors import BadInput
from caresim.config.exports.file_format import Format
from caresim.config.exports.proposal import changes, propose


@pytest.fixture
def proposed(tmp_path):
    def made(kind, text):
        file = tmp_path / "file.csv"
        file.write_text(text)
        found = propose(kind, str(file), Format())
        assert found is not None
        return changes(found.format), " ".join(found.doubts)

    return made


QUEUES = (
    "interval_start,channel,offered\n480,Sales,10\n480,Support,12\n480,{0},22\n"
    "510,Sales,9\n510,Support,11\n510,{0},20\n"
)


def test_totals_in_the_column_of_queues_are_left_out_and_said(read):
    found = read("intervals", QUEUES.format("Total"), medium="phone")
    assert len(found.rows) == 42
    assert "2 lines of totals left out" in found.notes


def test_a_queue_that_is_the_sum_of_all_others_is_refused(read):
    with pytest.raises(BadInput, match="'Everything': has the sum of all other channels in every interval"):
        read("intervals", QUEUES.format("Everything"), medium="phone")


def test_handling_times_in_minutes_are_questioned(read, proposed):
    text = "arrival,service_s\n0,4.2\n1,3.8\n"
    with pytest.raises(BadInput, match=r"too short to be meant; say replay\.format\.units\.service_s=min"):
        read("contacts", text)
    assert proposed("contacts", text)[0] == {"units": {"service_s": "min"}}


def test_where_one_unit_is_not_seconds_the_others_are_in_doubt(proposed):
    form, doubts = proposed("contacts", "arrival,Handle time (min),Wait time\n0,4.2,12\n1,3.8,14\n")
    assert form["units"] == {"service_s": "min"}
    assert "Whether Wait time is in s the file does not say." in doubts


def test_a_comma_with_three_figures_behind_it_is_in_doubt(proposed):
    _, doubts = proposed("contacts", 'arrival,wait_s\n0,"3,125"\n1,"4,125"\n')
    assert "3,125 in wait_s is read with commas between thousands: decimal: comma is the other." in doubts


def test_counts_do_not_decide_how_durations_are_read(proposed):
    _, doubts = proposed("intervals", "interval_start,offered,aht_s\n0,1.204,3.125\n30,1.301,4.125\n")
    assert "3.125 in aht_s is read with points between thousands" in doubts


def test_a_unit_behind_a_number_is_no_sign_within_it(read, proposed):
    text = "arrival,service_s\n0,1.5 min\n"
    assert proposed("contacts", text) == ({}, "")
    assert read("contacts", text).rows[0].service == 1.5


def test_a_date_that_may_begin_with_the_year_is_not_ordered(read, proposed):
    text = "arrival\n26/03/02 08:00\n"
    form, doubts = proposed("contacts", text)
    assert form == {}
    assert "26/03/02 may begin with the day or with the year" in doubts
    with pytest.raises(BadInput, match="may begin with the day or with the year"):
        read("contacts", text)
    assert read("contacts", text, dates="year_first").start.isoformat() == "2026-03-02T00:00:00+00:00"
    assert read("contacts", text, dates="day_first").start.isoformat() == "2002-03-26T00:00:00+00:00"


def test_days_of_a_spreadsheet_and_minutes_are_not_told_apart(proposed):
    form, doubts = proposed("contacts", "arrival\n46083.354\n46083.361\n")
    assert form == {}
    assert "46083.354 may be minutes, or days of a spreadsheet: say dates: minutes, or serial." in doubts


def test_ends_a_minute_before_the_next_start_are_inclusive_at_any_length(read):
    rows = "".join(f"2026-03-02T08:{5 * k:02d},2026-03-02T08:{5 * k + 4:02d},1\n" for k in range(12))
    found = read("intervals", f"interval_start,interval_end,offered\n{rows}")
    assert {one.width for one in found.intervals} == {5.0}


def test_ends_that_are_inclusive_in_some_rows_are_refused(read):
    spells = (("08:00", "08:29"), ("08:30", "09:00"), ("09:00", "09:29"))
    rows = "".join(f"2026-03-02T{start},2026-03-02T{end},1\n" for start, end in spells)
    with pytest.raises(BadInput, match="is where the next one begins, and others end a minute before that"):
        read("intervals", f"interval_start,interval_end,offered\n{rows}2026-03-02T09:30,2026-03-02T10:00,1\n")


@pytest.mark.parametrize("end", ["2026-03-02T00:00", "2026-03-05T07:00"])
def test_only_midnight_of_its_own_date_ends_the_day(read, end):
    with pytest.raises(BadInput, match="must be after the start"):
        read("staff", f"start,end\n2026-03-05T08:00,{end}\n")


def test_midnight_of_its_own_date_is_said_and_plain_minutes_have_none(read):
    found = read("staff", "start,end\n2026-03-05T08:00,2026-03-05T00:00\n")
    assert found.crews[0].end == 1440.0
    assert found.notes == ("1 times end is 00:00 of its own date: taken as the end of that day",)
    with pytest.raises(BadInput, match="must be after the start"):
        read("staff", "start,end\n480,0\n")


@pytest.mark.parametrize("word", ["n/a", "-", ""])
def test_no_word_means_nobody_is_there(read, word):
    with pytest.raises(BadInput, match=r"line 3, staff\)"):
        read("intervals", f"interval_start,offered,staff\n0,5,3\n30,5,{word}\n")


def test_words_for_nothing_are_empty_cells_wherever_they_stand(read):
    row = read("contacts", "arrival,channel,desk,outcome,service_s\n0,NULL,N/A,NULL,60\n").rows[0]
    assert (row.channel, row.desk) == ("phone", "phone")


@pytest.mark.parametrize(("kind", "text"), [
    ("intervals", "interval_start,offered\n0,1e400\n"), ("contacts", "arrival,service_s\n0,1e400\n"),
])  # fmt: skip
def test_a_number_beyond_all_bounds_is_refused(read, kind, text):
    with pytest.raises(BadInput, match="is beyond all bounds"):
        read(kind, text)


def test_a_time_that_may_be_the_talk_alone_is_in_doubt(proposed):
    _, doubts = proposed("contacts", "arrival,Talk time\n0,240\n")
    assert "Talk time may be the talk alone: handling is talk, hold and wrap-up together." in doubts


def test_yes_in_a_column_of_unanswered_calls_is_no_answer(read):
    with pytest.raises(BadInput, match="unknown outcome"):
        read("contacts", "arrival,Unanswered\n0,yes\n", columns={"outcome": "Unanswered"})


def test_what_is_proposed_has_been_tried(read):
    with pytest.raises(BadInput) as refusal:
        read("contacts", "arrival;service_s\n0;60\n1;hello\n")
    assert "To read it further, add 'replay.format={separator: semicolon}'" in str(refusal.value)
    with pytest.raises(BadInput) as refusal:
        read("contacts", "arrival,service_s,wait_s\n0,0x10,1:30\n")
    assert "To read it" not in str(refusal.value)


def test_a_shift_of_the_evening_before_counts_from_midnight(tmp_path):
    from caresim.config import replay_files

    contacts, plan = tmp_path / "contacts.csv", tmp_path / "plan.csv"
    contacts.write_text("arrival\n2026-03-02T00:30\n")
    plan.write_text("start,end\n2026-03-01T22:00,2026-03-02T06:00\n")
    paths = str(contacts), None, str(plan)
    found = replay_files.read(*paths, "UTC", None, "x")
    assert [(crew.start, crew.end) for crew in found.crews] == [(0.0, 360.0)]
    assert "1 spells of duty began before the first day: what is before its midnight is left out" in found.notes
    assert math.isfinite(found.rows[0].arrival)
