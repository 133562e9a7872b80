"""Dates and times in every order, hours that the clock skips, ends, and days of a spreadsheet."""

from __future__ import annotations

import pytest

from caresim.config.errors import BadInput


def first_arrival(found):
    return found.start.isoformat(), found.rows[0].arrival


@pytest.mark.parametrize(
    ("cell", "dates"),
    [
        ("2026-03-02 08:30", None),
        ("2026-03-02T08:30:00.000Z", None),
        ("2026-03-02T10:00:00+01:30", None),
        ("2026-03-02 08:30 AM", None),
        ("02.03.2026 08:30", "day_first"),
        ("2/3/26 8:30 AM", "day_first"),
        ("3/2/2026 8:30 am", "month_first"),
        ("2026/3/2 8:30", "year_first"),
        ("202603020830", "compact"),
        ("260302 8:30:00", "compact"),
        ("20260302T083000", "compact"),
        ("46083.3541666667", "serial"),
        ("1772440200", "epoch_s"),
        ("1772440200000", "epoch_ms"),
    ],
)
def test_a_moment_is_read_in_the_order_of_its_file(read, cell, dates):
    form = {"dates": dates} if dates else {}
    assert first_arrival(read("contacts", f"arrival\n{cell}\n", **form)) == ("2026-03-02T00:00:00+00:00", 510.0)


def test_noon_and_midnight_of_a_12_hour_clock(read):
    found = read("contacts", "arrival\n3/2/26 12:00 AM\n3/2/26 12:00 PM\n3/2/26 11:59 p.m.\n", dates="month_first")
    assert [row.arrival for row in found.rows] == [0.0, 720.0, 1439.0]


@pytest.mark.parametrize(
    ("cell", "form", "words"),
    [
        ("02.03.2026 08:00", {}, "the order of day and month is said by replay.format.dates"),
        ("3/2/26 13:00 PM", {"dates": "month_first"}, "an hour from 1 to 12"),
        ("31.02.2026 08:00", {"dates": "day_first"}, "no such day or time"),
        ("2026-03-02", {}, "is a date without a time"),
        ("2026-03-02 08:00 CET", {}, "must be minutes or a date and time"),
        ("1772438400", {}, "a number is minutes, unless replay.format.dates says what else"),
        ("46083.354", {}, "is minutes, or a day of a spreadsheet"),
        ("yesterday", {"dates": "epoch_s"}, "must be a moment such as 1772438400"),
        ("480", {"dates": "day_first"}, "must be a date and time .*, as replay.format.dates says"),
        ("9" * 400, {"dates": "epoch_s"}, "must be a moment such as"),
    ],
)
def test_a_moment_that_is_none_or_may_be_two_is_refused(read, cell, form, words):
    with pytest.raises(BadInput, match=f"line 2, arrival.*{words}"):
        read("contacts", f"arrival\n{cell}\n", **form)


def test_a_date_and_a_time_that_stand_apart_are_joined(read):
    text = "Date,Time\n2021-01-04,09:08:00\n"
    found = read("contacts", text, columns={"arrival": ["Date", "Time"]})
    assert first_arrival(found) == ("2021-01-04T00:00:00+00:00", 548.0)


def test_an_empty_interval_of_the_hour_that_the_clock_skips_is_left_out(read):
    report = "interval_start,offered\n2026-03-29T01:30,4\n2026-03-29T02:00,0\n2026-03-29T02:30,0\n2026-03-29T03:00,5\n"
    found = read("intervals", report, zone="Europe/Paris")
    assert sorted({row.arrival for row in found.rows}) == [90.0, 120.0]
    assert found.notes == ("2 empty intervals of the hour that the clock skips left out",)


def test_contacts_in_the_hour_that_the_clock_skips_are_refused_with_a_way_out(read):
    report = "interval_start,offered\n2026-03-29T01:30,4\n2026-03-29T02:00,1\n2026-03-29T03:00,5\n"
    with pytest.raises(BadInput, match=r"is left out in Europe/Paris.*allowed: a time that exists, or no such row"):
        read("intervals", report, zone="Europe/Paris")


def widths(found):
    return [one.width for one in found.intervals]


def test_24_and_midnight_of_the_same_date_end_the_day(read):
    report = "interval_start,interval_end,offered\n2026-03-02T23:00,2026-03-02T23:30,1\n2026-03-02T23:30,{},1\n"
    for end in ("2026-03-02T24:00", "2026-03-02T00:00", "2026-03-03T00:00"):
        assert widths(read("intervals", report.format(end))) == [30.0, 30.0]


def test_the_day_that_a_clock_change_lengthens_ends_at_its_midnight(read):
    report = "interval_start,interval_end,offered\n2026-10-25T22:00,2026-10-25T00:00,1\n"
    assert widths(read("intervals", report, zone="Europe/Paris")) == [120.0]


@pytest.mark.parametrize(("ends", "what"), [(("08:29", "08:59"), "minute"), (("08:29:59", "08:59:59"), "second")])
def test_ends_that_are_inclusive_are_recognised_and_said(read, ends, what):
    rows = "".join(f"2026-03-02T08:{start},2026-03-02T{end},1\n" for start, end in zip(("00", "30"), ends, strict=True))
    found = read("intervals", f"interval_start,interval_end,offered\n{rows}")
    assert widths(found) == pytest.approx([30.0, 30.0], abs=1e-9)
    assert f"interval_end is the last {what} of each" in found.notes[0]


def test_ends_of_spells_may_be_inclusive_too(read):
    found = read("staff", "start,end\n2026-03-02T08:00,2026-03-02T15:59\n2026-03-02T12:00,2026-03-02T19:59\n")
    assert [crew.end for crew in found.crews] == [960.0, 1200.0]


def test_a_row_that_may_be_longer_or_missing_is_refused_and_a_night_is_not(read):
    report = "interval_start,offered\n480,60\n540,30\n570,30\n600,60\n"
    with pytest.raises(
        BadInput, match=r"30 and 60 min apart; allowed: a column interval_end too, or replay.format.interval"
    ):
        read("intervals", report)
    assert widths(read("intervals", report, interval="30 min")) == [30.0] * 4
    assert widths(read("intervals", "interval_start,offered\n480,1\n510,1\n1920,1\n1950,1\n")) == [30.0] * 4


def test_an_interval_longer_than_the_step_to_the_next_is_refused(read):
    with pytest.raises(BadInput, match=r"replay.format.interval = '60 min': is longer than the 30 min"):
        read("intervals", "interval_start,offered\n0,1\n30,1\n", interval="60 min")


def test_staff_with_decimals_keep_their_hours(read):
    report = "interval_start,offered,staff\n" + "".join(f"{480 + 30 * k},20,3.4\n" for k in range(16))
    found = read("intervals", report)
    assert sum(crew.headcount * (crew.end - crew.start) for crew in found.crews) == pytest.approx(27.2 * 60)
    assert [(crew.start, crew.end, crew.headcount) for crew in found.crews[:2]] == [(480, 510, 3), (480, 492, 1)]
