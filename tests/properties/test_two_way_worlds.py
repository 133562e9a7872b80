"""Seats with a direction, and rooms, in random worlds with traffic between three places."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import event, given, note, settings
from tests.properties.test_random_worlds import FULL, WANTED
from tests.support.properties import invariants
from tests.support.properties.claims import holds
from tests.support.properties.onlooker import watch
from tests.support.properties.small_worlds import told
from tests.support.properties.two_way_worlds import two_way_worlds

from caresim.config.compose import validate
from caresim.measure.sample import persons
from caresim.model.codes import NEVER, NOBODY, Status
from caresim.model.draws import Purpose, join, uniforms
from caresim.model.needs import Need

PROFILE = settings(max_examples=WANTED or 12, derandomize=not WANTED, **FULL)


@PROFILE
@given(two_way_worlds())
def test_seats_go_where_people_want_to_go(configuration):
    note(told(configuration))
    diary = watch(validate(configuration), "model")
    event(f"seats given: {len(str(len(diary.grants)))} digits")
    invariants.check(diary)
    nobody_gets_a_seat_in_a_direction_they_do_not_accept(diary)
    the_cancelled_hold_no_seats(diary)
    who_was_cancelled_has_the_need(diary)
    rooms_are_never_exceeded(diary)


def nobody_gets_a_seat_in_a_direction_they_do_not_accept(diary):
    """Both ends of the flight are places that the cohort names and the person accepts, with time to get there."""
    world, names = diary.run.world, diary.run.names
    cohorts = list(diary.run.experiment.population.cohorts.values())
    person = persons(world)
    for grant in diary.grants:
        i, flight = grant.passenger, world.flights[grant.flight]
        travels = cohorts[world.passengers["cohort"][i]].travels
        holds(flight.cancelled == 0, f"passenger {i} got a seat on a flight that does not fly")
        for end, accepted, row in ((0, travels.from_, flight.origin), (1, travels.to, flight.destination)):
            place = names.places[row]
            holds(place in accepted, f"passenger {i} got a seat at {place}, which is not among {list(accepted)}")
            who = np.array([join(person[i], world.places["key"][row])], np.uint64)
            luck = uniforms(world.clock["luck"][0], who, Purpose.ACCEPTS, end)[0]
            share = accepted[place].accepted.value
            holds(share >= 1 or luck < share, f"passenger {i} does not accept {place}")
            if end == 0 and (before := accepted[place].takes.value) > 0:
                holds(grant.time + before <= flight.departure, f"passenger {i} cannot be at {place} in time")


def the_cancelled_hold_no_seats(diary):
    flights = diary.run.world.flights
    lost = flights[flights["cancelled"] == 1]
    holds((lost["free"] == 0).all() and (lost["taken"] == 0).all(), "seats on a flight that does not fly were given")
    holds((lost["booked"] == lost["capacity"]).all(), "seats on a flight that does not fly came back")


def who_was_cancelled_has_the_need(diary):
    """None of them has left, so nobody is without a need who would make contact."""
    world = diary.run.world
    shares = [cohort.contacting.value for cohort in diary.run.experiment.population.cohorts.values()]
    for passenger in world.passengers:
        booked = passenger.flight
        if booked == NOBODY or not world.flights["cancelled"][booked] or passenger.status == Status.UNAWARE:
            continue
        holds(passenger.deadline < NEVER, "a passenger of a flight that does not fly has no deadline")
        if shares[passenger.cohort] >= 1:
            holds(passenger.status != Status.NO_NEED, "a passenger of a cancelled flight has no need")


def rooms_are_never_exceeded(diary):
    """As many are gone as parties were helped; where passengers went on and on, no more than there were."""
    world = diary.run.world
    for o, operator in enumerate(diary.run.experiment.operators.values()):
        if operator.rooms is None:
            continue
        cases = world.cases["resolved"].reshape(len(world.passengers), -1)[:, o]
        helped = int(((world.passengers["need"] == Need.ASSISTANCE) & (world.passengers["ordinary"] == 0)
                      & ~np.isnan(cases)).sum())  # fmt: skip
        left, whole = int(world.operators["rooms"][o]), round(operator.rooms.value)
        holds(0 <= left <= whole, f"{left} rooms are left of {whole}")
        holds(whole - left == helped, f"{whole - left} rooms are gone, and {helped} parties were helped")


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_nothing_is_drawn_where_it_is_certain(share):
    """The claim above about luck has something to decide only in between."""
    assert (uniforms(np.uint64(1), np.arange(9, dtype=np.uint64), Purpose.ACCEPTS) < share).all() == bool(share)
