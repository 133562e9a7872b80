"""A nowcast of a written desk keeps to the local clock where it changes, within the history or in the hours ahead."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from tests.support import history
from tests.tasks.nowcast.desk.conftest import MORE, QUICK

from caresim.tasks.backtest.desks.queue import Hours
from caresim.tasks.nowcast.desk.coming import _near as near
from caresim.tasks.nowcast.desk.coming import cells_between
from caresim.tasks.nowcast.desk.known import known_at
from caresim.tasks.nowcast.desk.laws import TIME_OF_DAY, members_of
from caresim.tasks.nowcast.desk.nowcast import nowcast
from caresim.tasks.nowcast.desk.settings import from_values
from caresim.tasks.nowcast.desk.words import caution

ZONE = "Europe/London"
BOTH = pytest.mark.parametrize("month", ["2026-03", "2026-10"], ids=["spring", "autumn"])
DAYS = {"2026-03": 27, "2026-10": 23}
"""The Friday before the Sunday on which the clock changes at night."""


@pytest.fixture(scope="module")
def life() -> tuple[np.ndarray, np.ndarray]:
    """Posts and replies of two people who are there from 08:00 to 20:00, as the clock shows them; none at night."""
    posted, replied = history.posts(
        np.random.default_rng(7), people=2, handling=2.0, noticing=5.0, share=0.7, hours=Hours(480.0, 1200.0),
        days=4.0, per_hour=8.0,
    )  # fmt: skip
    there = np.mod(posted, 1440.0) >= 300.0
    return posted[there], replied[there]


def asked(life, tmp_path, month: str, zone: str, day: int, hour: str):
    """A nowcast so many days after the first one, of a desk whose clock shows these times."""
    first = DAYS[month]
    file = history.written(tmp_path / f"{zone[:3]}.csv", {"north": life}, history.local(f"{month}-{first}", zone))
    now = f"{month}-{first + day}T{hour}"
    return from_values({"contacts": str(file), "timezone": zone, "now": now, "alternatives": MORE, **QUICK})


@BOTH
def test_the_queue_gives_its_first_replies_at_the_local_hour(life, tmp_path, month) -> None:
    """From Saturday, 22:00, eleven hours as the clock of the next morning counts them; one more passes, or one less."""
    found = nowcast(asked(life, tmp_path, month, ZONE, 1, "22:00"))
    assert found.fitted.opening.hours.opens == pytest.approx(480.0, abs=30.0)
    table = found.table[(found.table["alternative"] == "queue_alone") & (found.table["quantity"] == "replies")]
    hour = pd.to_datetime(table["begins"], utc=True).dt.tz_convert(ZONE).dt.hour
    assert hour.tolist()[0] == 22
    replies = dict(zip(hour, found.ahead["queue_alone"].values["replies"], strict=True))
    # The opening is known to an hour or so after two mornings: a few draws have it sooner.
    assert sum(replies[early].mean() for early in range(3, 7)) < 0.1 * replies[8].mean()
    assert replies[7].mean() < 0.5 * replies[8].mean()
    assert not [line for line in caution(found) if "clock" in line]


@BOTH
def test_what_replies_owe_to_the_time_of_day_is_that_of_the_same_posts_without_a_change(life, tmp_path, month) -> None:
    """On Sunday, 15:00: the change lies within the history. Looked at are hours whose posts wait through no night."""
    changed, even = (known_at(asked(life, tmp_path, month, zone, 2, "15:00"))[0] for zone in (ZONE, "UTC"))
    laws = [members_of(known)[TIME_OF_DAY].laws for known in (changed, even)]
    for hour in range(11, 18):
        np.testing.assert_allclose(laws[0][hour].times, laws[1][hour].times)
        np.testing.assert_allclose(laws[0][hour].reached, laws[1][hour].reached)
    like = [
        [near(known.posts, cell) for cell in cells_between(known, known.now, known.now + 300.0)]
        for known in (changed, even)
    ]
    for one, other in zip(*like, strict=True):
        assert len(one) < len(changed.posts)
        assert one.tolist() == other.tolist()
