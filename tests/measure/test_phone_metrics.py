"""Telephone metrics counted by hand."""

from __future__ import annotations

import pytest

from caresim.measure.metrics import measure
from caresim.model.codes import Outcome
from caresim.model.media import Medium


@pytest.fixture
def calls(small):
    """Answered after 0.2 and 2 min; abandoned after 0.05 and 3 min; blocked once, redialled and answered at once."""
    people = [small.passenger() for _ in range(5)]
    small.contact(people[0], 0, Medium.PHONE, reply=0.2, handle=4.0)
    small.contact(people[1], 0, Medium.PHONE, reply=2.0, handle=6.0)
    small.contact(people[2], 0, Medium.PHONE, outcome=Outcome.ABANDONED, closed=0.05)
    small.contact(people[3], 0, Medium.PHONE, outcome=Outcome.ABANDONED, closed=3.0)
    small.contact(people[4], 0, Medium.PHONE, outcome=Outcome.BLOCKED, closed=0.0)
    small.contact(people[4], 9, Medium.PHONE, reply=9.0, handle=8.0)
    return measure(small.run())


def test_service_level_leaves_out_blocked_attempts_and_short_abandonments(calls) -> None:
    assert calls["phone_service_level"] == pytest.approx(
        2 / 4, abs=1e-12
    )  # 0.2 and 0 min within 20 s; of 3 answered, 1 abandoned


def test_speed_of_answer_and_handling_are_of_answered_calls_in_seconds(calls) -> None:
    assert calls["phone_asa"] == pytest.approx(60 * (0.2 + 2.0 + 0.0) / 3, abs=1e-9)
    assert calls["phone_aht"] == pytest.approx(360.0, abs=1e-9)


def test_abandonment_is_of_calls_that_got_a_line(calls) -> None:
    assert calls["phone_abandonment"] == pytest.approx(2 / 5, abs=1e-12)
    assert calls["phone_blocked"] == 1.0
    assert calls["phone_blocked_share"] == pytest.approx(1 / 6, abs=1e-12)
    assert calls["phone_offered"] == 6.0


def test_every_attempt_has_one_end(calls) -> None:
    lost = calls["phone_abandonment"] * (calls["phone_offered"] - calls["phone_blocked"])
    assert calls["phone_answered"] * calls["phone_offered"] + lost + calls["phone_blocked"] == pytest.approx(
        calls["phone_offered"]
    )


def test_a_redial_follows_a_failed_call_of_the_same_case(small) -> None:
    one, other = small.passenger(), small.passenger()
    small.contact(one, 0, Medium.PHONE, outcome=Outcome.BLOCKED, closed=0.0)
    small.contact(other, 1, Medium.PHONE, reply=2.0)
    small.contact(one, 5, Medium.PHONE, outcome=Outcome.ABANDONED, closed=8.0)
    small.contact(one, 9, Medium.PHONE, reply=10.0)
    small.contact(one, 300, Medium.PHONE, reply=301.0)  # a new question after an answer
    small.contact(other, 400, Medium.PHONE, reply=401.0)
    assert measure(small.run())["phone_redials"] == 2.0
