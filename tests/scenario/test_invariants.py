"""What must hold in every run, whatever the numbers."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent))
from tokyo_runs import contacts, digest, ran, tokyo

from caresim.model.codes import Medium, Outcome, State, Status

MODELS = list(tokyo().staffing)


@pytest.fixture(params=MODELS)
def of(request):
    return ran(request.param)


def test_times_of_a_contact_are_in_order(of):
    table = contacts(of)
    replied, closed = ~np.isnan(table["reply"]), ~np.isnan(table["closed"])
    assert (table["reply"][replied] >= table["arrival"][replied]).all()
    assert (table["closed"][closed] >= table["arrival"][closed]).all()


def test_every_contact_ends_in_one_outcome_that_fits_its_reply(of):
    table = contacts(of)
    replied = ~np.isnan(table["reply"])
    outcome = table["outcome"]
    assert replied[np.isin(outcome, [Outcome.TOO_LATE])].all()
    assert replied[(outcome == Outcome.ANSWERED) & (table["medium"] != Medium.WEB)].all()
    assert not replied[np.isin(outcome, [Outcome.BLOCKED, Outcome.NEVER_ANSWERED])].any()
    assert np.isnan(table["closed"])[outcome == Outcome.WAITING].all()
    assert (
        table["state"][np.isin(outcome, [Outcome.ABANDONED, Outcome.BLOCKED, Outcome.DROPPED])] == State.CLOSED
    ).all()


def test_arrivals_are_the_sum_of_the_fates(of):
    table = contacts(of)
    for medium in Medium:
        rows = table[table["medium"] == medium]
        assert sum(int((rows["outcome"] == fate).sum()) for fate in Outcome) == len(rows)


def test_nobody_holds_a_seat_that_does_not_exist(of):
    flights = of.world.flights
    assert (flights["free"] >= 0).all()
    assert (flights["booked"] >= 0).all()
    assert (flights["free"] + flights["booked"] + flights["taken"] <= flights["capacity"]).all()


def test_seats_taken_are_those_of_the_parties_that_won_one_before_departure(of):
    passengers, flights = of.world.passengers, of.world.flights
    won = passengers[passengers["seat"] >= 0]
    assert len(won) > 100
    per_flight = np.bincount(won["seat"], weights=won["party"], minlength=len(flights))
    assert (per_flight == flights["taken"]).all()
    assert (won["resolved"] <= flights["departure"][won["seat"]]).all()
    assert (flights["departure"][won["seat"]] <= won["deadline"]).all()


def test_nobody_is_served_before_arriving_or_works_when_not_on_duty(of):
    staff = of.world.staff[of.world.staff["desk"] >= 0]
    slack = 90.0  # a touch begun before a break or the end of a shift is finished in it
    assert (staff["busy_minutes"] >= -1e-9).all()
    stretches = np.bincount(of.world.shifts["staff"], minlength=len(of.world.staff))[of.world.staff["desk"] >= 0]
    assert (staff["busy_minutes"] <= staff["duty_minutes"] + slack * stretches).all()
    assert (of.world.desks["busy"] >= 0).all()
    assert (of.world.desks["on_duty"] >= 0).all()


def test_people_on_duty_are_never_more_than_rostered(of):
    levels = of.world.desk_ticks[: of.world.clock[0].ticks * len(of.names.desks)]
    seats = np.bincount(of.world.staff["desk"][of.world.staff["desk"] >= 0], minlength=len(of.names.desks))
    assert (levels["on_duty"].reshape(-1, len(seats)) <= seats).all()


def test_backlog_counts_are_those_who_wait(of):
    table = contacts(of)
    waiting = table[table["queued"] != 0]
    for c, name in enumerate(of.names.channels):
        bystanders = of.world.contacts[: of.world.clock[0].contacts]
        everybody = int(((bystanders["channel"] == c) & (bystanders["queued"] != 0)).sum())
        assert of.world.channels["waiting"][c] == everybody, name
    assert (waiting["state"] == State.WAITING).all()


def test_lines_in_use_are_those_of_callers_on_the_line(of):
    table = contacts(of)
    open_live = table[(table["live"] != 0) & (table["state"] != State.CLOSED)]
    per_channel = np.bincount(open_live["channel"], minlength=len(of.names.channels))
    assert (of.world.channels["occupied"] == per_channel).all()


def test_anger_and_satisfaction_stay_within_their_bounds(of):
    dealings, passengers = of.world.dealings, of.world.passengers
    for table, column in ((passengers, "anger"), (dealings, "anger_peak"), (dealings, "anger_end")):
        assert ((table[column] >= 0) & (table[column] <= 1)).all()
    rated = dealings["satisfaction"][~np.isnan(dealings["satisfaction"])]
    assert len(rated) > 1000
    assert ((rated >= 1) & (rated <= 5)).all()


def test_the_unresolved_are_those_still_seeking(of):
    passengers = of.world.passengers
    seeking = (passengers["status"] == Status.SEEKING) & (passengers["ordinary"] == 0)
    assert of.world.operators["unresolved"][0] == seeking.sum()


def test_resolved_passengers_have_a_time_and_others_none(of):
    passengers = of.world.passengers
    assert (~np.isnan(passengers["resolved"]) == (passengers["status"] == Status.RESOLVED)).all()


def test_a_run_is_the_same_twice(of):
    from caresim.scenario.run import run

    assert digest(run(tokyo(), of.staffing, 0)) == digest(of)
