"""storm: traffic both ways behind one operator; seats, rooms and cancelled journeys in a case of full size."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pytest

from caresim.config.compose import compose
from caresim.measure.metrics import measure
from caresim.model.codes import Status
from caresim.model.needs import Need
from caresim.run.uncertain import drawn
from caresim.scenario.run import Run, run

MODELS = ("as_it_was", "day_and_night", "informs_early")
PAIRS = 6


@lru_cache(maxsize=1)
def storm():
    return compose(["experiment=storm"])


@lru_cache(maxsize=32)
def ran(staffing: str, replication: int = 0) -> Run:
    return run(drawn(storm(), replication), staffing, replication)


@pytest.fixture(params=MODELS)
def of(request) -> Run:
    return ran(request.param)


def mean(staffing: str, metric: str) -> float:
    return float(np.mean([measure(ran(staffing, replication))[metric] for replication in range(PAIRS)]))


def test_every_seat_is_one_in_the_right_direction(of):
    passengers, flights = of.world.passengers, of.world.flights
    seated = passengers[passengers["seat"] >= 0]
    assert len(seated) > 300
    origin = np.array(of.names.places)[flights["origin"][seated["seat"]]]
    cohort = np.array(of.names.cohorts)[seated["cohort"]]
    wanted = {"stuck_in_the_north": "north", "stuck_in_the_south": "south"}
    assert set(cohort) == set(wanted)
    assert all(wanted[name] == place for name, place in zip(cohort, origin, strict=True))


def test_without_directions_about_half_of_the_seats_go_to_people_in_the_other_country():
    stuck = {"north": "south", "south": "north"}
    words = [
        f"population.cohorts.stuck_in_the_{here}.travels.{end}.{place}=0 h"
        for here, there in stuck.items()
        for end, place in (("from", there), ("to", here))
    ]
    of = run(compose(["experiment=storm", *words]), "as_it_was", 0)
    passengers, flights = of.world.passengers, of.world.flights
    seated = passengers[passengers["seat"] >= 0]
    origin = np.array(of.names.places)[flights["origin"][seated["seat"]]]
    cohort = np.array(of.names.cohorts)[seated["cohort"]]
    wrong = np.array([not name.endswith(place) for name, place in zip(cohort, origin, strict=True)])
    assert 0.4 < wrong.mean() < 0.6


def test_seats_given_free_and_sold_are_all_there_are(of):
    flights, passengers = of.world.flights, of.world.passengers
    assert (flights["free"] + flights["booked"] + flights["taken"] == flights["capacity"]).all()
    given = np.bincount(passengers["seat"][passengers["seat"] >= 0],
                        weights=passengers["party"][passengers["seat"] >= 0], minlength=len(flights))  # fmt: skip
    assert (given == flights["taken"]).all()
    assert (flights["taken"][flights["cancelled"] == 1] == 0).all()


def test_whoever_was_cancelled_has_a_need_as_often_as_anybody(of):
    """Six in ten, and four standard deviations of a binomial: none of them has left before hearing of it."""
    passengers, flights = of.world.passengers, of.world.flights
    booked = passengers[passengers["flight"] >= 0]
    lost = booked[flights["cancelled"][booked["flight"]] == 1]
    stuck = [name.startswith("stuck") for name in of.names.cohorts]
    asked = passengers[np.array(stuck)[passengers["cohort"]] & (passengers["status"] != Status.UNAWARE)]
    assert len(lost) > 1000
    share = of.experiment.population.cohorts["stuck_in_the_north"].contacting.value
    needy = (asked["status"] != Status.NO_NEED).mean()
    south = of.experiment.population.cohorts["stuck_in_the_south"].contacting.value
    low, high = sorted((share, south))
    spread = 4 * np.sqrt(0.25 / len(asked))
    assert low - spread < needy < high + spread


def test_rooms_are_all_taken_and_no_more(of):
    operator = of.experiment.operators["railway"]
    passengers = of.world.passengers
    cases = ~np.isnan(of.world.cases["resolved"])
    helped = (passengers["need"] == Need.ASSISTANCE) & (passengers["ordinary"] == 0) & cases
    assert helped.sum() + of.world.operators["rooms"][0] == round(operator.rooms.value)


def test_early_news_helps_within_the_hour_and_takes_no_staff():
    assert mean("informs_early", "useful_60") > mean("as_it_was", "useful_60") + 0.05
    assert mean("informs_early", "paid_hours") == pytest.approx(mean("as_it_was", "paid_hours"))


def test_day_and_night_has_the_same_paid_hours():
    assert mean("day_and_night", "paid_hours") == pytest.approx(mean("as_it_was", "paid_hours"), rel=0.01)


def test_seats_leave_empty_because_people_do_not_get_through_to_them(of):
    """Not the trains are short but whoever gives a seat: more are left over than are given."""
    told = measure(of)
    assert told["seats_perished"] > 500
    assert told["seats_used"] < 0.7
    assert mean("day_and_night", "resolved_in_time_seats") > mean("as_it_was", "resolved_in_time_seats")


def test_answering_at_night_is_paid_for_by_customers_of_any_other_day():
    assert mean("day_and_night", "ordinary_answered") < mean("as_it_was", "ordinary_answered") - 0.02
