"""Decimals, thousands, units, and numbers that cannot be meant."""

from __future__ import annotations

import pytest

from caresim.config.errors import BadInput


@pytest.mark.parametrize(
    ("cell", "form", "minutes"),
    [
        ("90", {}, 1.5),
        ("1:02:30", {}, 62.5),
        ("0:20:00", {}, 20.0),
        ("240 s", {}, 4.0),
        ("4 min", {}, 4.0),
        ('"284,5"', {"decimal": "comma"}, 284.5 / 60),
        ('"1,204"', {"thousands": "comma"}, 1204 / 60),
        ('"1.204,5"', {"thousands": "point", "decimal": "comma"}, 1204.5 / 60),
        ("1 204.5", {"thousands": "space"}, 1204.5 / 60),
        ("1'204", {"thousands": "apostrophe"}, 1204 / 60),
        ("284512.3", {"units": {"service_s": "ms"}}, 284.5123 / 60),
        ("4.5", {"units": {"service_s": "min"}}, 4.5),
        ("4:30", {"units": {"service_s": "m:ss"}}, 4.5),
        ("1:30", {"units": {"service_s": "h:mm"}}, 90.0),
        ("0.003", {"units": {"service_s": "days"}}, 4.32),
    ],
)
def test_a_duration_is_read_in_the_format_of_its_file(read, cell, form, minutes):
    assert read("contacts", f"arrival,service_s\n0,{cell}\n", **form).rows[0].service == pytest.approx(
        minutes, rel=1e-12
    )


@pytest.mark.parametrize(
    ("cell", "form", "words"),
    [
        ('"284,5"', {}, "a comma stands for decimals or for thousands only where replay.format says so"),
        ("284.5", {"decimal": "comma"}, "must have a comma before its decimals"),
        ("1204.5.6", {}, "must be a number"),
        ('"12,04"', {"thousands": "comma"}, "three figures behind each comma"),
        ("4:30", {}, "is minutes and seconds or hours and minutes"),
        ("270", {"units": {"service_s": "m:ss"}}, "must be m:ss, as replay.format.units says"),
        ("1_000", {}, "must be a number"),
        ("-3", {}, "must be a number of at least 0, or empty"),
        ("four", {}, "must be a number of at least 0, or empty"),
    ],
)
def test_a_duration_that_is_none_or_may_be_two_is_refused(read, cell, form, words):
    with pytest.raises(BadInput, match=f"line 2, service_s.*{words}"):
        read("contacts", f"arrival,service_s\n0,{cell}\n", **form)


def test_one_or_a_thousand_is_refused_until_the_format_says_which(read):
    report = "interval_start,offered\n0,1.000\n30,2.000\n"
    with pytest.raises(BadInput, match=r"line 2, offered\) = '1.000': is one or a thousand"):
        read("intervals", report)
    assert len(read("intervals", report, thousands="point").rows) == 3000


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("arrival,service_s\n0,284512\n1,301200\n", "service_s) = 292856.0: is the median in seconds, too long"),
        ("arrival,service_s\n0,0.0033\n1,0.0041\n", "service_s) = 0.0037: is the median in seconds, too short"),
        ("arrival,wait_s,outcome\n0,90000000,answered\n", "wait_s) = 90000000.0"),
    ],
)
def test_a_duration_that_cannot_be_meant_is_questioned_with_the_unit_to_type(read, text, told):
    with pytest.raises(BadInput) as refusal:
        read("contacts", text)
    assert told in str(refusal.value)
    assert "replay.format.units." in str(refusal.value)


def test_an_odd_duration_is_taken_where_the_unit_is_stated(read):
    found = read("contacts", "arrival,service_s\n0,284512\n", units={"service_s": "s"})
    assert found.rows[0].service == 284512 / 60


def test_an_hour_of_handling_is_long_on_the_phone_and_not_in_writing(read):
    text = "arrival,medium,service_s\n0,{},20000\n"
    assert read("contacts", text.format("email")).rows[0].service == 20000 / 60
    with pytest.raises(BadInput, match="too long"):
        read("contacts", text.format("phone"))
