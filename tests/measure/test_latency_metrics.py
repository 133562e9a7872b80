"""Latency metrics of worlds small enough to count by hand."""

from __future__ import annotations

import math

import pytest

from caresim.measure.metrics import measure
from caresim.measure.metrics.latency import useful_waits
from caresim.measure.sample import Sample
from caresim.model.codes import Fate, Kind, Outcome, Result, Status
from caresim.model.media import Medium


def test_answered_60_counts_a_case_once_however_often_the_passenger_redials(small) -> None:
    patient, lucky = small.passenger(contacts=3), small.passenger(contacts=1)
    small.contact(patient, 0, Medium.PHONE, outcome=Outcome.BLOCKED, closed=0.0)
    small.contact(patient, 10, Medium.PHONE, outcome=Outcome.BLOCKED, closed=10.0)
    small.contact(patient, 50, Medium.PHONE, reply=61.0, closed=70.0)
    small.contact(lucky, 5, Medium.PHONE, reply=5.0, closed=12.0)
    found = measure(small.run())
    assert found["answered_60"] == 0.5  # the first case waits 61 minutes from its first attempt
    assert found["answered_15"] == 0.5
    assert found["response_rate_case"] == 1.0
    assert found["response_rate_contact"] == 0.5
    assert found["phone_answered_60"] == 0.5


def test_a_second_channel_answers_the_case(small) -> None:
    one = small.passenger(contacts=2)
    small.contact(one, 0, Medium.PHONE, outcome=Outcome.ABANDONED, closed=30.0)
    small.contact(one, 40, Medium.PUBLIC, reply=55.0)
    assert measure(small.run())["answered_60"] == 1.0


def test_the_case_starts_at_its_first_request_and_the_web_is_none(small) -> None:
    one = small.passenger(contacts=2)
    small.contact(one, 0, Medium.WEB, outcome=Outcome.ABANDONED, closed=4.0)
    small.contact(one, 100, Medium.PHONE, reply=150.0)
    found = measure(small.run())
    assert found["answered_60"] == 1.0
    assert found["median_first_response"] == 50.0


def test_never_answered_and_still_waiting_are_not_answered(small) -> None:
    for _ in range(3):
        small.passenger(contacts=1)
    small.contact(0, 0, reply=30.0)
    small.contact(1, 0, outcome=Outcome.NEVER_ANSWERED, closed=200.0)
    small.contact(2, 0)
    found = measure(small.run())
    assert found["social_answered_60"] == pytest.approx(1 / 3, abs=1e-12)
    assert found["social_gave_up"] == pytest.approx(1 / 3, abs=1e-12)
    assert found["social_median"] == math.inf
    assert found["median_first_response"] == math.inf


def test_a_reply_too_late_is_no_answer_to_the_customer_but_a_reply_to_the_public(small) -> None:
    one = small.passenger(contacts=1)
    small.contact(one, 0, reply=50.0, closed=50.0, outcome=Outcome.TOO_LATE, posts=2)
    found = measure(small.run())
    assert found["answered_60"] == 0.0
    assert found["social_gave_up"] == 1.0
    assert found["response_rate_post"] == 0.5


def test_an_assistants_reply_counts_if_it_informs_or_acts(small) -> None:
    machine = small.person(2, -60, 2440, kind=Kind.ASSISTANT)
    helped, fobbed_off = small.passenger(contacts=1), small.passenger(contacts=1)
    small.contact(helped, 0, reply=0.3, staff=machine, result=Result.INFORMED)
    small.contact(fobbed_off, 0, reply=0.3, closed=0.3, staff=machine, result=Result.EMPTY)
    found = measure(small.run())
    assert found["answered_60"] == 0.5
    assert found["social_gave_up"] == 0.5


def test_ordinary_traffic_bystanders_and_contacts_outside_the_window_do_not_count(small) -> None:
    ordinary, early, late, counted = (
        small.passenger(ordinary=True),
        small.passenger(),
        small.passenger(),
        small.passenger(),
    )
    small.contact(ordinary, 10, reply=11.0)
    small.contact(early, -5, reply=11.0)
    small.contact(late, 1000, reply=1001.0)
    small.contact(-1, 10, reply=11.0)
    small.contact(counted, 10, outcome=Outcome.NEVER_ANSWERED, closed=400.0)
    found = measure(small.run())
    assert found["answered_60"] == 0.0
    assert found["social_requests"] == 1.0


def test_first_useful_answer_is_not_the_first_answer(small) -> None:
    for useful in (30.0, 500.0, math.nan):
        small.passenger(contacts=1, first_request=10.0, first_response=12.0, first_useful=useful)
    small.passenger()  # never asked
    found = measure(small.run())
    assert found["answered_useful_60"] == pytest.approx(1 / 3, abs=1e-12)
    assert found["median_first_useful"] == 490.0


def test_a_useful_answer_is_waited_for_from_the_first_request_and_the_web_is_none(small) -> None:
    small.passenger(contacts=2, first_request=100.0, first_useful=150.0)
    small.passenger(contacts=1, status=Status.RESOLVED, resolved=12.0)  # solved on the website
    found = measure(small.run())
    assert found["answered_useful_60"] == 1.0
    assert found["median_first_useful"] == 50.0


@pytest.mark.parametrize(
    "over",
    [
        {"status": Status.RESOLVED, "resolved": 50.0},  # elsewhere
        {"status": Status.MISSED, "deadline": 50.0},
        {"status": Status.GAVE_UP, "deadline": 50.0},
    ],
)
def test_who_no_longer_seeks_does_not_wait_for_a_useful_answer(small, over) -> None:
    small.passenger(contacts=1, first_request=0.0, first_useful=100.0)
    small.passenger(contacts=1, first_request=0.0, **over)
    small.passenger(contacts=1, first_request=990.0)  # still seeking at the end of the run
    small.end = 1040.0
    useful = useful_waits(Sample(small.run()))
    assert [list(useful.incidence.answered_at), list(useful.incidence.gave_up_at)] == [[100.0], [50.0]]
    assert [useful.count(fate) for fate in (Fate.ANSWERED, Fate.GAVE_UP, Fate.WAITING)] == [1, 1, 1]
    # Of three, one ends unanswered; the one cut off after 50 min hands its third on to the one answered after 100.
    assert float(useful.incidence.answered_by(100.0)) == pytest.approx(2 / 3, abs=1e-12)


def test_an_author_gives_up_on_falling_silent_not_when_the_desk_gets_round_to_it(small) -> None:
    for outcome, closed in ((Outcome.NEVER_ANSWERED, math.nan), (Outcome.TOO_LATE, 900.0)):
        small.contact(small.passenger(), 10.0, outcome=outcome, closed=closed, abandoned_silently_at=130.0)
    assert list(Sample(small.run()).wait) == [120.0, 120.0]


def test_without_requests_shares_and_medians_are_missing(small) -> None:
    small.passenger()
    found = measure(small.run())
    for name in (
        "answered_60",
        "median_first_response",
        "social_median",
        "response_rate_post",
        "phone_service_level",
        "phone_asa",
        "counter_answered_60",
    ):
        assert math.isnan(found[name]), name
    assert found["social_requests"] == 0.0


def test_the_case_starts_at_a_closed_door(small) -> None:
    met_closed_doors = small.passenger(first_request=10.0)
    small.contact(met_closed_doors, 200.0, Medium.PHONE, reply=230.0)
    only_closed_doors = small.passenger(first_request=20.0)
    assert only_closed_doors == 1
    found = measure(small.run())
    assert found["answered_60"] == 0.0
    assert found["median_first_response"] == 220.0
