"""A view shows its record as it is now, in words, and writes where writing makes sense."""

from __future__ import annotations

import pytest
from tests.support.small_runs import finished, model_of

from caresim.agents import CallCenterAgent, CommunityManager, CounterAgent, Passenger
from caresim.agents.cast import ROLES
from caresim.agents.contact import Contact
from caresim.agents.notice import Notice
from caresim.agents.view import Field
from caresim.config.errors import BadInput
from caresim.model.codes import Kind, Outcome, State, Status
from caresim.model.media import Medium


@pytest.fixture(scope="module")
def busy():
    return model_of(until=3000)


def test_a_passenger_in_words(busy):
    record = busy.world.passengers
    for passenger in busy.passengers.select(at_most=200):
        row = record[passenger.row]
        assert passenger.cohort == busy.names.cohorts[row.cohort]
        assert passenger.status is Status(row.status)
        assert passenger.language == busy.names.languages[row.language]
        assert passenger.affected == row.affected
        assert (passenger.flight is None) == (row.flight == -1)
        if passenger.flight:
            assert passenger.flight.name == busy.names.flights[row.flight]


def test_anger_is_that_of_this_moment(busy):
    waiting = next(p for p in busy.passengers if p.is_waiting and p.waited > 60)
    before, row = waiting.anger, busy.world.passengers[waiting.row]
    assert before >= row.anger
    assert waiting.waited == busy.time - row.waits_since
    busy.run_for(0)
    assert waiting.anger == before


def test_anger_can_be_set_and_stays_between_0_and_1():
    model = model_of(until=1000)
    passenger = model.passenger(0)
    passenger.anger = 0.75
    assert passenger.anger == pytest.approx(0.75, abs=1e-12)
    passenger.anger = 3
    assert passenger.anger == 1.0


def test_what_follows_from_the_run_cannot_be_set(busy):
    for passenger, name in ((busy.passenger(0), "status"), (busy.passenger(0), "contacts"), (busy.contact(0), "turns")):
        with pytest.raises(AttributeError):
            setattr(passenger, name, 1)
    busy.passenger(0).temper = 1.5
    assert busy.world.passengers[0].temper == 1.5


@pytest.mark.parametrize("role", [*ROLES, Contact, Notice])
def test_whatever_a_view_offers_can_be_read(role):
    model = model_of(until=3000, staffing="assistant_first")
    rows = {"contacts": model.contacts_made, "notices": len(model.names.notices), "cohort_parameters": 1}
    every = [model.view(role.table, row) for row in range(rows.get(role.table, len(getattr(model.world, role.table))))]
    every = [view for view in every if type(view) is role][:50]
    assert every
    shown = [
        name for base in role.__mro__ for name, one in vars(base).items()
        if isinstance(one, Field | property) and base.__module__.startswith("caresim.agents.")
    ]  # fmt: skip
    for view in every:
        for name in shown:
            getattr(view, name)


def test_what_the_tables_tell_of_a_passenger_their_view_tells():
    model = finished()
    table = model.outcome().passengers
    for passenger in list(model.passengers)[:300]:
        settled = table.resolved_min[passenger.row]
        assert passenger.resolved == (None if settled != settled else settled)
    angriest = table.anger_peak.max()
    assert max(passenger.anger_peak for passenger in model.passengers) == pytest.approx(angriest)
    assert len({passenger.followers for passenger in model.passengers}) > 500


def test_what_is_settled_when_all_is_lost_is_not_settled():
    model = finished()
    passenger = next(one for one in model.passengers if one.status is Status.RESOLVED)
    assert passenger.resolved is not None
    model.world.passengers[passenger.row].status = Status.GAVE_UP  # a promise kept too late
    try:
        assert passenger.resolved is None
    finally:
        model.world.passengers[passenger.row].status = Status.RESOLVED


def test_a_field_without_a_column_is_an_error_where_it_is_written(monkeypatch):
    with pytest.raises(TypeError, match="the record of passengers has no folowers"):
        type("Wrong", (Passenger,), {"__module__": "caresim.agents.wrong", "folowers": Field()})


@pytest.mark.parametrize("value", [-1, 0, float("nan"), float("inf"), "quick", None, True])
def test_what_is_no_speed_is_refused(busy, value):
    member = busy.desks["social"].members[0]
    before = member.speed
    with pytest.raises(BadInput, match=r"speed = .*must be a number, more than 0"):
        member.speed = value
    assert member.speed == before


