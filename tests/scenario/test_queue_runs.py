"""A queue as it runs: every key changes what comes out, in the way it says.

Bounds are of 99.9 % (3.29 standard errors), each with its standard error beside it.
"""

from __future__ import annotations

import numpy as np
import pytest

import caresim

SURE = 3.29


def outcome(*words):
    """Contacts of one replication of a queue of some 2,000 customers."""
    experiment = caresim.load("experiment=queue", "queue.customers=2000", *words)
    return caresim.simulate(experiment, "servers", 0)


def in_window(contacts):
    return contacts[contacts["counted"]]


def test_customers_come_in_the_number_and_time_that_are_asked_for():
    for customers, rate in ((2000, 10), (1000, 2)):
        found = in_window(outcome(f"queue.customers={customers}", f"queue.arrival_rate={rate}").contacts)
        assert len(found) == pytest.approx(customers, abs=SURE * customers**0.5)  # Poisson
        assert found["arrival_min"].between(0, customers / rate).all()


def test_a_wave_brings_more_in_its_first_half_and_fewer_in_its_second():
    found = in_window(
        outcome("queue.arrival_rate=10", "queue.arrival_swing=0.8", "queue.arrival_cycle='200 min'").contacts
    )
    high = (found["arrival_min"] < 100).sum()
    expected = 1000 * (1 + 0.8 * 2 / np.pi)  # the integral of 10 (1 + 0.8 sin) over half a cycle
    assert high == pytest.approx(expected, abs=SURE * expected**0.5)


def test_service_takes_what_its_law_says():
    fixed = outcome("queue.service=deterministic", "queue.service_mean='30 s'").contacts["handle_min"].dropna()
    assert fixed.to_numpy() == pytest.approx(np.full(len(fixed), 0.5), abs=1e-9)
    for law, cv in (("exponential", 1.0), ("lognormal", 0.5), ("hyperexponential", 2.0)):
        words = [f"queue.service={law}"] + ([] if law == "exponential" else [f"queue.service_cv={cv}"])
        drawn = outcome(*words, "queue.service_mean=2", "queue.servers=40").contacts["handle_min"].dropna()
        assert drawn.mean() == pytest.approx(2, abs=SURE * 2 * cv / len(drawn) ** 0.5)


def test_patience_ends_as_its_law_says_or_never():
    words = ("queue.servers=5", "queue.arrival_rate=10")
    fixed = outcome(*words, "queue.patience=deterministic", "queue.patience_mean=3").contacts
    given_up = fixed[fixed["outcome"] == "abandoned"]["wait_min"]
    assert len(given_up) > 500
    assert given_up.to_numpy() == pytest.approx(np.full(len(given_up), 3.0), abs=1e-9)
    assert fixed["wait_min"].max() <= 3 + 1e-9
    endless = outcome(*words, "queue.patience_mean=null").contacts
    assert "abandoned" not in set(endless["outcome"])


def test_more_servers_and_so_many_of_them():
    few, many = (outcome(f"queue.servers={count}") for count in (10, 12))
    # A person around the clock is on the roster once a day; so many stand beside each other.
    assert [found.timeline["staff_on_duty"].max() for found in (few, many)] == [10, 12]
    assert many.metrics["phone_asa"] < few.metrics["phone_asa"]


def test_capacity_blocks_who_comes_beyond_it():
    contacts = outcome("queue.capacity=10", "queue.patience_mean=null").contacts
    assert set(contacts["outcome"]) <= {"answered", "blocked", "waiting"}
    assert (contacts["outcome"] == "blocked").any()
    answered = contacts[contacts["outcome"] == "answered"]
    assert answered["wait_min"].max() == pytest.approx(0, abs=1e-9)  # as many places as servers: nobody waits


def test_redials_come_from_those_who_gave_up():
    words = ("queue.servers=5", "queue.arrival_rate=10")
    once = outcome(*words).contacts
    again = outcome(*words, "queue.redial_share=0.5", "queue.redial_gap=2").contacts
    assert len(once) == once["passenger"].nunique()
    lost = (again["outcome"] == "abandoned").sum()
    redials = len(again) - again["passenger"].nunique()
    # Each of those who gave up comes back with probability 1/2; who gave up last may have no time left for it.
    assert redials == pytest.approx(0.5 * lost, abs=SURE * (lost * 0.25) ** 0.5 + 20)


def test_the_warm_up_is_left_out_of_the_results():
    experiment = caresim.load("experiment=queue", "queue.customers=2000", "queue.arrival_rate=10", "queue.warm_up=0.5")
    assert (experiment.begins, experiment.ends) == (-100, 300)
    contacts = outcome("queue.arrival_rate=10", "queue.warm_up=0.5").contacts
    assert contacts["arrival_min"].min() < -90
    assert not contacts[~contacts["arrival_min"].between(0, 200)]["counted"].any()
