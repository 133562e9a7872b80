"""Local dates and nights on the time axis."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from caresim.report.clock import clock_axis, moments
from caresim.report.style import page, panels

TOKYO = SimpleNamespace(start=datetime(2011, 3, 11, 5, 46, tzinfo=UTC), timezone="Europe/Paris")
CLOCK_CHANGE = SimpleNamespace(start=datetime(2011, 3, 26, 12, 0, tzinfo=UTC), timezone="Europe/Paris")


def empty_axes():
    return panels(page("", ""), 1, 1)[0, 0]


def test_midnight_is_local():
    (first, moment), *_ = moments(TOKYO, 0, 3000, (0,))
    assert first == pytest.approx((23 - 5) * 60 - 46)  # 23:00 UTC is midnight in Paris
    assert (moment.day, moment.hour) == (12, 0)


def test_the_night_of_the_clock_change_is_an_hour_shorter():
    days = [minute for minute, _ in moments(CLOCK_CHANGE, 0, 4000, (0,))]
    assert days[1] - days[0] == 23 * 60


def test_nights_run_from_22_to_6_local_time():
    axes = empty_axes()
    clock_axis(axes, TOKYO, 0, 5 * 1440)
    nights = [patch for patch in axes.patches if patch.get_label() == "_night"]
    assert len(nights) == 5
    assert nights[0].get_x() == pytest.approx((21 - 5) * 60 - 46)
    assert nights[0].get_width() == pytest.approx(8 * 60)


def test_days_are_dated_and_an_evening_has_hours():
    days, evening = empty_axes(), empty_axes()
    clock_axis(days, TOKYO, 0, 5 * 1440)
    clock_axis(evening, TOKYO, 600, 1080)
    assert "Sun\n13 Mar" in [text.get_text() for text in days.get_xticklabels()]
    assert evening.get_xticklabels()[0].get_text() == "17:00\nFri 11 Mar"
    assert "local time (Europe/Paris)" in (days.get_xlabel(), evening.get_xlabel())
