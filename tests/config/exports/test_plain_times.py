"""Times that are read many at a time are those that are read one by one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from caresim.config.exports.cells import CannotBeReadError
from caresim.config.exports.moment import moment_of
from caresim.config.exports.plain_times import moments_of

ZERO = datetime(1970, 1, 1, tzinfo=UTC)
ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Africa/Casablanca")
"""With changes of an hour and of half an hour, and with an offset of 5:45."""


def every(minutes: int, first: str, days: int) -> list[str]:
    start = datetime.fromisoformat(first)
    return [str(start + timedelta(minutes=n)) for n in range(0, days * 1440, minutes)]


@pytest.mark.parametrize("zone", ZONES)
def test_a_year_is_read_as_one_by_one(zone: str) -> None:
    texts = every(97, "2025-12-31 23:00", 366) + every(5, "2026-03-28", 3) + every(5, "2026-10-03", 2)
    values, plain = moments_of(texts, ZoneInfo(zone), None)
    assert plain.mean() > 0.98
    for text, value in zip(np.array(texts)[plain], values[plain].tolist(), strict=True):
        moment = moment_of(text, ZoneInfo(zone), None)
        assert isinstance(moment, datetime)
        assert ZERO + timedelta(microseconds=value) == moment


@pytest.mark.parametrize("hour", ["02", "03"])
def test_an_hour_in_which_the_clock_changes_is_left_to_the_closer_look(hour: str) -> None:
    texts = [f"2026-10-25 {hour}:30:00", "2026-10-25 12:00:00"]
    _, plain = moments_of(texts, ZoneInfo("Europe/Berlin"), None)
    assert plain.tolist() == [hour != "02", True]


@pytest.mark.parametrize("text", ["2026-02-30 08:00", "2026-02-03 24:00", "1.3.2026 08:00", "12.5", "", "2026-02-03"])
def test_what_is_written_otherwise_is_left_to_the_closer_look(text: str) -> None:
    _, plain = moments_of(["2026-02-03 08:00", text], ZoneInfo("UTC"), None)
    assert not plain.any()


def test_so_is_another_century_and_an_order_that_is_none_of_ours() -> None:
    _, plain = moments_of(["1899-12-31 08:00", "2026-01-01 08:00"], ZoneInfo("UTC"), None)
    assert plain.tolist() == [False, True]
    with pytest.raises(CannotBeReadError):
        moment_of("1899-12-31 08:00", ZoneInfo("UTC"), None)
    assert not moments_of(["2026-01-01 08:00"], ZoneInfo("UTC"), "epoch_s")[1].any()