def test_shares_lie_between_0_and_1_and_anger_is_a_number(busy):
    with pytest.raises(BadInput, match="must be a number from 0 to 1"):
        busy.desks["social"].members[0].quality = 7
    with pytest.raises(BadInput, match="anger"):
        busy.passenger(0).anger = float("nan")
    with pytest.raises(BadInput, match="did you mean"):
        finished().passenger(0).satisfaction("air_franc")


def test_contacts_lead_to_everybody_concerned(busy):
    answered = next(
        contact
        for contact in map(busy.contact, range(busy.contacts_made))
        if contact.outcome is Outcome.ANSWERED and contact.staff and contact.passenger
    )
    assert answered.staff in busy.staff
    assert answered.passenger is busy.passenger(answered.passenger.row)
    assert answered.channel.desk is busy.desks[answered.channel.desk.name]
    assert answered.medium is answered.channel.medium
    assert answered.waited == answered.reply - answered.arrival
    assert busy.contact(answered.row) is answered


def test_staff_are_of_their_kind_and_at_their_desks(busy):
    classes = {
        Kind.COMMUNITY_MANAGER: CommunityManager, Kind.CALL_CENTER_AGENT: CallCenterAgent,
        Kind.COUNTER_STAFF: CounterAgent,
    }  # fmt: skip
    for member in busy.staff:
        assert type(member) is classes[member.kind]
        assert member.name == busy.names.staff[member.row]
        assert member.name.startswith(member.desk.name)
        assert member in member.desk.members
        assert member.is_busy == (member.contact is not None)
    desk = busy.desks["social"]
    assert len(desk.members) == 2
    assert desk.on_duty == sum(member.is_on_duty for member in desk.members)


def test_conversations_are_open_and_ones_own():
    model = model_of(until="2011-03-14 11:00")
    for member in model.staff:
        for contact in member.conversations:
            assert contact.staff is member
            assert contact.state is not State.CLOSED
        assert member.contact is None or member.contact in member.conversations


def test_who_waits_at_a_desk(busy):
    for desk in busy.desks.values():
        assert len(desk.waiting(live=True)) == desk.waiting_live
        assert len(desk.waiting(live=False)) <= desk.waiting_text
        for contact in desk.waiting():
            assert contact.is_waiting
            assert contact.desk is desk


def test_views_survive_that_their_table_grows():
    model = model_of(until=0)
    first = model.contact(0)
    arrival, rows = first.arrival, len(model.world.contacts)
    model.world.grow("contacts")
    model.columns.pop("contacts")
    assert len(model.world.contacts) == 2 * rows
    assert first.arrival == arrival
    model.world.contacts[0].arrival = 17.0
    assert first.arrival == 17.0


def test_gauges_are_sums_over_agents(busy):
    assert busy.backlog == sum(desk.backlog for desk in busy.desks.values())
    assert busy.on_duty == sum(member.is_on_duty for member in busy.staff)
    assert busy.busy == sum(member.is_busy for member in busy.staff)
    assert busy.mood == pytest.approx(sum(operator.mood for operator in busy.operators.values()))
    assert busy.seats_free == sum(flight.free for flight in busy.flights.values() if not flight.departed)
    seeking = busy.passengers.select(lambda one: one.status is Status.SEEKING and not one.is_ordinary)
    assert busy.unresolved == len(seeking)


def test_the_mood_at_the_end_of_a_bin_is_that_of_the_timeline():
    model = model_of(until=3000)
    model.run_until(model.course().time_min.max() + model.experiment.bin.value)
    assert model.mood == model.course().mood.iloc[-1]
    assert model.posts >= model.course().posts.sum() > 0


def test_satisfaction_is_known_at_the_end():
    model = model_of(until=100)
    assert model.passenger(0).satisfaction() != model.passenger(0).satisfaction()
    model = finished()
    rated = [p.satisfaction("air_france") for p in model.passengers if p.contacts and not p.is_ordinary]
    assert all(1.0 <= score <= 5.0 for score in rated)
    assert len(rated) > 400


@pytest.mark.parametrize("row", [-1, 10**9])
def test_rows_that_are_not_there_are_refused(busy, row):
    with pytest.raises(BadInput):
        busy.contact(row)
    with pytest.raises(BadInput):
        busy.passenger(row)


def test_channels_know_their_medium_and_lines(busy):
    assert {channel.medium for channel in busy.channels.values()} >= {Medium.PHONE, Medium.PUBLIC, Medium.COUNTER}
    for channel in busy.channels.values():
        spoken = channel.medium in (Medium.PHONE, Medium.COUNTER)
        assert 0 <= channel.occupied <= (channel.lines if spoken else 0), channel
        assert channel.announced_wait >= 0.0
