"""Clock times, days, moments and zones."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from pydantic import TypeAdapter, ValidationError

from caresim.config.clock import Clock, Days, Moment, Zone
from caresim.config.errors import from_validation


def read(kind, raw):
    return TypeAdapter(kind).validate_python(raw)


def refusal(kind, raw):
    with pytest.raises(ValidationError) as caught:
        read(kind, raw)
    return str(from_validation(caught.value))


@pytest.mark.parametrize(
    ("text", "minutes"), [("06:30", 390), ("00:00", 0), ("24:00", 1440), ("06:30+1", 1830), ("24:00+1", 2880)]
)
def test_a_clock_time_is_minutes_after_midnight(text, minutes):
    assert read(Clock, text).minutes == minutes


def test_a_clock_time_that_yaml_made_a_number_is_told_how_to_be_written():
    assert "write '12:30' in quotes" in refusal(Clock, 750)


@pytest.mark.parametrize("raw", ["25:00", "24:01", "12:60", "6:30", "noon", None, True, "12:30+2"])
def test_other_clock_times_are_refused(raw):
    assert "must be a clock time" in refusal(Clock, raw)


@pytest.mark.parametrize(
    ("raw", "days"),
    [("daily", tuple(range(7))), ("weekdays", (0, 1, 2, 3, 4)), ("weekend", (5, 6)), (["thu", "mon"], (0, 3))],
)
def test_days_are_numbered_from_monday(raw, days):
    assert read(Days, raw) == days


@pytest.mark.parametrize("raw", ["weekday", [], ["mon", "mon"], ["monday"], True])
def test_other_days_are_refused(raw):
    assert "allowed: daily, weekdays, weekend" in refusal(Days, raw)


@pytest.mark.parametrize(
    "text", ["2011-03-12 10:00 Europe/Paris", "2011-03-12 09:00 UTC", "2011-03-12T18:00+09:00", "2011-03-12T09:00:00Z"]
)
def test_moments_name_their_zone_and_become_utc(text):
    assert read(Moment, text) == datetime(2011, 3, 12, 9, tzinfo=UTC)


@pytest.mark.parametrize("text", ["2011-03-12 10:00", "2011-03-12", "12 March", 20110312])
def test_moments_without_zone_or_time_are_refused(text):
    assert "must be a date, a time and a zone" in refusal(Moment, text)


def test_an_unknown_zone_is_told_its_neighbour():
    assert "did you mean Europe/Paris" in refusal(Zone, "Europe/Pari")
    assert "unknown time zone" in refusal(Moment, "2011-03-12 10:00 Europe/Atlantis")
